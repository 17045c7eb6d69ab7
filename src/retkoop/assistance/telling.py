"""In the evening, a coop is told by mail what was changed in its books from afar that day, unless it has seen it: once a day at most."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from retkoop.assistance.letters import tell_visits
from retkoop.assistance.models import VisitMark
from retkoop.assistance.visits import FROM_AFAR, deeds_after, visits_of
from retkoop.audit.models import AuditEvent
from retkoop.books.queries import books_of
from retkoop.network.models import Coop

EVENING: Final = time(18)
REACH: Final = timedelta(days=2)
"""What is older is told on the first page alone: the worker was off on that evening, or there was no mail."""
_TOLD: Final[set[date]] = set()
"""The day on which all coops have been told."""


def tell_the_day() -> int:
    """Tell each coop what it has not seen; return how many letters were queued. Before the evening, and once all are told, nothing."""
    now = timezone.localtime()
    if now.time() < EVENING or now.date() in _TOLD:
        return 0
    since = AuditEvent.objects.filter(role__in=FROM_AFAR, at__gte=now - REACH).order_by()
    names = sorted(name for name in set(since.values_list("chain", flat=True)) if name.startswith("coop "))
    coops = Coop.objects.filter(rne__in=[name.removeprefix("coop ") for name in names]).select_related("association")
    letters = sum(_tell(coop, now) for coop in coops)
    _TOLD.clear()
    _TOLD.add(now.date())
    return letters


def _tell(coop: Coop, now: datetime) -> bool:
    """Tell one coop, under the lock of its mark: another worker that comes at the same time finds it told."""
    with transaction.atomic():
        VisitMark.objects.get_or_create(coop=coop)
        mark = VisitMark.objects.select_for_update().get(coop=coop)
        deeds = deeds_after(coop, max(mark.seen, mark.told), since=now - REACH)
        books = books_of(coop)
        if mark.told_on == now.date() or not deeds or not books:
            return False
        mark.told, mark.told_on = deeds[0].sequence, now.date()
        mark.save(update_fields=["told", "told_on"])
        return tell_visits(coop, visits_of(deeds), books[0].year)
