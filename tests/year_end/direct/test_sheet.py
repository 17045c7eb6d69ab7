"""The model of a spreadsheet: what is in it, what is read back, each cell that cannot be by its name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.queries import standing_of
from retkoop.books.sheets import Cell, Row, read_sheets
from retkoop.domain.chart import national_chart
from retkoop.domain.closing import ClosingState
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves, Part
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import lamps
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults_of_book
from retkoop.year_end.direct.facts import Grant
from retkoop.year_end.direct.model import model_of
from retkoop.year_end.direct.reading import Filled, Item, ModelRefused, StatementSaid, packed, read_model, unpacked
from retkoop.year_end.direct.received import FREE_SENDINGS, count_sending
from tests.banking.books_at_hand import now
from tests.books.coops import at, plain, said
from tests.pages import controls, notices
from tests.year_end.direct.at_hand import direct, whole
from tests.year_end.verifiers.at_hand import in_state

YEAR = SchoolYear(2025)
CHART = national_chart()
Grid = dict[str, list[list[Cell]]]

FILLED = Filled(
    opening=Moves(bank=790_00, cash=10_00),
    totals=YearTotals(Moves(bank=1028_20, cash=21_50), (Part("61800008", 250_00), Part("75600008", 199_70))),
    grants=(Grant("Mairie", "Projet musée", 300_00, date(2025, 12, 1), "74100008", 200_00),),
    items=(Item(date(2026, 6, 20), "Librairie", "2000105", -64_20),),
    statement=StatementSaid(date(2026, 8, 31), "8", 1092_40),
    quantities={20_00: 1, 1_00: 1, 50: 1},
)


@cache
def _model() -> dict[str, list[list[Cell]]]:
    """The model as it is downloaded: read once, a process of its own takes its time."""
    return {name: [list(row) for row in rows] for name, rows in read_sheets(model_of(YEAR, CHART, "École Jean-Jaurès")).items()}


def empty() -> Grid:
    """The empty model, cell by cell, with room for what is to be filled in."""
    grid = {name: [[*row, *[""] * (8 - len(row))] for row in rows] for name, rows in _model().items()}
    for name in ("Subventions", "Pas encore sur le relevé"):
        grid[name] += [[""] * 8 for _ in range(2)]
    return grid


def fill(grid: Grid, key: str, value: Cell) -> None:
    """Write beside a key of the sheet of the totals."""
    (row,) = [row for row in grid["Totaux"] if row[0] == key]
    row[2] = value


def filled() -> Grid:
    grid = empty()
    told: dict[str, Cell] = {
        "départ banque": 790,
        "départ caisse": "10,00",
        "618": 250.0,
        "756": 199.7,
        "fin banque": 1028.2,
        "fin caisse": 21.5,
        "relevé solde": 1092.4,
        "relevé date": date(2026, 8, 31),
        "relevé numéro": 8.0,
    }
    for key, value in told.items():
        fill(grid, key, value)
    grid["Subventions"][3][:6] = ["Mairie", "Projet musée", "1/12/2025", 741.0, 300, 200]
    grid["Pas encore sur le relevé"][3][:5] = [date(2026, 6, 20), "Librairie", "2000105", 64.2, ""]
    for row in grid["Caisse"][3:]:
        if row[0] in (20, 1, 0.5):
            row[1] = 1.0
    return grid


def workbook(grid: Grid) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in grid.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    value = datetime(cell.year, cell.month, cell.day) if isinstance(cell, date) else cell  # noqa: DTZ001 -- a cell has no zone
                    sheet.write(number, place, value)
    return written.getvalue()


def refusals(grid: Mapping[str, Sequence[Row]]) -> list[str]:
    with pytest.raises(ModelRefused) as refused:
        read_model(grid, YEAR, CHART)
    return [plain(one) for one in refused.value.refusals]


def test_the_model_holds_the_chart_and_locks_all_but_what_is_asked() -> None:
    keys = [row[0] for row in empty()["Totaux"] if row[0]]
    assert keys == [
        "Retkoop",
        "départ banque",
        "départ caisse",
        *("607", "616", "618", "628", "650", "657", "670", "680"),
        *("707", "708", "756", "758", "761", "770"),
        "fin banque",
        "fin caisse",
        "relevé solde",
        "relevé date",
        "relevé numéro",
    ]
    assert list(empty()) == ["Totaux", "Subventions", "Pas encore sur le relevé", "Caisse"]


def test_a_filled_model_is_read_to_the_cent() -> None:
    assert read_model(filled(), YEAR, CHART) == FILLED
    assert read_model(read_sheets(workbook(filled())), YEAR, CHART) == FILLED
    assert read_model(unpacked(packed(filled())), YEAR, CHART) == FILLED


def test_the_empty_model_says_what_it_waits_for() -> None:
    assert refusals(empty()) == [
        "Feuille Totaux, case C5 : cette case attend un montant, ou 0.",
        "Feuille Totaux, case C6 : cette case attend un montant, ou 0.",
        "Feuille Totaux, case C34 : cette case attend un montant, ou 0.",
        "Feuille Totaux, case C35 : cette case attend un montant, ou 0.",
    ]


def test_what_a_model_need_not_say() -> None:
    grid = empty()
    for key in ("départ banque", "départ caisse", "fin banque", "fin caisse"):
        fill(grid, key, 0)
    assert read_model(grid, YEAR, CHART) == Filled(Moves(), YearTotals(Moves()))


def spoilt() -> Grid:
    """A filled model with something wrong in many a cell."""
    grid = filled()
    fill(grid, "618", "deux cents")
    fill(grid, "756", True)
    fill(grid, "fin caisse", -1)
    grid["Totaux"].append(["999", "", 5.0])
    grid["Totaux"].append(["741", "", 5.0])
    grid["Totaux"].append(["fin caisse", "", 5.0])
    grid["Subventions"][3][:6] = ["", "", "1/9/2026", "607", 0, -1]
    grid["Pas encore sur le relevé"][3][:5] = ["31/12/2026", "", "x" * 30, 1, 1]
    grid["Caisse"][3][:2] = [3.0, 1.5]
    return grid


def test_each_cell_that_cannot_be_is_named() -> None:
    found = refusals(spoilt())
    assert [one.split(" : ", 1)[0] for one in found] == [
        "Feuille Totaux, case C12",
        "Feuille Totaux, case C23",
        "Feuille Totaux, case A44",
        "Feuille Totaux, case A45",
        "Feuille Totaux, case A46",
        "Feuille Totaux, case C35",
        *(f"Feuille Subventions, case {column}4" for column in "ABCDEF"),
        *(f"Feuille Pas encore sur le relevé, case {column}4" for column in "ABCD"),
        *(f"Feuille Caisse, case {column}4" for column in "AB"),
    ]
    assert [one.split(" : ", 1)[1] for one in found] == [
        "« deux cents ». Ce montant n’est pas un nombre. Écrivez par exemple 12,50.",
        "« VRAI » n’est pas un montant.",
        "le compte « 999 » n’existe pas dans le plan comptable.",
        "les subventions se notent sur leur propre feuille.",
        "« fin caisse » est déjà écrit plus haut.",
        "une caisse ne contient jamais moins que rien.",
        "dites qui a donné.",
        "dites pour quoi.",
        "cette date n’est pas dans l’année scolaire 2025-2026.",
        "« 607 » n’est pas un compte de subvention : 741 ou 748.",
        "cette case attend le montant reçu.",
        "ce qui est dépensé va de rien au montant reçu.",
        "cette date vient après l’année scolaire 2025-2026.",
        "le libellé manque : dites ce que c’était.",
        "ce texte a 30 caractères, 20 au plus.",
        "notez une dépense ou une recette, l’une des deux.",
        "il n’existe ni billet ni pièce de « 3 ».",
        "« 1.5 » n’est pas un nombre de billets ou de pièces.",
    ]


def test_a_line_that_is_gone_is_missed() -> None:
    grid = filled()
    grid["Totaux"] = [row for row in grid["Totaux"] if row[0] not in ("fin caisse", "618")]
    assert refusals(grid) == ["Feuille Totaux : la ligne « fin caisse » manque."]


@pytest.mark.parametrize("name", ["Totaux", "Caisse"])
def test_another_workbook_is_no_model(name: str) -> None:
    grid = filled()
    del grid[name]
    assert refusals(grid) == ["Ce classeur n’est pas le modèle de Retkoop : téléchargez-le, remplissez-le, puis envoyez-le."]
    assert refusals({**filled(), "Totaux": []}) == refusals(grid)


def test_the_model_of_another_year_is_refused() -> None:
    with pytest.raises(ModelRefused) as refused:
        read_model(filled(), SchoolYear(2026), CHART)
    assert plain(str(refused.value)) == "Ce modèle est celui de l’année « 2025-2026 » : il faut celui de 2026-2027."


cells = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=50) | st.dates()


@given(st.lists(st.tuples(st.sampled_from([0, 1, 2, 3]), st.integers(1, 50), st.integers(0, 6), cells), max_size=12))
def test_whatever_stands_in_a_cell_is_read_or_named(wild: list[tuple[int, int, int, Cell | None]]) -> None:
    grid = filled()
    for place, row, column, cell in wild:
        rows = list(grid.values())[place]
        while len(rows) <= row:
            rows.append([""] * 8)
        rows[row][column] = "" if cell is None else cell
    named: tuple[str, ...] = ()
    try:
        read_model(grid, YEAR, CHART)
    except ModelRefused as refusal:
        named = refusal.refusals
    assert [one for one in named if not one.startswith("Feuille ")] == []


def send(client: Client, book: Book, content: bytes) -> HttpResponse:
    return client.post(at(book, "direct_sheet"), {"fichier": SimpleUploadedFile("modele.xlsx", content)})  # type: ignore[return-value]  # the client's own answer


@pytest.mark.django_db
def test_a_model_fills_the_year_once_it_was_read_over(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    sent = client.get(at(book, "direct_model"))
    assert sent.headers["Content-Disposition"] == 'attachment; filename="compte-rendu-0910000A-2025-2026.xlsx"'
    answer = send(client, book, workbook(filled()))
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
def test_another_file_replaces_what_was_noted(client: Client, book: Book, alice: Access) -> None:
    book = whole(alice, book)
    grid = filled()
    grid["Subventions"][3][:6] = ["Département", "Forêt", "1/12/2025", "748", 300, ""]
    grid["Pas encore sur le relevé"][3][:5] = [date(2026, 8, 20), "Remise", "", "", 10]
    fill(grid, "relevé solde", 1018.2)
    (token,) = controls(send(client, book, workbook(grid)), "lu")
    client.post(at(book, "confirm_sheet"), {"lu": token["value"]})
    assert list(Operation.objects.filter(tiers_key__gt="").values_list("tiers", "accounts")) == [("Département", "74800008")]
    assert list(CarriedItem.objects.values_list("label", "bank")) == [("Remise", 10_00)]
    assert [lamp.state.value for lamp in lamps(standing_of(now(book)))] == ["good", "good", "good"]


def bomb() -> bytes:
    """Return the model with a sheet of which 300 kB become 140 MB: each cell is the same one."""
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(empty()))) as model, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name in model.namelist():
            first = name == "xl/worksheets/sheet1.xml"
            made.writestr(
                name, sheet + b'<c r="A1"><v>1</v></c>' * 6_500_000 + b"</row></sheetData></worksheet>" if first else model.read(name)
            )
    return written.getvalue()


@pytest.mark.django_db
def test_what_cannot_be_read_is_said_and_nothing_is_noted(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    answer = send(client, book, workbook(empty()))
    assert answer.status_code == 422
    assert plain(notices(answer)[0]).startswith("Rien n’a été noté : 4 choses à corriger Feuille Totaux, case C5")
    for content, why in (
        (b"un;texte", "Ce fichier n’est pas un classeur (XLSX, ODS) : envoyez le modèle rempli."),
        (b"PK\x03\x04 pas un zip", "Ce classeur est illisible"),
        (b"PK\x03\x04" + b"0" * 2_000_001, "Ce fichier dépasse 2 Mo : ce n’est pas un modèle rempli."),
        (bomb(), "Ce classeur est illisible : abîmé, trop gros ou protégé par un mot de passe. Envoyez le modèle rempli."),
        (workbook({"Totaux": [["x"]] * 501}), "Ce classeur est trop grand : ce n’est pas un modèle rempli."),
    ):
        answer = send(client, book, content)
        assert (answer.status_code, why in plain(notices(answer)[0])) == (422, True)
    assert "Choisissez d’abord le fichier rempli." in said(client.post(at(book, "direct_sheet")))
    assert "Ce fichier a été lu il y a trop longtemps" in said(client.post(at(book, "confirm_sheet"), {"lu": "faux"}))


@pytest.mark.django_db
def test_what_the_books_refuse_leaves_all_as_it_was(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    (token,) = controls(send(client, book, workbook(filled())), "lu")
    in_state(book, ClosingState.SENT)
    answer = client.post(at(book, "confirm_sheet"), {"lu": token["value"]})
    assert answer.status_code == 422
    assert "sont transmis à l’association départementale" in said(answer)
    assert Operation.objects.count() == 0


@pytest.mark.django_db
def test_whoever_sends_file_after_file_waits(client: Client, book: Book, alice: Access) -> None:
    direct(alice, book)
    for _ in range(FREE_SENDINGS):
        count_sending(book.coop.rne)
    answer = send(client, book, workbook(filled()))
    assert (answer.status_code, "Trop d’essais. Attendez 15 secondes, puis recommencez." in said(answer)) == (422, True)
