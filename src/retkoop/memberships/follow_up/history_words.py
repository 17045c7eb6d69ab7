"""The words of the trail: the federation's share."""

from __future__ import annotations

from typing import Any, Final

from retkoop.books.vocabulary import RecordWords, moment, money, text
from retkoop.domain.chart import Chart
from retkoop.domain.federation_share import told_share
from retkoop.domain.money import format_amount
from retkoop.domain.school_year import SchoolYear


def _lines(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds
    told = [f"{line.label}\u202f: {line.quantity} × {format_amount(line.price)}" for line in told_share(value)]
    return f"{value['coops']} coopératives. {' ; '.join(told)}"


ACTIONS: Final[dict[str, str]] = {"share.declared": "Part fédérale déclarée"}

RECORDS: Final[dict[str, RecordWords]] = {
    "memberships.sharedeclaration": RecordWords(
        columns={
            "amount": ("Montant", money),
            "facts": ("Détail", _lines),
            "declared_at": ("Déclarée le", moment),
            "declared_by": ("Par", text),
        },
        silent=frozenset({"id", "association_id", "start", "number"}),
        name=lambda state: f"{SchoolYear(state['start'])}, n°\u00a0{state['number']}",
    ),
}
"""An AD's declarations to the federation."""
