"""Rows to values and back: the one door between the cahier's tables and the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from retkoop.books.models import Book, EntryLine, ImportBatch, Operation, Proof
from retkoop.domain import entry, ledger
from retkoop.domain.chart import BANK, CASH, POSTAL, REGIE, fold


class Posted(NamedTuple):
    """An operation as the rules see it, and whether the book's own year (or one before) has it on a statement."""

    operation: entry.Operation
    pointed_here: bool


def with_lines(rows: QuerySet[Operation]) -> QuerySet[Operation]:
    """Ask for the double entry along with the operations: all that their values need."""
    return rows.prefetch_related("lines")


def with_vouchers(rows: QuerySet[Operation]) -> QuerySet[Operation]:
    """Ask for the double entry and the vouchers along with the operations: all that their snapshots need."""
    return rows.prefetch_related("lines", "vouchers")


def operation_value(row: Operation) -> entry.Operation:
    """Return the value of an operation whose lines are at hand."""
    _, parts = entry.moves_and_parts(entry.Line(line.account, line.debit, line.credit) for line in row.lines.all())
    return entry.Operation(
        key=row.pk,
        piece=row.piece,
        date=row.date,
        label=row.label,
        moves=entry.Moves(row.bank, row.cash, row.regie),
        parts=parts,
        tiers=row.tiers,
        cheque=row.cheque,
        project=row.project,
        classe=row.classe,
        opening=row.opening,
        pointed=row.pointed_year is not None,
        proven=row.proof != Proof.MISSING,
        entered_at=row.entered_at,
        summary=row.summary,
    )


def opening_value(book: Book, moves: entry.Moves) -> entry.Operation:
    """Return the opening of a book with what it starts with."""
    label = f"Report à nouveau de l’année {book.year.previous}"
    return entry.Operation(key=0, piece=entry.OPENING_PIECE, date=book.year.first_day, label=label, moves=moves, opening=True)


def closing_moves(totals: Mapping[str, ledger.AccountTotal]) -> entry.Moves:
    """Return what the accounts of a year end with, as the opening of the next one."""
    bank = ledger.net_of(totals, BANK) + ledger.net_of(totals, POSTAL)
    return entry.Moves(bank, ledger.net_of(totals, CASH), ledger.net_of(totals, REGIE))


def posted(row: Operation, book: Book) -> Posted:
    return Posted(operation_value(row), row.pointed_year is not None and row.pointed_year <= book.start)


def fill(row: Operation, operation: entry.Operation) -> None:
    """Write the columns of an operation from its value; pointing, lines and bookkeeping columns are left alone."""
    row.piece, row.piece_key = operation.piece, entry.natural_key(operation.piece)
    row.date, row.label = operation.date, operation.label
    row.tiers, row.tiers_key = operation.tiers, fold(operation.tiers)
    row.cheque, row.cheque_number = operation.cheque, operation.cheque_number
    row.project, row.classe = operation.project, operation.classe
    row.opening, row.summary = operation.opening, operation.summary
    row.kind, row.accounts = operation.kind.value, " ".join(dict.fromkeys(part.account for part in operation.parts))
    texts = (operation.label, operation.tiers, operation.piece, operation.cheque, operation.project, operation.classe)
    row.words = fold(" ".join(texts))
    row.bank, row.cash, row.regie = operation.moves.bank, operation.moves.cash, operation.moves.regie


def new_row(book: Book, operation: entry.Operation, *, at: datetime, by_id: int | None, batch: ImportBatch | None = None) -> Operation:
    """Return an unsaved row for a new operation; one that comes pointed is so in the book's own year."""
    pointed_year = book.start if operation.pointed and operation.moves.bank else None
    row = Operation(coop_id=book.coop_id, book=book, batch=batch, entered_at=at, entered_by_id=by_id, pointed_year=pointed_year)
    fill(row, operation)
    return row


def line_rows(row: Operation, lines: Iterable[entry.Line]) -> list[EntryLine]:
    """Return the unsaved double entry of a saved operation."""
    return [
        EntryLine(
            coop_id=row.coop_id,
            book_id=row.book_id,
            operation_id=row.pk,
            position=position,
            account=line.account,
            debit=line.debit,
            credit=line.credit,
        )
        for position, line in enumerate(lines, start=1)
    ]


def operation_values(rows: Iterable[Operation]) -> list[entry.Operation]:
    return [operation_value(row) for row in rows]
