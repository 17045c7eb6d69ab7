"""The year (exercice) as a whole: it starts from last year's avoir, it balances, and it is kept as it goes."""

from __future__ import annotations

from collections.abc import Iterator

from retkoop.domain.checks.check import GoodNews, check
from retkoop.domain.checks.finding import Place, Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms
from retkoop.domain.checks.wording import mend_in_book
from retkoop.domain.dates import days_after, format_date
from retkoop.domain.money import format_amount
from retkoop.domain.standing import Standing


@check(
    code="bilan",
    severity=Severity.ERREUR,
    scope=Scope.TOTALS,
    rule="Le bilan est équilibré : banque + caisse + régies = report à nouveau + résultat.",
    source="OCCE, compte rendu financier, bilan simplifié",
    good_news=GoodNews(
        "Bravo, le bilan est équilibré.",
        lambda standing: (standing.operation_count > 0 or standing.has_opening) and not standing.awaits_totals,
    ),
)
def balance_sheet_differs(standing: Standing, terms: Terms) -> Iterator[Remark]:
    if standing.imbalance:
        gap = format_amount(abs(standing.imbalance))
        message = f"Le bilan n’est pas équilibré\u202f: {gap} d’écart entre l’actif et le passif."
        yield Remark(message, mend_in_book(terms, "Voir le bilan"), Place.BALANCE_SHEET)


@check(
    code="report-a-nouveau",
    severity=Severity.ERREUR,
    scope=Scope.TOTALS,
    rule="Le report à nouveau est le total de l’actif de l’année précédente.",
    source="OCCE, compte rendu financier, bilan simplifié",
    good_news=GoodNews(
        "Bravo, le report à nouveau reprend l’avoir de l’année précédente.", lambda standing: standing.previous_assets is not None
    ),
)
def opening_differs(standing: Standing, terms: Terms) -> Iterator[Remark]:
    previous = standing.previous_assets
    if previous is None or previous == standing.carried_forward:
        return
    ended = f"l’année {terms.year.previous} s’est terminée avec {format_amount(previous)}"
    if standing.has_opening:
        message = f"Le report à nouveau est de {format_amount(standing.carried_forward)}, mais {ended}."
        yield Remark(message, "Corriger le report à nouveau", Place.OPENING)
    else:
        yield Remark(f"Le report à nouveau manque : {ended}.", "Noter le report à nouveau", Place.OPENING)


@check(
    code="report-a-nouveau-reparti",
    severity=Severity.ALERTE,
    scope=Scope.TOTALS,
    rule="Le report à nouveau laisse en caisse et à la banque ce que l’année précédente y a laissé.",
    source="OCCE, compte rendu financier, bilan simplifié",
)
def opening_split_differs(standing: Standing, terms: Terms) -> Iterator[Remark]:
    """The sum is right, its places are not; a wrong sum is told by `report-a-nouveau`."""
    previous = standing.previous_cash
    if previous is None or previous == standing.opening_cash or standing.previous_assets != standing.carried_forward:
        return
    message = (
        f"Le report à nouveau met {format_amount(standing.opening_cash)} en caisse, "
        f"mais la caisse contenait {format_amount(previous)} à la fin de l’année {terms.year.previous}."
    )
    yield Remark(message, "Corriger le report à nouveau", Place.OPENING)


@check(
    code="cahier-silencieux",
    severity=Severity.CONSEIL,
    scope=Scope.TOTALS,
    rule="Le cahier se tient au fil de l’année : pas plus de 60 jours (paramètre) sans opération.",
    source="OCCE, cahier de comptabilité",
)
def nothing_booked(standing: Standing, terms: Terms) -> Iterator[Remark]:
    """From so many days after the last operation (or after the first day of the year) and until the year ends.

    Totals alone are not kept as the year goes.
    """
    if terms.direct:
        return
    last = standing.last_operation or terms.year.first_day
    since, until = days_after(last, terms.rules.silent_days), days_after(terms.year.last_day, 1)
    if since < until:
        message = f"Rien n’est noté depuis le {format_date(last)} : le cahier est-il à jour ?"
        yield Remark(message, "Noter une opération", Place.CAHIER, since=since, until=until)
