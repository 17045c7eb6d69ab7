"""The workbook of an AD, sent by a coop: read by its map, each cell that cannot be by its name, noted once it was read over."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.queries import standing_of
from retkoop.books.sheets import Cell, read_corners
from retkoop.domain.chart import national_chart
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves, Part
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import lamps
from retkoop.domain.workbook import read_map
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from retkoop.upkeep.verification import faults_of_book
from retkoop.year_end.direct.facts import Grant
from retkoop.year_end.direct.mapped import packed_cells, published_workbook, read_mapped, unpacked_cells
from retkoop.year_end.direct.reading import Filled, ModelRefused, StatementSaid
from tests.banking.books_at_hand import now
from tests.books.coops import at, plain, queries_of, said
from tests.cast import association
from tests.pages import controls, notices
from tests.year_end.direct.at_hand import direct, whole
from tests.year_end.direct.test_sheet import workbook
from tests.year_end.direct.workbooks_at_hand import COUNT, GRANTS, MAP, accountant, own_grid, published

YEAR = SchoolYear(2025)
CHART = national_chart()
ALL: dict[str, Any] = {**MAP, **GRANTS, **COUNT}
Grid = dict[str, list[list[Cell]]]

FILLED = Filled(
    opening=Moves(bank=790_00, cash=10_00),
    totals=YearTotals(Moves(bank=1028_20, cash=21_50), (Part("61800008", 250_00), Part("75600008", 199_70))),
    grants=(Grant("Mairie", "Projet musée", 300_00, date(2025, 12, 1), "74100008", 200_00),),
    statement=StatementSaid(date(2026, 8, 31), "8", 1028_20),
    quantities={20_00: 1, 1_00: 1, 50: 1},
    says_items=False,
)


def read(grid: Grid, content: dict[str, Any] | None = None) -> Filled:
    told = read_map(ALL if content is None else content)
    return read_mapped(told, unpacked_cells(packed_cells(told, grid)), YEAR, CHART)


def refusals(grid: Grid, content: dict[str, Any] | None = None) -> list[str]:
    with pytest.raises(ModelRefused) as refused:
        read(grid, content)
    return [plain(one) for one in refused.value.refusals]


def test_a_workbook_is_read_to_the_cent() -> None:
    assert read(own_grid()) == FILLED
    assert read(dict(read_corners(workbook(own_grid())))) == FILLED  # type: ignore[arg-type]  # rows, whatever holds them


def test_what_a_workbook_need_not_hold() -> None:
    found = read(own_grid(), {key: places for key, places in MAP.items() if not key.startswith("statement")})
    assert found == Filled(FILLED.opening, FILLED.totals, says_grants=False, says_items=False)
    grid = own_grid()
    grid["CRF"][10] = []
    assert read(grid).statement is None
    few = {**MAP, **{key: GRANTS[key] for key in ("grant_body", "grant_purpose", "grant_amount", "grant_last")}}
    assert read(own_grid(), few).grants == (Grant("Mairie", "Projet musée", 300_00, date(2026, 8, 31), "74100008"),)


def test_each_cell_that_cannot_be_is_named() -> None:
    grid = own_grid()
    for row, cell in ((1, ""), (2, -1), (3, "mille"), (7, True), (10, "?")):
        grid["CRF"][row][1] = cell
    grid["Aides"][1] = ["", "", -3, "1/9/2026", "607", 400]
    grid["Aides"][5][1] = 1.5
    content = {**ALL, "statement_day": ["CRF!A11"], "69900008": ["CRF!B7"]}
    assert refusals(grid, content) == [
        "Feuille CRF, case B2 : cette case attend un montant, ou 0.",
        "Feuille CRF, case B3 : une caisse ne contient jamais moins que rien.",
        "Feuille CRF, case B4 : « mille ». Ce montant n’est pas un nombre. Écrivez par exemple 12,50.",
        "Feuille CRF, case B7 : le compte 69900008 n’est plus dans le plan comptable.",
        "Feuille CRF, case B8 : « VRAI » n’est pas un montant.",
        "Feuille Aides, case C2 : cette case attend le montant reçu.",
        "Feuille Aides, case F2 : ce qui est dépensé va de rien au montant reçu.",
        "Feuille Aides, case A2 : dites qui a donné.",
        "Feuille Aides, case B2 : dites pour quoi.",
        "Feuille Aides, case D2 : cette date n’est pas dans l’année scolaire 2025-2026.",
        "Feuille Aides, case E2 : « 607 » n’est pas un compte de subvention : 741 ou 748.",
        "Feuille CRF, case A11 : « Relevé ». Cette date n’est pas lisible. Écrivez par exemple 14/11/2025.",
        "Feuille CRF, case B11 : « ? ». Ce montant n’est pas un nombre. Écrivez par exemple 12,50.",
        "Feuille Aides, case B6 : « 1.5 » n’est pas un nombre de billets ou de pièces.",
    ]


def test_a_sheet_that_is_not_there_is_told() -> None:
    grid = {"Feuil1": own_grid()["CRF"]}
    why = "manque : est-ce bien le classeur de votre association ?"
    assert refusals(grid) == [f"La feuille « Aides » {why}", f"La feuille « CRF » {why}"]


cells = st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=50) | st.dates()


@given(st.lists(st.tuples(st.sampled_from(["CRF", "Aides"]), st.integers(0, 11), st.integers(0, 5), cells), max_size=12))
def test_whatever_stands_in_a_cell_is_read_or_named(wild: list[tuple[str, int, int, Cell]]) -> None:
    grid = own_grid()
    for name, row, column, cell in wild:
        grid[name] += [[] for _ in range(12 - len(grid[name]))]
        grid[name][row] = [*grid[name][row], *[""] * 6][:6]
        grid[name][row][column] = cell
    named: tuple[str, ...] = ()
    try:
        read(grid)
    except ModelRefused as refusal:
        named = refusal.refusals
    assert [one for one in named if not one.startswith("Feuille ")] == []


def send(client: Client, book: Book, content: bytes) -> HttpResponse:
    return client.post(at(book, "direct_sheet"), {"classeur": SimpleUploadedFile("classeur.xlsx", content)})  # type: ignore[return-value]  # the client's own answer


@pytest.mark.django_db
def test_a_workbook_fills_the_year_once_it_was_read_over(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    assert "classeur de votre association" not in said(client.get(at(book, "direct_sheet")))
    published(accountant())
    asked = said(client.get(at(book, "direct_sheet")))
    assert "L’OCCE 91 a montré à Retkoop où se trouve chaque montant de « classeur.xlsx »." in asked
    answer = send(client, book, workbook(own_grid()))
    assert answer.status_code == 200
    assert "Bravo, tout est expliqué au centime près." in said(answer)
    assert Operation.objects.count() == 0
    (token,) = controls(answer, "lu")
    done = client.post(at(book, "confirm_sheet"), {"lu": token["value"]}, follow=True)
    assert plain(notices(done)[0]) == "Le compte rendu est rempli. Relisez chaque étape : elle dit ce qui reste."
    book = now(book)
    assert [lamp.state.value for lamp in lamps(standing_of(book))] == ["good", "good", "good"]
    assert list(faults_of_book(book)) == []
    events = AuditEvent.objects.count()
    client.post(at(book, "confirm_sheet"), {"lu": token["value"]})
    assert AuditEvent.objects.count() == events


@pytest.mark.django_db
def test_what_the_workbook_does_not_say_stays(client: Client, book: Book, alice: Access) -> None:
    book = whole(alice, book)
    published(accountant(), MAP)
    noted = list(CarriedItem.objects.values_list("label", "bank"))
    answer = send(client, book, workbook(own_grid()))
    assert "Noter remplace le départ et les totaux." in said(answer)
    (token,) = controls(answer, "lu")
    client.post(at(book, "confirm_sheet"), {"lu": token["value"]})
    assert list(CarriedItem.objects.values_list("label", "bank")) == noted
    assert list(Operation.objects.filter(tiers_key__gt="").values_list("tiers", "bank")) == [("Mairie", 300_00)]


@pytest.mark.django_db
def test_what_cannot_be_read_is_said_and_nothing_is_noted(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    assert "Votre association n’a pas encore montré son classeur" in said(send(client, book, workbook(own_grid())))
    published(accountant())
    grid = own_grid()
    grid["CRF"][1][1] = "?"
    for content, why in (
        (workbook(grid), "Feuille CRF, case B2 : « ? »."),
        (workbook({"Totaux": [["x"]]}), "La feuille « CRF » manque"),
        (b"un;texte", "Ce fichier n’est pas un classeur (XLSX, ODS)."),
        (b"PK\x03\x04 pas un zip", "Ce classeur est illisible"),
        (b"PK\x03\x04" + b"0" * 20_000_001, "Ce fichier dépasse 20 Mo"),
    ):
        answer = send(client, book, content)
        assert (answer.status_code, why in plain(" ".join(notices(answer)))) == (422, True)
    assert Operation.objects.count() == 0


@pytest.mark.django_db
def test_a_large_workbook_is_read_by_its_first_cells(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    published(accountant())
    grid: Grid = {**own_grid(), "Journal": [[number, "x"] for number in range(3000)]}
    assert send(client, book, workbook(grid)).status_code == 200
    assert len(read_corners(workbook(grid))["Journal"]) == 500


@pytest.mark.django_db
def test_a_year_is_read_by_the_latest_version_from_then_on() -> None:
    access = accountant(RoleKind.ADMINISTRATEUR)
    first, later = published(access), published(access, year=2026)
    found = [published_workbook(association(), SchoolYear(year)) for year in (2024, 2025, 2026, 2027)]
    assert found == [None, first, later, later]
    assert published_workbook(association("92"), SchoolYear(2025)) is None


@pytest.mark.django_db
def test_the_page_asks_no_query_more(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    without = queries_of(client, at(book, "direct_sheet"))
    published(accountant())
    assert queries_of(client, at(book, "direct_sheet")) == without
