"""What the pages of direct debits show: the coop's mandate; the AD's collections and what can be collected now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from retkoop.books.page import CoopPage
from retkoop.domain.debit_reasons import DebitReason, debit_reason
from retkoop.domain.direct_debit import DebitDelays
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.memberships.access import MONEY, adhering_refusal, money_access
from retkoop.memberships.debits.forms import DebitMandateForm
from retkoop.memberships.debits.mandate_paper import mandate_words
from retkoop.memberships.debits.queries import (
    collections_of,
    collects,
    coop_mandates,
    debits_of,
    debits_to_take_out,
    delays_of,
    sums_of,
    void_from,
)
from retkoop.memberships.debits.selection import Collectables, selection_of
from retkoop.memberships.ibans import BankAccount, InvalidIban, masked_iban, read_iban
from retkoop.memberships.models import Collection, CollectionState, Debit, DebitMandate, Membership
from retkoop.memberships.pricing.queries import Creditor, creditor_of
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.models import Mandate, RoleKind
from retkoop.network.queries import running_mandates


@dataclass
class MandatePage:
    """A coop before its mandate."""

    page: CoopPage

    @cached_property
    def refusal(self) -> str | None:
        """Why the coop signs no mandate any more; None where it may."""
        left = Membership.objects.filter(coop=self.page.coop, start=self.page.year.start).values_list("left_on", flat=True).first()
        return adhering_refusal(self.page.coop.closed_on, left)

    @property
    def may_sign(self) -> bool:
        return self.may_end and self.refusal is None

    @property
    def may_end(self) -> bool:
        """The coop's people sign and end, whatever became of the year; those of the AD who help do not."""
        access = self.page.access
        return access.role is RoleKind.COOP and not access.by_merger and self.page.coop.closed_on is None

    @cached_property
    def creditor(self) -> Creditor:
        return creditor_of(self.page.coop.association, self.page.year)

    @property
    def open(self) -> bool:
        """Whether the AD collects."""
        return collects(self.page.coop.association, self.page.year)

    @cached_property
    def notice(self) -> int:
        return delays_of(self.page.coop.association, self.page.year).notice

    @cached_property
    def signers(self) -> list[Mandate]:
        return list(running_mandates(self.page.coop, self.page.today))

    @cached_property
    def mandates(self) -> list[DebitMandate]:
        return coop_mandates(self.page.coop)

    @property
    def running(self) -> DebitMandate | None:
        return next((row for row in self.mandates if row.ended_at is None), None)

    @property
    def void_from(self) -> date | None:
        """The first day on which the running mandate is void for want of use."""
        return void_from(self.running) if self.running else None

    @property
    def lapsed(self) -> bool:
        return self.void_from is not None and self.void_from <= self.page.today

    @property
    def other_creditor(self) -> bool:
        """Whether the AD collects under another identifier than the running mandate was signed for."""
        return self.running is not None and self.open and self.running.creditor.get("ics") != self.creditor.ics

    @property
    def account(self) -> BankAccount | None:
        """The account of the running mandate, with the name of its bank."""
        try:
            return read_iban(self.running.iban) if self.running else None
        except InvalidIban:
            return None

    @property
    def ended(self) -> list[DebitMandate]:
        return [row for row in self.mandates if row.ended_at is not None]

    @cached_property
    def debits(self) -> list[Debit]:
        return debits_of(self.page.coop)

    @property
    def words(self) -> list[str]:
        return mandate_words(self.creditor.name)

    def reason(self, debit: Debit) -> DebitReason:
        return debit_reason(debit.return_code)

    def masked(self, iban: str) -> str:
        return masked_iban(iban)

    def form(self, data: Any = None) -> DebitMandateForm:  # noqa: ANN401 -- what was sent
        return DebitMandateForm(data, signers=self.signers, initial={"debtor": self.page.coop.name[:70]})


@dataclass
class CollectionsPage:
    """An AD before its collections of a year."""

    access: AssociationAccess
    year: SchoolYear
    today: date

    @property
    def may_collect(self) -> bool:
        return self.access.role in MONEY

    @property
    def open(self) -> bool:
        """Whether the AD has what its bank asks for, and collects."""
        return collects(self.access.association, self.year)

    @cached_property
    def delays(self) -> DebitDelays:
        return delays_of(self.access.association, self.year)

    @property
    def first_day(self) -> date:
        return self.delays.first_day(self.today)

    @cached_property
    def rows(self) -> list[Collection]:
        return collections_of(self.access.association, self.year)

    @cached_property
    def selection(self) -> Collectables:
        return selection_of(self.access.association, self.year, self.today)


@dataclass
class CollectionPage:
    """One collection before the AD, and its bank's page."""

    access: AssociationAccess
    row: Collection
    today: date

    @property
    def may_act(self) -> bool:
        return self.access.role in MONEY

    @cached_property
    def sums(self) -> dict[str, tuple[int, int]]:
        return sums_of(self.row)

    @cached_property
    def to_take_out(self) -> list[tuple[Debit, str]]:
        return debits_to_take_out(self.row)

    @property
    def last_handing(self) -> date:
        return delays_of(self.access.association, SchoolYear(self.row.start)).last_handing(self.row.collected_on)

    @property
    def late(self) -> bool:
        """Whether the bank may not take the file any more for that day."""
        return self.row.state == CollectionState.PREPARED and self.today > self.last_handing

    @property
    def due(self) -> bool:
        return self.row.state == CollectionState.SENT and self.today >= self.row.collected_on

    def reason(self, debit: Debit) -> DebitReason:
        return debit_reason(debit.return_code)

    def masked(self, iban: str) -> str:
        return masked_iban(iban)


def open_debits(request: HttpRequest, department: str) -> AssociationAccess:
    """Return the access to an AD's debits: its staff and the federation's read, who moves its money writes. Raises Http404."""
    return money_access(request.user, department) if request.method == "POST" else open_association(request.user, department)


def year_asked(request: HttpRequest) -> SchoolYear:
    """Return the year that an address names, the current one where it names none. Raises Http404."""
    asked = request.GET.get("annee") or request.POST.get("annee")
    try:
        return SchoolYear.parse(asked) if asked else SchoolYear.containing(timezone.localdate())
    except InvalidSchoolYear:
        raise Http404 from None
