"""Cheques (chèques): each of the coop's own, once, none missing, and cashed in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from retkoop.domain.checks.check import check
from retkoop.domain.checks.finding import Place, Remark, Severity
from retkoop.domain.checks.scope import CHEQUE_RUN, ChequeRun, ChequeUse, Scope, Terms, own_cheque
from retkoop.domain.checks.wording import named, remark_on, sentence, the
from retkoop.domain.dates import days_after, format_date, year_after
from retkoop.domain.entry import Operation, cheque_digits
from retkoop.domain.money import format_amount


@check(
    code="cheque-deux-fois",
    severity=Severity.ALERTE,
    scope=Scope.CHEQUES,
    rule="Un chèque de la coopérative ne sert qu’une fois.",
    source="OCCE, cahier de comptabilité",
)
def cheque_used_twice(run: ChequeRun, _: Terms) -> Iterator[Remark]:
    first: dict[int, ChequeUse] = {}
    for use in run.own_uses:
        if use.number in first:
            text = f"{named(use.piece)} porte le chèque n° {cheque_digits(use.cheque)}, déjà utilisé par {named(first[use.number].piece)}."
            yield Remark(sentence(text), "Corriger le n° de chèque", Place.OPERATION, use.operation, use.piece)
        first.setdefault(use.number, use)


@check(
    code="cheque-saute",
    severity=Severity.ALERTE,
    scope=Scope.CHEQUES,
    rule="Les numéros des chèques de la coopérative se suivent.",
    source="OCCE, cahier de comptabilité",
)
def cheque_skipped(run: ChequeRun, _: Terms) -> Iterator[Remark]:
    """Numbers missing before a cheque of the run; a wide gap is another chequebook."""
    for before, after in pairwise(run.in_order):
        if after.number >= run.first and 1 < after.number - before.number <= CHEQUE_RUN:
            yield Remark(
                _missing(before.number + 1, after.number - 1, len(cheque_digits(after.cheque))),
                "Voir les chèques voisins",
                Place.CAHIER,
                day=after.date,
            )


def _missing(first: int, last: int, digits: int) -> str:
    if first == last:
        return f"Le chèque n° {first:0{digits}} manque dans le cahier : a-t-il été oublié, perdu ou annulé ?"
    link = "et" if last == first + 1 else "à"
    return f"Les chèques n° {first:0{digits}} {link} {last:0{digits}} manquent dans le cahier : ont-ils été oubliés, perdus ou annulés ?"


def last_day_of_cheque(day: date) -> date:
    """Return the last day on which a cheque can be cashed: eight days to present it, then one year."""
    return year_after(days_after(day, 8))


@check(
    code="cheque-non-pointe",
    severity=Severity.ALERTE,
    scope=Scope.LINE,
    rule="Un chèque émis depuis 60 jours (paramètre) apparaît sur un relevé.",
    source="OCCE, rapprochement bancaire",
)
def cheque_unpointed(operation: Operation, terms: Terms) -> Iterator[Remark]:
    if own_cheque(operation) is None or operation.pointed:
        return
    days = terms.rules.unpointed_days
    text = (
        f"Le chèque n° {cheque_digits(operation.cheque)} du {format_date(operation.date)} ({format_amount(-operation.moves.bank)}) "
        f"n’est sur aucun relevé depuis {days} jours : relancez son bénéficiaire."
    )
    since, until = days_after(operation.date, days), days_after(last_day_of_cheque(operation.date), 1)
    yield remark_on(operation, text, "Voir l’opération", since=since, until=until)


@check(
    code="cheque-perime",
    severity=Severity.ALERTE,
    scope=Scope.LINE,
    rule="Un chèque n’est plus payable au-delà d’un an et huit jours.",
    source="Code monétaire et financier, art. L131-32 et L131-59",
)
def cheque_lapsed(operation: Operation, _: Terms) -> Iterator[Remark]:
    if own_cheque(operation) is None or operation.pointed:
        return
    last = last_day_of_cheque(operation.date)
    text = (
        f"Le chèque n° {cheque_digits(operation.cheque)} de {the(operation)} n’est sur aucun relevé et ne pouvait être encaissé que "
        f"jusqu’au {format_date(last)} : voyez avec votre association départementale."
    )
    yield remark_on(operation, text, "Voir l’opération", since=days_after(last, 1))
