"""A year that is sent, closed by the AD or accepted is written no more, whatever the verb of whatever room."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from retkoop.audit.models import Chain
from retkoop.banking import services as banking
from retkoop.banking.models import CashCountRecord
from retkoop.books import opening, vouchers
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.services import delete_operation
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState
from retkoop.domain.dates import format_date
from retkoop.network.access import Access, AssociationAccess
from retkoop.network.models import RoleKind
from retkoop.registers import services as registers
from retkoop.registers.models import Deliberation, InventoryItem, Subsidy
from retkoop.year_end.closing import services as closing
from retkoop.year_end.closing.queries import entry_refusal
from retkoop.year_end.models import EntryRule
from tests.archive.sent import picture_bytes, receive
from tests.banking.books_at_hand import carry, count, musee, now, statement
from tests.books.coops import a_book, at, keeper, note, plain
from tests.books.test_sealed import SEALED, Verbs, of_the_bank, of_the_cahier, of_the_evidence
from tests.cast import association, logged_in
from tests.pages import notices, posts
from tests.registers.registers_at_hand import camera, council, decided, listed, museum, table_subsidies
from tests.year_end.closing.at_hand import AFTER, reviewing
from tests.year_end.verifiers.at_hand import in_state

pytestmark = pytest.mark.django_db

SENT = "Les comptes de 2025-2026 sont transmis à l’association départementale : rien n’y change en attendant sa réponse."
CLOSED = "L’association départementale a fermé la saisie de 2025-2026. Elle arrête ses comptes."


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    """A year with one of everything."""
    book = musee(alice)
    first = Operation.objects.filter(book=book, opening=False).order_by("pk")[0]
    receive(alice, book, operation=first.pk)
    receive(alice, book, picture_bytes())
    delete_operation(access=alice, book=book, key=note(alice, book, "D90", "2026-03-02", "Livres", -5_00).pk, version=1)
    item = carry(alice, book, "Chèque de juin", date(2025, 6, 3), -12_00)
    banking.point(access=alice, statement=statement(alice, book, 1092_40, number="8"), items=[item.pk])
    count(alice, book, date(2026, 8, 31), {20_00: 1, 1_00: 1, 50: 1})
    table_subsidies(alice, book)
    listed(alice, book)
    decided(alice, book)
    return now(book)


def sent(alice: Access, book: Book) -> str:
    in_state(book, ClosingState.SENT)
    return SENT


def closed_by_the_ad(alice: Access, book: Book) -> str:
    access = reviewing(alice, book).access
    closing.rule_entry(access=access, coop=None, start=book.start, blocked=True, until=None, reason="Elle arrête ses comptes.")
    return CLOSED


def accepted(alice: Access, book: Book) -> str:
    in_state(book, ClosingState.SENT)
    closing.accept(reviewing=reviewing(alice, book))
    return SEALED


def of_the_registers(alice: Access, book: Book) -> Verbs:
    good, line, minutes = InventoryItem.objects.get(), Subsidy.objects.get(book=book), Deliberation.objects.get()
    mine: Any = {"access": alice, "book": book}
    held: Any = {**mine, "version": 1}
    return {
        "good": partial(registers.record_item, **mine, facts=camera(), submission=uuid.uuid4()),
        "edit good": partial(registers.edit_item, **held, key=good.pk, facts=camera(value=1_00)),
        "remove good": partial(registers.remove_item, **mine, key=good.pk),
        "restore good": partial(registers.restore_item, **mine, key=good.pk),
        "subsidy": partial(registers.record_subsidy, **mine, operation=line.operation_id, facts=museum(), submission=uuid.uuid4()),
        "edit subsidy": partial(registers.edit_subsidy, **held, key=line.pk, facts=museum(body="Ville")),
        "spendings": partial(registers.tell_spendings, **held, key=line.pk, spendings={}),
        "remove subsidy": partial(registers.remove_subsidy, **mine, key=line.pk),
        "restore subsidy": partial(registers.restore_subsidy, **mine, key=line.pk),
        "deliberation": partial(registers.record_deliberation, **mine, facts=council(), submission=uuid.uuid4()),
        "edit deliberation": partial(registers.edit_deliberation, **held, key=minutes.pk, facts=council(decisions="Non.")),
        "remove deliberation": partial(registers.remove_deliberation, **mine, key=minutes.pk),
        "restore deliberation": partial(registers.restore_deliberation, **mine, key=minutes.pk),
    }


def of_the_year_end(alice: Access, book: Book) -> Verbs:
    mine: Any = {"access": alice, "book": book}
    item = CarriedItem.objects.get(book=book)
    a_count = CashCountRecord.objects.get(book=book)
    return {
        "sign": partial(closing.call_to_sign, **mine, today=AFTER),
        "send": partial(closing.send, **mine, today=AFTER),
        "explain": partial(closing.explain, **mine, code="cheque-saute", operation=0, message="Un chèque manque.", text="Annulé."),
        "answer": partial(closing.answer_remark, **mine, key=1, text="C’est fait."),
        "remove item": partial(opening.remove_carried_item, **mine, key=item.pk),
        "restore item": partial(opening.restore_carried_item, **mine, key=item.pk),
        "untick item": partial(banking.unpoint, access=alice, items=[item.pk]),
        "restore count": partial(banking.restore_cash_count, **mine, key=a_count.pk),
        "take back papers": partial(vouchers.take_back_papers, **mine, papers=vouchers.Papers(1, 1)),
        "receive": partial(receive, alice, book, picture_bytes("green")),
    }


@pytest.mark.parametrize("closes", [sent, closed_by_the_ad, accepted])
def test_no_verb_of_any_room_writes(alice: Access, book: Book, closes: Callable[[Access, Book], str]) -> None:
    expected = closes(alice, book)
    heads = list(Chain.objects.values_list("pk", "sequence", "head"))
    verbs: Verbs = {}
    for room in (of_the_cahier, of_the_evidence, of_the_bank, of_the_registers, of_the_year_end):
        verbs |= room(alice, book)
    said = {}
    for name, verb in verbs.items():
        try:
            verb()
        except Refused as refusal:
            said[name] = plain(str(refusal))
    assert {name: said.get(name) for name in verbs if said.get(name) != plain(expected)} == {}
    assert list(Chain.objects.values_list("pk", "sequence", "head")) == heads


def test_what_the_next_year_ticked_is_unticked_in_the_next_year(alice: Access, book: Book) -> None:
    """The year that is sent has not ticked it, and does not change by that."""
    later = a_book(alice, book.year.next)
    operation = Operation.objects.get(book=book, piece="D05")
    statement_of_september = statement(alice, later, 1028_20, date(2026, 9, 30))
    banking.point(access=alice, statement=statement_of_september, operations=[operation.pk])
    in_state(book, ClosingState.SENT)
    banking.unpoint(access=alice, operations=[operation.pk])
    operation.refresh_from_db()
    assert operation.pointed_year is None


def test_entry_is_closed_until_its_day_comprised(alice: Access, book: Book) -> None:
    access, today = reviewing(alice, book).access, timezone.localdate()
    given: Any = {"access": access, "start": book.start, "blocked": True}
    closing.rule_entry(**given, coop=alice.coop, until=today - timedelta(1))
    assert entry_refusal(book) is None
    closing.rule_entry(**given, coop=None, until=today)
    assert plain(str(entry_refusal(book))) == (
        f"L’association départementale a fermé la saisie de 2025-2026 jusqu’au {format_date(today)}."
    )


def test_what_is_said_of_a_coop_goes_before_what_is_said_of_all(alice: Access, book: Book) -> None:
    access = reviewing(alice, book).access
    given: Any = {"access": access, "start": book.start, "until": None}
    closing.rule_entry(**given, coop=alice.coop, blocked=False)
    closing.rule_entry(**given, coop=None, blocked=True)
    assert entry_refusal(book) is None
    closing.rule_entry(**given, coop=alice.coop, blocked=True)
    closing.rule_entry(**given, coop=None, blocked=False)
    assert entry_refusal(book) == "L’association départementale a fermé la saisie de 2025-2026."


def test_only_who_decides_closes_entry_and_only_for_their_coops(alice: Access, book: Book) -> None:
    who = reviewing(alice, book).access
    helper = AssociationAccess(who.user, RoleKind.ANIMATEUR, who.association)
    elsewhere = AssociationAccess(who.user, who.role, association("92"))
    for access in (helper, elsewhere):
        with pytest.raises(Refused) as refusal:
            closing.rule_entry(access=access, coop=alice.coop, start=book.start, blocked=True, until=None)
        assert str(refusal.value) == (
            "Seuls le comptable et les administrateurs de l’association départementale ferment ou rouvrent la saisie."
        )
    assert EntryRule.objects.count() == 0


@pytest.mark.parametrize("closes", [sent, closed_by_the_ad, accepted])
def test_its_pages_say_so_and_offer_nothing_to_write(alice: Access, book: Book, closes: Callable[[Access, Book], str]) -> None:
    expected = closes(alice, book)
    client = logged_in(alice.user)
    homes = {"new_item": "inventory", "new_deliberation": "deliberations", "new_subsidy": "subsidies", "phone_invite": "documents"}
    for name, home in homes.items():
        answer = client.get(at(book, name))
        assert answer["Location"] == at(book, home)
        assert [plain(said) for said in notices(client.get(answer["Location"]))] == [plain(expected)]
    pages = [client.get(at(book, name)) for name in ("cahier", "documents", "opening", "cash", "inventory", "subsidies")]
    assert {action for page in pages for action in posts(page)} == {"/deconnexion/"}
