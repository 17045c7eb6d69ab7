from __future__ import annotations

import pytest

from retkoop.domain.chart import national_chart
from retkoop.domain.reconciliation import unpointed_items
from retkoop.domain.reports.crf import CrfHeader, build_crf
from retkoop.domain.reports.general_ledger import general_ledger
from retkoop.domain.reports.journal import journal
from retkoop.domain.reports.trial_balance import trial_balance
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import standing_of
from tests.worked_examples import WORKED_EXAMPLES, WorkedExample
from tests.worked_examples.reading import read_operations
from tests.worked_examples.reference import crf_of

CHART = national_chart()

each_example = pytest.mark.parametrize("example", WORKED_EXAMPLES, ids=lambda example: example.name)


def test_there_are_books_to_work_on() -> None:
    assert [example.name for example in WORKED_EXAMPLES] == ["kermesse", "musee"]


@each_example
def test_the_expected_figures_are_those_of_single_entry(example: WorkedExample) -> None:
    assert example.crf == crf_of(example.rne, example.year, example.rows())


@each_example
def test_the_domain_finds_the_expected_figures(example: WorkedExample) -> None:
    operations = read_operations(example.rows())
    crf = build_crf(
        header=CrfHeader(example.rne, "Une coopérative", "OCCE 91"),
        standing=standing_of(operations, SchoolYear.parse(example.year)),
        chart=CHART,
        unpointed=unpointed_items(operations),
        subsidy_operations=operations,
    )
    assert crf.as_json() == {**example.crf, "findings": []}


@each_example
def test_the_books_of_an_auditor_agree_with_one_another(example: WorkedExample) -> None:
    operations = read_operations(example.rows())
    sheet = trial_balance(standing_of(operations, SchoolYear.parse(example.year)).totals, CHART)
    entries = journal(operations, CHART)
    accounts = general_ledger(operations, CHART)
    moved = sum(entry.total for entry in entries)
    assert (sheet.total_debit, sheet.total_credit) == (moved, moved)
    assert [(row.account, row.debit, row.credit) for row in sheet.rows] == [
        (account.account, account.total_debit, account.total_credit) for account in accounts
    ]


@each_example
def test_every_operation_of_a_worked_example_is_sound(example: WorkedExample) -> None:
    operations = read_operations(example.rows())
    year = SchoolYear.parse(example.year)
    assert [operation.piece for operation in operations if operation.remainder or operation.date not in year] == []
