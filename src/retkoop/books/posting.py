"""Posting: what is kept beside the operations follows them, in the same transaction.

Every verb that adds, changes or removes operations ends here, whatever way they came in. Nothing in this module walks
a whole book but `rebuild`, which answers for changes too many to follow one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from retkoop.audit.services import Trail
from retkoop.audit.statements import Insert, Update
from retkoop.books.entries import insert_operations, rewrite_operation, write_vouchers
from retkoop.books.findings import refresh_all, refresh_groups, refresh_totals
from retkoop.books.models import KEPT, AccountTotal, Book, CarriedItem, DayTotal, Operation, Proof
from retkoop.books.queries import KeptDay, account_totals_of, day_view, days_of, other_books, registers_of, standing_of
from retkoop.books.values import Posted, closing_moves, new_row, opening_value, posted, with_lines
from retkoop.books.writable import why_closed
from retkoop.domain import entry, ledger
from retkoop.domain.chart import CASH
from retkoop.domain.checks.scope import Key, Scope, changed_keys

DAYS: Final = (Scope.DAYS, "")
TOTALS: Final = (Scope.TOTALS, "")
REGISTERS: Final = (Scope.REGISTERS, "")
PROOF_ACTIONS: Final = {
    Proof.MISSING: "operation.unproven",
    Proof.JOINED: "operation.proven",
    Proof.PAPER: "operation.on_paper",
    Proof.LOST: "operation.voucher_lost",
    Proof.PURGED: "operation.voucher_purged",
}
MANY: Final = 40
"""So many operations at once are cheaper to check from scratch than group by group."""

_UPSERT_TOTAL: Final = Insert(AccountTotal, conflict=["book_id", "account"], updates=["debit", "credit"])
_UPSERT_DAY: Final = Insert(DayTotal, conflict=["book_id", "day"], updates=["bank", "cash", "operations"])
_UPDATE_BOOK: Final = Update(Book, KEPT)


def post(book: Book, *, trail: Trail | None, removed: Sequence[Posted] = (), added: Sequence[Posted] = ()) -> None:
    """Bring the kept totals and findings of a book (and of the coop's later ones) up to what came and went.

    A provisional opening of the next year follows, told to `trail`; without a trail nothing but what is kept is made again.
    """
    totals = _post_accounts(book, removed, added)
    days = _post_days(book, removed, added)
    _post_counters(book, removed, added)
    book.assets, book.cash = ledger.total_assets(totals), ledger.net_of(totals, CASH)
    book.last_operation = next((day.day for day in reversed(days) if day.operations), None)
    book.last_bank_move = next((day.day for day in reversed(days) if day.bank), None)
    settle_count(book, days)
    _UPDATE_BOOK.one(book)
    others = other_books(book)
    if len(removed) + len(added) > MANY:
        fills_the_book = not removed and len(added) == book.operation_count + book.has_opening
        refresh_all(book, [item.operation for item in added] if fills_the_book else None)
    else:
        views: dict[Key, object] = {
            DAYS: day_view(book, days),
            TOTALS: standing_of(book, totals, others),
            REGISTERS: registers_of(book),
        }
        book.restated = refresh_groups(book, _touched(removed, added), [item.operation for item in added], views)
    for later in others:
        if trail is not None and later.start == book.start + 1 and follows_the_year_before(later):
            carry_over(trail, later, totals)
        elif later.start > book.start:
            refresh_totals(later)


def follows_the_year_before(book: Book) -> bool:
    """Tell whether the opening of a book is provisional, and the book may still be written."""
    return book.opening_follows and why_closed(book) is None


def set_follows(trail: Trail, book: Book, *, follows: bool) -> None:
    """Make the opening of a book provisional, or definitive."""
    if book.opening_follows != follows:
        before = book.snapshot()
        book.opening_follows = follows
        book.save(update_fields=["opening_follows"])
        trail.changed(book, before, action="book.opening_follows" if follows else "book.opening_settled")


def carry_over(trail: Trail, book: Book, totals: Mapping[str, ledger.AccountTotal]) -> None:
    """Have the opening of a book say what the year before ends with, as its accounts stand (`totals`); note it where it is not there."""
    value = opening_value(book, closing_moves(totals))
    row = with_lines(Operation.objects.filter(book=book, opening=True)).first()
    if value.moves == (entry.Moves(row.bank, row.cash, row.regie) if row else entry.Moves()):
        refresh_totals(book)
        return
    if row is None:
        row = new_row(book, value, at=trail.at, by_id=trail.author.user.pk if trail.author.user else None)
        insert_operations([row], [value], book.bank_account)
        post(book, trail=trail, added=[posted(row, book)])
        trail.created(row, action="operation.carried")
        return
    row.book = book
    old, before = posted(row, book), row.snapshot()
    rewrite_operation(row, replace(value, key=row.pk), book.bank_account)
    post(book, trail=trail, removed=[old], added=[posted(row, book)])
    trail.changed(row, before, action="operation.carried")


def _touched(removed: Sequence[Posted], added: Sequence[Posted]) -> frozenset[Key]:
    gone = [changed_keys(item.operation, None) for item in removed]
    come = [changed_keys(None, item.operation) for item in added]
    return frozenset[Key]().union(*gone, *come)


def _signed(removed: Iterable[Posted], added: Iterable[Posted]) -> list[tuple[int, Posted]]:
    return [*((-1, item) for item in removed), *((1, item) for item in added)]


def _post_accounts(book: Book, removed: Sequence[Posted], added: Sequence[Posted]) -> dict[str, ledger.AccountTotal]:
    totals = account_totals_of(book)
    changed = set()
    for sign, item in _signed(removed, added):
        for line in entry.lines_of(item.operation, book.bank_account):
            total = totals.get(line.account) or ledger.AccountTotal(line.account)
            totals[line.account] = total.plus(sign * line.debit, sign * line.credit)
            changed.add(line.account)
    _UPSERT_TOTAL.many(
        AccountTotal(coop_id=book.coop_id, book_id=book.pk, account=account, debit=totals[account].debit, credit=totals[account].credit)
        for account in sorted(changed)
    )
    return totals


def _post_days(book: Book, removed: Sequence[Posted], added: Sequence[Posted]) -> list[KeptDay]:
    kept = days_of(book)
    days = {day.day: day for day in kept}
    changed = set()
    for sign, item in _signed(removed, added):
        operation = item.operation
        if operation.opening:
            continue
        day = days.get(operation.date) or KeptDay(operation.date)
        days[operation.date] = day.plus(sign * operation.moves.bank, sign * operation.moves.cash, sign)
        changed.add(operation.date)
    _UPSERT_DAY.many(DayTotal(coop_id=book.coop_id, book_id=book.pk, **days[day]._asdict()) for day in sorted(changed))
    return list(days.values()) if len(days) == len(kept) else sorted(days.values())


def _post_counters(book: Book, removed: Sequence[Posted], added: Sequence[Posted]) -> None:
    for sign, item in _signed(removed, added):
        operation = item.operation
        if operation.opening:
            book.has_opening = sign > 0
            book.opening_bank += sign * operation.moves.bank
            book.opening_cash += sign * operation.moves.cash
            continue
        book.operation_count += sign
        book.unproven_count += sign * (not operation.proven)
        book.deposit_count += sign * operation.is_deposit
        if operation.moves.bank and not item.pointed_here:
            book.unpointed_sum += sign * operation.moves.bank
            book.unpointed_count += sign


def set_pointed(trail: Trail, year: int | None, *, rows: Sequence[Operation] = (), items: Sequence[CarriedItem] = ()) -> None:
    """Tick operations (with their lines and book) and carried items of one coop on a statement of a school year (its start).

    No year unticks them. Only what a tick can change follows: the counters of their books, what is said of each operation, and
    the totals' findings of the books from the first year concerned on. Versions stay: an edit under way is still good.
    """
    both: list[Operation | CarriedItem] = [*rows, *items]
    years = [start for start in (year, *(one.pointed_year for one in both)) if start is not None]
    for item in items:
        _tell_pointed(trail, item, year, "carried_item")
    CarriedItem.objects.filter(pk__in=[item.pk for item in items]).update(pointed_year=year)
    by_book: defaultdict[Book, list[Operation]] = defaultdict(list)
    for row in rows:
        by_book[row.book].append(row)
    for book, members in by_book.items():
        _set_pointed_in(trail, book, members, year)
    for book in Book.objects.filter(coop_id=both[0].coop_id, start__gte=min(years)).select_related("coop__association"):
        refresh_totals(book)


def _set_pointed_in(trail: Trail, book: Book, rows: Sequence[Operation], year: int | None) -> None:
    removed = [posted(row, book) for row in rows]
    for row in rows:
        _tell_pointed(trail, row, year, "operation")
    Operation.objects.filter(pk__in=[row.pk for row in rows]).update(pointed_year=year)
    added = [posted(row, book) for row in rows]
    _post_counters(book, removed, added)
    book.save(update_fields=["unpointed_sum", "unpointed_count"])
    keys = [(Scope.LINE, str(row.pk)) for row in rows]
    refresh_groups(book, keys, [item.operation for item in added], {})


def set_proof(trail: Trail, row: Operation, proof: Proof, *, documents: Iterable[int] = (), place: str = "") -> None:
    """Prove an operation (with its lines, vouchers and book) by documents, or say where its voucher is.

    Its version stays: an edit under way is still good.
    """
    before, was_proven = row.snapshot(), row.proof != Proof.MISSING
    row.proof, row.proof_place = proof, place
    write_vouchers(row, documents)
    trail.changed(row, before, action=PROOF_ACTIONS[Proof(row.proof)])
    if row.opening or was_proven == (row.proof != Proof.MISSING):
        return
    row.book.unproven_count += 1 if was_proven else -1
    row.book.save(update_fields=["unproven_count"])
    refresh_totals(row.book)


def set_on_paper(trail: Trail, book: Book, rows: Sequence[Operation], place: str) -> None:
    """Say of many operations of a book (with their lines and vouchers) that their vouchers are on paper, in one place."""
    for row in rows:
        before = row.snapshot()
        row.proof, row.proof_place = Proof.PAPER, place
        trail.changed(row, before, action=PROOF_ACTIONS[Proof.PAPER])
    Operation.objects.filter(pk__in=[row.pk for row in rows]).update(proof=Proof.PAPER, proof_place=place)
    book.unproven_count -= len(rows)
    book.save(update_fields=["unproven_count"])
    refresh_totals(book)


def _tell_pointed(trail: Trail, record: Operation | CarriedItem, year: int | None, name: str) -> None:
    before = record.snapshot()
    record.pointed_year = year
    trail.changed(record, before, action=f"{name}.{'unpointed' if year is None else 'pointed'}")


def settle_count(book: Book, days: Iterable[KeptDay]) -> None:
    """Tell what the book says of the cash on the day of the last count, at its end."""
    if book.count_day is None:
        book.count_book = None
    else:
        book.count_book = book.opening_cash + sum(day.cash for day in days if day.day <= book.count_day)


def rebuild(book: Book) -> None:
    """Make all that is kept again, from the operations alone."""
    book.account_totals.all().delete()
    book.day_totals.all().delete()
    book.has_opening, book.opening_bank, book.opening_cash = False, 0, 0
    book.operation_count, book.unpointed_sum, book.unpointed_count = 0, 0, 0
    book.unproven_count, book.deposit_count = 0, 0
    post(book, trail=None, added=[posted(row, book) for row in with_lines(Operation.objects.filter(book=book))])
