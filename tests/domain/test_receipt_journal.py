from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.fees import FEE_ACCOUNT, INSURANCE_ACCOUNT, FeeLine
from retkoop.domain.receipt_journal import (
    FEC_FIELDS,
    RECEIPT_ACCOUNTS,
    RETURNED,
    TAKEN_BACK,
    DeclaredFees,
    NotedMove,
    NotedPayment,
    ReceiptFacts,
    fec_rows,
    noted_moves,
    numbered,
    receipt_account,
    receipt_entries,
)

DAY = date(2025, 11, 3)
LINES = (
    FeeLine("member", "Cotisation", FEE_ACCOUNT, 100, 2_05),
    FeeLine("insurance", "Assurance", INSURANCE_ACCOUNT, 100, 25),
    FeeLine("magazine", "Abonnement", FEE_ACCOUNT, 1, 30_00),
    FeeLine("agenda", "Agenda", "60400000", 1, 5_00),
    FeeLine("contribution", "Participation", FEE_ACCOUNT, 1, 10_00),
)
DECLARED = [DeclaredFees(datetime(2025, 10, 1, tzinfo=UTC), LINES)]


def received(amount: int, number: str = "1", day: date = DAY) -> ReceiptFacts:
    return ReceiptFacts(number, day, amount, "CHQ 12", "Adhésion 2025-2026\tÉcole", datetime.combine(day, time(12), UTC) + timedelta(1))


def told(receipts: list[ReceiptFacts], declared: list[DeclaredFees] = DECLARED, accounts: dict[str, str] | None = None) -> list[object]:
    return [(one.account, one.debit - one.credit) for one in receipt_entries(receipts, declared, accounts or {})]


def test_a_whole_payment_goes_to_the_account_of_each_line() -> None:
    assert told([received(275_00)]) == [
        ("512000", 275_00),
        ("756000", -205_00),
        ("467100", -25_00),
        ("467200", -30_00),
        ("708000", -5_00),
        ("754000", -10_00),
    ]


def test_an_ad_names_its_own_accounts() -> None:
    own = {"bank": "512100", "member": "756100", "insurance": ""}
    assert told([received(230_00)], accounts=own) == [("512100", 230_00), ("756100", -205_00), ("467100", -25_00)]
    assert receipt_account(own, "agenda") == RECEIPT_ACCOUNTS["extra"]


def test_parts_pay_one_line_after_the_other_and_what_comes_back_is_reversed() -> None:
    moves = [received(210_00), received(65_00, "2"), received(-65_00, "2-R"), received(-210_00, "1-R")]
    assert told(moves) == [
        ("512000", 210_00),
        ("756000", -205_00),
        ("467100", -5_00),
        ("512000", 65_00),
        ("467100", -20_00),
        ("467200", -30_00),
        ("708000", -5_00),
        ("754000", -10_00),
        ("512000", -65_00),
        ("467100", 20_00),
        ("467200", 30_00),
        ("708000", 5_00),
        ("754000", 10_00),
        ("512000", -210_00),
        ("756000", 205_00),
        ("467100", 5_00),
    ]


def test_a_later_declaration_holds_from_its_day() -> None:
    later = DeclaredFees(
        datetime(2026, 1, 10, tzinfo=UTC),
        (FeeLine("member", "", FEE_ACCOUNT, 110, 2_05), FeeLine("insurance", "", INSURANCE_ACCOUNT, 110, 25)),
    )
    moves = [received(230_00), received(23_00, "2", date(2026, 1, 12))]
    assert told(moves, [DeclaredFees(datetime(2025, 11, 1, tzinfo=UTC), LINES[:2]), later])[3:] == [
        ("512000", 23_00),
        ("756000", -20_50),
        ("467100", -2_50),
    ]


def test_what_comes_before_any_declaration_pays_the_fee() -> None:
    assert told([received(10_00)], []) == [("512000", 10_00), ("756000", -10_00)]


def test_the_file_of_entries_has_its_fields() -> None:
    first, bank, fee = fec_rows(receipt_entries([received(10_00)], DECLARED, {}))
    words = "Adhésion 2025-2026 École"
    common = ["ADH", "Adhésions encaissées", "1", "20251103"]
    assert first == list(FEC_FIELDS)
    assert bank == [*common, "512000", "Banque", "", "", "CHQ 12", "20251103", words, "10,00", "0,00", "", "", "20251104", "", ""]
    assert fee == [*common, "756000", "Cotisations", "", "", "CHQ 12", "20251103", words, "0,00", "10,00", "", "", "20251104", "", ""]
    own = fec_rows(receipt_entries([received(10_00)], DECLARED, {"member": "756100"}))
    assert own[2][4:6] == ["756100", "Cotisations"]


AMOUNTS = st.lists(st.integers(-300_00, 300_00).filter(bool), max_size=8)
FEES = st.lists(st.sampled_from(LINES), max_size=5, unique=True).map(tuple)


@given(AMOUNTS, st.lists(FEES, max_size=3))
def test_each_entry_is_balanced_whatever_is_declared_and_received(amounts: list[int], fees: list[tuple[FeeLine, ...]]) -> None:
    receipts = [received(amount, str(at), DAY + timedelta(at)) for at, amount in enumerate(amounts)]
    declared = [DeclaredFees(datetime.combine(DAY, time(), UTC) + timedelta(2 * at), lines) for at, lines in enumerate(fees)]
    entries = receipt_entries(receipts, declared, {})
    for receipt in receipts:
        mine = [one for one in entries if one.receipt == receipt]
        assert sum(one.debit for one in mine) == sum(one.credit for one in mine)
        assert [one.debit - one.credit for one in mine if one.account == "512000"] == [receipt.amount]
    assert sum(one.debit - one.credit for one in entries if one.account == "512000") == sum(amounts)


def test_entries_are_numbered_as_they_were_noted_without_a_hole_within_a_school_year() -> None:
    summer, autumn = date(2026, 8, 31), date(2026, 9, 1)
    moves = [received(10_00, "000009"), received(5_00, "000007"), received(3_00, "000012", summer), received(2_00, "000008", autumn)]
    moves += [received(1_00, "000013", DAY - timedelta(9))]
    entries = numbered(receipt_entries(moves, DECLARED, {}))
    assert [(one.receipt.number, one.debit - one.credit) for one in entries] == [
        ("2025-00001", 5_00),
        ("2025-00001", -5_00),
        ("2026-00001", 2_00),
        ("2026-00001", -2_00),
        ("2025-00002", 10_00),
        ("2025-00002", -10_00),
        ("2025-00003", 3_00),
        ("2025-00003", -3_00),
        ("2025-00004", 1_00),
        ("2025-00004", -1_00),
    ]


NOW = datetime(2025, 11, 20, 9, tzinfo=UTC)


def test_what_moved_is_told_in_the_order_in_which_it_was_noted() -> None:
    late, later = NOW + timedelta(1), NOW + timedelta(2)
    noted = [
        NotedPayment(1, NOW, 10_00),  # announced
        NotedPayment(2, NOW, 20_00, DAY),
        NotedPayment(1, late, 10_00, DAY - timedelta(9)),  # dated back
        NotedPayment(2, late, 20_00, DAY),  # matched
        NotedPayment(2, later, 20_00, DAY, date(2025, 11, 21), RETURNED),  # it came back
        NotedPayment(2, later, 20_00, DAY, date(2025, 11, 21), RETURNED),
        NotedPayment(1, later, 10_00),  # its bordereau was taken back
        NotedPayment(3, later, 30_00, DAY, date(2025, 11, 22), RETURNED),  # it came back before anybody noted that it came
        NotedPayment(4, later, 40_00, None, None),  # cancelled before it came
    ]
    assert list(noted_moves(noted)) == [
        NotedMove(2, NOW, DAY, 20_00),
        NotedMove(1, late, DAY - timedelta(9), 10_00),
        NotedMove(2, later, date(2025, 11, 21), -20_00, RETURNED),
        NotedMove(1, later, date(2025, 11, 22), -10_00, TAKEN_BACK),
        NotedMove(3, later, DAY, 30_00),
        NotedMove(3, later, date(2025, 11, 22), -30_00, RETURNED),
    ]


STATES = st.lists(
    st.builds(
        NotedPayment,
        key=st.integers(1, 4),
        recorded=st.just(NOW),
        amount=st.integers(1, 9_00),
        received_on=st.none() | st.just(DAY),
        lost_on=st.none() | st.just(DAY),
    ).filter(lambda one: one.lost_on is None or one.received_on is not None),
    max_size=20,
)


@given(STATES, st.integers(0, 20))
def test_what_is_noted_later_changes_nothing_before(noted: list[NotedPayment], cut: int) -> None:
    before = list(noted_moves(noted[:cut]))
    assert list(noted_moves(noted))[: len(before)] == before
