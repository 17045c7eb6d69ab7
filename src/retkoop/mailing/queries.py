"""Reading the letters: those of a chain, what waits for a server that does not answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Value

from retkoop.audit.statements import prepared
from retkoop.mailing.models import Letter

A_PAGE = 25


def letters_about(chain: str, most: int = 20) -> list[Letter]:
    """Return the last letters about a coop, the latest first, each with its answers."""
    return list(Letter.objects.filter(chain=chain).defer("body").prefetch_related("answers")[:most])


def waiting_letters() -> tuple[int, datetime | None]:
    """Return how many letters wait for a server that does not answer, and since when it does not."""
    return next(iter(_waiting()), (0, None))


@prepared
def _waiting() -> QuerySet[Letter, tuple[Any, ...]]:
    waiting = Letter.objects.filter(next_try_at__isnull=False).order_by().values(one=Value(1))
    return waiting.annotate(count=Count("unreachable_since"), since=Min("unreachable_since")).values_list("count", "since")


def bounced_since(moment: datetime) -> dict[str, datetime]:
    """Return, by the address in small letters, when an address was last refused since a moment, where nothing has reached it after that."""
    reached = Letter.objects.filter(address=OuterRef("address"), sent_at__gt=OuterRef("bounced_at"), bounced_at=None)
    rows = Letter.objects.filter(bounced_at__gte=moment).exclude(Exists(reached)).order_by("bounced_at")
    return {address.lower(): at for address, at in rows.values_list("address", "bounced_at") if at is not None}


def all_letters(number: str | None) -> Page[Letter]:
    """Return a page of all that was ever sent, the latest first: the demonstration shows it."""
    return Paginator(Letter.objects.all(), A_PAGE).get_page(number)
