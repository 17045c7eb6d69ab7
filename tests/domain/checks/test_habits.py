from __future__ import annotations

from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.habits import unusual_account
from retkoop.domain.checks.scope import TiersHabits, tiers_habits
from retkoop.domain.entry import Moves, Operation
from tests.domain.checks.speaking import made, received, remarks, said, spent

BOOKS, OTHER, GIFTS = "61800008", "65000008", "75800008"


def booked(*accounts: str) -> list[Operation]:
    return [spent(10_00, account, key=key, piece=f"D{key}", tiers="Librairie") for key, account in enumerate(accounts, start=1)]


def habits(*operations: Operation) -> TiersHabits:
    return tiers_habits("librairie", operations)


def test_an_account_unlike_the_usual_one() -> None:
    message = (
        "La pièce D5 est sur le compte 650, Autres charges courantes, alors que le même tiers est d’habitude "
        "sur le compte 618, Charges des activités éducatives."
    )
    assert remarks(unusual_account, habits(*booked(BOOKS, BOOKS, BOOKS, BOOKS, OTHER))) == [
        Remark(message, "Vérifier le compte", Place.OPERATION, 5, "D5")
    ]


def test_a_habit_is_three_times_at_least_and_four_in_five() -> None:
    assert said(unusual_account, habits(*booked(BOOKS, BOOKS, OTHER))) == []
    assert said(unusual_account, habits(*booked(BOOKS, BOOKS, BOOKS, OTHER))) == []
    assert said(unusual_account, habits(*booked(*4 * [BOOKS], OTHER, "62810008"))) == []


def test_a_tiers_with_several_habits_surprises_nobody() -> None:
    assert said(unusual_account, habits(*booked(*12 * [BOOKS], OTHER, OTHER, "62810008"))) == []


def test_each_exception_to_a_habit_is_told() -> None:
    seldom = habits(*booked(OTHER, *8 * [BOOKS], "62810008"))
    assert [remark.piece for remark in remarks(unusual_account, seldom)] == ["D10", "D1"]


def test_what_comes_in_has_habits_of_its_own() -> None:
    gift = received(10_00, GIFTS, key=9)
    assert said(unusual_account, habits(*booked(*9 * [BOOKS]), gift)) == []


def test_a_split_was_thought_of() -> None:
    split = made(Moves(bank=-10_00), (BOOKS, 6_00), (OTHER, 4_00), key=10)
    assert said(unusual_account, habits(*booked(*9 * [BOOKS]), split)) == []
