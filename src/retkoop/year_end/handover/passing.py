"""The day after a handover: the shared account of the school takes a new password, who comes gets the links.

The account itself lets nobody in from midnight on. The rest is a task that waits for its day in the queue: nobody has to think of it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from retkoop.audit.services import SYSTEM, writing
from retkoop.network.queries import account_of
from retkoop.users import links
from retkoop.users.models import User
from retkoop.users.services import close_on, make_activation_link, return_to_initial_state
from retkoop.year_end.handover.mails import send_link
from retkoop.year_end.handover.models import Handover


def plan_passing(row: Handover, first: date) -> None:
    """Close the shared account to who leaves, and queue what is to be done on the first day of who comes; at once where it has come."""
    midnight = timezone.make_aware(datetime.combine(first, time()))
    if row.renews_account and midnight > timezone.now():
        close_on(author=SYSTEM, user=account_of(row.coop), at=midnight)
    due = midnight + timedelta(minutes=5)
    waiting = pass_on_the_day.using(run_after=due) if due > timezone.now() else pass_on_the_day
    waiting.enqueue(row.pk)


@task()
def pass_on_the_day(key: int) -> None:
    pass_access(key=key)


@transaction.atomic
def pass_access(*, key: int) -> None:
    """End what the shared account has open and its password, and send the links; done once."""
    row = Handover.objects.select_related("coop__association", "leaving").get(pk=key)
    with writing(row.coop.chain, SYSTEM) as trail:
        row.refresh_from_db(fields=["passed_at"])
        if row.passed_at is not None:
            return
        before = row.snapshot()
        row.passed_at = trail.at
        row.save(update_fields=["passed_at"])
        trail.changed(row, before, action="handover.passed")
    if row.renews_account:
        shared = account_of(row.coop)
        if shared.activated_at is not None or shared.closes_at is not None:
            return_to_initial_state(author=SYSTEM, user=shared)
        _send(row, "account", shared, row.incoming_email or row.coop.email)
    own = User.objects.filter(username__iexact=row.incoming_email, activated_at=None).first() if row.incoming_email else None
    if own is not None:
        _send(row, "own", own, row.incoming_email)


def _send(row: Handover, letter: str, user: User, to: str) -> None:
    token = make_activation_link(author=SYSTEM, user=user)
    send_link(row, letter, links.public_address(links.path_of(token)), to)
