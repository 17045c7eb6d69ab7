"""Where the three registers of a year stand, in a few figures and a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, Sum

from retkoop.books.models import Book
from retkoop.domain.money import Cents
from retkoop.registers.models import Deliberation, InventoryItem
from retkoop.registers.queries import registers_view


@dataclass(frozen=True, slots=True)
class Overview:
    """What the registers hold, in cents where it is money; `unlisted` and `untabled` are what the cahier has and they lack."""

    goods: int
    value: Cents
    unlisted: int
    subsidies: int
    received: Cents
    untabled: int
    deliberations: int
    last_deliberation: date | None


def overview_of(book: Book) -> Overview:
    year, view = book.year, registers_view(book)
    held = Q(disposed_on__isnull=True) | Q(disposed_on__gt=year.last_day)
    goods = InventoryItem.objects.filter(held, coop=book.coop_id, bought_on__lte=year.last_day)
    listed = goods.aggregate(count=Count("pk"), value=Sum("value", default=0))
    decided = Deliberation.objects.filter(book=book).aggregate(count=Count("pk"), last=Max("date"))
    tabled = [grant.tabled for grant in view.grants if grant.tabled is not None]
    return Overview(
        goods=listed["count"],
        value=listed["value"],
        unlisted=sum(purchase.missing > 0 for purchase in view.purchases),
        subsidies=len(tabled),
        received=sum(tabled),
        untabled=sum(grant.tabled is None and grant.received > 0 for grant in view.grants),
        deliberations=decided["count"],
        last_deliberation=decided["last"],
    )
