"""What is about to be written in: a book as it is now, and not sealed; an operation that no closed statement holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from retkoop.books.models import Book, Operation
from retkoop.books.queries import books_of
from retkoop.domain import entry
from retkoop.domain.dates import format_date
from retkoop.network.models import Coop


class Refused(Exception):
    """The verb was not done, and nothing was written; the message tells the person why, in French."""


def writable(coop: Coop, book: Book) -> Book:
    """Return the book as it is now that the coop's chain is ours. Raises Refused where its year takes no writing."""
    current = next(one for one in books_of(coop) if one.pk == book.pk)
    refuse_closed(current)
    return current


def refuse_closed(book: Book) -> None:
    """Raise Refused where a year takes no writing."""
    refusal = why_closed(book)
    if refusal:
        raise Refused(refusal)


def why_closed(book: Book) -> str | None:
    """Say why a year takes no writing: ended, sent or closed by the AD (what the roof names says so), or sealed; None where it does."""
    asked: Callable[[Book], str | None] = import_string(settings.ENTRY_REFUSAL)
    refusal = asked(book)
    if refusal is None and book.sealed_at is not None:
        return f"Les comptes de {book.year} sont validés et scellés : corrigez par une opération de l’année suivante."
    return refusal


def writable_cahier(coop: Coop, book: Book) -> Book:
    """Return the book as `writable` does, where its operations are kept here. Raises Refused for a year of totals alone as well."""
    current = writable(coop, book)
    refuse_direct(current)
    return current


def refuse_direct(book: Book) -> None:
    """Raise Refused where the year was kept elsewhere: its form alone writes its few operations."""
    if book.direct:
        raise Refused(
            f"Pour {book.year}, vous ne saisissez que le compte rendu\u202f: ce montant se note dans ses étapes, pas dans un cahier."
        )


def closed_statement_holding(row: Operation) -> date | None:
    """Return the date of the closed statement on which an operation is ticked; the room above, unknown here, is named by the roof."""
    if row.pointed_year is None:
        return None
    holding: Callable[[Operation], date | None] = import_string(settings.CLOSED_STATEMENT)
    return holding(row)


def refuse_against_statement(row: Operation, operation: entry.Operation) -> None:
    """Raise Refused where an operation is ticked on a statement that the new one would belie."""
    if (row.bank, row.date) != (operation.moves.bank, operation.date) and (day := closed_statement_holding(row)):
        raise Refused(
            f"Cette opération est pointée sur le relevé du {format_date(day)}, qui est clos : sa date et sa somme à la banque "
            "ne changent plus. Rouvrez d’abord ce relevé."
        )
    if row.pointed_year is not None and not operation.moves.bank:
        raise Refused("Cette opération est pointée sur un relevé : elle doit rester à la banque. Dépointez-la d’abord.")
