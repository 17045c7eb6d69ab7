"""Verification: the database is whole, the trail holds, and all that is kept beside the operations is what they say.

What is kept is worked out again by the domain, from the double entry alone, book by book. Each fault is one French
sentence that names the book and the thing at fault; nothing is mended here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import chain
from typing import Any, Final

from django.db import connection

from retkoop.audit.queries import faults as faults_of_trail
from retkoop.audit.queries import readable
from retkoop.books.findings import rows_from_scratch
from retkoop.books.models import KEPT, AccountTotal, Book, CarriedItem, DayTotal, KeptFinding, Operation, Proof
from retkoop.books.values import fill, operation_value, posted, with_vouchers
from retkoop.domain import entry, ledger
from retkoop.network.models import Coop
from retkoop.oversight.national.publishing import faults_of_publications
from retkoop.upkeep.evidence import faults_of_documents
from retkoop.year_end.seal.certificate import faults_of_certificates
from retkoop.year_end.seal.verification import faults_of_seals

_OF_ITS_OWN: Final = frozenset({"id", "batch_id", "pointed_year", "proof", "proof_place", "entered_at", "entered_by_id", "version"})
"""Columns of an operation that follow from no other: the trail alone answers for them."""


def faults() -> Iterator[str]:
    """Tell all that is wrong with this installation, as it is at one moment: people may work meanwhile."""
    with at_one_moment():
        yield from _faults()


@contextmanager
def at_one_moment() -> Iterator[None]:
    """Have all that is read be of the same moment; nobody waits for it. Inside a transaction, which sees one already, nothing is done."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:  # by hand: a transaction of Django's would keep other writers of SQLite out
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _faults() -> Iterator[str]:
    yield from faults_of_storage()
    yield from faults_of_trail()
    yield from faults_of_documents()
    yield from faults_of_search()
    yield from faults_of_certificates()
    yield from faults_of_seals()
    yield from faults_of_publications()
    for key, book in readable(Book.objects.select_related("coop__association"), Book.objects.order_by("pk").values_list("pk", flat=True)):
        if book is None:
            yield f"cahier {key} : illisible"
        else:
            yield from _named(book)


def _named(book: Book) -> Iterator[str]:
    try:
        name = f"{book.coop.rne} {book.year}"
        yield from (f"{name}, {fault}" for fault in faults_of_book(book))
    except Exception as problem:  # noqa: BLE001 -- whatever was written in the database, verification says so and goes on
        yield f"cahier {book.pk} : illisible, {problem}"


def faults_of_storage() -> Iterator[str]:
    """Ask SQLite whether its file is whole; PostgreSQL holds its own constraints at each write."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        yield from (f"base de données : {said}" for (said,) in cursor.fetchall() if said != "ok")
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, parent, _ in cursor.fetchall():
            yield f"base de données : la ligne {row} de {table} renvoie à un enregistrement de {parent} qui n’existe pas"


def faults_of_search() -> Iterator[str]:
    """Hold the words by which an AD finds its coops against what they are made of."""
    for coop in Coop.objects.order_by("pk").prefetch_related("mandates", "roles__user").iterator(chunk_size=500):
        if coop.words != coop.searched_words():
            yield f"{coop.rne} : les mots par lesquels on la cherche ne sont pas les siens"


def faults_of_book(book: Book) -> Iterator[str]:
    """Work out again what is kept of a book from its double entry, and tell what differs."""
    rows = []
    keys = Operation.objects.filter(book=book).order_by("pk").values_list("pk", flat=True)
    for key, row in readable(with_vouchers(Operation.objects.all()), keys):
        if row is None:
            yield f"opération {key} : illisible"
        else:
            rows.append(row)
            yield from _faults_of_operation(row, book)
    operations = [operation_value(row) for row in rows]
    yield from _differences("total du compte", _kept_totals(book), _totals(rows))
    yield from _differences("total du jour", _kept_days(book), _days(operations))
    yield from _differences("compteur", {name: getattr(book, name) for name in KEPT}, _counters(rows, operations, book))
    yield from _differences("constat", _counted(KeptFinding.objects.filter(book=book)), _counted(rows_from_scratch(book, operations)))
    yield from _strays(book)


def _differences(what: str, kept: Mapping[Any, object], expected: Mapping[Any, object]) -> Iterator[str]:
    for name in sorted({*kept, *expected}, key=str):
        if kept.get(name) != expected.get(name):
            yield f"{what} {_said(name)} : gardé {_said(kept.get(name))}, recalculé {_said(expected.get(name))}"


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    return "rien" if value is None else str(value)


def _faults_of_operation(row: Operation, book: Book) -> Iterator[str]:
    """Hold an operation against its double entry, and what follows from its columns against these columns."""
    name = f"pièce « {row.piece} » (opération {row.pk})"
    lines = list(row.lines.all())
    value = operation_value(row)
    moves, _ = entry.moves_and_parts(entry.Line(line.account, line.debit, line.credit) for line in lines)
    if sum(line.debit for line in lines) != sum(line.credit for line in lines):
        yield f"{name} : le débit et le crédit diffèrent"
    if moves != value.moves:
        yield f"{name} : ses écritures ne disent pas ce qui a été payé ou reçu"
    if [(line.account, line.debit, line.credit) for line in lines] != [
        (line.account, line.debit, line.credit) for line in entry.lines_of(value, book.bank_account)
    ]:
        yield f"{name} : ses écritures ne sont pas celles de l’opération"
    if [(line.position, line.book_id, line.coop_id) for line in lines] != [
        (place, row.book_id, row.coop_id) for place in range(1, len(lines) + 1)
    ]:
        yield f"{name} : ses écritures sont mal rangées"
    vouchers = list(row.vouchers.all())
    if (row.proof == Proof.JOINED) != bool(vouchers):
        yield f"{name} : ses justificatifs ne sont pas ceux qu’elle dit"
    if {(voucher.book_id, voucher.coop_id) for voucher in vouchers} - {(row.book_id, row.coop_id)}:
        yield f"{name} : ses justificatifs sont mal rangés"
    again = Operation(coop_id=book.coop_id, book_id=book.pk)
    fill(again, value)
    for field in Operation._meta.concrete_fields:
        if field.attname not in _OF_ITS_OWN and getattr(again, field.attname) != getattr(row, field.attname):
            yield f"{name} : {field.attname} ne suit pas du reste"


def _kept_totals(book: Book) -> dict[str, tuple[int, int]]:
    rows = AccountTotal.objects.filter(book=book).values_list("account", "debit", "credit")
    return {account: (debit, credit) for account, debit, credit in rows if debit or credit}


def _totals(rows: Iterable[Operation]) -> dict[str, tuple[int, int]]:
    totals: dict[str, ledger.AccountTotal] = {}
    for line in chain.from_iterable(row.lines.all() for row in rows):
        totals[line.account] = (totals.get(line.account) or ledger.AccountTotal(line.account)).plus(line.debit, line.credit)
    return {account: (total.debit, total.credit) for account, total in totals.items()}


def _kept_days(book: Book) -> dict[date, tuple[int, int, int]]:
    rows = DayTotal.objects.filter(book=book).values_list("day", "bank", "cash", "operations")
    return {day: (bank, cash, number) for day, bank, cash, number in rows if bank or cash or number}


def _days(operations: Iterable[entry.Operation]) -> dict[date, tuple[int, int, int]]:
    days: dict[date, tuple[int, int, int]] = {}
    for operation in operations:
        if not operation.opening:
            bank, cash, number = days.get(operation.date, (0, 0, 0))
            days[operation.date] = (bank + operation.moves.bank, cash + operation.moves.cash, number + 1)
    return days


def _counters(rows: Iterable[Operation], operations: Iterable[entry.Operation], book: Book) -> dict[str, object]:
    """Return what the columns of KEPT should hold."""
    operations = list(operations)
    others = [operation for operation in operations if not operation.opening]
    opening = [operation.moves for operation in operations if operation.opening]
    unpointed = [row.bank for row in rows if row.bank and not row.opening and not posted(row, book).pointed_here]
    return {
        "operation_count": len(others),
        "last_operation": max((operation.date for operation in others), default=None),
        "unproven_count": sum(not operation.proven for operation in others),
        "deposit_count": sum(operation.is_deposit for operation in others),
        "last_bank_move": max((move.day for move in ledger.day_moves(operations) if move.bank), default=None),
        "cash": sum(operation.moves.cash for operation in operations),
        "assets": ledger.total_assets(ledger.account_totals(operations, book.bank_account)),
        "unpointed_sum": sum(unpointed),
        "unpointed_count": len(unpointed),
        "opening_bank": sum(moves.bank for moves in opening),
        "opening_cash": sum(moves.cash for moves in opening),
        "has_opening": bool(opening),
        "has_carried_items": CarriedItem.objects.filter(book=book).exists(),
        "count_book": None if book.count_day is None else ledger.cash_on(operations, book.count_day),
    }


def _counted(rows: Iterable[KeptFinding]) -> Counter[tuple[object, ...]]:
    names = [field.attname for field in KeptFinding._meta.concrete_fields if not field.primary_key]
    return Counter(tuple(getattr(row, name) for name in names) for row in rows)


def _strays(book: Book) -> Iterator[str]:
    """Tell what is kept of the book under the name of another coop, by which it would be looked for."""
    for model, name in ((AccountTotal, "total de compte"), (DayTotal, "total de jour")):
        for row in model.objects.filter(book=book).exclude(coop=book.coop):
            yield f"{name} {row} : rangé chez une autre coopérative"
