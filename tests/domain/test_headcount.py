from __future__ import annotations

from dataclasses import replace

from retkoop.domain.fees import Basis, ClassCount, Declared, ExtraFee, Level, Tariff
from retkoop.domain.headcount import Doubt, count_refusals, count_surprises

TARIFF = Tariff(
    2_05,
    25,
    0,
    extras=(
        ExtraFee("solidarity", "Solidarité", Basis.FREE, 0, "62810008"),
        ExtraFee("gift", "Don", Basis.FREE, 0, "62810008", optional=True),
        ExtraFee("class", "Malle", Basis.CLASS, 5_00, "61800008"),
    ),
)
PLAIN = Tariff(2_05, 25, 0)


def declared(*classes: tuple[int, int]) -> Declared:
    return Declared(tuple(ClassCount(Level.CM1, pupils, adults) for pupils, adults in classes))


def test_a_plain_school_is_neither_refused_nor_surprising() -> None:
    assert count_refusals(PLAIN, declared((24, 1), (26, 2))) == []
    assert count_surprises(declared((24, 1), (60, 60))) == []


def test_nobody_is_refused_class_by_class_and_in_all() -> None:
    assert count_refusals(PLAIN, declared((24, 1), (0, 0), (0, 1))) == [Doubt("Indiquez au moins un élève ou un adulte.", 1)]
    assert count_refusals(PLAIN, declared()) == [Doubt("Indiquez au moins un élève ou un adulte.")]


def test_more_members_than_any_coop_has_are_refused_with_what_to_do() -> None:
    assert count_refusals(PLAIN, declared((3_000, 0))) == [
        Doubt(
            "3\u202f000 coopérateurs\u202f: c’est plus que 2\u202f000. Relisez chaque ligne\u202f; si tout est juste, écrivez à votre "
            "association départementale, qui vérifie avec vous."
        )
    ]
    assert count_refusals(PLAIN, declared((2_000, 0))) == []


def test_too_many_classes_are_refused() -> None:
    assert count_refusals(PLAIN, declared(*[(10, 1)] * 80)) == []
    assert count_refusals(PLAIN, declared(*[(10, 1)] * 81)) == [Doubt("80 classes au plus\u202f: réunissez celles d’un même niveau.")]


def test_what_is_taken_beside_has_its_bounds() -> None:
    given = replace(declared((24, 1)), magazines=51, contribution=10_000_01, extras={"solidarity": 5_00, "gift": 10_000_01})
    assert count_refusals(TARIFF, given) == [
        Doubt("50 abonnements au plus.", field="magazines"),
        Doubt("10\u202f000,00\u202f€ au plus.", field="contribution"),
        Doubt("10\u202f000,00\u202f€ au plus.", field="gift"),
    ]
    assert count_refusals(TARIFF, declared((24, 1))) == [Doubt("Indiquez un montant.", field="solidarity")]


def test_what_is_large_is_to_be_confirmed() -> None:
    given = Declared((ClassCount(Level.CM1, 61, 1, "de Zoé"), ClassCount(Level.CE2, 2, 61), ClassCount(Level.CP, 1_000, 0)))
    assert count_surprises(given) == [
        Doubt("61 élèves dans la classe CM1 de Zoé\u202f: c’est beaucoup pour une seule classe.", 0),
        Doubt("61 adultes dans la classe CE2\u202f: c’est beaucoup pour une seule classe.", 1),
        Doubt("1\u202f000 élèves dans la classe CP\u202f: c’est beaucoup pour une seule classe.", 2),
        Doubt("1\u202f125 coopérateurs en tout\u202f: c’est beaucoup pour une coopérative."),
    ]
