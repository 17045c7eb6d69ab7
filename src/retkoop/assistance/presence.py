"""The pulse of a page in sight: who else is on the coop's pages, and what another hand has changed. Two questions, nothing that stays."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from retkoop.assistance.models import Presence
from retkoop.assistance.people import display_name
from retkoop.audit.models import AuditEvent
from retkoop.audit.statements import Insert, prepared
from retkoop.network.access import Access

HERE: Final = timedelta(seconds=40)
"""A page in sight says so every fifteen seconds at least: whoever has said nothing for this long is gone."""
RENEWED: Final = timedelta(seconds=8)
KEPT: Final = timedelta(minutes=2)
_PUT: Final = Insert(Presence, conflict=("coop_id", "session"), updates=("user_id", "name", "from_afar", "path", "title", "at"))


@dataclass(frozen=True, slots=True)
class Sight:
    """Where somebody is: the session and what it has before it, `known` the place of the chain that its page shows (None: not said)."""

    session: str
    path: str
    title: str
    known: int | None


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else on the coop's pages; `own`: with the same account."""

    name: str
    path: str
    title: str
    from_afar: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a page hears: the last place of the chain, who changed something since the one that it shows ("" where nobody did)."""

    place: int
    by: str
    own: bool
    others: tuple[Other, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def sight(access: Access, *, session_key: str, path: str, title: str, known: int | None) -> Sight:
    """Return where somebody is; a page that is not one of this coop's is told to nobody."""
    path = path.partition("?")[0].partition("#")[0]  # what was searched for is nobody else's
    inside = path.startswith(f"/coop/{access.coop.rne}/") and len(path) <= 300 and path.isprintable()
    digest = sha256(session_key.encode()).hexdigest()[:32]
    return Sight(digest, path if inside else "", _line(title)[:150] if inside else "", known)


def _line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


@prepared
def _present(coop: int, since: datetime) -> QuerySet[Presence, tuple[Any, ...]]:
    rows = Presence.objects.filter(coop=coop, at__gt=since).order_by("at", "pk")
    return rows.values_list("session", "user", "name", "from_afar", "path", "title", "at")


@prepared
def _changes(chain: str, place: int) -> QuerySet[AuditEvent, tuple[Any, ...]]:
    return AuditEvent.objects.filter(chain=chain, sequence__gt=place).order_by("-sequence").values_list("actor", "actor_name")[:50]


def take_pulse(*, access: Access, seen: Sight) -> Pulse:
    """Say that somebody is there, and return who else is, and whether another hand has changed the coop's books meanwhile."""
    now = timezone.now()
    rows = _present(access.coop.pk, now - HERE)
    mine = next((row for row in rows if row[0] == seen.session), None)
    if mine is None or mine[1] != access.user.pk or mine[4:6] != (seen.path, seen.title) or mine[6] < now - RENEWED:
        _stay(access, seen, now)
    others = {  # somebody with two browsers is where they were last
        user: Other(name, path, title, from_afar, user == access.user.pk)
        for session, user, name, from_afar, path, title, _ in rows
        if session != seen.session
    }
    place = access.coop.told_sequence
    hands = _changes(access.coop.chain, seen.known) if seen.known is not None and place > seen.known else []
    by, own = _hand(access, [*hands])
    return Pulse(place, by, own, tuple(others.values()))


def _stay(access: Access, seen: Sight, now: datetime) -> None:
    row = Presence(coop=access.coop, session=seen.session, user=access.user, name=display_name(access), from_afar=access.from_afar)
    row.path, row.title, row.at = seen.path, seen.title, now
    _PUT.many([row])


def _hand(access: Access, hands: list[tuple[Any, ...]]) -> tuple[str, bool]:
    """Return whose hand it was, another's before one's own account's."""
    other = next((name for user, name in hands if user != access.user.pk), "")
    return (other, False) if other else (hands[0][1] if hands else "", bool(hands))


def forget_the_gone() -> int:
    """Remove those who have said nothing for two minutes; return how many. Where there are none, nothing is locked."""
    gone = Presence.objects.filter(at__lt=timezone.now() - KEPT)
    return gone.delete()[0] if gone.exists() else 0
