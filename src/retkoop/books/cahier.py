"""The page of the cahier as a value: the desk on which a line is typed, the list under it, and their common address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import ClassVar, Final
from urllib.parse import urlencode

from retkoop.books.desk import intention_named
from retkoop.books.intentions import Intention
from retkoop.books.listing import FLOWS, ORDERS, POINTED, PROVEN, Asked, Listing, Newest, ShownLine, all_lines, list_lines, newest_line
from retkoop.books.models import Operation
from retkoop.books.page import CoopPage
from retkoop.books.queries import chart_of
from retkoop.books.stencil import Blank
from retkoop.books.suggestions import Suggestions
from retkoop.domain.dates import MONTHS

Options = list[tuple[str, str]]
"""What a filter may ask: (value in the address, words)."""

NATURES: Final[Options] = [(name, label) for name, (label, _) in FLOWS.items()]
ORDERED: Final[Options] = [(name, label) for name, label in ORDERS.items() if name != Asked.ordre]


@dataclass
class Cahier:
    """What the address asks for, on the page of a book.

    Beside the list (`Asked`, `page`), the address tells the form: the intention (`noter`) and the date of the line before (`le`).
    """

    page: CoopPage
    address: Mapping[str, str]
    just_noted: int | None = None

    natures: ClassVar[Options] = NATURES
    orders: ClassVar[Options] = ORDERED
    pointed: ClassVar[Options] = list(POINTED.items())
    proven: ClassVar[Options] = list(PROVEN.items())

    @cached_property
    def asked(self) -> Asked:
        return Asked.from_address(self.address)

    @property
    def number(self) -> str:
        return self.address.get("page", "1")

    @cached_property
    def listing(self) -> Listing:
        return list_lines(self.page, self.asked, chart_of(self.page.book), self.number)

    def all_lines(self) -> Iterator[ShownLine]:
        """Yield the list whole, to be printed; in the order of a paper cahier unless another one is asked for."""
        asked = self.asked if self.address.get("ordre") else replace(self.asked, ordre="ancien")
        return all_lines(self.page.book, asked, chart_of(self.page.book), self.page.today)

    def newest(self, row: Operation) -> Newest | None:
        """Return a line just noted, where the list in sight has only to take it in at its head."""
        if row.pk != self.just_noted or self.asked != Asked() or self.number != "1":
            return None
        return newest_line(self.page, row, chart_of(self.page.book))

    @cached_property
    def suggestions(self) -> Suggestions:
        return Suggestions(self.page.book)

    @property
    def is_empty(self) -> bool:
        return not self.page.book.operation_count and not self.page.book.has_opening

    def blank(self) -> Blank:
        """Return the form of a new line, as the address says that it was left."""
        try:
            day = date.fromisoformat(self.address.get("le", ""))
        except ValueError:
            day = None
        return Blank(self.page, self.suggestions, intention_named(self.address.get("noter")), day)

    def going_on(self, intention: Intention, day: date) -> str:
        """Return the query of this list with a form that goes on from what was just noted."""
        return urlencode({**self._list, "noter": intention.key, "le": day.isoformat()})

    @property
    def _list(self) -> dict[str, str]:
        return {**dict(self.asked.items()), **({"page": self.number} if self.number != "1" else {})}

    @cached_property
    def url(self) -> str:
        """The address of this list."""
        query = urlencode(self._list)
        return f"{self.page.url('cahier')}{'?' if query else ''}{query}"

    @property
    def own_address(self) -> str:
        """The address of this page, its form included."""
        form = {name: self.address[name] for name in ("noter", "le") if self.address.get(name)}
        return f"{self.page.url('cahier')}?{urlencode({**self._list, **form})}"

    @cached_property
    def back(self) -> str:
        """What the address of an operation says of the list to come back to."""
        query = self.url.partition("?")[2]
        return f"?{urlencode({'retour': query})}" if query else ""

    @property
    def accounts(self) -> Options:
        return [(account.alias, f"{account.alias} · {account.label}") for account in chart_of(self.page.book).accounts]

    @property
    def months(self) -> Options:
        start = self.page.year.start
        return [(f"{start + (month < 9)}-{month:02d}", MONTHS[month - 1].capitalize()) for month in (*range(9, 13), *range(1, 9))]

    @property
    def projects(self) -> Options:
        return [(name, name) for name in self.suggestions.projects]

    @property
    def classes(self) -> Options:
        return [(name, name) for name in self.suggestions.classes]
