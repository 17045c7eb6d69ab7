from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.fees import (
    BASIS_LABELS,
    FEE_ACCOUNT,
    INSURANCE_ACCOUNT,
    Basis,
    ClassCount,
    Cycle,
    Declared,
    ExtraFee,
    FeeLine,
    InsuranceRule,
    Level,
    Tariff,
    booked_now,
    class_named,
    fee_lines,
    is_insured,
    members_by_cycle,
    paid_by,
    total_of,
)

CLASSES = (ClassCount(Level.PS, 22, 2), ClassCount(Level.CP, 24), ClassCount(Level.CM2, 26, name="Mme Petit"))
TARIFF = Tariff(member=2_05, insurance=25, magazine=36_00)
MONEY = st.integers(0, 100_000)
EXTRAS = st.lists(
    st.builds(
        ExtraFee,
        st.sampled_from("abcdef"),
        st.just("Ligne"),
        st.sampled_from(Basis),
        MONEY,
        st.sampled_from((FEE_ACCOUNT, "61800008", "65000008")),
        st.booleans(),
    ),
    unique_by=lambda one: one.key,
    max_size=6,
).map(tuple)
TARIFFS = st.builds(Tariff, MONEY, MONEY, MONEY, st.sampled_from(InsuranceRule), EXTRAS)
DECLARED = st.builds(
    Declared,
    st.lists(st.builds(ClassCount, st.sampled_from(Level), st.integers(0, 60), st.integers(0, 5)), max_size=20).map(tuple),
    st.integers(0, 50),
    MONEY,
    st.booleans(),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 5_000)),
)


def test_what_an_adhesion_costs_line_by_line() -> None:
    declared = Declared(CLASSES, magazines=1, contribution=20_00)
    assert (declared.pupils, declared.adults, declared.members) == (72, 4, 76)
    assert [(line.key, line.account, line.quantity, line.amount) for line in fee_lines(TARIFF, declared)] == [
        ("member", FEE_ACCOUNT, 76, 155_80),
        ("insurance", INSURANCE_ACCOUNT, 76, 19_00),
        ("magazine", FEE_ACCOUNT, 1, 36_00),
        ("contribution", FEE_ACCOUNT, 1, 20_00),
    ]


def test_the_insurance_follows_the_rule_of_the_ad() -> None:
    without = Declared(CLASSES, insured=False)
    rules = {rule: is_insured(Tariff(2_05, 25, 0, rule), without) for rule in InsuranceRule}
    assert rules == {InsuranceRule.PROPOSED: False, InsuranceRule.COMPULSORY: True, InsuranceRule.NONE: False}
    assert not is_insured(Tariff(2_05, 25, 0, InsuranceRule.NONE), Declared(CLASSES))
    assert [line.key for line in fee_lines(TARIFF, without)] == ["member"]


def test_extra_lines_are_counted_by_their_basis() -> None:
    extras = tuple(ExtraFee(basis.value, basis.name, basis, 1_00, "61800008") for basis in Basis)
    lines = fee_lines(Tariff(0, 0, 0, extras=extras), Declared(CLASSES, extras={"free": 15_00}))
    assert {line.key: (line.quantity, line.amount) for line in lines} == {
        "member": (76, 76_00),
        "pupil": (72, 72_00),
        "class": (3, 3_00),
        "coop": (1, 1_00),
        "free": (1, 15_00),
    }
    assert list(BASIS_LABELS) == list(Basis)


def test_an_optional_line_is_asked_for() -> None:
    tariff = Tariff(0, 0, 0, extras=(ExtraFee("kit", "Malle", Basis.CLASS, 12_00, "61800008", optional=True),))
    assert fee_lines(tariff, Declared(CLASSES)) == ()
    assert total_of(fee_lines(tariff, Declared(CLASSES, extras={"kit": 1}))) == 36_00


def test_payments_pay_the_lines_one_after_the_other() -> None:
    lines = fee_lines(TARIFF, Declared(CLASSES))
    assert paid_by(lines, 100_00) == {FEE_ACCOUNT: 100_00}
    assert paid_by(lines, 160_00) == {FEE_ACCOUNT: 155_80, INSURANCE_ACCOUNT: 4_20}
    assert paid_by(lines, 180_00) == {FEE_ACCOUNT: 161_00, INSURANCE_ACCOUNT: 19_00}
    assert paid_by((), 5_00) == {FEE_ACCOUNT: 5_00}


def test_a_refund_gives_back_what_is_no_more_owed() -> None:
    fewer = fee_lines(TARIFF, Declared(CLASSES[:2]))
    booked = {FEE_ACCOUNT: 155_80, INSURANCE_ACCOUNT: 19_00}
    assert total_of(fewer) == 49 * 2_30
    assert booked_now(fewer, 49 * 2_30, booked) == {FEE_ACCOUNT: 49 * 2_05 - 155_80, INSURANCE_ACCOUNT: 49 * 25 - 19_00}


def test_coop_members_are_counted_by_cycle() -> None:
    classes = (*CLASSES, ClassCount(Level.ULIS, 8), ClassCount(Level.LYCEE, 30), ClassCount(Level.COLLEGE_6, 25), ClassCount(Level.GS, 20))
    assert members_by_cycle(classes) == {
        Cycle.MATERNELLE: (2, 42, 3),
        Cycle.ELEMENTAIRE: (2, 50, 2),
        Cycle.COLLEGE: (1, 25, 1),
        Cycle.LYCEE: (1, 30, 1),
        Cycle.SPECIALISED: (1, 8, 1),
    }
    assert sum(one.members for one in classes) == 163


@given(TARIFFS, DECLARED)
def test_the_lines_add_up_to_the_total_and_nothing_is_rounded(tariff: Tariff, declared: Declared) -> None:
    lines = fee_lines(tariff, declared)
    said = tariff.member * declared.members + tariff.magazine * declared.magazines + declared.contribution
    said += tariff.insurance * declared.members if is_insured(tariff, declared) else 0
    for extra in tariff.extras:
        chosen = declared.extras.get(extra.key, 0)
        times = {Basis.MEMBER: declared.members, Basis.PUPIL: declared.pupils, Basis.CLASS: len(declared.classes), Basis.COOP: 1}
        if extra.basis is Basis.FREE:
            said += chosen
        elif chosen or not extra.optional:
            said += extra.price * times[extra.basis]
    assert total_of(lines) == said
    assert [line for line in lines if not line.amount] == []


@given(
    st.lists(
        st.builds(
            FeeLine, st.just("x"), st.just("x"), st.sampled_from((FEE_ACCOUNT, INSURANCE_ACCOUNT, "61800008")), st.integers(1, 9), MONEY
        )
    ),
    st.lists(st.integers(-50_000, 50_000), min_size=1, max_size=6),
)
def test_each_operation_adds_up_to_its_payment(lines: list[FeeLine], payments: list[int]) -> None:
    booked: dict[str, int] = {}
    received = [sum(payments[:count]) for count in range(len(payments) + 1)]
    for before, after in pairwise(received):
        parts = booked_now(lines, after, booked)
        assert sum(parts.values()) == after - before
        booked = {account: booked.get(account, 0) + parts.get(account, 0) for account in {*booked, *parts}}
    assert {account: part for account, part in booked.items() if part} == paid_by(lines, received[-1])


def test_a_class_is_called_as_people_do() -> None:
    assert [class_named("CE1", name) for name in ("Mme Petit", "M. Albert", "bleu", "")] == [
        "CE1 de Mme Petit",
        "CE1 de M. Albert",
        "CE1 bleu",
        "CE1",
    ]
    assert class_named("", "Madame Petit") == "de Madame Petit"
