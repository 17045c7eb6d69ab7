"""Cash box (caisse): never below zero, counted right, not too full, and not for what the law wants by bank."""

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


def _cash_moved(days: Days) -> bool:
    return days.opening_cash != 0 or any(move.cash for move in days.moves)


@check(
    code="caisse-negative",
    severity=Severity.ERREUR,
    scope=Scope.DAYS,
    rule="La caisse ne contient jamais moins que rien, à aucune date de l’année.",
    source="OCCE, cahier de comptabilité",
    good_news=GoodNews("Bravo, la caisse n’est jamais négative.", _cash_moved),
)
def cash_below_zero(days: Days, terms: Terms) -> Iterator[Remark]:
    dip = days.cash_dip
    if dip is None:
        return
    if dip.day is None:
        message = f"La caisse ouvre l’année en négatif ({format_amount(dip.held)}) : corrigez le report à nouveau."
        yield Remark(message, "Corriger le report à nouveau", Place.OPENING)
    else:
        message = (
            f"La caisse est négative le {format_date(dip.day)} ({format_amount(dip.held)}) : "
            "il manque une recette ou un retrait, ou une date est fausse."
        )
        yield Remark(message, mend_in_book(terms, "Voir ce jour dans le cahier"), Place.CAHIER, day=dip.day)


@check(
    code="arrete-de-caisse",
    severity=Severity.ERREUR,
    scope=Scope.TOTALS,
    rule="Les billets et les pièces comptés font la somme que dit le cahier (compte 530).",
    source="OCCE, compte rendu financier, arrêté de caisse",
    good_news=GoodNews("Bravo, la caisse est juste.", lambda standing: standing.valid_count is not None),
)
def cash_count_differs(standing: Standing, _: Terms) -> Iterator[Remark]:
    count = standing.valid_count
    if count is None or count.is_right:
        return
    gap = format_amount(abs(count.gap))
    what = f"il manquait {gap} dans la caisse" if count.gap < 0 else f"il y avait {gap} de trop dans la caisse"
    yield Remark(f"Au comptage du {format_date(count.day)}, {what}.", "Recompter la caisse", Place.CASH)


@check(
    code="especes-plafond-legal",
    severity=Severity.ALERTE,
    scope=Scope.LINE,
    rule="Une dépense de plus de 1 000 € ne se paie pas en espèces.",
    source="Code monétaire et financier, art. L112-6 et D112-3",
)
def cash_payment_too_large(operation: Operation, terms: Terms) -> Iterator[Remark]:
    """What the coop's own bank account or a régie receives was not paid to anybody."""
    moves, ceiling = operation.moves, terms.rules.cash_payment_ceiling
    paid = -moves.cash - max(moves.bank, 0) - max(moves.regie, 0)
    if paid > ceiling and not operation.opening:
        text = f"{the(operation)} paie {format_amount(paid)} en espèces : la loi l’interdit au-delà de {format_amount(ceiling)}."
        yield remark_on(operation, text, "Corriger le mode de paiement")


@check(
    code="caisse-trop-pleine",
    severity=Severity.CONSEIL,
    scope=Scope.TOTALS,
    rule="La caisse ne garde pas plus que le plafond de l’association départementale (paramètre, 300 € par défaut).",
    source="Association départementale, plafond de caisse",
)
def cash_box_too_full(standing: Standing, terms: Terms) -> Iterator[Remark]:
    ceiling = terms.rules.cash_ceiling
    if standing.cash > ceiling:
        message = f"La caisse contient {format_amount(standing.cash)} : au-delà de {format_amount(ceiling)}, déposez l’argent à la banque."
        yield Remark(message, mend_in_book(terms, "Noter un dépôt"), Place.CAHIER)
