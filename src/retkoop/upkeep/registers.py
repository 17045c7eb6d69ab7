"""The registers of a made-up coop: kept as they should be, or with each thing that the checks can say of them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Final

from retkoop.books.models import Book, Operation
from retkoop.books.services import edit_operation
from retkoop.books.values import operation_value, with_lines
from retkoop.domain.entry import Moves, Part
from retkoop.domain.money import Cents
from retkoop.network.access import Access
from retkoop.registers.facts import DeliberationFacts
from retkoop.registers.inventory import proposals_of as goods_of
from retkoop.registers.models import Meeting, Subsidy
from retkoop.registers.services import record_deliberation, record_item, record_subsidy, tell_spendings
from retkoop.registers.subsidies import Spendings, first_facts, proposals_of, subsidy_of

_WHERE: Final = "Armoire de la salle des maîtres"


def keep_registers(access: Access, book: Book) -> None:
    """List what was bought, put each subsidy in the table with its spending, note a conseil."""
    for good in goods_of(book):
        facts = replace(good.facts, place=_WHERE)
        record_item(access=access, book=book, facts=facts, operation=good.operation, submission=uuid.uuid4())
    for key in [_table(access, book, operation) for operation in [one.operation for one in proposals_of(book)]]:
        _spend(access, book, key)
    if Operation.objects.filter(book=book, opening=False).exists():
        _decide(access, book)


def confuse_registers(access: Access, book: Book) -> None:
    """Forget a good and a subsidy, misread another, spend a third twice, and report of none."""
    misread, changed = [one.operation for one in proposals_of(book)][:2]
    _table(access, book, misread, off=-50_00)
    key = _table(access, book, changed, justify_before=book.year.last_day)
    spent = _spend(access, book, key)
    row = with_lines(Operation.objects.filter(book=book, pk=spent)).get()
    value = operation_value(row)
    halved = replace(value, moves=Moves(bank=-1_00), parts=(Part(value.parts[0].account, 1_00),))
    edit_operation(access=access, book=book, key=row.pk, version=row.version, operation=halved)


def _table(access: Access, book: Book, operation: int, *, off: Cents = 0, justify_before: date | None = None) -> int:
    """Put a subsidy in the table, `off` by so many cents, and return its key."""
    proposal = next(one for one in proposals_of(book) if one.operation == operation)
    facts = first_facts(book, replace(proposal, amount=proposal.amount + off, body=proposal.body or "Mairie"))
    told = replace(facts, justify_before=justify_before or facts.justify_before)
    return record_subsidy(access=access, book=book, operation=operation, facts=told, submission=uuid.uuid4()).pk


def _spend(access: Access, book: Book, key: int) -> int:
    """Let a subsidy pay the largest expense in sight, as far as it goes, and return that operation."""
    subsidy: Subsidy = subsidy_of(book, key)
    largest = max(Spendings(book, subsidy).rows, key=lambda charge: charge.left)
    paid = {largest.operation: min(largest.left, subsidy.amount)}
    tell_spendings(access=access, book=book, key=key, version=subsidy.version, spendings=paid)
    return largest.operation


def _decide(access: Access, book: Book) -> None:
    facts = DeliberationFacts(
        date(book.start, 9, 28),
        Meeting.COOPERATIVE,
        "Le conseil choisit les sorties de l’année et les jeux de la cour. Chaque classe tiendra un stand à la kermesse.",
        "Les délégués de chaque classe, leurs enseignants",
    )
    record_deliberation(access=access, book=book, facts=facts, submission=uuid.uuid4())
