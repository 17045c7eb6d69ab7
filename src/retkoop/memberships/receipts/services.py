"""The verbs of payments: announced by the coop, received, given back, come back. All of it is told in the AD's chain.

What a payment that comes back undoes in the coop is told in the coop's, opened after the AD's.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Sum
from django.utils import timezone

from retkoop.audit.services import Author, Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.dates import format_date
from retkoop.domain.entry import cheque_digits
from retkoop.domain.money import Cents, format_amount
from retkoop.memberships.access import adhering_refusal, refuse_others
from retkoop.memberships.models import Membership, Payment, PaymentState, PaymentWay
from retkoop.memberships.queries import facts_of, memberships
from retkoop.memberships.receipts.mails import tell_coop
from retkoop.memberships.undoing import take_validation_back
from retkoop.network.access import Access, AssociationAccess
from retkoop.network.models import DepartmentalAssociation

GONE: Final = "Ce paiement n’est plus là\u202f: rechargez la page."
CHANGED: Final = "Quelqu’un d’autre a changé ce paiement entre-temps\u202f: rechargez la page."
FUTURE: Final = "Ce jour n’est pas encore venu."
MOST: Final[Cents] = 100_000_00
"""No adhésion comes near: a larger amount is a slip of the keyboard."""
_UNDER_WAY: Final = (PaymentState.ANNOUNCED, PaymentState.RECEIVED)


class BeyondOwed(Refused):
    """The payment is more than what is owed, and nobody has said that it is meant so."""


class WrongDay(Refused):
    """A day on which the money cannot have moved."""


@dataclass(frozen=True, slots=True)
class ReceivedFacts:
    """A payment that an AD received, in cents, on a day. `beyond`: more than what is owed, and meant so."""

    way: PaymentWay
    amount: Cents
    day: date
    cheque: str = ""
    payer: str = ""
    beyond: bool = False


def record_payment(
    *, access: AssociationAccess, membership: Membership, facts: ReceivedFacts, submission: uuid.UUID | None = None
) -> Payment:
    """Record a cheque or a transfer that the AD received, the whole or a part. Raises BeyondOwed, Refused, AlreadySubmitted."""
    with writing(access.association.chain, access.author, submission) as trail:
        refuse_others(access)
        current = _current(access.association, membership)
        refuse_day(facts.day, trail, current)
        _refuse_amount(facts.amount, facts_of(current).owed, beyond=facts.beyond)
        _refuse_same_cheque(current, facts.cheque)
        row = Payment(association=access.association, membership=current, way=facts.way, amount=facts.amount)
        row.cheque, row.payer = facts.cheque.strip(), facts.payer.strip()
        return add_received(trail, row, facts.day, submission)


def add_received(trail: Trail, row: Payment, day: date, submission: uuid.UUID | None = None) -> Payment:
    """Write a new payment as received on a day."""
    row.state, row.received_on = PaymentState.RECEIVED, day
    row.save()
    trail.created(row, action="payment.received" if row.amount > 0 else "payment.refunded", submission=submission)
    return row


def refund(*, access: AssociationAccess, membership: Membership, facts: ReceivedFacts, submission: uuid.UUID | None = None) -> Payment:
    """Record money given back to a coop (`facts.amount`, positive): never more than what was received.

    Where it leaves the adhésion unpaid, its validation is taken back. Raises Refused, AlreadySubmitted.
    """
    with writing(access.association.chain, access.author, submission) as trail:
        refuse_others(access)
        current = _current(access.association, membership)
        refuse_day(facts.day, trail, current)
        received = facts_of(current).received
        if not 0 < facts.amount <= received:
            raise Refused(f"Vous avez reçu {format_amount(received)} de cette coopérative\u202f: vous ne pouvez pas rendre davantage.")
        row = Payment(association=access.association, membership=current, way=facts.way, amount=-facts.amount)
        row.cheque, row.payer = facts.cheque.strip(), facts.payer.strip()
        add_received(trail, row, facts.day, submission)
        take_validation_back(author=access.author, membership=current, reason="La cotisation a été rendue.")
        return row


def receive_payment(*, access: AssociationAccess, key: int, version: int, day: date) -> Payment:
    """Note that a payment which a coop announced has come. Raises Refused."""
    with writing(access.association.chain, access.author) as trail:
        refuse_others(access)
        row = _row(access.association, key, version)
        refuse_day(day, trail, row.membership)
        if row.state != PaymentState.ANNOUNCED or row.way == PaymentWay.DEBIT:
            raise Refused("Ce paiement n’est plus attendu.")
        return pass_to(trail, row, PaymentState.RECEIVED, "payment.received", received_on=day)


def cancel_payment(*, access: AssociationAccess, key: int, version: int, reason: str) -> Payment:
    """Cancel a payment: one announced that will not come, or one recorded by mistake. Raises Refused."""
    with writing(access.association.chain, access.author) as trail:
        refuse_others(access)
        row = _row(access.association, key, version)
        was_received = row.state == PaymentState.RECEIVED
        _refuse_tied(row)
        if row.state not in _UNDER_WAY:
            raise Refused("Ce paiement ne peut plus être annulé.")
        if not reason.strip():
            raise Refused("Dites pourquoi, en une phrase.")
        day = timezone.localdate(trail.at) if was_received else None
        pass_to(trail, row, PaymentState.CANCELLED, "payment.cancelled", returned_on=day, reason=reason.strip()[:200])
        if was_received and row.amount > 0:
            take_validation_back(author=access.author, membership=row.membership, reason="Un paiement a été annulé.")
        return row


def payment_came_back(  # noqa: PLR0913 -- which payment, when, why
    *, access: AssociationAccess, key: int, version: int, day: date, reason: str, submission: uuid.UUID | None = None
) -> Payment:
    """Note that a cheque or a transfer came back unpaid: where the adhésion is unpaid again its validation is taken back; the coop is told.

    Raises Refused, AlreadySubmitted.
    """
    with writing(access.association.chain, access.author, submission) as trail:
        refuse_others(access)
        refuse_day(day, trail)
        row = _row(access.association, key, version)
        if row.state != PaymentState.RECEIVED or row.amount < 0 or row.received_on is None:
            raise Refused("Seul un paiement reçu peut revenir impayé.")
        if row.way == PaymentWay.DEBIT:
            raise Refused("Un prélèvement revient par les pages des prélèvements.")
        if day < row.received_on:
            raise Refused(f"Ce paiement n’est reçu que le {format_date(row.received_on)}.")
        pass_to(trail, row, PaymentState.RETURNED, "payment.returned", submission, returned_on=day, reason=reason.strip()[:200])
        validated = take_validation_back(author=access.author, membership=row.membership, reason=f"Paiement revenu impayé\u202f: {reason}")
        owed = facts_of(memberships().get(pk=row.membership_id)).owed
        tell_coop(row, "payment_returned", validated=validated, owed=owed)
        return row


def announce_cheque(  # noqa: PLR0913 -- a cheque is these facts
    *, access: Access, membership: Membership, number: str, amount: Cents, payer: str, submission: uuid.UUID | None = None
) -> Payment:
    """Note a cheque that a coop sends to its AD. Raises Refused, AlreadySubmitted."""
    row = Payment(way=PaymentWay.CHEQUE, amount=amount, cheque=number.strip(), payer=payer.strip())
    if not row.cheque:
        raise Refused("Indiquez le numéro du chèque\u202f: il est imprimé en bas, à gauche.")
    return _announce(access=access, membership=membership, row=row, submission=submission)


def announce_transfer(*, access: Access, membership: Membership, amount: Cents, submission: uuid.UUID | None = None) -> Payment:
    """Note a transfer that a coop has asked its bank for. Raises Refused, AlreadySubmitted."""
    return _announce(access=access, membership=membership, row=Payment(way=PaymentWay.TRANSFER, amount=amount), submission=submission)


def _announce(*, access: Access, membership: Membership, row: Payment, submission: uuid.UUID | None) -> Payment:
    association = access.coop.association
    with writing(association.chain, access.author, submission) as trail:
        current = _current(association, membership)
        if current.coop_id != access.coop.pk or not access.can_write:
            raise Refused(GONE)
        facts = facts_of(current)
        if not facts.declared:
            raise Refused("Déclarez d’abord votre adhésion\u202f: son montant en dépend.")
        if refusal := adhering_refusal(current.coop.closed_on, current.left_on):
            raise Refused(refusal)
        _refuse_amount(row.amount, facts.owed - announced_of(current))
        _refuse_same_cheque(current, row.cheque)
        row.association, row.membership, row.announced_on = association, current, timezone.localdate(trail.at)
        row.save()
        trail.created(row, action="payment.announced", submission=submission)
        return row


def withdraw_announcement(*, access: Access, key: int) -> Payment:
    """Take back what a coop has announced, as long as the AD has not received it. Raises Refused."""
    association = access.coop.association
    with writing(association.chain, access.author) as trail:
        row = Payment.objects.select_for_update(of=("self",)).filter(membership__coop=access.coop, pk=key).first()
        if row is None or not access.can_write:
            raise Refused(GONE)
        if row.state != PaymentState.ANNOUNCED or row.way == PaymentWay.DEBIT or row.deposit_id is not None:
            raise Refused("L’association a déjà ce paiement\u202f: demandez-lui de le changer.")
        return pass_to(trail, row, PaymentState.CANCELLED, "payment.withdrawn", reason="Repris par la coopérative")


def pass_to(
    trail: Trail, row: Payment, target: PaymentState, action: str, submission: uuid.UUID | None = None, **changes: object
) -> Payment:
    """Bring a payment to a state, with what else changes."""
    before = row.snapshot()
    for name, value in changes.items():
        setattr(row, name, value)
    row.state, row.version = target, row.version + 1
    row.save()
    trail.changed(row, before, action=action, submission=submission)
    return row


def announced_of(membership: Membership) -> Cents:
    """Return the cents that are announced for an adhésion, or under way."""
    rows = Payment.objects.filter(membership=membership, state=PaymentState.ANNOUNCED)
    return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)


def _current(association: DepartmentalAssociation, membership: Membership) -> Membership:
    """Return an adhésion as it is now that the AD's chain is ours. Raises Refused."""
    row = memberships().select_related("coop__association").filter(pk=membership.pk, coop__association=association).first()
    if row is None:
        raise Refused("Cette adhésion n’est pas de votre association.")
    return row


def _row(association: DepartmentalAssociation, key: int, version: int) -> Payment:
    """Return a payment that is as its form has seen it. Raises Refused."""
    rows = Payment.objects.select_for_update(of=("self",)).filter(association=association, pk=key)
    row = rows.select_related("membership__coop__association").first()
    if row is None:
        raise Refused(GONE)
    if row.version != version:
        raise Refused(CHANGED)
    return row


def refuse_day(day: date, trail: Trail, membership: Membership | None = None) -> None:
    """Raise WrongDay for a day to come, and for one a whole year before the adhésion's: a slip of the keyboard."""
    if day > timezone.localdate(trail.at):
        raise WrongDay(FUTURE)
    if membership is not None and day < membership.year.previous.first_day:
        raise WrongDay(f"Ce jour est bien avant l’adhésion {membership.year}\u202f: vérifiez l’année.")


def _refuse_amount(amount: Cents, owed: Cents, *, beyond: bool = False) -> None:
    if not 0 < amount <= MOST:
        raise Refused("Indiquez un montant plus grand que zéro, et plausible pour une adhésion.")
    if amount > owed and not beyond:
        left = f"Il reste {format_amount(owed)} à payer" if owed > 0 else "Cette adhésion n’attend plus de paiement"
        raise BeyondOwed(f"{left}\u202f: ce montant est plus grand.")


def _refuse_same_cheque(membership: Membership, number: str) -> None:
    known = Payment.objects.filter(membership=membership, state__in=_UNDER_WAY).exclude(cheque="").values_list("cheque", flat=True)
    if number and _bare(number) in map(_bare, known):
        raise Refused(f"Le chèque n°\u00a0{number.strip()} de cette coopérative est déjà noté.")


def _bare(number: str) -> str:
    """Return a number of cheque as it is compared: `0000077`, `n° 77` and `77` are one cheque."""
    return (cheque_digits(number) or number.strip()).lstrip("0")


def _refuse_tied(row: Payment) -> None:
    if row.way == PaymentWay.DEBIT:
        raise Refused("Un prélèvement se retire de sa remise, dans les pages des prélèvements.")
    if row.deposit_id is not None:
        raise Refused("Ce chèque est dans un bordereau\u202f: défaites d’abord la remise, ou notez-le revenu impayé.")
    if row.line_id is not None:
        raise Refused("Une ligne du relevé a apporté ce paiement\u202f: défaites d’abord leur rapprochement.")


def undo_received(trail: Trail, author: Author, row: Payment, reason: str) -> None:
    """Take back a payment that a line brought: cancelled on this day, with its validation; it is told, and free to come again."""
    pass_to(
        trail, row, PaymentState.CANCELLED, "payment.cancelled", returned_on=timezone.localdate(trail.at), reason=reason[:200], line=None
    )
    take_validation_back(author=author, membership=row.membership, reason=reason)
