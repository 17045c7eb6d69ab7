"""Filling in a whole year at once, from a file: all of it or nothing; the same file twice changes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from retkoop.banking.queries import closing_statement_of
from retkoop.banking.services import StatementChanged, edit_statement, record_cash_count, record_statement
from retkoop.books.models import Book, CarriedItem
from retkoop.books.opening import carried_items_of
from retkoop.books.services import EditedMeanwhile
from retkoop.books.writable import Refused, writable
from retkoop.network.access import Access
from retkoop.year_end.direct.facts import Grant
from retkoop.year_end.direct.queries import GrantLine, grants_of, totals_said
from retkoop.year_end.direct.reading import Filled, Item, StatementSaid
from retkoop.year_end.direct.services import (
    add_unpointed,
    keep_opening,
    keep_totals,
    record_grant,
    remove_grant,
    remove_unpointed,
)

MEANWHILE = "Quelqu’un d’autre a changé ce compte rendu au même moment\u202f: renvoyez le fichier."


def fill_year(*, access: Access, book: Book, filled: Filled) -> None:
    """Write what a file says of a year in the place of what is noted; what it says nothing of stays.

    Raises Refused, and then nothing is written.
    """
    try:
        with transaction.atomic():
            _fill(access, writable(access.coop, book), filled)
    except (EditedMeanwhile, StatementChanged):
        raise Refused(MEANWHILE) from None


def _fill(access: Access, book: Book, filled: Filled) -> None:
    given: dict[str, Any] = {"access": access, "book": book}
    opening = totals_said(book).opening
    keep_opening(
        **given,
        moves=filled.opening,
        bank_account=book.bank_account,
        version=opening.version if opening else None,
        submission=uuid.uuid4(),
    )
    known = {grant_of(line): line.row.pk for line in grants_of(book, totals_said(book).receipts)}
    for grant, key in known.items():
        if filled.says_grants and grant not in filled.grants:
            remove_grant(**given, key=key)
    summary = totals_said(book).summary
    keep_totals(**given, totals=filled.totals, version=summary.version if summary else None, submission=uuid.uuid4())
    for grant in filled.grants:
        if grant not in known:
            record_grant(**given, grant=grant, submission=uuid.uuid4())
    if filled.says_items:
        _fill_items(given, carried_items_of(book), filled.items)
    if filled.statement:
        _fill_statement(access, book, filled.statement)
    if filled.quantities is not None:
        record_cash_count(**given, day=book.year.last_day, quantities=filled.quantities, submission=uuid.uuid4())


def grant_of(line: GrantLine) -> Grant:
    """Return a subsidy as it is noted."""
    row = line.row
    return Grant(row.tiers, line.line.purpose if line.line else "", row.bank, row.date, row.accounts, line.spent)


def _fill_items(given: dict[str, Any], noted: Iterable[CarriedItem], items: Iterable[Item]) -> None:
    left = list(items)
    for row in noted:
        item = Item(row.date, row.label, row.cheque, row.bank)
        if item in left:
            left.remove(item)
        elif row.pointed_year is None:
            remove_unpointed(**given, key=row.pk)
    for item in left:
        facts = {"date": item.date, "label": item.label, "cheque": item.cheque, "bank": item.bank}
        add_unpointed(**given, facts=facts, submission=uuid.uuid4())


def _fill_statement(access: Access, book: Book, said: StatementSaid) -> None:
    facts: dict[str, Any] = {"number": said.number, "day": said.date, "account_balance": said.account_balance}
    statement = closing_statement_of(writable(access.coop, book))
    if statement is None:
        record_statement(access=access, book=book, submission=uuid.uuid4(), **facts)
    elif (statement.number, statement.date, statement.account_balance) != tuple(facts.values()):
        edit_statement(access=access, statement=statement, version=statement.version, **facts)
