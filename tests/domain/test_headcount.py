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
    [doubt] = count_refusals(PLAIN, declared((24, 1), (0, 0), (0, 1)))
    assert doubt == Doubt("Indiquez des élèves ou des adultes, ou retirez cette classe.", 1, about="CM1")
    assert str(doubt) == "CM1\u202f: Indiquez des élèves ou des adultes, ou retirez cette classe."
    [doubt] = count_refusals(PLAIN, declared())
    assert str(doubt) == "Indiquez au moins une classe\u202f: son niveau, ses élèves, ses adultes."


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
        Doubt("10\u202f000,00\u202f€ au plus.", field="gift", about="Don"),
    ]
    assert count_refusals(TARIFF, declared((24, 1))) == [Doubt("Indiquez un montant.", field="solidarity", about="Solidarité")]


def test_what_is_large_or_without_pupils_is_to_be_confirmed() -> None:
    classes = (ClassCount(Level.CM1, 61, 1, "Mme Zoé"), ClassCount(Level.CE2, 2, 61), ClassCount(Level.CP, 1_000, 0, "bleu"))
    assert count_surprises(Declared((*classes, ClassCount(Level.GS, 0, 2)))) == [
        Doubt("61 élèves\u202f: c’est beaucoup pour une seule classe.", 0, about="CM1 de Mme Zoé"),
        Doubt("61 adultes\u202f: c’est beaucoup pour une seule classe.", 1, about="CE2"),
        Doubt("1\u202f000 élèves\u202f: c’est beaucoup pour une seule classe.", 2, about="CP bleu"),
        Doubt("Aucun élève\u202f: est-ce bien une ligne d’adultes seulement\u202f?", 3, about="GS"),
        Doubt("1\u202f127 coopérateurs en tout\u202f: c’est beaucoup pour une coopérative."),
    ]
