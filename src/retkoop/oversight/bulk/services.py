"""The verbs of an action on many coops: started, stopped; done by the worker, one transaction a coop.

The row of the run is the lock: whatever asks for the next coop waits for the one before to be kept, so that a double start, two workers
or one killed in the middle do nothing twice.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from retkoop.audit.pace import give_way
from retkoop.audit.services import SYSTEM, writing
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.models import AD_KINDS, Coop, DepartmentalAssociation
from retkoop.oversight.bulk.models import BulkAction, BulkFate, BulkOutcome, BulkRun
from retkoop.oversight.bulk.questions import RULES, BulkAnswer, cases_of
from retkoop.users.models import User

_BROKEN: Final = "Une erreur inattendue est survenue. Réessayez\u202f; si elle revient, prévenez qui s’occupe de l’installation."
_MOST_REASON: Final = 500
A_SLICE: Final = 20
"""How many coops one task does: letters and documents wait behind it."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What is to be done to which coops (RNEs) of an AD in a school year; `choice` is what its form says, as JSON."""

    action: BulkAction
    year: SchoolYear
    rnes: Sequence[str]
    choice: Mapping[str, Any]


def start_run(*, access: AssociationAccess, plan: BulkPlan, submission: uuid.UUID | None = None) -> BulkRun:
    """Have the worker do an action on many coops, in the name and the role of who asks. Raises Refused, AlreadySubmitted."""
    if access.role not in RULES[plan.action].roles:
        raise Refused("Votre rôle dans l’association ne permet pas cette action.")
    if not plan.rnes:
        raise Refused("Il n’y a rien à faire\u202f: choisissez au moins une coopérative.")
    with writing(access.association.chain, access.author, submission) as trail:
        run = BulkRun.objects.create(
            association=access.association,
            action=plan.action,
            start=plan.year.start,
            choice=dict(plan.choice),
            rnes=list(dict.fromkeys(plan.rnes)),
            user=access.user,
            made_by=access.user.name,
            made_at=trail.at,
        )
        trail.created(run, action="bulk.started", submission=submission)
        do_run.enqueue(run.pk)
    return run


def stop_run(*, access: AssociationAccess, key: int) -> BulkRun:
    """Stop a run: what is done stays done, no other coop is begun. Raises Refused, Http404 for another AD's."""
    if access.role not in AD_KINDS:
        raise Refused("Votre rôle ne permet pas d’arrêter cette action.")
    return _end(key=key, association=access.association, access=access, reason=f"Arrêtée par {access.user.name}.")


def _end(*, key: int, association: DepartmentalAssociation, access: AssociationAccess | None = None, reason: str = "") -> BulkRun:
    """End a run that still runs: stopped for a reason, or finished."""
    with writing(association.chain, access.author if access else SYSTEM) as trail:
        run = BulkRun.objects.select_for_update().filter(association=association, pk=key).first()
        if run is None:
            raise Http404
        run.association = association
        if run.is_running:
            before = run.snapshot()
            if reason:
                run.stopped_at, run.stop_reason = trail.at, reason
            else:
                run.finished_at = trail.at
            run.save()
            trail.changed(run, before, action="bulk.stopped" if reason else "bulk.finished")
    return run


@task()
def do_run(key: int) -> None:
    """Do some coops of a run, and leave the rest to a task behind those that wait; begun again after a crash, it goes on where it was."""
    for _ in range(A_SLICE):
        if not do_next(key=key):
            return
        give_way()
    do_run.enqueue(key)


def wake() -> None:
    """Queue the runs that are not at an end and that no task does: a step of the worker's schedule."""
    keys = list(BulkRun.objects.filter(finished_at=None, stopped_at=None).values_list("pk", flat=True))
    if not keys:
        return
    ours = DBTaskResult.objects.filter(task_path=do_run.module_path)
    waiting = [one.args_kwargs["args"][0] for tasks in (ours.ready(), ours.running()) for one in tasks]
    for key in keys:
        if key not in waiting:
            do_run.enqueue(key)


def do_next(*, key: int) -> bool:
    """Do the next coop of a run; tell whether there may be more to do."""
    association = BulkRun.objects.select_related("association").get(pk=key).association
    with transaction.atomic():
        run = BulkRun.objects.select_for_update().get(pk=key)
        if not run.is_running:
            return False
        run.association = association
        done = run.outcomes.count()
        access = _access_of(run)
        if done < len(run.rnes) and access is not None:
            _do(run, access, run.rnes[done])
            return True
    _end(key=key, association=association, reason="" if done == len(run.rnes) else _role_has_ended(run))
    return False


def _access_of(run: BulkRun) -> AssociationAccess | None:
    """Return the access that whoever started a run has now; None where they may not do it any more."""
    user = User.objects.get(pk=run.user_id)
    try:
        access = open_association(user, run.association.department)
    except Http404:
        return None
    allowed = user.is_active and access.role in RULES[BulkAction(run.action)].roles
    return access if allowed else None


def _role_has_ended(run: BulkRun) -> str:
    return f"Le rôle qui permettait à {run.made_by} de le faire a pris fin\u202f: l’action s’est arrêtée là."


def _do(run: BulkRun, access: AssociationAccess, rne: str) -> None:
    """Do one coop of a run and keep what became of it, in the same transaction."""
    answer = _answer(run, access, rne)
    coop = Coop.objects.only("pk").get(rne=rne)
    BulkOutcome.objects.create(run=run, coop=coop, fate=answer.fate, reason=answer.reason[:_MOST_REASON], at=timezone.now())


def _answer(run: BulkRun, access: AssociationAccess, rne: str) -> BulkAnswer:
    rule = RULES[BulkAction(run.action)]
    case = next(iter(cases_of(run.association, run.year, [rne])), None)
    if case is None:
        return BulkAnswer(BulkFate.REFUSED, "Cette coopérative n’est plus de votre association.")
    answer = rule.ask(case, run.choice)
    if answer.fate is not BulkFate.DONE:
        return answer
    try:
        with transaction.atomic():
            rule.do(access, case, run.choice)
    except Refused as refusal:
        return BulkAnswer(BulkFate.REFUSED, str(refusal))
    except (OperationalError, InterfaceError):
        raise  # the database is away or in a hurry: nothing of this coop is kept, the task is done again
    except Exception:  # noqa: BLE001 -- one coop that breaks keeps no other from being done; it is told, and logged
        _log.exception("action groupée %s, coopérative %s", run.pk, rne)
        return BulkAnswer(BulkFate.REFUSED, _BROKEN)
    return answer
