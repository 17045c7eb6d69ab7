"""The effect of other rules over more books than anybody waits for: the worker looks at some at a time, and tells how far it is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task

from retkoop.books.models import Book
from retkoop.domain.checks.finding import Severity
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop, DepartmentalAssociation
from retkoop.network.queries import given_settings, rules_of
from retkoop.oversight.rules.models import RulesPreview
from retkoop.oversight.rules.preview import CoopEffect, Effect, effect_over

SLICE: Final = 25
"""So many books at a time."""
_SECONDS: Final = 20
"""How long one run goes on: other tasks wait behind it."""
_KEPT: Final = timedelta(days=1)


@transaction.atomic
def ask_for_preview(*, association: DepartmentalAssociation | None, year: SchoolYear, values: Mapping[str, Any]) -> RulesPreview:
    """Have the worker hold values against all the books of a year; asked for already and awaited, it is the same."""
    RulesPreview.objects.filter(asked_at__lt=timezone.now() - _KEPT).delete()
    latest = RulesPreview.objects.filter(association=association, start=year.start).order_by("-pk").first()
    if latest is not None and latest.values == values and latest.is_awaited:
        return latest
    row = RulesPreview(association=association, start=year.start, values=values)
    row.total = _books(row).count()
    row.save()
    preview_rules.enqueue(row.pk)
    return row


def _books(row: RulesPreview) -> QuerySet[Book]:
    """Return the books that are still to be looked at, an AD after the other."""
    books = Book.objects.filter(start=row.start)
    if row.association_id is not None:
        books = books.filter(coop__association=row.association_id)
    if row.last:
        association, book = row.last
        books = books.filter(Q(coop__association__gt=association) | Q(coop__association=association, pk__gt=book))
    return books.order_by("coop__association", "pk")


@task()
def preview_rules(key: int) -> None:
    """Go on with a preview for some seconds, then in another task; one that a later one has replaced is left."""
    row = RulesPreview.objects.filter(pk=key).first()
    if row is None or RulesPreview.objects.filter(association=row.association_id, start=row.start, pk__gt=key).exists():
        return
    until = time.monotonic() + _SECONDS
    while books := list(_books(row).select_related("coop__association")[:SLICE]):
        for _, alike in groupby(books, key=lambda book: book.coop.association_id):
            _look(row, list(alike))
        row.last, row.done, row.beat_at = [books[-1].coop.association_id, books[-1].pk], row.done + len(books), timezone.now()
        row.save()
        if time.monotonic() > until:
            preview_rules.enqueue(key)
            return
    row.finished_at = timezone.now()
    row.save()


def _look(row: RulesPreview, books: list[Book]) -> None:
    """Hold some books of one AD against the values, and add what they would say."""
    association = books[0].coop.association
    given = given_settings(association, row.year)
    sides = {"own": {**given.own, **row.values}} if row.association_id else {"national": {**given.national, **row.values}}
    before, after = rules_of(given), rules_of(replace(given, **sides))
    effect = effect_over(association, row.year, {book.pk: book for book in books}, before=before, after=after, today=timezone.localdate())
    if row.association_id:
        row.found += [[one.coop.rne, one.coop.name, _kept(one.more), _kept(one.less)] for one in effect.coops]
    elif effect.coops:
        known = row.found.pop()[1:] if row.found and row.found[-1][0] == association.department else [0, 0]
        row.found.append([association.department, known[0] + len(effect.more), known[1] + len(effect.less)])


def preview_of(association: DepartmentalAssociation | None, key: int) -> RulesPreview | None:
    """Return a preview of an AD, or of the federation."""
    return RulesPreview.objects.filter(association=association, pk=key).first()


def found_so_far(row: RulesPreview) -> Effect:
    """Return what the books of an AD would say, as far as they were looked at."""
    coops = [CoopEffect(Coop(rne=rne, name=name), _tally(more), _tally(less)) for rne, name, more, less in sorted(row.found)]
    return Effect(row.year, tuple(coops), whole=row.finished_at is not None)


def _kept(tally: Counter[Severity]) -> dict[str, int]:
    return {severity.value: count for severity, count in tally.items()}


def _tally(kept: Mapping[str, int]) -> Counter[Severity]:
    return Counter({Severity(severity): count for severity, count in kept.items()})
