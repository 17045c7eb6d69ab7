"""The verbs of bordereaux: cheques taken to the bank together, and taken back as long as the bank has not credited them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from django.db.models import Max

from retkoop.audit.services import Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.dates import format_date
from retkoop.memberships.access import refuse_others
from retkoop.memberships.models import BookedPayment, ChequeDeposit, Payment, PaymentState, PaymentWay
from retkoop.memberships.receipts.services import WrongDay, pass_to, refuse_day
from retkoop.network.access import AssociationAccess


def deposit_cheques(*, access: AssociationAccess, keys: Collection[int], day: date, submission: uuid.UUID | None = None) -> ChequeDeposit:
    """Make a bordereau of cheques, announced or received: they are received on that day at the latest. Raises Refused, AlreadySubmitted."""
    with writing(access.association.chain, access.author, submission) as trail:
        refuse_others(access)
        refuse_day(day, trail)
        waiting = (
            Payment.objects.select_related("membership")
            .select_for_update(of=("self",))
            .filter(association=access.association, pk__in=set(keys))
        )
        rows = [one for one in waiting.order_by("pk") if _can_be_deposited(one)]
        if not rows:
            raise Refused("Cochez au moins un chèque.")
        if len(rows) != len(set(keys)):
            raise Refused("Un de ces chèques a changé entre-temps\u202f: rechargez la page.")
        for row in rows:
            _refuse_before(row, day, trail)
        last = ChequeDeposit.objects.filter(association=access.association).aggregate(last=Max("number"))["last"] or 0
        deposit = ChequeDeposit.objects.create(association=access.association, number=last + 1, deposited_on=day)
        trail.created(deposit, action="cheque_deposit.made", submission=submission)
        for row in rows:
            _put_in(trail, row, deposit)
        return deposit


def _can_be_deposited(row: Payment) -> bool:
    waits = row.state in {PaymentState.ANNOUNCED, PaymentState.RECEIVED} and row.deposit_id is None and row.line_id is None
    return waits and row.way == PaymentWay.CHEQUE and row.amount > 0


def _refuse_before(row: Payment, day: date, trail: Trail) -> None:
    """Refuse a day on which a cheque was not there yet."""
    refuse_day(day, trail, row.membership)
    if row.received_on is not None and day < row.received_on:
        raise WrongDay(f"Le chèque n°\u00a0{row.cheque} n’est reçu que le {format_date(row.received_on)}.")


def _put_in(trail: Trail, row: Payment, deposit: ChequeDeposit) -> None:
    pass_to(trail, row, PaymentState.RECEIVED, "payment.deposited", deposit=deposit, received_on=row.received_on or deposit.deposited_on)


def undo_deposit(*, access: AssociationAccess, number: int) -> None:
    """Take a bordereau back: its cheques wait again. Raises Refused once one of them is credited, came back, counts or is booked."""
    with writing(access.association.chain, access.author) as trail:
        refuse_others(access)
        deposit = ChequeDeposit.objects.select_for_update().filter(association=access.association, number=number).first()
        if deposit is None:
            raise Refused("Ce bordereau n’est plus là.")
        rows = list(deposit.payments.select_for_update(of=("self",)).select_related("membership").order_by("pk"))
        _refuse_settled(rows)
        for row in rows:
            waits = row.announced_on is not None and row.received_on == deposit.deposited_on
            target, day = (PaymentState.ANNOUNCED, None) if waits else (PaymentState.RECEIVED, row.received_on)
            pass_to(trail, row, target, "payment.taken_out", deposit=None, received_on=day)
        subject, before = deposit.subject, deposit.snapshot()
        deposit.delete()
        trail.deleted(subject, before, action="cheque_deposit.undone")


def _refuse_settled(rows: Collection[Payment]) -> None:
    if any(row.line_id is not None for row in rows):
        raise Refused("Une ligne du relevé a crédité ce bordereau\u202f: défaites d’abord leur rapprochement.")
    if any(row.state != PaymentState.RECEIVED for row in rows):
        raise Refused("Un de ses chèques est revenu impayé\u202f: ce bordereau ne se défait plus.")
    if any(row.membership.validated for row in rows) or BookedPayment.objects.filter(payment__in=rows).exists():
        raise Refused("Une adhésion payée par ce bordereau est déjà validée, ou notée dans le cahier\u202f: il ne se défait plus.")
