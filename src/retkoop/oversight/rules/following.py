"""After a change of the rules: the worker makes again what the books keep, and tells how far it is."""

from __future__ import annotations

from bisect import bisect
from typing import Final

from django.utils import timezone
from django_tasks import task

from retkoop.audit.pace import give_way
from retkoop.books.models import Book
from retkoop.books.upgrade import make_again
from retkoop.network.models import DepartmentalAssociation
from retkoop.oversight.rules.models import RulesUpdate

A_SLICE: Final = 20
"""How many books one task makes again: letters and documents wait behind it."""


def ask_to_follow(association: int, start: int) -> None:
    """Queue, in the transaction that changes the rules of an AD from a year on, to make again what its books keep."""
    row = RulesUpdate.objects.create(association_id=association, start=start)
    follow_association.enqueue(row.pk)


@task()
def follow_association(key: int, after: int = 0) -> None:
    """Make again what some books of an AD keep, from a year on, and leave the rest to a task behind those that wait.

    `after` is the last book that is done (a key). The order is left to a later one that is not at its end and asks for as much.
    """
    mine = RulesUpdate.objects.filter(pk=key)
    row = mine.get()
    later = RulesUpdate.objects.filter(association=row.association_id, pk__gt=key, start__lte=row.start, finished_at=None)
    books = Book.objects.filter(coop__association=row.association_id, start__gte=row.start).order_by("pk")
    keys = [] if later.exists() else list(books.values_list("pk", flat=True))
    done = bisect(keys, after)
    for place, book in enumerate(keys[done : done + A_SLICE], start=done + 1):
        make_again(key=book)
        mine.update(total=len(keys), done=place, beat_at=timezone.now())
        give_way()
    if done + A_SLICE < len(keys):
        follow_association.enqueue(key, after=keys[done + A_SLICE - 1])
    else:
        mine.update(finished_at=timezone.now())


def update_under_way(association: DepartmentalAssociation | None) -> RulesUpdate | None:
    """Return the last order of an AD while it is awaited; of the whole country none is shown."""
    row = RulesUpdate.objects.filter(association=association).order_by("-pk").first() if association else None
    return row if row and row.is_awaited else None
