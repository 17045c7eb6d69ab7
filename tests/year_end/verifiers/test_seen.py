"""What one signs is what one has seen; and what changes afterwards, the inventory too, makes a signature void."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, erase_content
from retkoop.books.models import Book, Operation
from retkoop.books.services import edit_operation
from retkoop.books.values import operation_value, with_lines
from retkoop.books.writable import Refused
from retkoop.books.years import open_year
from retkoop.domain.closing import ClosingState
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.registers.models import Disposal, InventoryItem
from retkoop.registers.services import edit_item, record_item, remove_item
from retkoop.year_end.models import Signature, SigningWay
from retkoop.year_end.verifiers.codes import draft_of, new_code
from retkoop.year_end.verifiers.queries import valid_signatures
from retkoop.year_end.verifiers.signing import (
    CHANGED,
    digest_of,
    place_of,
    seen_of,
    send_code,
    sign_as_mandataire,
    sign_as_teacher,
    sign_as_verifier,
)
from retkoop.year_end.verifiers.tokens import teachers_token, token_of
from tests.books.coops import at, plain
from tests.clock import Clock
from tests.pages import controls, errors
from tests.registers.registers_at_hand import camera, listed
from tests.year_end.verifiers.at_hand import answered, in_state, invited, mandate, signed

pytestmark = pytest.mark.django_db


def reworded(access: Access, book: Book) -> None:
    """Give D03 another label and another third party, without its voucher: no figure of the CRF moves."""
    row = with_lines(Operation.objects.filter(book=book, piece="D03")).get()
    value = replace(operation_value(row), label="Tout autre chose", tiers="Mon cousin", proven=False)
    edit_operation(access=access, book=book, key=row.pk, version=row.version, operation=value)


class TestSeen:
    def test_nobody_signs_what_changed_since_they_read_it(self, alice: Access, book: Book) -> None:
        row = mandate(alice)
        in_state(book, ClosingState.SIGNING)
        verifier = invited(alice, book)
        seen, digest = seen_of(book), digest_of(book)
        reworded(alice, book)
        token, filled, code = token_of(verifier), answered(book), new_code(verifier, by_hand=True)
        verbs: list[Callable[[], object]] = [
            lambda: sign_as_verifier(verifier=verifier, token=token, filled=filled, code=code, seen=seen),
            lambda: send_code(verifier=verifier, draft={}, seen=seen),
            lambda: sign_as_mandataire(access=alice, book=book, mandate=row.pk, seen=seen),
            lambda: sign_as_teacher(book=book, name="Léo", author=alice.author, way=SigningWay.ACCOUNT, seen=seen),
        ]
        for verb in verbs:
            with pytest.raises(Refused, match=f"^{CHANGED}$"):
                verb()
        assert (digest_of(book), Signature.objects.count()) == (digest, 0)
        signed(verifier)
        assert [one.name for one in valid_signatures(book)] == ["Inès Moreau"]

    @pytest.mark.parametrize(
        "told", ["", "{digest}", ".{digest}", "x.{digest}", "-1.{digest}", "٣.{digest}", "9{nines}.{digest}", "{place}."]
    )
    def test_what_no_page_told_signs_nothing(self, alice: Access, book: Book, told: str) -> None:
        row = mandate(alice)
        in_state(book, ClosingState.SIGNING)
        seen = told.format(digest=digest_of(book), place=place_of(book), nines="9" * 19)
        with pytest.raises(Refused, match=f"^{CHANGED}$"):
            sign_as_mandataire(access=alice, book=book, mandate=row.pk, seen=seen)

    def test_what_is_done_around_the_accounts_changes_nothing(self, alice: Access, book: Book) -> None:
        row, seen = mandate(alice), seen_of(book)
        in_state(book, ClosingState.SIGNING)
        invited(alice, book)
        assert sign_as_mandataire(access=alice, book=book, mandate=row.pk, seen=seen).name == "Mme Perrin"

    def test_no_code_leaves_for_what_changed_and_the_answers_stay(self, alice: Access, book: Book) -> None:
        in_state(book, ClosingState.SIGNING)
        verifier, phone = invited(alice, book), Client()
        address = reverse("verifier_sign", kwargs={"token": token_of(verifier)})
        page = phone.get(address)
        sent = {name: controls(page, name)[0]["value"] for name in ("seen", "grid")}
        reworded(alice, book)
        answer = phone.post(address, {**sent, "comment": "Presque fini", "envoyer": "1"})
        assert (answer.status_code, draft_of(verifier)) == (422, {"comment": "Presque fini", "reserves": ""})
        again = controls(phone.get(address), "seen")[0]["value"]
        assert phone.post(address, {**sent, "seen": again, "envoyer": "1"}).status_code == 302

    def test_a_teacher_is_shown_what_changed_and_signs_it(self, alice: Access, book: Book) -> None:
        address = reverse("emargement", kwargs={"token": teachers_token(in_state(book, ClosingState.SIGNING))})
        phone = Client()
        seen = controls(phone.get(address), "seen")[0]["value"]
        reworded(alice, book)
        answer = phone.post(address, {"name": "Léo Petit", "seen": seen})
        assert (answer.status_code, [plain(one) for one in errors(answer)]) == (422, [plain(CHANGED)])
        answer = phone.post(address, {"name": "Léo Petit", "seen": controls(answer, "seen")[0]["value"]})
        assert (answer.status_code, Signature.objects.get().name) == (200, "Léo Petit")

    def test_on_the_page_of_the_coop_too(self, alice: Access, client: Client, book: Book) -> None:
        in_state(book, ClosingState.SIGNING)
        seen = controls(client.get(at(book, "verifiers")), "enseignant-seen")[0]["value"]
        reworded(alice, book)
        answer = client.post(at(book, "add_teacher"), {"enseignant-name": "Léo", "enseignant-seen": seen})
        assert (answer.status_code, [plain(one) for one in errors(answer)]) == (422, [plain(CHANGED)])
        assert controls(answer, "enseignant-seen")[0]["value"] == seen_of(book)


class TestInventory:
    @pytest.fixture
    def item(self, alice: Access, book: Book) -> InventoryItem:
        item = listed(alice, book)
        in_state(book, ClosingState.SIGNING)
        signed(invited(alice, book))
        return item

    def told(self, book: Book) -> int:
        return len(valid_signatures(book))

    def test_another_value_makes_signatures_void(self, alice: Access, book: Book, item: InventoryItem) -> None:
        edit_item(access=alice, book=book, key=item.pk, version=item.version, facts=camera(value=1_00))
        assert self.told(book) == 0

    def test_a_good_that_goes_makes_them_void(self, alice: Access, book: Book, item: InventoryItem) -> None:
        remove_item(access=alice, book=book, key=item.pk)
        assert self.told(book) == 0

    def test_a_good_that_comes_makes_them_void(self, alice: Access, book: Book, item: InventoryItem) -> None:
        record_item(access=alice, book=book, facts=camera(label="Tente"), submission=uuid.uuid4())
        assert self.told(book) == 0

    def test_one_that_left_before_the_last_day_makes_them_void(self, alice: Access, book: Book, item: InventoryItem) -> None:
        gone = camera(disposed_on=date(2026, 8, 31), disposal=Disposal.values[0])
        edit_item(access=alice, book=book, key=item.pk, version=item.version, facts=gone)
        assert self.told(book) == 0

    def test_one_that_leaves_after_the_last_day_does_not(
        self, alice: Access, book: Book, item: InventoryItem, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Clock(monkeypatch).set(2026, 9, 14, 18)
        following = open_year(access=alice, year=SchoolYear(2026), today=date(2026, 9, 14))
        gone = camera(disposed_on=date(2026, 9, 10), disposal=Disposal.values[0])
        edit_item(access=alice, book=following, key=item.pk, version=item.version, facts=gone)
        record_item(access=alice, book=following, facts=camera(bought_on=date(2026, 9, 3)), submission=uuid.uuid4())
        assert self.told(book) == 1

    def test_one_that_left_in_a_former_year_does_not(self, alice: Access, book: Book) -> None:
        facts = camera(bought_on=date(2020, 10, 3), disposed_on=date(2024, 9, 10), disposal=Disposal.values[0])
        item = record_item(access=alice, book=book, facts=facts, submission=uuid.uuid4())
        in_state(book, ClosingState.SIGNING)
        signed(invited(alice, book))
        edit_item(access=alice, book=book, key=item.pk, version=item.version, facts=replace(facts, label="Vieil appareil"))
        assert self.told(book) == 1

    def test_what_was_erased_cannot_be_told_apart_and_counts(self, alice: Access, book: Book, item: InventoryItem) -> None:
        facts = camera(bought_on=date(2020, 10, 3), disposed_on=date(2024, 9, 10), disposal=Disposal.values[0])
        record_item(access=alice, book=book, facts=facts, submission=uuid.uuid4())
        assert self.told(book) == 1
        erase_content(author=SYSTEM, event=AuditEvent.objects.filter(subject__startswith="registers.inventoryitem").latest("sequence"))
        assert self.told(book) == 0
