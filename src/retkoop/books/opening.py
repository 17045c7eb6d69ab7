"""The opening of a book (report à nouveau): what the year starts with, on which account, and what its bank had not done yet."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import Trail, writing
from retkoop.books.entries import rewrite_operation
from retkoop.books.findings import refresh_totals
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.posting import post
from retkoop.books.queries import account_totals_of, operation_of, other_books
from retkoop.books.services import EditedMeanwhile, edit_operation, record_operation
from retkoop.books.values import closing_moves, opening_value, operation_value, posted
from retkoop.books.writable import Refused, refuse_direct, writable_cahier
from retkoop.domain import entry
from retkoop.domain.dates import format_date
from retkoop.domain.money import Cents
from retkoop.network.access import Access


def opening_of(book: Book) -> Operation | None:
    """Return the opening of a book, if it is noted."""
    return Operation.objects.filter(book=book, opening=True).first()


def moves_of(row: Operation) -> entry.Moves:
    return entry.Moves(row.bank, row.cash, row.regie)


def proposed_moves(book: Book, books: Sequence[Book]) -> entry.Moves | None:
    """Return what last year's book closed with, None where it holds nothing or is not known."""
    previous = next((other for other in books if other.start == book.start - 1), None)
    if previous is None or not (previous.operation_count or previous.has_opening):
        return None
    return closing_moves(account_totals_of(previous))


def carried_items_of(book: Book) -> list[CarriedItem]:
    """Return the bank moves of years kept elsewhere that were written down when this book opened."""
    return list(CarriedItem.objects.filter(book=book))


def bank_has_moved(book: Book) -> bool:
    """Tell whether something moved the bank since the opening: from then on its kind stays."""
    return book.last_bank_move is not None


def choose_bank_account(*, access: Access, book: Book, bank_account: str) -> None:
    """Say whether the coop has a bank account (512) or a compte chèque postal (514); the opening follows.

    Raises Refused once the bank has moved.
    """
    with writing(access.coop.chain, access.author) as trail:
        book = writable_cahier(access.coop, book)
        if book.bank_account == bank_account:
            return
        if bank_has_moved(book):
            raise Refused("De l’argent est déjà passé par la banque cette année : ce compte ne peut plus changer de nature.")
        noted = opening_of(book)
        row = operation_of(book, noted.pk, to_write=True) if noted else None
        if row:
            post(book, trail=trail, removed=[posted(row, book)])
        before = book.snapshot()
        book.bank_account = bank_account
        book.save(update_fields=["bank_account"])
        trail.changed(book, before, action="book.account_chosen")
        if row:
            before = row.snapshot()
            rewrite_operation(row, operation_value(row), bank_account)
            post(book, trail=trail, added=[posted(row, book)])
            trail.changed(row, before, action="operation.edited")


def keep_opening(*, access: Access, book: Book, moves: entry.Moves, version: int | None, submission: uuid.UUID) -> Operation:
    """Note the opening, or correct the one of which the form was made (`version`, None where there was none).

    Raises AlreadySubmitted, Refused, and EditedMeanwhile where someone else noted, changed or removed it since.
    """
    refuse_direct(book)
    if version is None:
        try:
            return record_operation(access=access, book=book, operation=opening_value(book, moves), submission=submission)
        except Refused:
            raise EditedMeanwhile(opening_of(book)) from None
    row = opening_of(book)
    if row is None:
        raise EditedMeanwhile(None)
    if row.version != version and moves_of(row) == moves:
        return row  # a double click, or two people of one mind
    return edit_operation(access=access, book=book, key=row.pk, version=version, operation=opening_value(book, moves))


def add_carried_item(  # noqa: PLR0913 -- an item is these facts
    *, access: Access, book: Book, day: date, label: str, bank: Cents, submission: uuid.UUID, piece: str = "", cheque: str = ""
) -> CarriedItem:
    """Write down a bank move of a former year, kept elsewhere, that the statement did not show yet when the book opened.

    Raises AlreadySubmitted, Refused for a day that the book itself covers.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable_cahier(access.coop, book)
        if day >= book.year.first_day:
            raise Refused(f"Ici, les opérations d’avant le {format_date(book.year.first_day)}. Notez celle-ci dans le cahier.")
        facts = {"piece": piece, "date": day, "label": label, "cheque": cheque, "bank": bank}
        return create_carried_item(trail, book, facts, submission)


def create_carried_item(trail: Trail, book: Book, facts: Mapping[str, object], submission: uuid.UUID) -> CarriedItem:
    """Write an item, its columns as `facts`, and have the reconciliations count it. To be called inside a `writing`."""
    item = CarriedItem.objects.create(coop_id=book.coop_id, book=book, **facts)
    trail.created(item, action="carried_item.recorded", submission=submission)
    _settle(book)
    return item


def remove_carried_item(*, access: Access, book: Book, key: int) -> None:
    """Take back an item; `restore_carried_item` brings it again. What is gone stays so. Raises Refused where it is ticked."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable_cahier(access.coop, book)
        delete_carried_item(trail, book, key)


def delete_carried_item(trail: Trail, book: Book, key: int) -> None:
    """Take back an item, unless it is gone. To be called inside a `writing`. Raises Refused where it is ticked."""
    item = CarriedItem.objects.filter(book=book, pk=key).first()
    if item is None:
        return
    if item.pointed_year is not None:
        raise Refused("Cette opération est pointée sur un relevé. Dépointez-la d’abord, puis retirez-la.")
    subject, before = item.subject, item.snapshot()
    item.delete()
    trail.deleted(subject, before, action="carried_item.removed")
    _settle(book)


def restore_carried_item(*, access: Access, book: Book, key: int) -> CarriedItem:
    """Bring a removed item back as it was. Raises Refused where the trail does not know it, or it is there."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable_cahier(access.coop, book)
        event = AuditEvent.objects.filter(chain=access.coop.chain, subject=CarriedItem(pk=key).subject).order_by("-sequence").first()
        state = event.before if event is not None and event.after is None else None
        if state is None or state["book_id"] != book.pk:
            raise Refused("Cette opération ne peut plus être rétablie.")
        item = CarriedItem(**{field.attname: field.to_python(state[field.attname]) for field in CarriedItem._meta.concrete_fields})
        item.save(force_insert=True)
        trail.created(item, action="carried_item.restored")
        _settle(book)
        return item


def _settle(book: Book) -> None:
    """Have the reconciliation of this year and of the later ones count the items that are there now."""
    book.has_carried_items = CarriedItem.objects.filter(book=book).exists()
    book.save(update_fields=["has_carried_items"])
    for each in (book, *(other for other in other_books(book) if other.start > book.start)):
        refresh_totals(each)
