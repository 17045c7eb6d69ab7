"""Purchases (achats): what a coop may buy, on the right account, and what it buys to sell again."""

from __future__ import annotations

from collections.abc import Iterator

from retkoop.domain.checks.check import check
from retkoop.domain.checks.finding import Place, Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms
from retkoop.domain.checks.wording import mend_in_book, remark_on, the
from retkoop.domain.checks.words import first_of, holds, plain, without
from retkoop.domain.entry import Operation
from retkoop.domain.money import Cents, format_amount
from retkoop.domain.standing import Standing


def _is_purchase(operation: Operation) -> bool:
    return not operation.opening and (operation.moves.total < 0 or operation.charges > 0)


def _words(operation: Operation) -> str:
    """Return the plain words to look at; the bar keeps a phrase from reaching over from the label into the name."""
    return f"{plain(operation.label)} | {plain(operation.tiers)}"


def _forbidden_word(operation: Operation, terms: Terms) -> str | None:
    rules = terms.rules
    return first_of(rules.forbidden_words, without(rules.harmless_phrases, _words(operation)))


def _is_lived(operation: Operation, terms: Terms) -> bool:
    """Tell whether words tell what leaves nothing behind; a thing that lasts wins, wherever it is taken."""
    rules, words = terms.rules, _words(operation)
    return holds(rules.service_words, words) and not holds(rules.durable_words, without(rules.harmless_phrases, words))


@check(
    code="achat-interdit",
    severity=Severity.ALERTE,
    scope=Scope.LINE,
    rule="Une coopérative ne paie ni salaire, ni téléphone, ni manuels scolaires, ni photocopieur, et n’épargne pas (mots : paramètre).",
    source="OCCE, dépenses interdites ; liste de l’association départementale",
)
def forbidden_purchase(operation: Operation, terms: Terms) -> Iterator[Remark]:
    """A forbidden word in the label or the name of the tiers: only a hint, hence an alerte that one may explain."""
    word = _forbidden_word(operation, terms)
    if word and _is_purchase(operation):
        text = f"{the(operation)} parle de « {word} », une dépense qu’une coopérative ne peut pas payer : corrigez-la ou expliquez-la."
        yield remark_on(operation, text, "Voir l’opération")


@check(
    code="achat-tolere",
    severity=Severity.CONSEIL,
    scope=Scope.LINE,
    rule="Un achat que l’association départementale tolère (mots : paramètre, aucun par défaut) dit à quoi il a servi.",
    source="Liste de l’association départementale",
)
def tolerated_purchase(operation: Operation, terms: Terms) -> Iterator[Remark]:
    """Silent where the same words tell a forbidden purchase: one sentence is enough."""
    word = first_of(terms.rules.tolerated_words, without(terms.rules.harmless_phrases, _words(operation)))
    if word and _is_purchase(operation) and not _forbidden_word(operation, terms):
        text = f"{the(operation)} parle de « {word} », un achat que votre association tolère : dites dans le libellé à quoi il a servi."
        yield remark_on(operation, text, "Voir l’opération")


@check(
    code="achat-durable",
    severity=Severity.ALERTE,
    scope=Scope.LINE,
    rule="Un achat du compte 618 au-dessus du seuil (paramètre, 500 € par défaut) est peut-être un bien durable, à noter au compte 680.",
    source="OCCE, cahier d’inventaire ; seuil de l’association départementale",
)
def durable_as_activity(operation: Operation, terms: Terms) -> Iterator[Remark]:
    """Silent where words tell an outing, a show or a journey, of which nothing is left to list; or a purchase that may not be at all."""
    amount = sum(part.amount for part in operation.parts if part.account.startswith("618"))
    if amount <= terms.rules.durable_threshold or _is_lived(operation, terms) or _forbidden_word(operation, terms):
        return
    text = (
        f"{the(operation)} note {format_amount(amount)} au compte 618 : un bien durable se note au compte 680 et s’inscrit à l’inventaire."
    )
    yield remark_on(operation, text, "Vérifier le compte")


@check(
    code="vente-sans-achat",
    severity=Severity.CONSEIL,
    scope=Scope.TOTALS,
    rule="Ce qui est acheté pour être vendu (compte 607) et sa vente (compte 707) se notent tous deux, pour leur montant entier.",
    source="OCCE, nomenclature comptable",
)
def sold_or_bought_only(standing: Standing, terms: Terms) -> Iterator[Remark]:
    """Photos sold and no photographer's invoice, or the reverse: only the profit was booked, or something is missing."""
    bought, sold = _net(standing, "607"), -_net(standing, "707")
    if sold > 0 and bought == 0:
        message = (
            "Des ventes sont notées (compte 707), mais aucun achat (compte 607) : notez aussi la facture, celle du photographe par exemple."
        )
    elif bought > 0 and sold == 0:
        message = "Des achats pour la vente sont notés (compte 607), mais aucune vente (compte 707) : notez aussi tout l’argent reçu."
    else:
        return
    yield Remark(message, mend_in_book(terms, "Voir le cahier"), Place.CAHIER)


def _net(standing: Standing, alias: str) -> Cents:
    return sum(total.net for account, total in standing.totals.items() if account.startswith(alias))
