"""The verbs of a year that was kept elsewhere. Each is one transaction; the totals follow whatever else of the year changes.

What bank and cash held at the end was said once: where the opening or a subsidy changes, the operation of the totals moves
the rest anew (`domain.direct`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Final

from retkoop.audit.services import Trail, writing
from retkoop.books.entries import insert_operations, rewrite_operation
from retkoop.books.findings import refresh_all
from retkoop.books.models import Book, CarriedItem, Operation, Proof
from retkoop.books.opening import create_carried_item, delete_carried_item
from retkoop.books.posting import post, set_follows
from retkoop.books.services import EditedMeanwhile, remove_rows, settle_opening
from retkoop.books.values import new_row, opening_value, operation_value, posted
from retkoop.books.writable import Refused, writable
from retkoop.domain import entry
from retkoop.domain.closing import ClosingState
from retkoop.domain.dates import format_date
from retkoop.domain.direct import YearTotals, summary_of
from retkoop.domain.money import Cents
from retkoop.domain.registers import report_due
from retkoop.network.access import Access
from retkoop.registers.facts import SubsidyFacts
from retkoop.registers.models import Subsidy
from retkoop.registers.services import change_subsidy, replace_spendings, table_subsidy, take_off
from retkoop.year_end.closing.queries import closing_of
from retkoop.year_end.direct.facts import Grant
from retkoop.year_end.direct.queries import Rows, rows_of

PAPERS: Final = "Comptes tenus hors de Retkoop"
"""Where the vouchers of such a year are: nobody is asked for them here."""
NOT_EMPTY: Final = "Des opérations sont déjà notées dans le cahier de cette année\u202f: continuez-le, ou supprimez-les d’abord."
NOT_DIRECT: Final = "Cette année se tient dans le cahier\u202f: choisissez d’abord de ne saisir que le compte rendu."
ALREADY_SENT: Final = "Ce compte rendu a déjà été transmis\u202f: il reste un compte rendu sans cahier."
SIGNING: Final = "Ces comptes attendent leurs signatures\u202f: reprenez d’abord la préparation, à la page «\u00a0Fin d’année\u00a0»."


def choose_direct(*, access: Access, book: Book) -> Book:
    """Say that the year was kept elsewhere: its form replaces the cahier. Raises Refused where the cahier has begun."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        if book.operation_count and not book.direct:
            raise Refused(NOT_EMPTY)
        set_follows(trail, book, follows=False)
        _mark(trail, book, direct=True)
        return book


def leave_direct(*, access: Access, book: Book) -> Book:
    """Go back to a cahier: the totals, the subsidies and what the bank had not done of this year go, the opening stays.

    Raises Refused where the year was sent, waits for signatures, or a later statement shows one of these items.
    """
    with _keeping(access=access, book=book) as (trail, current):
        closing = closing_of(current)
        if closing.sent_at is not None:
            raise Refused(ALREADY_SENT)
        if closing.state == ClosingState.SIGNING:
            raise Refused(SIGNING)
        for line in Subsidy.audited_rows().filter(book=current):
            take_off(trail, current, line)
        rows = Rows(rows_of(current))
        _remove(trail, current, [*rows.receipts, *([rows.summary] if rows.summary else [])])
        for key in CarriedItem.objects.filter(book=current, date__gte=current.year.first_day).values_list("pk", flat=True):
            delete_carried_item(trail, current, key)
        _mark(trail, current, direct=False)
    return current


def keep_opening(  # noqa: PLR0913 -- an opening is these facts
    *, access: Access, book: Book, moves: entry.Moves, bank_account: str, version: int | None, submission: uuid.UUID
) -> None:
    """Note what the year started with, on which kind of account, or correct it (`version`, None where there was none).

    Raises AlreadySubmitted, Refused, and EditedMeanwhile where someone else noted or changed it since.
    """
    with _keeping(access=access, book=book, submission=submission) as (trail, current):
        row = Rows(rows_of(current)).opening
        value = opening_value(current, moves)
        if row is None and version is None:
            _add(trail, current, value, "operation.recorded", submission)
        else:
            kept = _current(row, version, value)
            if moves != entry.Moves(kept.bank, kept.cash, kept.regie):
                settle_opening(trail, current, kept)
            _change(trail, current, kept, value, "operation.edited")
        if current.bank_account != bank_account:
            _change_account(trail, current, bank_account)


def keep_totals(*, access: Access, book: Book, totals: YearTotals, version: int | None, submission: uuid.UUID) -> Operation:
    """Note the totals of the year, or correct those of which the form was made. Raises as `keep_opening`."""
    with _keeping(access=access, book=book, submission=submission) as (trail, current):
        rows = Rows(rows_of(current))
        row, value = rows.summary, summary_of(totals, current.year, rows.others)
        if row is None and version is None:
            row = _add(trail, current, value, "totals.recorded", submission)
            for line in Subsidy.audited_rows().filter(book=current):
                _spend(trail, current, line, sum(spending.amount for spending in line.spendings.all()))
            return row
        return _change(trail, current, _current(row, version, value), value, "totals.changed")


def add_unpointed(*, access: Access, book: Book, facts: Mapping[str, object], submission: uuid.UUID) -> CarriedItem:
    """Note what the statement of the end does not show (`date`, `label`, `bank`, `cheque`, `piece`): the next cahier points it.

    Raises AlreadySubmitted, Refused for a day after the year.
    """
    with _keeping(access=access, book=book, submission=submission) as (trail, current):
        day = facts["date"]
        if isinstance(day, date) and day > current.year.last_day:
            raise Refused(f"Le {format_date(day)} vient après l’année scolaire {current.year}\u202f: il se notera dans l’année suivante.")
        return create_carried_item(trail, current, facts, submission)


def remove_unpointed(*, access: Access, book: Book, key: int) -> None:
    """Take back such an item; what is gone stays so. Raises Refused where a statement shows it."""
    with _keeping(access=access, book=book) as (trail, current):
        delete_carried_item(trail, current, key)


def record_grant(*, access: Access, book: Book, grant: Grant, submission: uuid.UUID) -> Operation:
    """Note a subsidy: the operation that received it, its line in the table, what was spent of it.

    Raises AlreadySubmitted, Refused for a day outside the year, or for more spent than was received. What the charges of the year
    do not explain, or not yet, the checks say: the steps are filled in in any order.
    """
    with _keeping(access=access, book=book, submission=submission) as (trail, current):
        _check(current, grant)
        row = _add(trail, current, grant.receipt(_next_piece(current)), "operation.recorded", submission)
        line = table_subsidy(trail, current, row.pk, grant.line(report_due(current.year)))
        _spend(trail, current, line, grant.spent)
        return row


def edit_grant(*, access: Access, book: Book, key: int, version: int, grant: Grant) -> Operation:
    """Correct a subsidy, named by the operation that received it. Raises EditedMeanwhile, and Refused as `record_grant`."""
    with _keeping(access=access, book=book) as (trail, current):
        found = next((one for one in Rows(rows_of(current)).receipts if one.pk == key), None)
        value = grant.receipt(found.piece if found else "")
        row = _current(found, version, value)
        _check(current, grant)
        row = _change(trail, current, row, value, "operation.edited")
        line = Subsidy.audited_rows().filter(book=current, operation=key).first()
        facts = grant.line(report_due(current.year))
        if line is None:
            line = table_subsidy(trail, current, key, facts)
        elif grant.spent < sum(spending.amount for spending in line.spendings.all()):
            _spend(trail, current, line, grant.spent)  # first, so that it holds in the new amount
        change_subsidy(trail, current, line, _kept(line, facts))
        _spend(trail, current, line, grant.spent)
        return row


def remove_grant(*, access: Access, book: Book, key: int) -> None:
    """Take a subsidy back, with its line in the table; what is gone stays so."""
    with _keeping(access=access, book=book) as (trail, current):
        row = next((one for one in Rows(rows_of(current)).receipts if one.pk == key), None)
        if row is not None:
            for line in Subsidy.audited_rows().filter(book=current, operation=key):
                take_off(trail, current, line)
            _remove(trail, current, [row])


@contextmanager
def _keeping(*, access: Access, book: Book, submission: uuid.UUID | None = None) -> Iterator[tuple[Trail, Book]]:
    """Yield the trail and the book as it is now; once all is done, the totals move what is left to what was said of the end."""
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable(access.coop, book)
        if not book.direct:
            raise Refused(NOT_DIRECT)
        before = Rows(rows_of(book))
        yield trail, book
        rows = Rows(rows_of(book))
        if before.totals and rows.summary and rows.others != before.others:
            _change(trail, book, rows.summary, summary_of(before.totals, book.year, rows.others), "totals.followed")


def _mark(trail: Trail, book: Book, *, direct: bool) -> None:
    if book.direct != direct:
        before = book.snapshot()
        book.direct = direct
        book.save(update_fields=["direct"])
        trail.changed(book, before, action="direct.chosen" if direct else "direct.left")
        refresh_all(book)  # they speak of a cahier, or do not


def _add(trail: Trail, book: Book, value: entry.Operation, action: str, submission: uuid.UUID) -> Operation:
    """Write an operation: on a statement and on paper as far as anybody asks; an opening is neither."""
    row = new_row(book, value, at=trail.at, by_id=trail.author.user.pk if trail.author.user else None)
    if not value.opening:
        row.pointed_year, row.proof, row.proof_place = book.start, Proof.PAPER, PAPERS
    insert_operations([row], [value], book.bank_account)
    post(book, trail=trail, added=[posted(row, book)])
    trail.created(row, action=action, submission=submission)
    return row


def _current(row: Operation | None, version: int | None, value: entry.Operation) -> Operation:
    """Return a row that is still as the form saw it, or that says the same already: a double click, two people of one mind."""
    if row is None or (row.version != version and _as_row(row, value) != operation_value(row)):
        raise EditedMeanwhile(row)
    return row


def _as_row(row: Operation, value: entry.Operation) -> entry.Operation:
    """Return what an operation would be with this said of it."""
    was = operation_value(row)
    return replace(value, key=row.pk, pointed=was.pointed, proven=was.proven, entered_at=was.entered_at)


def _change(trail: Trail, book: Book, row: Operation, value: entry.Operation, action: str) -> Operation:
    """Replace what an operation says, unless it says so already."""
    told = _as_row(row, value)
    if told != operation_value(row):
        old, before = posted(row, book), row.snapshot()
        rewrite_operation(row, told, book.bank_account)
        post(book, trail=trail, removed=[old], added=[posted(row, book)])
        trail.changed(row, before, action=action)
    return row


def _remove(trail: Trail, book: Book, rows: list[Operation]) -> None:
    told = [(row.subject, row.snapshot()) for row in rows]
    remove_rows(trail, book, rows, [posted(row, book) for row in rows])
    for subject, before in told:
        trail.deleted(subject, before, action="totals.removed" if before["summary"] else "operation.withdrawn")


def _change_account(trail: Trail, book: Book, bank_account: str) -> None:
    """Book all that moved the bank on another kind of account."""
    rows = rows_of(book)
    post(book, trail=trail, removed=[posted(row, book) for row in rows])
    before = book.snapshot()
    book.bank_account = bank_account
    book.save(update_fields=["bank_account"])
    trail.changed(book, before, action="book.account_chosen")
    for row in rows:
        was = row.snapshot()
        rewrite_operation(row, operation_value(row), bank_account)
        trail.changed(row, was, action="operation.edited")
    post(book, trail=trail, added=[posted(row, book) for row in rows])


def _check(book: Book, grant: Grant) -> None:
    if grant.day not in book.year:
        raise Refused(f"Le {format_date(grant.day)} n’est pas dans l’année scolaire {book.year}.")


def _next_piece(book: Book) -> str:
    last = max((row.piece for row in Rows(rows_of(book)).receipts), key=entry.natural_key, default="SUB0")
    return entry.next_piece(last)


def _spend(trail: Trail, book: Book, line: Subsidy, spent: Cents) -> None:
    """Tell what a subsidy paid of the charges of the year; until its totals are given, that waits under the operation that received it."""
    summary = Rows(rows_of(book)).summary
    replace_spendings(trail, book, line, {summary.pk if summary else line.operation_id: spent})


def _kept(line: Subsidy, facts: SubsidyFacts) -> SubsidyFacts:
    """Return what is said of a line now, with what its register alone asks."""
    dates = {name: getattr(line, name) for name in ("notified_on", "justify_before", "justified_on")}
    return replace(facts, **dates, notification_id=line.notification_id)
