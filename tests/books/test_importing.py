from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from retkoop.books.importing import COLUMNS, LONGEST, Likeness, Reading, Refusal, is_header, read_book
from retkoop.books.models import Operation as Row
from retkoop.books.sheets import Cell, UnreadableFile
from retkoop.domain.chart import national_chart
from retkoop.domain.entry import Moves, Operation, Part
from tests.worked_examples import WORKED_EXAMPLES, WorkedExample
from tests.worked_examples.reading import read_operations

CHART = national_chart()
EXPENSE: Mapping[str, Cell] = {
    "piece": "D01",
    "date": "02/10/2025",
    "libelle": "Livres",
    "banque_sortie": "149,50",
    "compte": "618",
    "montant": "149,50",
}


def grid(*rows: Mapping[str, Cell]) -> list[list[Cell]]:
    return [list(COLUMNS), *([row.get(column, "") for column in COLUMNS] for row in rows)]


def read(*rows: Mapping[str, Cell]) -> Reading:
    return read_book(grid(*rows), CHART)


def refused(*rows: Mapping[str, Cell]) -> list[tuple[int, str, str]]:
    return [(refusal.row, refusal.column, refusal.reason) for refusal in read(*rows).refusals]


def unreadable(header: list[str], *rows: list[Cell]) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        read_book([header, *rows], CHART)
    return str(refusal.value)


@pytest.mark.parametrize("example", WORKED_EXAMPLES, ids=lambda example: example.name)
def test_worked_examples_are_read(example: WorkedExample) -> None:
    rows = example.rows()
    reading = read(*rows)
    expected = read_operations(rows)
    assert reading.refusals == ()
    keys = [operation.key for operation in expected]
    assert [replace_key(read.operation, key) for read, key in zip(reading.operations, keys, strict=True)] == list(expected)


def replace_key(operation: Operation, key: int) -> Operation:
    return Operation(**{name: getattr(operation, name) for name in Operation.__slots__} | {"key": key})


def test_an_operation_and_its_continuation() -> None:
    [made] = read(
        {**EXPENSE, "tiers": "OCCE 91", "cheque": 2000101.0, "montant": 133.25, "projet": "Lire", "classe": "CM1", "pointe": "oui"},
        {"compte": "61681008", "montant": "16,25"},
    ).operations
    assert made.row == 2
    assert made.operation == Operation(
        key=2,
        piece="D01",
        date=date(2025, 10, 2),
        label="Livres",
        moves=Moves(bank=-149_50),
        parts=(Part("61800008", 133_25), Part("61681008", 16_25)),
        tiers="OCCE 91",
        cheque="2000101",
        project="Lire",
        classe="CM1",
        pointed=True,
    )


def test_the_report_a_nouveau() -> None:
    [made] = read({"piece": "ran", "date": "01/09/2025", "libelle": "Report", "banque_entree": "812,40", "caisse_entree": 25}).operations
    assert (made.operation.opening, made.operation.piece, made.operation.moves) == (True, "RAN", Moves(bank=812_40, cash=25_00))


def test_a_first_year_starts_from_zero() -> None:
    [made] = read({"piece": "RAN", "date": "01/09/2025", "libelle": "Report", "banque_entree": "0,00"}).operations
    assert (made.operation.opening, made.operation.moves) == (True, Moves())


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"montant": "100,00"}, id="a split that is not what moved"),
        pytest.param({"compte": "", "montant": ""}, id="no split"),
        pytest.param({"compte": "756"}, id="a produit on an expense"),
        pytest.param({"date": "02/10/2031"}, id="a date outside the year"),
        pytest.param({"montant": "-149,50"}, id="a negative part"),
        pytest.param({"banque_sortie": ""}, id="a split alone"),
        pytest.param({"piece": ""}, id="no pièce"),
        pytest.param({"banque_entree": "0,00", "caisse_entree": 0.0}, id="zeros beside"),
    ],
)
def test_what_a_check_will_tell_is_taken(changes: dict[str, Cell]) -> None:
    assert refused({**EXPENSE, **changes}) == []


def test_the_header_comes_in_any_order_case_and_accents() -> None:
    titles = [
        "Montant",
        "COMPTE",
        "Pièce",
        "Libellé",
        "Banque entrée",
        "banque-sortie",
        "Date",
        *COLUMNS[3:5],
        *COLUMNS[7:11],
        *COLUMNS[13:],
    ]
    row: list[Cell] = ["149,50", "618", "D01", "Livres", "", "149,50", "02/10/2025"]
    assert is_header(titles)
    assert not is_header(titles[:8])
    assert read_book([[], titles, [], row], CHART).operations == read_book([*grid()[:1], [], [], *grid(EXPENSE)[1:]], CHART).operations


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (["a", "b"], "La première ligne n’est pas l’en-tête attendu : " + ";".join(COLUMNS) + "."),
        ([], "Ce fichier est vide."),
        ([*COLUMNS], "Ce fichier n’a que son en-tête : il ne contient aucune opération."),
        ([*COLUMNS, "note"], "L’en-tête ne convient pas, colonnes inconnues : « note »."),
        ([*COLUMNS, "Date"], "L’en-tête ne convient pas, colonnes en double : « date »."),
        ([*COLUMNS[:-2], "x"], "L’en-tête ne convient pas, colonnes inconnues : « x » ; colonnes absentes : « classe », « pointe »."),
        (
            [*COLUMNS, *(f"c{number}" for number in range(10_000))],
            "L’en-tête ne convient pas, colonnes inconnues : « c0 », « c1 », « c2 », « c3 », « c4 » et 9995 autres.",
        ),
    ],
)
def test_another_header_is_told(header: list[str], why: str) -> None:
    assert unreadable(header) == why


@pytest.mark.parametrize(
    ("changes", "column", "why"),
    [
        ({"date": "2025-13-45"}, "date", "« 2025-13-45 ». Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."),
        ({"libelle": ""}, "libelle", "le libellé manque : dites ce que c’était."),
        ({"libelle": "x" * 201}, "libelle", "ce texte a 201 caractères, 200 au plus."),
        ({"tiers": "x" * 121}, "tiers", "ce texte a 121 caractères, 120 au plus."),
        ({"libelle": "Don\u202e"}, "libelle", "ce texte contient des caractères illisibles."),
        ({"piece": "\x07"}, "piece", "ce texte contient des caractères illisibles."),
        ({"compte": "999"}, "compte", "le compte « 999 » n’existe pas dans le plan comptable."),
        ({"compte": ""}, "compte", "cette somme attend son compte."),
        ({"montant": ""}, "montant", "ce compte attend une somme : indiquez-la, ou videz le compte."),
        ({"montant": "1,234"}, "montant", "« 1,234 ». Un montant a deux décimales au plus, par exemple 12,50."),
        ({"banque_sortie": "x"}, "banque_sortie", "« x ». Ce montant n’est pas un nombre. Écrivez par exemple 12,50."),
        ({"banque_entree": "5"}, "banque_sortie", "« banque_entree » et « banque_sortie » ne se remplissent pas sur la même ligne."),
        (
            {"caisse_entree": "5", "caisse_sortie": "5"},
            "caisse_sortie",
            "« caisse_entree » et « caisse_sortie » ne se remplissent pas sur la même ligne.",
        ),
        (
            {"regie_versee": "5", "regie_rendue": "5"},
            "regie_rendue",
            "« regie_versee » et « regie_rendue » ne se remplissent pas sur la même ligne.",
        ),
        (
            {"banque_sortie": "-5"},
            "banque_sortie",
            "un montant négatif n’a pas sa place ici : écrivez-le sans signe dans « banque_entree ».",
        ),
        ({"pointe": "non"}, "pointe", "« non » : écrivez oui, ou laissez la case vide."),
        (
            {"banque_sortie": "", "caisse_sortie": "149,50", "pointe": "oui"},
            "pointe",
            "seul un mouvement de banque se pointe : videz cette case.",
        ),
        (
            {"banque_sortie": "0", "compte": "", "montant": ""},
            "montant",
            "rien n’entre, rien ne sort et rien n’est ventilé : indiquez une somme.",
        ),
        ({"piece": "RAN"}, "compte", "le report à nouveau ne se ventile pas : videz « compte » et « montant »."),
    ],
)
def test_what_is_no_operation_is_refused(changes: dict[str, Cell], column: str, why: str) -> None:
    assert refused({**EXPENSE, **changes}) == [(2, column, why)]


def test_an_empty_report_a_nouveau_is_refused() -> None:
    assert refused({"piece": "RAN", "date": "01/09/2025", "libelle": "Report"}) == [
        (2, "montant", "rien n’entre, rien ne sort et rien n’est ventilé : indiquez une somme.")
    ]


def test_a_continuation_needs_an_operation_above_and_holds_a_part_alone() -> None:
    assert refused({"compte": "618", "montant": "1"}, EXPENSE, {"libelle": "Stylos", "compte": "618", "montant": "5"}) == [
        (2, "date", "la date manque, et il n’y a pas d’opération au-dessus que cette ligne continuerait."),
        (
            4,
            "libelle",
            (
                "sans date, cette ligne continue l’opération de la ligne 3 et ne porte que « compte » et « montant » : "
                "ajoutez une date, ou videz cette case."
            ),
        ),
    ]


def test_a_cell_under_no_title_is_refused() -> None:
    rows = grid(EXPENSE)
    reading = read_book([[*rows[0], ""], [*rows[1], "", "note"]], CHART)
    assert reading.refusals == (Refusal(2, "18", "« note » n’est sous aucun titre."),)


def test_empty_rows_and_short_rows_are_no_trouble() -> None:
    rows = grid(EXPENSE, {}, {**EXPENSE, "piece": "D02"})
    reading = read_book([rows[0], rows[1][:13], [], rows[2], rows[3]], CHART)
    assert ([read.row for read in reading.operations], reading.refusals) == ([2, 5], ())


def test_everything_refused_is_told_at_once_by_row_and_column() -> None:
    assert [
        (row, column) for row, column, _ in refused({**EXPENSE, "montant": "x", "date": "x"}, {**EXPENSE, "pointe": "x", "libelle": ""})
    ] == [
        (2, "date"),
        (2, "montant"),
        (3, "libelle"),
        (3, "pointe"),
    ]


def test_a_piece_that_stands_twice_in_the_file_word_for_word_is_refused() -> None:
    again = {**EXPENSE, "date": "2025-10-02", "banque_sortie": 149.5}
    assert refused(EXPENSE, {**EXPENSE, "piece": "D02"}, again) == [(4, "piece", "cette opération est déjà à la ligne 2, mot pour mot.")]


def test_sales_of_the_same_day_and_sum_are_several() -> None:
    """What a book holds twice, and a check tells, comes back from its export."""
    sale: Mapping[str, Cell] = {**EXPENSE, "piece": ""}
    assert refused(sale, sale, EXPENSE, {**EXPENSE, "libelle": "Les mêmes livres"}, {**EXPENSE, "piece": "d01"}) == []


def test_there_is_one_report_a_nouveau() -> None:
    opening: Mapping[str, Cell] = {"piece": "RAN", "date": "01/09/2025", "libelle": "Report", "banque_entree": "10"}
    assert refused(opening, opening, {**opening, "caisse_entree": "5"}) == [
        (3, "piece", "cette opération est déjà à la ligne 2, mot pour mot."),
        (4, "piece", "un autre report à nouveau est déjà à la ligne 2 : il n’y en a qu’un par année."),
    ]


def test_what_the_book_holds_is_refused() -> None:
    held = [
        Likeness.of(False, "D01", date(2025, 10, 2), -149_50, 0, 0),
        Likeness.of(True, "", date(2025, 9, 1), 10_00, 0, 0),
    ]
    opening: Mapping[str, Cell] = {"piece": "RAN", "date": "01/09/2025", "libelle": "Report", "banque_entree": "10"}
    rows = grid(EXPENSE, opening, {**opening, "banque_entree": "11"}, {**EXPENSE, "banque_sortie": "149,51"})
    assert [(refusal.row, refusal.reason) for refusal in read_book(rows, CHART, held).refusals] == [
        (2, "cette opération est déjà dans le cahier (même pièce, même date, mêmes sommes)."),
        (3, "cette opération est déjà dans le cahier (même pièce, même date, mêmes sommes)."),
        (4, "un autre report à nouveau est déjà dans le cahier : il n’y en a qu’un par année."),
    ]


def test_a_refusal_is_one_line() -> None:
    assert str(Refusal(4, "date", "la date manque.")) == "ligne 4, colonne « date » : la date manque."


def test_texts_are_as_long_as_their_columns() -> None:
    names = {"piece": "piece", "libelle": "label", "tiers": "tiers", "cheque": "cheque", "projet": "project", "classe": "classe"}
    assert {column: getattr(Row._meta.get_field(name), "max_length", None) for column, name in names.items()} == LONGEST
