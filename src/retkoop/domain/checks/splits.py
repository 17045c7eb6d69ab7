"""Split (ventilation): what moved is explained to the cent, on accounts of the right side."""

from __future__ import annotations

from collections.abc import Iterator

from retkoop.domain.checks.check import check
from retkoop.domain.checks.finding import Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms
from retkoop.domain.checks.wording import account_name, remark_on, the
from retkoop.domain.entry import Operation, Part
from retkoop.domain.money import format_amount


def _on_wrong_side(operation: Operation) -> list[Part]:
    """Return the parts that go against the money: a charge on what came in, a produit on what went out.

    Not where that nature as a whole is a refund, which does come in (or go out), whatever parts make it up.
    """
    came_in = operation.moves.total > 0
    against = operation.charges if came_in else operation.produits
    if operation.moves.total == 0 or against <= 0:
        return []
    return [part for part in operation.parts if part.amount > 0 and part.is_charge == came_in]


def _explained_by_wrong_side(operation: Operation) -> bool:
    wrong = sum(part.amount if part.is_charge else -part.amount for part in _on_wrong_side(operation))
    return wrong != 0 and operation.remainder == 2 * wrong


@check(
    code="ventilation",
    severity=Severity.ERREUR,
    scope=Scope.LINE,
    rule="La ventilation explique exactement ce que l’opération a fait entrer ou sortir.",
    source="OCCE, cahier de comptabilité : Σ produits − Σ charges = Δ 512 + Δ 530 + Δ régies",
)
def split_differs(operation: Operation, _: Terms) -> Iterator[Remark]:
    """The split is not what moved; silent where only the side of an account is wrong, which `sens-du-compte` tells."""
    remainder = operation.remainder
    if remainder == 0 or _explained_by_wrong_side(operation):
        return
    gap = format_amount(abs(remainder))
    if _only_passes_on(operation):
        text = f"dans {the(operation)}, ce qui sort et ce qui entre diffèrent de {gap}."
    elif abs(operation.moves.total) > abs(operation.produits - operation.charges):
        text = f"il manque {gap} dans la ventilation de {the(operation)}."
    else:
        text = f"la ventilation de {the(operation)} dépasse de {gap} la somme payée ou reçue."
    yield remark_on(operation, text, "Compléter la ventilation")


def _only_passes_on(operation: Operation) -> bool:
    """Tell whether money only passes from one place to another: virement interne, régie versée or rendue."""
    moves = operation.moves
    return not operation.parts and sum(moved != 0 for moved in (moves.bank, moves.cash, moves.regie)) > 1


@check(
    code="sens-du-compte",
    severity=Severity.ERREUR,
    scope=Scope.LINE,
    rule="Une recette se ventile sur des comptes 7, une dépense sur des comptes 6 ; un remboursement est négatif.",
    source="OCCE, nomenclature comptable",
)
def account_on_wrong_side(operation: Operation, terms: Terms) -> Iterator[Remark]:
    """A charge on a receipt, or the reverse."""
    for account, is_charge in dict.fromkeys((part.account, part.is_charge) for part in _on_wrong_side(operation)):
        name = account_name(terms.chart, account)
        if is_charge:
            text = f"{the(operation)} est une recette, mais « {name} » est un compte de dépenses."
        else:
            text = f"{the(operation)} est une dépense, mais « {name} » est un compte de recettes."
        yield remark_on(operation, text, "Choisir un autre compte")
