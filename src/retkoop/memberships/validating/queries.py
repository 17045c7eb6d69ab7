"""Reading adhésions for who validates them: what is missing, how many at once; attestations by their code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from retkoop.domain.attestation_code import read_code
from retkoop.domain.fees import FeeLine
from retkoop.domain.membership import MembershipFacts, MembershipState
from retkoop.domain.money import format_amount
from retkoop.domain.names import words_of
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import (
    BookedPayment,
    Declaration,
    EngagementAcceptance,
    EngagementText,
    Membership,
    MembershipAttestation,
    Payment,
)
from retkoop.memberships.queries import facts_of, memberships
from retkoop.network.models import Coop, DepartmentalAssociation, Mandate

NOT_BEGUN: Final = "Rien n’est encore déclaré."


class Engaged(NamedTuple):
    """The engagement of an adhésion: whether a text asks for it, whose mandate runs and is not accepted yet, whether anybody accepted."""

    asked: bool
    missing: tuple[str, ...] = ()
    accepted: bool = False

    @property
    def refusal(self) -> str | None:
        """Why the engagement keeps an adhésion from being validated; None where it does not."""
        if not self.asked or (self.accepted and not self.missing):
            return None
        return f"L’engagement n’est pas encore accepté{f' par {_and(self.missing)}' if self.missing else ''}."


def _and(names: Sequence[str]) -> str:
    return " et ".join(filter(None, (", ".join(names[:-1]), names[-1])))


@dataclass(frozen=True, slots=True)
class MembershipCase:
    """The adhésion of a coop before it is validated; `row` is None where the coop has declared nothing yet."""

    coop: Coop
    row: Membership | None
    facts: MembershipFacts
    engaged: Engaged

    @property
    def refusal(self) -> str | None:
        """Why it cannot be validated now; None where it can. One that is validated already is no refusal."""
        facts = self.facts
        if facts.left_on is not None and facts.state is not MembershipState.VALIDATED:
            return "Elle est notée «\u00a0non renouvelée\u00a0»\u202f: annulez cela d’abord."
        if not facts.declared:
            return NOT_BEGUN
        if facts.owed > 0:
            received = f", {format_amount(facts.received)} reçus sur {format_amount(facts.due)}" if facts.received else ""
            return f"Il manque {format_amount(facts.owed)}{received}."
        return self.engaged.refusal

    @property
    def is_validated(self) -> bool:
        return self.facts.state is MembershipState.VALIDATED

    @property
    def may_be_validated(self) -> bool:
        return not self.is_validated and self.refusal is None


def cases_of(association: DepartmentalAssociation, year: SchoolYear, coops: Sequence[Coop]) -> dict[int, MembershipCase]:
    """Return the adhésions of coops of an AD, by the key of the coop, in three queries whatever their number."""
    texts = EngagementText.objects.filter(Q(association=association) | Q(association=None), published_at__isnull=False)
    found = memberships().filter(coop__in=[coop.pk for coop in coops], start=year.start).annotate(told_asked=Exists(texts))
    rows = {row.coop_id: row for row in found}
    engaged = _engaged(list(rows.values()), timezone.localdate())
    cases = {}
    for coop in coops:
        row = rows.get(coop.pk)
        if row is None:
            cases[coop.pk] = MembershipCase(coop, None, MembershipFacts(), Engaged(asked=False))
            continue
        row.coop = coop
        cases[coop.pk] = MembershipCase(coop, row, facts_of(row), engaged[row.pk])
    return cases


def case_of(coop: Coop, year: SchoolYear) -> MembershipCase:
    """Return the adhésion of one coop."""
    return cases_of(coop.association, year, [coop])[coop.pk]


def _engaged(rows: Collection[Membership], today: date) -> dict[int, Engaged]:
    if not any(row.__dict__["told_asked"] for row in rows):
        return {row.pk: Engaged(asked=False) for row in rows}
    accepted: dict[int, list[frozenset[str]]] = {row.pk: [] for row in rows}
    for membership, holder in EngagementAcceptance.objects.filter(membership__in=list(accepted)).values_list("membership", "holder"):
        accepted[membership].append(words_of(holder))
    holders: dict[int, list[str]] = {row.coop_id: [] for row in rows}
    running = Mandate.objects.filter(Q(end__isnull=True) | Q(end__gte=today), coop__in=list(holders), start__lte=today)
    for coop, holder in running.order_by("coop", "-rank", "start").values_list("coop", "holder"):
        holders[coop].append(holder)
    return {row.pk: _engaged_of(holders[row.coop_id], accepted[row.pk]) for row in rows}


def _engaged_of(holders: Sequence[str], accepted: Collection[frozenset[str]]) -> Engaged:
    missing = (holder for holder in holders if words_of(holder) not in accepted)
    return Engaged(asked=True, missing=tuple(dict.fromkeys(missing)), accepted=bool(accepted))


def ready_to_validate(association: DepartmentalAssociation, year: SchoolYear) -> list[str]:
    """Return the RNEs of the coops of an AD whose adhésion is paid and can be validated."""
    coops = list(Coop.objects.filter(association=association, memberships__start=year.start).order_by("rne"))
    return [case.coop.rne for case in cases_of(association, year, coops).values() if case.may_be_validated]


def membership_to_prove(coop: Coop, year: SchoolYear) -> Membership | None:
    """Return the adhésion of a coop as its own page proves it: with `told_code`, of the attestation that holds, and its `told_lines`."""
    held = MembershipAttestation.objects.filter(membership=OuterRef("pk"), revoked_at=None).order_by("-pk")
    made = Declaration.objects.filter(membership=OuterRef("pk"), declared_at__isnull=False).order_by("-number")
    rows = memberships().annotate(told_code=Subquery(held.values("code")[:1]), told_lines=Subquery(made.values("lines")[:1]))
    return rows.filter(coop=coop, start=year.start).first()


def told_lines(row: Membership) -> tuple[FeeLine, ...]:
    """Return the lines of the latest declaration of an adhésion that `membership_to_prove` has read."""
    return tuple(FeeLine(*line) for line in row.__dict__["told_lines"] or ())


def attestations_of(membership: Membership) -> list[MembershipAttestation]:
    """Return the attestations of an adhésion, the latest first."""
    return list(MembershipAttestation.objects.filter(membership=membership).order_by("-pk"))


def attestation_in_force(coop: Coop, year: SchoolYear) -> MembershipAttestation | None:
    """Return the attestation of a coop that holds; None before its adhésion is validated, or once it is not any more."""
    held = MembershipAttestation.objects.filter(membership__coop=coop, membership__start=year.start, revoked_at=None)
    return held.order_by("-pk").first()


def attestation_named(typed: str) -> MembershipAttestation | None:
    """Return the attestation of a code as people type it; None where it is none, or names none."""
    code = read_code(typed)
    return MembershipAttestation.objects.filter(code=code).first() if code else None


def payments_of(membership: Membership) -> QuerySet[Payment]:
    """Return the payments of an adhésion, each with its debit and bordereau, and whether the cahier holds it (`told_booked`)."""
    booked = Exists(BookedPayment.objects.filter(payment=OuterRef("pk")))
    return Payment.objects.filter(membership=membership).select_related("deposit", "debit__collection").annotate(told_booked=booked)
