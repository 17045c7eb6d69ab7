"""The verbs of a year that was kept elsewhere: the totals follow all else, and the cahier stays shut."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import AlreadySubmitted
from retkoop.banking.services import record_cash_count, record_statement
from retkoop.books.findings import all_findings_on
from retkoop.books.models import Book, CarriedItem, Operation, Proof
from retkoop.books.queries import standing_of
from retkoop.books.services import (
    EditedMeanwhile,
)
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves
from retkoop.domain.standing import lamps
from retkoop.network.access import Access
from retkoop.registers.models import Subsidy
from retkoop.upkeep.verification import faults_of_book
from retkoop.year_end.closing.queries import closing_of
from retkoop.year_end.direct.services import (
    choose_direct,
    edit_grant,
    keep_totals,
    leave_direct,
    remove_grant,
)
from tests.banking.books_at_hand import now
from tests.books.coops import note, plain
from tests.year_end.direct.at_hand import GRANT, TOTALS, direct, granted, opened, totalled, unpointed, whole
from tests.year_end.verifiers.at_hand import in_state

pytestmark = pytest.mark.django_db

DAY: Final = date(2026, 8, 31)
CAHIER = "Pour 2025-2026, vous ne saisissez que le compte rendu\u202f: ce montant se note dans ses étapes, pas dans un cahier."


def held(book: Book) -> tuple[int, int]:
    standing = standing_of(now(book))
    return standing.bank, standing.cash


def summary(book: Book) -> Operation:
    return Operation.objects.get(book=book, summary=True)


def actions(access: Access) -> list[str]:
    return list(AuditEvent.objects.filter(chain=access.coop.chain).order_by("sequence").values_list("action", flat=True))


def test_a_whole_year_is_right_to_the_cent(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    assert [(lamp.state.value, lamp.text) for lamp in lamps(standing_of(book))] == [
        ("good", "Bilan équilibré"),
        ("good", "Rapprochement juste"),
        ("good", "Caisse juste"),
    ]
    assert [(told.code, told.message) for told in all_findings_on(book, date(2026, 8, 31))] == []
    assert [told.code for told in all_findings_on(book, date(2026, 9, 10))] == ["releve-manquant"]
    assert list(faults_of_book(book)) == []


def test_it_is_made_of_an_opening_its_totals_and_its_subsidies(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    columns = ("piece", "kind", "bank", "cash", "pointed_year", "proof", "summary")
    assert list(Operation.objects.filter(book=book).order_by("pk").values_list(*columns)) == [
        ("RAN", "opening", 790_00, 10_00, None, Proof.MISSING, False),
        ("TOT", "summary", -61_80, 11_50, 2025, Proof.PAPER, True),
        ("SUB1", "receipt", 300_00, 0, 2025, Proof.PAPER, False),
    ]
    assert (book.operation_count, book.unproven_count, book.unpointed_count) == (2, 0, 0)


def test_the_totals_follow_the_opening_and_the_subsidies(alice: Access, book: Book) -> None:
    """What bank and cash held at the end was said once, and stays."""
    book = direct(alice, book)
    totalled(alice, book)
    assert held(book) == (1028_20, 21_50)
    opened(alice, book)
    row = granted(alice, book)
    assert held(book) == (1028_20, 21_50)
    opened(alice, book, bank=500_00, version=1)
    edit_grant(access=alice, book=book, key=row.pk, version=1, grant=replace(GRANT, amount=450_00))
    assert held(book) == (1028_20, 21_50)
    assert (summary(book).bank, summary(book).cash) == (78_20, 11_50)
    remove_grant(access=alice, book=book, key=row.pk)
    assert (held(book), summary(book).bank) == ((1028_20, 21_50), 528_20)
    assert list(faults_of_book(now(book))) == []
    assert actions(alice)[-16:] == [
        "direct.chosen",
        "totals.recorded",
        "operation.recorded",
        "totals.followed",
        "operation.recorded",
        "subsidy.recorded",
        "subsidy.spent",
        "totals.followed",
        "operation.edited",
        "totals.followed",
        "operation.edited",
        "subsidy.edited",
        "totals.followed",
        "subsidy.removed",
        "operation.withdrawn",
        "totals.followed",
    ]


def test_the_same_again_changes_nothing(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    before = actions(alice)
    opened(alice, book, version=7)
    totalled(alice, book, version=7)
    edit_grant(access=alice, book=book, key=Operation.objects.get(piece="SUB1").pk, version=7, grant=GRANT)
    choose_direct(access=alice, book=book)
    assert actions(alice) == before


def test_who_comes_second_sees_it(alice: Access, book: Book) -> None:
    book = direct(alice, book)
    with pytest.raises(EditedMeanwhile) as gone:
        opened(alice, book, version=1)
    assert gone.value.current is None
    opened(alice, book)
    totalled(alice, book)
    row = granted(alice, book)
    changed = YearTotals(Moves(bank=1), ())
    for write in (
        lambda: opened(alice, book, bank=1),
        lambda: totalled(alice, book, changed),
        lambda: totalled(alice, book, changed, version=9),
        lambda: edit_grant(access=alice, book=book, key=row.pk, version=9, grant=replace(GRANT, body="Département")),
        lambda: edit_grant(access=alice, book=book, key=0, version=1, grant=GRANT),
    ):
        with pytest.raises(EditedMeanwhile):
            write()


def test_a_form_that_is_sent_twice_makes_one_thing(alice: Access, book: Book) -> None:
    book, submission = direct(alice, book), uuid.uuid4()
    keep_totals(access=alice, book=book, totals=TOTALS, version=None, submission=submission)
    with pytest.raises(AlreadySubmitted):
        keep_totals(access=alice, book=book, totals=TOTALS, version=None, submission=submission)
    assert Operation.objects.filter(book=book).count() == 1


def test_a_subsidy_pays_the_charges_of_the_totals(alice: Access, book: Book) -> None:
    book = direct(alice, book)
    row = granted(alice, book, replace(GRANT, spent=0))
    totalled(alice, book)
    edit_grant(access=alice, book=book, key=row.pk, version=row.version, grant=GRANT)
    assert Subsidy.audited_rows().get().snapshot()["spendings"] == [[summary(book).pk, 200_00]]
    less = replace(GRANT, amount=150_00, spent=100_00)
    row = edit_grant(access=alice, book=book, key=row.pk, version=row.version, grant=less)
    assert Subsidy.audited_rows().get().snapshot()["spendings"] == [[summary(book).pk, 100_00]]
    for grant, why in (
        (replace(less, spent=151_00), "Cette subvention est de 150,00 €\u202f: elle ne peut pas avoir payé 151,00 €."),
        (replace(less, day=date(2026, 9, 1)), "Le 1er septembre 2026 n’est pas dans l’année scolaire 2025-2026."),
    ):
        with pytest.raises(Refused) as refusal:
            edit_grant(access=alice, book=book, key=row.pk, version=row.version, grant=grant)
        assert why in str(refusal.value).replace("\u202f€", " €")


def test_what_was_spent_waits_for_the_totals(alice: Access, book: Book) -> None:
    book = direct(alice, book)
    row = granted(alice, book)
    subsidy = Subsidy.audited_rows().get
    assert subsidy().snapshot()["spendings"] == [[row.pk, 200_00]]
    assert all_findings_on(now(book), DAY) == []
    version = row.version
    row = edit_grant(access=alice, book=book, key=row.pk, version=version, grant=replace(GRANT, spent=260_00))
    totalled(alice, book)
    assert subsidy().snapshot()["spendings"] == [[summary(book).pk, 260_00]]
    astray = "La subvention de « Mairie », pièce SUB1 aurait payé 10,00 € que vos totaux n’expliquent pas : revoyez ses dépenses."
    assert astray in [plain(told.message) for told in all_findings_on(now(book), DAY)]
    assert list(faults_of_book(now(book))) == []


STEPS: Final[dict[str, Callable[[Access, Book], object]]] = {
    "opening": opened,
    "subsidies": granted,
    "totals": totalled,
    "unpointed": unpointed,
    "statement": lambda access, book: record_statement(
        access=access, book=book, number="8", day=DAY, account_balance=1092_40, submission=uuid.uuid4()
    ),
    "cash": lambda access, book: record_cash_count(
        access=access, book=book, day=DAY, quantities={20_00: 1, 1_00: 1, 50: 1}, submission=uuid.uuid4()
    ),
}


@pytest.mark.parametrize(
    "order",
    [
        ("cash", "statement", "unpointed", "subsidies", "totals", "opening"),
        ("statement", "cash", "totals", "subsidies", "opening", "unpointed"),
        ("subsidies", "opening", "cash", "statement", "totals", "unpointed"),
    ],
)
def test_the_steps_come_in_any_order(alice: Access, book: Book, order: tuple[str, ...]) -> None:
    """Nothing is refused for want of another step; before the totals, neither the statement nor the cash is said to be wrong."""
    book = direct(alice, book)
    for name in order[: order.index("totals")]:
        STEPS[name](alice, book)
        assert [lamp.state.value for lamp in lamps(standing_of(now(book)))[1:]] == ["todo", "todo"]
        assert [told.code for told in all_findings_on(now(book), DAY) if told.severity == "erreur"] == []
    for name in order[order.index("totals") :]:
        STEPS[name](alice, book)
    assert [lamp.state.value for lamp in lamps(standing_of(now(book)))] == ["good", "good", "good"]
    assert all_findings_on(now(book), DAY) == []
    assert Subsidy.audited_rows().get().snapshot()["spendings"] == [[summary(book).pk, 200_00]]
    assert list(faults_of_book(now(book))) == []


def test_a_line_that_the_register_took_off_comes_back_with_the_next_change(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    row = Operation.objects.get(piece="SUB1")
    Subsidy.objects.all().delete()
    edit_grant(access=alice, book=book, key=row.pk, version=row.version, grant=replace(GRANT, purpose="Projet forêt"))
    assert Subsidy.objects.values_list("body", "purpose", "amount", "operation").get() == ("Mairie", "Projet forêt", 300_00, row.pk)


def test_subsidies_are_numbered(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    granted(alice, book, replace(GRANT, body="Fondation", account="74800008", spent=0))
    assert list(Operation.objects.filter(book=book, piece__startswith="SUB").order_by("pk").values_list("piece", "tiers")) == [
        ("SUB1", "Mairie"),
        ("SUB2", "Fondation"),
    ]


def test_a_year_that_has_begun_in_the_cahier_goes_on_there(alice: Access, book: Book) -> None:
    note(alice, book, "R1", "2025-10-01", "Kermesse", 10_00)
    with pytest.raises(Refused, match="Des opérations sont déjà notées dans le cahier de cette année"):
        choose_direct(access=alice, book=book)
    with pytest.raises(Refused, match="Cette année se tient dans le cahier"):
        totalled(alice, book)


def test_all_of_it_can_be_taken_back_while_nothing_was_sent(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    unpointed(alice, book, date=date(2025, 6, 3), label="Chèque de l’an dernier")
    leave_direct(access=alice, book=book)
    book = now(book)
    assert (book.direct, held(book), book.operation_count) == (False, (790_00, 10_00), 0)
    assert list(CarriedItem.objects.values_list("label", flat=True)) == ["Chèque de l’an dernier"]
    assert (Operation.objects.count(), Subsidy.objects.count()) == (1, 0)
    assert list(faults_of_book(book)) == []
    note(alice, book, "R1", "2025-10-01", "Kermesse", 10_00)


def test_what_was_sent_or_waits_for_signatures_stays_as_it_is(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    in_state(book, ClosingState.SIGNING)
    with pytest.raises(Refused, match="Ces comptes attendent leurs signatures"):
        leave_direct(access=alice, book=book)
    closing = in_state(book, ClosingState.TO_CORRECT)
    closing.sent_at = closing.called_at
    closing.save()
    assert closing_of(book).sent_at is not None
    with pytest.raises(Refused, match="Ce compte rendu a déjà été transmis"):
        leave_direct(access=alice, book=book)
