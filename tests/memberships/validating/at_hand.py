"""Adhésions on their way to being validated: declared, accepted, paid; as their rows stand."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.utils import timezone

from retkoop.audit.services import SYSTEM, writing
from retkoop.domain.creditor_reference import creditor_reference
from retkoop.domain.fees import ClassCount, Declared, Level, Tariff, fee_lines, total_of
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import (
    Declaration,
    EngagementAcceptance,
    EngagementText,
    Membership,
    Payment,
    PaymentState,
    PaymentWay,
)
from retkoop.memberships.validating.services import Validated, validate
from retkoop.memberships.values import fill_declaration, kept_lines
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.models import FEDERATION_CHAIN, Coop, Mandate, RoleKind
from retkoop.network.services import give_mandate
from retkoop.users.models import User
from tests.books.coops import YEAR
from tests.cast import make_staff

TARIFF: Final = Tariff(member=2_05, insurance=25, magazine=20_00)
CLASSES: Final = (ClassCount(Level.CP, 24), ClassCount(Level.CM2, 26, 1, "Mme Grand"))
DUE: Final = 52 * 2_30
"""What two classes of 50 pupils and 2 adults pay, in cents."""
FEES, INSURANCE = 52 * 2_05, 52 * 25
RECEIVED: Final = date(2025, 10, 12)
HOLDER: Final = "Mme Perrin"


def declared(coop: Coop, classes: tuple[ClassCount, ...] = CLASSES, year: SchoolYear = YEAR, **more: Any) -> Membership:  # noqa: ANN401 -- as Declared takes them
    """Declare the effectifs of a coop, for the first time or once more."""
    said = Declared(classes, **more)
    with writing(coop.chain, SYSTEM) as trail:
        row = Membership.objects.filter(coop=coop, start=year.start).first()
        if row is None:
            row = Membership.objects.create(coop=coop, start=year.start, reference=creditor_reference(coop.rne, year))
            trail.created(row, action="membership.begun")
        made = Declaration(membership=row, number=row.declarations.count() + 1, declared_at=trail.at, declared_by="Alice")
        fill_declaration(made, said)
        lines = fee_lines(TARIFF, said)
        made.lines, made.total = kept_lines(lines), total_of(lines)
        made.save()
        trail.created(made, action="declaration.made")
    row.coop = coop
    return row


def mandate(coop: Coop, holder: str = HOLDER, **more: Any) -> Mandate:  # noqa: ANN401 -- as give_mandate takes them
    return give_mandate(author=SYSTEM, coop=coop, holder=holder, start=date(2025, 9, 1), **more)


def text() -> EngagementText:
    """Return the federation's engagement, published."""
    found = EngagementText.objects.filter(association=None, published_at__isnull=False).order_by("-number").first()
    if found is not None:
        return found
    with writing(FEDERATION_CHAIN, SYSTEM) as trail:
        row = EngagementText.objects.create(number=1, text="Je m’engage.", published_at=timezone.now())
        trail.created(row, action="engagement.published")
    return row


def accepted(membership: Membership, holder: str = HOLDER, of: Mandate | None = None) -> EngagementAcceptance:
    """Have a mandataire accept the engagement."""
    coop = Coop.objects.get(pk=membership.coop_id)
    with writing(coop.chain, SYSTEM) as trail:
        row = EngagementAcceptance.objects.create(
            membership=membership, text=text(), mandate=of, holder=of.holder if of else holder, accepted_at=trail.at, accepted_by=coop.rne
        )
        trail.created(row, action="engagement.accepted")
    return row


def received(membership: Membership, amount: int = DUE, day: date = RECEIVED, **more: Any) -> Payment:  # noqa: ANN401 -- its columns
    """Have the AD receive a payment, by default a cheque of all that is due."""
    association = Coop.objects.select_related("association").get(pk=membership.coop_id).association
    columns = {"way": PaymentWay.CHEQUE, "state": PaymentState.RECEIVED, "received_on": day, **more}
    with writing(association.chain, SYSTEM) as trail:
        row = Payment.objects.create(association=association, membership=membership, amount=amount, **columns)
        trail.created(row, action="payment.received")
    return row


def came_back(payment: Payment, day: date, reason: str = "Provision insuffisante") -> Payment:
    """Have a payment come back."""
    with writing(payment.association.chain, SYSTEM) as trail:
        before = payment.snapshot()
        payment.state, payment.returned_on, payment.reason = PaymentState.RETURNED, day, reason
        payment.save()
        trail.changed(payment, before, action="payment.returned")
    return payment


def ready(coop: Coop, **more: Any) -> Membership:  # noqa: ANN401 -- as `declared` takes them
    """Return an adhésion that is declared, accepted and paid."""
    row = declared(coop, **more)
    accepted(row, of=coop.mandates.first() or mandate(coop))
    received(row, row.declarations.latest("number").total, cheque="2000101")
    return row


def validated(coop: Coop, **more: Any) -> Validated:  # noqa: ANN401 -- as `declared` takes them
    """Return the adhésion of a coop that the AD has validated: an attestation, and an operation where its book is open."""
    ready(coop, **more)
    return validate(access=money(), coop=coop, year=YEAR)


def money(kind: RoleKind = RoleKind.COMPTABLE, name: str = "nadine") -> AssociationAccess:
    """Return the access of somebody of the AD."""
    user = User.objects.filter(username=name).first() or make_staff(name, kind)
    return open_association(user, "91")
