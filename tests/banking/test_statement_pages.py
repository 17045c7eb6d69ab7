from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from retkoop.banking.models import BankStatement, Pointing
from retkoop.banking.services import close_statement, edit_statement, point
from retkoop.books.models import Book
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from tests.banking.books_at_hand import YEAR, add, carry, open_year, operation, payment, statement
from tests.banking.pages_at_hand import BASE, END, HTMX, YOURS, at, boxes, given, region
from tests.cast import CHARLIE, FAR_AWAY, account, logged_in, make_coop, make_staff
from tests.pages import controls, errors, links, main_text, notices, title


def test_before_the_first_statement_the_page_says_what_to_do(client: Client, book: Book) -> None:
    answer = client.get(BASE)
    assert (answer.status_code, title(answer)) == (200, "Rapprochement bancaire")
    assert "Aucun relevé de banque pour cette année" in main_text(answer)
    assert [field["name"] for name in ("date", "account_balance", "number") for field in controls(answer, name)] == [
        "date",
        "account_balance",
        "number",
    ]


def test_a_statement_is_noted_as_the_bank_prints_it(client: Client, book: Book) -> None:
    answer = client.post(BASE, given())
    row = BankStatement.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, at(row))
    assert (row.number, row.date, row.account_balance) == ("8", END, 1_028_20)


def test_a_resend_makes_no_second_statement(client: Client, book: Book) -> None:
    form = given()
    answers = [client.post(BASE, form) for _ in range(2)]
    assert (answers[1].status_code, answers[1]["Location"], BankStatement.objects.count()) == (302, BASE, 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"account_balance": ""}, "Recopiez le solde écrit sur le relevé, par exemple 1\u202f028,20."),
        ({"account_balance": "mille"}, "Ce montant n’est pas un nombre. Écrivez par exemple 12,50."),
        ({"date": ""}, "Indiquez une date, par exemple 14/11/2025."),
        ({"date": "31/08/2025"}, "Ce relevé est daté du 31 août 2025, hors de l’année scolaire 2025-2026."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    client: Client, book: Book, typed: dict[str, str], said: str
) -> None:
    answer = client.post(BASE, given(**typed))
    assert (answer.status_code, errors(answer), BankStatement.objects.count()) == (422, [said], 0)
    for name, value in {**given(), **typed}.items():
        if name != "submission":
            assert [field.get("value", "") for field in controls(answer, name)] == [value]


def test_the_page_of_the_bank_shows_the_statement_under_way(client: Client, alice: Access, book: Book) -> None:
    june = statement(alice, book, 1_028_20 + 64_20, date(2026, 6, 30), "6")
    assert "Relevé n°\u00a06 du 30\u00a0juin 2026" in main_text(client.get(BASE))
    statement(alice, book, 1_028_20, number="8")
    assert "Relevé n°\u00a08 du 31\u00a0août 2026" in main_text(client.get(BASE))
    close_statement(access=alice, statement=june)
    assert "Relevé n°\u00a08 du 31\u00a0août 2026" in main_text(client.get(BASE))
    assert "Relevé n°\u00a06 du 30\u00a0juin 2026 Clos" in main_text(client.get(at(june)))


def test_a_statement_is_corrected(client: Client, row: BankStatement) -> None:
    page = client.get(f"{at(row)}modifier/")
    assert [field["value"] for field in controls(page, "account_balance")] == ["1028,20"]
    form = {"number": "9", "date": "28/08/2026", "account_balance": "1092,40", "version": "1"}
    assert client.post(f"{at(row)}modifier/", form)["Location"] == at(row)
    row.refresh_from_db()
    assert (row.number, row.date, row.account_balance) == ("9", date(2026, 8, 28), 1_092_40)


def test_a_correction_that_cannot_be_is_said(client: Client, row: BankStatement) -> None:
    answer = client.post(f"{at(row)}modifier/", {"number": "", "date": "31/08/2020", "account_balance": "1", "version": "1"})
    assert errors(answer) == ["Ce relevé est daté du 31 août 2020, hors de l’année scolaire 2025-2026."]


def test_the_second_writer_sees_both_and_may_save_again(client: Client, alice: Access, row: BankStatement) -> None:
    edit_statement(access=alice, statement=row, version=1, number="8", day=END, account_balance=7_00)
    form = {"number": "9", "date": "31/08/2026", "account_balance": "12,00", "version": "1"}
    answer = client.post(f"{at(row)}modifier/", form)
    assert (answer.status_code, notices(answer)) == (
        409,
        [f"Quelqu’un a modifié ce relevé entre-temps Il dit maintenant\u00a0: Relevé n°\u00a08 du 31\u00a0août 2026, 7,00\u202f€. {YOURS}"],
    )
    [version] = controls(answer, "version")
    assert [field["value"] for field in controls(answer, "account_balance")] == ["12,00"]
    assert client.post(f"{at(row)}modifier/", {**form, "version": version["value"]}).status_code == 302


def test_a_statement_is_removed_closed_and_opened_again(client: Client, alice: Access, row: BankStatement, book: Book) -> None:
    refused = client.post(f"{at(row)}clore/", follow=True)
    assert notices(refused)[0] == "Ce relevé ne peut pas encore être clos\u202f: il reste un écart de 64,20\u202f€."
    point(access=alice, statement=row, operations=[operation(book, "D05").pk])
    assert notices(client.post(f"{at(row)}clore/", follow=True))[0] == "Le relevé du 31 août 2026 est clos."
    assert boxes(client.get(f"{at(row)}?vue=pointees")) == []
    assert notices(client.post(f"{at(row)}rouvrir/", follow=True))[0] == "Le relevé du 31 août 2026 est rouvert."
    refused = client.post(f"{at(row)}supprimer/", follow=True)
    assert notices(refused)[0] == "Des opérations sont pointées sur ce relevé. Dépointez-les d’abord, puis supprimez-le."
    client.post(f"{at(row)}depointer/", {"first": 0, "last": 10**15})
    gone = client.post(f"{at(row)}supprimer/", follow=True)
    assert "Le relevé du 31 août 2026 est supprimé." in notices(gone)
    assert client.get(at(row)).status_code == 404


def test_the_gap_has_clues(client: Client, alice: Access, row: BankStatement, book: Book) -> None:
    answer = client.get(f"{at(row)}ecart/")
    text = main_text(answer)
    assert title(answer) == "D’où vient l’écart\u00a0?"
    assert "Cette opération vaut exactement l’écart\u202f: si elle est sur le relevé, pointez-la." in text
    assert "Une dépense de 64,20\u202f€ manque-t-elle dans le cahier\u202f?" in text
    assert "<html" not in client.get(f"{at(row)}ecart/", headers=HTMX).content.decode()
    [named] = [box for box in controls(answer, "ticked") if box.get("type") == "hidden"]
    client.post(at(row), {"ticked": named["value"]})
    assert "Il n’y a pas d’écart\u00a0: le rapprochement est juste." in main_text(client.get(f"{at(row)}ecart/"))


def test_what_is_not_ticked_yet_comes_first_and_can_be_ticked_at_once(
    client: Client, alice: Access, row: BankStatement, book: Book
) -> None:
    add(alice, book, [payment("D06", date(2026, 7, 3), 10_00), payment("D07", date(2026, 7, 4), 2_00)])
    carry(alice, book, "Chèque de juin", date(2025, 6, 3), -12_00)
    edit_statement(access=alice, statement=row, version=1, number="", day=END, account_balance=1_016_20)
    answer = client.get(f"{at(row)}ecart/")
    said = (
        "4 opérations jusqu’au 31 août 2026 ne sont pas pointées et font exactement l’écart\u202f: sont-elles toutes sur le relevé\u202f?"
    )
    assert said in main_text(answer)
    assert main_text(answer).index(said) < main_text(answer).index("manque-t-elle dans le cahier")
    [day] = controls(answer, "day")
    client.post(f"{at(row)}jusqu-au/", {"day": day["value"]})
    assert "Il n’y a pas d’écart" in main_text(client.get(f"{at(row)}ecart/"))


def test_what_is_not_ticked_is_seen_first_where_it_is_not_the_whole_gap(
    client: Client, alice: Access, row: BankStatement, book: Book
) -> None:
    edit_statement(access=alice, statement=row, version=1, number="", day=END, account_balance=1_000_00)
    answer = client.get(f"{at(row)}ecart/")
    assert "1 opération jusqu’au 31 août 2026 n’est pas pointée\u202f: est-elle sur le relevé\u202f?" in main_text(answer)
    assert (controls(answer, "day"), at(row) in links(answer)) == ([], True)


def test_a_tick_too_many_and_swapped_figures_are_clues(client: Client, alice: Access, book: Book) -> None:
    row = statement(alice, book, 1_092_40 - 25_00)
    text = main_text(client.get(f"{at(row)}ecart/"))
    assert "Cette opération pointée vaut exactement l’écart\u202f: est-elle vraiment sur le relevé\u202f?" in text
    assert "D04 Avoir sur le car" in text
    edit_statement(access=alice, statement=row, version=1, number="", day=END, account_balance=1_092_40 + 54)
    assert "L’écart se divise par 9" in main_text(client.get(f"{at(row)}ecart/"))


def test_a_statement_of_september_may_show_more_than_the_year(client: Client, alice: Access, book: Book) -> None:
    row = statement(alice, book, 1_00, date(2026, 9, 4))
    said = "Ce relevé va plus loin que le 31\u00a0août 2026\u00a0: ce qu’il montre de l’année suivante n’est pas dans ce cahier."
    assert said in main_text(client.get(f"{at(row)}ecart/"))


def test_the_report_tells_how_the_two_meet(client: Client, alice: Access, row: BankStatement, book: Book) -> None:
    edit_statement(access=alice, statement=row, version=1, number="8", day=END, account_balance=1_092_40)
    answer = client.get(f"{BASE}etat/")
    text = main_text(answer)
    assert title(answer) == "État de rapprochement"
    assert region(answer, "contenu").text.endswith("02/07/2026 D05 Livres pour la bibliothèque chèque\u00a02000104 64,20")
    for line in (
        "Bravo, le rapprochement est juste.",
        "Relevé n°\u00a08 du 31\u00a0août 2026 1\u202f092,40\u202f€",
        "− dépenses qui n’y sont pas encore 64,20\u202f€",
        "= solde expliqué 1\u202f028,20\u202f€",
        "Solde du cahier (compte 512) 1\u202f028,20\u202f€",
        "Écart 0,00\u202f€",
        "1\u00a0opération non pointée",
    ):
        assert line in text


def test_the_report_without_a_statement_and_with_a_gap(client: Client, alice: Access, book: Book) -> None:
    assert "Aucun relevé n’est noté" in main_text(client.get(f"{BASE}etat/"))
    statement(alice, book, 1_092_40 + 3_00)
    assert "Il reste un écart de 3,00\u202f€" in main_text(client.get(f"{BASE}etat/"))
    statement(alice, open_year(alice, YEAR.next), 0, date(2027, 8, 31))


def test_an_empty_book_has_a_report_too(client: Client, alice: Access) -> None:
    open_year(alice, YEAR)
    assert "Toutes les opérations de banque sont pointées." in main_text(client.get(f"{BASE}etat/"))


VERBS = ("jusqu-au", "depointer", "clore", "rouvrir", "supprimer")
PAGES = ("", "{key}/", "{key}/?vue=pointees", "{key}/?vue=importees", "{key}/?q=car", "{key}/ecart/", "etat/")


def addresses(row: BankStatement) -> list[str]:
    return [BASE + page.format(key=row.pk) for page in PAGES]


def test_somebody_of_the_ad_who_only_reads_sees_no_form(alice: Access, row: BankStatement, book: Book) -> None:
    reader = logged_in(make_staff("comptable91", RoleKind.COMPTABLE))
    for address in addresses(row):
        answer = reader.get(address)
        assert answer.status_code == 200
        posted = re.findall(r'<form method="post" action="([^"]*)"', answer.content.decode())
        assert [address for address in posted if "/coop/" in address] == []
        assert boxes(answer) == []
    for address in (
        BASE,
        at(row),
        *(f"{at(row)}{verb}/" for verb in ("jusqu-au", "depointer", "clore", "rouvrir", "supprimer", "modifier")),
    ):
        assert reader.post(address, given()).status_code == 404
    assert reader.get(f"{at(row)}modifier/").status_code == 404


def test_an_animateur_helps_under_their_own_name(alice: Access, row: BankStatement, book: Book) -> None:
    helper = logged_in(make_staff("animatrice91", RoleKind.ANIMATEUR))
    helper.post(at(row), {"ticked": f"o{operation(book, 'D05').pk}"})
    assert Pointing.objects.count() == 1


def test_a_stranger_finds_nothing(alice: Access, row: BankStatement) -> None:
    for stranger in (account(make_coop(CHARLIE, "École de Charlie")), account(make_coop(FAR_AWAY, "École lointaine"))):
        browser = logged_in(stranger)
        for address in addresses(row):
            assert browser.get(address).status_code == 404
        assert browser.get(at(row, of=stranger.username)).status_code == 404


def test_a_statement_has_its_year(client: Client, alice: Access, row: BankStatement) -> None:
    open_year(alice, YEAR.next)
    assert client.get(at(row).replace("2025-2026", "2026-2027")).status_code == 404
    assert client.get(f"{BASE}999999/").status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_a_get_never_writes(client: Client, row: BankStatement, verb: str) -> None:
    assert client.get(f"{at(row)}{verb}/").status_code == 405


def test_the_pages_link_to_one_another(client: Client, row: BankStatement) -> None:
    found = links(client.get(BASE))
    assert {at(row), f"{BASE}etat/", f"{at(row)}?vue=pointees", f"{at(row)}?vue=importees", f"{at(row)}ecart/"} <= set(found)
