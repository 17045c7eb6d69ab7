"""The rows of operations and of their double entry: written, rewritten, taken away, brought back. Nothing here posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import ProtectedError

from retkoop.archive.models import Document
from retkoop.audit.statements import Delete, Insert, Update
from retkoop.books.models import EntryLine, Operation, Proof, Voucher
from retkoop.books.values import fill, line_rows
from retkoop.domain import entry

_INSERT: Final = Insert(Operation)
_UPDATE: Final = Update(Operation)
_INSERT_LINE: Final = Insert(EntryLine)
_DELETE_LINES: Final = Delete(EntryLine, "operation_id")


class StillPointed(Exception):
    """An operation cannot go while a statement holds it."""


def insert_operations(rows: Sequence[Operation], operations: Sequence[entry.Operation], bank_account: str) -> None:
    """Write new operations, each with its double entry."""
    _INSERT.each(rows)
    for row, operation in zip(rows, operations, strict=True):
        _remember(row, line_rows(row, entry.lines_of(operation, bank_account)))
    _INSERT_LINE.many(line for row in rows for line in row.lines.all())


def rewrite_operation(row: Operation, operation: entry.Operation, bank_account: str) -> None:
    """Replace what an operation says; its version goes up."""
    fill(row, operation)
    row.version += 1
    _UPDATE.one(row)
    _DELETE_LINES.many([row.pk])
    _write_lines(row, line_rows(row, entry.lines_of(operation, bank_account)))


def remove_operations(rows: Sequence[Operation]) -> None:
    """Delete operations with their double entry. Raises StillPointed where one is ticked on a statement."""
    try:
        Operation.objects.filter(pk__in=[row.pk for row in rows]).delete()
    except ProtectedError:
        raise StillPointed from None


def bring_back(state: Mapping[str, Any]) -> Operation:
    """Write a deleted operation again from its last snapshot, under its own key; its version goes up."""
    names = {field.attname: field for field in Operation._meta.concrete_fields}
    row = Operation(**{name: field.to_python(state[name] if name in state else Operation.unset(name)) for name, field in names.items()})
    row.version += 1
    row.save(force_insert=True)
    write_vouchers(row, state["vouchers"])
    _write_lines(row, line_rows(row, [entry.Line(*line) for line in state["lines"]]))
    return row


def write_vouchers(row: Operation, documents: Iterable[int]) -> None:
    """Tie an operation to these documents, those that are still there, and to no other; and say how it is proven."""
    wanted = list(documents)
    there = set(Document.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    vouchers = [Voucher(coop_id=row.coop_id, book_id=row.book_id, operation_id=row.pk, document_id=key) for key in wanted if key in there]
    Voucher.objects.filter(operation=row).delete()
    Voucher.objects.bulk_create(vouchers)
    if vouchers:
        row.proof, row.proof_place = Proof.JOINED, ""
    elif row.proof == Proof.JOINED:
        row.proof = Proof.MISSING
    Operation.objects.filter(pk=row.pk).update(proof=row.proof, proof_place=row.proof_place)
    row._prefetched_objects_cache = {**getattr(row, "_prefetched_objects_cache", {}), "vouchers": vouchers}  # type: ignore[attr-defined]  # noqa: SLF001 -- idem


def _write_lines(row: Operation, lines: list[EntryLine]) -> None:
    _INSERT_LINE.many(lines)
    _remember(row, lines)


def _remember(row: Operation, lines: list[EntryLine]) -> None:
    """Let `row.lines.all()` answer from what is being written, instead of asking the database again."""
    vouchers = getattr(row, "_prefetched_objects_cache", {}).get("vouchers", [])
    row._prefetched_objects_cache = {"lines": lines, "vouchers": vouchers}  # type: ignore[attr-defined]  # noqa: SLF001 -- Django's prefetch cache
