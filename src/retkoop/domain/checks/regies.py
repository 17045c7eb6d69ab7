"""Régies d’avance: small sums entrusted to a teacher, never more spent than entrusted, all back before the year ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from retkoop.domain.chart import REGIE
from retkoop.domain.checks.check import GoodNews, check
from retkoop.domain.checks.finding import Place, Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms
from retkoop.domain.checks.wording import remark_on, the
from retkoop.domain.dates import format_date
from retkoop.domain.entry import Operation
from retkoop.domain.money import Cents, format_amount
from retkoop.domain.standing import Standing


@check(
    code="regie-plafond",
    severity=Severity.ALERTE,
    scope=Scope.LINE,
    rule="Une régie d’avance ne dépasse pas son plafond à chaque versement (paramètre, 150 € par défaut).",
    source="OCCE, régies d’avance",
)
def regie_above_ceiling(operation: Operation, terms: Terms) -> Iterator[Remark]:
    paid, ceiling = operation.moves.regie, terms.rules.regie_ceiling
    if paid > ceiling and not operation.opening:
        text = f"{the(operation)} verse une régie de {format_amount(paid)} : le plafond est de {format_amount(ceiling)}."
        yield remark_on(operation, text, "Corriger le montant")


@check(
    code="regie-negative",
    severity=Severity.ERREUR,
    scope=Scope.TOTALS,
    rule="Les régies d’avance ne rendent et ne justifient pas plus qu’elles n’ont reçu.",
    source="OCCE, régies d’avance",
)
def regie_overdrawn(standing: Standing, _: Terms) -> Iterator[Remark]:
    held = standing.net(REGIE)
    if held < 0:
        much = format_amount(-held)
        text = f"Les régies d’avance ont rendu ou justifié {much} de plus que versé : une avance manque, ou un montant est faux."
        yield Remark(text, "Vérifier les régies", Place.CAHIER)


def _open(held: Cents, day: date) -> str:
    return f"Au {format_date(day)}, il reste {format_amount(held)} de régies d’avance à justifier ou à rendre."


@check(
    code="regie-apres-juin",
    severity=Severity.ALERTE,
    scope=Scope.TOTALS,
    rule="Les régies d’avance sont rendues ou justifiées au 30 juin.",
    source="OCCE, régies d’avance",
)
def regie_open_after_june(standing: Standing, terms: Terms) -> Iterator[Remark]:
    """From 1 July on; on the last day of the year `regie-ouverte` takes over."""
    held, summer = standing.net(REGIE), terms.year.last_day.replace(month=7, day=1)
    if held > 0:
        yield Remark(
            _open(held, summer.replace(month=6, day=30)),
            "Solder les régies",
            Place.CAHIER,
            since=summer,
            until=terms.year.last_day,
        )


@check(
    code="regie-ouverte",
    severity=Severity.ERREUR,
    scope=Scope.TOTALS,
    rule="Chaque régie d’avance est revenue à zéro au 31 août.",
    source="OCCE, régies d’avance",
    good_news=GoodNews(
        "Bravo, toutes les régies d’avance sont soldées.", lambda standing: REGIE in standing.totals and standing.net(REGIE) >= 0
    ),
)
def regie_open_at_end(standing: Standing, terms: Terms) -> Iterator[Remark]:
    held, last_day = standing.net(REGIE), terms.year.last_day
    if held > 0:
        yield Remark(_open(held, last_day), "Solder les régies", Place.CAHIER, since=last_day)
