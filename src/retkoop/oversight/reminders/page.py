"""A relance that somebody writes: its form, to whom it would go now, the letter that the first one would get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from django.http import Http404, HttpRequest
from django.utils import timezone

from retkoop.domain.reminders import KIND, KINDS, ReminderKind, fields_in
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.models import AD_KINDS
from retkoop.oversight.reminders.forms import ReminderForm
from retkoop.oversight.reminders.models import Campaign
from retkoop.oversight.reminders.recipients import Mailing, Recipient, Words, letter_for, mailing_for
from retkoop.oversight.reminders.services import Plan
from retkoop.ui.days import InvalidDay, parse_day

_A_FORTNIGHT: Final = timedelta(days=14)


def open_reminders(request: HttpRequest, department: str) -> AssociationAccess:
    """Return the access to the relances of an AD: its staff and the federation's read, its own staff send. Raises Http404."""
    access = open_association(request.user, department)
    if request.method == "POST" and access.role not in AD_KINDS:
        raise Http404
    return access


def kind_named(key: str) -> ReminderKind:
    """Return a kind by its key. Raises Http404."""
    if key not in KIND:
        raise Http404
    return KIND[key]


def day_in(text: str) -> date | None:
    """Return the day that an address names (`2026-09-15`), where it is one to come."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day > timezone.localdate() else None


@dataclass
class Composing:
    """A relance before it leaves; `planned` is the campaign that is changed, if any."""

    access: AssociationAccess
    kind: ReminderKind
    form: ReminderForm
    chosen: Sequence[str] = ()
    planned: Campaign | None = None

    @property
    def kinds(self) -> Sequence[ReminderKind]:
        return KINDS

    @property
    def audience(self) -> list[str]:
        return [str(one) for one in self.form["audience"].value() or []]

    @cached_property
    def mailing(self) -> Mailing:
        headline = str(self.form["subject"].value() or "").strip()
        return mailing_for(self.access.association, self.kind, self.audience, self.chosen, headline)

    @property
    def plan(self) -> Plan:
        """What a valid form asks for."""
        given = self.form.cleaned_data
        return Plan(self.kind.key, given["subject"], given["text"], given["audience"], given["deadline"], self.chosen)

    @cached_property
    def first(self) -> tuple[Recipient, Words] | None:
        """The first recipient and their letter."""
        one = next(iter(self.mailing.written_to), None)
        return (one, letter_for(self.mailing, self._draft, one.facts)) if one else None

    @property
    def _draft(self) -> Campaign:
        typed = {name: str(self.form[name].value() or "") for name in ("subject", "text", "deadline")}
        try:
            deadline = parse_day(typed.pop("deadline"))
        except InvalidDay:
            deadline = None
        return Campaign(headline=typed["subject"], text=typed["text"], deadline=deadline)

    def propose_deadline(self) -> None:
        """Fill in the date limite that a text asks for: that of the accounts, or in a fortnight."""
        if self.form.is_bound or "date limite" not in fields_in(self.kind.subject + self.kind.text):
            return
        day = self.form.initial.get("planned_on") or timezone.localdate()
        due = self.mailing.when.rule.due
        self.form.initial.setdefault("deadline", due if due >= day else day + _A_FORTNIGHT)
