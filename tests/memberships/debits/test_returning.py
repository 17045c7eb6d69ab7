from __future__ import annotations

import uuid
from datetime import date

import pytest
from pytest_django import Settings

from retkoop.audit.services import SYSTEM, AlreadySubmitted, writing
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.mailing.models import Letter
from retkoop.memberships.debits.collecting import call_back_collection, hand_in, take_out
from retkoop.memberships.debits.return_files import read_returns
from retkoop.memberships.debits.returning import FATE_REMARKS, DebitReturn, ReturnFate, found_returns, return_debit, take_returns
from retkoop.memberships.models import Collection, Debit, DebitMandate, Membership, MembershipAttestation, PaymentState
from retkoop.memberships.queries import facts_of, membership_of
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop
from tests.cast import make_coop
from tests.clock import Clock
from tests.memberships.debits.at_hand import (
    NAMES,
    YEAR,
    can_collect,
    comptable,
    declared,
    only_debit,
    prepared,
    rejected,
    sent,
    settled,
    signed,
    told_on_a_statement,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
AFTER = date(2026, 12, 16)


def handed_in(*totals: int) -> tuple[AssociationAccess, Collection]:
    can_collect()
    for rne, total in zip(NAMES, totals, strict=False):
        coop = make_coop(rne, name=f"École {rne}")
        Coop.objects.filter(pk=coop.pk).update(email=f"{rne}@ecole.example")
        declared(coop, total)
        signed(coop)
    access = comptable()
    return access, sent(access)


def credited(clock: Clock, *totals: int) -> tuple[AssociationAccess, Collection]:
    access, row = handed_in(*totals)
    clock.set(2026, 12, 14, 9)
    settled(access, row)
    clock.set(2026, 12, 16, 9)
    return access, row


def taken(access: AssociationAccess, content: bytes) -> list[ReturnFate]:
    """Take a file into account, and return what its lines were."""
    found = found_returns(access.association, read_returns(content), AFTER)
    take_returns(access=access, returns=[one.asked for one in found if one.asked], submission=uuid.uuid4())
    return [one.fate for one in found]


def validated(coop: Coop) -> MembershipAttestation:
    with writing(coop.chain, SYSTEM) as trail:
        row = Membership.objects.get(coop=coop)
        before = row.snapshot()
        row.validated, row.validated_at, row.validated_by = 1, trail.at, "Mme Blanc"
        row.save()
        trail.changed(row, before, action="membership.validated")
        attestation = MembershipAttestation.objects.create(
            membership=row, declaration=row.declarations.get(), code="ABCD", facts={}, issued_at=trail.at
        )
        trail.created(attestation, action="attestation.issued")
    return attestation


def owed(rne: str = NAMES[0]) -> int:
    row = membership_of(Coop.objects.get(rne=rne), YEAR)
    assert row is not None
    return facts_of(row).owed


def test_a_rejection_before_the_day_was_never_received() -> None:
    access, row = handed_in(120_00)
    assert taken(access, rejected(row.message, (only_debit().end_to_end, "AM04"))) == [ReturnFate.NEW]
    debit = only_debit()
    assert (debit.pending, debit.returned_on, debit.return_code) == (False, TODAY, "AM04")
    assert (debit.payment.state, debit.payment.received_on, debit.payment.returned_on) == (PaymentState.RETURNED, None, TODAY)
    assert debit.payment.reason == "Prélèvement revenu\u202f: AM04, la provision n’était pas suffisante"


def test_after_the_day_it_was_received_and_came_back(clock: Clock) -> None:
    access, _ = credited(clock, 120_00)
    attestation = validated(Coop.objects.get())
    assert owed() == 0
    assert taken(access, told_on_a_statement(only_debit().end_to_end, "MD06", day=AFTER)) == [ReturnFate.NEW]
    payment = only_debit().payment
    assert (payment.state, payment.received_on, payment.returned_on) == (PaymentState.RETURNED, date(2026, 12, 14), AFTER)
    assert owed() == 120_00
    attestation.refresh_from_db()
    assert (Membership.objects.get().validated, attestation.revoked_at is None) == (0, False)


def test_seen_twice_it_changes_nothing(clock: Clock, settings: Settings) -> None:
    access, _ = credited(clock, 120_00)
    settings.CAN_SEND_MAIL = True
    content = told_on_a_statement(only_debit().end_to_end, "AM04", day=AFTER)
    assert taken(access, content) == [ReturnFate.NEW]
    version = only_debit().payment.version
    assert taken(access, content) == [ReturnFate.KNOWN]
    assert (only_debit().payment.version, Letter.objects.count()) == (version, 1)
    said = DebitReturn(only_debit().pk, AFTER, "AM04")
    assert take_returns(access=access, returns=[said]) == 0


def test_a_closed_account_ends_the_mandate_and_the_coop_is_told(clock: Clock, settings: Settings) -> None:
    access, _ = credited(clock, 120_00)
    settings.CAN_SEND_MAIL = True
    taken(access, told_on_a_statement(only_debit().end_to_end, "AC04", day=AFTER))
    assert DebitMandate.objects.get().end_reason == "Prélèvement revenu\u202f: AC04, le compte est clos"
    letter = Letter.objects.get()
    assert (letter.address, letter.purpose, letter.chain) == ("0910000A@ecole.example", "debit_returned", "coop 0910000A")
    for told in ("120,00\u202f€", "le compte est clos", "Signez un nouveau mandat", "OCCE-0910000A-001 a pris fin"):
        assert told in letter.body


def test_a_lack_of_money_lets_it_be_collected_again(clock: Clock) -> None:
    access, _ = credited(clock, 120_00)
    taken(access, told_on_a_statement(only_debit().end_to_end, "AM04", day=AFTER))
    again = prepared(access)
    assert [(one.amount, one.first) for one in again.debits.all()] == [(120_00, True)]


def test_it_is_found_by_its_mandate_and_amount(clock: Clock) -> None:
    access, _ = credited(clock, 120_00)
    mandate = only_debit().mandate.rum
    assert taken(access, told_on_a_statement("NOTPROVIDED", "AM04", day=AFTER, mandate=mandate)) == [ReturnFate.NEW]


def test_with_another_amount_the_mandate_is_not_enough(clock: Clock) -> None:
    access, _ = credited(clock, 120_00)
    mandate = only_debit().mandate.rum
    content = told_on_a_statement("NOTPROVIDED", "AM04", day=AFTER, mandate=mandate, amount="121.00")
    assert taken(access, content) == [ReturnFate.FOREIGN]


def test_another_amount_is_told() -> None:
    access, _ = handed_in(120_00)
    for amount in ("125.00", "100.00"):
        lines = read_returns(told_on_a_statement(only_debit().end_to_end, "AM04", day=TODAY, amount=amount))
        (found,) = found_returns(access.association, lines, TODAY)
        said, ours = amount.replace(".", ","), "120,00\u202f€"
        told = f"La banque dit {said}\u202f€, avec ses frais peut-être\u202f: c’est notre prélèvement de {ours} qui revient, en entier."
        assert (found.fate, found.remark) == (ReturnFate.NEW, told)
    lines = read_returns(told_on_a_statement(only_debit().end_to_end, "AM04", day=TODAY))
    assert [one.remark for one in found_returns(access.association, lines, TODAY)] == [""]


def test_a_file_that_was_replaced_brings_nothing_back() -> None:
    access, row = handed_in(120_00, 75_50)
    call_back_collection(access=access, key=row.pk, reason="Format")
    hand_in(access=access, key=row.pk)
    for content in (rejected(row.message, group="RJCT"), rejected(row.message, (f"{row.message}-{NAMES[0]}", "AC04"))):
        lines = read_returns(content)
        found = found_returns(access.association, lines, TODAY)
        assert {(one.fate, one.asked, one.remark) for one in found} == {(ReturnFate.OLDER_FILE, None, FATE_REMARKS[ReturnFate.OLDER_FILE])}
    row.refresh_from_db()
    assert row.file_message == f"{row.message}-V2"
    assert taken(access, rejected(row.file_message, group="RJCT")) == [ReturnFate.NEW] * 2


def test_a_batch_of_the_later_file_is_refused_whole() -> None:
    access, row = handed_in(120_00, 75_50)
    call_back_collection(access=access, key=row.pk, reason="Format")
    row = hand_in(access=access, key=row.pk)
    Debit.objects.filter(membership__coop__rne=NAMES[1]).update(first=False)
    content = rejected(row.file_message).replace(b"</OrgnlPmtInfId>", b"</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>")
    assert taken(access, content) == [ReturnFate.NEW]
    assert dict(Debit.objects.values_list("first", "pending")) == {True: False, False: True}


def test_the_debits_of_others_are_not_ours() -> None:
    access, row = handed_in(120_00)
    content = rejected(row.message, (only_debit().end_to_end, "AM04"))
    other = comptable("33")
    assert [one.fate for one in found_returns(other.association, read_returns(content), TODAY)] == [ReturnFate.FOREIGN]
    assert take_returns(access=other, returns=[DebitReturn(only_debit().pk, TODAY, "AM04")]) == 0
    assert only_debit().pending is True
    assert access.association != other.association


def test_a_file_refused_whole_brings_all_back() -> None:
    access, row = handed_in(120_00, 75_50, 12_00)
    assert taken(access, rejected(row.message, group="RJCT")) == [ReturnFate.NEW] * 3
    assert set(Debit.objects.values_list("return_code", "pending")) == {("FF01", False)}


def test_some_named_in_a_file_refused_whole_keep_their_reason() -> None:
    access, row = handed_in(120_00, 75_50)
    taken(access, rejected(row.message, (f"{row.message}-{NAMES[1]}", "AC01"), group="RJCT"))
    codes = {one.membership.coop.rne: one.return_code for one in Debit.objects.select_related("membership__coop")}
    assert codes == {NAMES[0]: "FF01", NAMES[1]: "AC01"}


def test_a_batch_refused_whole_leaves_the_other() -> None:
    access, row = handed_in(120_00, 75_50)
    Debit.objects.filter(membership__coop__rne=NAMES[1]).update(first=False)
    content = rejected(row.message).replace(b"</OrgnlPmtInfId>", b"</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>")
    taken(access, content)
    assert dict(Debit.objects.values_list("first", "pending")) == {True: False, False: True}


def test_what_was_taken_out_does_not_come_back() -> None:
    can_collect()
    coop = make_coop()
    declared(coop)
    signed(coop)
    access = comptable()
    row = prepared(access)
    debit = only_debit()
    take_out(access=access, key=row.pk, debit=debit.pk)
    assert taken(access, rejected(row.message, (debit.end_to_end, "AM04"))) == [ReturnFate.NEVER_SENT]


def test_by_hand_once(clock: Clock) -> None:
    access, _ = credited(clock, 120_00)
    said = DebitReturn(only_debit().pk, AFTER, "MS03")
    return_debit(access=access, said=said)
    assert only_debit().payment.state == PaymentState.RETURNED
    with pytest.raises(Refused, match="déjà pris en compte"):
        return_debit(access=access, said=said)


def test_by_hand_not_before_it_was_handed_in() -> None:
    can_collect()
    coop = make_coop()
    declared(coop)
    signed(coop)
    access = comptable()
    row = prepared(access)
    with pytest.raises(Refused, match="n’a pas encore ce fichier"):
        return_debit(access=access, said=DebitReturn(only_debit().pk, TODAY, "AM04"))
    take_out(access=access, key=row.pk, debit=only_debit().pk)
    with pytest.raises(Refused, match="n’est pas parti"):
        return_debit(access=access, said=DebitReturn(only_debit().pk, TODAY, "AM04"))


@pytest.mark.parametrize("day", [date(2026, 11, 29), date(2026, 12, 17)])
def test_a_wrong_day_is_refused(clock: Clock, day: date) -> None:
    access, _ = credited(clock, 120_00)
    with pytest.raises(Refused, match="Le jour du retour"):
        return_debit(access=access, said=DebitReturn(only_debit().pk, day, "AM04"))
    assert only_debit().returned_on is None


def test_a_form_sent_twice_is_taken_once() -> None:
    access, _ = handed_in(120_00)
    key, said = uuid.uuid4(), DebitReturn(only_debit().pk, TODAY, "AM04")
    assert take_returns(access=access, returns=[said], submission=key) == 1
    with pytest.raises(AlreadySubmitted):
        take_returns(access=access, returns=[said], submission=key)


def test_by_its_mandate_and_amount_one_year_alone_comes_back(clock: Clock) -> None:
    access, first = credited(clock, 120_00)
    coop = Coop.objects.get()
    clock.set(2027, 9, 10, 9)
    declared(coop, 120_00, year=SchoolYear(2027))
    row = sent(access, year=SchoolYear(2027))
    clock.set(2027, 10, 14, 9)
    settled(access, row)
    rum = DebitMandate.objects.get().rum
    lines = [read_returns(told_on_a_statement("NOTPROVIDED", "AM04", day=day, mandate=rum)) for day in (date(2027, 10, 14), AFTER)]
    found = [found_returns(access.association, one, date(2027, 10, 14)) for one in lines]
    assert [[one.debit and one.debit.collection_id for one in each] for each in found] == [[row.pk], [first.pk]]


def test_nothing_comes_back_of_a_collection_that_still_may_change() -> None:
    can_collect()
    coop = make_coop()
    declared(coop)
    signed(coop)
    access = comptable()
    prepared(access)
    with pytest.raises(Refused, match="Notez d’abord que la banque a le fichier de la remise n°\u00a01,"):
        take_returns(access=access, returns=[DebitReturn(only_debit().pk, TODAY, "AM04")])
    assert (only_debit().pending, only_debit().returned_on) == (True, None)
