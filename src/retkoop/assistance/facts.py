"""What the frames of pages tell of help, read along with the coop or the AD itself: no page asks a question more for it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from retkoop.assistance.models import Message, Thread, ThreadSight
from retkoop.audit.models import Chain


def coop_facts() -> dict[str, Any]:
    """Return columns of a coop: the last place of its chain, threads with an answer that none of its people has seen, threads that wait
    for its AD. Named by the setting COOP_FACTS.
    """
    threads = Thread.objects.filter(coop=OuterRef("pk"))
    return {
        "sequence": Subquery(Chain.objects.filter(name=Concat(Value("coop "), OuterRef("rne"))).values("sequence")),
        "unread": _counted(threads.filter(Exists(_unseen()))),
        "waiting": _counted(awaiting_answer(threads)),
    }


def association_facts() -> dict[str, Any]:
    """Return columns of an AD: the threads that wait for its answer. Named by the setting ASSOCIATION_FACTS."""
    return {"waiting": _counted(awaiting_answer(Thread.objects.filter(coop__association=OuterRef("pk"))))}


def awaiting_answer(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """Return the open threads in which the coop wrote last."""
    return threads.filter(closed_at__isnull=True).annotate(last_from_afar=last_message("from_afar")).filter(last_from_afar=False)


def last_message(column: str) -> Subquery:
    """Return a column of the last message of a thread."""
    return Subquery(Message.objects.filter(thread=OuterRef("pk")).order_by("-pk").values(column)[:1])


def waiting_since() -> Subquery:
    """Return when the coop wrote what its AD has not answered, None where it is the coop's turn."""
    answered = Message.objects.filter(thread=OuterRef("thread"), from_afar=True).order_by("-pk").values("pk")[:1]
    asked = Message.objects.filter(thread=OuterRef("pk"), from_afar=False, pk__gt=Coalesce(Subquery(answered), 0))
    return Subquery(asked.order_by("pk").values("at")[:1])


def _unseen() -> QuerySet[Message]:
    """Return the messages from afar of a thread that none of the coop's people has had before them."""
    sights = ThreadSight.objects.filter(thread=OuterRef("thread"), from_afar=False).order_by().values("thread")
    seen = Coalesce(Subquery(sights.annotate(last=Max("message")).values("last")), 0)
    return Message.objects.filter(thread=OuterRef("pk"), from_afar=True, pk__gt=seen)


def _counted(threads: QuerySet[Any]) -> Any:  # noqa: ANN401 -- a column
    rows = threads.order_by().annotate(one=Value(1)).values("one").annotate(count=Count(F("pk"))).values("count")
    return Coalesce(Subquery(rows), 0)
