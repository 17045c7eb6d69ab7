from __future__ import annotations

import re
import uuid
from datetime import date

import pytest
from django.utils import timezone
from pytest_django import Settings

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.mailing.models import Letter
from retkoop.memberships.debits.collecting import (
    ALL_UNDER_WAY,
    NO_CREDITOR,
    NOT_HANDED,
    NOTHING,
    call_back_collection,
    cancel_collection,
    hand_in,
    settle_collection,
    take_out,
)
from retkoop.memberships.debits.returning import DebitReturn, take_returns
from retkoop.memberships.models import Collection, CollectionState, Debit, Membership, Payment
from retkoop.memberships.queries import facts_of, membership_of
from retkoop.network.access import open_association
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import change_setting
from tests.cast import association, make_coop, make_staff
from tests.clock import Clock
from tests.memberships.at_hand import faults_of_rows
from tests.memberships.debits.at_hand import (
    NAMES,
    YEAR,
    can_collect,
    comptable,
    declared,
    only_debit,
    prepared,
    sent,
    settled,
    signed,
)

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 14)


def coops(*totals: int) -> list[Coop]:
    can_collect()
    made = []
    for rne, total in zip(NAMES, totals, strict=False):
        coop = make_coop(rne, name=f"École {rne}")
        coop.email = f"{rne}@ecole.example"
        coop.save()
        declared(coop, total)
        signed(coop)
        made.append(coop)
    return made


def states() -> list[tuple[str, str, bool]]:
    rows = Debit.objects.select_related("payment", "collection").order_by("pk")
    return [(row.collection.state, row.payment.state, row.pending) for row in rows]


def test_a_collection_takes_all_that_is_owed() -> None:
    coops(120_00, 75_50)
    row = prepared()
    assert (row.number, row.count, row.total, row.collected_on, row.message) == (1, 2, 195_50, DUE, "OCCE91-20261130-0001")
    debits = [(one.end_to_end, one.amount, one.first, one.pending) for one in Debit.objects.order_by("pk")]
    assert debits == [
        ("OCCE91-20261130-0001-0910000A", 120_00, True, True),
        ("OCCE91-20261130-0001-0910001B", 75_50, True, True),
    ]
    payments = [(one.amount, one.way, one.state, one.announced_on) for one in Payment.objects.order_by("pk")]
    assert payments == [(120_00, "debit", "announced", date(2026, 11, 30)), (75_50, "debit", "announced", date(2026, 11, 30))]


def test_coops_are_told_before(settings: Settings) -> None:
    settings.CAN_SEND_MAIL = True
    coops(120_00, 75_50)
    Letter.objects.all().delete()
    prepared()
    letter, _ = Letter.objects.order_by("pk")
    assert letter.purpose == "debit_announced"
    assert letter.chain == "coop 0910000A"
    assert letter.subject == "École 0910000A : prélèvement de 120,00 € le 14 décembre 2026"
    for told in ("120,00\u202f€", "14\u00a0décembre 2026", "OCCE-0910000A-001", "FR12ZZZ123456", "OCCE de l’Essonne", "FR•• ••••"):
        assert told in letter.body
    assert only_iban("0910000A") not in letter.body


def only_iban(rne: str) -> str:
    return Debit.objects.select_related("mandate").get(membership__coop__rne=rne).mandate.iban


def test_prepared_twice_nothing_is_collected_twice() -> None:
    coops(120_00)
    first = uuid.uuid4()
    prepared(submission=first)
    with pytest.raises(AlreadySubmitted):
        prepared(submission=first)
    with pytest.raises(Refused, match=ALL_UNDER_WAY):
        prepared()
    assert (Collection.objects.count(), Debit.objects.count(), Payment.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("day", [date(2026, 12, 11), date(2026, 12, 25), date(2026, 12, 19), date(2026, 11, 29), date(2027, 6, 1)])
def test_a_wrong_day_is_refused(day: date) -> None:
    coops(120_00)
    with pytest.raises(Refused, match=r"202\d"):
        prepared(day=day)
    assert Collection.objects.count() == 0


def test_without_a_creditor_nothing_is_collected() -> None:
    coops(120_00)
    change_setting(author=SYSTEM, association=association(), from_year=2026, name="creditor", value={})
    with pytest.raises(Refused, match=re.escape(NO_CREDITOR)):
        prepared()


def test_without_anything_owed_nothing_is_collected() -> None:
    coops(0)
    with pytest.raises(Refused, match=NOTHING):
        prepared()


def test_an_animateur_does_not_collect() -> None:
    coops(120_00)
    bob = open_association(make_staff("bob", RoleKind.ANIMATEUR), "91")
    with pytest.raises(Refused, match="Seuls le comptable et les administrateurs"):
        prepared(bob)


def test_an_adhesion_may_be_left_out() -> None:
    first, _ = coops(120_00, 75_50)
    left_out = membership_of(first, YEAR)
    assert left_out is not None
    assert prepared(left_out=[left_out.pk]).total == 75_50


def test_a_credited_collection_pays_the_adhesions(clock: Clock) -> None:
    (coop,) = coops(120_00)
    access = comptable()
    row = sent(access)
    with pytest.raises(Refused, match="L’échéance est le 14 décembre 2026"):
        settle_collection(access=access, key=row.pk)
    clock.set(2026, 12, 14, 9)
    settled(access, row)
    assert states() == [("settled", "received", False)]
    assert only_debit().payment.received_on == DUE
    membership = membership_of(coop, YEAR)
    assert membership is not None
    assert facts_of(membership).owed == 0
    with pytest.raises(Refused, match="déjà encaissée"):
        settle_collection(access=access, key=row.pk)


def test_a_collection_is_given_up_before_it_is_handed_in(settings: Settings) -> None:
    settings.CAN_SEND_MAIL = True
    coops(120_00, 75_50)
    access = comptable()
    row = prepared(access)
    Letter.objects.all().delete()
    cancel_collection(access=access, key=row.pk)
    assert states() == [("cancelled", "cancelled", False)] * 2
    assert [letter.purpose for letter in Letter.objects.all()] == ["debit_given_up"] * 2
    again = prepared(access)
    assert (again.number, again.count) == (2, 2)
    assert [one.first for one in again.debits.all()] == [True, True]


def test_what_was_handed_in_does_not_change() -> None:
    coops(120_00)
    access = comptable()
    row = sent(access)
    for verb in (cancel_collection, hand_in):
        with pytest.raises(Refused, match="elle ne change plus"):
            verb(access=access, key=row.pk)
    with pytest.raises(Refused, match="elle ne change plus"):
        take_out(access=access, key=row.pk, debit=only_debit().pk)
    assert states() == [("sent", "announced", True)]


def test_a_file_that_the_bank_refuses_is_handed_in_again(clock: Clock) -> None:
    coops(120_00, 75_50)
    access = comptable()
    row = prepared(access)
    with pytest.raises(Refused, match=NOT_HANDED):
        call_back_collection(access=access, key=row.pk, reason="Format")
    hand_in(access=access, key=row.pk)
    with pytest.raises(Refused, match="en une phrase"):
        call_back_collection(access=access, key=row.pk, reason=" ")
    bob = open_association(make_staff("bob", RoleKind.ANIMATEUR), "91")
    with pytest.raises(Refused, match="Seuls le comptable et les administrateurs"):
        call_back_collection(access=bob, key=row.pk, reason="Format")
    back = call_back_collection(access=access, key=row.pk, reason=" Ancien format demandé ")
    assert (back.state, back.sent_at, back.refused) == (CollectionState.PREPARED, None, "Ancien format demandé")
    assert states() == [("prepared", "announced", True)] * 2
    take_out(access=access, key=row.pk, debit=row.debits.order_by("pk")[0].pk)
    again = hand_in(access=access, key=row.pk)
    assert (again.state, again.count, again.refused) == (CollectionState.SENT, 1, "")
    clock.set(2026, 12, 14, 9)
    settled(access, row)
    with pytest.raises(Refused, match=NOT_HANDED):
        call_back_collection(access=access, key=row.pk, reason="Format")
    assert [fault for fault in faults_of_rows() if not fault.startswith("network.coop")] == []


def test_a_file_of_which_something_came_back_was_taken() -> None:
    coops(120_00)
    access = comptable()
    row = sent(access)
    take_returns(access=access, returns=[DebitReturn(only_debit().pk, timezone.localdate(), "AC04")])
    with pytest.raises(Refused, match="sont déjà revenus"):
        call_back_collection(access=access, key=row.pk, reason="Format")


def test_one_debit_is_taken_out() -> None:
    coops(120_00, 75_50)
    access = comptable()
    row = prepared(access)
    first, second = row.debits.order_by("pk")
    take_out(access=access, key=row.pk, debit=first.pk)
    row.refresh_from_db()
    assert (row.count, row.total, row.state) == (1, 75_50, CollectionState.PREPARED)
    with pytest.raises(Refused, match="n’est plus dans la remise"):
        take_out(access=access, key=row.pk, debit=first.pk)
    take_out(access=access, key=row.pk, debit=second.pk)
    row.refresh_from_db()
    assert (row.count, row.total, row.state) == (0, 0, CollectionState.CANCELLED)


def test_a_mandate_that_ended_is_taken_out_first() -> None:
    (coop,) = coops(120_00)
    access = comptable()
    row = prepared(access)
    signed(coop, "FR1420041010050500013M02606")
    with pytest.raises(Refused, match="Retirez d’abord"):
        hand_in(access=access, key=row.pk)


def test_what_was_paid_meanwhile_is_taken_out_first() -> None:
    (coop,) = coops(120_00)
    access = comptable()
    row = prepared(access)
    declared(coop, 60_00, number=2)
    with pytest.raises(Refused, match="Retirez d’abord"):
        hand_in(access=access, key=row.pk)


def test_the_next_debit_of_a_mandate_is_recurrent(clock: Clock) -> None:
    (coop,) = coops(120_00)
    access = comptable()
    row = sent(access)
    clock.set(2026, 12, 14, 9)
    settled(access, row)
    declared(coop, 150_00, number=2)
    again = prepared(access)
    assert [(one.amount, one.first) for one in again.debits.all()] == [(30_00, False)]


def test_of_another_ad_nothing_is_found() -> None:
    coops(120_00)
    row = prepared()
    with pytest.raises(Refused, match="n’est plus là"):
        cancel_collection(access=comptable("33"), key=row.pk)


def test_payments_are_told_in_the_chain_of_the_ad() -> None:
    coops(120_00)
    prepared()
    told = AuditEvent.objects.filter(action__in=["collection.prepared", "payment.announced", "debit.prepared"]).order_by("sequence")
    assert [(event.chain_id, event.action) for event in told] == [
        ("ad 91", "collection.prepared"),
        ("ad 91", "payment.announced"),
        ("ad 91", "debit.prepared"),
    ]


@pytest.mark.parametrize("change", ["left_on", "closed_on"])
def test_a_coop_that_leaves_meanwhile_is_to_be_taken_out(change: str) -> None:
    can_collect()
    coop = make_coop()
    declared(coop)
    signed(coop)
    row = prepared()
    rows = Coop.objects.filter(pk=coop.pk) if change == "closed_on" else Membership.objects.filter(coop=coop)
    rows.update(**{change: date(2026, 11, 30)})
    with pytest.raises(Refused, match="Retirez d’abord"):
        hand_in(access=comptable(), key=row.pk)
