"""What the checks are shown of the registers, what it costs, and how the trail tells of them."""

from __future__ import annotations

from pytest_django import DjangoAssertNumQueries

from retkoop.books.models import Book, Operation
from retkoop.books.queries import registers_of
from retkoop.domain.registers import Registers
from retkoop.network.access import Access
from retkoop.registers.services import edit_item, tell_spendings
from tests.books.coops import at, client_of, note, said
from tests.registers.registers_at_hand import camera, decided, listed, tabled


def test_a_book_without_goods_nor_subsidies_shows_nothing(alice: Access, book: Book, outing: Operation) -> None:
    assert registers_of(book) == Registers()


def test_it_is_shown_in_two_queries_whatever_it_holds(
    alice: Access, book: Book, purchase: Operation, grant: Operation, outing: Operation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listed(alice, book, purchase)
    line = tabled(alice, book, grant)
    tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 50_00, purchase.pk: 20_00})
    registers_of(book)
    with django_assert_num_queries(2):
        registers_of(book)


def test_a_refund_lessens_the_purchase_of_its_own_operation_alone(alice: Access, book: Book) -> None:
    note(alice, book, "D7", "2026-01-05", "Jeux, moins un avoir", -80_00, 0, ("68000008", 100_00), ("68000008", -20_00))
    note(alice, book, "R7", "2026-01-06", "Avoir", 30_00, 0, ("68000008", -30_00))
    assert [(one.piece, one.amount, one.missing) for one in registers_of(book).purchases] == [("D7", 80_00, 80_00), ("R7", -30_00, 0)]


def test_parts_on_both_accounts_are_one_subsidy(alice: Access, book: Book) -> None:
    note(alice, book, "R7", "2026-01-05", "Subventions", 100_00, 0, ("74100008", 60_00), ("74800008", 40_00))
    assert [(one.piece, one.received) for one in registers_of(book).grants] == [("R7", 100_00)]


def test_the_history_tells_of_them(alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    item = listed(alice, book)
    edit_item(access=alice, book=book, key=item.pk, version=1, facts=camera(place="Grenier"))
    line = tabled(alice, book, grant)
    tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 50_00})
    decided(alice, book, projects=("Musée",), operations=(outing.pk,))
    words = said(client_of(alice).get(at(book, "history")))
    assert "Délibération notée Conseil de coopérative 07/11/2025 Présents Les délégués Décisions On achète un appareil photo." in words
    assert "Opérations 1 opération Projets Musée" in words
    assert "Dépenses d’une subvention Mairie Projet musée Dépensé 50,00 € en 1 opération" in words
    assert "Subvention portée au tableau Mairie Projet musée Montant 300,00 €" in words
    assert "Bien modifié Appareil photo Où il est avant : Armoire bleue → après : Grenier" in words
    assert "Bien porté à l’inventaire Appareil photo Acheté le 03/10/2025 Valeur 289,00 € Où il est Armoire bleue" in words
