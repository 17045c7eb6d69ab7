"""What people of the AD or of the federation changed in a coop's books, told to the coop until it has seen it: from the trail alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from retkoop.assistance.models import VisitMark
from retkoop.audit.models import AuditEvent
from retkoop.audit.statements import prepared
from retkoop.books.models import Operation
from retkoop.network.access import Access
from retkoop.network.models import AD_KINDS, Coop, RoleKind
from retkoop.ui.days import format_long
from retkoop.ui.templates import plural

FROM_AFAR: Final = (*AD_KINDS, RoleKind.FEDERATION)
BOOKS: Final = ("books.", "banking.", "registers.", "archive.")
"""Records of these rooms are the coop's books; what an AD writes about them elsewhere is its own."""
MOST: Final = 500
"""Events looked at, the latest; whoever changed more is told of these."""


class Deed(NamedTuple):
    """What the trail keeps of one change."""

    sequence: int
    day: date
    name: str
    role: str
    subject: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What one person changed on one day: so many lines of the cahier, so many other things; `last` is the last place in the chain."""

    name: str
    role: str
    day: date
    lines: int
    others: int
    last: int

    def sentence(self, association: str) -> str:
        """Say it in one line: « Julie Martin (OCCE 91) a modifié 2 lignes le 3 mars 2026 »."""
        place = "fédération" if self.role == RoleKind.FEDERATION else association
        lines = f"modifié {plural(self.lines, 'ligne')}" if self.lines else ""
        words = ("autre changement", "autres changements") if lines else ("changement", None)
        others = f"fait {plural(self.others, *words)}" if self.others else ""
        done = " et ".join(filter(None, (lines, others)))
        return f"{self.name} ({place}) a {done} le {format_long(self.day)}"


def deeds_after(coop: Coop, sequence: int, since: datetime | None = None) -> list[Deed]:
    """Return what was changed in a coop's books from afar after a place of its chain (and a moment), the latest first."""
    events = AuditEvent.objects.filter(chain=coop.chain, role__in=FROM_AFAR, sequence__gt=sequence).order_by("-sequence")
    events = events if since is None else events.filter(at__gte=since)
    return _deeds(events.values_list(*_COLUMNS)[:MOST])


_COLUMNS: Final = ("sequence", "at", "actor_name", "role", "subject")


def _deeds(rows: Iterable[tuple[Any, ...]]) -> list[Deed]:
    return [Deed(place, timezone.localdate(at), *told) for place, at, *told in rows if told[-1].startswith(BOOKS)]


@prepared
def _unseen(chain: str, coop: int) -> QuerySet[AuditEvent, tuple[Any, ...]]:
    seen = Coalesce(Subquery(VisitMark.objects.filter(coop=coop).values("seen")), 0)
    events = AuditEvent.objects.filter(chain=chain, role__in=FROM_AFAR, sequence__gt=seen).order_by("-sequence")
    return events.values_list(*_COLUMNS)[:MOST]


def visits_of(deeds: Iterable[Deed]) -> list[Visit]:
    """Put together what one person changed on one day, the latest first; a thing that was changed twice counts once."""
    grouped: dict[tuple[date, str, str], list[Deed]] = {}
    for deed in deeds:
        grouped.setdefault((deed.day, deed.name, deed.role), []).append(deed)
    return [_visit(name, role, day, found) for (day, name, role), found in grouped.items()]


def _visit(name: str, role: str, day: date, deeds: Sequence[Deed]) -> Visit:
    subjects = {deed.subject for deed in deeds}
    lines = sum(subject.startswith(f"{Operation._meta.label_lower}:") for subject in subjects)
    return Visit(name, role, day, lines, len(subjects) - lines, max(deed.sequence for deed in deeds))


def unseen_visits(access: Access) -> list[Visit]:
    """Return what a coop has not seen yet of what was changed from afar; nothing for those who look from there. Named by HOME_VISITS."""
    if access.from_afar or access.by_merger:
        return []
    return visits_of(_deeds(_unseen(access.coop.chain, access.coop.pk)))
