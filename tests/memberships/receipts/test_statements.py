"""The AD's bank statement: imported once, matched with what it pays, never twice."""

from __future__ import annotations

from datetime import date

import pytest

from retkoop.banking.statement_files import SeveralAccounts, UnreadableStatement
from retkoop.books.writable import Refused
from retkoop.domain.membership import MembershipState
from retkoop.memberships.access import NOT_THEIRS
from retkoop.memberships.models import Membership, Payment, PaymentState, ReceivedLine, ReceivedStatement
from retkoop.memberships.receipts.services import announce_transfer, cancel_payment
from retkoop.memberships.receipts.statements import (
    USED,
    accept_sure,
    import_statement,
    match_deposit,
    match_line,
    set_line_aside,
    unmatch_line,
)
from retkoop.network.access import Access
from tests.banking.statement_files.test_banks import text_of, two_accounts
from tests.books.coops import keeper, plain
from tests.cast import CHARLIE
from tests.memberships.at_hand import declared_membership, faults_of_rows
from tests.memberships.receipts.at_hand import (
    DAY,
    OWED,
    a_line,
    announced,
    comptable,
    deposited,
    helper,
    imported,
    received,
    reference_of,
    row,
)
from tests.memberships.receipts.test_services import refusal_of, standing, validate

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def membership(alice: Access) -> Membership:
    return declared_membership(alice)


@pytest.fixture
def other() -> Membership:
    return declared_membership(keeper(CHARLIE))


def kept() -> list[tuple[int, str, int | None]]:
    return [(one.amount, one.state, one.line_id) for one in Payment.objects.order_by("pk")]


def test_the_same_file_is_told_and_lines_that_are_there_do_not_come_again() -> None:
    first = [row("VIR A", "10,00"), row("VIR A", "10,00"), row("FRAIS", "-2,00")]
    assert (imported(*first).new, ReceivedLine.objects.count()) == (3, 3)
    with pytest.raises(Refused, match="déjà importé"):
        imported(*first)
    done = imported(*first, row("VIR A", "10,00"), row("VIR B", "5,00", "15/11/2025"))
    assert (done.new, done.known, ReceivedLine.objects.count()) == (2, 3, 5)
    assert (imported(row("VIR C", "1,00"), name="autre.csv").new, faults_of_rows()) == (1, [])


def test_another_format_of_the_same_account_brings_nothing_again_and_loses_nothing() -> None:
    def brought(name: str, *, extra: str = "") -> tuple[int, int]:
        done = import_statement(access=comptable(), name=name, data=f"{text_of(name)}{extra}".encode())
        return done.new, done.known

    assert brought("credit-mutuel-cic.ofx") == (3, 0)
    assert brought("credit-mutuel-cic.csv", extra="15/09/2026;15/09/2026;;119,60;VIR COOP SCOLAIRE FERRY;1355,60\n") == (1, 3)
    assert brought("societe-generale.ofx") == (2, 0)
    assert brought("societe-generale-compte-courant.csv") == (0, 2)
    assert brought("la-banque-postale.tsv") == (2, 0)
    assert brought("la-banque-postale.ofx") == (1, 2)
    assert brought("la-banque-postale.qif") == (0, 3)
    assert faults_of_rows() == []


def test_a_bank_that_changes_its_references_doubles_nothing() -> None:
    for data, new in ((text_of("la-banque-postale.ofx"), 3), (text_of("la-banque-postale.ofx").replace("Zq81kLw", "Xx"), 0)):
        assert import_statement(access=comptable(), name="x.ofx", data=data.encode()).new == new


def test_each_account_of_a_file_is_imported_once() -> None:
    def brought(account: str) -> int:
        return import_statement(access=comptable(), name="x.csv", data=two_accounts().encode(), account=account).new

    with pytest.raises(SeveralAccounts):
        brought("")
    assert (brought("60123456789"), brought("60999999999")) == (2, 2)
    with pytest.raises(Refused, match="déjà importé"):
        brought("60999999999")
    assert [one.format for one in ReceivedStatement.objects.all()] == ["csv", "csv"]
    assert faults_of_rows() == []


def test_who_imports_and_what_is_no_statement() -> None:
    with pytest.raises(UnreadableStatement):
        import_statement(access=comptable(), name="x.csv", data=b"bonjour")
    assert refusal_of(import_statement, access=helper(), name="x.csv", data=b"bonjour") == NOT_THEIRS
    assert ReceivedLine.objects.count() == 0


def test_a_line_pays_an_adhesion_on_its_day(membership: Membership) -> None:
    line = a_line("VIR", "119,60")
    match_line(access=comptable(), key=line.pk, shares={membership.pk: OWED})
    paid = Payment.objects.get()
    assert (paid.received_on, paid.line_id, standing(membership)) == (DAY, line.pk, (MembershipState.PAID, 0))
    assert faults_of_rows() == []


def test_a_line_pays_two_coops_and_never_more_than_it_brings(membership: Membership, other: Membership) -> None:
    line = a_line("VIR DEUX ECOLES", "200,00")
    match = {"access": comptable(), "key": line.pk}
    assert refusal_of(match_line, **match, shares={membership.pk: OWED, other.pk: OWED}) == (
        "Il ne reste que 200,00 € sur cette ligne : réduisez un montant."
    )
    match_line(access=comptable(), key=line.pk, shares={membership.pk: OWED})
    assert refusal_of(match_line, **match, shares={other.pk: OWED}) == "Il ne reste que 80,40 € sur cette ligne : réduisez un montant."
    match_line(access=comptable(), key=line.pk, shares={other.pk: 80_40})
    assert (standing(membership)[1], standing(other)[1]) == (0, OWED - 80_40)
    assert refusal_of(match_line, **match, shares={other.pk: 1}) == "Il ne reste que 0,00 € sur cette ligne : réduisez un montant."
    assert refusal_of(match_line, **match, shares={}) == "Choisissez au moins une coopérative, avec un montant."


def test_more_than_what_is_owed_is_told(membership: Membership) -> None:
    line = a_line("VIR", "200,00")
    said = refusal_of(match_line, access=comptable(), key=line.pk, shares={membership.pk: 200_00})
    assert said == "0910000A n’attend que 119,60 € : réduisez le montant, ou dites que le surplus est à rendre."
    match_line(access=comptable(), key=line.pk, shares={membership.pk: 200_00}, beyond=True)
    assert standing(membership) == (MembershipState.PAID, OWED - 200_00)
    assert refusal_of(match_line, access=comptable(), key=line.pk + 1, shares={membership.pk: 1}) == "Cette ligne n’est plus là."
    assert refusal_of(match_line, access=comptable(), key=a_line("X", "1").pk, shares={0: 1}) == (
        "Une de ces adhésions n’est pas de votre association, ou n’est pas déclarée."
    )


def test_a_transfer_announced_or_noted_by_hand_is_not_paid_twice(alice: Access, membership: Membership) -> None:
    hand = received(membership, 100_00, day=date(2025, 11, 12))
    announce = announce_transfer(access=alice, membership=membership, amount=19_60)
    first, second = a_line("VIR 1", "100,00"), a_line("VIR 2", "19,60")
    match_line(access=comptable(), key=first.pk, shares={membership.pk: 100_00})
    match_line(access=comptable(), key=second.pk, shares={membership.pk: 19_60})
    assert kept() == [(100_00, PaymentState.RECEIVED, first.pk), (19_60, PaymentState.RECEIVED, second.pk)]
    assert [Payment.objects.get(pk=one.pk).received_on for one in (hand, announce)] == [date(2025, 11, 12), DAY]
    assert standing(membership) == (MembershipState.PAID, 0)
    assert refusal_of(cancel_payment, access=comptable(), key=hand.pk, version=2, reason="?") == (
        "Une ligne du relevé a apporté ce paiement : défaites d’abord leur rapprochement."
    )


def test_all_sure_proposals_are_accepted_at_once(alice: Access, membership: Membership, other: Membership) -> None:
    deposited([announced(alice, membership, amount=20_00)])
    imported(
        row(f"VIR {reference_of(membership)}", "99,60"),
        row(f"VIR {reference_of(membership)}", "99,60", "16/11/2025"),
        row("COOP 0910620E", "119,60"),
        row("REMISE CHEQUES", "20,00"),
        row("COOP 0910620E", "3,00"),
        row("VIR MYSTERE", "7,00"),
        row("FRAIS", "-7,00"),
    )
    assert accept_sure(access=comptable()) == 3
    assert (standing(membership)[1], standing(other)[1]) == (0, 0)
    assert ReceivedLine.objects.filter(payments=None).count() == 4
    assert (accept_sure(access=comptable()), faults_of_rows()) == (0, [])


def test_a_match_taken_back_leaves_its_trace_and_may_be_made_again(membership: Membership) -> None:
    line = a_line("VIR", "119,60")
    match_line(access=comptable(), key=line.pk, shares={membership.pk: OWED})
    validate(membership)
    unmatch_line(access=comptable(), key=line.pk)
    assert kept() == [(OWED, PaymentState.CANCELLED, None)]
    assert standing(membership) == (MembershipState.DECLARED, OWED)
    assert refusal_of(unmatch_line, access=comptable(), key=line.pk) == "Cette ligne n’est rapprochée de rien."
    match_line(access=comptable(), key=line.pk, shares={membership.pk: OWED})
    assert (standing(membership), faults_of_rows()) == ((MembershipState.PAID, 0), [])


def test_a_line_set_aside_pays_nothing_until_it_is_taken_back(alice: Access, membership: Membership) -> None:
    line = a_line("SUBVENTION", "119,60")
    set_line_aside(access=comptable(), key=line.pk, reason=" Subvention ")
    deposit = deposited([announced(alice, membership)])
    assert refusal_of(match_line, access=comptable(), key=line.pk, shares={membership.pk: 1}) == (
        "Cette ligne est mise de côté : reprenez-la d’abord."
    )
    assert refusal_of(match_deposit, access=comptable(), key=line.pk, deposit=deposit.pk) == plain(USED)
    assert ReceivedLine.objects.get().set_aside == "Subvention"
    set_line_aside(access=comptable(), key=line.pk, reason="")
    match_deposit(access=comptable(), key=line.pk, deposit=deposit.pk)
    assert refusal_of(set_line_aside, access=comptable(), key=line.pk, reason="x") == plain(USED)


def test_only_those_of_the_money_match(membership: Membership) -> None:
    line = a_line("VIR", "10,00")
    given = {"access": helper(), "key": line.pk}
    assert refusal_of(match_line, **given, shares={membership.pk: 1}) == NOT_THEIRS
    assert refusal_of(match_deposit, **given, deposit=1) == NOT_THEIRS
    assert refusal_of(set_line_aside, **given, reason="x") == NOT_THEIRS
    assert refusal_of(unmatch_line, **given) == NOT_THEIRS
    assert refusal_of(accept_sure, access=helper()) == NOT_THEIRS


def test_a_line_brings_the_transfers_noted_by_hand_together(alice: Access) -> None:
    membership = declared_membership(alice)
    received(membership, 50_00)
    received(membership, 69_60)
    line = a_line(f"VIR {reference_of(membership)}", "119,60")
    assert accept_sure(access=comptable()) == 1
    assert sorted(Payment.objects.values_list("amount", "line")) == [(50_00, line.pk), (69_60, line.pk)]


def test_a_line_brings_one_noted_by_hand_and_what_was_owed(alice: Access) -> None:
    membership = declared_membership(alice)
    received(membership, 50_00)
    line = a_line(f"VIR {reference_of(membership)}", "119,60")
    assert accept_sure(access=comptable()) == 1
    assert sorted(Payment.objects.values_list("amount", "line")) == [(50_00, line.pk), (69_60, line.pk)]


def test_a_line_for_less_than_what_was_noted_by_hand_waits_for_somebody(alice: Access) -> None:
    membership = declared_membership(alice)
    received(membership, 100_00)
    line = a_line(f"VIR {reference_of(membership)}", "60,00")
    assert accept_sure(access=comptable()) == 0
    with pytest.raises(Refused, match="n’attend que 19,60"):
        match_line(access=comptable(), key=line.pk, shares={membership.pk: 60_00})
    match_line(access=comptable(), key=line.pk, shares={membership.pk: 60_00}, beyond=True)
    assert sorted(Payment.objects.values_list("amount", "line")) == [(60_00, line.pk), (100_00, None)]
