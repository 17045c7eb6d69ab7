"""Which operation a voucher may prove: the same amount, else the nearest date where one was read. A guess, told with its reason.

An operation of another amount than the one that was read is not meant, unless the voucher names its tiers or its label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from retkoop.archive.models import Document
from retkoop.books.models import Book, Operation, Proof
from retkoop.domain.chart import fold
from retkoop.domain.money import Cents
from retkoop.ui.days import format_short
from retkoop.ui.templates import plural

SAME_AMOUNT: Final = 62
"""Days between a voucher and a move of the same amount: a cheque may wait for two months."""
A_YEAR: Final = 366
NEAREST: Final = 7
"""Days around a voucher whose amount nothing bears."""
_MOST: Final = 200
_NAMING: Final = 4
"""Letters of a word that may name somebody: shorter ones are in any text."""


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
    """Return what each document may prove, by its key, in two queries at most; no operation is proposed twice."""
    if not documents:
        return {}
    return propose(documents, [Candidate(*row) for row in _candidates(book, documents)], _words_of)


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


def _words_of(documents: Sequence[Document]) -> Mapping[int, str]:
    """Return the words of documents by their keys; those that were left out when they were loaded are read in one query."""
    unread = [document.pk for document in documents if "words" in document.get_deferred_fields()]
    known = {document.pk: document.words for document in documents if document.pk not in unread}
    return known | dict(Document.objects.filter(pk__in=unread).order_by().values_list("pk", "words")) if unread else known


def propose(
    documents: Sequence[Document], candidates: Iterable[Candidate], words_of: Callable[[Sequence[Document]], Mapping[int, str]]
) -> dict[int, Proposal]:
    """Match documents and operations, the surest first; `words_of` reads the words of some documents."""
    left, found = list(candidates), {}

    def take(document: Document, proposal: Proposal | None) -> None:
        if proposal:
            found[document.pk] = proposal
            left.remove(proposal.operation)

    for document in documents:
        take(document, _by_amount(document, left))
    rest = [document for document in documents if document.pk not in found and _is_dated(document)]
    words = words_of([document for document in rest if document.found_amount])
    for document in rest:
        take(document, _by_date(document, left, words.get(document.pk, "")))
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


def _by_date(document: Document, candidates: Iterable[Candidate], words: str) -> Proposal | None:
    day, heard = day_of(document), set(words.split())
    near = [one for one in candidates if abs((one.date - day).days) <= NEAREST and (not document.found_amount or _is_named(one, heard))]
    operation, _ = _nearest(document, near, NEAREST)
    reason = f"Date la plus proche ({format_short(operation.date)})\u202f: vérifiez." if operation else ""
    return Proposal(operation, reason, sure=False) if operation else None


def _is_named(operation: Candidate, heard: set[str]) -> bool:
    """Tell whether all that names the tiers of an operation, or its label, is among some words."""
    names = [{word for word in fold(told).split() if len(word) >= _NAMING} for told in (operation.tiers, operation.label)]
    return any(name and name <= heard for name in names)


def _nearest(document: Document, candidates: Iterable[Candidate], most: int) -> tuple[Candidate | None, int]:
    day = day_of(document)
    ranked = sorted((abs((one.date - day).days), one.key, one) for one in candidates)
    days, _, operation = ranked[0] if ranked else (most + 1, 0, None)
    return (operation, days) if days <= most else (None, days)
