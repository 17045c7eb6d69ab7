"""Intentions: what a teacher means to note, and the operation that says it.

The cahier asks "what did you do?", never "which accounts move?". Each intention asks for one amount and knows what it
moves. Read backwards, an operation tells its intention, unless it moves in a way that none of them does: such a one
(imported, mostly) is edited as `FREE`, where every move has its own field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from retkoop.domain.chart import Nature
from retkoop.domain.entry import Kind, Moves, Operation
from retkoop.domain.money import Cents


class Means(StrEnum):
    """How money was paid or received (le moyen)."""

    CHEQUE = "cheque"
    BANK = "bank"
    CASH = "cash"


PAID: Final = ((Means.CHEQUE, "Chèque"), (Means.BANK, "Carte, virement"), (Means.CASH, "Espèces"))
RECEIVED: Final = ((Means.BANK, "À la banque"), (Means.CASH, "En espèces"))


@dataclass(frozen=True)
class Intention:
    """One thing to do: its key in addresses, the kind of operation that it makes, and what it asks.

    `letter` starts its pièces where a book has no habit yet. `nature` is the side of its accounts, None where nothing is
    split. `signed` lets the amount be negative: an avoir, a refund.
    """

    key: str
    kind: Kind
    label: str
    letter: str
    moved: Callable[[Cents, Cents], Moves]
    amount_in: Callable[[Moves], Cents]
    means: tuple[tuple[Means, str], ...] = ()
    nature: Nature | None = None
    signed: bool = False
    usual_label: str = ""

    def moves(self, amount: Cents, means: Means | None) -> Moves:
        """Return what the intention moves for an amount in cents."""
        return self.moved(0, amount) if means is Means.CASH else self.moved(amount, 0)


DEPENSE: Final = Intention(
    "depense",
    Kind.EXPENSE,
    "Dépense",
    "D",
    moved=lambda bank, cash: Moves(bank=-bank, cash=-cash),
    amount_in=lambda moves: -moves.bank - moves.cash,
    means=PAID,
    nature=Nature.CHARGE,
    signed=True,
)
RECETTE: Final = Intention(
    "recette",
    Kind.RECEIPT,
    "Recette",
    "R",
    moved=lambda bank, cash: Moves(bank=bank, cash=cash),
    amount_in=lambda moves: moves.bank + moves.cash,
    means=RECEIVED,
    nature=Nature.PRODUIT,
    signed=True,
)
DEPOT: Final = Intention(
    "depot",
    Kind.TRANSFER,
    "Dépôt d’espèces à la banque",
    "V",
    moved=lambda amount, _: Moves(bank=amount, cash=-amount),
    amount_in=lambda moves: moves.bank,
    usual_label="Dépôt d’espèces",
)
RETRAIT: Final = Intention(
    "retrait",
    Kind.TRANSFER,
    "Retrait d’espèces de la banque",
    "V",
    moved=lambda amount, _: Moves(bank=-amount, cash=amount),
    amount_in=lambda moves: moves.cash,
    usual_label="Retrait d’espèces",
)
AVANCE: Final = Intention(
    "avance",
    Kind.REGIE_PAID,
    "Avance versée",
    "D",
    moved=lambda bank, cash: Moves(bank=-bank, cash=-cash, regie=bank + cash),
    amount_in=lambda moves: moves.regie,
    means=PAID,
    usual_label="Régie d’avance",
)
RELIQUAT: Final = Intention(
    "reliquat",
    Kind.REGIE_RETURNED,
    "Reliquat rendu",
    "R",
    moved=lambda bank, cash: Moves(bank=bank, cash=cash, regie=-bank - cash),
    amount_in=lambda moves: -moves.regie,
    means=RECEIVED,
    usual_label="Reliquat de la régie",
)
JUSTIFICATIFS: Final = Intention(
    "justificatifs",
    Kind.REGIE_SPENT,
    "Justificatifs",
    "J",
    moved=lambda amount, _: Moves(regie=-amount),
    amount_in=lambda moves: -moves.regie,
    nature=Nature.CHARGE,
    usual_label="Justificatifs de la régie",
)
FREE: Final = Intention(
    "libre",
    Kind.EXPENSE,
    "Opération particulière",
    "",
    moved=lambda _bank, _cash: Moves(),
    amount_in=lambda moves: moves.total,
    nature=Nature.CHARGE,
    signed=True,
)

INTENTIONS: Final = (DEPENSE, RECETTE, DEPOT, RETRAIT, AVANCE, RELIQUAT, JUSTIFICATIFS)
BY_KEY: Final = {intention.key: intention for intention in (*INTENTIONS, FREE)}


@dataclass(frozen=True)
class Tab:
    """A tab over the form: its words, and the intentions that it gathers."""

    label: str
    intentions: tuple[Intention, ...]


TABS: Final = (
    Tab("Dépense", (DEPENSE,)),
    Tab("Recette", (RECETTE,)),
    Tab("Banque ↔ caisse", (DEPOT, RETRAIT)),
    Tab("Régie d’avance", (AVANCE, RELIQUAT, JUSTIFICATIFS)),
)


@dataclass(frozen=True, slots=True)
class Meant:
    """An operation read back as an intention: the amount in cents and the means that say it."""

    intention: Intention
    amount: Cents
    means: Means | None = None


def meant_by(operation: Operation) -> Meant:
    """Return the intention of an operation, FREE where no intention says exactly what it moves."""
    for intention in INTENTIONS:
        if intention.kind is operation.kind and (meant := _as(intention, operation)):
            return meant
    return Meant(FREE, operation.moves.total)


def _as(intention: Intention, operation: Operation) -> Meant | None:
    amount, means = intention.amount_in(operation.moves), _means(intention, operation)
    if intention.moves(amount, means) != operation.moves or amount == 0 or (amount < 0 and not intention.signed):
        return None
    if (operation.parts and intention.nature is None) or (operation.cheque and not takes_cheque(intention, means)):
        return None
    return Meant(intention, amount, means)


def _means(intention: Intention, operation: Operation) -> Means | None:
    if not intention.means:
        return None
    if operation.moves.cash and not operation.moves.bank:
        return Means.CASH
    return Means.CHEQUE if operation.cheque and intention.means is PAID else Means.BANK


def takes_cheque(intention: Intention, means: Means | None) -> bool:
    """Tell whether a cheque's number has its place: what is paid otherwise has none, what comes in may bear that of others."""
    return means is Means.CHEQUE if intention.means is PAID else intention is not JUSTIFICATIFS
