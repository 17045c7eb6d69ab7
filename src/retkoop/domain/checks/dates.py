"""Dates: within the year, not in the future, and not slipped under a bank statement that was closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retkoop.domain.checks.check import check
from retkoop.domain.checks.finding import Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms
from retkoop.domain.checks.wording import remark_on, the
from retkoop.domain.dates import format_date
from retkoop.domain.entry import Operation


@check(
    code="date-hors-annee",
    severity=Severity.ALERTE,
    scope=Scope.LINE,
    rule="Une opération est datée entre le 1er septembre et le 31 août de son année scolaire.",
    source="OCCE, exercice comptable",
)
def date_outside_year(operation: Operation, terms: Terms) -> Iterator[Remark]:
    if operation.date in terms.year:
        return
    text = f"{the(operation)} est datée du {format_date(operation.date)}, hors de l’année scolaire {terms.year}."
    yield remark_on(operation, text, "Corriger la date")


@check(
    code="date-future",
    severity=Severity.ALERTE,
    scope=Scope.LINE,
    rule="Une opération se note quand elle a eu lieu : sa date n’est pas dans le futur.",
    source="OCCE, cahier de comptabilité",
)
def date_in_the_future(operation: Operation, _: Terms) -> Iterator[Remark]:
    """Dated after the day on which it was typed; until that day comes."""
    typed = operation.entered_at
    if typed is None or operation.opening or operation.date <= typed.date():
        return
    text = f"{the(operation)} est datée du {format_date(operation.date)}, dans le futur."
    yield replace(remark_on(operation, text, "Corriger la date"), until=operation.date)


@check(
    code="releve-deja-clos",
    severity=Severity.ALERTE,
    scope=Scope.LINE,
    rule="Une opération de banque ne se glisse pas, après coup, sous un relevé déjà clos.",
    source="OCCE, rapprochement bancaire",
)
def under_closed_statement(operation: Operation, terms: Terms) -> Iterator[Remark]:
    """Dated on or before a statement that was closed before it was typed, and not on it.

    Any closing counts, not only the last: so closing one more statement never changes what is said of older operations.
    """
    typed = operation.entered_at
    if typed is None or operation.opening or operation.pointed or not operation.moves.bank:
        return
    closed = [closing.date for closing in terms.closings if operation.date <= closing.date and closing.closed_at < typed]
    if closed:
        text = (
            f"{the(operation)}, datée du {format_date(operation.date)}, a été saisie après la clôture "
            f"du relevé du {format_date(min(closed))} : vérifiez sa date."
        )
        yield remark_on(operation, text, "Vérifier la date")
