"""Which operation a voucher may prove: the same amount, else the nearest date where one was read. A guess, told with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from retkoop.archive.models import Document
from retkoop.books.models import Book, Operation, Proof
from retkoop.domain.money import Cents
from retkoop.ui.days import format_short
from retkoop.ui.templates import plural

SAME_AMOUNT: Final = 62
"""Days between a voucher and a move of the same amount: a cheque may wait for two months."""
A_YEAR: Final = 366
NEAREST: Final = 7
"""Days around a voucher whose amount nothing bears."""
_MOST: Final = 200


class Candidate(NamedTuple):
    """An operation that waits for its voucher."""

    key: int
    piece: str
    date: date
    label: str
    tiers: str
    bank: Cents
    cash: Cents
    regie: Cents

    @property
    def amount(self) -> Cents:
        return self.bank or self.cash or self.regie

    def moved(self, amount: Cents) -> bool:
        return amount in {abs(self.bank), abs(self.cash), abs(self.regie)}


CANDIDATE: Final = ("pk", *Candidate._fields[1:])


class Proposal(NamedTuple):
    """The operation that a document may prove, and why it is thought so; `sure` enough for a single key where the amount is the same."""

    operation: Candidate
    reason: str
    sure: bool


def day_of(document: Document) -> date:
    """Return the day that a document speaks of: as said, else as read in it, else the day it came."""
    return document.date or document.found_date or timezone.localdate(document.received_at)


def _is_dated(document: Document) -> bool:
    """Tell whether a day is said of a document, or was read in it: the day on which it came says nothing."""
    return bool(document.date or document.found_date)


def proposals_for(book: Book, documents: Sequence[Document]) -> dict[int, Proposal]:
    """Return what each document may prove, by its key, in one query; no operation is proposed twice."""
    if not documents:
        return {}
    return propose(documents, [Candidate(*row) for row in _candidates(book, documents)])


def _candidates(book: Book, documents: Sequence[Document]) -> QuerySet[Operation, tuple[Any, ...]]:
    amounts = [sign * document.found_amount for document in documents if document.found_amount for sign in (1, -1)]
    same = Q(bank__in=amounts) | Q(cash__in=amounts) | Q(regie__in=amounts)
    near = Q()
    for document in documents:
        if not _is_dated(document):
            continue
        day, span = day_of(document), timedelta(days=NEAREST)
        near |= Q(date__range=(day - span, day + span))
    waits = Q(proof=Proof.MISSING) | (Q(proof=Proof.PAPER) & same)  # a file is better than a paper somewhere
    waiting = Operation.objects.filter(waits, same | near, book=book, opening=False)
    surest = Case(When(same, then=Value(0)), default=Value(1))
    return waiting.order_by(surest, "date", "pk").values_list(*CANDIDATE)[:_MOST]


def propose(documents: Iterable[Document], candidates: Iterable[Candidate]) -> dict[int, Proposal]:
    """Match documents and operations, the surest first."""
    left, found = list(candidates), {}
    documents = list(documents)
    for match in (_by_amount, _by_date):
        for document in documents:
            proposal = None if document.pk in found else match(document, left)
            if proposal:
                found[document.pk] = proposal
                left.remove(proposal.operation)
    return found


def _by_amount(document: Document, candidates: Iterable[Candidate]) -> Proposal | None:
    amount = document.found_amount
    same = [one for one in candidates if amount and one.moved(amount)]
    operation, days = _nearest(document, same, SAME_AMOUNT if _is_dated(document) else A_YEAR)
    if operation is None:
        return None
    if not _is_dated(document):
        return Proposal(operation, "Même montant.", sure=True)
    return Proposal(operation, f"Même montant, à {plural(days, 'jour')} près." if days else "Même montant, même jour.", sure=True)


def _by_date(document: Document, candidates: Iterable[Candidate]) -> Proposal | None:
    operation, _ = _nearest(document, candidates, NEAREST) if _is_dated(document) else (None, 0)
    reason = f"Date la plus proche ({format_short(operation.date)})\u202f: vérifiez." if operation else ""
    return Proposal(operation, reason, sure=False) if operation else None


def _nearest(document: Document, candidates: Iterable[Candidate], most: int) -> tuple[Candidate | None, int]:
    day = day_of(document)
    ranked = sorted((abs((one.date - day).days), one.key, one) for one in candidates)
    days, _, operation = ranked[0] if ranked else (most + 1, 0, None)
    return (operation, days) if days <= most else (None, days)
