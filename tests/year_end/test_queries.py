from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.books.queries import chart_of, operations_of, other_books, standing_of
from retkoop.domain.entry import Moves, Part
from retkoop.domain.entry import Operation as OperationValue
from retkoop.domain.reports.general_ledger import LedgerLine, general_ledger
from retkoop.domain.reports.journal import JournalEntry, journal
from retkoop.domain.reports.subsidies import Subsidy, TabledSubsidy, subsidies_of
from retkoop.network.access import Access
from retkoop.network.models import MandateRank
from retkoop.network.services import give_mandate
from retkoop.registers.services import tell_spendings
from retkoop.year_end import queries
from retkoop.year_end.queries import SubsidiesRead, former_standing, journal_page, ledger_page, mandates_during, subsidies_in
from tests.banking.books_at_hand import LAST_YEAR, YEAR, add, now, open_year, opening, receipt
from tests.registers.registers_at_hand import tabled
from tests.worked_examples import WORKED_EXAMPLES, WorkedExample
from tests.worked_examples.reading import read_operations


def year_of(example: WorkedExample, access: Access) -> Book:
    book = open_year(access, YEAR if example.year == str(YEAR) else LAST_YEAR)
    add(access, book, read_operations(example.rows()))
    return now(book)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LEDGER_PAGE", 4)
    monkeypatch.setattr(queries, "JOURNAL_PAGE", 5)


def lines_of_all_pages(book: Book, account: str) -> list[LedgerLine]:
    pages = ledger_page(book, account, None).page.paginator.num_pages
    return [line for number in range(1, pages + 1) for line in ledger_page(book, account, str(number)).page.object_list]


def entries_of_all_pages(book: Book) -> list[JournalEntry]:
    pages = journal_page(book, chart_of(book), None).paginator.num_pages
    return [entry for number in range(1, pages + 1) for entry in journal_page(book, chart_of(book), str(number)).object_list]


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("example", WORKED_EXAMPLES, ids=lambda example: example.name)
def test_page_by_page_as_the_domain_writes_them_whole(alice: Access, example: WorkedExample) -> None:
    book = year_of(example, alice)
    operations, chart = operations_of(book), chart_of(book)
    assert entries_of_all_pages(book) == list(journal(operations, chart))
    expected = {one.account: list(one.lines) for one in general_ledger(operations, chart)}
    assert {account: lines_of_all_pages(book, account) for account in standing_of(book).totals} == expected


@pytest.mark.usefixtures("small_pages")
def test_a_page_says_what_it_takes_over_and_hands_on(book: Book) -> None:
    first, second = (ledger_page(book, "512", number) for number in ("1", "2"))
    assert (first.before, first.after, second.before) == (0, 1192_90, 1192_90)
    assert ledger_page(book, "512", "99").after == 1028_20


def test_a_page_of_an_account_without_lines(book: Book) -> None:
    found = ledger_page(book, "607", "3")
    assert (list(found.page.object_list), found.before, found.after) == ([], 0, 0)


@pytest.mark.usefixtures("small_pages")
def test_a_page_costs_the_same_wherever_it_is(book: Book, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    chart = chart_of(book)
    with django_assert_num_queries(3):
        ledger_page(book, "512", "2")
    with django_assert_num_queries(2):
        journal_page(book, chart, "2")


def test_last_year_where_it_is_known(alice: Access) -> None:
    last, book = open_year(alice, LAST_YEAR), open_year(alice, YEAR)
    assert former_standing(book, other_books(book)) is None
    add(alice, last, [opening(LAST_YEAR, 100_00), receipt("R1", date(2024, 10, 1), 30_00)])
    former = former_standing(now(book), other_books(book))
    assert former is not None
    assert (former.year, former.assets, former.carried_forward, former.result) == (LAST_YEAR, 130_00, 100_00, 30_00)
    assert former_standing(now(last), other_books(last)) is None


def test_subsidies_as_the_domain_sees_them(alice: Access) -> None:
    example = next(one for one in WORKED_EXAMPLES if one.name == "kermesse")
    book = year_of(example, alice)
    found = subsidies_in(book, standing_of(book).totals.keys())
    assert found.table == ()
    assert subsidies_of(found.operations) == subsidies_of(operations_of(book))
    assert len(found.operations) == 3
    assert subsidies_in(book, standing_of(book).totals.keys(), 2).operations == found.operations[:2]


def test_the_table_of_subsidies_comes_along(alice: Access) -> None:
    book = open_year(alice, YEAR)
    parts = (Part("74100008", 50_00), Part("74800008", 20_00))
    [row] = add(alice, book, [OperationValue(0, "R1", date(2026, 1, 8), "Subvention", Moves(bank=70_00), parts, tiers="Mairie")])
    line = tabled(alice, book, row, amount=70_00)
    [spent] = add(alice, book, [OperationValue(0, "D1", date(2026, 3, 1), "Livres", Moves(bank=-30_00), (Part("61800008", 30_00),))])
    tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={spent.pk: 25_00})
    found = subsidies_in(book, ("74100008", "74800008"))
    assert found.table == (TabledSubsidy(row.pk, "Mairie", "Projet musée", 25_00),)
    expected = (Subsidy(date(2026, 1, 8), "Mairie", "Projet musée", 70_00, 25_00, 45_00),)
    assert subsidies_of(found.operations, found.table) == expected


def test_a_repaid_subsidy_is_negative(alice: Access) -> None:
    book = open_year(alice, YEAR)
    given = OperationValue(0, "R1", date(2026, 1, 8), "Subvention", Moves(bank=50_00), (Part("74100008", 50_00),), tiers="Mairie")
    repaid = OperationValue(0, "D1", date(2026, 3, 1), "Trop-perçu", Moves(bank=-20_00), (Part("74800008", -20_00),))
    add(alice, book, [given, repaid])
    found = subsidies_of(subsidies_in(book, ("74100008", "74800008", "512")).operations)
    assert [(one.body, one.purpose, one.amount) for one in found] == [("Mairie", "Subvention", 50_00), ("", "Trop-perçu", -20_00)]


def test_without_a_subsidy_nothing_is_read(book: Book, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert subsidies_in(book, ("512", "530", "75600008")) == SubsidiesRead()


def test_mandates_that_ran_in_the_year(alice: Access) -> None:
    book = open_year(alice, YEAR)
    people: Iterable[tuple[str, MandateRank, date, date | None]] = [
        ("Adèle, adjointe", MandateRank.ADJOINT, date(2025, 9, 1), None),
        ("Basile, seconde moitié", MandateRank.MANDATAIRE, date(2026, 2, 1), None),
        ("Chloé, première moitié", MandateRank.MANDATAIRE, date(2024, 9, 1), date(2026, 1, 31)),
        ("Denis, jusqu’à la veille", MandateRank.MANDATAIRE, date(2023, 9, 1), YEAR.first_day - timedelta(1)),
        ("Emma, l’année d’après", MandateRank.MANDATAIRE, YEAR.last_day + timedelta(1), None),
        ("Félix, le premier jour", MandateRank.MANDATAIRE, date(2023, 9, 1), YEAR.first_day),
    ]
    for holder, rank, start, end in people:
        give_mandate(author=SYSTEM, coop=alice.coop, holder=holder, start=start, end=end, rank=rank)
    assert [mandate.holder for mandate in mandates_during(book)] == [
        "Félix, le premier jour",
        "Chloé, première moitié",
        "Basile, seconde moitié",
        "Adèle, adjointe",
    ]
