"""What the pages of a statement show: the statement held against the book, and the lines of the view that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page

from retkoop.banking.queries import (
    Reach,
    StatementLine,
    StatementStanding,
    TickRow,
    View,
    choice_of,
    line_of,
    missing_on,
    standing_at,
    statements_of,
    tick_page,
    tick_rows,
)
from retkoop.books.page import CoopPage


@dataclass(frozen=True)
class StatementPage:
    """A statement among those of its book, as it stands now. `asked` is what the address asks to see (`vue`, `q`, `page`)."""

    coop_page: CoopPage
    lines: list[StatementLine]
    line: StatementLine
    asked: Mapping[str, str]

    @cached_property
    def reach(self) -> Reach:
        return Reach.of(self.coop_page.book, self.coop_page.books)

    @cached_property
    def standing(self) -> StatementStanding:
        missing = missing_on(self.coop_page.book, self.reach)
        return standing_at(self.line, self.lines, self.coop_page.standing.reconciliation, missing)

    @property
    def can_tick(self) -> bool:
        return self.coop_page.can_write and self.line.row.closed_at is None

    @cached_property
    def view(self) -> View:
        asked = self.asked.get("vue", "")
        return View(asked) if asked in set(View) else View.TODO

    @property
    def search(self) -> str:
        return self.asked.get("q", "").strip()

    @cached_property
    def rows(self) -> Page[TickRow]:
        known = {View.TODO: self.standing.to_tick, View.DONE: self.line.count}
        rows = tick_rows(self.coop_page.book, choice_of(self.line.row, self.view), self.reach, self.search)
        return tick_page(rows, None if self.search else known.get(self.view), self.asked.get("page"))

    @cached_property
    def has_imported(self) -> bool:
        """Tell whether operations came already pointed, with a file."""
        return self.coop_page.book.operations.filter(choice_of(self.line.row, View.IMPORTED)).exists()

    @property
    def query(self) -> str:
        """What the address asks beside the page, encoded."""
        return urlencode({name: self.asked[name] for name in ("vue", "q") if self.asked.get(name)})

    def refreshed(self) -> StatementPage:
        """Return the page as it stands now, after a write. Raises Http404 where the statement is gone."""
        return open_statement(self.coop_page.refreshed(), self.line.row.pk, self.asked)

    def address(self, **asked: object) -> str:
        """Return the address of a view of the statement; what is empty is left out."""
        query = urlencode({name: value for name, value in asked.items() if value})
        address = self.coop_page.url("statement", key=self.line.row.pk)
        return f"{address}?{query}" if query else address


def open_statement(page: CoopPage, key: int, asked: Mapping[str, str]) -> StatementPage:
    """Open the page of a statement. Raises Http404 where it is not one of the book's."""
    lines = statements_of(page.book)
    return StatementPage(page, lines, line_of(lines, key), asked)
