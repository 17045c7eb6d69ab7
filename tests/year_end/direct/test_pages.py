"""The pages of a year that was kept elsewhere, step by step, as a teacher goes through them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.queries import standing_of
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves, Part
from retkoop.domain.standing import lamps
from retkoop.network.access import Access
from retkoop.registers.facts import ItemFacts
from retkoop.registers.services import record_item
from tests.banking.books_at_hand import now, statement
from tests.books.coops import YEAR, a_book, animateur, at, comptable, note, plain, queries_of, said, stranger
from tests.clock import Clock
from tests.pages import errors, links, notices
from tests.year_end.direct.at_hand import GRANT, direct, granted, opened, totalled, unpointed, whole

pytestmark = pytest.mark.django_db

STEPS = ("direct", "direct_opening", "direct_subsidies", "direct_totals", "direct_bank", "direct_cash")


def send(client: Client, book: Book, name: str, typed: Mapping[str, object] | None = None, **parts: object) -> list[str]:
    """Send a form, and return what the page that follows says."""
    data = {"submission": str(uuid.uuid4()), **(typed or {})}
    answer = client.post(at(book, name, **parts), data, follow=True)
    return [plain(one) for one in [*notices(answer), *errors(answer)]]


def test_a_year_from_its_first_page_to_its_crf(client: Client, book: Book, alice: Access) -> None:
    assert at(book, "direct") in links(client.get(at(book, "home")))
    assert send(client, book, "choose_direct") == ["C’est noté : vous ne saisissez que le compte rendu."]
    assert send(client, book, "direct_opening", {"bank": "790", "cash": "10", "bank_account": "512"}) == ["Le départ est noté."]
    typed = {"c61800008": "250", "c75600008": "199,70", "bank": "1 028,20", "cash": "21,5"}
    assert send(client, book, "direct_totals", typed) == ["Les totaux sont notés."]
    grant = {"body": "Mairie", "purpose": "Projet musée", "amount": "300", "day": "1/12", "account": "74100008", "spent": "200"}
    assert send(client, book, "direct_subsidies", grant) == ["La subvention est notée."]
    item = {"direction": "payment", "date": "20/06/2026", "label": "Librairie", "amount": "64,20", "cheque": "2000105"}
    assert send(client, book, "add_unpointed", item) == ["C’est noté : l’année suivante le pointera."]
    line = {"date": "31/08/2026", "account_balance": "1 092,40", "number": "8"}
    assert send(client, book, "direct_bank", line) == ["Le relevé est noté."]
    assert send(client, book, "direct_cash", {"q2000": "1", "q100": "1", "q50": "1"}) == []
    assert [lamp.state.value for lamp in lamps(standing_of(now(book)))] == ["good", "good", "good"]
    assert said(client.get(at(book, "direct_cash"))).startswith("École Jean-Jaurès · 0910000A · 2025-2026")
    assert "Bravo, la caisse est juste : 21,50 €." in said(client.get(at(book, "direct_cash")))


def test_the_steps_say_what_is_done(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    steps = _steps(client, book)
    assert steps == [
        "Ce qu’il y avait au départ",
        "Les subventions s’il y en a",
        "Les totaux de l’année",
        "La banque au 31 août",
        "La caisse au 31 août",
    ]
    whole(alice, book)
    assert _steps(client, book) == [f"Fait : {title.removesuffix(' s’il y en a')}" for title in steps]


def test_a_step_that_comes_before_the_totals_says_what_it_waits_for(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    grant = {"body": "Mairie", "purpose": "Projet musée", "amount": "300", "day": "1/12", "account": "74100008", "spent": "200"}
    assert send(client, book, "direct_subsidies", grant) == ["La subvention est notée."]
    line = {"date": "31/08/2026", "account_balance": "1 092,40", "number": "8"}
    waiting = "Dès que les totaux de l’année sont saisis, Retkoop compare."
    assert send(client, book, "direct_bank", line) == ["Le relevé est noté.", f"Le relevé est noté : 1 092,40 € {waiting}"]
    assert send(client, book, "direct_cash", {"q2000": "1", "q100": "1", "q50": "1"}) == [f"C’est noté : 21,50 € {waiting}"]
    text = said(client.get(at(book, "direct")))
    assert "Le relevé est noté : il se comparera aux totaux." in text
    assert "21,50 € comptés : les totaux diront si c’est juste." in text
    assert [title for title in _steps(client, book) if title.startswith("Fait")] == [
        "Fait : Les subventions",
        "Fait : La banque au 31 août",
        "Fait : La caisse au 31 août",
    ]
    totalled(alice, book, YearTotals(Moves(bank=300_00), (Part("61800008", 150_00),)))
    told = "1 subvention, 300,00 €. Elles auraient payé 200,00 €, mais les totaux n’ont que 150,00 € de dépenses."
    page = client.get(at(book, "direct"))
    assert told in said(page)
    assert re.findall(r'aria-label="(\w+), L[ea]s? (?:subventions|totaux|banque|caisse)', page.content.decode()) == ["Corriger"] * 4


def _steps(client: Client, book: Book) -> list[str]:
    page = client.get(at(book, "direct")).content.decode()
    found = re.findall(r'<li class="step.*?<h2>(.*?)</h2>', page, re.DOTALL)
    return [plain(re.sub("<[^>]*>", "", one)) for one in found[:5]]


def test_each_page_of_a_cahier_leads_to_the_form(client: Client, book: Book, alice: Access) -> None:
    book = whole(alice, book)
    row = Operation.objects.get(summary=True)
    asked = {
        "cahier": ("direct", {}),
        "opening": ("direct_opening", {}),
        "operation": ("direct", {"key": row.pk}),
    }
    for name, (place, parts) in asked.items():
        answer = client.get(at(book, name, **parts))
        assert (answer.status_code, answer.headers["Location"]) == (302, at(book, place))
    assert {at(book, "direct"), at(book, "direct_bank"), at(book, "direct_cash"), at(book, "direct_totals")} <= set(
        links(client.get(at(book, "crf")))
    )


def test_a_year_in_the_cahier_has_no_steps(client: Client, book: Book, alice: Access) -> None:
    for name in STEPS[1:]:
        assert client.get(at(book, name)).headers["Location"] == at(book, "direct")
    assert "Vous pourrez revenir au cahier tant que rien n’est transmis." in said(client.get(at(book, "direct")))
    told = send(client, book, "direct_totals", {"bank": "1", "cash": "0"})
    assert told == ["Cette année se tient dans le cahier : choisissez d’abord de ne saisir que le compte rendu."]
    note(alice, book, "R1", "2025-10-01", "Kermesse", 10_00)
    assert "Il s’y trouve 1 opération." in said(client.get(at(book, "direct")))
    told = send(client, book, "choose_direct")
    assert told[0] == "Des opérations sont déjà notées dans le cahier de cette année : continuez-le, ou supprimez-les d’abord."


def test_one_may_go_back_to_the_cahier(client: Client, book: Book, alice: Access) -> None:
    whole(alice, book)
    assert "Tenir plutôt un cahier" in said(client.get(at(book, "direct")))
    assert send(client, book, "leave_direct")[0] == "C’est noté : cette année se tient de nouveau dans le cahier."
    assert client.get(at(book, "cahier")).status_code == 200


def test_what_cannot_be_is_said_beside_its_field(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    answer = client.post(at(book, "direct_totals"), {"c61800008": "deux cents", "bank": "", "cash": "-1"})
    assert answer.status_code == 422
    assert [plain(one) for one in errors(answer)] == [
        "Ce montant n’est pas un nombre. Écrivez par exemple 12,50.",
        "Indiquez ce qu’il y avait à la banque le 31 août, ou 0 s’il n’y avait rien.",
        "Indiquez un montant sans signe moins.",
    ]
    answer = client.post(at(book, "direct_subsidies"), {})
    assert [plain(one) for one in errors(answer)] == [
        "Dites qui a donné : « Mairie » par exemple.",
        "Dites pour quoi : « Projet musée des CE1 » par exemple.",
        "Indiquez un montant, par exemple 12,50.",
        "Indiquez une date, par exemple 14/11/2025.",
        "Choisissez un compte.",
    ]


def test_the_sums_follow_what_is_typed(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    opened(alice, book)
    granted_row = {"c61800008": "250", "c75600008": "199,70"}
    told = plain(client.get(at(book, "direct_sums"), granted_row).content.decode())
    assert "749,70" in told
    assert "Dites plus bas ce qu’il y avait à la fin" in told
    told = plain(client.get(at(book, "direct_sums"), {**granted_row, "bank": "740", "cash": "9,70"}).content.decode())
    assert "Bravo, tout est expliqué au centime près." in told
    told = plain(client.get(at(book, "direct_sums"), {**granted_row, "bank": "740", "cash": "19,70"}).content.decode())
    assert "Il y a 10,00 € de plus que ce que les comptes expliquent" in told


def test_who_comes_second_keeps_what_they_typed(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    totalled(alice, book)
    typed = {"bank": "5", "cash": "0", "submission": str(uuid.uuid4()), "version": ""}
    answer = client.post(at(book, "direct_totals"), typed)
    assert answer.status_code == 409
    assert "Quelqu’un a changé ces montants entre-temps." in said(answer)
    assert 'name="version" value="1"' in answer.content.decode()
    assert client.post(at(book, "direct_totals"), {**typed, "version": "1"}).status_code == 302


def test_the_statement_is_corrected_where_it_was_noted(client: Client, book: Book, alice: Access) -> None:
    book = whole(alice, book)
    typed = {"date": "31/08/2026", "account_balance": "1 000", "number": "8", "version": "1"}
    assert send(client, book, "direct_bank", typed) == ["Le relevé est corrigé."]
    assert "Le relevé a 92,40 € de moins que ce que vos comptes expliquent." in said(client.get(at(book, "direct_bank")))
    typed["date"] = "31/12/2026"
    assert "hors de l’année scolaire" in " ".join(send(client, book, "direct_bank", {**typed, "version": "2"}))


def test_former_cheques_are_ticked_on_the_statement(client: Client, book: Book, alice: Access) -> None:
    former = a_book(alice, YEAR.previous)
    note(alice, former, "D1", "2025-06-01", "Assurance", -40_00)
    book = direct(alice, book)
    row = statement(alice, book, 0)
    page = client.get(at(book, "direct_bank"))
    assert "1 opération d’un cahier d’avant à pointer" in said(page)
    assert at(book, "statement", key=row.pk) in links(page)


def test_lines_are_corrected_and_taken_back(client: Client, book: Book, alice: Access) -> None:
    book = whole(alice, book)
    row = Operation.objects.get(piece="SUB1")
    page = client.get(at(book, "direct_subsidy", key=row.pk))
    assert "Corriger cette subvention" in said(page)
    grant = {"body": "Département", "purpose": "Musée", "amount": "300", "day": "1/12", "account": "74100008", "version": row.version}
    assert send(client, book, "direct_subsidy", grant, key=row.pk) == ["La subvention est corrigée."]
    assert send(client, book, "remove_direct_subsidy", key=row.pk) == ["La subvention est retirée."]
    assert client.get(at(book, "direct_subsidy", key=row.pk)).status_code == 404
    assert send(client, book, "remove_unpointed", key=CarriedItem.objects.get().pk)[0] == "La ligne est retirée."


def test_whoever_looks_reads_and_writes_nothing(book: Book, alice: Access) -> None:
    book = whole(alice, book)
    reader, helper, other = comptable(), animateur(), stranger()
    for name in STEPS:
        page = reader.get(at(book, name))
        assert (page.status_code, "<main" in page.content.decode(), "Enregistrer" in said(page)) == (200, True, False)
        assert helper.get(at(book, name)).status_code == 200
        assert other.get(at(book, name)).status_code == 404
    assert reader.post(at(book, "direct_totals"), {"bank": "1", "cash": "0"}).status_code == 404


def test_an_alerte_leads_to_its_step(client: Client, book: Book, alice: Access, clock: Clock) -> None:
    book = direct(alice, book)
    opened(alice, book)
    totalled(alice, book)
    page = client.get(at(book, "findings"))
    assert "Le bilan n’est pas équilibré : 300,00 € d’écart entre l’actif et le passif." in said(page)
    assert at(book, "direct_totals") in links(page)


def test_home_tells_that_there_is_no_cahier(client: Client, book: Book, alice: Access) -> None:
    book = direct(alice, book)
    assert "Le compte rendu 2025-2026" in said(client.get(at(book, "home")))
    whole(alice, book)
    page = said(client.get(at(book, "home")))
    assert "Vous ne saisissez que le compte rendu" in page
    assert "Noter une opération" not in page


def test_pages_cost_a_fixed_number_of_queries(client: Client, book: Book, alice: Access) -> None:
    book = whole(alice, book)
    costs = {name: queries_of(client, at(book, name)) for name in STEPS}
    for number in range(5):
        unpointed(alice, book, -1_00 - number)
        granted(alice, book, replace(GRANT, body=f"Fondation {number}", spent=0))
    assert {name: queries_of(client, at(book, name)) for name in STEPS} == costs


class TestWords:
    """No page of a year without cahier speaks of one."""

    def test_the_preparation_speaks_of_the_totals(self, client: Client, book: Book, alice: Access) -> None:
        book = direct(alice, book)
        assert "cahier" not in said(client.get(at(book, "closing")))
        text = said(client.get(at(whole(alice, book), "closing")))
        assert ("Aucune erreur dans les totaux" in text, "La banque et vos totaux disent la même chose." in text) == (True, True)
        assert [name for name in ("closing", "home", "registers", "inventory") if "cahier" in said(client.get(at(book, name)))] == []

    def test_nor_do_the_others_when_all_is_wrong(self, client: Client, book: Book, alice: Access) -> None:
        book = direct(alice, book)
        opened(alice, book)
        granted(alice, book)
        totalled(alice, book, YearTotals(Moves(bank=500_00, cash=10_00), (Part("70700008", 90_00),)))
        statement(alice, book, 12_00)
        home = client.get(at(book, "home"))
        assert [name for name in ("Rapprochement", "Caisse") if f">{name}<" in home.content.decode()] == []
        text = said(client.get(at(book, "findings")))
        assert "Le relevé a 488,00 € de moins que ce que vos totaux expliquent : dites ce que le relevé ne montre pas encore" in text
        assert "aurait payé 200,00 € que vos totaux n’expliquent pas : revoyez ses dépenses." in text
        pages = (
            "home",
            "findings",
            "closing",
            "crf",
            "balance_sheet",
            "journal",
            "documents",
            "missing_vouchers",
            "subsidies",
            "handovers",
        )
        assert [name for name in (*pages, *STEPS[1:]) if "cahier" in said(client.get(at(book, name)))] == []

    def test_each_finding_leads_to_its_step(self, client: Client, book: Book, alice: Access) -> None:
        book = direct(alice, book)
        opened(alice, book)
        granted(alice, book)
        totalled(alice, book, YearTotals(Moves(bank=500_00, cash=10_00)))
        statement(alice, book, 12_00)
        page = links(client.get(at(book, "findings")))
        assert {name for name in STEPS if at(book, name) in page} == {*STEPS} - {"direct_opening"}
        assert [name for name in ("cahier", "reconciliation", "cash", "balance_sheet") if at(book, name) in page] == ["balance_sheet"]

    def test_the_year_that_runs_leads_to_the_compte_rendu(self, client: Client, alice: Access) -> None:
        text = said(client.get(at(direct(alice, a_book(alice, YEAR.next)), "closing")))
        assert ("Ouvrir le compte rendu" in text, "cahier" in text) == (True, False)

    def test_goods_that_were_bought_are_listed_one_by_one(self, client: Client, book: Book, alice: Access) -> None:
        book = direct(alice, book)
        opened(alice, book)
        totalled(alice, book, YearTotals(Moves(bank=500_00, cash=10_00), (Part("68000008", 290_00),)))
        text = said(client.get(at(book, "inventory")))
        assert "Ces achats sont comptés au compte 680 et ne sont pas encore à l’inventaire : ajoutez chaque bien." in text
        facts = ItemFacts("Appareil photo", date(2025, 10, 3), 290_00)
        record_item(access=alice, book=now(book), facts=facts, submission=uuid.uuid4())
        assert "ne sont pas encore à l’inventaire" not in said(client.get(at(book, "inventory")))
