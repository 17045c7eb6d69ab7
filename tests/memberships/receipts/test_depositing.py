"""Bordereaux: numbered, made of cheques that wait, taken back as long as nothing rests on them."""

from __future__ import annotations

from datetime import date

import pytest

from retkoop.books.writable import Refused
from retkoop.memberships.models import ChequeDeposit, Membership, Payment, PaymentState, PaymentWay
from retkoop.memberships.receipts.depositing import deposit_cheques, undo_deposit
from retkoop.memberships.receipts.queries import cheques_of, deposit_of
from retkoop.memberships.receipts.services import FUTURE, payment_came_back
from retkoop.memberships.receipts.slip import slip_data, slip_pdf
from retkoop.memberships.receipts.statements import match_deposit, unmatch_line
from retkoop.network.access import Access
from retkoop.network.services import change_setting
from tests.books.coops import keeper, plain
from tests.cast import CHARLIE, association
from tests.memberships.at_hand import declared_membership, faults_of_rows
from tests.memberships.receipts.at_hand import DAY, OWED, a_line, announced, comptable, deposited, received
from tests.memberships.receipts.test_services import refusal_of, validate

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def membership(alice: Access) -> Membership:
    return declared_membership(alice)


@pytest.fixture
def cheques(alice: Access, membership: Membership) -> list[Payment]:
    """One announced, one that the AD has received."""
    waits = announced(alice, membership, "1", 19_60)
    return [waits, received(membership, 50_00, PaymentWay.CHEQUE, date(2025, 11, 3), "2")]


def kept() -> list[tuple[str, date | None, int | None]]:
    return [(one.state, one.received_on, one.deposit.number if one.deposit else None) for one in Payment.objects.order_by("pk")]


def test_cheques_of_a_bordereau_are_received(cheques: list[Payment]) -> None:
    assert deposited(cheques).number == 1
    assert kept() == [(PaymentState.RECEIVED, DAY, 1), (PaymentState.RECEIVED, date(2025, 11, 3), 1)]
    assert faults_of_rows() == []


def test_taken_back_they_wait_again(cheques: list[Payment]) -> None:
    deposited(cheques)
    undo_deposit(access=comptable(), number=1)
    assert kept() == [(PaymentState.ANNOUNCED, None, None), (PaymentState.RECEIVED, date(2025, 11, 3), None)]
    assert (ChequeDeposit.objects.count(), faults_of_rows()) == (0, [])
    assert refusal_of(undo_deposit, access=comptable(), number=1) == "Ce bordereau n’est plus là."


def test_what_makes_no_bordereau(membership: Membership, cheques: list[Payment]) -> None:
    given = {"access": comptable(), "day": DAY}
    transfer = received(membership, 1_00)
    assert refusal_of(deposit_cheques, **given, keys=[]) == "Cochez au moins un chèque."
    assert refusal_of(deposit_cheques, **given, keys=[transfer.pk]) == "Cochez au moins un chèque."
    assert refusal_of(deposit_cheques, access=comptable(), keys=[cheques[0].pk], day=date(2200, 1, 1)) == plain(FUTURE)
    told = "Ce jour est bien avant l’adhésion 2025-2026 : vérifiez l’année."
    assert refusal_of(deposit_cheques, access=comptable(), keys=[cheques[0].pk], day=date(1990, 1, 1)) == told
    told = "Le chèque n° 2 n’est reçu que le 3 novembre 2025."
    assert refusal_of(deposit_cheques, access=comptable(), keys=[cheques[1].pk], day=date(2025, 11, 2)) == told
    deposited(cheques[:1])
    assert refusal_of(deposit_cheques, **given, keys=[one.pk for one in cheques]) == (
        "Un de ces chèques a changé entre-temps : rechargez la page."
    )


def test_a_bordereau_on_which_something_rests_is_not_taken_back(membership: Membership, cheques: list[Payment]) -> None:
    deposit = deposited(cheques)
    line = a_line("REMISE CHEQUES", "69,60")
    match_deposit(access=comptable(), key=line.pk, deposit=deposit.pk)
    undo = {"access": comptable(), "number": 1}
    assert refusal_of(undo_deposit, **undo) == "Une ligne du relevé a crédité ce bordereau : défaites d’abord leur rapprochement."
    unmatch_line(access=comptable(), key=line.pk)
    validate(membership)
    assert refusal_of(undo_deposit, **undo) == (
        "Une adhésion payée par ce bordereau est déjà validée, ou notée dans le cahier : il ne se défait plus."
    )
    payment_came_back(access=comptable(), key=cheques[0].pk, version=4, day=DAY, reason="Sans provision")
    assert refusal_of(undo_deposit, **undo) == "Un de ses chèques est revenu impayé : ce bordereau ne se défait plus."
    assert faults_of_rows() == []


def test_a_line_credits_a_bordereau_of_its_total_once(cheques: list[Payment]) -> None:
    deposit = deposited(cheques)
    other, right = a_line("REMISE", "69,61"), a_line("REMISE CHQ", "69,60")
    assert refusal_of(match_deposit, access=comptable(), key=other.pk, deposit=deposit.pk) == (
        "Ce bordereau est de 69,60 €, cette ligne de 69,61 €."
    )
    match_deposit(access=comptable(), key=right.pk, deposit=deposit.pk)
    with pytest.raises(Refused, match="déjà crédité"):
        match_deposit(access=comptable(), key=other.pk, deposit=deposit.pk)
    assert [one.line_id for one in Payment.objects.all()] == [right.pk, right.pk]
    unmatch_line(access=comptable(), key=right.pk)
    assert [(one.state, one.line_id) for one in Payment.objects.all()] == [(PaymentState.RECEIVED, None)] * 2


def test_the_paper_lists_the_cheques(alice: Access, cheques: list[Payment]) -> None:
    change_setting(
        author=comptable().author,
        association=association(),
        from_year=2025,
        name="creditor",
        value={"name": "OCCE de l’Essonne", "iban": "FR7630006000011234567890189"},
    )
    other = declared_membership(keeper(CHARLIE))
    deposited([*cheques, received(other, OWED, PaymentWay.CHEQUE, cheque="9")])
    row = deposit_of(association(), 1)
    said = slip_data(row, cheques_of(row), association(), DAY)
    assert [plain(str(one)) for one in (said["heading"], said["intro"], said["total"])] == [
        "Remise de chèques n° 1",
        "3 chèques, 189,20 € en tout, remis le 14 novembre 2025.",
        "189,20 €",
    ]
    assert [[plain(cell) for cell in one] for one in said["facts"]] == [  # type: ignore[attr-defined]  # rows
        ["Titulaire du compte", "OCCE de l’Essonne"],
        ["Compte à créditer (IBAN)", "FR76 3000 6000 0112 3456 7890 189"],
        ["Nombre de chèques", "3"],
        ["Total", "189,20 €"],
    ]
    assert [[plain(cell) for cell in one] for one in said["cheques"]] == [  # type: ignore[attr-defined]  # rows
        ["1", "1", "Coop", "0910000A", "19,60 €"],
        ["2", "2", "École Jean-Jaurès", "0910000A", "50,00 €"],
        ["3", "9", "École Jean-Jaurès", "0910620E", "119,60 €"],
    ]
    assert slip_pdf(row, cheques_of(row), association(), DAY).startswith(b"%PDF")
