"""Years of many coops, on their way to the AD, and what is done to all of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.books.services import open_book
from retkoop.domain.closing import ClosingState
from retkoop.network.access import AssociationAccess, open_coop
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import create_coop
from retkoop.oversight.bulk.models import BulkAction, BulkOutcome, BulkRun
from retkoop.oversight.bulk.services import BulkPlan, do_next, do_run, start_run
from retkoop.users.models import User
from tests.books.coops import YEAR, plain
from tests.oversight.reminders.at_hand import staff
from tests.year_end.verifiers.at_hand import in_state


def coops_with_books(count: int, first: int = 0) -> list[Book]:
    """Make coops, each with a book of the year and nothing in it."""
    made = []
    for number in range(first, first + count):
        rne = f"091{number:04d}A"
        create_coop(author=SYSTEM, rne=rne, name=f"École {number}", commune="Évry")
        made.append(open_book(access=open_coop(User.objects.get(username=rne), rne), year=YEAR))
    return made


def sent(books: Sequence[Book]) -> Sequence[Book]:
    for book in books:
        in_state(book, ClosingState.SENT)
    return books


def rnes(books: Sequence[Book]) -> list[str]:
    return [book.coop.rne for book in books]


def comptable() -> AssociationAccess:
    return staff(RoleKind.COMPTABLE, "nadine")


def started(
    access: AssociationAccess,
    coops: Sequence[str],
    action: BulkAction = BulkAction.ACCEPT,
    choice: Mapping[str, Any] | None = None,
    submission: uuid.UUID | None = None,
) -> BulkRun:
    plan = BulkPlan(action, YEAR, coops, choice if choice is not None else {"reason": ""})
    return start_run(access=access, plan=plan, submission=submission)


def done(run: BulkRun) -> list[tuple[str, str, str]]:
    """Have the worker do a run, and return what became of each coop."""
    while do_next(key=run.pk):
        pass
    return kept(run)


def kept(run: BulkRun) -> list[tuple[str, str, str]]:
    rows = BulkOutcome.objects.filter(run=run).select_related("coop").order_by("pk")
    return [(row.coop.rne, row.fate, plain(row.reason)) for row in rows]


def a_run() -> BulkRun:
    """Entry opened until a day in the year of the first coop."""
    run = started(
        comptable(), [Coop.objects.order_by("rne").values_list("rne", flat=True)[0]], BulkAction.ENTRY, {**ENTRY, "blocked": False}
    )
    do_run.func(run.pk)
    return run


ENTRY = {"blocked": True, "until": "2027-01-15", "reason": "Contrôle"}
