"""What every page of a coop shows: who looks, which year, the three lamps, what is to be mended.

`open_page` is how a view of `books`, `banking` or `year_end` begins; its context feeds `books/coop.html`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils import timezone

from retkoop.books.fields import control_of
from retkoop.books.findings import COUNTED, KeptFindings, Told, findings_of_operations, findings_on
from retkoop.books.models import Book
from retkoop.books.queries import books_of, standing_of
from retkoop.books.writable import why_closed
from retkoop.domain.checks.finding import Place
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.domain.standing import Lamp, Standing, lamps
from retkoop.network.access import Access, open_coop
from retkoop.network.models import Coop
from retkoop.ui.addresses import address_of

LAMP_PAGES: Final = {"bilan": "balance_sheet", "rapprochement": "reconciliation", "caisse": "cash"}
DIRECT_PAGES: Final = {
    "cahier": "direct",
    "operation": "direct",
    "trash": "direct",
    "opening": "direct_opening",
    "reconciliation": "direct_bank",
    "cash": "direct_cash",
}
"""In a year that was kept elsewhere, the form of its totals stands in the place of these pages."""
DIRECT_PLACES: Final = {
    Place.OPERATION: "direct_subsidies",
    Place.CAHIER: "direct_totals",
    Place.BALANCE_SHEET: "direct_totals",
    Place.SUBSIDIES: "direct_subsidies",
}
JUSTIFICATION: Final = "subvention-non-justifiee"
"""The check whose answer, the day on which a funder was told, stands in the table of subsidies alone."""
PLACE_PAGES: Final = {
    Place.OPENING: "opening",
    Place.CAHIER: "cahier",
    Place.RECONCILIATION: "reconciliation",
    Place.CASH: "cash",
    Place.BALANCE_SHEET: "balance_sheet",
    Place.DOCUMENTS: "documents",
    Place.MISSING_VOUCHERS: "missing_vouchers",
    Place.INVENTORY: "inventory",
    Place.SUBSIDIES: "subsidies",
}


@dataclass(frozen=True)
class CoopPage:
    """A person before a coop's book of a year. `books` are all of the coop's, the latest year first.

    `answers` a form that was sent: what was typed is shown again, with the reason, even where the year was closed meanwhile.
    """

    access: Access
    book: Book
    books: tuple[Book, ...]
    today: date
    answers: bool = False

    @property
    def coop(self) -> Coop:
        return self.access.coop

    @property
    def can_write(self) -> bool:
        """Whether the page offers to change anything: whoever looks may, and the year takes writing."""
        return self.access.can_write and (self.answers or self.closed is None)

    @cached_property
    def closed(self) -> str | None:
        """Why the year takes no writing, whoever asks; None where it does."""
        return why_closed(self.book)

    @cached_property
    def year(self) -> SchoolYear:
        return self.book.year

    @property
    def others(self) -> list[Book]:
        return [book for book in self.books if book.pk != self.book.pk]

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.book, others=self.others)

    @cached_property
    def lamps(self) -> list[tuple[Lamp, str]]:
        """The three lamps, each with the page that tells more."""
        return [(lamp, self.url(self.lamp_page(lamp.name))) for lamp in lamps(self.standing)]

    def lamp_page(self, name: str) -> str:
        """Return the name of the page that tells more of a lamp."""
        return "direct_totals" if self.book.direct and name == "bilan" else LAMP_PAGES[name]

    @cached_property
    def findings(self) -> KeptFindings:
        """The gravest findings of the day, and how many there are in all."""
        return findings_on(self.book, self.today)

    def findings_of(self, keys: Collection[int]) -> Mapping[int, Sequence[Told]]:
        """Return what is to be mended in some operations, by their keys, the gravest first; asked for only where not read already."""
        if self.findings.total > COUNTED:
            return findings_of_operations(tuple(keys), self.today)
        found: defaultdict[int, list[Told]] = defaultdict(list)
        for told in self.findings.gravest:
            if told.operation_id is not None and told.operation_id in keys:
                found[told.operation_id].append(told)
        return found

    def url(self, name: str, **parts: object) -> str:
        """Return the address of a page of this coop and year."""
        if self.book.direct and name in DIRECT_PAGES:
            name, parts = DIRECT_PAGES[name], {}
        return address_of(name, **self._place, **parts)

    @cached_property
    def _place(self) -> dict[str, str]:
        return {"rne": self.coop.rne, "year": str(self.year)}

    def mend_url(self, finding: Told) -> str:
        """Return the address where a finding is mended."""
        if self.book.direct and finding.code != JUSTIFICATION and (page := DIRECT_PLACES.get(Place(finding.place))):
            return self.url(page)
        if finding.place == Place.OPERATION and finding.operation_id:
            control = control_of(finding.code)
            return self.url("operation", key=finding.operation_id) + (f"#{control}" if control else "")
        address = self.url(PLACE_PAGES.get(Place(finding.place), "cahier"))
        return f"{address}?jour={finding.day.isoformat()}" if finding.day else address

    def help_url(self, finding: Told) -> str | None:
        """Return the address where the coop asks its AD about a finding; None for whoever helps it."""
        if self.access.from_afar or self.access.by_merger:
            return None
        asked = {"adresse": self.url("findings"), "titre": "À corriger", "controle": finding.code, "operation": finding.operation_id or ""}
        return f"{self.url('help')}?{urlencode(asked)}"

    def after(self, book: Book) -> CoopPage:
        """Return the page after a write that has left its book so."""
        books = tuple(book if one.pk == book.pk else one for one in self.books)
        return CoopPage(self.access, book, books, self.today, self.answers)

    def refreshed(self) -> CoopPage:
        """Return the page as it stands now, after a write."""
        return CoopPage(self.access, *_books(self.access, self.year), self.today, self.answers)


def open_page(request: HttpRequest, rne: str, year: str, *, to_write: bool = False) -> CoopPage:
    """Open the page of a coop's year for whoever asks. Raises Http404 where they may not, or the year is not open."""
    access = open_coop(request.user, rne, to_write=to_write)
    try:
        book, books = _books(access, SchoolYear.parse(year))
    except InvalidSchoolYear:
        raise Http404 from None
    return CoopPage(access, book, books, timezone.localdate(), answers=to_write and request.method == "POST")


def _books(access: Access, year: SchoolYear) -> tuple[Book, tuple[Book, ...]]:
    books = tuple(books_of(access.coop))
    found = next((book for book in books if book.start == year.start), None)
    if found is None:
        raise Http404
    return found, books
