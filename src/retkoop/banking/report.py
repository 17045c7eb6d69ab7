"""The état de rapprochement: the statement that closes the year, what it does not show, and how the two meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Page

from retkoop.banking.models import BankStatement
from retkoop.banking.queries import Missing, Reach, TickRow, closing_statement_of, missing_choice, missing_on, tick_page, tick_rows
from retkoop.books.models import Book
from retkoop.domain.money import Cents
from retkoop.domain.reconciliation import Reconciliation

PAGE: Final = 300
"""Lines of the report on a sheet; beyond, its totals still hold them all."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the report says, in cents; `statement` is None until one is given."""

    statement: BankStatement | None
    reconciliation: Reconciliation
    missing: Missing
    rows: Page[TickRow]

    @property
    def payments(self) -> Cents:
        """The payments that the statement does not show, as a positive sum."""
        return self.missing.receipts - self.reconciliation.unpointed


def report_of(book: Book, books: Iterable[Book], reconciliation: Reconciliation, number: str | None) -> Report:
    """Return a page of the report of a book, `books` being all of its coop's."""
    reach = Reach.of(book, books)
    missing = missing_on(book, reach)
    rows = tick_rows(book, missing_choice(book, reach), reach)
    return Report(
        statement=closing_statement_of(book),
        reconciliation=reconciliation,
        missing=missing,
        rows=tick_page(rows, reconciliation.unpointed_count, number, PAGE),
    )
