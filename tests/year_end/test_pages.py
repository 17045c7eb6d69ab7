"""The pages of the year's end, as people and screen readers get them."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.banking.books_at_hand import LAST_YEAR, YEAR, add, now, open_year, opening, payment, receipt
from tests.banking.books_at_hand import operation as row_of
from tests.books.coops import at, client_of, comptable, keeper, note, said, stranger
from tests.cast import CHARLIE
from tests.pages import links, title

PAGES = ("balance_sheet", "trial_balance", "general_ledger", "journal", "crf")


@pytest.fixture(autouse=True)
def _september(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 9, 20))


@pytest.fixture
def empty(alice: Access) -> Book:
    return open_year(alice, YEAR)


def test_a_balanced_bilan(client: Client, book: Book) -> None:
    answer = client.get(at(book, "balance_sheet"))
    text = said(answer)
    assert (answer.status_code, title(answer)) == (200, "Bilan")
    assert (
        "Bravo, le bilan est équilibré L’année a commencé avec 837,40 €. "
        "La coopérative a reçu 826,50 € et dépensé 614,20 € : elle possède 1 049,70 €."
    ) in text
    for part in (
        "Produits ce que la coopérative a reçu Poste 2025-2026",
        "741 Subventions de l’État et des collectivités 300,00",
        "Charges ce qu’elle a dépensé",
        "618 Charges des activités éducatives 464,70",
        "Total 614,20",
        "Excédent de l’année : 212,30 €",
        "512 Banque 1 028,20",
        "Report à nouveau 837,40",
        "Total 1 049,70",
    ):
        assert part in text
    assert "2024-2025" not in text
    assert f"{at(book, 'general_ledger')}?compte=618" in links(answer)


def test_the_bilan_bears_the_day_while_the_year_runs(client: Client, alice: Access, book: Book) -> None:
    assert " au 31 août 2026 " in said(client.get(at(book, "balance_sheet")))
    running = open_year(alice, YEAR.next)
    add(alice, running, [receipt("R01", date(2026, 9, 5), 3_00)])
    assert " à ce jour, 20 septembre 2026 " in said(client.get(at(running, "balance_sheet")))


def test_last_year_beside(client: Client, alice: Access) -> None:
    last, book = open_year(alice, LAST_YEAR), open_year(alice, YEAR)
    add(alice, last, [opening(LAST_YEAR, 100_00), payment("D1", date(2024, 10, 1), 30_00)])
    add(alice, book, [opening(YEAR, 50_00), receipt("R1", date(2025, 10, 1), 20_00)])
    answer = client.get(at(book, "balance_sheet"))
    text = said(answer)
    assert "Poste 2025-2026 2024-2025" in text
    assert "618 Charges des activités éducatives 0,00 30,00 Total 0,00 30,00" in text
    assert "Excédent de l’année : 20,00 € En 2024-2025 : un déficit de 30,00 €" in text
    assert "Le report à nouveau est de 50,00 €, mais l’année 2024-2025 s’est terminée avec 70,00 €. Corriger le report à nouveau" in text
    assert at(book, "opening") in links(answer)


def test_a_bilan_that_is_not_balanced(client: Client, alice: Access, empty: Book) -> None:
    note(alice, empty, "D1", "2025-10-02", "Livres", -30_00, 0, ("61800008", 20_00))
    answer = client.get(at(empty, "balance_sheet"))
    text = said(answer)
    assert (
        "Le bilan a un écart de 10,00 € Une opération n’est pas entièrement ventilée : une partie de la somme n’a pas encore de compte. "
        "Erreur : D1 Il manque 10,00 € dans la ventilation de la pièce D1."
    ) in text
    assert "Déficit de l’année : 20,00 €" in text
    assert "Le bilan n’est pas équilibré" not in text
    assert f"{at(empty, 'operation', key=row_of(empty, 'D1').pk)}#id_parts-0-account" in links(answer)


def test_the_trial_balance(client: Client, book: Book) -> None:
    answer = client.get(at(book, "trial_balance"))
    text = said(answer)
    assert title(answer) == "Balance des comptes"
    assert (
        "Tous les comptes qui ont bougé. Les débits et les crédits ont toujours le même total : c’est la preuve de la partie double."
        in text
    )
    assert " ".join(text.split("Solde créditeur ", 1)[1].split()) == (
        "110 Report à nouveau (solde créditeur) 837,40 837,40 512 Banque 1 703,70 675,50 1 028,20 530 Caisse 121,50 100,00 21,50 "
        "54 Régies d’avance 120,00 120,00 61681008 Assurances versées 16,25 16,25 "
        "61800008 Charges des activités éducatives 489,70 25,00 464,70 62810008 Cotisations versées à l’OCCE 133,25 133,25 "
        "74100008 Subventions de l’État et des collectivités 300,00 300,00 75600008 Participations volontaires des familles 526,50 526,50 "
        "Totaux 2 584,40 2 584,40 1 663,90 1 663,90"
    )
    assert f"{at(book, 'general_ledger')}?compte=61800008" in links(answer)


def test_the_general_ledger_opens_on_the_bank(client: Client, book: Book) -> None:
    answer = client.get(at(book, "general_ledger"))
    text = said(answer)
    assert title(answer) == "Grand livre, compte 512"
    assert "512 Banque Débits 1 703,70 · Crédits 675,50 · Solde 1 028,20 D" in text
    assert "01/09 RAN Report à nouveau 812,40 812,40 D 15/09 R01 Participations volontaires, chèques 430,00 1 242,40 D" in text
    assert "02/07 D05 Livres pour la bibliothèque 64,20 1 028,20 D" in text
    assert at(book, "operation", key=row_of(book, "D05").pk) in links(answer)


def test_the_general_ledger_of_another_account(client: Client, book: Book) -> None:
    text = said(client.get(at(book, "general_ledger"), {"compte": "756"}))
    assert "756 Participations volontaires des familles Débits 0,00 · Crédits 526,50 · Solde 526,50 C" in text


def test_the_general_ledger_page_after_page(client: Client, alice: Access, empty: Book) -> None:
    add(alice, empty, [receipt(f"R{number:03d}", date(2026, 1, 5), 1_00) for number in range(230)])
    first, second, last = (said(client.get(at(empty, "general_ledger"), {"compte": "512", "page": number})) for number in (1, 2, 3))
    assert "À reporter : 100,00 D" in first
    assert "Report de la page 1 100,00 D" in second
    assert ("Report de la page 2 200,00 D" in last, "À reporter" in last) == (True, False)
    assert "R229 Recette R229 1,00 230,00 D" in last
    assert "?compte=512&page=2" in links(client.get(at(empty, "general_ledger")))


@pytest.mark.parametrize("asked", ["999", "607", "../"])
def test_an_account_that_is_not_there(client: Client, book: Book, asked: str) -> None:
    assert client.get(f"{at(book, 'general_ledger')}?compte={quote(asked)}").status_code == 404


def test_the_journal(client: Client, book: Book) -> None:
    answer = client.get(at(book, "journal"))
    text = said(answer)
    assert title(answer) == "Journal"
    assert "Chaque opération en partie double : ce qui entre quelque part sort d’ailleurs. Total de l’année : 2 584,40 €." in text
    assert "02/10 D01 Adhésion OCCE et assurance 512 Banque 149,50 62810008 Cotisations versées à l’OCCE 133,25 " in text
    assert at(book, "operation", key=row_of(book, "D01").pk) in links(answer)


def test_a_date_outside_the_year_bears_its_year(client: Client, alice: Access, empty: Book) -> None:
    add(alice, empty, [payment("D1", date(2026, 10, 2), 5_00)])
    assert "02/10/2026 D1 Dépense D1" in said(client.get(at(empty, "journal")))
    assert "02/10/2026 D1 Dépense D1" in said(client.get(at(empty, "general_ledger")))


def test_what_the_crf_will_say(client: Client, finished: Book) -> None:
    answer = client.get(at(finished, "crf"))
    text = said(answer)
    assert title(answer) == "Compte rendu financier"
    for part in (
        "2025-2026 Projet Le document se lit dès maintenant, même incomplet",
        "Aucun mandataire n’est désigné pour cette année : votre association départementale s’en occupe. · OCCE 91 · Essonne",
        "Charges 616 Assurances versées 16,25",
        "Bilan, actif Banque 1 028,20 Caisse 21,50 Régies d’avance encore ouvertes 0,00 Total 1 049,70",
        "Bilan, passif Report à nouveau 837,40 Résultat de l’année 212,30 Total 1 049,70",
        "Rapprochement bancaire Relevé du 31 août 2026 1 092,40 1 opération non pointée − 64,20 Solde comptable 1 028,20 Écart 0,00",
        "Arrêté de caisse Compté le 31 août 2026 21,50 Solde comptable ce jour-là 21,50 Écart 0,00",
        "02/07/2026 D05 Livres pour la bibliothèque chèque 2000104 − 64,20",
        "20/01/2026 Subvention, projet musée Mairie 300,00",
        "Tout voir (2) Alerte : D05 Le chèque n° 2000104",
    ):
        assert part in text
    assert {at(finished, "crf_pdf"), at(finished, "reconciliation_report"), at(finished, "findings")} <= set(links(answer))


def test_what_remains_to_be_done(client: Client, book: Book) -> None:
    text = said(client.get(at(book, "crf")))
    assert "Le document se lit dès maintenant, même incomplet : il porte la mention « Projet » tant qu’il n’est pas envoyé." in text
    assert "Ce qu’il reste à faire avant de l’envoyer" in text
    assert "Solde du relevé à donner" in text
    assert "Espèces comptées à donner Solde comptable 21,50 Écart à donner" in text


def test_long_lists_say_where_they_go_on(client: Client, alice: Access, empty: Book) -> None:
    for number in range(21):
        note(
            alice, empty, f"R{number}", f"2026-01-{number + 1:02d}", f"Subvention {number}", 50_00 + number, 0, ("74100008", 50_00 + number)
        )
    text = said(client.get(at(empty, "crf")))
    assert "Les autres sont dans l’état de rapprochement." in text
    assert "Les autres sont dans le tableau des subventions." in text
    assert text.count("Subvention 19") == 2
    assert "Subvention 20" not in text.split("Contrôles")[0]


def test_the_crf_on_paper(client: Client, finished: Book) -> None:
    answer = client.get(at(finished, "crf_pdf"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="CRF-0910000A-2025-2026.pdf"'
    assert answer.content.startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("balance_sheet", "Rien n’est encore noté Le bilan se dessine tout seul, dès la première opération. Ouvrir le cahier"),
        ("trial_balance", "Aucun compte n’a bougé La balance des comptes se remplit toute seule. Ouvrir le cahier"),
        ("general_ledger", "Aucun compte n’a bougé Le grand livre suit chaque compte, ligne par ligne. Ouvrir le cahier"),
        ("journal", "Le journal est vide Il se remplit tout seul. Ouvrir le cahier"),
        ("crf", "Aucune subvention n’est notée."),
        ("crf", "Charges Rien de noté Total 0,00 Produits Rien de noté Total 0,00"),
    ],
)
def test_an_empty_book_says_what_to_do(client: Client, empty: Book, name: str, sentence: str) -> None:
    assert sentence in said(client.get(at(empty, name)))


def test_good_news_where_nothing_is_to_be_mended(client: Client, alice: Access) -> None:
    last = open_year(alice, LAST_YEAR)
    add(alice, last, [opening(LAST_YEAR, 100_00)])
    assert "Bravo : Les contrôles ne trouvent rien à corriger." in said(client.get(at(now(last), "crf")))


@pytest.mark.parametrize("name", PAGES)
def test_tabs_lead_from_one_to_the_other(client: Client, book: Book, name: str) -> None:
    found = links(client.get(at(book, name)))
    assert {at(book, "balance_sheet"), at(book, "crf")} <= set(found)
    if name != "crf":
        assert {at(book, one) for one in PAGES} <= set(found)


@pytest.mark.parametrize("name", [*PAGES, "crf_pdf"])
def test_who_reads(client: Client, book: Book, name: str) -> None:
    assert [one.get(at(book, name)).status_code for one in (client, comptable(), stranger(), Client())] == [200, 200, 404, 302]


@pytest.mark.parametrize("name", [*PAGES, "crf_pdf"])
def test_a_year_that_is_not_open_and_a_method_that_is_not(client: Client, book: Book, name: str) -> None:
    address = at(book, name)
    assert client.get(address.replace("2025-2026", "2031-2032")).status_code == 404
    assert client.get(address.replace("2025-2026", "2025-2027")).status_code == 404
    assert client.post(address).status_code == 405


def test_readers_look_and_do_not_mend(book: Book) -> None:
    text = said(comptable().get(at(book, "crf")))
    assert "Voir l’opération" not in text
    assert "Recopiez son solde" not in text


def test_two_coops_do_not_mix(client: Client, book: Book) -> None:
    charlie = keeper(CHARLIE)
    other = open_year(charlie, YEAR)
    add(charlie, other, [receipt("R1", date(2026, 1, 5), 77_77)])
    for name in PAGES:
        assert "77,77" not in said(client.get(at(book, name)))
    assert "77,77" in said(client_of(charlie).get(at(other, "journal")))
