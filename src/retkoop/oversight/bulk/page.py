"""An action on many coops before it is done: what becomes of each, and those that one should look at first."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.http import Http404, HttpRequest
from django.utils import timezone

from retkoop.domain.board import CoopFacts
from retkoop.domain.closing import ClosingState
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.validating.queries import ready_to_validate
from retkoop.network.access import AssociationAccess, open_association
from retkoop.oversight.board.page import year_asked
from retkoop.oversight.board.queries import facts_of
from retkoop.oversight.bulk.forms import BulkForm, form_for
from retkoop.oversight.bulk.models import BulkAction, BulkFate
from retkoop.oversight.bulk.questions import RULES, BulkAnswer, BulkCase, cases_of
from retkoop.oversight.bulk.services import BulkPlan
from retkoop.oversight.bulk.words import button_words, foreseen_words
from retkoop.ui.templates import plural

EVERYTHING: Final = "toutes"
DO: Final = "faire"


def action_named(name: str) -> BulkAction:
    """Return an action by the word of the address. Raises Http404."""
    try:
        return BulkAction(name)
    except ValueError:
        raise Http404 from None


def open_bulk(request: HttpRequest, department: str, action: BulkAction) -> AssociationAccess:
    """Return the access of somebody who may do an action on many coops of an AD. Raises Http404."""
    access = open_association(request.user, department)
    if access.role not in RULES[action].roles:
        raise Http404
    return access


class Foreseen(NamedTuple):
    """A coop and what will become of it; `eyes`: why somebody should look at it first."""

    case: BulkCase
    answer: BulkAnswer
    eyes: str


@dataclass
class BulkPreview:
    """An action before it is done; `despite`: the RNEs taken in although one should look at them first."""

    access: AssociationAccess
    action: BulkAction
    year: SchoolYear
    form: BulkForm
    asked: Sequence[str]
    despite: Collection[str] = ()

    @cached_property
    def choice(self) -> Mapping[str, Any]:
        """What is filled in; where that is wrong or nothing yet, what is proposed, if anything is."""
        if self.form.is_bound and self.form.is_valid():
            return self.form.choice
        proposed = form_for(self.action, self.access, {**self.form.initial, "submission": uuid.uuid4()})
        return proposed.choice if proposed.is_valid() else {}

    @cached_property
    def foreseen(self) -> list[Foreseen]:
        rule, facts = RULES[self.action], self._facts
        answers = [(case, rule.ask(case, self.choice)) for case in cases_of(self.access.association, self.year, self.asked)]
        return [
            Foreseen(case, answer, eyes_for(case, facts.get(case.coop.rne)) if answer.fate is BulkFate.DONE else "")
            for case, answer in answers
        ]

    @cached_property
    def _facts(self) -> dict[str, CoopFacts]:
        """What the board knows of each, where the action wants eyes."""
        if self.action is not BulkAction.ACCEPT:
            return {}
        return {one.rne: one for one in facts_of(self.access.association, self.year)}

    def _of(self, fate: BulkFate) -> list[Foreseen]:
        return [one for one in self.foreseen if one.answer.fate is fate]

    @property
    def plain(self) -> list[Foreseen]:
        """Those that are done without a further question."""
        return [one for one in self._of(BulkFate.DONE) if not one.eyes]

    @property
    def to_look_at(self) -> list[Foreseen]:
        return [one for one in self._of(BulkFate.DONE) if one.eyes]

    @property
    def refused(self) -> list[Foreseen]:
        return self._of(BulkFate.REFUSED)

    @property
    def refusals(self) -> dict[str, list[Foreseen]]:
        """Those that would be refused, by the reason."""
        found: dict[str, list[Foreseen]] = {}
        for one in self.refused:
            found.setdefault(one.answer.reason, []).append(one)
        return found

    @property
    def already(self) -> list[Foreseen]:
        return self._of(BulkFate.ALREADY)

    def takes(self, one: Foreseen) -> bool:
        return not one.eyes or EVERYTHING in self.despite or one.case.coop.rne in self.despite

    @property
    def count(self) -> int:
        """How many coops will be done."""
        return sum(self.takes(one) for one in self._of(BulkFate.DONE))

    @property
    def plan(self) -> BulkPlan:
        """What a valid form asks for: all that were chosen, but those set aside to be looked at first."""
        rnes = [one.case.coop.rne for one in self.foreseen if self.takes(one)]
        return BulkPlan(self.action, self.year, rnes if self.count else (), self.choice)

    @property
    def button(self) -> str:
        return button_words(self.action, self.choice, self.count)

    @property
    def said(self) -> str:
        return foreseen_words(self.action, self.choice, len(self.plain))


def eyes_for(case: BulkCase, facts: CoopFacts | None) -> str:
    """Say why somebody should look at accounts before they are accepted with many others; nothing where nothing asks for it."""
    if facts is None:
        return ""
    unexplained = f", dont {facts.unexplained} sans explication" if facts.unexplained else ""
    reasons = (
        plural(facts.errors, "erreur") if facts.errors else "",
        f"{plural(facts.warnings, 'alerte')}{unexplained}" if facts.warnings else "",
        "des remarques de relecture ne sont pas encore envoyées" if case.has_drafts else "",
        "une demande d’aide est ouverte" if facts.open_help else "",
    )
    told = " · ".join(filter(None, reasons))
    return f"{told[:1].upper()}{told[1:]}"


def preview_of(request: HttpRequest, department: str, action: BulkAction) -> BulkPreview:
    """Return what somebody has chosen on the board (`rne`), or all that is ready (`prets`). Raises Http404."""
    access, given = open_bulk(request, department, action), request.POST
    year = year_asked(given.get("year"), timezone.localdate())
    asked = given.getlist("rne") or (_ready(access, action, year) if "prets" in given else [])
    form = form_for(action, access, given if "action" in given else None, _proposed(access, action, year, asked))
    return BulkPreview(access, action, year, form, tuple(dict.fromkeys(asked)), given.getlist("malgre"))


def _ready(access: AssociationAccess, action: BulkAction, year: SchoolYear) -> list[str]:
    if action is BulkAction.JOIN:
        return ready_to_validate(access.association, year)
    return [one.rne for one in facts_of(access.association, year) if one.closing is ClosingState.SENT and one.closed_on is None]


def _proposed(access: AssociationAccess, action: BulkAction, year: SchoolYear, asked: Sequence[str]) -> dict[str, Any]:
    """Propose what one would mostly choose: entry opened again where it is closed; nobody to follow them, that is to be said."""
    match action:
        case BulkAction.ENTRY:
            cases = cases_of(access.association, year, asked)
            closed = 2 * sum(case.rule[0] for case in cases) > len(cases)
            return {"blocked": "non" if closed else "oui", "until": "", "reason": ""}
        case BulkAction.ACCEPT:
            return {"reason": ""}
        case BulkAction.JOIN | BulkAction.FOLLOW:
            return {}
