"""Reading relances: the campaigns of an AD, what became of their letters, the year in its calendar, the last contact of a coop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone

from retkoop.domain.board import year_shown
from retkoop.domain.dates import MONTHS
from retkoop.domain.reminders import KINDS, USUAL, ReminderDay, ReminderKind, UsualReminder
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.oversight.board.queries import facts_of, rule_of
from retkoop.oversight.reminders.models import Campaign, Reminder, Way

A_PAGE: Final = 50
NEAR: Final = timedelta(days=7)
"""A campaign for the same thing so near to a usual day stands for it."""

FATES: Final[dict[str, tuple[str, dict[str, object]]]] = {
    "envoyes": ("Envoyés", {"way": Way.MAIL, "letter__sent_at__isnull": False, "letter__bounced_at": None}),
    "en-attente": ("En attente", {"letter__next_try_at__isnull": False}),
    "reponses": ("Réponses", {"letter__answered_at__isnull": False}),
    "refuses": ("Refusés", {"letter__bounced_at__isnull": False}),
    "abandonnes": ("Non partis", {"letter__failed_at__isnull": False}),
    "courriers": ("Courriers", {"way": Way.POST}),
    "laissees": ("Laissées de côté", {"reason__gt": ""}),
}
"""What may have become of an address in a campaign, by the word in the page's address: its name, which rows."""
_MAILED: Final = Q(reminders__reason="", reminders__way=Way.MAIL)


def campaigns_of(association: DepartmentalAssociation, number: str | None) -> Page[Campaign]:
    """Return a page of the campaigns that have left, the latest first, each with how many letters it has, and of which fate."""
    rows = Campaign.objects.filter(association=association, started_at__isnull=False).annotate(**_counts()).order_by("-started_at", "-pk")
    return Paginator(rows, A_PAGE).get_page(number)


def _counts() -> dict[str, Count]:
    """Count the reminders of a campaign by fate, under the keys of FATES, and those that are letters."""
    on_them = {key: Q(**{f"reminders__{name}": value for name, value in rows.items()}) for key, (_, rows) in FATES.items()}
    counts = {_column(key): Count("reminders", filter=condition) for key, condition in on_them.items()}
    return {"letters": Count("reminders", filter=_MAILED), **counts}


def _column(key: str) -> str:
    return key.replace("-", "_")


def tallies(campaign: Campaign) -> list[tuple[str, str, int]]:
    """Return the key, the name and the number of each fate that a campaign of `campaign_of` knows."""
    return [(key, label, getattr(campaign, _column(key))) for key, (label, _) in FATES.items()]


def campaign_of(association: DepartmentalAssociation, key: int) -> Campaign:
    """Return a campaign of an AD, with the counts of its letters. Raises Http404 for any other."""
    row = (
        Campaign.objects.filter(association=association, pk=key).annotate(**_counts(), done=Count("reminders__coop", distinct=True)).first()
    )
    if row is None:
        raise Http404
    row.association = association
    return row


def reminders_of(campaign: Campaign, seen: str, number: str | None) -> Page[Reminder]:
    """Return a page of what became of each address of a campaign; `seen` is a key of FATES, or "" for all."""
    rows = Reminder.objects.filter(campaign=campaign).select_related("coop", "letter").prefetch_related("letter__answers")
    return Paginator(rows.filter(**FATES[seen][1]) if seen in FATES else rows, A_PAGE).get_page(number)


def concerned(association: DepartmentalAssociation) -> list[tuple[ReminderKind, int | None]]:
    """Return how many coops each kind concerns today; None where it speaks of another year than the board."""
    today = timezone.localdate()
    when = ReminderDay(today, rule_of(association, year_shown(today)))
    facts = facts_of(association, when.rule.year, when.rule)
    told: list[tuple[ReminderKind, int | None]] = []
    for kind in KINDS:
        same = kind.year_on(today) == when.rule.year
        told.append((kind, sum(kind.concerns(one, when) for one in facts) if same else None))
    return told


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a day of the calendar: a campaign, or one that is usual then and that nobody has planned."""

    day: date
    kind: ReminderKind
    campaign: Campaign | None = None

    @property
    def missed(self) -> bool:
        """Planned for a day that passed while nothing could leave."""
        row = self.campaign
        return row is not None and row.started_at is None and not row.switched_off and self.day < timezone.localdate() - NEAR


def calendar_of(association: DepartmentalAssociation, year: SchoolYear) -> list[tuple[str, list[Entry]]]:
    """Return the twelve months of a school year with their names and what is in them."""
    within = Q(planned_on__range=(year.first_day, year.last_day)) | Q(started_at__date__range=(year.first_day, year.last_day))
    rows = Campaign.objects.filter(within, association=association).annotate(letters=Count("reminders", filter=_MAILED))
    entries = [Entry(_day_of(row), row.about, row) for row in rows]
    entries += list(_proposed(year, entries))
    months = [(month - 1) % 12 + 1 for month in range(9, 21)]
    ordered = sorted(entries, key=lambda entry: entry.day)
    return [(MONTHS[month - 1].capitalize(), [one for one in ordered if one.day.month == month]) for month in months]


def _day_of(row: Campaign) -> date:
    if row.started_at is not None:
        return timezone.localdate(row.started_at)
    return row.planned_on or timezone.localdate(row.made_at)


def _proposed(year: SchoolYear, entries: list[Entry]) -> Iterator[Entry]:
    today, kinds = timezone.localdate(), {kind.key: kind for kind in KINDS}
    for usual in USUAL:
        day = usual.date_in(year)
        if day > today and not _stands(usual, day, entries):
            yield Entry(day, kinds[usual.kind])


def _stands(usual: UsualReminder, day: date, entries: list[Entry]) -> bool:
    return any(one.kind.key == usual.kind and abs(one.day - day) <= NEAR for one in entries)
