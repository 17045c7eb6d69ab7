"""Reading handovers, what the book says on the day of one, and the mandates that an AD has to look after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, cast

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.http import Http404
from django.utils import timezone

from retkoop.books.models import Book, EntryLine, Operation, Proof
from retkoop.books.queries import carried_unpointed, days_of, former_unpointed, own_unpointed
from retkoop.domain.chart import REGIE
from retkoop.domain.handover import HandoverFacts
from retkoop.network.models import Coop, DepartmentalAssociation, Mandate, Role
from retkoop.network.queries import keepers_of, running_mandates
from retkoop.registers.models import Subsidy
from retkoop.users.models import User
from retkoop.year_end.handover.models import Handover

SOON: Final = timedelta(days=60)
"""A mandate that ends within so many days is to be looked after now."""
A_PAGE: Final = 50


def handovers_of(book: Book) -> list[Handover]:
    """Return the handovers of the year of a book, the latest first."""
    return list(Handover.objects.filter(book=book).select_related("leaving", "leaving_role__user", "scan"))


def handover_in(book: Book, key: int) -> Handover:
    """Return a handover of a book. Raises Http404 for any other."""
    row = Handover.objects.filter(book=book, pk=key).select_related("leaving", "leaving_role__user", "scan").first()
    if row is None:
        raise Http404
    row.book, row.coop = book, book.coop
    return row


def mandates_today(coop: Coop) -> list[Mandate]:
    """Return the mandates of today, each with whether a handover ends it already (`handed_over`)."""
    waiting = Handover.objects.filter(leaving=OuterRef("pk"), cancelled_at=None)
    return list(running_mandates(coop, timezone.localdate()).annotate(handed_over=Exists(waiting)))


def own_accounts_of(coop: Coop) -> list[Role]:
    """Return the roles of those who open the coop with an account of their own."""
    return list(keepers_of(coop))


def merged_into(coop: Coop) -> list[Coop]:
    """Return the coops that were merged into this one, whose books its people read."""
    return list(Coop.objects.filter(merged_into=coop))


def facts_on(book: Book, day: date) -> HandoverFacts:
    """Return what a book says at the end of a day."""
    days = [one for one in days_of(book) if one.day <= day]
    until = Q(operation__opening=True) | Q(operation__date__lte=day)
    regies = EntryLine.objects.filter(until, book=book, account=REGIE).aggregate(net=Sum(F("debit") - F("credit"), default=0))
    unpointed: tuple[QuerySet[Any], ...] = (own_unpointed(book).filter(date__lte=day), former_unpointed(book), carried_unpointed(book))
    return HandoverFacts(
        bank=book.opening_bank + sum(one.bank for one in days),
        cash=book.opening_cash + sum(one.cash for one in days),
        regies=regies["net"],
        missing_vouchers=Operation.objects.filter(book=book, proof=Proof.MISSING, opening=False, date__lte=day).count(),
        unpointed=sum(rows.count() for rows in unpointed),
        subsidies=Subsidy.objects.filter(book=book, justified_on=None).count(),
    )


def coops_to_mandate(association: DepartmentalAssociation, number: str | None, today: date) -> Page[Coop]:
    """Return a page of the coops without a mandate today, of those that have none any more in two months, of those that nobody opens.

    Each has `mandataires`, those of today; a mandate given already counts from its first day on. Nobody opens a coop (`shut`, and not
    `opened`) whose password was taken back, by a handover (`passed_at`) or by the AD, where no other account has been activated.
    Coops that have ended are left out.
    """
    soon = today + SOON
    mandates = Mandate.objects.filter(coop=OuterRef("pk"))
    told = Coop.objects.filter(association=association, closed_on=None).annotate(
        held=Exists(_running(mandates, today)),
        held_soon=Exists(_running(mandates, soon)),
        shut=Exists(User.objects.filter(username=OuterRef("rne"), activated_at=None, initial_spent=True)),
        opened=Exists(openers_on(today).filter(coop=OuterRef("pk"))),
        passed_at=Subquery(
            Handover.objects.filter(coop=OuterRef("pk")).order_by(F("passed_at").desc(nulls_last=True)).values("passed_at")[:1]
        ),
    )
    lacking = told.filter(Q(held=False) | Q(held_soon=False) | Q(shut=True, opened=False)).order_by("held", "held_soon", "rne")
    running = Prefetch("mandates", _running(Mandate.objects.all(), today), to_attr="mandataires")
    return cast("Page[Coop]", Paginator(lacking.prefetch_related(running), A_PAGE).get_page(number))


def openers_on(day: date) -> QuerySet[Role]:
    """Return the roles by which the people of coops may log in on a day."""
    running = Role.objects.filter(start__lte=day, coop__isnull=False).filter(Q(end=None) | Q(end__gt=day))
    return running.filter(user__is_active=True, user__activated_at__isnull=False)


def _running(mandates: QuerySet[Mandate], day: date) -> QuerySet[Mandate]:
    return mandates.filter(start__lte=day).filter(Q(end=None) | Q(end__gte=day))
