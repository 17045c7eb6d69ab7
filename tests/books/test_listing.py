from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from retkoop.banking.services import point, record_statement
from retkoop.books.cahier import Cahier
from retkoop.books.listing import A_PAGE, PRINTED_AT_ONCE, Asked
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.queries import books_of
from retkoop.books.services import record_operation, record_operations
from retkoop.domain import entry
from retkoop.domain.entry import Moves, Part
from retkoop.network.access import Access
from tests.books.coops import FORMER, YEAR, a_book, at, comptable, note, open_with, plain
from tests.books.lines import words
from tests.pages import Answer, links
from tests.swap import Node, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def operation(piece: str, day: str, label: str, bank: int, account: str = "", **facts: str) -> entry.Operation:
    parts = (Part(account or ("61800008" if bank < 0 else "70800008"), abs(bank)),)
    return entry.Operation(0, piece, date.fromisoformat(day), label, Moves(bank=bank), parts, **facts)  # type: ignore[arg-type]  # texts


A_YEAR = [
    operation("D1", "2025-09-02", "Entrées au musée", -184_50, tiers="Musée de l’Essonne", cheque="2000104", project="Musée", classe="CP"),
    operation("D2", "2025-09-02", "Timbres", -12_00, "65000008", tiers="La Poste"),
    operation("D10", "2025-10-06", "100 % carton_recyclé", -30_00, project="Jardin", classe="CM1"),
    operation("R1", "2025-10-07", "Kermesse", 400_00, tiers="Familles"),
    replace(operation("", "2025-11-03", "Divers", -2_00), parts=(Part("61800008", 3_00), Part("61681008", -1_00))),
    entry.Operation(0, "V1", date(2025, 11, 4), "Retrait d’espèces", Moves(bank=-50_00, cash=50_00)),
    entry.Operation(0, "D11", date(2025, 11, 5), "Régie d’avance", Moves(cash=-40_00, regie=40_00)),
]


@pytest.fixture
def kept(alice: Access, book: Book) -> Book:
    """A book with an opening, and of each kind of operation some."""
    open_with(alice, book, 1000_00, 20_00)
    note(alice, a_book(alice, FORMER), "D9", "2025-03-14", "Musée d’autrefois", -50_00)
    record_operations(author=alice.author, coop=alice.coop, year=YEAR, operations=A_YEAR)
    row = book.operations.get(piece="D1")
    statement = record_statement(
        access=alice, book=book, number="1", day=date(2025, 9, 30), account_balance=815_50, submission=uuid.uuid4()
    )
    point(access=alice, statement=statement, operations=[row.pk])
    return book


def rows(answer: Answer) -> list[list[str]]:
    """Return the cells of the list, and of a printed one."""
    root = read(answer.content.decode())
    return [
        [plain(cell.text) for cell in row.children if isinstance(cell, Node)]
        for row in root.walk()
        if row.tag == "tr" and any(isinstance(cell, Node) and cell.tag == "td" for cell in row.children)
    ]


def labels(answer: Answer) -> list[str]:
    return [label.partition("  ")[0] for _, _, label, *_ in rows(answer)]


def pieces(client: Client, book: Book, **asked: str) -> list[str]:
    """Return the pièces that the list shows, in its order; a line without one by its day."""
    return [row[0] or row[1] for row in rows(client.get(at(book, "cahier"), asked))]


def test_each_line_says_all_that_the_book_knows_of_it(client: Client, kept: Book) -> None:
    assert rows(client.get(at(kept, "cahier"))) == [
        ["D11", "05/11", "Régie d’avance", "", "", "− 40,00 30,00", ""],
        ["V1", "04/11", "Retrait d’espèces", "", "− 50,00 1 121,50", "+ 50,00 70,00", ""],
        [
            "",
            "03/11",
            "Divers Le libellé « Divers » est trop vague : dites ce que c’était, pour qui ou pour quoi.",
            "618 + 616",
            "− 2,00 1 171,50",
            "",
            "",
        ],
        ["R1", "07/10", "Kermesse Familles", "708", "+ 400,00 1 173,50", "", ""],
        ["D10", "06/10", "100 % carton_recyclé Jardin · CM1", "618", "− 30,00 773,50", "", ""],
        ["D2", "02/09", "Timbres La Poste", "650", "− 12,00 803,50", "", ""],
        ["D1", "02/09", "Entrées au musée Musée de l’Essonne · chèque 2000104 · Musée · CP", "618", "− 184,50 815,50", "", "✓"],
        ["RAN", "01/09", "Report à nouveau de l’année 2024-2025", "", "+ 1 000,00 1 000,00", "+ 20,00 20,00", ""],
    ]


def spend_of_a_regie(access: Access, book: Book) -> None:
    spent = entry.Operation(
        0, "J1", date(2025, 11, 6), "Entrées", Moves(regie=-38_50), (Part("61800008", 38_50),), tiers="Ferme du Plateau"
    )
    record_operation(access=access, book=book, operation=spent, submission=uuid.uuid4())


def test_what_a_regie_paid_is_shown_beside_who_was_paid(alice: Access, client: Client, book: Book) -> None:
    spend_of_a_regie(alice, book)
    assert rows(client.get(at(book, "cahier"))) == [["J1", "06/11", "Entrées régie : −38,50 € · Ferme du Plateau", "618", "", "", ""]]
    [line] = rows(Streamed(client.get(at(book, "print_cahier")).getvalue()))
    assert line[2] == "Entrées régie : −38,50 € · Ferme du Plateau"


def test_a_day_of_another_year_is_told_with_its_year(alice: Access, client: Client, book: Book) -> None:
    note(alice, book, "D1", "2024-12-12", "Timbres", -12_00)
    note(alice, book, "D2", "2025-12-12", "Timbres", -15_00)
    assert [row[1] for row in rows(client.get(at(book, "cahier")))] == ["12/12", "12/12/2024"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "musee"}, ["D1"]),
        ({"q": "MUSÉE essonne"}, ["D1"]),
        ({"q": "essonne kermesse"}, []),
        ({"q": "poste"}, ["D2"]),
        ({"q": "2000104"}, ["D1"]),
        ({"q": "D1"}, ["D11", "D10", "D1"]),
        ({"q": "184,50"}, ["D1"]),
        ({"q": "-184.5 €"}, ["D1"]),
        ({"q": "184"}, ["D1"]),
        ({"q": "184,00"}, []),
        ({"q": "3,00"}, ["03/11"]),
        ({"q": "2/9"}, ["D2", "D1"]),
        ({"q": "06/10/2025"}, ["D10"]),
        ({"q": "100 %"}, ["D10"]),
        ({"q": "carton_recycle"}, ["D10"]),
        ({"q": "cm1"}, ["D10"]),
        ({"nature": "depenses"}, ["03/11", "D10", "D2", "D1"]),
        ({"nature": "recettes"}, ["R1"]),
        ({"nature": "virements"}, ["V1"]),
        ({"nature": "regies"}, ["D11"]),
        ({"compte": "616"}, ["03/11"]),
        ({"compte": "61800008"}, ["03/11", "D10", "D1"]),
        ({"mois": "2025-10"}, ["R1", "D10"]),
        ({"mois": "2026-08"}, []),
        ({"pointage": "oui"}, ["D1"]),
        ({"pointage": "non"}, ["V1", "03/11", "R1", "D10", "D2"]),
        ({"projet": "Jardin"}, ["D10"]),
        ({"classe": "CP"}, ["D1"]),
        ({"corriger": "oui"}, ["03/11"]),
        ({"jour": "2025-09-02"}, ["D2", "D1"]),
        ({"q": "musee", "nature": "recettes"}, []),
        ({"ordre": "ancien"}, ["RAN", "D1", "D2", "D10", "R1", "03/11", "V1", "D11"]),
        ({"ordre": "piece"}, ["03/11", "D1", "D2", "D10", "D11", "R1", "RAN", "V1"]),
        ({"ordre": "piece", "nature": "depenses"}, ["03/11", "D1", "D2", "D10"]),
    ],
)
def test_the_list_is_searched_filtered_and_sorted(client: Client, kept: Book, asked: dict[str, str], expected: list[str]) -> None:
    assert pieces(client, kept, **asked) == expected


@pytest.mark.parametrize(
    "asked",
    [
        {"nature": "troc"},
        {"ordre": "hasard"},
        {"jour": "hier"},
        {"mois": "brumaire"},
        {"pointage": "peut-être"},
        {"q": " \x00 "},
        {"q": "%"},
    ],
)
def test_what_asks_for_nothing_that_exists_is_left_aside(client: Client, kept: Book, asked: dict[str, str]) -> None:
    assert pieces(client, kept, **asked) == pieces(client, kept)


def test_how_many_were_found_is_said(client: Client, kept: Book) -> None:
    found = client.get(at(kept, "cahier"), {"q": "musee"})
    assert words(found, "liste").startswith("1 opération Tout voir Opérations du cahier")
    day = client.get(at(kept, "cahier"), {"jour": "2025-09-02"})
    assert words(day, "liste").startswith("2 opérations le 2 septembre 2025 Tout voir")
    assert words(client.get(at(kept, "cahier"), {"ordre": "piece"}), "liste").startswith("Opérations du cahier")


def test_nothing_found_is_said_with_what_to_try(client: Client, kept: Book) -> None:
    assert words(client.get(at(kept, "cahier"), {"q": "girafe"}), "liste") == (
        "0 opération Tout voir Rien ne correspond Essayez un autre mot, un montant comme 184,50, ou moins de filtres. Tout voir"
    )


def test_the_filters_show_what_is_asked(client: Client, kept: Book) -> None:
    asked = {
        "q": "entrées",
        "nature": "depenses",
        "compte": "618",
        "mois": "2025-09",
        "projet": "Musée",
        "classe": "CP",
        "ordre": "piece",
        "preuve": "non",
    }
    root = read(client.get(at(kept, "cahier"), asked).content.decode())
    [form] = [node for node in root.walk() if node.attributes.get("role") == "search"]
    chosen = {
        select.attributes["name"]: next((one.attributes["value"] for one in select.walk() if "selected" in one.attributes), "")
        for select in form.walk()
        if select.tag == "select"
    }
    assert {**chosen, "q": root.find("chercher").attributes["value"]} == {**asked, "pointage": "", "corriger": ""}
    assert [node for node in form.walk() if node.tag == "details" and "open" in node.attributes] != []


def test_balances_run_beside_the_days_alone(client: Client, kept: Book) -> None:
    def after(**asked: str) -> list[str]:
        return [row[4] for row in rows(client.get(at(kept, "cahier"), asked))]

    assert after(mois="2025-10") == ["+ 400,00 1 173,50", "− 30,00 773,50"]
    assert after(jour="2025-10-07") == ["+ 400,00 1 173,50"]
    assert after(mois="2025-10", ordre="ancien") == ["− 30,00 773,50", "+ 400,00 1 173,50"]
    assert after(q="kermesse") == ["+ 400,00"]
    assert after(ordre="piece", mois="2025-10") == ["− 30,00", "+ 400,00"]


class TestPages:
    @pytest.fixture
    def long(self, alice: Access, book: Book) -> Book:
        """A book of two pages and a half, many of its lines on one day."""
        open_with(alice, book, 100_00)
        days = ["2025-10-01", "2025-10-02", "2025-10-03"]
        many = [operation(f"R{number}", days[number * 3 // 125], f"Kermesse, stand {number}", 100 + number) for number in range(125)]
        record_operations(author=alice.author, coop=alice.coop, year=YEAR, operations=many)
        return book

    def test_the_pages_hold_each_line_once_and_balances_run_over_them(self, client: Client, long: Book) -> None:
        shown = [row for number in ("1", "2", "3") for row in rows(client.get(at(long, "cahier"), {"page": number}))]
        assert [row[0] for row in shown] == [*(f"R{number}" for number in reversed(range(125))), "RAN"]
        sums = [100_00 + sum(100 + number for number in range(last + 1)) for last in range(125)]
        told = [plain(f"{row[4].split('  ')[0]}") for row in shown]
        assert [text.split()[-1] for text in told[:2]] == [f"{sums[124] % 100_000 // 100},{sums[124] % 100:02}", "300,26"]
        oldest = [
            row for number in ("3", "2", "1") for row in reversed(rows(client.get(at(long, "cahier"), {"ordre": "ancien", "page": number})))
        ]
        assert oldest == shown

    @pytest.mark.parametrize(("number", "first"), [("0", "R24"), ("99", "R24"), ("mars", "R124"), ("-1", "R24"), ("2", "R74")])
    def test_a_page_that_is_not_there_is_the_nearest(self, client: Client, long: Book, number: str, first: str) -> None:
        assert rows(client.get(at(long, "cahier"), {"page": number}))[0][0] == first

    def test_pages_are_led_to_with_what_is_asked(self, client: Client, long: Book) -> None:
        answer = client.get(at(long, "cahier"), {"q": "kermesse", "ordre": "piece", "page": "2"})
        assert words(answer, "liste").startswith("125 opérations")
        assert [link for link in links(answer) if link.startswith("?q")] == [
            f"?q=kermesse&ordre=piece&page={number}" for number in (1, 1, 2, 3, 3)
        ]

    def test_a_line_remembers_its_page(self, client: Client, long: Book) -> None:
        row = long.operations.get(piece="R10")
        answer = client.get(at(long, "cahier"), {"q": "kermesse", "page": "3"})
        assert f"{at(long, 'operation', key=row.pk)}?retour=q%3Dkermesse%26page%3D3" in links(answer)


class TestPrinting:
    def printed(self, client: Client, book: Book, **asked: str) -> list[list[str]]:
        return rows(Streamed(client.get(at(book, "print_cahier"), asked).getvalue()))

    def test_the_whole_list_is_printed_as_a_paper_cahier(self, client: Client, kept: Book) -> None:
        lines = self.printed(client, kept)
        assert [row[0] or row[1] for row in lines] == ["RAN", "D1", "D2", "D10", "R1", "03/11/2025", "V1", "D11"]
        assert lines[1] == [
            "D1",
            "02/09/2025",
            "Entrées au musée Musée de l’Essonne · chèque 2000104 · Musée · CP",
            "618",
            "− 184,50",
            "815,50",
            "",
            "20,00",
            "oui",
        ]
        assert lines[-1][4:8] == ["", "1 121,50", "− 40,00", "30,00"]

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"q": "musee"}, ["D1"]),
            ({"ordre": "piece", "nature": "depenses"}, ["03/11/2025", "D1", "D2", "D10"]),
            ({"ordre": "recent", "jour": "2025-09-02"}, ["D2", "D1"]),
        ],
    )
    def test_what_is_asked_for_is_printed(self, client: Client, kept: Book, asked: dict[str, str], expected: list[str]) -> None:
        assert [row[0] or row[1] for row in self.printed(client, kept, **asked)] == expected

    @pytest.mark.parametrize(
        ("asked", "query"), [({}, ""), ({"ordre": "piece"}, "?ordre=piece"), ({"q": "musee", "page": "2"}, "?q=musee")]
    )
    def test_the_link_leads_to_the_list_in_sight(self, client: Client, kept: Book, asked: dict[str, str], query: str) -> None:
        root = read(client.get(at(kept, "cahier"), asked).content.decode())
        assert root.find("imprimer").attributes["href"] == f"{at(kept, 'print_cahier')}{query}"

    def test_readers_print_too(self, kept: Book) -> None:
        answer = comptable().get(at(kept, "print_cahier"))
        assert answer.status_code == 200
        html = plain(answer.getvalue().decode())
        assert "<title>Cahier 2025-2026, École Jean-Jaurès · Retkoop</title>" in html
        assert "Imprimé le 24 novembre 2025." in html

    def test_a_long_list_is_read_in_several_times(self, alice: Access, client: Client, book: Book) -> None:
        count = PRINTED_AT_ONCE + 2
        many = [operation(f"R{number}", "2025-10-01", f"Stand {number}", 1_00) for number in range(count)]
        record_operations(author=alice.author, coop=alice.coop, year=YEAR, operations=many)
        lines = self.printed(client, book)
        assert [row[0] for row in lines] == [f"R{number}" for number in range(count)]
        assert [lines[number][5] for number in (0, PRINTED_AT_ONCE - 1, count - 1)] == ["1,00", "500,00", "502,00"]


class Streamed:
    """The content of an answer that came in parts."""

    def __init__(self, content: bytes) -> None:
        self.content = content


def test_the_address_says_what_is_asked_and_nothing_else(alice: Access, book: Book) -> None:
    [current] = books_of(alice.coop)
    page = CoopPage(alice, current, (current,), date(2025, 11, 24))
    shown = Cahier(page, {"q": " musée ", "ordre": "recent", "page": "2", "noter": "recette", "le": "2025-11-03", "autre": "x"})
    assert shown.asked == Asked(q="musée")
    assert shown.url == f"{at(book, 'cahier')}?q=mus%C3%A9e&page=2"
    assert shown.own_address == f"{at(book, 'cahier')}?q=mus%C3%A9e&page=2&noter=recette&le=2025-11-03"
    assert shown.months[0] == ("2025-09", "Septembre")
    assert shown.months[-1] == ("2026-08", "Août")
    assert A_PAGE == 50
