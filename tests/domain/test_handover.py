from __future__ import annotations

from datetime import date

from retkoop.domain.handover import (
    ANSWER_LABELS,
    ITEM_LABELS,
    HandoverAnswer,
    HandoverFacts,
    HandoverItem,
    cash_gap,
    first_day_after,
    handover_missing,
)

ALL = {item.value: HandoverAnswer.DONE.value for item in HandoverItem}
FACTS = HandoverFacts(bank=1_028_20, cash=21_50, regies=0, missing_vouchers=0, unpointed=1, subsidies=0)


def test_each_item_and_each_answer_has_its_words() -> None:
    assert (set(ITEM_LABELS), set(ANSWER_LABELS)) == (set(HandoverItem), set(HandoverAnswer))


def test_nothing_is_missing_where_all_is_answered() -> None:
    assert handover_missing(ALL, 21_50) == []
    assert handover_missing(ALL, 0) == []
    assert handover_missing({**ALL, "cash": "not_concerned"}, None) == []


def test_what_is_missing_is_said() -> None:
    some = {key: said for key, said in ALL.items() if key != "inventory"}
    assert handover_missing(some, None) == ["À répondre\u202f: l’inventaire est vu.", "Écrivez combien il y avait dans la caisse."]
    assert len(handover_missing({}, None)) == len(HandoverItem)


def test_the_gap_of_the_cash_box() -> None:
    assert [cash_gap(FACTS, counted) for counted in (None, 21_50, 20_00, 25_00)] == [0, 0, -1_50, 3_50]


def test_who_comes_begins_the_day_after() -> None:
    assert first_day_after(date(2026, 8, 31)) == date(2026, 9, 1)
