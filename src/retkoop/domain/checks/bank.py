"""Bank account (compte bancaire): explained to the cent, never overdrawn, with nothing left in the air at the end."""

from __future__ import annotations

from collections.abc import Iterator

from retkoop.domain.checks.check import GoodNews, check
from retkoop.domain.checks.finding import Place, Remark, Severity
from retkoop.domain.checks.scope import Days, Scope, Terms
from retkoop.domain.checks.wording import mend_in_book, remark_on, the
from retkoop.domain.dates import format_date
from retkoop.domain.entry import Operation
from retkoop.domain.money import format_amount
from retkoop.domain.standing import Standing


@check(
    code="rapprochement",
    severity=Severity.ERREUR,
    scope=Scope.TOTALS,
    rule="Solde du relevé + recettes non pointées − dépenses non pointées = compte 512 du cahier.",
    source="OCCE, compte rendu financier, rapprochement bancaire",
    good_news=GoodNews("Bravo, le rapprochement bancaire est juste.", lambda standing: standing.reconciliation.gap is not None),
)
def reconciliation_gap(standing: Standing, terms: Terms) -> Iterator[Remark]:
    gap = standing.reconciliation.gap
    if gap:
        sense = "plus" if gap > 0 else "moins"
        told = f"Le relevé a {format_amount(abs(gap))} de {sense} que ce que"
        if terms.direct:
            message = f"{told} vos totaux expliquent\u202f: dites ce que le relevé ne montre pas encore, ou revoyez les totaux."
            yield Remark(message, "Revoir la banque", Place.RECONCILIATION)
        else:
            message = f"{told} le cahier explique\u202f: cherchez une opération oubliée ou pointée à tort."
            yield Remark(message, "Reprendre le rapprochement", Place.RECONCILIATION)


@check(
    code="banque-a-decouvert",
    severity=Severity.ALERTE,
    scope=Scope.DAYS,
    rule="Le compte bancaire n’est à découvert à aucune date de l’année.",
    source="OCCE, cahier de comptabilité",
)
def bank_overdrawn(days: Days, terms: Terms) -> Iterator[Remark]:
    dip = days.bank_dip
    if dip is None:
        return
    if dip.day is None:
        message = f"Le compte bancaire ouvre l’année à découvert ({format_amount(dip.held)}) : vérifiez le report à nouveau."
        yield Remark(message, "Vérifier le report à nouveau", Place.OPENING)
    else:
        message = f"Le compte bancaire est à découvert le {format_date(dip.day)} ({format_amount(dip.held)})."
        yield Remark(message, mend_in_book(terms, "Voir ce jour dans le cahier"), Place.CAHIER, day=dip.day)


@check(
    code="recette-non-pointee",
    severity=Severity.ALERTE,
    scope=Scope.LINE,
    rule="Une recette déposée à la banque apparaît sur un relevé au 31 août.",
    source="OCCE, rapprochement bancaire",
)
def receipt_unpointed(operation: Operation, terms: Terms) -> Iterator[Remark]:
    if operation.moves.bank <= 0 or operation.pointed or operation.opening:
        return
    amount, last_day = format_amount(operation.moves.bank), terms.year.last_day
    text = f"{the(operation)} ({amount} à la banque) n’est sur aucun relevé au {format_date(last_day)} : la banque l’a-t-elle bien reçue ?"
    yield remark_on(operation, text, "Voir l’opération", since=last_day)
