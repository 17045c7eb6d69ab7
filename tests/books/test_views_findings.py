from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.test import Client

from retkoop.banking.services import point_until, record_cash_count, record_statement
from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import (
    FORMER,
    a_book,
    at,
    client_of,
    comptable,
    keeper,
    line,
    note,
    note_all,
    open_with,
    prove,
    queries_of,
    said,
    stranger,
)
from tests.clock import Clock
from tests.pages import links, title

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def unsplit(access: Access, book: Book, count: int) -> None:
    """Note so many operations that lack five euros of their split, each on another day and amount."""
    open_with(access, book, 90_000_00)
    note_all(
        access,
        book,
        (line(f"D{n}", f"2025-11-{n % 20 + 1:02}", f"Entrées au musée {n}", -50_00 - n, 0, ("61800008", 45_00 - n)) for n in range(count)),
    )


def test_strangers_are_told_that_nothing_is_there(book: Book) -> None:
    assert stranger().get(at(book, "findings")).status_code == 404


def test_nobody_sees_it_without_being_logged_in(book: Book) -> None:
    assert Client().get(at(book, "findings")).status_code == 302


def test_findings_stand_by_severity_with_what_it_means_and_where_to_mend(alice: Access, book: Book) -> None:
    a_book(alice, FORMER)
    open_with(alice, book, 1000_00)
    first = note(alice, book, "D1", "2025-11-02", "Entrées au musée", -50_00, 0, ("61800008", 45_00))
    second = note(alice, book, "D2", "2025-09-02", "Divers", -51_00, cheque="1000101")
    prove(alice, book)
    answer = client_of(alice).get(at(book, "findings"))
    assert title(answer) == "À corriger"
    assert said(answer).split("Caisse : à compter ")[1] == (
        "2 erreurs Une erreur fausse les comptes : le CRF ne peut pas partir avec elle. "
        "Erreur : D1 Il manque 5,00 € dans la ventilation de la pièce D1. Compléter la ventilation Demander de l’aide : D1 "
        "Erreur : Le bilan n’est pas équilibré : 5,00 € d’écart entre l’actif et le passif. Voir le bilan "
        "Demander de l’aide : Le bilan n’est pas équilibré : 5,00 € d’écart entre l’actif et le passif. "
        "1 alerte Une alerte dit qu’une règle n’est pas suivie : corrigez, ou gardez de quoi l’expliquer. "
        "Alerte : D2 Le chèque n° 1000101 du 2 septembre 2025 (51,00 €) n’est sur aucun relevé depuis 60 jours : "
        "relancez son bénéficiaire. Voir l’opération Demander de l’aide : D2 "
        "1 conseil Un conseil n’oblige à rien : il rend les comptes plus clairs pour qui les relira. "
        "Conseil : D2 Le libellé « Divers » est trop vague : dites ce que c’était, pour qui ou pour quoi. Préciser le libellé "
        "Demander de l’aide : D2 "
        "Ce qui est juste Bravo : Bravo, chaque opération a son justificatif."
    )
    of_first, of_second = (at(book, "operation", key=row.pk) for row in (first, second))
    mended_at = [f"{of_first}#id_parts-0-account", at(book, "balance_sheet"), of_second, f"{of_second}#id_label"]
    assert [link for link in links(answer) if "?adresse=" not in link][-4:] == mended_at


def test_readers_are_asked_to_mend_nothing(alice: Access, book: Book) -> None:
    note(alice, book, "R1", "2025-11-02", "Divers", 50_00)
    answer = comptable().get(at(book, "findings"))
    assert said(answer).endswith(
        "trop vague : dites ce que c’était, pour qui ou pour quoi. Voir Ce qui est juste Bravo : Bravo, le bilan est équilibré."
    )


def test_good_news_is_told(alice: Access, book: Book) -> None:
    open_with(alice, a_book(alice, FORMER), 1000_00, 20_00)
    open_with(alice, book, 1000_00, 20_00)
    note(alice, book, "R1", "2025-11-02", "Kermesse", 100_00)
    note(alice, book, "R2", "2025-11-03", "Loto", 0, 20_00)
    prove(alice, book)
    statement = record_statement(
        access=alice, book=book, number="", day=date(2025, 11, 20), account_balance=1100_00, submission=uuid.uuid4()
    )
    point_until(access=alice, statement=statement, day=date(2025, 11, 20))
    record_cash_count(access=alice, book=book, day=date(2025, 11, 20), quantities={20_00: 2}, submission=uuid.uuid4())
    words = said(client_of(alice).get(at(book, "findings")))
    assert words.split("Caisse juste ")[1] == (
        "Rien à corriger Retkoop relit tout le cahier à chaque saisie : si quelque chose ne va pas, vous le verrez ici. "
        "Ce qui est juste "
        "Bravo : Bravo, la caisse n’est jamais négative. "
        "Bravo : Bravo, le rapprochement bancaire est juste. "
        "Bravo : Bravo, la caisse est juste. "
        "Bravo : Bravo, le bilan est équilibré. "
        "Bravo : Bravo, le report à nouveau reprend l’avoir de l’année précédente. "
        "Bravo : Bravo, chaque opération a son justificatif."
    )


def test_nothing_at_all_is_no_good_news(clock: Clock) -> None:
    clock.set(2025, 9, 3, 9)
    alice = keeper()
    words = said(client_of(alice).get(at(a_book(alice), "findings")))
    assert "Rien à corriger" in words
    assert "Ce qui est juste" not in words


class TestPages:
    def shown(self, client: Client, book: Book, page: str) -> tuple[int, bool]:
        """Return how many errors a page shows, and whether it tells good news."""
        words = said(client.get(at(book, "findings"), {"page": page}))
        return words.count("Erreur : "), "Ce qui est juste" in words

    def test_a_hundred_stand_on_a_page(self, alice: Access, book: Book) -> None:
        unsplit(alice, book, 103)  # and the bilan that does not balance
        record_cash_count(access=alice, book=book, day=date(2025, 11, 20), quantities={}, submission=uuid.uuid4())
        client = client_of(alice)
        assert [self.shown(client, book, page) for page in ("1", "2", "3", "mars")] == [(100, True), (4, False), (4, False), (100, True)]
        assert "104 erreurs" in said(client.get(at(book, "findings"), {"page": "2"}))
        seen = [said(client.get(at(book, "findings"), {"page": page})) for page in ("1", "2")]
        assert sorted(n for n in range(103) for words in seen if f"Erreur : D{n} " in words) == list(range(103))

    def test_it_costs_the_same_at_any_size(self, alice: Access, book: Book) -> None:
        former = a_book(alice, FORMER)
        unsplit(alice, former, 101)
        unsplit(alice, book, 250)
        client = client_of(alice)
        address = at(book, "findings")
        assert queries_of(client, at(former, "findings")) <= queries_of(client, address) <= 12
        assert queries_of(client, f"{address}?page=2") == queries_of(client, f"{address}?page=3") <= 12
        assert len(client.get(address).content) < 100_000
