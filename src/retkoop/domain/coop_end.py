"""End of a coop (fermeture, fusion): what has to be settled first, and the operations that empty its book.

Coops are sections of one legal person, the AD: what one hands to another, or to the AD itself, stands on the exceptional accounts of both,
for the same amount on the same day, so that nothing is left of it once the accounts are aggregated (docs/decisions/0010).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from retkoop.domain.dates import format_date
from retkoop.domain.entry import Moves, Operation, Part
from retkoop.domain.money import Cents, format_amount

OUT_ACCOUNT: Final = "67000008"
"""Charges exceptionnelles: where the book that ends hands over what it owns."""
IN_ACCOUNT: Final = "77000008"
"""Produits exceptionnels: where the coop that goes on receives it."""
KEPT_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class CoopEndFacts:
    """Where a coop stands on the day of its end, in cents and in numbers.

    `signing` names the years on their way to the AD, `unaccepted` the earlier ones that it has not accepted.
    """

    day: date
    bank: Cents
    cash: Cents
    regies: Cents
    erreurs: int
    unpointed: int
    last_operation: date | None = None
    signing: tuple[str, ...] = ()
    unaccepted: tuple[str, ...] = ()


def coop_end_refusals(facts: CoopEndFacts) -> list[str]:
    """Say in French why a coop cannot end on that day; nothing where it can."""
    refusals = []
    if facts.erreurs:
        refusals.append(f"{_count(facts.erreurs, 'erreur reste', 'erreurs restent')} dans le cahier\u202f: corrigez d’abord.")
    if facts.unpointed:
        said = _count(facts.unpointed, "opération n’est pas pointée", "opérations ne sont pas pointées")
        refusals.append(f"{said}\u202f: pointez d’abord le dernier relevé.")
    if facts.regies:
        refusals.append(f"Une régie est encore ouverte ({format_amount(facts.regies)})\u202f: soldez-la d’abord.")
    if facts.bank < 0 or facts.cash < 0:
        refusals.append("La banque ou la caisse est à découvert\u202f: il n’y a rien à verser.")
    if facts.last_operation is not None and facts.last_operation > facts.day:
        refusals.append(f"Une opération est datée du {format_date(facts.last_operation)}\u202f: la fin ne peut pas venir avant.")
    refusals += [f"Les comptes {year} sont en cours de signature ou transmis\u202f: finissez d’abord." for year in facts.signing]
    refusals += [
        f"Les comptes {year} ne sont pas encore validés\u202f: la coopérative les transmet, puis vous les validez."
        for year in facts.unaccepted
    ]
    return refusals


def _count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number} {many}"


def handing_out(day: date, bank: Cents, cash: Cents, *, label: str, tiers: str, piece: str = "FIN") -> Operation:  # noqa: PLR0913 -- an operation is these facts
    """Return the operation that empties a book: all of the bank and of the cash, against the exceptional charges."""
    return Operation(0, piece, day, label, Moves(bank=-bank, cash=-cash), (Part(OUT_ACCOUNT, bank + cash),), tiers)


def taking_in(out: Operation, *, label: str, tiers: str, piece: str) -> Operation:
    """Return the operation by which the coop that goes on receives what `out` handed over: same day, same amounts."""
    moves = Moves(bank=-out.moves.bank, cash=-out.moves.cash)
    return Operation(0, piece, out.date, label, moves, (Part(IN_ACCOUNT, moves.total),), tiers)


def readable_until(closed_on: date) -> date:
    """Return the last day on which a coop that has ended is to be read: documents are kept ten years (OCCE)."""
    year = closed_on.year + KEPT_YEARS
    return closed_on.replace(year=year, day=28) if (closed_on.month, closed_on.day) == (2, 29) else closed_on.replace(year=year)
