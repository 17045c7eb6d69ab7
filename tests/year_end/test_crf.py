from __future__ import annotations

from datetime import date

import pytest

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book, Operation
from retkoop.books.queries import books_of, operations_of, standing_of, terms_of
from retkoop.domain.checks import all_findings
from retkoop.domain.reconciliation import UnpointedItem
from retkoop.domain.reports.crf import CrfHeader
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import MandateRank
from retkoop.network.services import give_mandate
from retkoop.registers.models import Subsidy
from retkoop.registers.services import tell_spendings
from retkoop.year_end.crf import crf_of, findings_of, header_of, whole_crf
from tests.banking.books_at_hand import LAST_YEAR, YEAR, add, carry, now, open_year, payment, receipt
from tests.worked_examples import WORKED_EXAMPLES, WorkedExample
from tests.worked_examples.reading import read_operations

DAY = date(2026, 9, 20)


@pytest.mark.parametrize("example", WORKED_EXAMPLES, ids=lambda example: example.name)
def test_a_worked_example_gives_its_figures(alice: Access, example: WorkedExample) -> None:
    book = open_year(alice, SchoolYear.parse(example.year))
    add(alice, book, read_operations(example.rows()))
    crf = whole_crf(now(book), DAY).as_json()
    assert {**crf, "findings": []} == {**example.crf, "coop": alice.coop.rne, "findings": []}


def test_it_tells_what_the_table_of_subsidies_knows(alice: Access, book: Book) -> None:
    line = Subsidy.objects.get(book=book)
    spent = Operation.objects.get(book=book, piece="D05")
    tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={spent.pk: 60_00})
    told = {"date": "2026-01-20", "organisme": "Mairie", "objet": "Subvention, projet musée", "montant": 300_00}
    assert whole_crf(now(book), DAY).as_json()["subventions"] == [{**told, "depense": 60_00, "reste": 240_00}]


def test_whose_accounts_these_are(alice: Access) -> None:
    book = open_year(alice, YEAR)
    assert header_of(book) == CrfHeader("0910000A", "École Jean-Jaurès", "OCCE 91 · Essonne")
    give_mandate(author=SYSTEM, coop=alice.coop, holder="Sacha Petit", start=YEAR.first_day, rank=MandateRank.ADJOINT)
    for start in (YEAR.first_day, date(2026, 3, 1)):
        give_mandate(author=SYSTEM, coop=alice.coop, holder="Camille Durand", start=start)
    assert header_of(book).mandataires == ("Camille Durand", "Sacha Petit")


def test_findings_as_the_domain_tells_them(book: Book) -> None:
    terms = terms_of(book)
    expected = [one for one in all_findings(operations_of(book), standing_of(book), terms) if one.remark.holds_on(DAY)]
    assert findings_of(book, DAY) == expected
    assert [one.code for one in expected] == ["cheque-non-pointe", "releve-manquant"]


def test_findings_are_those_of_the_day(book: Book) -> None:
    assert findings_of(book, date(2026, 7, 20)) == []


def test_unpointed_items_of_every_year(alice: Access) -> None:
    last, book = open_year(alice, LAST_YEAR), open_year(alice, YEAR)
    add(alice, last, [payment("D9", date(2025, 6, 3), 12_00, cheque="2000009")])
    carry(alice, last, "Chèque de 2024", date(2024, 6, 3), -5_00)
    add(alice, book, [receipt("R1", date(2026, 1, 5), 30_00), receipt("R2", date(2026, 1, 5), 30_00, pointed=True)])
    crf = whole_crf(now(book), DAY)
    assert crf.unpointed == (
        UnpointedItem("", date(2024, 6, 3), "Chèque de 2024", -5_00),
        UnpointedItem("D9", date(2025, 6, 3), "Dépense D9", -12_00, "2000009"),
        UnpointedItem("R1", date(2026, 1, 5), "Recette R1", 30_00),
    )
    assert crf.reconciliation.unpointed == 13_00


def test_a_short_list_never_changes_a_total(alice: Access) -> None:
    book = open_year(alice, YEAR)
    add(alice, book, [receipt(f"R{number}", date(2026, 1, number), 10_00) for number in range(1, 10)])
    book = now(book)
    whole = whole_crf(book, DAY)
    short = crf_of(book, books_of(book.coop), standing_of(book), findings=(), most=4)
    assert (short.unpointed, short.reconciliation) == (whole.unpointed[:4], whole.reconciliation)


def test_a_cash_count_and_a_statement(finished: Book) -> None:
    crf = whole_crf(finished, DAY).as_json()
    assert crf["caisse"] == {"solde_livre": 21_50, "compte": 21_50, "ecart": 0, "juste": True}
    assert crf["rapprochement"] == {
        "solde_livre": 1028_20,
        "solde_releve": 1092_40,
        "non_pointees": [{"piece": "D05", "date": "2026-07-02", "libelle": "Livres pour la bibliothèque", "montant": -64_20}],
        "ecart": 0,
        "correct": True,
    }
