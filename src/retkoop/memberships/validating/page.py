"""What pages show of an adhésion: to the AD everything about it; to the coop its attestation, and what is to go into the cahier."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Final

from django.http import Http404
from django.utils import timezone

from retkoop.books.page import CoopPage
from retkoop.books.queries import chart_of
from retkoop.domain.attestation_code import written_code
from retkoop.domain.chart import Chart
from retkoop.domain.creditor_reference import written_reference
from retkoop.domain.fees import FeeLine
from retkoop.domain.membership import MEMBERSHIP_LABELS, MembershipFacts, MembershipState
from retkoop.domain.money import Cents
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.memberships.access import MONEY
from retkoop.memberships.models import Declaration, EngagementAcceptance, Membership, MembershipAttestation, Payment
from retkoop.memberships.pricing.queries import books_on_validation
from retkoop.memberships.queries import declarations_of, facts_of
from retkoop.memberships.validating.booking import BookingProposal, KeptBooking, PaymentBooks
from retkoop.memberships.validating.queries import (
    MembershipCase,
    attestations_of,
    case_of,
    membership_to_prove,
    payments_of,
    told_lines,
)
from retkoop.memberships.values import lines_of
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop

TONES: Final = {
    MembershipState.TO_DECLARE: "plain",
    MembershipState.DECLARED: "warn",
    MembershipState.PART_PAID: "warn",
    MembershipState.PAID: "info",
    MembershipState.VALIDATED: "good",
    MembershipState.LEFT: "plain",
}
"""The tone of the badge of each state."""


def year_of(text: str | None) -> SchoolYear:
    """Return the year that an address names; where it names none, the one that runs. Raises Http404."""
    if not text:
        return SchoolYear.containing(timezone.localdate())
    try:
        return SchoolYear.parse(text)
    except InvalidSchoolYear:
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class ShownDeclaration:
    """A declaration beside the one before it, whose figures it changes."""

    row: Declaration
    former: Declaration | None

    def change(self, name: str) -> int:
        """Return by how much a figure has changed; 0 where there is nothing before."""
        return getattr(self.row, name) - getattr(self.former, name) if self.former else 0


@dataclass
class MembershipOfCoop:
    """Everything about the adhésion of a coop, before its AD."""

    access: AssociationAccess
    coop: Coop
    year: SchoolYear

    @cached_property
    def case(self) -> MembershipCase:
        return case_of(self.coop, self.year)

    @property
    def row(self) -> Membership | None:
        return self.case.row

    @property
    def label(self) -> str:
        return MEMBERSHIP_LABELS[self.case.facts.state]

    @property
    def tone(self) -> str:
        return TONES[self.case.facts.state]

    @property
    def reference(self) -> str:
        """The reference of its transfers, as people copy it."""
        return written_reference(self.row.reference) if self.row else ""

    @property
    def may_act(self) -> bool:
        return self.access.role in MONEY

    @cached_property
    def _declarations(self) -> list[Declaration]:
        return declarations_of(self.row) if self.row else []

    @property
    def draft(self) -> Declaration | None:
        return next((row for row in self._declarations if row.declared_at is None), None)

    @cached_property
    def declarations(self) -> list[ShownDeclaration]:
        """Those that were made, the latest first."""
        made = [row for row in self._declarations if row.declared_at]
        return [ShownDeclaration(row, former) for row, former in zip_longest(made, made[1:])]

    @property
    def latest(self) -> Declaration | None:
        return self.declarations[0].row if self.declarations else None

    @property
    def lines(self) -> tuple[FeeLine, ...]:
        return lines_of(self.latest) if self.latest else ()

    @cached_property
    def acceptances(self) -> list[EngagementAcceptance]:
        return list(EngagementAcceptance.objects.filter(membership=self.row).select_related("text")) if self.row else []

    @cached_property
    def payments(self) -> list[Payment]:
        return list(payments_of(self.row)) if self.row else []

    @cached_property
    def attestations(self) -> list[MembershipAttestation]:
        return attestations_of(self.row) if self.row else []


@dataclass
class ProofBoard:
    """The adhésion of a coop once it is paid: its attestation, what the cahier holds of it, what it does not hold yet."""

    page: CoopPage

    @cached_property
    def row(self) -> Membership | None:
        return membership_to_prove(self.page.coop, self.page.year)

    @cached_property
    def facts(self) -> MembershipFacts:
        return facts_of(self.row) if self.row else MembershipFacts()

    @property
    def label(self) -> str:
        return MEMBERSHIP_LABELS[self.facts.state]

    @property
    def tone(self) -> str:
        return TONES[self.facts.state]

    @property
    def code(self) -> str:
        """The code of the attestation that holds, as people copy it; "" where none does."""
        return written_code(self.row.__dict__["told_code"] or "") if self.row else ""

    @cached_property
    def _books(self) -> PaymentBooks | None:
        row = self.row
        return PaymentBooks(self.page.coop, row, told_lines(row), self.page.books) if row else None

    @property
    def kept(self) -> list[KeptBooking]:
        return self._books.kept if self._books else []

    @property
    def proposals(self) -> list[BookingProposal]:
        return self._books.proposals if self._books else []

    @property
    def ready(self) -> list[BookingProposal]:
        """What one button would put into the cahier."""
        return [one for one in self.proposals if one.refusal is None]

    @property
    def may_write(self) -> bool:
        """Whether the button is there: the cahier concerned may be that of another year than the page's, and says so itself."""
        return self.page.access.can_write and bool(self.ready)

    @cached_property
    def association_books(self) -> bool:
        """Whether the AD's validation will put into the cahier what waits now."""
        if self.facts.state is MembershipState.VALIDATED:
            return False
        return books_on_validation(self.page.coop.association, self.page.year)

    @cached_property
    def _chart(self) -> Chart:
        return chart_of(self.page.book)

    def account(self, code: str) -> str:
        """Name an account as the cahier does."""
        return f"{self._chart.alias(code)} {self._chart.label(code)}"

    def split_told(self, split: dict[str, Cents]) -> list[tuple[str, Cents]]:
        return [(self.account(code), amount) for code, amount in split.items()]
