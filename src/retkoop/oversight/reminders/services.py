"""The verbs of a relance: planned, started, stopped; sent some coops at a time by the worker.

Never twice to one address for one thing within the days that the AD sets: each batch asks again, under the lock of the AD's chain, so
that two campaigns, two tabs or two workers cannot both write.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from retkoop.audit.pace import give_way
from retkoop.audit.services import SYSTEM, Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.reminders import KIND, text_refusals
from retkoop.mailing.models import Letter
from retkoop.mailing.sending import send_letters
from retkoop.mailing.services import Writing, give_up, queue_one
from retkoop.network.access import AssociationAccess
from retkoop.network.models import AD_KINDS, Coop, DepartmentalAssociation
from retkoop.oversight.reminders.models import Campaign, Reminder
from retkoop.oversight.reminders.recipients import Mailing, Recipient, Told, letter_for, mailing_for, told_since

PURPOSE: Final = "reminder"
AT_ONCE: Final = 20
"""Coops of one transaction: between two, a stop is heard."""
_STOPPED: Final = "Envoi arrêté par l’association."
_LATE: Final = timedelta(days=7)
"""A campaign whose day passed longer ago (a machine that was off) does not leave by itself any more: its text may be out of date."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign says, and to whom of a coop; `chosen`: the RNEs that were picked, none for all that the kind concerns."""

    kind: str
    subject: str
    text: str
    audience: Sequence[str]
    deadline: date | None = None
    chosen: Sequence[str] = field(default_factory=tuple)


def start_campaign(*, access: AssociationAccess, plan: Plan, submission: uuid.UUID | None = None) -> Campaign:
    """Have the worker send a relance. Raises Refused, AlreadySubmitted."""
    with writing(access.association.chain, access.author, submission) as trail:
        row = _new(access, plan, trail)
        _start(row, trail)
        row.save()
        trail.created(row, action="campaign.started", submission=submission)
        send_campaign.enqueue(row.pk)
    return row


def plan_campaign(*, access: AssociationAccess, plan: Plan, day: date, submission: uuid.UUID | None = None) -> Campaign:
    """Plan a relance for a day to come: it then leaves by itself. Raises Refused, AlreadySubmitted."""
    with writing(access.association.chain, access.author, submission) as trail:
        row = _new(access, plan, trail)
        row.planned_on = _day_to_come(day)
        row.save()
        trail.created(row, action="campaign.planned", submission=submission)
    return row


def change_campaign(*, access: AssociationAccess, key: int, plan: Plan, day: date | None) -> Campaign:
    """Change a relance that has not left. Raises Refused."""
    with writing(access.association.chain, access.author) as trail:
        row = _waiting(access.association, key)
        before, new = row.snapshot(), _new(access, plan, trail)
        for name in ("headline", "text", "deadline", "audience", "chosen"):
            setattr(row, name, getattr(new, name))
        row.planned_on = _day_to_come(day)
        row.save()
        trail.changed(row, before, action="campaign.changed")
    return row


def switch_campaign(*, access: AssociationAccess, key: int, off: bool) -> Campaign:
    """Suspend a planned relance, or let it leave on its day again. Raises Refused."""
    _refuse_others(access)
    with writing(access.association.chain, access.author) as trail:
        row = _waiting(access.association, key)
        if row.switched_off is not off:
            before = row.snapshot()
            row.switched_off = off
            row.save()
            trail.changed(row, before, action="campaign.switched_off" if off else "campaign.switched_on")
    return row


def stop_campaign(*, access: AssociationAccess, key: int) -> int:
    """Stop a relance that is being sent; return how many letters do not leave any more. Raises Refused."""
    _refuse_others(access)
    with writing(access.association.chain, access.author) as trail:
        row = Campaign.objects.filter(association=access.association, pk=key, started_at__isnull=False).first()
        if row is None:
            raise Refused("Cette relance n’est pas partie.")
        row.association = access.association
        if row.is_running:
            before = row.snapshot()
            row.stopped_at = trail.at
            row.save()
            trail.changed(row, before, action="campaign.stopped")
        letters = Letter.objects.filter(pk__in=Reminder.objects.filter(campaign=row).values("letter"))
        return give_up(letters=letters, reason=_STOPPED)


def _refuse_others(access: AssociationAccess) -> None:
    if access.role not in AD_KINDS:
        raise Refused("Les relances sont envoyées par l’association départementale.")


def _new(access: AssociationAccess, plan: Plan, trail: Trail) -> Campaign:
    """Return a campaign, not saved yet. Raises Refused."""
    _refuse_others(access)
    refusals = text_refusals(plan.subject, plan.text, plan.deadline)
    if plan.kind not in KIND:
        refusals.append("Choisissez l’objet de la relance.")
    if not plan.audience:
        refusals.append("Choisissez à qui écrire.")
    if not settings.CAN_SEND_MAIL:
        refusals.append("Cette installation n’envoie pas de courriels.")
    if refusals:
        raise Refused("\n".join(refusals))
    return Campaign(
        association=access.association,
        kind=plan.kind,
        headline=plan.subject.strip(),
        text=plan.text,
        deadline=plan.deadline,
        audience=sorted(plan.audience),
        chosen=sorted(set(plan.chosen)),
        made_by=access.user.name,
        made_at=trail.at,
    )


def _day_to_come(day: date | None) -> date:
    if day is None or day <= timezone.localdate():
        raise Refused("Choisissez un jour à venir, ou envoyez maintenant.")
    return day


def _waiting(association: DepartmentalAssociation, key: int) -> Campaign:
    row = Campaign.objects.filter(association=association, pk=key, started_at=None).first()
    if row is None:
        raise Refused("Cette relance est déjà partie.")
    row.association = association
    return row


def _mailing(row: Campaign, chosen: Sequence[str]) -> Mailing:
    return mailing_for(row.association, row.about, row.audience, chosen, row.headline)


def _start(row: Campaign, trail: Trail) -> None:
    """Fix the coops of a campaign."""
    mailing = _mailing(row, row.chosen)
    row.rnes = list(dict.fromkeys(one.facts.rne for one in mailing.recipients))
    row.start, row.started_at = mailing.when.rule.year.start, trail.at
    if not row.rnes:
        row.finished_at = trail.at


def start_due_campaigns() -> int:
    """Start the planned campaigns whose day has come, from eight o'clock on; return how many: a step of the worker's schedule."""
    now, today = timezone.localtime(timezone.now()), timezone.localdate()
    due = Campaign.objects.filter(started_at=None, switched_off=False, planned_on__lte=today, planned_on__gte=today - _LATE)
    keys = list(due.values_list("pk", flat=True)) if now.hour >= 8 else []
    return sum(start_planned(key=key) for key in keys)


def start_planned(*, key: int) -> bool:
    """Start a planned campaign on its day; tell whether it was not done already."""
    association = DepartmentalAssociation.objects.get(campaigns=key)
    with writing(association.chain, SYSTEM) as trail:
        row = Campaign.objects.filter(pk=key, started_at=None, switched_off=False).first()
        if row is None:
            return False
        row.association = association
        before = row.snapshot()
        _start(row, trail)
        row.save()
        trail.changed(row, before, action="campaign.started")
        send_campaign.enqueue(key)
    return True


def resume_campaigns() -> None:
    """Queue again the campaigns of today that a fault has stopped: a step of the worker's schedule."""
    running = Campaign.objects.filter(started_at__gt=timezone.now() - timedelta(days=1), finished_at=None, stopped_at=None)
    keys = list(running.values_list("pk", flat=True))
    at_it = DBTaskResult.objects.filter(task_path=send_campaign.module_path, status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    if keys and not at_it.exists():
        for key in keys:
            send_campaign.enqueue(key)


@task()
def send_campaign(key: int) -> None:
    """Send what is left of a campaign. Begun again after a crash it goes on where it was: each batch is one transaction."""
    row = Campaign.objects.select_related("association").get(pk=key)
    mailing = _mailing(row, row.rnes)
    while send_batch(key=key, mailing=mailing):
        give_way()


def send_batch(*, key: int, mailing: Mailing) -> bool:
    """Queue the letters of the next coops of a campaign; tell whether there is more to do."""
    association = DepartmentalAssociation.objects.get(campaigns=key)
    with writing(association.chain, SYSTEM) as trail:
        row = Campaign.objects.get(pk=key)
        row.association = association
        if not row.is_running:
            return False
        done = set(Reminder.objects.filter(campaign=row).values_list("coop__rne", flat=True))
        left = [rne for rne in row.rnes if rne not in done]
        told = told_since(association, row.about, mailing.manners.days, row.headline)
        for rne in left[:AT_ONCE]:
            _remind(row, rne, mailing, told, trail)
        if len(left) > AT_ONCE:
            return True
        before = row.snapshot()
        row.finished_at = trail.at
        row.save()
        trail.changed(row, before, action="campaign.finished")
        send_letters.enqueue()
    return False


def _remind(row: Campaign, rne: str, mailing: Mailing, told: Told, trail: Trail) -> None:
    """Note each address of a coop, with its letter or the reason why there is none."""
    mine = [one for one in mailing.recipients if one.facts.rne == rne]
    if not mine:  # it has ended since the campaign began
        _note(Reminder(campaign=row, coop=Coop.objects.get(rne=rne), reason="Fermée entre-temps"), trail)
    for one in mine:
        coop = Coop(pk=one.facts.coop, rne=rne)
        again = one.address.lower() in told.addresses or one.facts.coop in told.coops
        reason = one.reason or ("Déjà relancée entre-temps" if again else "")
        letter = None if reason else _letter(row, one, coop, mailing)
        _note(Reminder(campaign=row, coop=coop, address=one.address, reason=reason, letter=letter), trail)


def _note(reminder: Reminder, trail: Trail) -> None:
    reminder.made_at = trail.at
    reminder.save(force_insert=True)
    trail.created(reminder, action="reminder.left_out" if reminder.reason else "reminder.sent")


def _letter(row: Campaign, recipient: Recipient, coop: Coop, mailing: Mailing) -> Letter:
    words, manners = letter_for(mailing, row, recipient.facts), mailing.manners
    written = Writing(words.subject, words.text, PURPOSE, coop.chain, manners.sender, manners.reply_to, keeps_body=True)
    return queue_one(address=recipient.address, written=written)
