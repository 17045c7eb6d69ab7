"""The verbs of a collection: prepared in one transaction of the AD's chain, handed to the bank, credited; or given up before.

What was handed to the bank does not change; an adhésion has one debit that is under way at most.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection as Keys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final

from django.db.models import F, Max
from django.utils import timezone

from retkoop.audit.services import Trail, writing
from retkoop.audit.statements import Insert
from retkoop.books.writable import Refused
from retkoop.domain.dates import format_date
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.access import refuse_others
from retkoop.memberships.debits.mails import tell_coops
from retkoop.memberships.debits.queries import collects, debits_in, debits_to_take_out, delays_of
from retkoop.memberships.debits.selection import Collectable, Collectables, selection_of
from retkoop.memberships.models import Collection, CollectionState, Debit, Payment, PaymentState, PaymentWay
from retkoop.memberships.pricing.queries import creditor_of
from retkoop.network.access import AssociationAccess

GONE: Final = "Cette remise n’est plus là."
NOT_PREPARED: Final = "Cette remise est déjà partie, ou annulée\u202f: elle ne change plus."
NOT_HANDED: Final = "La banque n’a pas ce fichier, ou la remise est déjà encaissée."
ALL_UNDER_WAY: Final = "Rien de plus à prélever\u202f: tous les prélèvements sont déjà en cours."
NOTHING: Final = "Aucune adhésion à prélever\u202f: la liste dit pourquoi pour chacune."
NO_CREDITOR: Final = "Indiquez d’abord l’IBAN et l’identifiant créancier (ICS) de votre association, dans «\u00a0Tarifs et textes\u00a0»."
_PAYMENT: Final = Insert(Payment)
_DEBIT: Final = Insert(Debit)


class WrongDay(Refused):
    """A day on which nothing can be collected; `nearest`: the one to ask for instead."""

    def __init__(self, words: str, nearest: date) -> None:
        super().__init__(words)
        self.nearest = nearest


def prepare_collection(
    *,
    access: AssociationAccess,
    year: SchoolYear,
    day: date,
    left_out: Keys[int] = (),
    submission: uuid.UUID | None = None,
) -> Collection:
    """Prepare a collection of all that can be collected of a year, `left_out` (keys of adhésions) apart, and tell the coops.

    Raises WrongDay, Refused, AlreadySubmitted.
    """
    association = access.association
    with _opened(access=access, submission=submission) as trail:
        today = timezone.localdate(trail.at)
        if not collects(association, year):
            raise Refused(NO_CREDITOR)
        delays = delays_of(association, year)
        if refusal := delays.refusal(day, today):
            raise WrongDay(refusal, delays.nearest(day, today))
        chosen = _chosen(selection_of(association, year, today), left_out)
        number = (Collection.objects.filter(association=association).aggregate(last=Max("number"))["last"] or 0) + 1
        row = Collection.objects.create(
            association=association,
            start=year.start,
            number=number,
            message=f"OCCE{association.department}-{today:%Y%m%d}-{number:04d}",
            collected_on=day,
            creditor=creditor_of(association, year).as_json(),
            count=len(chosen),
            total=sum(one.owed for one in chosen),
            prepared_at=trail.at,
        )
        trail.created(row, action="collection.prepared", submission=submission)
        tell_coops(row, _fill(trail, row, chosen, today), "debit_announced")
        return row


def _chosen(selection: Collectables, left_out: Keys[int]) -> list[Collectable]:
    chosen = [one for one in selection.ready if one.membership.pk not in left_out]
    if not chosen:
        raise Refused(ALL_UNDER_WAY if selection.all_under_way else NOTHING)
    return chosen


def _fill(trail: Trail, row: Collection, chosen: Sequence[Collectable], today: date) -> list[Debit]:
    """Write a payment and a debit for each adhésion, in a few statements however many they are."""
    payments = [
        Payment(
            association=row.association,
            membership=one.membership,
            way=PaymentWay.DEBIT,
            amount=one.owed,
            announced_on=today,
            payer=one.mandate.debtor if one.mandate else "",
        )
        for one in chosen
    ]
    _PAYMENT.each(payments)
    debits = [
        Debit(
            collection=row,
            membership=one.membership,
            mandate=one.mandate,
            payment=payment,
            amount=one.owed,
            first=one.first,
            end_to_end=f"{row.message}-{one.membership.coop.rne}",
        )
        for one, payment in zip(chosen, payments, strict=True)
    ]
    _DEBIT.each(debits)
    for payment, debit in zip(payments, debits, strict=True):
        trail.created(payment, action="payment.announced")
        trail.created(debit, action="debit.prepared")
    return debits


def cancel_collection(*, access: AssociationAccess, key: int) -> Collection:
    """Give a prepared collection up: the coops are told. Raises Refused once it was handed to the bank."""
    with _prepared(access, key) as (trail, row):
        gone = give_up(trail, [one for one in debits_in(row) if one.pending], f"Remise {row} annulée")
        _changed(trail, row, "collection.cancelled", state=CollectionState.CANCELLED)
        tell_coops(row, gone, "debit_given_up")
        return row


def take_out(*, access: AssociationAccess, key: int, debit: int) -> Collection:
    """Take one debit out of a prepared collection: its file is another; without any left, the collection is given up. Raises Refused."""
    with _prepared(access, key) as (trail, row):
        gone = give_up(trail, [one for one in debits_in(row).filter(pk=debit) if one.pending], f"Retiré de la remise {row}")
        if not gone:
            raise Refused("Ce prélèvement n’est plus dans la remise.")
        count, total = row.count - 1, row.total - gone[0].amount
        state = CollectionState.PREPARED if count else CollectionState.CANCELLED
        action = "collection.changed" if count else "collection.cancelled"
        _changed(trail, row, action, count=count, total=total, state=state, **_another_edition(trail, row))
        tell_coops(row, gone, "debit_given_up")
        return row


def give_up(trail: Trail, debits: Sequence[Debit], reason: str) -> list[Debit]:
    """Let debits that are under way be so no more, and cancel their payments."""
    for one in debits:
        before, paid_before = one.snapshot(), one.payment.snapshot()
        one.pending = False
        one.payment.state, one.payment.reason, one.payment.version = PaymentState.CANCELLED, reason[:200], one.payment.version + 1
        trail.changed(one, before, action="debit.given_up")
        trail.changed(one.payment, paid_before, action="payment.cancelled")
    keys = [one.payment_id for one in debits]
    Debit.objects.filter(payment__in=keys).update(pending=False)
    Payment.objects.filter(pk__in=keys).update(state=PaymentState.CANCELLED, reason=reason[:200], version=F("version") + 1)
    return list(debits)


def hand_in(*, access: AssociationAccess, key: int) -> Collection:
    """Note that the file of a collection was handed to the bank: from now on it does not change. Raises Refused."""
    with _prepared(access, key) as (trail, row):
        if debits_to_take_out(row):
            raise Refused("Retirez d’abord de la remise les prélèvements qui n’ont plus lieu d’être.")
        _changed(trail, row, "collection.sent", state=CollectionState.SENT, sent_at=trail.at, refused="")
        return row


def call_back_collection(*, access: AssociationAccess, key: int, reason: str) -> Collection:
    """Note that the bank refused the file of a collection that was handed in: it can be changed, handed in again, or given up.

    The next file bears another identifier: banks refuse one that they have seen. Raises Refused once anything was credited or came back.
    """
    with _opened(access=access) as trail:
        row = _locked(access, key)
        if row.state != CollectionState.SENT:
            raise Refused(NOT_HANDED)
        if Debit.objects.filter(collection=row, returned_on__isnull=False).exists():
            raise Refused("Des prélèvements de cette remise sont déjà revenus\u202f: la banque a donc pris le fichier.")
        if not reason.strip():
            raise Refused("Dites pourquoi la banque l’a refusé, en une phrase.")
        told = {"state": CollectionState.PREPARED, "sent_at": None, "refused": reason.strip()[:200]}
        _changed(trail, row, "collection.called_back", **told, **_another_edition(trail, row))
        return row


def settle_collection(*, access: AssociationAccess, key: int) -> Collection:
    """Note that a collection was credited, on its day: the payments of all that have not come back are received. Raises Refused."""
    with _opened(access=access) as trail:
        row = _locked(access, key)
        if row.state != CollectionState.SENT:
            raise Refused(
                "Cette remise est déjà encaissée." if row.state == CollectionState.SETTLED else "La banque n’a pas encore ce fichier."
            )
        if timezone.localdate(trail.at) < row.collected_on:
            raise Refused(f"L’échéance est le {format_date(row.collected_on)}\u202f: rien n’est crédité avant.")
        pending = [one for one in debits_in(row) if one.pending]
        for one in pending:
            before, paid_before = one.snapshot(), one.payment.snapshot()
            one.pending = False
            one.payment.state, one.payment.received_on = PaymentState.RECEIVED, row.collected_on
            one.payment.version += 1
            trail.changed(one, before, action="debit.credited")
            trail.changed(one.payment, paid_before, action="payment.received")
        Debit.objects.filter(collection=row, pending=True).update(pending=False)
        paid = Payment.objects.filter(pk__in=[one.payment_id for one in pending])
        paid.update(state=PaymentState.RECEIVED, received_on=row.collected_on, version=F("version") + 1)
        _changed(trail, row, "collection.settled", state=CollectionState.SETTLED)
        return row


@contextmanager
def _opened(*, access: AssociationAccess, submission: uuid.UUID | None = None) -> Iterator[Trail]:
    refuse_others(access)
    with writing(access.association.chain, access.author, submission) as trail:
        yield trail


@contextmanager
def _prepared(access: AssociationAccess, key: int) -> Iterator[tuple[Trail, Collection]]:
    """Yield a collection that may still change. Raises Refused."""
    with _opened(access=access) as trail:
        row = _locked(access, key)
        if row.state != CollectionState.PREPARED:
            raise Refused(NOT_PREPARED)
        yield trail, row


def _locked(access: AssociationAccess, key: int) -> Collection:
    row = Collection.objects.select_for_update().filter(association=access.association, pk=key).first()
    if row is None:
        raise Refused(GONE)
    row.association = access.association
    return row


def _another_edition(trail: Trail, row: Collection) -> dict[str, object]:
    """Return what makes the file another one: what was downloaded before is void, and a bank that was given it by mistake can tell."""
    return {"edition": row.edition + 1, "revised_at": trail.at}


def _changed(trail: Trail, row: Collection, action: str, **columns: object) -> None:
    before = row.snapshot()
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    trail.changed(row, before, action=action)
