from __future__ import annotations

import re
import uuid
from datetime import date

import pytest
from django.apps import apps
from django.test import Client

from retkoop.audit.models import Audited, AuditEvent
from retkoop.banking.services import (
    close_statement,
    edit_statement,
    point_until,
    record_cash_count,
    record_statement,
    remove_cash_count,
    unpoint,
)
from retkoop.books.history import ECHOES, POINTINGS
from retkoop.books.models import Book
from retkoop.books.opening import add_carried_item, choose_bank_account
from retkoop.books.services import delete_operation, edit_operation, restore_operation
from retkoop.books.values import operation_value
from retkoop.books.vocabulary import vocabulary
from retkoop.domain.chart import POSTAL
from retkoop.domain.entry import Moves, Part
from retkoop.network.access import Access
from retkoop.network.services import give_mandate
from tests.books.coops import a_book, at, client_of, comptable, keeper, note, queries_of, said, some_months, stranger
from tests.clock import Clock
from tests.pages import title
from tests.sources import RETKOOP, modules

pytestmark = pytest.mark.django_db

HERE = "École Jean-Jaurès"
ELSEWHERE = {"network.departmentalassociation", "network.setting"}
OF_OTHERS = {"association.created", "setting.set"}
"""What stands in the trail of an AD or of the federation, never in a coop's."""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 11, 24, 9, 5)
    return clock


@pytest.fixture
def alice(clock: Clock) -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    return a_book(alice)


def told(access: Access, book: Book, count: int = 1) -> list[str]:
    """Return the latest moments of the history, each without its head's « rôle · moment »."""
    words = said(client_of(access).get(at(book, "history")))
    moments = words.split(f"{HERE} Coopérative · ")[1:]
    return [moment.strip() for moment in moments[:count]]


def test_strangers_are_told_that_nothing_is_there(book: Book) -> None:
    assert stranger().get(at(book, "history")).status_code == 404


def test_nobody_sees_it_without_being_logged_in(book: Book) -> None:
    assert Client().get(at(book, "history")).status_code == 302


def test_readers_see_it_whole(alice: Access, book: Book) -> None:
    answer = comptable().get(at(book, "history"))
    assert title(answer) == "Historique"
    assert said(answer).endswith(
        "Tout ce qui a été fait dans les comptes de la coopérative, toutes années confondues, du plus récent au plus ancien. "
        "Personne ne peut l’effacer ni le changer. "
        f"{HERE} Coopérative · 24 novembre 2025 à 9 h 05 Année ouverte 2025-2026 Compte 512 · Banque "
        f"{HERE} titulaire du compte · 24 novembre 2025 à 9 h 05 Compte activé {HERE} Activé 24 novembre 2025 à 9 h 05 "
        f"Retkoop l’application · 24 novembre 2025 à 9 h 05 "
        f"Droit donné Droit Coopérative Début 24/11/2025 "
        f"Compte créé {HERE} Identifiant 0910000A Adresse ce.0910000a@ac-versailles.fr Ouvert oui "
        f"Coopérative créée {HERE} RNE 0910000A Commune Évry-Courcouronnes Adresse ce.0910000a@ac-versailles.fr"
    )


class TestOperations:
    def test_what_is_noted_is_told_with_its_figures(self, alice: Access, book: Book, clock: Clock) -> None:
        clock.advance(minutes=3)
        split = (("61800008", 184_50), ("62810008", 15_50))
        note(alice, book, "D1", "2025-10-02", "Entrées au musée", -200_00, 0, *split, cheque="1000101")
        assert told(alice, book) == [
            (
                "24 novembre 2025 à 9 h 08 Opération notée D1 Entrées au musée "
                "Date 02/10/2025 Chèque 1000101 Banque − 200,00 € Ventilation 618 : 184,50 €, 628 : 15,50 €"
            )
        ]

    def test_what_is_changed_is_told_before_and_after(self, alice: Access, book: Book, clock: Clock) -> None:
        row = note(alice, book, "D1", "2025-10-02", "Entrées au musée", -184_50)
        clock.advance(minutes=3)
        value = operation_value(row)
        other = type(value)(
            key=0,
            piece="D2",
            date=value.date,
            label=value.label,
            moves=Moves(cash=-184_50),
            parts=(Part("61800008", 184_50),),
            classe="CE1",
        )
        edit_operation(access=alice, book=book, key=row.pk, version=1, operation=other)
        assert told(alice, book) == [
            (
                "24 novembre 2025 à 9 h 08 Opération modifiée D2 Entrées au musée "
                "Pièce avant : D1 → après : D2 Banque avant : − 184,50 € → après : rien Caisse avant : rien → après : − 184,50 € "
                "Classe avant : rien → après : CE1"
            )
        ]

    def test_what_is_removed_and_brought_back(self, alice: Access, book: Book, clock: Clock) -> None:
        row = note(alice, book, "R1", "2025-10-02", "Kermesse", 0, 96_40)
        clock.advance(minutes=3)
        delete_operation(access=alice, book=book, key=row.pk, version=1)
        clock.advance(minutes=3)
        restore_operation(access=alice, book=book, key=row.pk)
        facts = "R1 Kermesse Date 02/10/2025 Caisse + 96,40 € Ventilation 708 : 96,40 €"
        assert told(alice, book, 2) == [
            f"24 novembre 2025 à 9 h 11 Opération rétablie {facts}",
            f"24 novembre 2025 à 9 h 08 Opération supprimée {facts}",
        ]

    def test_what_a_person_did_within_a_minute_stands_together(self, alice: Access, book: Book, clock: Clock) -> None:
        clock.advance(minutes=3)
        note(alice, book, "R1", "2025-10-02", "Kermesse", 100_00)
        clock.advance(seconds=50)
        note(alice, book, "R2", "2025-10-03", "Loto", 50_00)
        assert told(alice, book) == [
            (
                "24 novembre 2025 à 9 h 08 Opération notée R2 Loto Date 03/10/2025 Banque + 50,00 € Ventilation 708 : 50,00 € "
                "Opération notée R1 Kermesse Date 02/10/2025 Banque + 100,00 € Ventilation 708 : 100,00 €"
            )
        ]

    def test_carried_items_and_the_kind_of_account(self, alice: Access, book: Book, clock: Clock) -> None:
        clock.advance(minutes=3)
        choose_bank_account(access=alice, book=book, bank_account=POSTAL)
        add_carried_item(access=alice, book=book, day=date(2025, 6, 1), label="Car", cheque="12", bank=-20_00, submission=uuid.uuid4())
        assert told(alice, book) == [
            (
                "24 novembre 2025 à 9 h 08 Opération d’avant notée Car Date 01/06/2025 Chèque 12 Banque − 20,00 € "
                "Nature du compte choisie 2025-2026 Compte avant : 512 · Banque → après : 514 · Compte chèque postal"
            )
        ]


class TestBank:
    def test_statements_and_ticks(self, alice: Access, book: Book, clock: Clock) -> None:
        note(alice, book, "R1", "2025-10-02", "Kermesse", 100_00)
        note(alice, book, "R2", "2025-10-03", "Loto", 50_00)
        clock.advance(minutes=3)
        day = date(2025, 10, 31)
        statement = record_statement(access=alice, book=book, number="10", day=day, account_balance=15_00, submission=uuid.uuid4())
        clock.advance(minutes=3)
        statement = edit_statement(access=alice, statement=statement, version=1, number="", day=day, account_balance=150_00)
        clock.advance(minutes=3)
        point_until(access=alice, statement=statement, day=day)
        clock.advance(minutes=3)
        close_statement(access=alice, statement=statement)
        assert told(alice, book, 4) == [
            "24 novembre 2025 à 9 h 17 Relevé clos du 31/10/2025 Clos 24 novembre 2025 à 9 h 17",
            (
                "24 novembre 2025 à 9 h 14 "
                "Opération pointée R2 Loto Relevé du 31/10/2025 "
                "Opération pointée R1 Kermesse Relevé du 31/10/2025 2 coches changées sur un relevé."
            ),
            (
                "24 novembre 2025 à 9 h 11 Relevé modifié du 31/10/2025 "
                "Numéro avant : 10 → après : rien Solde avant : 15,00 € → après : 150,00 €"
            ),
            "24 novembre 2025 à 9 h 08 Relevé noté n° 10 du 31/10/2025 Solde 15,00 €",
        ]

    def test_a_tick_that_is_taken_off_names_its_statement(self, alice: Access, book: Book, clock: Clock) -> None:
        row = note(alice, book, "R1", "2025-10-02", "Kermesse", 100_00)
        item = add_carried_item(
            access=alice, book=book, day=date(2025, 6, 1), label="Car", cheque="12", bank=-20_00, submission=uuid.uuid4()
        )
        day = date(2025, 10, 31)
        statement = record_statement(access=alice, book=book, number="", day=day, account_balance=80_00, submission=uuid.uuid4())
        point_until(access=alice, statement=statement, day=day)
        clock.advance(minutes=3)
        unpoint(access=alice, operations=[row.pk], items=[item.pk])
        assert told(alice, book) == [
            (
                "24 novembre 2025 à 9 h 08 "
                "Opération dépointée R1 Kermesse Relevé du 31/10/2025 "
                "Opération d’avant dépointée Car Relevé du 31/10/2025 "
                "2 coches changées sur un relevé."
            )
        ]

    def test_a_tick_of_which_the_trail_has_forgotten_the_statement_tells_its_year(self, alice: Access, book: Book, clock: Clock) -> None:
        note(alice, book, "R1", "2025-10-02", "Kermesse", 100_00)
        day = date(2025, 10, 31)
        statement = record_statement(access=alice, book=book, number="", day=day, account_balance=80_00, submission=uuid.uuid4())
        clock.advance(minutes=3)
        point_until(access=alice, statement=statement, day=day)
        AuditEvent.objects.filter(action="pointing.made").update(after=None)
        words = "Opération pointée R1 Kermesse Pointée sur un relevé de 2025-2026 1 coche changée sur un relevé."
        assert told(alice, book) == [f"24 novembre 2025 à 9 h 08 {words}"]

    def test_counts(self, alice: Access, book: Book, clock: Clock) -> None:
        clock.advance(minutes=3)
        quantities = {50: 3, 20_00: 2}
        record = record_cash_count(access=alice, book=book, day=date(2025, 11, 20), quantities=quantities, submission=uuid.uuid4())
        clock.advance(minutes=3)
        remove_cash_count(access=alice, book=book, key=record.pk)
        facts = "20/11/2025 Total 41,50 € Billets et pièces 2 × 20,00 €, 3 × 0,50 €"
        assert told(alice, book, 2) == [
            f"24 novembre 2025 à 9 h 11 Comptage supprimé {facts}",
            f"24 novembre 2025 à 9 h 08 Caisse comptée {facts}",
        ]


def test_mandates(alice: Access, book: Book, clock: Clock) -> None:
    clock.advance(minutes=3)
    give_mandate(author=alice.author, coop=alice.coop, holder="Mme Perrin", start=date(2025, 9, 1))
    assert told(alice, book) == ["24 novembre 2025 à 9 h 08 Mandat donné Mme Perrin Rang Mandataire Début 01/09/2025"]


def test_what_was_erased_is_said_to_be(alice: Access, book: Book, clock: Clock) -> None:
    clock.advance(minutes=3)
    note(alice, book, "R1", "2025-10-02", "Kermesse", 100_00)
    AuditEvent.objects.filter(action="operation.recorded").update(after=None)
    assert told(alice, book) == ["24 novembre 2025 à 9 h 08 Opération notée Le détail a été effacé."]


def test_each_column_of_the_trail_is_told_or_left_out_on_purpose() -> None:
    models = {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Audited)}
    expected = {
        label: {field.attname for field in model._meta.concrete_fields if field.attname not in model.unaudited}
        | {"books.operation": {"lines", "vouchers"}, "registers.subsidy": {"spendings"}, "archive.document": {"read"}}.get(label, set())
        for label, model in models.items()
        if label not in {*ELSEWHERE, "banking.pointing"}
    }
    records = vocabulary().records
    assert {label: {*words.columns, *words.silent} for label, words in records.items()} == expected
    assert {
        label for label, words in records.items() if words.silent & words.columns.keys() or words.in_name - words.columns.keys()
    } == set()


def test_each_action_has_its_words() -> None:
    done = {action for module in modules(RETKOOP) for action in re.findall(r'action="(\w+\.\w+)"', module.text)}
    assert sorted(done - vocabulary().actions.keys() - POINTINGS - ECHOES - OF_OTHERS) == []


class TestPages:
    def test_fifty_events_stand_on_a_page(self, alice: Access, book: Book) -> None:
        some_months(alice, book, 60)
        client = client_of(alice)
        shown = [said(client.get(at(book, "history"), {"page": page})).count("Opération notée") for page in ("1", "2", "9", "mars")]
        assert shown == [50, 10, 10, 50]

    def test_it_costs_the_same_at_any_size(self, alice: Access, book: Book) -> None:
        client, address = client_of(alice), at(book, "history")
        some_months(alice, book, 2)
        few = queries_of(client, address)
        some_months(alice, book, 90)
        assert few == queries_of(client, address) <= 12
        assert len(client.get(address).content) < 100_000
