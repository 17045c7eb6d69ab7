"""Reading what a coop's page of its adhésion tells: its declarations, the engagement and who has accepted it, what last year said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from retkoop.domain.fees import Declared
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import Declaration, EngagementAcceptance, EngagementText, Membership
from retkoop.memberships.pricing.queries import engagement_in_force
from retkoop.memberships.values import declared_of
from retkoop.network.models import Coop, Mandate
from retkoop.network.queries import running_mandates


@dataclass(frozen=True, slots=True)
class Engagement:
    """The text that mandataires accept, those whose mandate runs, and what was accepted for an adhésion, whatever the version.

    A coop whose mandates the AD has not noted accepts by the name of whoever declares.
    """

    text: EngagementText | None
    mandates: tuple[Mandate, ...]
    acceptances: tuple[EngagementAcceptance, ...]

    @property
    def holders(self) -> list[str]:
        """The names that are waited for, each once."""
        return list(dict.fromkeys(mandate.holder for mandate in self.mandates))

    @property
    def accepted(self) -> list[EngagementAcceptance]:
        """Who has accepted the text in force."""
        return [one for one in self.acceptances if self.text and one.text_id == self.text.pk]

    @property
    def lacking(self) -> list[str]:
        """Who has not accepted the text in force yet."""
        done = {one.holder for one in self.accepted}
        return [holder for holder in self.holders if holder not in done]

    @property
    def is_complete(self) -> bool:
        return self.text is None or (bool(self.accepted) and not self.lacking)


def engagement_of(coop: Coop, membership: Membership | None, today: date) -> Engagement:
    """Return the engagement of a coop's adhésion, in four queries at most."""
    mandates = running_mandates(coop, today)
    return Engagement(engagement_in_force(coop.association), tuple(mandates), tuple(acceptances_of(membership)))


def acceptances_of(membership: Membership | None) -> list[EngagementAcceptance]:
    """Return what was accepted for an adhésion, each with its text, in order."""
    return list(EngagementAcceptance.objects.filter(membership=membership).select_related("text")) if membership else []


def draft_of(membership: Membership | None) -> Declaration | None:
    """Return what a coop has begun to declare."""
    return Declaration.objects.filter(membership=membership, declared_at=None).first() if membership else None


def latest_declared(membership: Membership | None) -> Declaration | None:
    """Return the declaration that stands: the latest one made."""
    made = Declaration.objects.filter(membership=membership, declared_at__isnull=False).order_by("-number")
    return made.first() if membership else None


def declared_last(coop: Coop, year: SchoolYear) -> tuple[SchoolYear, Declared] | None:
    """Return what a coop declared in the latest year before `year`, to be proposed; None where it never did."""
    made = Declaration.objects.filter(membership__coop=coop, membership__start__lt=year.start, declared_at__isnull=False)
    row = made.select_related("membership").order_by("-membership__start", "-number").first()
    return (row.membership.year, declared_of(row)) if row else None
