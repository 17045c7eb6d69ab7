"""What is known of backups and verifications."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils import timezone

from retkoop.audit.statements import prepared
from retkoop.mailing.queries import waiting_letters
from retkoop.ui.days import format_moment
from retkoop.upkeep.models import UpkeepRun

BACKUP: Final = UpkeepRun.Kind.BACKUP
VERIFICATION: Final = UpkeepRun.Kind.VERIFICATION
LATE: Final = timedelta(hours=26)
"""A night and its delay: an installation that was on has made a backup since."""

Remark = tuple[str, str]
"""A tone of `ui` (`plain`, `warn`, `bad`) and a sentence."""


_RUN: Final = [field.attname for field in UpkeepRun._meta.concrete_fields]


@prepared
def _runs(kind: str) -> QuerySet[UpkeepRun, tuple[Any, ...]]:
    return UpkeepRun.objects.filter(kind=kind).values_list(*_RUN)[:1]


def last_run(kind: str) -> UpkeepRun | None:
    return next((UpkeepRun.from_db(DEFAULT_DB_ALIAS, _RUN, row) for row in _runs(kind)), None)


def last_good(kind: str) -> UpkeepRun | None:
    return UpkeepRun.objects.filter(kind=kind, ok=True).first()


def first_run(kind: str) -> UpkeepRun | None:
    return UpkeepRun.objects.filter(kind=kind).last()


def remarks() -> list[Remark]:
    """Say when the last good backup and verification were, or plainly that something is wrong with them; and that letters wait."""
    now = timezone.now()
    return [_of_backups(last_run(BACKUP), now), _of_verifications(last_run(VERIFICATION), now), *_of_letters(now)]


def _of_letters(now: datetime) -> list[Remark]:
    count, since = waiting_letters()
    if since is None:
        return []
    waiting = "1 courriel attend" if count == 1 else f"{count} courriels attendent"
    said = f"{waiting}\u202f: le serveur de messagerie ne répond pas depuis {spoken(since, now)}."
    return [("warn", f"{said} Retkoop réessaie tout seul pendant trois jours.")]


def _of_backups(last: UpkeepRun | None, now: datetime) -> Remark:
    if last is None:
        return "plain", "Aucune sauvegarde encore\u202f: la première se fait dans la minute qui suit l’ouverture de Retkoop."
    good = last if last.ok else last_good(BACKUP)
    said = f"Dernière sauvegarde réussie\u202f: {spoken(good.started, now)}." if good else "Aucune sauvegarde n’a encore réussi."
    if not last.ok:
        return "bad", f"La sauvegarde a échoué ({spoken(last.started, now)}). {said} {_CALL}"
    if now - last.started > LATE:
        return "bad", f"{said} Aucune n’a été faite depuis. {_CALL}"
    return "plain", said


def _of_verifications(last: UpkeepRun | None, now: datetime) -> Remark:
    if last is None:
        return "plain", "Aucune vérification encore\u202f: la première se fait la nuit prochaine."
    if last.ok:
        return "plain", f"Dernière vérification\u202f: {spoken(last.started, now)}, tout est juste."
    return "bad", f"La vérification a trouvé des anomalies ({spoken(last.started, now)}). {_CALL}"


_CALL: Final = "Prévenez la personne qui entretient cette installation."


def spoken(at: datetime, now: datetime) -> str:
    """Say a moment as one would: `aujourd’hui à 14 h 05`, `hier à 8 h 00`, `le 12 novembre 2026 à 8 h 05`."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    day = {today: "aujourd’hui", today - timedelta(days=1): "hier"}.get(local.date())
    return f"{day} à {local.hour}\u00a0h\u00a0{local.minute:02d}" if day else f"le {format_moment(at)}"
