"""Payments of an adhésion into the coop's cahier, each once: as an operation made for it, or tied to the one that the coop typed itself.

The AD's validation does it where the AD has set so; else, and where it could not, the coop does it with one button.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from django.db.models import F, Q

from retkoop.audit.services import Trail, writing
from retkoop.books.intentions import DEPENSE
from retkoop.books.models import Book, Operation, Proof
from retkoop.books.posting import set_proof
from retkoop.books.queries import books_of
from retkoop.books.services import add_operations
from retkoop.books.suggestions import Suggestions
from retkoop.books.values import operation_value, with_lines
from retkoop.books.writable import Refused, why_closed, writable_cahier
from retkoop.domain import entry
from retkoop.domain.fees import FeeLine
from retkoop.domain.membership_booking import (
    DueEntry,
    PaidEntry,
    added_up,
    due_entries,
    due_parts,
    membership_operation,
    noted_already,
    split_of,
)
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.declaring.queries import latest_declared
from retkoop.memberships.models import BookedPayment, Membership, Payment, PaymentState
from retkoop.memberships.values import lines_of
from retkoop.network.access import Access
from retkoop.network.models import Coop

_NAMESPACE: Final = uuid.UUID("5f0c1d0a-8a43-4c1e-9f5b-2b5d0a7a9e31")
_LOST: Final = frozenset({PaymentState.RETURNED, PaymentState.CANCELLED})
_TOLD: Final = {"told_key": "pk", "told_reversal": "reversal", "told_operation": "operation", "told_found": "found", "told_parts": "parts"}


@dataclass(frozen=True, slots=True)
class BookingProposal:
    """What is to be booked: the operation, its parts in the sense of charges, the one that the coop `noted` already.

    `refusal`: why it cannot be booked now; a year of which the compte rendu alone is filled in never takes it.
    """

    due: DueEntry
    operation: entry.Operation
    parts: Mapping[str, Cents]
    noted: entry.Operation | None = None
    refusal: str | None = None

    @property
    def noted_year(self) -> SchoolYear | None:
        return SchoolYear.containing(self.noted.date) if self.noted else None


@dataclass(frozen=True, slots=True)
class KeptBooking:
    """A payment that the cahier holds, by the key of an operation (made for it, or `found` there); `parts` in the sense of charges.

    `operation` is what that is now: None where it was deleted since, or was not asked for. `year`: that of its book.
    """

    key: int
    payment: int
    reversal: bool
    operation_key: int
    found: bool
    parts: Mapping[str, Cents]
    operation: entry.Operation | None = None
    year: SchoolYear | None = None

    @property
    def split(self) -> dict[str, Cents]:
        return split_of(self.operation) if self.operation else {}

    @property
    def differs(self) -> bool:
        """Whether the operation is split in another way than the adhésion."""
        return self.operation is not None and self.split != self.parts


@dataclass
class PaymentBooks:
    """The payments of an adhésion and the cahier, in three queries; `lines` are those of its latest declaration, `books` the coop's."""

    coop: Coop
    membership: Membership
    lines: Sequence[FeeLine]
    books: Sequence[Book]

    @cached_property
    def _rows(self) -> list[Any]:
        """Payments, each with what the cahier holds of it: two rows where it came back as well."""
        columns = {name: F(f"bookings__{column}") for name, column in _TOLD.items()}
        return list(Payment.objects.filter(membership=self.membership).annotate(**columns).order_by("pk", "bookings__reversal"))

    @cached_property
    def _kept(self) -> list[KeptBooking]:
        told = [[getattr(row, name) for name in ("told_key", "pk", *list(_TOLD)[1:])] for row in self._rows if row.told_key]
        return sorted((KeptBooking(*columns) for columns in told), key=lambda one: one.key)

    @cached_property
    def entries(self) -> list[DueEntry]:
        """What the cahier does not hold yet; nothing before the adhésion is declared."""
        sides = {(one.payment, one.reversal) for one in self._kept}
        rows = {row.pk: row for row in self._rows if row.received_on and row.state != PaymentState.ANNOUNCED} if self.lines else {}
        return due_entries(
            PaidEntry(
                key=key,
                amount=row.amount,
                received_on=row.received_on,
                cheque=row.cheque,
                returned_on=(row.returned_on or row.received_on) if row.state in _LOST else None,
                booked=(key, False) in sides,
                reversed=(key, True) in sides,
            )
            for key, row in rows.items()
        )

    @cached_property
    def _operations(self) -> list[Operation]:
        """The operations that hold a payment, and those that may be one of what is to be booked and hold none yet."""
        keys, amounts = {one.operation_key for one in self._kept}, {-due.amount for due in self.entries}
        if not keys and not amounts:
            return []
        free = Q(coop=self.coop, bank__in=amounts, opening=False, summary=False, membership_bookings=None)
        rows = Operation.objects.filter(Q(pk__in=keys) | free).select_related("book")
        return list(with_lines(rows).order_by("pk").distinct())

    @cached_property
    def kept(self) -> list[KeptBooking]:
        """What the cahier holds, in the order in which it came, with its operations as they are now."""
        found = {row.pk: row for row in self._operations}
        return [self._with_operation(one, found.get(one.operation_key)) for one in self._kept]

    def _with_operation(self, one: KeptBooking, row: Operation | None) -> KeptBooking:
        return replace(one, operation=operation_value(row), year=row.book.year) if row else one

    @cached_property
    def proposals(self) -> list[BookingProposal]:
        """What is to be booked, in the order of its days."""
        held, booked, found = {one.operation_key for one in self._kept}, added_up(one.parts for one in self._kept), []
        noted = [operation_value(row) for row in self._operations if row.pk not in held] if self.entries else []
        accounts = {line.account for line in self.lines}
        for due in self.entries:
            parts = due_parts(self.lines, due, booked)
            wanted = membership_operation(due, parts, year=self.membership.year, tiers=str(self.coop.association))
            same = noted_already(wanted, noted, accounts | set(parts))
            noted = [one for one in noted if one is not same]
            refusal = None if same else _refusal(self.books, SchoolYear.containing(due.day))
            booked = booked if refusal else added_up([booked, parts])
            found.append(BookingProposal(due, wanted, parts, same, refusal))
        return found


def _refusal(books: Sequence[Book], year: SchoolYear) -> str | None:
    book = next((book for book in books if book.start == year.start), None)
    if book is None:
        return f"Le cahier {year} n’est pas ouvert."
    if book.direct:
        return f"Pour {year}, vous ne saisissez que le compte rendu\u202f: ce paiement se note dans ses totaux."
    return why_closed(book)


def book_due(trail: Trail, coop: Coop, membership: Membership) -> list[BookingProposal]:
    """Book what can be, and return all that was to be. To be called inside a `writing` of the coop's chain."""
    declaration = latest_declared(membership)
    proposals = PaymentBooks(coop, membership, lines_of(declaration) if declaration else (), books_of(coop)).proposals
    for one in proposals:
        if one.noted is not None:
            _keep(trail, coop, one, one.noted.key, "booking.found")
        elif one.refusal is None:
            _keep(trail, coop, one, _write(trail, coop, one).pk, "booking.made")
    return proposals


def _write(trail: Trail, coop: Coop, one: BookingProposal) -> Operation:
    start = SchoolYear.containing(one.due.day).start
    # read again each time: an operation of the year before moves what this one begins with
    book = writable_cahier(coop, next(book for book in books_of(coop) if book.start == start))
    [row] = add_operations(trail, book, [replace(one.operation, piece=Suggestions(book).piece(DEPENSE))])
    trail.created(row, action="operation.recorded")
    set_proof(trail, row, Proof.PAPER, place=f"{one.operation.label.partition(',')[0]}, dans Retkoop")
    return row


def _keep(trail: Trail, coop: Coop, one: BookingProposal, operation: int, action: str) -> None:
    row = BookedPayment.objects.create(
        coop=coop,
        payment_id=one.due.payment,
        reversal=one.due.reversal,
        operation_id=operation,
        found=one.noted is not None,
        parts=dict(one.parts),
    )
    trail.created(row, action=action, submission=uuid.uuid5(_NAMESPACE, f"{one.due.payment} {one.due.reversal}"))


def book_payments(*, access: Access, membership: Membership, submission: uuid.UUID | None = None) -> list[BookingProposal]:
    """Book the payments of an adhésion that wait, as the coop asks; return what became of each.

    Raises AlreadySubmitted; Refused where nothing waits, or none of it can be booked now.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        proposals = book_due(trail, access.coop, membership)
        if not proposals:
            raise Refused("Tout est déjà dans le cahier.")
        refusals = dict.fromkeys(one.refusal for one in proposals if one.refusal)
        if all(one.refusal for one in proposals):
            raise Refused("\n".join(filter(None, refusals)))
        return proposals
