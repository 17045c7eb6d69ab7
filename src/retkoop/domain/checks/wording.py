"""How checks speak: the name of an operation in a sentence, and the remark that leads to it."""

from __future__ import annotations

from datetime import date

from retkoop.domain.chart import Chart
from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.scope import Terms
from retkoop.domain.entry import Operation


def named(piece: str, label: str = "") -> str:
    """Name an operation by its pièce, by its label where it has none yet: `la pièce D03`, `l’opération « Livres »`."""
    if piece.strip():
        return f"la pièce {piece.strip()}"
    return f"l’opération « {label.strip()} »" if label.strip() else "l’opération sans numéro"


def the(operation: Operation) -> str:
    return named(operation.piece, operation.label)


def account_name(chart: Chart, code: str) -> str:
    """Name an account as a teacher knows it: `618, Charges des activités éducatives`."""
    account = chart.by_name.get(code)
    return f"{account.alias}, {account.label}" if account else chart.label(code)


def mend_in_book(terms: Terms, words: str) -> str:
    """Return the words of a link to the cahier or the bilan; in a year kept elsewhere, it leads to the totals."""
    return "Revoir les totaux" if terms.direct else words


def sentence(text: str) -> str:
    """Start with a capital what may start with the name of an operation."""
    return text[:1].upper() + text[1:]


def remark_on(operation: Operation, text: str, mend: str, *, since: date | None = None, until: date | None = None) -> Remark:
    """Return the remark that leads to an operation."""
    place = Place.OPENING if operation.opening else Place.OPERATION
    return Remark(sentence(text), mend, place, operation.key, operation.piece, since=since, until=until)
