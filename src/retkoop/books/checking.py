"""Live checks: what the rules would say of an operation that is still being typed. Nothing is written.

The domain's own checks run on the groups that the operation would join, with it among them and, where one is being
edited, without what it was. What the book says already is not said again, except of the operation itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.utils import timezone

from retkoop.books.desk import Desk, typed_over
from retkoop.books.fields import FIELDS
from retkoop.books.findings import kept_messages
from retkoop.books.models import Book
from retkoop.books.neighbours import habits_of, neighbour_views
from retkoop.books.queries import KeptDay, account_totals_of, chart_of, day_view, days_of, terms_of
from retkoop.books.values import operation_value
from retkoop.domain.chart import REGIE, Account, Nature, fold
from retkoop.domain.checks import findings_of, in_order
from retkoop.domain.checks.finding import Finding
from retkoop.domain.checks.regies import regie_overdrawn
from retkoop.domain.checks.scope import Key, Scope, keys_of
from retkoop.domain.entry import Operation
from retkoop.domain.ledger import AccountTotal
from retkoop.domain.standing import Standing

DAYS: Final = (Scope.DAYS, "")
NOT_YET: Final = 0
"""The key of an operation that no book holds yet."""


def remarks_on(book: Book, draft: Operation, edited: Operation | None = None) -> dict[str, str]:
    """Return what the checks say of a draft: field → the gravest sentence; those of other checks stand under `amount`.

    `edited` is the operation that the draft would replace.
    """
    draft = typed_over(edited, draft) if edited else replace(draft, key=NOT_YET, entered_at=timezone.now())
    said: dict[str, str] = {}
    for finding in in_order(_found(book, draft, edited)):
        if finding.code != "ventilation" and (finding.code != "libelle-vague" or draft.label):  # a label not typed yet is not vague
            said.setdefault(FIELDS.get(finding.code, "amount"), finding.remark.message)
    return said


def _found(book: Book, draft: Operation, edited: Operation | None) -> Iterator[Finding]:
    keys = keys_of(draft) - {(Scope.TOTALS, ""), (Scope.REGISTERS, "")}
    views: dict[Key, object] = {
        **neighbour_views(book, keys - {DAYS}, [draft]),
        DAYS: day_view(book, _days_with(book, draft, edited)),
    }
    terms, known = terms_of(book), kept_messages(book, keys)
    for (scope, _), view in views.items():
        for finding in findings_of(scope, view, terms):
            remark = finding.remark
            own = remark.operation == draft.key
            holds = remark.since is None and (remark.until is None or remark.until > timezone.localdate())  # what time brings waits
            if holds and (own or remark.message not in known):
                yield finding
    if draft.moves.regie:
        yield from regie_overdrawn.run(_regies_with(book, draft, edited), terms)


def _regies_with(book: Book, draft: Operation, edited: Operation | None) -> Standing:
    """Return what the régies would hold; the rest of where the book stands is not looked at."""
    held = account_totals_of(book).get(REGIE) or AccountTotal(REGIE)
    for operation, sign in ((edited, -1), (draft, 1)):
        held = held.plus(sign * operation.moves.regie, 0) if operation else held
    return Standing(book.year, {REGIE: held})


def _days_with(book: Book, draft: Operation, edited: Operation | None) -> list[KeptDay]:
    days = {day.day: day for day in days_of(book)}
    for operation, sign in ((edited, -1), (draft, 1)):
        if operation and not operation.opening:
            day = days.get(operation.date) or KeptDay(operation.date)
            days[operation.date] = day.plus(sign * operation.moves.bank, sign * operation.moves.cash, sign)
    return sorted(days.values())


_ACCOUNT: Final = "id_parts-0-account"


def usual_account(books: Iterable[Book], tiers: str, nature: Nature) -> str | None:
    """Return the account of a side on which a tiers is booked most, in the first of the books that knows it."""
    first = "6" if nature is Nature.CHARGE else "7"
    for book in books if (name := fold(tiers)) else ():
        habits = habits_of(book, name).habits
        found = next((habit.account for habit in habits if habit.account.startswith(first)), None)
        if found:
            return found
    return None


@dataclass(frozen=True)
class Checked:
    """What is said beside each field of a form: its control's id → words; and the account that the tiers suggests."""

    fields: tuple[str, ...]
    said: Mapping[str, str]
    proposed: Account | None


def check_desk(desk: Desk) -> Checked:
    """Say of a form that is still being typed what its fields and the rules find, of what is typed already."""
    form, page = desk.form, desk.page
    draft = form.draft()
    remarks = remarks_on(page.book, draft, operation_value(desk.edited) if desk.edited else None) if draft else {}
    said = {_ACCOUNT if name == "account" else f"id_{name}": words for name, words in remarks.items()}
    proposed = _proposed(desk)
    if draft and draft.remainder and not draft.parts and proposed is None:
        said.setdefault(_ACCOUNT, "Choisissez un compte.")
    for part in (form, *(form.split.rows if form.split else ())):
        said |= {part[name].auto_id: str(errors[0]) for name, errors in part.errors.items() if part[name].value()}
    fields = [bound.auto_id for part in (form, *(form.split.rows if form.split else ())) for bound in part.visible_fields()]
    return Checked(tuple(fields), said, proposed)


def _proposed(desk: Desk) -> Account | None:
    """Return the account that the tiers suggests, while none is chosen."""
    form, page = desk.form, desk.page
    if form.split is None or any(row["account"].value() for row in form.split.rows):
        return None
    books = (page.book, *(book for book in page.books if book.start < page.book.start))[:2]
    account = usual_account(books, str(form["tiers"].value() or ""), desk.intention.nature or Nature.CHARGE)
    return chart_of(page.book).by_name.get(account or "")
