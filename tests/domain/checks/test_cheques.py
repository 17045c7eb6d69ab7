from __future__ import annotations

from datetime import date

import pytest

from retkoop.domain.checks.cheques import cheque_lapsed, cheque_skipped, cheque_unpointed, cheque_used_twice, last_day_of_cheque
from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.scope import CHEQUE_RUN, ChequeRun, cheque_run
from retkoop.domain.entry import Operation
from tests.domain.checks.speaking import received, remarks, said, spent

RUN = 2000100 // CHEQUE_RUN


def cheques(*numbers: str) -> list[Operation]:
    return [
        spent(10_00, key=key, piece=f"D{key:02d}", date=date(2025, 10, key), cheque=number) for key, number in enumerate(numbers, start=1)
    ]


def run(*numbers: str, number: int = RUN) -> ChequeRun:
    return cheque_run(number, cheques(*numbers))


def test_a_cheque_serves_once() -> None:
    assert said(cheque_used_twice, run("2000101", "2000102", "2000103")) == []


def test_a_cheque_used_twice() -> None:
    message = "La pièce D03 porte le chèque n° 2000101, déjà utilisé par la pièce D01."
    mend = "Corriger le n° de chèque"
    assert remarks(cheque_used_twice, run("2000101", "2000102", "2000101")) == [Remark(message, mend, Place.OPERATION, 3, "D03")]


def test_a_cheque_is_the_same_however_it_is_written() -> None:
    messages = ["La pièce D02 porte le chèque n° 2000101, déjà utilisé par la pièce D01."]
    assert said(cheque_used_twice, run("2 000 101", "n° 2000101")) == messages
    assert said(cheque_skipped, run("n° 2000101", "2 000 103")) == [
        "Le chèque n° 2000102 manque dans le cahier : a-t-il été oublié, perdu ou annulé ?"
    ]


def test_the_later_use_is_at_fault_in_whatever_order_they_come() -> None:
    backwards = ChequeRun(RUN * CHEQUE_RUN, run("2000101", "2000101").uses[::-1])
    assert [remark.piece for remark in remarks(cheque_used_twice, backwards)] == ["D02"]


def test_a_cheque_used_twice_is_told_by_its_own_run_alone() -> None:
    assert said(cheque_used_twice, run("2000124", "2000124", number=RUN + 1)) == []


def test_cheques_that_follow() -> None:
    assert said(cheque_skipped, run("2000103", "2000101", "2000102", "2000102")) == []


def test_a_cheque_skipped() -> None:
    message = "Le chèque n° 2000102 manque dans le cahier : a-t-il été oublié, perdu ou annulé ?"
    place = Remark(message, "Voir les chèques voisins", Place.CAHIER, day=date(2025, 10, 2))
    assert remarks(cheque_skipped, run("2000101", "2000103")) == [place]


@pytest.mark.parametrize(
    ("last", "missing"),
    [("2000104", "2000102 et 2000103"), ("2000105", "2000102 à 2000104")],
)
def test_several_cheques_skipped(last: str, missing: str) -> None:
    message = f"Les chèques n° {missing} manquent dans le cahier : ont-ils été oubliés, perdus ou annulés ?"
    assert said(cheque_skipped, run("2000101", last)) == [message]


def test_leading_zeros_are_kept() -> None:
    assert said(cheque_skipped, run("0000101", "0000103", number=101 // CHEQUE_RUN)) == [
        "Le chèque n° 0000102 manque dans le cahier : a-t-il été oublié, perdu ou annulé ?"
    ]


def test_a_run_looks_back_at_the_one_before() -> None:
    assert said(cheque_skipped, run("2000122", "2000124", "2000126", number=RUN + 1)) == [
        "Le chèque n° 2000125 manque dans le cahier : a-t-il été oublié, perdu ou annulé ?"
    ]
    assert said(cheque_skipped, run("2000122", "2000124", "2000126")) == [
        "Le chèque n° 2000123 manque dans le cahier : a-t-il été oublié, perdu ou annulé ?"
    ]


def test_a_wide_gap_is_another_chequebook() -> None:
    assert said(cheque_skipped, run("2000100", "2000126", number=RUN + 1)) == []
    assert len(said(cheque_skipped, run("2000100", "2000125", number=RUN + 1))) == 1


def test_what_comes_in_bears_the_cheques_of_others() -> None:
    gifts = [received(10_00, cheque="2000101"), received(10_00, cheque="2000103"), received(10_00, cheque="2000103")]
    assert cheque_run(RUN, gifts).uses == ()


def unpointed() -> Operation:
    return spent(64_20, piece="D05", date=date(2026, 7, 2), cheque="2000104")


def test_a_cheque_that_nobody_cashes() -> None:
    message = "Le chèque n° 2000104 du 2 juillet 2026 (64,20 €) n’est sur aucun relevé depuis 60 jours : relancez son bénéficiaire."
    since, until = date(2026, 8, 31), date(2027, 7, 11)
    assert remarks(cheque_unpointed, unpointed()) == [
        Remark(message, "Voir l’opération", Place.OPERATION, 1, "D05", since=since, until=until)
    ]


def test_a_cheque_that_lapsed() -> None:
    message = (
        "Le chèque n° 2000104 de la pièce D05 n’est sur aucun relevé et ne pouvait être encaissé que jusqu’au 10 juillet 2027 : "
        "voyez avec votre association départementale."
    )
    assert remarks(cheque_lapsed, unpointed()) == [Remark(message, "Voir l’opération", Place.OPERATION, 1, "D05", since=date(2027, 7, 11))]


@pytest.mark.parametrize(
    "operation",
    [spent(10_00, cheque="2000104", pointed=True), spent(10_00), spent(10_00, cheque="virement"), received(10_00, cheque="2000104")],
)
def test_no_cheque_of_ours_is_waited_for(operation: Operation) -> None:
    assert said(cheque_unpointed, operation) + said(cheque_lapsed, operation) == []


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2025, 7, 2), date(2026, 7, 10)),
        (date(2024, 2, 21), date(2025, 2, 28)),
        (date(2025, 12, 28), date(2027, 1, 5)),
    ],
)
def test_a_cheque_lives_a_year_and_eight_days(day: date, last: date) -> None:
    assert last_day_of_cheque(day) == last
