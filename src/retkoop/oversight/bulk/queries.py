"""Reading what was done to many coops: the runs of an AD, how far one is, what became of each coop."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import Http404

from retkoop.network.models import DepartmentalAssociation
from retkoop.oversight.bulk.models import BulkFate, BulkOutcome, BulkRun

A_PAGE: Final = 50


def runs_of(association: DepartmentalAssociation, number: str | None) -> Page[BulkRun]:
    """Return a page of the runs of an AD, the latest first, with their counts."""
    rows = BulkRun.objects.filter(association=association).annotate(**_counts()).order_by("-made_at", "-pk")
    return Paginator(rows, A_PAGE).get_page(number)


def _counts() -> dict[str, Count]:
    return {fate.value: Count("outcomes", filter=Q(outcomes__fate=fate)) for fate in BulkFate}


def run_of(association: DepartmentalAssociation, key: int) -> BulkRun:
    """Return a run of an AD with its counts. Raises Http404 for any other."""
    run = BulkRun.objects.filter(association=association, pk=key).annotate(**_counts()).first()
    if run is None:
        raise Http404
    run.association = association
    return run


def tallies(run: BulkRun) -> dict[BulkFate, int]:
    """Return how many coops of a run of `run_of` each fate had."""
    return {fate: getattr(run, fate.value) for fate in BulkFate}


def outcomes_of(run: BulkRun, seen: str = "") -> QuerySet[BulkOutcome]:
    """Return what became of the coops of a run, those that were refused first; `seen` is a fate, or "" for all."""
    ranks = [When(fate=fate, then=Value(place)) for place, fate in enumerate(BulkFate)]
    rows = BulkOutcome.objects.filter(run=run).select_related("coop").order_by(Case(*ranks, output_field=IntegerField()), "id")
    return rows.filter(fate=seen) if seen in set(BulkFate) else rows


def page_of(rows: QuerySet[BulkOutcome], number: str | None) -> Page[BulkOutcome]:
    return Paginator(rows, A_PAGE).get_page(number)


def not_done(run: BulkRun) -> list[str]:
    """Return the RNEs of a run for which it is worth trying again: those that were refused, and those that a stop has left."""
    fates = dict(BulkOutcome.objects.filter(run=run).values_list("coop__rne", "fate"))
    return [rne for rne in run.rnes if fates.get(rne, BulkFate.REFUSED) == BulkFate.REFUSED]
