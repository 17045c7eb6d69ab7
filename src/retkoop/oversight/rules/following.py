"""After a change of the rules: the worker makes again what the books keep, and tells how far it is."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone
from django_tasks import task

from retkoop.books.models import Book
from retkoop.books.upgrade import make_again
from retkoop.network.models import DepartmentalAssociation
from retkoop.oversight.rules.models import RulesUpdate


def ask_to_follow(association: int, start: int) -> None:
    """Queue, in the transaction that changes the rules of an AD from a year on, to make again what its books keep."""
    row = RulesUpdate.objects.create(association_id=association, start=start)
    follow_association.enqueue(row.pk)


@task()
def follow_association(key: int) -> None:
    """Make again what the books of an AD keep, from a year on; left to a later order where one waits that asks for as much."""
    row = RulesUpdate.objects.get(pk=key)
    mine = RulesUpdate.objects.filter(pk=key)
    later = RulesUpdate.objects.filter(association=row.association_id, pk__gt=key, start__lte=row.start, finished_at=None, total=0)
    if not later.exists():
        books = Book.objects.filter(coop__association=row.association_id, start__gte=row.start).order_by("pk")
        keys = list(books.values_list("pk", flat=True))
        mine.update(total=len(keys), beat_at=timezone.now())
        for book in keys:
            make_again(key=book)
            mine.update(done=F("done") + 1, beat_at=timezone.now())
    mine.update(finished_at=timezone.now())


def update_under_way(association: DepartmentalAssociation | None) -> RulesUpdate | None:
    """Return the last order of an AD while it is awaited; of the whole country none is shown."""
    row = RulesUpdate.objects.filter(association=association).order_by("-pk").first() if association else None
    return row if row and row.is_awaited else None
