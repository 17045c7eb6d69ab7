"""The verbs of the bank and of the cash box. Each is one transaction: the rows, what the book is told of them, the event in the trail.

Recording carries the form's `submission`, so that a resend makes nothing twice. Ticking, closing and removing say the state that
is wanted: done twice, they change nothing the second time.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import Trail, writing
from retkoop.banking.models import BankStatement, CashCountRecord, Pointing
from retkoop.banking.queries import gap_of, pointable_items, pointable_operations, statement_value
from retkoop.books.findings import refresh_groups, refresh_totals
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.posting import set_pointed, settle_count
from retkoop.books.queries import books_of, days_of, own_unpointed
from retkoop.books.values import operation_values, with_lines, with_vouchers
from retkoop.books.writable import Refused, refuse_closed, writable
from retkoop.domain.cash_count import total_counted
from retkoop.domain.checks.scope import Scope
from retkoop.domain.dates import format_date
from retkoop.domain.money import Cents, format_amount
from retkoop.domain.reconciliation import closing_statement
from retkoop.network.access import Access
from retkoop.network.models import Coop

LATE_DAYS: Final = 61
"""A statement may be dated so many days after 31 August and still close the year: banks do not print theirs on that very day."""


class StatementChanged(Exception):
    """Someone else changed the statement since it was read; `current` is what it is now, None if it is gone."""

    def __init__(self, current: BankStatement | None) -> None:
        super().__init__()
        self.current = current


def record_statement(  # noqa: PLR0913 -- a statement is these facts
    *, access: Access, book: Book, number: str, day: date, account_balance: Cents, submission: uuid.UUID
) -> BankStatement:
    """Add a statement to the book of the year that it closes; it may be dated after 31 August.

    Raises AlreadySubmitted where the form was sent before, Refused for a date that cannot be, or that has its statement already.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable(access.coop, book)
        _refuse_date(book, day)
        statement = BankStatement.objects.create(coop=access.coop, book=book, number=number, date=day, account_balance=account_balance)
        trail.created(statement, action="statement.recorded", submission=submission)
        _tell_statements(trail, book)
        return statement


def edit_statement(  # noqa: PLR0913 -- a statement is these facts
    *, access: Access, statement: BankStatement, version: int, number: str, day: date, account_balance: Cents
) -> BankStatement:
    """Correct a statement. `version` is the one that the form was made from.

    Raises StatementChanged where it has changed since, Refused where it is closed or the date cannot be.
    """
    with writing(access.coop.chain, access.author) as trail:
        current = _current(access, statement)
        if current is None or current.version != version:
            raise StatementChanged(current)
        refuse_closed(current.book)
        _refuse_closed(current)
        _refuse_date(current.book, day, but=current)
        before = current.snapshot()
        current.number, current.date, current.account_balance = number, day, account_balance
        current.version += 1
        current.save()
        trail.changed(current, before, action="statement.edited")
        _tell_statements(trail, current.book)
        return current


def remove_statement(*, access: Access, statement: BankStatement) -> None:
    """Remove a statement on which nothing is ticked. Raises Refused for any other."""
    with writing(access.coop.chain, access.author) as trail:
        current = _open(access, statement)
        if current.pointings.exists():
            raise Refused("Des opérations sont pointées sur ce relevé. Dépointez-les d’abord, puis supprimez-le.")
        subject, before = current.subject, current.snapshot()
        current.delete()
        trail.deleted(subject, before, action="statement.removed")
        _tell_statements(trail, current.book)


def close_statement(*, access: Access, statement: BankStatement) -> None:
    """Close a statement that is explained to the cent: from then on nothing is ticked on it. Raises Refused while a gap is left."""
    with writing(access.coop.chain, access.author) as trail:
        current = _current_or_refused(access, statement)
        if current.closed_at is not None:
            return
        gap = gap_of(current)
        if gap:
            raise Refused(f"Ce relevé ne peut pas encore être clos\u202f: il reste un écart de {format_amount(abs(gap))}.")
        before = current.snapshot()
        current.closed_at = trail.at
        _save_closing(trail, current, before, "statement.closed")


def reopen_statement(*, access: Access, statement: BankStatement) -> None:
    """Open a closed statement again, so that its ticks can be corrected."""
    with writing(access.coop.chain, access.author) as trail:
        current = _current_or_refused(access, statement)
        if current.closed_at is None:
            return
        before = current.snapshot()
        current.closed_at = None
        _save_closing(trail, current, before, "statement.reopened")


def point(*, access: Access, statement: BankStatement, operations: Collection[int] = (), items: Collection[int] = ()) -> list[Pointing]:
    """Tick operations and carried items, of this year or former ones, on a statement; those ticked already stay where they are.

    Raises Refused where the statement is closed, or one of them cannot be ticked on it (gone, no bank move, of a later year).
    """
    with writing(access.coop.chain, access.author) as trail:
        current = _open(access, statement)
        rows, carried = pointable_operations(current.book), pointable_items(current.book)
        if rows.filter(pk__in=operations).count() + carried.filter(pk__in=items).count() < len(operations) + len(items):
            raise Refused("Une des opérations cochées n’existe plus, ou n’est pas passée par la banque. Rechargez la page.")
        return _point(trail, current, rows.filter(pk__in=operations), carried.filter(pk__in=items))


def point_until(*, access: Access, statement: BankStatement, day: date) -> list[Pointing]:
    """Tick on a statement all that is not ticked yet and is dated on or before a day. Raises Refused where it is closed."""
    with writing(access.coop.chain, access.author) as trail:
        current = _open(access, statement)
        rows, carried = pointable_operations(current.book), pointable_items(current.book)
        return _point(trail, current, rows.filter(date__lte=day), carried.filter(date__lte=day))


def unpoint(*, access: Access, operations: Collection[int] = (), items: Collection[int] = ()) -> None:
    """Untick operations and carried items, also those that an import brought ticked; the totals of a year kept elsewhere stay.

    Raises Refused for those on a closed statement, or ticked in a year that takes no writing.
    """
    with writing(access.coop.chain, access.author) as trail:
        rows = list(
            _with_books(Operation.objects.filter(coop=access.coop, pk__in=operations, pointed_year__isnull=False, book__direct=False))
        )
        carried = list(CarriedItem.objects.filter(coop=access.coop, pk__in=items, pointed_year__isnull=False))
        _refuse_closed_years(access.coop, {row.pointed_year for row in rows} | {item.pointed_year for item in carried})
        ticks = Pointing.objects.filter(Q(operation__in=rows) | Q(carried_item__in=carried)).select_related("statement")
        for tick in ticks:
            _refuse_closed(tick.statement)
            trail.deleted(tick.subject, tick.snapshot(), action="pointing.removed")
        Pointing.objects.filter(pk__in=[tick.pk for tick in ticks]).delete()
        if rows or carried:
            set_pointed(trail, None, rows=rows, items=carried)


def record_cash_count(*, access: Access, book: Book, day: date, quantities: Mapping[int, int], submission: uuid.UUID) -> CashCountRecord:
    """Keep a count of the cash box: {denomination in cents: how many}. The last one of that day again is that one.

    Raises AlreadySubmitted, InvalidCount for what cannot be counted, Refused for a day outside the year.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable(access.coop, book)
        if day not in book.year:
            raise Refused(f"Cette date n’est pas dans l’année scolaire {book.year}.")
        counted = {str(denomination): quantity for denomination, quantity in quantities.items() if quantity}
        last = CashCountRecord.objects.filter(book=book, day=day).order_by("-pk").first()
        if last is not None and last.quantities == counted:
            return last
        record = CashCountRecord.objects.create(
            coop=access.coop, book=book, day=day, quantities=counted, counted=total_counted(quantities), made_at=trail.at
        )
        trail.created(record, action="cash_count.recorded", submission=submission)
        _tell_counts(trail, book)
        return record


def remove_cash_count(*, access: Access, book: Book, key: int) -> None:
    """Remove a count; `restore_cash_count` brings it back. Removing what is gone changes nothing."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        record = CashCountRecord.objects.filter(book=book, pk=key).first()
        if record is None:
            return
        subject, before = record.subject, record.snapshot()
        record.delete()
        trail.deleted(subject, before, action="cash_count.removed")
        _tell_counts(trail, book)


def restore_cash_count(*, access: Access, book: Book, key: int) -> CashCountRecord:
    """Bring a removed count back as it was. Raises Refused where the trail does not know it, or it is there."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        event = AuditEvent.objects.filter(chain=access.coop.chain, subject=CashCountRecord(pk=key).subject).order_by("-sequence").first()
        state = event.before if event is not None and event.after is None else None
        if state is None or state["book_id"] != book.pk:
            raise Refused("Ce comptage ne peut plus être rétabli.")
        fields = {field.attname: field.to_python(state[field.attname]) for field in CashCountRecord._meta.concrete_fields}
        record = CashCountRecord(**fields)
        record.save(force_insert=True)
        trail.created(record, action="cash_count.restored")
        _tell_counts(trail, book)
        return record


def _current(access: Access, statement: BankStatement) -> BankStatement | None:
    return BankStatement.objects.select_related("book__coop__association").filter(pk=statement.pk, coop=access.coop).first()


def _current_or_refused(access: Access, statement: BankStatement) -> BankStatement:
    current = _current(access, statement)
    if current is None:
        raise Refused("Ce relevé a été supprimé entre-temps.")
    refuse_closed(current.book)
    return current


def _open(access: Access, statement: BankStatement) -> BankStatement:
    current = _current_or_refused(access, statement)
    _refuse_closed(current)
    return current


def _refuse_closed_years(coop: Coop, starts: Collection[int | None]) -> None:
    """Raise Refused where a year on whose statements something is ticked takes no writing."""
    for book in books_of(coop):
        if book.start in starts:
            refuse_closed(book)


def _refuse_closed(statement: BankStatement) -> None:
    if statement.closed_at is not None:
        raise Refused(f"Le relevé du {format_date(statement.date)} est clos. Rouvrez-le pour le changer.")


def _refuse_date(book: Book, day: date, but: BankStatement | None = None) -> None:
    if not book.year.first_day <= day <= book.year.last_day + timedelta(LATE_DAYS):
        raise Refused(f"Ce relevé est daté du {format_date(day)}, hors de l’année scolaire {book.year}.")
    others = BankStatement.objects.filter(book=book, date=day)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise Refused(f"Un relevé du {format_date(day)} est déjà noté. Ouvrez-le dans la liste, ou changez la date.")


def _with_books(rows: QuerySet[Operation]) -> QuerySet[Operation]:
    return with_vouchers(rows.select_related("book__coop__association").order_by("pk"))


def _point(trail: Trail, statement: BankStatement, rows: QuerySet[Operation], items: QuerySet[CarriedItem]) -> list[Pointing]:
    unpointed = list(_with_books(rows.filter(pointed_year__isnull=True)))
    carried = list(items.filter(pointed_year__isnull=True))
    ticks = [Pointing(coop_id=statement.coop_id, statement=statement, operation=row) for row in unpointed]
    ticks += [Pointing(coop_id=statement.coop_id, statement=statement, carried_item=item) for item in carried]
    if ticks:
        Pointing.objects.bulk_create(ticks, batch_size=500)
        for tick in ticks:
            trail.created(tick, action="pointing.made")
        set_pointed(trail, statement.book.start, rows=unpointed, items=carried)
    return ticks


def _save_closing(trail: Trail, statement: BankStatement, before: Mapping[str, object], action: str) -> None:
    statement.version += 1
    statement.save()
    trail.changed(statement, before, action=action)
    _tell_statements(trail, statement.book)


def _tell_statements(trail: Trail, book: Book) -> None:
    """Tell the book its closing statement and the last one closed; what the rules say of them follows."""
    statements = list(BankStatement.objects.filter(book=book))
    closing = closing_statement([statement_value(statement) for statement in statements], book.year)
    last = max((statement for statement in statements if statement.closed_at), key=lambda statement: statement.date, default=None)
    before, closings = book.snapshot(), [(book.closed_statement_date, book.closed_statement_at)]
    book.statement_date, book.statement_balance = (closing.date, closing.account_balance) if closing else (None, None)
    book.closed_statement_date, book.closed_statement_at = (last.date, last.closed_at) if last else (None, None)
    closings.append((book.closed_statement_date, book.closed_statement_at))
    _save_told(trail, book, before)
    refresh_totals(book)
    if closings[0] != closings[1]:
        _refresh_under(book, [(day, moment) for day, moment in closings if day and moment])


def _refresh_under(book: Book, closings: Sequence[tuple[date, datetime]]) -> None:
    """Check again what was typed after a closing, dated under it and not ticked: a closing bears on nothing else."""
    last_day, first_moment = max(day for day, _ in closings), min(moment for _, moment in closings)
    late = own_unpointed(book).filter(date__lte=last_day, entered_at__gt=first_moment)
    operations = operation_values(with_lines(late))
    if operations:
        refresh_groups(book, [(Scope.LINE, str(operation.key)) for operation in operations], operations, {})


def _tell_counts(trail: Trail, book: Book) -> None:
    """Tell the book its latest count, and what it said of the cash on that day."""
    latest = CashCountRecord.objects.filter(book=book).order_by("-day", "-pk").first()
    before = book.snapshot()
    book.count_day, book.count_total = (latest.day, latest.counted) if latest else (None, None)
    settle_count(book, days_of(book))
    _save_told(trail, book, before)
    refresh_totals(book)


def _save_told(trail: Trail, book: Book, before: Mapping[str, object]) -> None:
    book.save()
    if book.snapshot() != before:
        trail.changed(book, before, action="book.told")
