"""The words of the trail at the bank: statements, ticks, cash counts."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from retkoop.books.vocabulary import KEYS, RecordWords, Vocabulary, day, moment, money, text
from retkoop.domain.chart import Chart
from retkoop.domain.money import format_amount
from retkoop.ui.days import format_full


def _quantities(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds
    """Write notes and coins, the largest first: `2 × 50,0 `."""
    ranked = sorted(value.items(), key=lambda pair: -int(pair[0]))
    return ", ".join(f"{quantity} × {format_amount(int(worth))}" for worth, quantity in ranked)


def _numbered(number: str) -> str:
    return f"n° {number} " if number else ""


_ACTIONS: Final = {
    "statement.recorded": "Relevé noté",
    "statement.edited": "Relevé modifié",
    "statement.removed": "Relevé supprimé",
    "statement.closed": "Relevé clos",
    "statement.reopened": "Relevé rouvert",
    "cash_count.recorded": "Caisse comptée",
    "cash_count.removed": "Comptage supprimé",
    "cash_count.restored": "Comptage rétabli",
}

_RECORDS: Final = {
    "banking.bankstatement": RecordWords(
        columns={
            "number": ("Numéro", text),
            "date": ("Date", day),
            "account_balance": ("Solde", money),
            "closed_at": ("Clos", moment),
        },
        silent=KEYS | {"version"},
        name=lambda state: f"{_numbered(state['number'])}du {format_full(date.fromisoformat(state['date']))}",
        in_name=frozenset({"number", "date"}),
    ),
    "banking.cashcountrecord": RecordWords(
        columns={"day": ("Jour", day), "counted": ("Total", money), "quantities": ("Billets et pièces", _quantities)},
        silent=KEYS | {"made_at"},
        name=lambda state: format_full(date.fromisoformat(state["day"])),
        in_name=frozenset({"day"}),
    ),
}

WORDS: Final = Vocabulary(_ACTIONS, _RECORDS)
