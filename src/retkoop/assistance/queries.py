"""Reading help from afar: the threads of a coop and of an AD, one thread with who has read it, answers kept ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import Http404

from retkoop.archive.models import Document
from retkoop.assistance.facts import awaiting_answer, last_message, waiting_since
from retkoop.assistance.models import CannedAnswer, Message, Thread, ThreadSight
from retkoop.books.page import CoopPage
from retkoop.domain.chart import search_words
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import Coop, DepartmentalAssociation
from retkoop.users.models import User

A_PAGE: Final = 50
VIEWS: Final = {"a-repondre": "À répondre", "miennes": "Les miennes", "ouvertes": "Toutes celles ouvertes", "reglees": "Réglées"}
"""What the list of an AD may show, by its name in the address."""


def _told(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """Add to threads when and by whom was written last, and since when an answer is waited for."""
    return threads.annotate(
        last_at=last_message("at"), last_name=last_message("name"), waiting_since=waiting_since(), last_from_afar=last_message("from_afar")
    )


def threads_of(coop: Coop, user: User, *, from_afar: bool, page: str | None) -> Page[Thread]:
    """Return a page of a coop's threads of all years: the open ones first, the latest first; `unread` says what a person has not read."""
    seen = ThreadSight.objects.filter(thread=OuterRef("thread"), user=user, from_afar=from_afar).values("message")[:1]
    strange = Message.objects.filter(~Q(from_afar=from_afar), thread=OuterRef("pk"))
    unread = Exists(strange.annotate(seen=Subquery(seen)).filter(Q(seen__isnull=True) | Q(pk__gt=F("seen"))))
    rows = _told(Thread.objects.filter(coop=coop)).annotate(unread=unread).select_related("book")
    ordered = rows.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")
    return cast("Page[Thread]", Paginator(ordered, A_PAGE).get_page(page))


def threads_before(association: DepartmentalAssociation, user: User, view: str, searched: str, page: str | None) -> Page[Thread]:
    """Return a page of the threads of an AD: the one that has waited longest for an answer first; settled ones, the latest first."""
    threads = Thread.objects.filter(coop__association=association, closed_at__isnull=view != "reglees")
    if view == "a-repondre":
        threads = awaiting_answer(threads)
    elif view == "miennes":
        threads = threads.filter(Exists(Message.objects.filter(thread=OuterRef("pk"), author=user)))
    for word in search_words(searched):
        threads = threads.filter(Q(coop__words__contains=word) | Q(topic__icontains=word))
    rows = _told(threads).select_related("coop", "book")
    order = [F("closed_at").desc()] if view == "reglees" else [F("waiting_since").asc(nulls_last=True), F("opened_at").asc()]
    return Paginator(rows.order_by(*order, "pk"), A_PAGE).get_page(page)


def counts_before(association: DepartmentalAssociation) -> dict[str, int]:
    """Return how many open threads an AD has, and how many of them wait for its answer, in one query."""
    threads = Thread.objects.filter(coop__association=association, closed_at__isnull=True)
    told = threads.annotate(last_from_afar=last_message("from_afar"))
    return told.aggregate(ouvertes=Count("pk"), **{"a-repondre": Count("pk", filter=Q(last_from_afar=False))})


def thread_of(access: Access, year: SchoolYear, key: int) -> Thread:
    """Return a thread of a coop's year, with its book. Raises Http404 for any other."""
    thread = Thread.objects.filter(coop=access.coop, book__start=year.start, pk=key).select_related("book").first()
    if thread is None:
        raise Http404
    thread.coop = thread.book.coop = access.coop
    return thread


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as its page shows it: with its document where it is still there, and the names of those who read it last."""

    row: Message
    document: Document | None
    seen_by: tuple[ThreadSight, ...]

    @property
    def lost_document(self) -> bool:
        return self.row.document_id is not None and self.document is None


def messages_of(thread: Thread) -> list[ShownMessage]:
    """Return the messages of a thread, the oldest first; a reader stands under the last message that they had before them."""
    told = Message.objects.filter(thread=thread).select_related("document").defer("document__text", "document__words")
    sights = list(ThreadSight.objects.filter(thread=thread))
    return [ShownMessage(row, row.document, _readers(row, sights)) for row in told]


def _readers(row: Message, sights: Sequence[ThreadSight]) -> tuple[ThreadSight, ...]:
    return tuple(one for one in sights if one.message == row.pk and one.user_id != row.author_id)


def unread_by(access: Access, shown: Sequence[ShownMessage]) -> int:
    """Return the key of the last of some messages where a person has not read as far; 0 where they have, or wrote it."""
    last = shown[-1]
    has_read = last.row.author_id == access.user.pk or any(sight.user_id == access.user.pk for sight in last.seen_by)
    return 0 if access.by_merger or has_read else last.row.pk


def canned_answers(association: DepartmentalAssociation | None) -> list[CannedAnswer]:
    """Return the answers kept ready by an AD, and by the federation for it; by the federation alone where no AD is given."""
    return list(_offered(association).order_by(F("association").asc(nulls_last=True), "title", "pk"))


def _offered(association: DepartmentalAssociation | None) -> QuerySet[CannedAnswer]:
    return CannedAnswer.objects.filter(Q(association=None) | Q(association=association))


def canned_answer(association: DepartmentalAssociation | None, key: int) -> CannedAnswer:
    """Return an answer that an AD, or the federation, keeps ready itself. Raises Http404 for any other."""
    answer = CannedAnswer.objects.filter(association=association, pk=key).first()
    if answer is None:
        raise Http404
    return answer


Choices = list[tuple[str, str]]
"""Things to choose from: key and words."""
CHOICES: Final = 200


@dataclass(frozen=True, slots=True)
class AtHand:
    """What a message can be made of: the latest documents of the year and, from afar, the answers kept ready."""

    documents: Choices
    canned: Choices


def at_hand(page: CoopPage) -> AtHand:
    """Return what a message on a page can be made of, in one query."""
    rows = Document.objects.filter(coop=page.coop, start=page.book.start).order_by()
    told = rows.annotate(what=Value("d"), words_of=F("label")).values_list("what", "pk", "words_of")
    if page.access.from_afar:
        answers = (
            _offered(page.coop.association).order_by().annotate(what=Case(When(association=None, then=Value("f")), default=Value("a")))
        )
        told = told.union(answers.annotate(words_of=F("title")).values_list("what", "pk", "words_of"), all=True)
    found = list(told)
    documents = sorted(((key, words) for what, key, words in found if what == "d"), reverse=True)[:CHOICES]
    canned = sorted((what, words, key) for what, key, words in found if what != "d")
    return AtHand(
        [(str(key), words) for key, words in documents],
        [(str(key), f"{words} (fédération)" if what == "f" else words) for what, words, key in canned],
    )


def canned_text(page: CoopPage, key: int | None) -> str:
    """Return the words of an answer kept ready that is offered on a page; none where it is not."""
    offered = _offered(page.coop.association).filter(pk=key or 0) if page.access.from_afar else CannedAnswer.objects.none()
    return offered.values_list("text", flat=True).first() or ""
