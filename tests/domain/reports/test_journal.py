from __future__ import annotations

from datetime import date

from hypothesis import given

from retkoop.domain.chart import POSTAL, national_chart
from retkoop.domain.entry import Moves, Operation
from retkoop.domain.ledger import account_totals
from retkoop.domain.reports.journal import JournalEntry, JournalLine, journal
from tests.domain import musee
from tests.domain.drafts import draft_books, shuffled
from tests.domain.strategies import Book

CHART = national_chart()


def test_an_entry_tells_its_operation_and_its_lines() -> None:
    (entry,) = journal([musee.MEMBERSHIP], CHART)
    assert entry == JournalEntry(
        operation=4,
        date=date(2025, 10, 2),
        piece="D01",
        label="Adhésion OCCE et assurance",
        lines=(
            JournalLine("512", "Banque", 0, 149_50),
            JournalLine("62810008", "Cotisations versées à l’OCCE", 133_25, 0),
            JournalLine("61681008", "Assurances versées", 16_25, 0),
        ),
    )
    assert entry.total == 149_50


def test_entries_stand_in_the_order_of_the_book() -> None:
    entries = journal(reversed(musee.OPERATIONS), CHART)
    pieces = ["RAN", "R01", "R02", "D01", "V01", "D02", "J01", "R03", "R04", "D03", "D04", "D05"]
    assert [entry.piece for entry in entries] == pieces


def test_an_operation_that_moved_nothing_has_no_lines() -> None:
    (entry,) = journal([Operation(1, "D1", date(2025, 11, 3), "Chèque annulé", Moves())], CHART)
    assert (entry.lines, entry.total) == ((), 0)


def test_a_coop_may_bank_at_the_post_office() -> None:
    (entry,) = journal([musee.DEPOSIT], CHART, POSTAL)
    assert entry.lines == (JournalLine("514", "Compte chèque postal", 100_00, 0), JournalLine("530", "Caisse", 0, 100_00))


@given(shuffled(draft_books()))
def test_the_journal_holds_each_debit_and_credit_once(both: tuple[Book, Book]) -> None:
    book, same_book = both
    entries = journal(book, CHART)
    assert entries == journal(same_book, CHART)
    assert sum(entry.total for entry in entries) == sum(total.debit for total in account_totals(book).values())
    assert [entry for entry in entries if entry.total != sum(line.credit for line in entry.lines)] == []
