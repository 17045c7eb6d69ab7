"""The verbs of the table of subsidies, and what the checks say after each."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from retkoop.audit.queries import faults
from retkoop.audit.services import AlreadySubmitted
from retkoop.books.models import Book, Operation
from retkoop.books.queries import operation_of, registers_of
from retkoop.books.services import delete_operation, edit_operation, restore_operation
from retkoop.books.values import operation_value
from retkoop.books.writable import Refused
from retkoop.domain.entry import Moves, Part
from retkoop.domain.registers import Grant
from retkoop.network.access import Access
from retkoop.registers.models import Subsidy
from retkoop.registers.services import (
    ChangedMeanwhile,
    edit_subsidy,
    record_subsidy,
    remove_subsidy,
    restore_subsidy,
    tell_spendings,
)
from tests.books.coops import note
from tests.registers.registers_at_hand import found, museum, tabled


def told(subsidy: Subsidy) -> dict[int, int]:
    return {spending.operation_id: spending.amount for spending in subsidy.spendings.all()}


def change(access: Access, book: Book, row: Operation, account: str, amount: int) -> None:
    """Let an operation say another amount, on another account."""
    current = operation_of(book, row.pk)
    assert current is not None
    sign = -1 if account.startswith("6") else 1
    value = replace(operation_value(current), moves=Moves(bank=sign * amount), parts=(Part(account, amount),))
    edit_operation(access=access, book=book, key=row.pk, version=current.version, operation=value)


def test_a_subsidy_asks_for_its_line_until_it_is_there(alice: Access, book: Book, grant: Operation) -> None:
    assert found(book) == [("subvention-hors-tableau", "R1")]
    assert registers_of(book).grants == (Grant(grant.pk, "R1", "Subvention, projet musée", 300_00),)
    tabled(alice, book, grant)
    assert found(book) == []
    assert registers_of(book).grants == (Grant(grant.pk, "R1", "Mairie", 300_00, 300_00),)


def test_a_resend_makes_one_line(alice: Access, book: Book, grant: Operation) -> None:
    given: dict[str, Any] = {"access": alice, "book": book, "operation": grant.pk, "facts": museum(), "submission": uuid.uuid4()}
    record_subsidy(**given)
    with pytest.raises(AlreadySubmitted):
        record_subsidy(**given)
    assert Subsidy.objects.count() == 1


def test_it_is_in_the_table_once(alice: Access, book: Book, grant: Operation) -> None:
    tabled(alice, book, grant)
    with pytest.raises(Refused, match=r"^Cette subvention est déjà dans le tableau\.$"):
        tabled(alice, book, grant)


def test_only_a_subsidy_goes_in_the_table(alice: Access, book: Book, outing: Operation) -> None:
    with pytest.raises(Refused, match=r"^Cette opération ne reçoit pas de subvention\u202f: elle n’a rien aux comptes 741 et 748\.$"):
        tabled(alice, book, outing)


def test_the_table_and_the_book_say_the_same_amount(alice: Access, book: Book, grant: Operation) -> None:
    line = tabled(alice, book, grant, amount=250_00)
    assert found(book) == [("tableau-des-subventions", "R1")]
    edit_subsidy(access=alice, book=book, key=line.pk, version=1, facts=museum())
    assert found(book) == []
    change(alice, book, grant, "75800008", 300_00)
    assert found(book) == [("tableau-des-subventions", "R1")]


def test_an_operation_that_goes_and_comes_back_finds_its_line_again(alice: Access, book: Book, grant: Operation) -> None:
    tabled(alice, book, grant)
    delete_operation(access=alice, book=book, key=grant.pk, version=1)
    assert registers_of(book).grants == (Grant(None, None, "Mairie", 0, 300_00),)
    assert (found(book), list(faults())) == ([("tableau-des-subventions", None)], [])
    restore_operation(access=alice, book=book, key=grant.pk)
    assert (found(book), list(faults())) == ([], [])


def test_what_it_paid_is_told_and_taken_back(alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    line = tabled(alice, book, grant)
    told_once = tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 100_00})
    assert (told(told_once), told_once.version) == ({outing.pk: 100_00}, 2)
    same = tell_spendings(access=alice, book=book, key=line.pk, version=2, spendings={outing.pk: 100_00})
    assert same.version == 2
    tell_spendings(access=alice, book=book, key=line.pk, version=2, spendings={outing.pk: 0})
    assert (told(Subsidy.objects.get()), list(faults())) == ({}, [])


def test_what_is_not_named_stays(alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    other = note(alice, book, "D3", "2026-02-01", "Livres", -60_00)
    line = tabled(alice, book, grant)
    tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 100_00})
    after = tell_spendings(access=alice, book=book, key=line.pk, version=2, spendings={other.pk: 60_00})
    assert told(after) == {outing.pk: 100_00, other.pk: 60_00}


class TestWhatCannotBePaid:
    def test_more_than_the_subsidy(self, alice: Access, book: Book, grant: Operation) -> None:
        dear = note(alice, book, "D9", "2026-02-01", "Car", -900_00)
        line = tabled(alice, book, grant)
        with pytest.raises(Refused, match=r"^Cette subvention est de 300,00\u202f€\u202f: elle ne peut pas avoir payé 301,00\u202f€\.$"):
            tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={dear.pk: 301_00})

    def test_more_than_the_charges(self, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
        line = tabled(alice, book, grant)
        why = r"^«\u202fEntrées au musée\u202f» n’a que 184,50\u202f€ de dépenses à financer\u202f: 184,51\u202f€, c’est trop\.$"
        with pytest.raises(Refused, match=why):
            tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 184_51})

    def test_the_same_cents_twice(self, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
        second = note(alice, book, "R2", "2025-12-01", "Fondation", 200_00, 0, ("74800008", 200_00))
        first, other = tabled(alice, book, grant), tabled(alice, book, second, amount=200_00)
        tell_spendings(access=alice, book=book, key=first.pk, version=1, spendings={outing.pk: 100_00})
        with pytest.raises(Refused, match=r"n’a que 84,50\u202f€ de dépenses à financer"):
            tell_spendings(access=alice, book=book, key=other.pk, version=1, spendings={outing.pk: 100_00})
        assert told(tell_spendings(access=alice, book=book, key=other.pk, version=1, spendings={outing.pk: 84_50})) == {outing.pk: 84_50}

    def test_a_receipt_or_what_is_gone(self, alice: Access, book: Book, grant: Operation) -> None:
        line = tabled(alice, book, grant)
        with pytest.raises(Refused, match=r"^«\u202fSubvention, projet musée\u202f» n’a que 0,00\u202f€ de dépenses à financer"):
            tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={grant.pk: 1_00})
        with pytest.raises(Refused, match=r"^Cette opération a été supprimée entre-temps\.$"):
            tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={999: 1_00})

    def test_less_is_left_than_it_has_paid(self, alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
        line = tabled(alice, book, grant)
        tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 100_00})
        with pytest.raises(Refused, match=r"elle ne peut pas avoir payé 100,00\u202f€"):
            edit_subsidy(access=alice, book=book, key=line.pk, version=2, facts=museum(amount=99_00))


def test_a_charge_that_shrinks_leaves_the_spending_astray(alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    line = tabled(alice, book, grant)
    tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 184_50})
    change(alice, book, outing, "61800008", 150_00)
    assert registers_of(book).grants == (Grant(grant.pk, "R1", "Mairie", 300_00, 300_00, astray=34_50),)
    assert found(book) == [("subvention-autre-objet", "R1")]
    delete_operation(access=alice, book=book, key=outing.pk, version=2)
    assert registers_of(book).grants[0].astray == 184_50
    restore_operation(access=alice, book=book, key=outing.pk)
    assert registers_of(book).grants[0].astray == 34_50


def test_it_is_late_from_the_day_after_on_until_it_is_justified(alice: Access, book: Book, grant: Operation) -> None:
    line = tabled(alice, book, grant, justify_before=date(2026, 6, 30))
    assert found(book, date(2026, 6, 30)) == []
    assert found(book, date(2026, 7, 1)) == [("subvention-non-justifiee", "R1")]
    facts = museum(justify_before=date(2026, 6, 30), justified_on=date(2026, 6, 2))
    edit_subsidy(access=alice, book=book, key=line.pk, version=1, facts=facts)
    assert found(book, date(2026, 7, 1)) == []


def test_a_removed_line_comes_back_with_what_it_paid(alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    line = tabled(alice, book, grant)
    tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 100_00})
    remove_subsidy(access=alice, book=book, key=line.pk)
    remove_subsidy(access=alice, book=book, key=line.pk)
    assert (Subsidy.objects.count(), found(book)) == (0, [("subvention-hors-tableau", "R1")])
    back = restore_subsidy(access=alice, book=book, key=line.pk)
    assert (back.pk, told(back), back.version, found(book), list(faults())) == (line.pk, {outing.pk: 100_00}, 3, [], [])
    with pytest.raises(Refused, match=r"^Cette ligne ne peut plus être rétablie\.$"):
        restore_subsidy(access=alice, book=book, key=line.pk)


def test_a_line_that_was_made_again_is_not_brought_back_beside_it(alice: Access, book: Book, grant: Operation) -> None:
    line = tabled(alice, book, grant)
    remove_subsidy(access=alice, book=book, key=line.pk)
    tabled(alice, book, grant)
    with pytest.raises(Refused, match=r"^Cette subvention a été remise dans le tableau depuis\.$"):
        restore_subsidy(access=alice, book=book, key=line.pk)


def test_cents_paid_by_another_since_are_told_by_the_checks(alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    second = note(alice, book, "R2", "2025-12-01", "Fondation", 200_00, 0, ("74800008", 200_00))
    first, other = tabled(alice, book, grant), tabled(alice, book, second, amount=200_00)
    tell_spendings(access=alice, book=book, key=first.pk, version=1, spendings={outing.pk: 184_50})
    remove_subsidy(access=alice, book=book, key=first.pk)
    tell_spendings(access=alice, book=book, key=other.pk, version=1, spendings={outing.pk: 100_00})
    restore_subsidy(access=alice, book=book, key=first.pk)
    assert found(book) == [("subvention-autre-objet", "R2")]


def test_what_someone_else_changed_is_told(alice: Access, book: Book, grant: Operation, outing: Operation) -> None:
    line = tabled(alice, book, grant)
    edit_subsidy(access=alice, book=book, key=line.pk, version=1, facts=museum(body="Commune"))
    with pytest.raises(ChangedMeanwhile) as changed:
        edit_subsidy(access=alice, book=book, key=line.pk, version=1, facts=museum(body="Ville"))
    assert changed.value.current == line
    with pytest.raises(ChangedMeanwhile):
        tell_spendings(access=alice, book=book, key=line.pk, version=1, spendings={outing.pk: 1_00})
