from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client

from retkoop.banking.models import BankStatement, Pointing
from retkoop.banking.services import close_statement, point, point_until
from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.banking.books_at_hand import YEAR, add, carry, now, open_year, operation, payment, receipt, statement
from tests.banking.pages_at_hand import END, HTMX, at, boxes, region
from tests.pages import controls, main_text, notices
from tests.swap import swap


def test_a_statement_lists_what_is_to_tick_with_its_cheque(client: Client, row: BankStatement, book: Book) -> None:
    answer = client.get(at(row))
    key = operation(book, "D05").pk
    assert boxes(answer) == [(f"o{key}", False)]
    line = region(answer, f"ligne-o{key}").text
    assert line == "02/07 Livres pour la bibliothèque Librairie · chèque\u00a02000104 D05 −\u202f64,20"


def test_the_gap_is_always_in_view(client: Client, row: BankStatement) -> None:
    gap = region(client.get(at(row)), "gap")
    assert [node.text for node in gap.walk() if node.tag == "dd"] == ["1\u202f028,20", "0,00", "64,20", "1\u202f028,20", "−64,20\u202f€"]
    assert "Le relevé a 64,20\u202f€ de moins que ce que le cahier explique." in gap.text


def test_good_news_at_zero(client: Client, alice: Access, row: BankStatement, book: Book) -> None:
    point(access=alice, statement=row, operations=[operation(book, "D05").pk])
    answer = client.get(at(row))
    assert "Bravo, le rapprochement est juste." in region(answer, "gap").text
    assert "Tout est pointé" in main_text(answer)


def test_each_tick_saves_and_the_page_follows(client: Client, row: BankStatement, book: Book) -> None:
    key = f"o{operation(book, 'D05').pk}"
    before = client.get(at(row))
    answer = client.post(at(row), {"ticked": key}, headers=HTMX)
    swapped = swap(before.content.decode(), answer.content.decode(), f"ligne-{key}")
    fresh = client.get(f"{at(row)}?vue=pointees")
    assert (answer.status_code, boxes(answer), boxes(fresh)) == (200, [(key, True)], [(key, True)])
    for name in ("gap", "lamps", "nav-findings", "compte-a-pointer", "compte-pointees"):
        assert swapped.find(name).inside == region(fresh, name).inside != region(before, name).inside
    assert swapped.find(f"ligne-{key}").inside == region(fresh, f"ligne-{key}").inside
    assert swapped.find("gap-said").text == "Bravo, le rapprochement est juste."


def test_a_ticked_line_is_unticked(client: Client, alice: Access, row: BankStatement, book: Book) -> None:
    key = operation(book, "D05").pk
    point(access=alice, statement=row, operations=[key])
    before = client.get(f"{at(row)}?vue=pointees").content.decode()
    answer = client.post(at(row), {"was": f"o{key}"}, headers=HTMX)
    swapped = swap(before, answer.content.decode(), f"ligne-o{key}")
    assert (boxes(answer), swapped.find("gap-said").text) == ([(f"o{key}", False)], "Écart\u00a0: −64,20\u202f€.")
    assert swapped.find("compte-a-pointer").text == "1"
    assert not Pointing.objects.exists()


def test_without_script_a_button_saves_the_boxes_that_changed(client: Client, alice: Access, row: BankStatement, book: Book) -> None:
    """Boxes that look as they did are left alone: somebody else may have ticked them since."""
    d05, r04 = operation(book, "D05").pk, operation(book, "R04").pk
    meanwhile = add(alice, now(book), [payment("D06", date(2026, 7, 3), 1_00)])[0].pk
    point(access=alice, statement=row, operations=[meanwhile])
    answer = client.post(at(row), {"ticked": [f"o{d05}"], "was": [f"o{r04}"]})
    assert (answer.status_code, answer["Location"]) == (302, at(row))
    assert set(Pointing.objects.values_list("operation", flat=True)) == {d05, meanwhile}
    assert operation(book, "R04").pointed_year is None


def test_the_boxes_can_be_saved_without_script(client: Client, row: BankStatement) -> None:
    assert "<noscript>" in client.get(at(row)).content.decode()


def test_what_cannot_be_ticked_is_said_and_put_back(client: Client, alice: Access, row: BankStatement, book: Book) -> None:
    point(access=alice, statement=row, operations=[operation(book, "D05").pk])
    close_statement(access=alice, statement=row)
    key = f"o{operation(book, 'D05').pk}"
    said = "Le relevé du 31 août 2026 est clos. Rouvrez-le pour le changer."
    answer = client.post(at(row), {"was": key}, headers=HTMX)
    assert (answer.status_code, json.loads(answer["HX-Trigger"])) == (409, {"toast": {"text": said, "tone": "bad"}})
    assert region(answer, f"ligne-{key}").attributes["class"] == "ticked"
    assert notices(client.post(at(row), {"was": key}, follow=True))[0] == said


@pytest.mark.parametrize("junk", ["", "o", "x1", "o-1", "o1x", "o" + "9" * 40, "<script>"])
def test_a_form_that_names_no_line_changes_nothing(client: Client, row: BankStatement, junk: str) -> None:
    assert client.post(at(row), {"ticked": junk, "was": junk + "!"}).status_code == 302
    assert not Pointing.objects.exists()


def test_many_are_ticked_up_to_a_day_and_taken_back(client: Client, alice: Access, row: BankStatement, book: Book) -> None:
    add(alice, now(book), [payment("D06", date(2026, 7, 2), 1_00), payment("D07", date(2026, 8, 1), 2_00)])
    before = client.get(at(row)).content.decode()
    answer = client.post(f"{at(row)}jusqu-au/", {"day": "02/07/2026"}, headers=HTMX)
    swapped = swap(before, answer.content.decode(), "ticks")
    assert "2\u00a0opérations pointées jusqu’au 2 juillet 2026." in swapped.find("toasts").text
    fresh = region(client.get(at(row)), "contenu")
    assert swapped.find("contenu").find("ticks").inside == fresh.find("ticks").inside
    assert boxes(answer) == [(f"o{operation(book, 'D07').pk}", False)]
    keys = list(Pointing.objects.order_by("pk").values_list("pk", flat=True))
    assert [(field["name"], int(field["value"])) for name in ("first", "last") for field in controls(answer, name)] == [
        ("first", keys[0]),
        ("last", keys[1]),
    ]
    back = client.post(f"{at(row)}depointer/", {"first": keys[0], "last": keys[1]}, follow=True)
    assert (notices(back), Pointing.objects.count()) == (["2\u00a0opérations ne sont plus pointées."], 0)


def test_many_are_ticked_without_script(client: Client, row: BankStatement) -> None:
    answer = client.post(f"{at(row)}jusqu-au/", {"day": "31/08/2026"}, follow=True)
    assert (notices(answer), Pointing.objects.count()) == (["1\u00a0opération pointée jusqu’au 31 août 2026."], 1)


def test_a_day_that_is_none_is_said(client: Client, row: BankStatement) -> None:
    said = "Indiquez une date, par exemple 14/11/2025."
    assert notices(client.post(f"{at(row)}jusqu-au/", {"day": ""}, follow=True))[0] == said
    assert client.post(f"{at(row)}jusqu-au/", {"day": ""}, headers=HTMX).status_code == 422


def test_only_the_ticks_of_that_statement_are_taken_back(client: Client, alice: Access, row: BankStatement, book: Book) -> None:
    other = statement(alice, book, 1, date(2026, 7, 31))
    point_until(access=alice, statement=other, day=END)
    client.post(f"{at(row)}depointer/", {"first": 0, "last": 10**15})
    for junk in ({"first": "x", "last": 10**15}, {"first": 0, "last": 10**30}, {"first": -1, "last": 10**15}, {}):
        assert client.post(f"{at(other)}depointer/", junk).status_code == 302
    assert Pointing.objects.count() == 1


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("bibliothèque", ["D05"]),
        ("BIBLIO", ["D05"]),
        ("2000104", ["D05"]),
        ("64,20", ["D05"]),
        ("-64,20", ["D05"]),
        ("D05", ["D05"]),
        ("zèbre", []),
        ("€", []),
        ("%", []),
    ],
)
def test_a_line_is_found_by_word_cheque_or_amount(client: Client, row: BankStatement, book: Book, search: str, found: list[str]) -> None:
    answer = client.get(at(row), {"q": search})
    assert boxes(answer) == [(f"o{operation(book, piece).pk}", False) for piece in found]
    assert found or "Rien ne correspond" in main_text(answer)
    assert [field["value"] for field in controls(answer, "q")] == [search]


def test_a_carried_item_is_listed_found_and_ticked(client: Client, alice: Access, row: BankStatement, book: Book) -> None:
    item = carry(alice, book, "Chèque de juin", date(2025, 6, 3), -12_00)
    answer = client.get(at(row), {"q": "juin"})
    assert boxes(answer) == [(f"r{item.pk}", False)]
    assert boxes(client.post(at(row), {"ticked": f"r{item.pk}"}, headers=HTMX)) == [(f"r{item.pk}", True)]
    assert boxes(client.get(f"{at(row)}?vue=pointees")) == [(f"r{item.pk}", True)]


@pytest.mark.parametrize("query", ["?vue=pointees", "?vue=importees", "?q=car", "?q=musee&vue=importees"])
def test_htmx_gets_the_lines_alone_and_makes_a_fresh_page_of_them(client: Client, row: BankStatement, query: str) -> None:
    """But for the search: it stays as it is typed."""
    before, part, fresh = client.get(at(row)), client.get(f"{at(row)}{query}", headers=HTMX), client.get(f"{at(row)}{query}")
    swapped = swap(before.content.decode(), part.content.decode(), "ticks")
    for name in ("ticks", "views", "gap", "lamps"):
        assert swapped.find(name).inside == region(fresh, name).inside


def test_the_back_button_gets_a_whole_page(client: Client, row: BankStatement) -> None:
    answer = client.get(at(row), headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in answer.content.decode()


def test_what_an_import_ticked_has_its_own_view(client: Client, row: BankStatement, book: Book) -> None:
    assert "Pointées à l’import" in main_text(client.get(at(row)))
    answer = client.get(f"{at(row)}?vue=importees")
    pieces = ("R01", "D01", "V01", "D02", "R03", "R04", "D03", "D04")
    assert boxes(answer) == [(f"o{operation(book, piece).pk}", True) for piece in pieces]
    assert "Rien n’est encore pointé sur ce relevé" in main_text(client.get(f"{at(row)}?vue=pointees"))


def test_a_view_that_does_not_exist_is_the_first_one(client: Client, row: BankStatement) -> None:
    assert boxes(client.get(f"{at(row)}?vue=zebre")) == boxes(client.get(at(row)))


def test_nothing_came_ticked(client: Client, alice: Access) -> None:
    row = statement(alice, open_year(alice, YEAR), 0)
    assert "Aucune opération n’est arrivée déjà pointée" in main_text(client.get(f"{at(row)}?vue=importees"))
    assert "Pointées à l’import" not in main_text(client.get(at(row)))


def test_former_years_show_the_whole_date(client: Client, alice: Access, row: BankStatement) -> None:
    before = open_year(alice, YEAR.previous)
    add(alice, before, [receipt("R77", date(2025, 6, 30), 3_00)])
    assert "30/06/2025 Recette R77" in main_text(client.get(at(row)))
