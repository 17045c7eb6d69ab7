"""An AD whose coops stand at different places of their adhésion of 2026-2027, as their rows are."""

from __future__ import annotations

from datetime import date
from typing import Final

from retkoop.audit.services import SYSTEM, writing
from retkoop.domain.creditor_reference import creditor_reference
from retkoop.domain.federation_share import SharedMemberships, kept_share, share_lines, share_of
from retkoop.domain.fees import ClassCount, Declared, Level, Tariff, fee_lines, total_of
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import Declaration, Membership, Payment, PaymentState, PaymentWay, ShareDeclaration
from retkoop.memberships.values import fill_declaration, kept_lines
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.models import Coop, RoleKind
from retkoop.users.models import User
from tests.cast import association, make_coop, make_staff

YEAR: Final = SchoolYear(2026)
JAURES, TILLEULS, PORT, ZOLA, NEW = "0910000A", "0910620E", "0911111C", "0913333F", "0912222D"
NAMES: Final = {
    JAURES: ("École Jean-Jaurès", "Évry"),
    TILLEULS: ("École des Tilleuls", "Massy"),
    PORT: ("École du Port", "Évry"),
    ZOLA: ("Collège Zola", "Massy"),
    NEW: ("École Neuve", "Massy"),
}
DEFAULT_SHARES: Final = {"member": 1_10, "insurance": 25, "magazine": 0}
TARIFF: Final = Tariff(member=2_05, insurance=25, magazine=20_00)
MIXED: Final = (ClassCount(Level.GS, 24, 2), ClassCount(Level.CM2, 26, 1, "Mme Grand"))
"""53 coopérateurs, of whom 26 of maternelle: 121,90 € with the insurance."""
COLLEGE: Final = (ClassCount(Level.COLLEGE_6, 30, 0), ClassCount(Level.COLLEGE_6, 28, 2))
"""60 coopérateurs: 123,00 € without the insurance."""


def declared(
    coop: Coop, classes: tuple[ClassCount, ...] = MIXED, year: SchoolYear = YEAR, *, insured: bool = True, magazines: int = 0
) -> Membership:
    """Declare the effectifs of a coop, for the first time or once more."""
    told = Declared(classes, insured=insured, magazines=magazines)
    with writing(coop.chain, SYSTEM) as trail:
        row = Membership.objects.filter(coop=coop, start=year.start).first()
        if row is None:
            row = Membership.objects.create(coop=coop, start=year.start, reference=creditor_reference(coop.rne, year))
            trail.created(row, action="membership.begun")
        made = Declaration(membership=row, number=row.declarations.count() + 1, declared_at=trail.at, declared_by="Alice")
        fill_declaration(made, told)
        lines = fee_lines(TARIFF, told)
        made.lines, made.total = kept_lines(lines), total_of(lines)
        made.save()
        trail.created(made, action="declaration.made")
    row.coop = coop
    return row


def paid(row: Membership, amount: int) -> Payment:
    ad = row.coop.association
    with writing(ad.chain, SYSTEM) as trail:
        columns = {"way": PaymentWay.TRANSFER, "state": PaymentState.RECEIVED, "received_on": date(2026, 10, 12)}
        made = Payment.objects.create(association=ad, membership=row, amount=amount, **columns)
        trail.created(made, action="payment.received")
    return made


def marked(row: Membership, *, validated: int = 0, left: str = "") -> Membership:
    """Note an adhésion as validated, or as not renewed."""
    with writing(row.coop.chain, SYSTEM) as trail:
        before = row.snapshot()
        row.validated, row.left_reason = validated, left
        row.left_on = date(2026, 10, 1) if left else None
        row.save()
        trail.changed(row, before, action="membership.validated" if validated else "membership.left")
    return row


def an_autumn() -> dict[str, Coop]:
    """Make five coops: one validated, one paid, one paid in part, one that does not renew, one that has declared nothing yet."""
    coops = {rne: make_coop(rne, *named) for rne, named in NAMES.items()}
    first = declared(coops[JAURES], magazines=2)
    paid(first, 161_90)
    marked(first, validated=1)
    paid(declared(coops[TILLEULS], COLLEGE, insured=False), 123_00)
    paid(declared(coops[PORT]), 50_00)
    left = declared(coops[ZOLA], year=YEAR.previous)
    marked(Membership.objects.create(coop=left.coop, start=YEAR.start, reference=creditor_reference(ZOLA, YEAR)), left="École fermée")
    for rne in (JAURES, NEW):
        paid(declared(coops[rne], COLLEGE, YEAR.previous), 138_00)
    return coops


def staff(kind: RoleKind = RoleKind.COMPTABLE, department: str = "91") -> AssociationAccess:
    user = User.objects.filter(username=kind.value).first() or make_staff(kind.value, kind, department)
    return open_association(user, department)


def share_declared(year: SchoolYear = YEAR) -> ShareDeclaration:
    """Have the AD have declared the federation's share of an adhésion of 53 coopérateurs."""
    counted = SharedMemberships(coops=1, members=53, insured=53)
    lines = share_lines(DEFAULT_SHARES, counted)
    ad = association()
    with writing(ad.chain, SYSTEM) as trail:
        row = ShareDeclaration.objects.create(
            association=ad,
            start=year.start,
            number=ShareDeclaration.objects.filter(association=ad, start=year.start).count() + 1,
            facts=kept_share(lines, counted),
            amount=share_of(lines),
            declared_at=trail.at,
            declared_by="Comptable",
        )
        trail.created(row, action="share.declared")
    return row
