"""Duplicate (doublon): the same operation typed twice, be it once by the bank and once in cash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retkoop.domain.chart import fold
from retkoop.domain.checks.check import check
from retkoop.domain.checks.finding import Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms
from retkoop.domain.checks.wording import remark_on, the
from retkoop.domain.entry import Operation, cheque_digits, natural_key


def _as_told(operation: Operation) -> tuple[object, ...]:
    """Sort key by what an operation says: which one is the duplicate depends on the order of entry only where all is said twice."""
    parts = tuple((part.account, part.amount) for part in operation.parts)
    named = (natural_key(operation.piece), operation.piece, operation.label, operation.tiers, operation.cheque)
    return (*named, parts, operation.project, operation.classe, operation.key)


def _likenesses(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield what makes a twin of another operation of that day and amount: (the words for it, its value)."""
    tiers, label = fold(operation.tiers), fold(operation.label)
    cheque = cheque_digits(operation.cheque) or operation.cheque.strip()
    way = "caisse" if operation.moves.cash else "banque"
    yield ("même tiers", f"{way} {tiers}") if tiers else ("même libellé", f"{way} {label}")
    if cheque:
        yield "même chèque", cheque
    if tiers:  # within one way, the tiers alone has told it already
        yield "même tiers, même libellé, l’une par la banque et l’autre en espèces", f"{tiers} {label}"


@check(
    code="doublon",
    severity=Severity.ALERTE,
    scope=Scope.TWINS,
    rule="Deux opérations n’ont pas à la fois la même date, le même montant et le même tiers (à défaut le même libellé) ou le même chèque.",
    source="OCCE, cahier de comptabilité",
)
def duplicate(twins: Sequence[Operation], _: Terms) -> Iterator[Remark]:
    """Of operations of the same day and amounts, each is held against the first one that is like it."""
    seen: dict[tuple[str, str], Operation] = {}
    for operation in sorted(twins, key=_as_told):
        likenesses = tuple(_likenesses(operation))
        alike = next((likeness for likeness in likenesses if likeness in seen), None)
        if alike:
            others = f"{the(seen[alike])} (même date, même montant, {alike[0]})"
            yield remark_on(operation, f"{the(operation)} ressemble à {others} : l’une est-elle en double ?", "Comparer les deux")
        for likeness in likenesses:
            seen.setdefault(likeness, operation)
