"""Reading an AD's receipts: payments, bordereaux, lines of its statements, what its journal is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from retkoop.domain.chart import search_words
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import (
    ChequeDeposit,
    Declaration,
    Membership,
    Payment,
    PaymentState,
    PaymentWay,
    ReceivedLine,
    ReceivedStatement,
)
from retkoop.memberships.queries import memberships, memberships_of
from retkoop.network.models import DepartmentalAssociation

A_PAGE: Final = 50
MOST_CHEQUES: Final = 500
TO_MATCH, MATCHED, SET_ASIDE, SPENT = "a-rapprocher", "rapprochees", "de-cote", "sorties"
LINE_VIEWS: Final = {TO_MATCH: "À rapprocher", MATCHED: "Rapprochées", SET_ASIDE: "Mises de côté", SPENT: "Sorties"}
"""Where a line of a statement stands, by the word of the address."""

Row = TypeVar("Row", bound=Model)


def page_of(rows: QuerySet[Row], number: str | None) -> Page[Row]:
    return Paginator(rows, A_PAGE).get_page(number)


def payments_of(association: DepartmentalAssociation, year: SchoolYear) -> QuerySet[Payment]:
    """Return the payments of the adhésions of a year, those of the latest day first, each with its coop, bordereau and line."""
    rows = Payment.objects.filter(association=association, membership__start=year.start)
    rows = rows.annotate(day=Coalesce("returned_on", "received_on", "announced_on"))
    return rows.select_related("membership__coop", "deposit", "line").order_by("-day", "-pk")


def found_among(rows: QuerySet[Payment], condition: str, typed: str) -> QuerySet[Payment]:
    """Keep payments in a state ("" for all), of the coops that the words typed name, or of a number of cheque."""
    if condition in set(PaymentState):
        rows = rows.filter(state=condition)
    for word in search_words(typed):
        rows = rows.filter(Q(membership__coop__words__contains=word) | Q(cheque=word))
    return rows


def sums_by_state(association: DepartmentalAssociation, year: SchoolYear) -> dict[PaymentState, tuple[int, Cents]]:
    """Return how many payments of a year are in each state, and their cents."""
    rows = Payment.objects.filter(association=association, membership__start=year.start).order_by().values_list("state")
    told = {row[0]: (row[1], int(row[2])) for row in rows.annotate(Count("pk"), Sum("amount"))}
    return {one: told.get(one.value, (0, 0)) for one in PaymentState}


def payment_of(association: DepartmentalAssociation, key: int) -> Payment:
    """Return a payment of an AD, with its coop. Raises Http404 for any other."""
    rows = Payment.objects.filter(association=association, pk=key)
    row = rows.select_related("membership__coop", "deposit", "line", "debit__collection").first()
    if row is None:
        raise Http404
    return row


def payable(association: DepartmentalAssociation, year: SchoolYear) -> list[Membership]:
    """Return the adhésions of a year that were declared, by the name of their school, with the columns of their facts."""
    return list(memberships_of(association, year).filter(Q(told_declared__gt=0)).order_by("coop__name", "coop__rne"))


def membership_by_key(association: DepartmentalAssociation, key: int) -> Membership | None:
    return memberships().filter(pk=key, coop__association=association).select_related("coop").first()


def cheques_to_deposit(association: DepartmentalAssociation) -> list[Payment]:
    """Return the cheques, announced or received, that are in no bordereau, those of one day together."""
    waiting = Q(state=PaymentState.ANNOUNCED) | Q(state=PaymentState.RECEIVED)
    rows = Payment.objects.filter(waiting, association=association, way=PaymentWay.CHEQUE, amount__gt=0, deposit=None, line=None)
    rows = rows.annotate(day=Coalesce("received_on", "announced_on")).select_related("membership__coop")
    return list(rows.order_by("-state", "day", "pk")[:MOST_CHEQUES])


def deposits_of(association: DepartmentalAssociation) -> QuerySet[ChequeDeposit]:
    """Return the bordereaux of an AD, the latest first, each with `cheques`, `total` and whether the bank `credited` it."""
    credited = Payment.objects.filter(deposit=OuterRef("pk"), line__isnull=False)
    rows = ChequeDeposit.objects.filter(association=association).order_by("-number")
    return rows.annotate(cheques=Count("payments"), total=Coalesce(Sum("payments__amount"), 0), credited=Exists(credited))


def deposit_of(association: DepartmentalAssociation, number: int) -> ChequeDeposit:
    """Return a bordereau as `deposits_of`. Raises Http404 for any other."""
    row = deposits_of(association).filter(number=number).first()
    if row is None:
        raise Http404
    return row


def cheques_of(deposit: ChequeDeposit) -> list[Payment]:
    return list(Payment.objects.filter(deposit=deposit).select_related("membership__coop").order_by("pk"))


def lines_seen(association: DepartmentalAssociation, view: str) -> QuerySet[ReceivedLine]:
    """Return the lines of a view, the latest first; each matched one with the cents that it `paid`."""
    rows = ReceivedLine.objects.filter(association=association).annotate(paid=Coalesce(Sum("payments__amount"), 0))
    kept = {
        TO_MATCH: rows.filter(amount__gt=0, set_aside="").exclude(paid__gte=1),
        MATCHED: rows.filter(paid__gte=1),
        SET_ASIDE: rows.exclude(set_aside=""),
        SPENT: rows.filter(amount__lte=0, set_aside=""),
    }
    return kept[view].order_by("-date", "-pk")


def line_of(association: DepartmentalAssociation, key: int) -> ReceivedLine:
    """Return a line of an AD's statements, with its file. Raises Http404 for any other."""
    row = ReceivedLine.objects.filter(association=association, pk=key).select_related("statement").first()
    if row is None:
        raise Http404
    return row


def paid_by_line(line: ReceivedLine) -> list[Payment]:
    return list(Payment.objects.filter(line=line).select_related("membership__coop", "deposit").order_by("pk"))


def statements_of(association: DepartmentalAssociation) -> QuerySet[ReceivedStatement]:
    """Return the files that were imported, the latest first, each with its `count` of lines and their `first` and last day."""
    return ReceivedStatement.objects.filter(association=association).annotate(count=Count("lines")).order_by("-imported_at")


def payments_with_coops(association: DepartmentalAssociation) -> QuerySet[Payment]:
    """Return all payments of an AD, each with its coop: what its journal is made of."""
    return Payment.objects.filter(association=association).select_related("membership__coop")


def declared_by(keys: Iterable[int]) -> dict[int, list[Declaration]]:
    """Return the declarations made of adhésions, by the key of the adhésion, in their order."""
    found: dict[int, list[Declaration]] = {}
    rows = Declaration.objects.filter(membership__in=set(keys), declared_at__isnull=False)
    for row in rows.order_by("membership", "number"):
        found.setdefault(row.membership_id, []).append(row)
    return found


def deposit_number(association: DepartmentalAssociation, key: int) -> int | None:
    """Return the number of a bordereau by its key, None where it was taken back."""
    return ChequeDeposit.objects.filter(association=association, pk=key).values_list("number", flat=True).first()


def payable_any(association: DepartmentalAssociation, year: SchoolYear) -> list[Membership]:
    """Return the adhésions that a line of the statement may pay: those of a year and of the one before, the later first."""
    rows = memberships().filter(Q(told_declared__gt=0), coop__association=association, start__in=(year.start, year.previous.start))
    return list(rows.select_related("coop").order_by("-start", "coop__name", "coop__rne"))
