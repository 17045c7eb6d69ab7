"""What a coop's page of its adhésion shows: where it stands, what to do next, what it costs and how to pay it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings
from django.utils.module_loading import import_string

from retkoop.books.page import CoopPage
from retkoop.domain.creditor_reference import transfer_code, written_reference
from retkoop.domain.debit_reasons import DebitReason, debit_reason
from retkoop.domain.fees import Declared, FeeLine, Tariff, fee_lines, total_of
from retkoop.domain.membership import MEMBERSHIP_LABELS, MembershipFacts, MembershipState
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.access import adhering_refusal
from retkoop.memberships.debits.queries import running_mandate, void_from
from retkoop.memberships.declaring.queries import Engagement, acceptances_of, declared_last, engagement_of
from retkoop.memberships.ibans import written_iban
from retkoop.memberships.models import Debit, Declaration, EngagementAcceptance, Membership, Payment, PaymentState, PaymentWay
from retkoop.memberships.pricing.queries import Creditor, creditor_of, payment_ways_of, tariff_of
from retkoop.memberships.queries import declarations_of, facts_of, membership_of
from retkoop.memberships.values import declared_of, lines_of
from retkoop.network.models import DepartmentalAssociation, RoleKind
from retkoop.network.queries import given_settings
from retkoop.ui.paper.square import Correction, square
from retkoop.ui.templates import plural


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines and their total in cents; `before`: what the declaration that stands comes to (None: there is none)."""

    lines: tuple[FeeLine, ...]
    before: Cents | None = None

    @property
    def total(self) -> Cents:
        return total_of(self.lines)

    @property
    def difference(self) -> Cents:
        return self.total - (self.before or 0)


@dataclass
class MembershipBoard:
    """The adhésion of a coop for a year, before whoever looks."""

    page: CoopPage

    @cached_property
    def membership(self) -> Membership | None:
        found = membership_of(self.page.coop, self.page.year)
        if found:
            found.coop = self.page.coop
        return found

    @cached_property
    def facts(self) -> MembershipFacts:
        return facts_of(self.membership) if self.membership else MembershipFacts()

    @property
    def stands(self) -> MembershipState:
        return self.facts.state

    @property
    def label(self) -> str:
        return MEMBERSHIP_LABELS[self.stands]

    @cached_property
    def declarations(self) -> list[Declaration]:
        return declarations_of(self.membership) if self.membership else []

    @property
    def draft(self) -> Declaration | None:
        return next((row for row in self.declarations if row.declared_at is None), None)

    @property
    def made(self) -> list[Declaration]:
        """The declarations made, the latest first."""
        return [row for row in self.declarations if row.declared_at is not None]

    @property
    def latest(self) -> Declaration | None:
        return next(iter(self.made), None)

    @property
    def association(self) -> DepartmentalAssociation:
        return self.page.coop.association

    @cached_property
    def tariff(self) -> Tariff:
        return tariff_of(self.association, self.page.year)

    @cached_property
    def creditor(self) -> Creditor:
        return creditor_of(self.association, self.page.year)

    @cached_property
    def ways(self) -> tuple[PaymentWay, ...]:
        return payment_ways_of(self.association, self.page.year)

    @cached_property
    def engagement(self) -> Engagement:
        return engagement_of(self.page.coop, self.membership, self.page.today)

    @cached_property
    def acceptances(self) -> list[EngagementAcceptance]:
        """Who has engaged themselves, each with the version that they accepted."""
        return acceptances_of(self.membership)

    @cached_property
    def payments(self) -> list[Payment]:
        rows = Payment.objects.filter(membership=self.membership).select_related("debit__collection")
        return list(rows) if self.membership else []

    @property
    def underway(self) -> Cents:
        """What the coop has said that it pays, and that is not there yet."""
        return sum(one.amount for one in self.payments if one.state == PaymentState.ANNOUNCED)

    @property
    def left(self) -> Cents:
        """What is to be paid, and not announced: never the same sum twice."""
        return max(self.facts.owed - self.underway, 0) if self.latest else 0

    @property
    def announces(self) -> bool:
        """Whether the coop may say that it pays."""
        return self.may_write and self.left > 0

    def may_withdraw(self, payment: Payment) -> bool:
        """Whether the coop can take back what it has announced: the AD does not have it yet."""
        announced = payment.state == PaymentState.ANNOUNCED and payment.way != PaymentWay.DEBIT and payment.deposit_id is None
        return announced and self.page.access.can_write

    @cached_property
    def debits(self) -> list[Debit]:
        """The debits of the adhésion, the latest first, without those that never reached the bank."""
        tied = [(one, one.debit) for one in self.payments if hasattr(one, "debit")]
        reached = [debit for one, debit in tied if one.state != PaymentState.CANCELLED or debit.returned_on is not None]
        return sorted(reached, key=lambda debit: debit.pk, reverse=True)

    @cached_property
    def collects(self) -> bool:
        """Whether the AD can collect what is owed: a mandate runs, and is for who collects today."""
        row = running_mandate(self.page.coop) if "debit" in self.ways else None
        return row is not None and void_from(row) > self.page.today and row.creditor.get("ics") == self.creditor.ics

    @property
    def coming(self) -> Debit | None:
        """The debit that is under way."""
        return next((one for one in self.debits if one.pending), None)

    @property
    def came_back(self) -> Debit | None:
        """The latest debit where it came back and nothing has been announced since for what is owed."""
        latest = next(iter(self.debits), None)
        return latest if latest and latest.returned_on and self.facts.owed > self.underway else None

    def reason(self, debit: Debit) -> DebitReason:
        """Why a debit came back, and what to do then."""
        return debit_reason(debit.return_code)

    @property
    def reference(self) -> str:
        return written_reference(self.membership.reference) if self.membership else ""

    @property
    def iban(self) -> str:
        return written_iban(self.creditor.iban)

    @property
    def square(self) -> Mapping[str, object] | None:
        """The transfer as a square that the applications of banks read; None where nothing is left, or there is no account."""
        if self.membership is None or self.left <= 0 or not self.creditor.iban:
            return None
        told = transfer_code(self.creditor.name, self.creditor.iban, self.creditor.bic, self.left, self.membership.reference)
        return square(told, Correction.MEDIUM)

    @property
    def refusal(self) -> str | None:
        """Why the coop does not adhere any more; None where it may."""
        return adhering_refusal(self.page.coop.closed_on, self.facts.left_on)

    @property
    def may_write(self) -> bool:
        """An adhésion may be filled in while the accounts are sent or sealed: it changes none."""
        return self.page.access.can_write and self.refusal is None

    @property
    def may_declare(self) -> bool:
        """The coop's people declare and engage themselves, not those of the AD who help."""
        return self.may_write and self.page.access.role is RoleKind.COOP

    @property
    def due_on(self) -> date:
        return membership_due(self.association, self.page.year)

    @property
    def bill(self) -> Bill:
        """What was declared costs, or what the draft would today."""
        if self.latest:
            return Bill(lines_of(self.latest))
        return Bill(fee_lines(self.tariff, declared_of(self.draft))) if self.draft else Bill(())

    def bill_of(self, declared: Declared) -> Bill:
        """Return what a form would cost, beside the declaration that stands."""
        return Bill(fee_lines(self.tariff, declared), self.latest.total if self.latest else None)

    @property
    def version(self) -> int:
        """What a form of effectifs is made from: the number of the declaration to correct, else the version of the draft (0: none)."""
        if self.latest:
            return self.latest.number
        return self.draft.version if self.draft else 0

    @cached_property
    def proposed(self) -> tuple[Declared, SchoolYear | None]:
        """The effectifs that the form shows first, and the year from which they are taken where it is a former one."""
        row = self.latest or self.draft
        if row:
            return declared_of(row), None
        former = declared_last(self.page.coop, self.page.year)
        return (former[1], former[0]) if former else (Declared(()), None)

    @property
    def only_class(self) -> tuple[int, int] | None:
        """Pupils and adults of a coop of one class, as its CRA tells them."""
        return self.reported[1:] if self.reported and self.reported[0] == 1 else None

    @cached_property
    def reported(self) -> tuple[int, int, int] | None:
        """Classes, pupils and adults that the CRA of the year before tells, of a coop that has never declared an adhésion here."""
        if self.proposed[0].classes:
            return None
        told: tuple[int, int, int] | None = import_string(settings.REPORTED_MEMBERS)(self.page.coop, self.page.year.previous)
        return told


def members_told(declared: Declared) -> str:
    """Return effectifs in words."""
    classes, adults = plural(len(declared.classes), "classe"), plural(declared.adults, "adulte")
    return f"{classes}, {plural(declared.pupils, 'élève')} et {adults}"


def membership_due(association: DepartmentalAssociation, year: SchoolYear) -> date:
    """Return the day until which an AD waits for adhésions."""
    return year.previous.last_day + timedelta(days=given_settings(association, year).value("membership_due_days"))
