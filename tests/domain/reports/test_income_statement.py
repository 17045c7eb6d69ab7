from __future__ import annotations

from hypothesis import given

from retkoop.domain.chart import national_chart, sub_account
from retkoop.domain.ledger import AccountTotal, account_totals
from retkoop.domain.reports.income_statement import IncomeStatement, IncomeStatementRow, income_statement
from retkoop.domain.standing import standing_of
from tests.domain import musee
from tests.domain.drafts import draft_books
from tests.domain.strategies import YEAR, Book

CHART = national_chart()


def test_the_compte_de_fonctionnement_of_the_musee_book() -> None:
    statement = income_statement(account_totals(musee.OPERATIONS), CHART)
    assert statement == IncomeStatement(
        charges=(
            IncomeStatementRow("61681008", "616", "Assurances versées", 16_25),
            IncomeStatementRow("61800008", "618", "Charges des activités éducatives", 464_70),
            IncomeStatementRow("62810008", "628", "Cotisations versées à l’OCCE", 133_25),
        ),
        produits=(
            IncomeStatementRow("74100008", "741", "Subventions de l’État et des collectivités", 300_00),
            IncomeStatementRow("75600008", "756", "Participations volontaires des familles", 526_50),
        ),
    )
    assert (statement.total_charges, statement.total_produits, statement.result) == (614_20, 826_50, 212_30)


def test_an_empty_book_has_no_rows() -> None:
    statement = income_statement({}, CHART)
    assert (statement, statement.result) == (IncomeStatement((), ()), 0)


def test_an_account_that_was_paid_back_whole_stays_and_one_that_never_moved_does_not() -> None:
    totals = {code: AccountTotal(code, amount, amount) for code, amount in (("61800008", 25_00), ("65000008", 0))}
    assert income_statement(totals, CHART).charges == (IncomeStatementRow("61800008", "618", "Charges des activités éducatives", 0),)


def test_an_account_that_the_chart_lost_still_counts() -> None:
    totals = {"70100008": AccountTotal("70100008", 0, 12_00), "69900008": AccountTotal("69900008", 5_00, 0)}
    statement = income_statement(totals, CHART)
    assert statement == IncomeStatement(
        charges=(IncomeStatementRow("69900008", "69900008", "69900008", 5_00),),
        produits=(IncomeStatementRow("70100008", "70100008", "70100008", 12_00),),
    )


def test_a_sub_account_counts_in_its_national_account() -> None:
    chart = CHART.extended({"61800008": "Sorties"}, [sub_account(CHART.resolve("618"), 1, "Cinéma")])
    totals = {code: AccountTotal(code, debit, 0) for code, debit in (("61800018", 25_00), ("61800008", 5_00))}
    assert income_statement(totals, chart).charges == (IncomeStatementRow("61800008", "618", "Sorties", 30_00),)


def test_rows_follow_the_chart_whatever_the_order_of_the_totals() -> None:
    totals = account_totals(musee.OPERATIONS)
    assert income_statement(dict(reversed(totals.items())), CHART) == income_statement(totals, CHART)


@given(draft_books())
def test_its_totals_are_those_of_the_standing(book: Book) -> None:
    standing = standing_of(book, YEAR)
    statement = income_statement(standing.totals, CHART)
    assert (statement.total_charges, statement.total_produits, statement.result) == (
        standing.total_charges,
        standing.total_produits,
        standing.result,
    )
