"""Reading where a coop stands before its end, and the coop that would take it over."""

from __future__ import annotations

from datetime import date

from retkoop.books.findings import findings_on
from retkoop.books.models import Book
from retkoop.books.queries import books_of, standing_of
from retkoop.books.writable import Refused
from retkoop.domain.chart import REGIE
from retkoop.domain.closing import ClosingState
from retkoop.domain.coop_end import CoopEndFacts
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop, DepartmentalAssociation
from retkoop.year_end.models import YearClosing

ON_THEIR_WAY = (ClosingState.SIGNING, ClosingState.SENT)


def latest_book(coop: Coop) -> Book | None:
    """Return the latest book of a coop that holds anything, else its latest one."""
    books = books_of(coop)
    return next((book for book in books if book.operation_count or book.has_opening), next(iter(books), None))


def book_to_end(coop: Coop, day: date) -> Book:
    """Return the book of the year of a day, the last one that holds anything. Raises Refused for any other."""
    year, latest = SchoolYear.containing(day), latest_book(coop)
    if latest is None:
        raise Refused(f"Aucun cahier n’est ouvert\u202f: ouvrez d’abord l’année {year}.")
    if latest.start != year.start:
        raise Refused(
            f"Le dernier cahier est celui de {latest.year}\u202f: choisissez un jour de cette année, "
            f"ou ouvrez d’abord l’année {year} avec son report à nouveau."
        )
    return latest


def facts_of_end(book: Book, day: date, today: date) -> CoopEndFacts:
    """Return where the coop of a book stands before its end."""
    standing = standing_of(book)
    closings = YearClosing.objects.filter(coop=book.coop_id, state__in=ON_THEIR_WAY).order_by("book__start")
    return CoopEndFacts(
        day=day,
        bank=standing.bank,
        cash=standing.cash,
        regies=standing.net(REGIE),
        erreurs=findings_on(book, today).erreurs,
        unpointed=standing.reconciliation.unpointed_count,
        last_operation=book.last_operation,
        signing=tuple(str(SchoolYear(start)) for start in closings.values_list("book__start", flat=True)),
    )


def refusals_of_heir(coop: Coop, heir: Coop) -> list[str]:
    """Say in French why a coop cannot be merged into another one."""
    if heir.pk == coop.pk:
        return ["Une coopérative ne peut pas se reprendre elle-même."]
    if heir.association_id != coop.association_id:
        return [f"{heir.name} n’est pas de la même association départementale."]
    if heir.closed_on is not None:
        return [f"{heir.name} est fermée\u202f: choisissez une coopérative ouverte."]
    return []


def heir_of(association: DepartmentalAssociation, rne: str) -> Coop | None:
    """Return the coop of an AD that an RNE names; None where there is none."""
    return Coop.objects.filter(association=association, rne=rne).first()
