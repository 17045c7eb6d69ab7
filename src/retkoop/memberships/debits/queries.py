"""Reading direct debits: mandates and when they served, collections and their debits."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404
from django.utils import timezone

from retkoop.domain.debit_reasons import NO_ACCOUNT
from retkoop.domain.direct_debit import DebitDelays, lapses_on
from retkoop.domain.money import format_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import (
    Collection,
    CollectionState,
    Debit,
    DebitMandate,
    PaymentState,
    PaymentWay,
)
from retkoop.memberships.pricing.queries import payment_ways_of
from retkoop.memberships.queries import facts_of, memberships
from retkoop.network.models import Coop, DepartmentalAssociation
from retkoop.network.queries import given_settings

A_PAGE: Final = 100
TAKEN_OUT: Final = Q(payment__state=PaymentState.CANCELLED, returned_on=None)
"""Debits that never reached the bank: taken out, or their collection was given up."""


def collects(association: DepartmentalAssociation, year: SchoolYear) -> bool:
    """Tell whether the coops of an AD may pay by direct debit in a year."""
    return PaymentWay.DEBIT in payment_ways_of(association, year)


def delays_of(association: DepartmentalAssociation, year: SchoolYear) -> DebitDelays:
    """Return the delays of an AD's debits in a year."""
    given = given_settings(association, year)
    return DebitDelays(given.value("debit_notice_days"), given.value("debit_lead_days"))


def mandates_of_coops(coops: Q) -> QuerySet[DebitMandate]:
    """Return mandates of coops, the latest first; `told_used`: the day of their last debit that reached the bank."""
    reached = Debit.objects.filter(mandate=OuterRef("pk")).exclude(TAKEN_OUT).order_by().values("mandate")
    used = Subquery(reached.annotate(last=Max("collection__collected_on")).values("last"))
    served = Subquery(reached.filter(returned_on=None).annotate(times=Count("pk")).values("times"))
    return DebitMandate.objects.filter(coops).annotate(told_used=used, told_served=served).order_by("-signed_at", "-pk")


def coop_mandates(coop: Coop) -> list[DebitMandate]:
    """Return the mandates of a coop, the latest first."""
    return list(mandates_of_coops(Q(coop=coop)))


def running_mandate(coop: Coop) -> DebitMandate | None:
    """Return the mandate of a coop that has not ended, None where there is none; it may be void (`void_from`)."""
    return mandates_of_coops(Q(coop=coop, ended_at=None)).first()


def mandate_in(coop: Coop, key: int) -> DebitMandate:
    """Return a mandate of a coop. Raises Http404 for any other."""
    row = mandates_of_coops(Q(coop=coop, pk=key)).first()
    if row is None:
        raise Http404
    row.coop = coop
    return row


def void_from(mandate: DebitMandate) -> date:
    """Return the first day on which a mandate that `mandates_of_coops` has read is void for want of use."""
    return lapses_on(mandate.__dict__["told_used"] or timezone.localdate(mandate.signed_at))


def is_first(mandate: DebitMandate) -> bool:
    """Tell whether none of the mandate's debits was credited yet, or is on its way."""
    return not mandate.__dict__["told_served"]


def collections_of(association: DepartmentalAssociation, year: SchoolYear) -> list[Collection]:
    """Return the collections of an AD's year, the latest first; `told_returned`: how many debits have come back."""
    rows = Collection.objects.filter(association=association, start=year.start)
    return list(rows.annotate(told_returned=Count("debits", filter=Q(debits__returned_on__isnull=False))))


def collection_of(association: DepartmentalAssociation, key: int) -> Collection:
    """Return a collection of an AD. Raises Http404 for any other."""
    row = Collection.objects.filter(association=association, pk=key).first()
    if row is None:
        raise Http404
    row.association = association
    return row


def debits_in(collection: Collection) -> QuerySet[Debit]:
    """Return the debits of a collection, by coop, each with what a file and a page tell of it."""
    rows = Debit.objects.filter(collection=collection).select_related("membership__coop", "mandate", "payment")
    return rows.order_by("membership__coop__rne")


def in_file(collection: Collection) -> QuerySet[Debit]:
    """Return the debits that the bank gets: what comes back later was in the file all the same."""
    return debits_in(collection).exclude(TAKEN_OUT)


def shown_debits(collection: Collection, *, returned: bool, page: str | None) -> Page[Debit]:
    """Return a page of debits; those that came back alone where that is asked."""
    rows = debits_in(collection)
    return Paginator(rows.filter(returned_on__isnull=False) if returned else rows, A_PAGE).get_page(page)


def sums_of(collection: Collection) -> dict[str, tuple[int, int]]:
    """Return how many debits and cents are in the file for the first time (FRST) and again (RCUR), and have come back."""
    first, back = Q(first=True), Q(returned_on__isnull=False)
    told = (
        in_file(collection)
        .order_by()
        .aggregate(
            firsts=Count("pk", filter=first),
            first_total=Sum("amount", filter=first, default=0),
            agains=Count("pk", filter=~first),
            again_total=Sum("amount", filter=~first, default=0),
            backs=Count("pk", filter=back),
            back_total=Sum("amount", filter=back, default=0),
        )
    )
    return {
        "FRST": (told["firsts"], told["first_total"]),
        "RCUR": (told["agains"], told["again_total"]),
        "back": (told["backs"], told["back_total"]),
    }


def debits_to_take_out(collection: Collection) -> list[tuple[Debit, str]]:
    """Return the debits of a prepared collection that are not to reach the bank any more, and why."""
    if collection.state != CollectionState.PREPARED:
        return []
    owed = {row.pk: facts_of(row).owed for row in memberships().filter(debits__collection=collection)}
    found = []
    for row in in_file(collection):
        if row.mandate.ended_at is not None:
            found.append((row, "Son mandat a pris fin."))
        elif row.membership.left_on is not None:
            found.append((row, "Elle ne renouvelle pas son adhésion."))
        elif row.membership.coop.closed_on is not None:
            found.append((row, "La coopérative est fermée."))
        elif owed[row.membership_id] < row.amount:
            found.append((row, f"Il ne reste que {format_amount(max(owed[row.membership_id], 0))} à payer."))
    return found


def refused_account(coop: Coop, iban: str) -> Debit | None:
    """Return the latest debit of a coop that came back because its account is no account to collect from; None for any other."""
    rows = Debit.objects.filter(membership__coop=coop, mandate__iban=iban, return_code__in=NO_ACCOUNT, returned_on__isnull=False)
    return rows.order_by("returned_on", "pk").last()


def debits_of(coop: Coop) -> list[Debit]:
    """Return the debits of a coop, the latest first, without those that never reached the bank."""
    rows = Debit.objects.filter(membership__coop=coop).exclude(TAKEN_OUT).select_related("collection", "membership", "payment", "mandate")
    return list(rows.order_by("-pk")[:20])
