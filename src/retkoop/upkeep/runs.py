"""Backups and verifications as they are run: one at a time in an installation, noted with how they went, told by mail where they failed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.core.management import call_command
from django.utils import timezone

from retkoop.mailing.services import erase_old_letters
from retkoop.upkeep.backups.making import Backup
from retkoop.upkeep.backups.places import back_up
from retkoop.upkeep.backups.refusals import CannotBackUp
from retkoop.upkeep.evidence import sweep
from retkoop.upkeep.locks import alone
from retkoop.upkeep.models import UpkeepRun
from retkoop.upkeep.queries import BACKUP, VERIFICATION, last_run
from retkoop.upkeep.verification import faults

_MOST_FAULTS: Final = 100
"""A note holds no more of them: `retkoop verify` tells them all."""
_KEPT: Final = timedelta(days=400)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run went."""

    ok: bool
    message: str
    size: int | None = None


def run_backup(*, if_due: Callable[[], bool] = lambda: True) -> UpkeepRun | None:
    """Make a backup where the settings say; None while another process makes one, or has just made it."""
    return _run(BACKUP, _backup, if_due)


def run_verification(*, if_due: Callable[[], bool] = lambda: True) -> UpkeepRun | None:
    """Verify the installation; None while another process does, or has just done it."""
    return _run(VERIFICATION, _verification, if_due)


def troubles_of(backup: Backup) -> list[str]:
    """Say what a backup could not hold as it should be."""
    said = [f"document {digest} : absent, la sauvegarde est faite sans lui" for digest in backup.missing]
    return said + [f"document {digest} : modifié, sauvegardé tel qu’il est" for digest in backup.altered]


def _backup() -> Outcome:
    try:
        backup = back_up(at=timezone.now())
    except CannotBackUp as refusal:
        return Outcome(ok=False, message=str(refusal))
    return Outcome(ok=True, message="\n".join([str(backup.file), *troubles_of(backup)[:_MOST_FAULTS]]), size=backup.size)


def _verification() -> Outcome:
    call_command("prune_db_task_results", queue_name="*", verbosity=0)
    UpkeepRun.objects.filter(ended__lt=timezone.now() - _KEPT).delete()
    erase_old_letters(now=timezone.now())
    sweep()
    found = list(islice(faults(), _MOST_FAULTS))
    return Outcome(ok=not found, message="\n".join(found))


def _run(kind: UpkeepRun.Kind, work: Callable[[], Outcome], if_due: Callable[[], bool]) -> UpkeepRun | None:
    with alone(kind.value) as free:
        if not (free and if_due()):
            return None
        started, before = timezone.now(), last_run(kind)
        try:
            outcome = work()
        except Exception as trouble:  # noqa: BLE001 -- a fault of ours must be noted and told like any other
            _log.exception("%s", kind.label)
            outcome = Outcome(ok=False, message=f"{type(trouble).__name__} : {trouble}")
        if not outcome.ok:
            _log.error("%s : %s", kind.label, outcome.message)
            _tell(kind, outcome, before)
        return UpkeepRun.objects.create(
            kind=kind, started=started, ended=timezone.now(), ok=outcome.ok, message=outcome.message, size=outcome.size
        )


def _tell(kind: UpkeepRun.Kind, outcome: Outcome, before: UpkeepRun | None) -> None:
    """Write to whoever keeps the installation: at once when it begins to fail, then once a day."""
    today = timezone.localdate()
    told = before is not None and not before.ok and timezone.localdate(before.started) == today
    if told or not settings.UPKEEP_MAIL or not settings.CAN_SEND_MAIL:
        return
    subject = f"Retkoop : {_FAILED[kind]}"
    body = f"{settings.PUBLIC_URL}\n\n{outcome.message}\n\nLa page de la fédération et celles des associations le disent aussi.\n"
    try:
        send_mail(subject, body, None, settings.UPKEEP_MAIL)
    except (SMTPException, OSError):
        _log.exception("le courriel n’est pas parti")


_FAILED: Final = {BACKUP: "la sauvegarde a échoué", VERIFICATION: "la vérification a trouvé des anomalies"}
