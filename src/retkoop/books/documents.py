"""The pages of documents as values: the shelves of a year, what waits to be sorted, what is missing, one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from retkoop.archive.models import Document, DocumentKind
from retkoop.archive.reception import ACCEPTED
from retkoop.books.listing import holding_words
from retkoop.books.models import Book, Operation, Proof, Voucher
from retkoop.books.page import CoopPage
from retkoop.books.proposals import CANDIDATE, Candidate, Proposal, day_of, proposals_for
from retkoop.books.queries import places_of
from retkoop.books.voucher_forms import SendingForm
from retkoop.domain.chart import search_words
from retkoop.domain.money import InvalidAmount, parse_amount
from retkoop.ui.keys import read_key

A_PAGE: Final = 30
MISSING_A_PAGE: Final = 40
SORTED_AT_ONCE: Final = 6
"""Documents to sort that a page shows with their proposals; the others come when these are done."""
COMPARED: Final = 40
"""Documents to sort, the latest, that are held against the operations without voucher."""
CHOICES: Final = 12
TO_SORT: Final = "a-ranger"

KINDS: Final[Mapping[str, tuple[DocumentKind, str]]] = {
    "justificatifs": (DocumentKind.VOUCHER, "Justificatifs"),
    "releves": (DocumentKind.STATEMENT, "Relevés bancaires"),
    "deliberations": (DocumentKind.DELIBERATION, "Délibérations"),
    "conventions": (DocumentKind.AGREEMENT, "Conventions"),
    "subventions": (DocumentKind.GRANT, "Notifications de subvention"),
    "proces-verbaux": (DocumentKind.MINUTES, "Procès-verbaux"),
    "quitus": (DocumentKind.QUITUS, "Quitus"),
    "comptes-rendus": (DocumentKind.SEALED, "Comptes rendus scellés"),
    "photos": (DocumentKind.PHOTO, "Photos"),
    "autres": (DocumentKind.OTHER, "Autres documents"),
}
"""The shelves, by their name in the address."""


def documents_of(book: Book) -> QuerySet[Document]:
    """Return the documents of a year, without the texts that were read in them."""
    return Document.objects.filter(coop=book.coop_id, start=book.start).defer("text", "words")


def inbox_of(book: Book) -> QuerySet[Document]:
    """Return the vouchers that prove nothing yet, the latest first."""
    return documents_of(book).filter(~Exists(Voucher.objects.filter(document=OuterRef("pk"))), kind=DocumentKind.VOUCHER)


def vouchers_of(row: Operation) -> QuerySet[Document]:
    """Return the documents that prove an operation, in the order in which they were joined."""
    return Document.objects.filter(vouchers__operation=row).defer("text", "words").order_by("vouchers__pk")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A kind of documents in the year: its name in the address, its words, how many there are."""

    name: str
    label: str
    count: int


class ToSort(NamedTuple):
    """A document that proves nothing yet, and what it may prove."""

    document: Document
    proposal: Proposal | None


def to_sort(book: Book, documents: Sequence[Document]) -> list[ToSort]:
    """Return documents to sort with their proposals: the sure ones first, then those to look at, the others last."""
    proposals = proposals_for(book, documents)
    told = [ToSort(document, proposals.get(document.pk)) for document in documents]
    return sorted(told, key=lambda one: (one.proposal is None, one.proposal is not None and not one.proposal.sure))


@dataclass
class Shelves:
    """The documents of a year, as the address asks for them: a shelf (`nature`), words (`q`), a page."""

    page: CoopPage
    address: Mapping[str, str]
    sending: SendingForm

    accepted: ClassVar[str] = ACCEPTED

    @property
    def nature(self) -> str:
        asked = self.address.get("nature", "")
        return asked if asked in KINDS or asked == TO_SORT else ""

    @property
    def searched(self) -> str:
        return self.address.get("q", "").strip().replace("\x00", "")

    @property
    def query(self) -> str:
        return urlencode([(name, value) for name, value in (("nature", self.nature), ("q", self.searched)) if value])

    @cached_property
    def _counts(self) -> dict[tuple[int, str], int]:
        rows = Document.objects.filter(coop=self.page.coop).order_by().values_list("start", "kind").annotate(count=Count("pk"))
        return {(start, kind): count for start, kind, count in rows}

    @property
    def shelves(self) -> list[Shelf]:
        """The kinds that the year has documents of."""
        counts = [(name, label, self._counts.get((self.page.book.start, kind), 0)) for name, (kind, label) in KINDS.items()]
        return [Shelf(*one) for one in counts if one[2]]

    @property
    def total(self) -> int:
        return sum(shelf.count for shelf in self.shelves)

    @property
    def years(self) -> list[tuple[Book, int]]:
        """The other years that have documents, the latest first."""
        counted = [(book, sum(count for (start, _), count in self._counts.items() if start == book.start)) for book in self.page.others]
        return [(book, count) for book, count in counted if count]

    @cached_property
    def to_sort(self) -> tuple[list[ToSort], bool]:
        """What the page shows of the documents to sort, and whether there are more."""
        waiting = to_sort(self.page.book, list(inbox_of(self.page.book)[:COMPARED]))
        return waiting[:SORTED_AT_ONCE], len(waiting) > SORTED_AT_ONCE

    @property
    def waits(self) -> bool:
        if self.nature == TO_SORT:
            return True  # who stands before a shelf sees it, empty or not
        return inbox_of(self.page.book).exists() if self.query else bool(self.to_sort[0])

    @cached_property
    def sorting(self) -> Page[ToSort]:
        """A page of all the documents to sort, or of those that hold the words."""
        page: Page[Any] = Paginator(self._found(), A_PAGE).get_page(self.address.get("page", "1"))
        page.object_list = to_sort(self.page.book, list(page.object_list))
        return page

    @cached_property
    def listing(self) -> Page[Any]:
        """A page of what is asked for; each document tells the first operation that it proves, and how many there are.

        (`proves_key`, `proves_piece`, `proves_count`)
        """
        first = Operation.objects.filter(vouchers__document=OuterRef("pk")).order_by("date", "pk")
        proved = {"proves_key": Subquery(first.values("pk")[:1]), "proves_piece": Subquery(first.values("piece")[:1])}
        counted = Voucher.objects.filter(document=OuterRef("pk")).order_by().values("document").annotate(count=Count("pk"))
        paginator = Paginator(self._found().annotate(**proved, proves_count=Subquery(counted.values("count"))), A_PAGE)
        if not self.searched and self.nature != TO_SORT:
            kept = next((shelf.count for shelf in self.shelves if shelf.name == self.nature), 0)
            paginator.count = kept if self.nature else self.total
        return paginator.get_page(self.address.get("page", "1"))

    def _found(self) -> QuerySet[Document]:
        found = inbox_of(self.page.book) if self.nature == TO_SORT else documents_of(self.page.book)
        if self.nature in KINDS:
            found = found.filter(kind=KINDS[self.nature][0])
        return found.filter(holding(self.searched)) if self.searched else found


def holding(typed: str) -> Q:
    """Return the condition of the documents that hold each word, in their title or text; or that bear an amount."""
    condition = Q()
    for word in search_words(typed):
        condition &= Q(words__contains=word)
    with suppress(InvalidAmount):
        amount = abs(parse_amount(typed))
        # « 2476 » finds 2 476,20: people remember euros
        condition |= Q(found_amount__range=(amount, amount + 99)) if typed.isdecimal() else Q(found_amount=amount)
    return condition


@dataclass
class Evidence:
    """How an operation is proven, on its page; `last_place` proposes where its paper may be."""

    page: CoopPage
    row: Operation

    accepted: ClassVar[str] = ACCEPTED

    @property
    def proof(self) -> Proof:
        return Proof(self.row.proof)

    @cached_property
    def documents(self) -> Sequence[Document]:
        return list(vouchers_of(self.row)) if self.proof is Proof.JOINED else ()

    @property
    def last_place(self) -> str:
        return self.row.proof_place or self.row.last_place or ""


@dataclass
class Missing:
    """The operations without voucher. `said` is the key of the one of which something was just said, to be undone."""

    page: CoopPage
    address: Mapping[str, str]

    accepted: ClassVar[str] = ACCEPTED

    @cached_property
    def rows(self) -> Page[Any]:
        waiting = Operation.objects.filter(book=self.page.book, proof=Proof.MISSING, opening=False).order_by("date", "pk")
        paginator = Paginator(waiting.values_list(*CANDIDATE), MISSING_A_PAGE)
        paginator.count = self.page.book.unproven_count
        page: Page[Any] = paginator.get_page(self.address.get("page", "1"))
        page.object_list = [Candidate(*row) for row in page.object_list]
        return page

    @cached_property
    def to_sort(self) -> tuple[list[Document], bool]:
        waiting = list(inbox_of(self.page.book)[: 2 * SORTED_AT_ONCE + 1])
        return waiting[: 2 * SORTED_AT_ONCE], len(waiting) > 2 * SORTED_AT_ONCE

    @cached_property
    def last_place(self) -> str:
        return places_of(self.page.book).first() or ""

    @property
    def papers(self) -> int:
        """Of how many operations it was just said at once that their vouchers are on paper."""
        return read_key(self.address.get("papiers", "")) or 0

    @property
    def since(self) -> int:
        return read_key(self.address.get("depuis", "")) or 0

    @cached_property
    def next_key(self) -> int | None:
        """The line to go on with, after one of which something was just said."""
        if self.said is None:
            return None
        said = (self.said.date, self.said.pk)
        return next((one.key for one in self.rows.object_list if (one.date, one.key) > said), None)

    @cached_property
    def said(self) -> Operation | None:
        key = read_key(self.address.get("dite", ""))
        return Operation.objects.filter(book=self.page.book, pk=key).exclude(proof=Proof.MISSING).first() if key else None


@dataclass
class OneDocument:
    """A document on its page: what it proves, and the operations that it might."""

    page: CoopPage
    document: Document
    searched: str = ""

    @cached_property
    def proves(self) -> Sequence[Operation]:
        return list(Operation.objects.filter(vouchers__document=self.document).order_by("date", "pk"))

    @property
    def may_prove(self) -> bool:
        """Whether the page asks which operation it proves."""
        return self.document.kind == DocumentKind.VOUCHER

    @cached_property
    def proposal(self) -> Proposal | None:
        waits = self.may_prove and not self.proves and not self.searched
        return proposals_for(self.page.book, [self.document]).get(self.document.pk) if waits else None

    @cached_property
    def choices(self) -> list[Candidate]:
        """The operations found, those without voucher first; where nothing is searched, those that wait, from the document's day on."""
        rows = Operation.objects.filter(book=self.page.book, opening=False).exclude(vouchers__document=self.document)
        if self.searched:
            rows = rows.filter(holding_words(self.page.book, self.searched)).order_by("proof", "date", "pk")
        else:
            rows = rows.filter(proof=Proof.MISSING, date__gte=day_of(self.document)).order_by("date", "pk")
        proposed = self.proposal.operation.key if self.proposal else None
        return [Candidate(*row) for row in rows.values_list(*CANDIDATE)[:CHOICES] if row[0] != proposed]


def joined_operation(book: Book, address: Mapping[str, str]) -> tuple[int, Operation] | None:
    """Return the document (`joint`) and the operation (`operation`) that were just tied together, so that it can be undone."""
    document, operation = (read_key(address.get(name, "")) for name in ("joint", "operation"))
    if document is None or operation is None:
        return None
    row = Operation.objects.filter(book=book, pk=operation, vouchers__document=document).first()
    return (document, row) if row else None
