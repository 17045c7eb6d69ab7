"""The adhésion of a made-up coop: declared, paid in part or whole, validated, or late; rows and trail as the verbs make them, at less cost.

What the AD validates is left for the coop to put into its cahier: a made-up year has its own operation of that kind.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from retkoop.audit.services import SYSTEM, Trail, writing
from retkoop.domain.creditor_reference import creditor_reference
from retkoop.domain.fees import Declared, fee_lines, total_of
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import Declaration, EngagementAcceptance, Membership, Payment, PaymentState, PaymentWay
from retkoop.memberships.pricing.queries import engagement_in_force, tariff_of
from retkoop.memberships.validating.attestations import issue
from retkoop.memberships.values import fill_declaration, kept_lines
from retkoop.network.models import Coop, Mandate
from retkoop.upkeep.adhesions import classes_of


class Joining(StrEnum):
    """How far the adhésion of a made-up coop is."""

    LATE = "late"
    DECLARED = "declared"
    PART_PAID = "part paid"
    PAID = "paid"
    VALIDATED = "validated"


SHARES: Final = {Joining.LATE: 12, Joining.DECLARED: 14, Joining.PART_PAID: 4, Joining.PAID: 18, Joining.VALIDATED: 52}
"""So many of a hundred coops; one whose mandate the AD has not noted gets no further than what it has declared."""


def join(*, coop: Coop, year: SchoolYear, mandate: Mandate | None, now: datetime) -> Membership | None:
    """Make the adhésion of a coop for a year, none later than `now`; None where it is late. The same coop always gets the same one."""
    chance = Random(f"{coop.rne} {year}")  # noqa: S311 -- made-up figures
    how = chance.choices(list(SHARES), list(SHARES.values()))[0]
    begun = datetime.combine(year.first_day, time(8), UTC) + timedelta(days=chance.randint(8, 80), minutes=chance.randint(0, 480))
    if how is Joining.LATE or begun > now:
        return None
    with writing(coop.association.chain, SYSTEM) as money, writing(coop.chain, SYSTEM) as trail:
        row, made = _declare(trail, coop, year, chance, begun)
        if mandate is None:
            return row
        _accept(trail, row, mandate, begun)
        if how in {Joining.PART_PAID, Joining.PAID, Joining.VALIDATED}:
            day = min(begun + timedelta(days=chance.randint(1, 20)), now)
            _pay(money, row, made.total // 2 if how is Joining.PART_PAID else made.total, day, chance)
            if how is Joining.VALIDATED:
                _validate(trail, row, made, day)
    return row


def _declare(trail: Trail, coop: Coop, year: SchoolYear, chance: Random, at: datetime) -> tuple[Membership, Declaration]:
    row = Membership.objects.create(coop=coop, start=year.start, reference=creditor_reference(coop.rne, year))
    trail.created(row, action="membership.begun")
    declared = Declared(classes_of(chance, college="Collège" in coop.name), insured=chance.random() < 0.8)
    made = Declaration(membership=row, number=1, declared_at=at, declared_by=coop.name)
    fill_declaration(made, declared)
    lines = fee_lines(tariff_of(coop.association, year), declared)
    made.lines, made.total = kept_lines(lines), total_of(lines)
    made.save(force_insert=True)
    trail.created(made, action="declaration.made")
    return row, made


def _accept(trail: Trail, row: Membership, mandate: Mandate, at: datetime) -> None:
    text = engagement_in_force(row.coop.association)
    if text is None:
        return
    told = {"mandate": mandate, "holder": mandate.holder, "accepted_at": at, "accepted_by": row.coop.name}
    trail.created(EngagementAcceptance.objects.create(membership=row, text=text, **told), action="engagement.accepted")


def _pay(trail: Trail, row: Membership, amount: Cents, at: datetime, chance: Random) -> None:
    cheque = chance.random() < 0.5
    paid = Payment.objects.create(
        association=row.coop.association,
        membership=row,
        way=PaymentWay.CHEQUE if cheque else PaymentWay.TRANSFER,
        amount=amount,
        state=PaymentState.RECEIVED,
        received_on=at.date(),
        cheque=f"{chance.randrange(2_000_000, 9_000_000)}" if cheque else "",
    )
    trail.created(paid, action="payment.received")


def _validate(trail: Trail, row: Membership, made: Declaration, at: datetime) -> None:
    before = row.snapshot()
    row.validated, row.validated_at, row.validated_by, row.version = made.number, at, SYSTEM.name, row.version + 1
    row.save()
    trail.changed(row, before, action="membership.validated")
    issue(trail, row.coop, row, made)
