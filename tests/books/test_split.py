from __future__ import annotations

from datetime import date

import pytest

from retkoop.books.intentions import DEPENSE, FREE, RECETTE, Intention
from retkoop.books.split import MOST_ROWS, Remainder, Rest, Split, remainder_of, shown_rows, typed_rows
from retkoop.domain.chart import sub_account
from retkoop.domain.entry import Moves, Operation, Part
from tests.domain.strategies import CHART

SORTIES, ASSURANCE, DON = "61800008", "61681008", "75800008"


def operation(moves: Moves, *parts: Part) -> Operation:
    return Operation(0, "D1", date(2025, 11, 14), "Musée", moves, parts)


def typed(*rows: tuple[str, str], **more: str) -> dict[str, str]:
    data = {"parts-TOTAL_FORMS": str(len(rows)), **more}
    for number, (account, amount) in enumerate(rows):
        data |= {f"parts-{number}-account": account, f"parts-{number}-amount": amount}
    return data


def split(*rows: tuple[str, str], intention: Intention = DEPENSE) -> Split:
    sent = Split(intention, CHART, typed(*rows))
    sent.is_valid()
    return sent


def errors(sent: Split) -> list[dict[str, list[str]]]:
    return [{name: [str(one) for one in said] for name, said in row.errors.items()} for row in sent.rows]


PAID = operation(Moves(bank=-100_00))


def test_one_account_takes_the_whole_amount_whatever_stands_beside_it() -> None:
    assert split((SORTIES, "")).parts_of(PAID) == (Part(SORTIES, 100_00),)
    assert split((SORTIES, "12,50")).parts_of(PAID) == (Part(SORTIES, 100_00),)


def test_a_refund_is_negative_on_the_same_account() -> None:
    assert split((SORTIES, "")).parts_of(operation(Moves(bank=25_00))) == (Part(SORTIES, -25_00),)


def test_an_account_of_the_wrong_side_is_taken_as_it_is_typed() -> None:
    parts = split((DON, "")).parts_of(PAID)
    assert parts == (Part(DON, 100_00),)
    assert operation(Moves(bank=-100_00), *parts).remainder == -200_00


def test_the_account_without_an_amount_takes_what_remains() -> None:
    assert split((SORTIES, ""), (ASSURANCE, "16,25")).parts_of(PAID) == (Part(SORTIES, 83_75), Part(ASSURANCE, 16_25))
    received = operation(Moves(bank=100_00))
    net_of_a_fee = split((DON, ""), ("65000008", "2"), intention=RECETTE).parts_of(received)
    assert net_of_a_fee == (Part(DON, 102_00), Part("65000008", 2_00))


def test_where_there_is_no_intention_each_account_speaks_in_its_own_sense() -> None:
    assert split((SORTIES, ""), intention=FREE).parts_of(operation(Moves(bank=-60_00, cash=-40_00))) == (Part(SORTIES, 100_00),)
    assert split((DON, ""), intention=FREE).parts_of(operation(Moves(bank=60_00, cash=40_00))) == (Part(DON, 100_00),)


def test_a_split_may_leave_something_unexplained() -> None:
    assert split((SORTIES, "80"), (ASSURANCE, "5")).parts_of(PAID) == (Part(SORTIES, 80_00), Part(ASSURANCE, 5_00))
    assert split((SORTIES, "80"), ("", "")).parts_of(PAID) == (Part(SORTIES, 80_00),)
    assert split(("", "")).parts_of(PAID) == ()


def test_only_one_account_can_take_what_remains() -> None:
    sent = split((SORTIES, ""), (ASSURANCE, ""))
    assert sent.parts_of(PAID) == (Part(SORTIES, 100_00),)
    assert errors(sent) == [{}, {"amount": ["Indiquez la part de ce compte\u202f: un seul peut prendre le reste."]}]


def test_words_that_lead_to_no_account_are_kept_from_drawing_to_drawing() -> None:
    data = {"parts-TOTAL_FORMS": "1", "parts-0-account": "", "parts-0-account_typed": "xyzzy", "parts-0-amount": "5", "add": "1"}
    assert typed_rows(data) == [{"account": "xyzzy", "amount": "5"}, {}]


def test_what_is_left_is_shown_in_the_first_amount_that_is_not_typed() -> None:
    for second in (ASSURANCE, ""):
        sent = split((SORTIES, "70"), (second, ""))
        sent.parts_of(PAID)
        assert sent.rest == Rest("parts-1-amount", 30_00)
    for whole in (split((SORTIES, "")), split((SORTIES, "70"), (ASSURANCE, "20"))):
        whole.parts_of(PAID)
        assert whole.rest is None


def test_an_account_for_which_nothing_remains_is_told_so() -> None:
    sent = split((SORTIES, "100"), (ASSURANCE, ""))
    assert sent.parts_of(PAID) == (Part(SORTIES, 100_00),)
    assert errors(sent) == [{}, {"amount": ["Il ne reste rien pour ce compte\u202f: indiquez sa part, ou retirez-le."]}]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("", "12,50"), {"account": ["Choisissez le compte de cette part."]}),
        (("512", "12,50"), {"account": ["« 512 » n’est pas dans la liste."]}),
        ((SORTIES, "0"), {"amount": ["Indiquez un montant différent de zéro."]}),
        ((SORTIES, "12,505"), {"amount": ["Un montant a deux décimales au plus, par exemple 12,50."]}),
    ],
)
def test_a_row_that_cannot_be_a_part_says_why(row: tuple[str, str], said: dict[str, list[str]]) -> None:
    sent = split(row, (ASSURANCE, "5"))
    assert not sent.is_valid()
    assert errors(sent) == [said, {}]
    assert sent.parts_of(PAID) == (Part(ASSURANCE, 5_00),)


@pytest.mark.parametrize(
    ("count", "rows"), [("2", 2), ("", 1), ("0", 1), ("-3", 1), ("x", 1), ("999", MOST_ROWS), ("9999999999", 1), ("²", 1)]
)
def test_the_number_of_rows_is_what_a_form_can_hold(count: str, rows: int) -> None:
    assert len(Split(DEPENSE, CHART, {"parts-TOTAL_FORMS": count}).rows) == rows


def test_buttons_of_the_form_add_and_remove_rows() -> None:
    first, second = {"account": SORTIES, "amount": "80"}, {"account": ASSURANCE, "amount": "x"}
    data = typed((SORTIES, "80"), (ASSURANCE, "x"))
    assert typed_rows(data) == [first, second]
    assert typed_rows(data | {"add": "1"}) == [first, second, {}]
    assert typed_rows(data | {"remove": "0"}) == [second]
    assert typed_rows(typed((SORTIES, "80"), remove="0")) == [{}]


def test_accounts_of_the_intention_come_first() -> None:
    def first_option(intention: Intention) -> str:
        field = Split(intention, CHART).rows[0].fields["account"]
        return str(field.picks[0].group)  # type: ignore[attr-defined]  # a PickerField

    assert (first_option(DEPENSE), first_option(RECETTE)) == ("Comptes de dépenses", "Comptes de recettes")


@pytest.mark.parametrize(
    ("parts", "rows"),
    [
        ((), [{}]),
        ((Part(SORTIES, 100_00),), [{"account": SORTIES}]),
        ((Part(SORTIES, 85_00),), [{"account": SORTIES, "amount": 85_00}, {}]),
        (
            (Part(SORTIES, 85_00), Part(ASSURANCE, 15_00)),
            [{"account": SORTIES, "amount": 85_00}, {"account": ASSURANCE, "amount": 15_00}],
        ),
    ],
)
def test_amounts_are_shown_where_one_account_does_not_take_all(parts: tuple[Part, ...], rows: list[dict[str, object]]) -> None:
    assert shown_rows(DEPENSE, operation(Moves(bank=-100_00), *parts)) == rows


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((), Remainder("100,00\u202f€ à répartir", whole=False)),
        ((Part(SORTIES, 100_00),), Remainder("Tout est réparti", whole=True)),
        ((Part(SORTIES, 85_00),), Remainder("Reste 15,00\u202f€ à répartir", whole=False)),
        ((Part(SORTIES, 120_00),), Remainder("20,00\u202f€ de trop", whole=False)),
    ],
)
def test_what_the_split_still_has_to_explain(parts: tuple[Part, ...], said: Remainder) -> None:
    assert remainder_of(operation(Moves(bank=-100_00), *parts)) == said


def test_an_account_that_the_association_hides_stays_where_it_is_used() -> None:
    old = sub_account(CHART.resolve("618"), 1, "Ancien", hidden=True)
    chart = CHART.extended({}, [old])
    offered, kept = (str(Split(DEPENSE, chart, rows=rows).rows[0]["account"]) for rows in ([], [{"account": old.code}]))
    sent = Split(DEPENSE, chart, typed((old.code, "")))
    assert (old.code in offered, old.code in kept, sent.is_valid()) == (False, True, True)
