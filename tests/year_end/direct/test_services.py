"""The verbs of a year that was kept elsewhere: the totals follow all else, and the cahier stays shut."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.banking.queries import pointable_operations, unpointed_items_of
from retkoop.banking.services import point, record_cash_count, record_statement, unpoint
from retkoop.books import opening
from retkoop.books.entries import bring_back
from retkoop.books.findings import all_findings_on
from retkoop.books.importing import COLUMNS
from retkoop.books.models import Book, CarriedItem, Operation, Proof
from retkoop.books.queries import books_of, registers_of, standing_of
from retkoop.books.services import (
    EditedMeanwhile,
    delete_operation,
    edit_operation,
    import_book,
    open_book,
    record_operation,
    record_operations,
    restore_operation,
)
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves, Part
from retkoop.domain.standing import lamps
from retkoop.network.access import Access
from retkoop.registers.models import Subsidy
from retkoop.upkeep.verification import faults_of_book
from retkoop.year_end.closing.queries import closing_of
from retkoop.year_end.direct.queries import totals_said
from retkoop.year_end.direct.services import (
    choose_direct,
    edit_grant,
    keep_opening,
    keep_totals,
    leave_direct,
    record_grant,
    remove_grant,
    remove_unpointed,
)
from retkoop.year_end.verifiers.sample import operations_in
from tests.banking.books_at_hand import now, payment, statement
from tests.books.coops import YEAR, at, client_of, note, plain, said
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


STEPS: Final = {
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


def test_no_verb_of_a_cahier_writes_in_it(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    row, submission = summary(book), uuid.uuid4()
    given: dict[str, Any] = {"access": alice, "book": book}
    operation = payment("D1", date(2025, 11, 3), 10_00)
    verbs: list[Callable[[], object]] = [
        lambda: record_operation(**given, operation=operation, submission=submission),
        lambda: record_operations(author=SYSTEM, coop=alice.coop, year=YEAR, operations=[operation]),
        lambda: edit_operation(**given, key=row.pk, version=row.version, operation=operation),
        lambda: delete_operation(**given, key=row.pk, version=row.version),
        lambda: restore_operation(**given, key=row.pk),
        lambda: import_book(author=SYSTEM, coop=alice.coop, year=YEAR, file_name="x.csv", rows=[list(COLUMNS)]),
        lambda: opening.keep_opening(**given, moves=Moves(bank=1), version=1, submission=submission),
        lambda: opening.keep_opening(**given, moves=Moves(bank=1), version=None, submission=submission),
        lambda: opening.choose_bank_account(**given, bank_account="514"),
        lambda: opening.add_carried_item(**given, day=date(2025, 6, 1), label="x", bank=1, submission=submission),
        lambda: opening.remove_carried_item(**given, key=1),
        lambda: opening.restore_carried_item(**given, key=1),
    ]
    for verb in verbs:
        with pytest.raises(Refused) as refusal:
            verb()
        assert str(refusal.value) == CAHIER


def test_the_totals_do_not_come_back_into_a_cahier(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    key = summary(book).pk
    leave_direct(access=alice, book=book)
    with pytest.raises(Refused, match="Cette opération ne peut plus être rétablie"):
        restore_operation(access=alice, book=book, key=key)


def test_nor_does_a_subsidy_that_no_statement_shows(alice: Access, book: Book) -> None:
    book = direct(alice, book)
    totalled(alice, book)
    key = granted(alice, book).pk
    leave_direct(access=alice, book=book)
    with pytest.raises(Refused, match="Cette opération ne peut plus être rétablie"):
        restore_operation(access=alice, book=book, key=key)
    page = client_of(alice).get(at(book, "operation", key=key))
    assert ("l’a supprimée" in said(page), "La rétablir" in said(page)) == (True, False)


def test_an_operation_that_was_deleted_before_this_column_comes_back(alice: Access, book: Book) -> None:
    row = note(alice, book, "R1", "2025-10-01", "Kermesse", 10_00)
    state = {name: value for name, value in row.snapshot().items() if name != "summary"}
    row.delete()
    assert bring_back(state).summary is False


def test_its_money_is_on_no_statement_to_tick(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    keys = list(Operation.objects.filter(book=book).values_list("pk", flat=True))
    assert list(pointable_operations(book)) == []
    unpoint(access=alice, operations=keys)
    assert Operation.objects.filter(book=book, pointed_year=2025).count() == 2
    following = open_book(access=alice, year=YEAR.next)
    later = statement(alice, following, 0, day=date(2026, 10, 1))
    with pytest.raises(Refused, match="Une des opérations cochées n’existe plus"):
        point(access=alice, statement=later, operations=keys)


def test_what_its_bank_had_not_done_waits_in_the_next_cahier(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    following = open_book(access=alice, year=YEAR.next)
    item = CarriedItem.objects.get()
    books = books_of(alice.coop)
    assert [item.label for item in unpointed_items_of(following, books)] == ["Librairie"]
    point(access=alice, statement=statement(alice, following, 1028_20, day=date(2026, 10, 1)), items=[item.pk])
    assert unpointed_items_of(now(following), books) == []
    assert [one.label for one in unpointed_items_of(now(book), books)] == ["Librairie"]
    with pytest.raises(Refused, match="Cette opération est pointée sur un relevé"):
        leave_direct(access=alice, book=book)


def test_what_the_bank_had_not_done_can_be_taken_back(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    remove_unpointed(access=alice, book=book, key=CarriedItem.objects.get().pk)
    assert (CarriedItem.objects.count(), standing_of(now(book)).reconciliation.gap) == (0, 64_20)
    with pytest.raises(Refused, match="Le 2 septembre 2026 vient après l’année scolaire 2025-2026"):
        unpointed(alice, book, date=date(2026, 9, 2))


def test_a_cheque_of_a_former_cahier_can_still_be_ticked(alice: Access, book: Book) -> None:
    former = open_book(access=alice, year=YEAR.previous)
    row = note(alice, former, "D1", "2025-06-01", "Assurance", -40_00)
    book = direct(alice, book)
    at_the_end = statement(alice, book, 0)
    assert list(pointable_operations(book)) == [row]
    point(access=alice, statement=at_the_end, operations=[row.pk])
    assert standing_of(now(book)).reconciliation.unpointed_count == 0


def test_the_kind_of_account_can_change(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    opened(alice, book, version=1, account="514")
    totals = standing_of(now(book)).totals
    assert {account: totals[account].net for account in ("514", "530")} == {"514": 1028_20, "530": 21_50}
    assert "512" not in totals
    assert list(faults_of_book(now(book))) == []


def test_open_regies_of_the_year_before_are_settled_by_the_totals(alice: Access, book: Book) -> None:
    book = direct(alice, book)
    keep_opening(access=alice, book=book, moves=Moves(bank=1, regie=20_00), bank_account="512", version=None, submission=uuid.uuid4())
    totalled(alice, book)
    assert standing_of(now(book)).net("54") == 0


def test_verifiers_draw_the_subsidies_alone(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    assert [row.piece for row in operations_in(book)] == ["SUB1"]


def test_durable_goods_of_the_totals_are_asked_for(alice: Access, book: Book) -> None:
    book = direct(alice, book)
    totalled(alice, book, YearTotals(Moves(), (Part("68000008", 300_00),)))
    assert [(one.piece, one.amount) for one in registers_of(now(book)).purchases] == [("TOT", 300_00)]


def test_twins_of_a_summary_are_none(alice: Access, book: Book) -> None:
    """A subsidy of the last day that moves as much as the totals is not said to be one of them."""
    book = direct(alice, book)
    totalled(alice, book, YearTotals(Moves(bank=600_00), (Part("75600008", 300_00),)))
    record_grant(access=alice, book=book, grant=replace(GRANT, day=date(2026, 8, 31), spent=0), submission=uuid.uuid4())
    assert summary(book).bank == 300_00
    assert list(faults_of_book(now(book))) == []


def test_what_was_said_is_read_back(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    assert totals_said(book).totals == TOTALS
