"""Reading where a coop stands before its end, and the coop that would take it over."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q

from retkoop.books.findings import findings_on
from retkoop.books.models import Book, Operation
from retkoop.books.queries import books_of, standing_of
from retkoop.books.writable import Refused
from retkoop.domain.chart import REGIE
from retkoop.domain.closing import SEALED_STATES, ClosingState
from retkoop.domain.coop_end import CoopEndFacts
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop, DepartmentalAssociation
from retkoop.year_end.models import YearClosing

ON_THEIR_WAY = (ClosingState.SIGNING, ClosingState.SENT)


def latest_book(coop: Coop) -> Book | None:
    """Return the latest book of a coop that holds anything of its own, else its latest one.

    The year that opened by itself, with nothing but what follows the year before, is not begun.
    """
    books = books_of(coop)
    return next((book for book in books if holds_its_own(book)), next(iter(books), None))


def holds_its_own(book: Book) -> bool:
    """Tell whether a book holds anything but the opening that follows the year before."""
    return book.operation_count > 0 or (book.has_opening and not book.opening_follows)


def book_to_end(coop: Coop, day: date) -> Book:
    """Return the book of the year of a day, after which no other one holds anything of its own. Raises Refused for any other."""
    year, latest = SchoolYear.containing(day), latest_book(coop)
    if latest is None:
        raise Refused(f"Aucun cahier n’est ouvert\u202f: ouvrez d’abord l’année {year}.")
    if latest.start == year.start:
        return latest
    begun = next((book for book in books_of(coop) if book.start == year.start and book.has_opening), None)
    if begun is None or latest.start > year.start:
        raise Refused(
            f"Le dernier cahier est celui de {latest.year}\u202f: choisissez un jour de cette année, "
            f"ou ouvrez d’abord l’année {year} avec son report à nouveau."
        )
    return begun


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
        unaccepted=_unaccepted_before(book),
    )


def _unaccepted_before(book: Book) -> tuple[str, ...]:
    """Name the earlier years that were kept or filed here and that the AD has not accepted; those on their way to it are told apart.

    A year of which all came in from a file stands beside the others, to be compared: nobody sends it.
    """
    noted = Operation.objects.filter(book=OuterRef("pk"), batch=None).exclude(opening=True, book__opening_follows=True)
    kept = Q(Exists(noted)) | Q(direct=True, operation_count__gt=0) | Q(closing__isnull=False)
    earlier = Book.objects.filter(kept, coop=book.coop_id, start__lt=book.start, sealed_at=None).order_by("start")
    waiting = earlier.exclude(closing__state__in=[*SEALED_STATES, *ON_THEIR_WAY])
    return tuple(str(SchoolYear(start)) for start in waiting.values_list("start", flat=True))


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
