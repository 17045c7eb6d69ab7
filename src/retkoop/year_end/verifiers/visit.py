"""A vérificateur on their page, without an account: what their token lets them see, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from retkoop.archive.models import Document
from retkoop.books.documents import vouchers_of
from retkoop.books.models import Book, Operation, Proof
from retkoop.books.queries import books_of, standing_of
from retkoop.books.words import amount_of
from retkoop.domain.closing import ClosingState
from retkoop.domain.reports.crf import Crf
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import Lamp, Standing, lamps
from retkoop.network.models import Coop
from retkoop.registers.deliberations import Shown, deliberations_of
from retkoop.registers.models import InventoryItem
from retkoop.year_end.closing.queries import closing_of
from retkoop.year_end.crf import crf_of
from retkoop.year_end.crf_digest import crf_digest
from retkoop.year_end.models import QuestionnaireVersion, Verifier, YearClosing
from retkoop.year_end.verifiers.grid import grid_for
from retkoop.year_end.verifiers.queries import HeldSignature, signatures_of
from retkoop.year_end.verifiers.sample import Looked
from retkoop.year_end.verifiers.signing import as_seen, place_of
from retkoop.year_end.verifiers.tokens import OPEN_STATES, verifier_of

SHOWN_ROWS = 20


@dataclass
class Visit:
    """A vérificateur before the accounts of a year; `url` leads to their own pages alone."""

    token: str
    verifier: Verifier
    today: date

    @property
    def book(self) -> Book:
        return next(one for one in self.books if one.pk == self.verifier.book_id)

    @property
    def coop(self) -> Coop:
        return self.verifier.book.coop

    @property
    def year(self) -> SchoolYear:
        return self.verifier.book.year

    @cached_property
    def books(self) -> tuple[Book, ...]:
        return tuple(books_of(self.coop))

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.book, others=[one for one in self.books if one.pk != self.book.pk])

    @property
    def lamps(self) -> tuple[Lamp, Lamp, Lamp]:
        return lamps(self.standing)

    @cached_property
    def crf(self) -> Crf:
        return crf_of(self.book, self.books, self.standing, findings=(), most=SHOWN_ROWS)

    @cached_property
    def digest(self) -> str:
        """The digest of the CRF that the page shows, so that no other one is signed."""
        return crf_digest(self.book, self.books, self.standing)

    @cached_property
    def seen(self) -> str:
        """What the form keeps of the accounts as they are shown; the chain is read before them."""
        place = place_of(self.verifier.book)
        return as_seen(place, self.digest)

    @cached_property
    def closing(self) -> YearClosing:
        return closing_of(self.verifier.book)

    @cached_property
    def grid(self) -> QuestionnaireVersion:
        """The version of the grid that asks in this year."""
        return grid_for(self.verifier.book)

    @property
    def signing(self) -> bool:
        return self.closing.state == ClosingState.SIGNING

    @cached_property
    def held(self) -> HeldSignature | None:
        """Their latest signature of this round."""
        own = [one for one in signatures_of(self.verifier.book) if one.signature.verifier_id == self.verifier.pk]
        return own[-1] if own else None

    @property
    def signed(self) -> bool:
        return self.held is not None and self.held.holds

    @cached_property
    def looked(self) -> Looked:
        return Looked(self.verifier, self.closing)

    @cached_property
    def deliberations(self) -> list[Shown]:
        return deliberations_of(self.verifier.book)

    @cached_property
    def inventory(self) -> list[InventoryItem]:
        """What the coop holds at the end of the year."""
        there = Q(disposed_on__isnull=True) | Q(disposed_on__gt=self.year.last_day)
        return list(InventoryItem.objects.filter(there, coop=self.coop, bought_on__lte=self.year.last_day))

    @property
    def inventory_total(self) -> int:
        return sum(item.value for item in self.inventory)

    def vouchers(self, row: Operation) -> list[Document]:
        return list(vouchers_of(row)) if row.proof == Proof.JOINED else []

    def amount(self, row: Operation) -> int:
        """Return the sum of an operation, in cents."""
        return amount_of(row)

    def url(self, name: str, **parts: object) -> str:
        """Return the address of one of their pages; those of documents bear the names that the viewer asks for."""
        return reverse(name if name.startswith("verifier") else f"verifier_{name}", kwargs={"token": self.token, **parts})


def visit_of(token: str) -> Visit | None:
    """Return the visit that a token opens; None for a token that opens nothing, or a year that is sent and was not signed."""
    verifier = verifier_of(token)
    if verifier is None:
        return None
    visit = Visit(token, verifier, timezone.localdate())
    return visit if visit.signed or visit.closing.state in OPEN_STATES else None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a year comes to, in cents: for those who sign the émargement."""

    received: int
    spent: int
    held: int

    @property
    def result(self) -> int:
        return self.received - self.spent


def summary_of(book: Book) -> Summary:
    books = tuple(books_of(book.coop))
    standing = standing_of(book, others=[one for one in books if one.pk != book.pk])
    crf = crf_of(book, books, standing, findings=(), most=1)
    return Summary(crf.income_statement.total_produits, crf.income_statement.total_charges, crf.balance_sheet.total_assets)
