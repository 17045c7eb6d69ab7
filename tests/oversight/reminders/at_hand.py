"""Relances to try things on."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Final

from django.test import override_settings
from django.utils import timezone

from retkoop.audit.services import SYSTEM, writing
from retkoop.domain.reminders import KIND
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import create_coop
from retkoop.oversight.reminders.models import Audience, Campaign
from retkoop.oversight.reminders.services import Plan, plan_campaign, start_campaign
from retkoop.users.models import User
from tests.cast import association, make_staff

KIND_TOLD: Final = "activation"
"""It concerns each coop that was just made: its account waits."""


def staff(kind: RoleKind = RoleKind.ANIMATEUR, username: str = "karim") -> AssociationAccess:
    """Return somebody of the AD before it."""
    user = User.objects.filter(username=username).first() or make_staff(username, kind)
    return AssociationAccess(user, kind, association())


def coops(count: int, first: int = 0) -> list[Coop]:
    """Make coops that have an address each."""
    numbers = range(first, first + count)
    return [
        create_coop(author=SYSTEM, rne=f"091{n:04d}A", name=f"École {n}", commune="Évry", email=f"ecole{n}@exemple.fr") for n in numbers
    ]


def plan(kind: str = KIND_TOLD, /, **more: object) -> Plan:
    words = KIND[kind]
    facts = {"subject": words.subject, "text": words.text, "audience": [Audience.SCHOOL], "deadline": date(2026, 12, 24)} | more
    return Plan(kind, **facts)  # type: ignore[arg-type]  # the fields of a Plan


@override_settings(CAN_SEND_MAIL=True)
def started(access: AssociationAccess, what: Plan | None = None, submission: uuid.UUID | None = None) -> Campaign:
    return start_campaign(access=access, plan=what or plan(), submission=submission)


@override_settings(CAN_SEND_MAIL=True)
def planned(access: AssociationAccess, day: date | None = None, what: Plan | None = None) -> Campaign:
    return plan_campaign(access=access, plan=what or plan(), day=day or timezone.localdate() + timedelta(days=7))


def moved_to(row: Campaign, day: date) -> Campaign:
    """Let a planned campaign be one of another day, as if time had passed."""
    with writing(row.chain, SYSTEM) as trail:
        before = row.snapshot()
        row.planned_on = day
        row.save()
        trail.changed(row, before, action="campaign.changed")
    return row
