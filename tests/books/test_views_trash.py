from __future__ import annotations

import pytest
from django.test import Client

from retkoop.books.models import Book, Operation
from retkoop.books.services import delete_operation, restore_operation
from retkoop.network.access import Access
from tests.books.coops import FORMER, a_book, at, comptable, line, note, note_all, open_with, plain, queries_of, said
from tests.clock import Clock
from tests.pages import Answer, links, notices, title
from tests.swap import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def deleted(access: Access, book: Book, piece: str, label: str = "Entrées au musée", bank: int = -184_50) -> Operation:
    row = note(access, book, piece, "2025-11-14", label, bank)
    delete_operation(access=access, book=book, key=row.pk, version=row.version)
    return row


def listed(answer: Answer) -> list[str]:
    """Return the pièces of the corbeille, in its order."""
    return [plain(node.text) for node in read(answer.content.decode()).walk() if node.attributes.get("class") == "piece"]


def test_an_empty_one_says_what_it_is_for(client: Client, book: Book) -> None:
    answer = client.get(at(book, "trash"))
    assert title(answer) == "Corbeille du cahier"
    assert said(answer).endswith(
        "La corbeille est vide Une opération supprimée attend ici qu’on la rétablisse. Rien ne se perd. Retour au cahier"
    )


def test_it_says_what_was_deleted_by_whom_and_when(alice: Access, client: Client, book: Book, clock: Clock) -> None:
    deleted(alice, book, "D1")
    clock.advance(hours=1)
    deleted(alice, book, "R1", "Kermesse & loto", 400_00)
    answer = client.get(at(book, "trash"))
    assert said(answer).split("Rétablir R1", 1)[1] == (
        " 14/11 Kermesse & lotoRecette · supprimée par École Jean-Jaurès le 24 novembre 2025 à 10 h 00 400,00 Rétablir "
        "D1 14/11 Entrées au muséeDépense · supprimée par École Jean-Jaurès le 24 novembre 2025 à 9 h 00 184,50 Rétablir"
    )
    note(alice, book, "D2", "2025-11-14", "Cahiers", -12_50)
    assert at(book, "trash") in links(client.get(at(book, "cahier")))


def test_what_was_brought_back_is_no_longer_there(alice: Access, client: Client, book: Book) -> None:
    row = deleted(alice, book, "D1")
    answer = client.post(at(book, "restore_operation", key=row.pk), follow=True)
    assert answer.redirect_chain == [(f"{at(book, 'cahier')}#op-{row.pk}", 302)]
    assert [plain(told) for told in notices(answer)] == ["Rétablie : Dépense D1, 184,50 €."]
    assert listed(client.get(at(book, "trash"))) == []
    current = Operation.objects.get(pk=row.pk)
    delete_operation(access=alice, book=book, key=row.pk, version=current.version)
    assert listed(client.get(at(book, "trash"))) == ["D1"]


def test_each_year_has_its_own(alice: Access, client: Client, book: Book) -> None:
    row = deleted(alice, a_book(alice, FORMER), "D9")
    assert listed(client.get(at(book, "trash"))) == []
    answer = client.post(at(book, "restore_operation", key=row.pk), follow=True)
    assert [plain(told) for told in notices(answer)] == ["Cette opération ne peut plus être rétablie."]
    assert Operation.objects.count() == 0


def test_an_opening_does_not_come_back_over_another(alice: Access, client: Client, book: Book) -> None:
    row = open_with(alice, book, 100_00)
    delete_operation(access=alice, book=book, key=row.pk, version=row.version)
    open_with(alice, book, 200_00)
    answer = client.post(at(book, "restore_operation", key=row.pk), follow=True)
    assert title(answer) == "Corbeille du cahier"
    assert [plain(told) for told in notices(answer)] == ["Un autre report à nouveau a été saisi depuis."]


def test_readers_bring_nothing_back(alice: Access, book: Book) -> None:
    deleted(alice, book, "D1")
    answer = comptable().get(at(book, "trash"))
    assert listed(answer) == ["D1"]
    assert [node for node in read(answer.content.decode()).walk() if "retablir" in (node.attributes.get("action") or "")] == []


def test_fifty_stand_on_a_page(alice: Access, client: Client, book: Book) -> None:
    note_all(alice, book, (line(f"D{number}", "2025-11-14", "Entrées au musée", -184_50) for number in range(52)))
    for row in Operation.objects.filter(book=book).order_by("pk"):
        delete_operation(access=alice, book=book, key=row.pk, version=row.version)
    pages = [listed(client.get(at(book, "trash"), {"page": page})) for page in ("1", "2", "mars")]
    assert pages[0] + pages[1] == [f"D{number}" for number in reversed(range(52))]
    assert pages[2] == pages[0]
    assert queries_of(client, at(book, "trash")) == queries_of(client, f"{at(book, 'trash')}?page=2") <= 12


def test_an_operation_that_stays_is_not_in_it(alice: Access, client: Client, book: Book) -> None:
    row = deleted(alice, book, "D1")
    restore_operation(access=alice, book=book, key=row.pk)
    note(alice, book, "D2", "2025-11-14", "Cahiers", -12_50)
    assert listed(client.get(at(book, "trash"))) == []
