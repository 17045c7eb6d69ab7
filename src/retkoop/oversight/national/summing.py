"""The national figures, made again AD after AD by the worker: one transaction each, so that nobody waits long for another.

Two workers that began at once would do the same work twice: whoever begins says so in `Summing`, and for ten minutes after its
last sign of life nobody else does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Abs
from django.utils import timezone
from django_tasks import task

from retkoop.assistance.facts import awaiting_answer
from retkoop.assistance.models import Thread
from retkoop.audit.models import AuditEvent
from retkoop.books.models import AccountTotal
from retkoop.domain.board import Readiness, is_late, readiness, year_shown
from retkoop.domain.chart import national_code
from retkoop.domain.closing import SEALED_STATES, ClosingState
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.oversight.board.queries import facts_of, rule_of
from retkoop.oversight.national.models import NationalState, NationalTotal, Summing

BETWEEN: Final = timedelta(minutes=15)
DAY: Final = range(7, 21)
"""The hours in which people look at these figures."""
_LOST: Final = timedelta(minutes=10)
SENT_STATES: Final = SEALED_STATES | {ClosingState.SENT}
_ONE: Final = 1
"""The key of the one row of Summing."""


def ask_for_figures() -> None:
    """Have the worker make the national figures again now; done already or under way, nothing more happens."""
    now = timezone.now()
    Summing.objects.get_or_create(pk=_ONE)
    if Summing.objects.filter(Q(asked_at=None) | Q(asked_at__lt=now - _LOST), pk=_ONE).update(asked_at=now):
        sum_up_now.enqueue()


@task()
def sum_up_now() -> None:
    """Make the national figures of all years again."""
    sum_up(whole=True)


def sum_up_when_due(*, last_night: datetime) -> bool:
    """Make the national figures again where it is time: all of them each night, by day those that change, where anything did."""
    row, now = Summing.objects.filter(pk=_ONE).first(), timezone.now()
    if row is None or row.ended_at is None or row.ended_at < last_night:
        return sum_up(whole=True)
    due = now - row.ended_at >= BETWEEN and timezone.localtime(now).hour in DAY
    return due and row.event != _last_event() and sum_up(whole=False)


def sum_up(*, whole: bool) -> bool:
    """Make the figures again, of all years (`whole`) or of those that are under way; tell whether nobody else was at it."""
    keys = list(DepartmentalAssociation.objects.order_by("department").values_list("pk", flat=True))
    if not _begun(len(keys)):
        return False
    event = _last_event()
    try:
        for number, key in enumerate(keys, start=1):
            _sum_up_one(DepartmentalAssociation.objects.get(pk=key), whole=whole)
            Summing.objects.filter(pk=_ONE).update(done=number, beat_at=timezone.now())
        Summing.objects.filter(pk=_ONE).update(ended_at=timezone.now(), event=event)
    finally:
        Summing.objects.filter(pk=_ONE).update(begun_at=None, asked_at=None)
    return True


def _begun(total: int) -> bool:
    """Say in the one row that the work begins; False where somebody else is at it."""
    now = timezone.now()
    Summing.objects.get_or_create(pk=_ONE)
    free = Summing.objects.filter(Q(begun_at=None) | Q(beat_at__lt=now - _LOST), pk=_ONE)
    return bool(free.update(begun_at=now, beat_at=now, done=0, total=total))


def _last_event() -> int:
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def years_under_way() -> set[int]:
    """Return the years that ADs look at now: the one that they close, and the one that runs."""
    today = timezone.localdate()
    return {year_shown(today).start, SchoolYear.containing(today).start}


@transaction.atomic
def _sum_up_one(association: DepartmentalAssociation, *, whole: bool) -> None:
    totals = _totals(association, None if whole else years_under_way())
    years = years_under_way() | ({one.start for one in totals} if whole else set())
    stale = {"association": association} if whole else {"association": association, "start__in": years}
    NationalTotal.objects.filter(**stale).delete()
    NationalTotal.objects.bulk_create(totals)
    NationalState.objects.filter(**stale).delete()
    NationalState.objects.bulk_create(_state(association, SchoolYear(start)) for start in sorted(years))


def _totals(association: DepartmentalAssociation, years: Iterable[int] | None) -> list[NationalTotal]:
    rows = AccountTotal.objects.filter(book__coop__association=association).exclude(debit=0, credit=0).order_by()
    rows = rows if years is None else rows.filter(book__start__in=years)
    summed = rows.values_list("book__start", "account")
    told = list(summed.annotate(Sum("debit"), Sum("credit"), Count("pk"), most=Max(Abs(F("debit") - F("credit")))))
    if any(national_code(account) != account for _, account, *_ in told):
        told = _by_national_account(rows.values_list("book__start", "account", "book", "debit", "credit").iterator())
    return [
        NationalTotal(association=association, start=start, account=account, debit=debit, credit=credit, coops=coops, largest=largest)
        for start, account, debit, credit, coops, largest in told
    ]


def _by_national_account(rows: Iterable[tuple[int, str, int, int, int]]) -> list[tuple[int, str, int, int, int, int]]:
    """Sum up the books of an AD that has sub-accounts: they count under their national account, a coop that uses two of them once."""
    found: dict[tuple[int, str], dict[int, tuple[int, int]]] = {}
    for start, account, book, debit, credit in rows:
        books = found.setdefault((start, national_code(account)), {})
        before = books.get(book, (0, 0))
        books[book] = (before[0] + debit, before[1] + credit)
    return [
        (*key, sum(one[0] for one in sums), sum(one[1] for one in sums), len(sums), max(abs(one[0] - one[1]) for one in sums))
        for key, sums in ((key, list(books.values())) for key, books in found.items())
    ]


def _state(association: DepartmentalAssociation, year: SchoolYear) -> NationalState:
    """Count what the board of an AD says of each coop in a year."""
    today, rule = timezone.localdate(), rule_of(association, year)
    facts = facts_of(association, year, rule)
    where = Counter(map(readiness, facts))
    sent = [one for one in facts if one.closing in SENT_STATES]
    days = sorted(one.sent_on for one in sent if one.sent_on is not None)
    return NationalState(
        association=association,
        start=year.start,
        coops=len(facts),
        activated=sum(one.activated for one in facts),
        not_ready=where[Readiness.NOT_READY],
        ready=where[Readiness.READY],
        done=where[Readiness.DONE],
        late=sum(is_late(one, today, rule) for one in facts),
        sent=len(sent),
        due=rule.due,
        first_sent=days[0] if days else None,
        last_sent=days[-1] if days else None,
        help_open=sum(one.open_help for one in facts),
        help_waiting=awaiting_answer(Thread.objects.filter(coop__association=association)).count(),
    )
