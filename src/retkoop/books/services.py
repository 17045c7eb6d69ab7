"""The verbs of the cahier. Each is one transaction: the rows, what is kept beside them, the event in the trail."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import Author, Trail, writing
from retkoop.books.entries import StillPointed, bring_back, insert_operations, remove_operations, rewrite_operation
from retkoop.books.findings import refresh_totals
from retkoop.books.importing import Refusal, read_book
from retkoop.books.models import Book, ImportBatch, Operation
from retkoop.books.posting import post, set_follows
from retkoop.books.queries import likenesses_in, operation_of, terms_of
from retkoop.books.sheets import Row
from retkoop.books.trash import COME_BACK
from retkoop.books.values import Posted, new_row, posted, with_vouchers
from retkoop.books.writable import Refused, refuse_against_statement, refuse_closed, refuse_direct, writable_cahier
from retkoop.domain import entry
from retkoop.domain.chart import BANK
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import Coop


class ImportRefused(Refused):
    """A file of which nothing was taken; `refusals` name each row that cannot be."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        rows = len({refusal.row for refusal in refusals})
        summary = f"{rows} ligne{'s' if rows > 1 else ''} à corriger : rien n’a été importé."
        super().__init__("\n".join([*map(str, refusals), summary]))
        self.refusals = refusals


class EditedMeanwhile(Exception):
    """Someone else changed or removed the operation since it was read; `current` is what it is now, None if gone."""

    def __init__(self, current: Operation | None) -> None:
        super().__init__()
        self.current = current


def open_book(*, access: Access, year: SchoolYear, bank_account: str | None = None) -> Book:
    """Open the book of a year, or return the one that is open already; by default on the kind of account of the latest one."""
    with writing(access.coop.chain, access.author) as trail:
        return book_in(trail, access.coop, year, bank_account)


def book_in(trail: Trail, coop: Coop, year: SchoolYear, bank_account: str | None = None) -> Book:
    """Return the book of a year, made where it is missing as `open_book` makes it; to be called inside a `writing`."""
    books = Book.objects.filter(coop=coop)
    book = books.filter(start=year.start).first()
    if book is None:
        if Coop.objects.filter(pk=coop.pk, closed_on__isnull=False).exists():
            raise Refused("Cette coopérative est fermée : aucune année ne s’y ouvre plus.")
        usual = books.order_by("-start").values_list("bank_account", flat=True).first() or BANK
        book = Book.objects.create(coop=coop, start=year.start, bank_account=bank_account or usual)
        trail.created(book, action="book.opened")
        refresh_totals(book)
    book.coop = coop
    return book


def record_operation(*, access: Access, book: Book, operation: entry.Operation, submission: uuid.UUID) -> Operation:
    """Add an operation to a book.

    Raises AlreadySubmitted where the form was sent before, Refused for a second opening.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable_cahier(access.coop, book)
        if operation.opening and book.has_opening:
            raise Refused("Le report à nouveau de cette année est déjà saisi. Modifiez-le plutôt.")
        [row] = add_operations(trail, book, [operation])
        settle_opening(trail, book, row)
        trail.created(row, action="operation.recorded", submission=submission)
        return row


def add_operations(trail: Trail, book: Book, operations: Sequence[entry.Operation], batch: ImportBatch | None = None) -> list[Operation]:
    """Write new operations and post them; the caller tells the trail. To be called inside a `writing`."""
    by_id = trail.author.user.pk if trail.author.user else None
    rows = [new_row(book, operation, at=trail.at, by_id=by_id, batch=batch) for operation in operations]
    insert_operations(rows, operations, book.bank_account)
    post(book, trail=trail, added=[posted(row, book) for row in rows])
    return rows


def record_operations(*, author: Author, coop: Coop, year: SchoolYear, operations: Sequence[entry.Operation]) -> Book:
    """Add many operations to the book of a year at once; it is opened where it is missing. Raises Refused for a second opening."""
    with writing(coop.chain, author) as trail:
        book = book_in(trail, coop, year)
        refuse_closed(book)
        refuse_direct(book)
        if sum(operation.opening for operation in operations) + book.has_opening > 1:
            raise Refused("Le report à nouveau de cette année est déjà saisi. Modifiez-le plutôt.")
        for row in add_operations(trail, book, operations):
            trail.created(row, action="operation.recorded")
        return book


def import_book(*, author: Author, coop: Coop, year: SchoolYear, file_name: str, rows: Sequence[Row]) -> ImportBatch:
    """Add the operations of a file to the book of a year, all or none, as one batch; the book is opened where it is missing.

    Raises UnreadableFile, or ImportRefused with all that cannot be taken.
    """
    with writing(coop.chain, author) as trail:
        book = book_in(trail, coop, year)
        refuse_closed(book)
        refuse_direct(book)
        terms = terms_of(book)
        reading = read_book(rows, terms.chart, likenesses_in(book))
        if reading.refusals:
            raise ImportRefused(reading.refusals)
        batch = ImportBatch.objects.create(coop=coop, book=book, file_name=file_name[-255:], made_at=trail.at)
        trail.created(batch, action="book.imported")
        for row in add_operations(trail, book, [read.operation for read in reading.operations], batch):
            trail.created(row, action="operation.imported")
        return batch


def undo_import(*, author: Author, batch: ImportBatch) -> int:
    """Take back all the operations of an import, and return how many they were.

    Raises Refused where it is done already, or where one of them was changed, removed or ticked since.
    """
    with writing(batch.book.coop.chain, author) as trail:
        batch = ImportBatch.objects.select_related("book__coop__association").get(pk=batch.pk)
        refuse_closed(batch.book)
        if batch.undone_at is not None:
            raise Refused("Cet import est déjà annulé.")
        made = AuditEvent.objects.filter(chain=batch.book.coop.chain, at=batch.made_at, action="operation.imported")
        since = AuditEvent.objects.filter(chain=batch.book.coop.chain, subject__in=made.values("subject")).exclude(at=batch.made_at)
        if since.exists():
            raise Refused("Des opérations de cet import ont été modifiées, supprimées ou pointées depuis : corrigez-les une à une.")
        rows = list(with_vouchers(batch.operations.all()))
        for row in rows:
            trail.deleted(row.subject, row.snapshot(), action="operation.unimported")
        remove_rows(trail, batch.book, rows, [posted(row, batch.book) for row in rows])
        before = batch.snapshot()
        batch.undone_at = trail.at
        batch.save()
        trail.changed(batch, before, action="book.unimported")
        return len(rows)


def edit_operation(*, access: Access, book: Book, key: int, version: int, operation: entry.Operation) -> Operation:
    """Replace an operation by what was typed. `version` is the one that the form was made from.

    A tick stays as it is. Raises EditedMeanwhile where the operation has changed since, Refused where it is ticked on a
    statement and would no longer move the bank, or is on a closed one and would move something else, or another day.
    """
    with writing(access.coop.chain, access.author) as trail:
        book = writable_cahier(access.coop, book)
        row = _current(book, key, version)
        refuse_against_statement(row, operation)
        old, before = posted(row, book), row.snapshot()
        settle_opening(trail, book, row)
        rewrite_operation(row, replace(operation, key=key, opening=row.opening), book.bank_account)
        post(book, trail=trail, removed=[old], added=[posted(row, book)])
        trail.changed(row, before, action="operation.edited")
        return row


def delete_operation(*, access: Access, book: Book, key: int, version: int) -> None:
    """Remove an operation; `restore_operation` brings it back.

    Raises EditedMeanwhile where it has changed since, Refused where it is ticked on a statement.
    """
    with writing(access.coop.chain, access.author) as trail:
        book = writable_cahier(access.coop, book)
        row = _current(book, key, version)
        old, before, subject = posted(row, book), row.snapshot(), row.subject
        settle_opening(trail, book, row)
        remove_rows(trail, book, [row], [old])
        trail.deleted(subject, before, action="operation.deleted")


def settle_opening(trail: Trail, book: Book, row: Operation) -> None:
    """Who types the opening knows better than the year before: it follows that one no more."""
    if row.opening:
        set_follows(trail, book, follows=False)


def remove_rows(trail: Trail, book: Book, rows: Sequence[Operation], values: Sequence[Posted]) -> None:
    """Delete operations and post their going. Raises Refused where one is ticked on a statement."""
    try:
        remove_operations(rows)
    except StillPointed:
        raise Refused("Cette opération est pointée sur un relevé. Dépointez-la d’abord, puis supprimez-la.") from None
    post(book, trail=trail, removed=values)


def restore_operation(*, access: Access, book: Book, key: int) -> Operation:
    """Bring a deleted operation back as it was. Raises Refused where the trail does not know it, it is there, or went another way."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable_cahier(access.coop, book)
        event = AuditEvent.objects.filter(chain=access.coop.chain, subject=f"books.operation:{key}").order_by("-sequence").first()
        state = event.before if event is not None and event.action in COME_BACK else None
        if state is None or state["book_id"] != book.pk or state.get("summary"):
            raise Refused("Cette opération ne peut plus être rétablie.")
        if state["opening"] and book.has_opening:
            raise Refused("Un autre report à nouveau a été saisi depuis.")
        row = bring_back(state)
        post(book, trail=trail, added=[posted(row, book)])
        trail.created(row, action="operation.restored")
        return row


def _current(book: Book, key: int, version: int) -> Operation:
    row = operation_of(book, key, to_write=True)
    if row is None or row.version != version:
        raise EditedMeanwhile(row)
    return row
