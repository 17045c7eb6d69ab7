"""The columns of a statement that is a table: by the names that banks give them, or, without a header, by what their cells hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from retkoop.banking.statement_files.values import UnreadableStatement, plain, read_date, read_money
from retkoop.domain.chart import fold

Row = Sequence[str]

DEEPEST_HEADER: Final = 60
"""Rows above the first header: no bank writes so many."""
_LONGEST_CELL: Final = 1_000
MOST_COLUMNS: Final = 40
_SAMPLE: Final = 200
_FOREIGN: Final = re.compile(r"francs?|frf|devise|origine|original|montant initial|\bht\b|\btva\b|frais|contre ?valeur")
_COLUMNS: Final = {
    "date": (
        r"date",
        r"date (?:de )?(?:comptabilisation|comptable|compta|ecriture|reglement)(?: .*)?",
        r"date (?:de |de l |d )?(?:operation|ope?)(?: .*)?|dateop|jour|operation date.*",
        r"date (?:de )?transaction",
        r"booking date|completed date|date completed.*|date (?:de )?fin",
        r"date (?!(?:de )?(?:la )?valeur|val\b|value).*",
    ),
    "value": (r"(?:date (?:de )?(?:la )?)?valeur(?: .*)?|date ?val|value date",),
    "amount": (r"montant(?: .*)?|amount(?: .*)?|total amount.*|somme|mouvement",),
    "debit": (r"debits?(?: .*)?|montant (?:au |du )?debit(?: .*)?|depenses?|sorties?|retraits?",),
    "credit": (r"credits?(?: .*)?|montant (?:au |du )?credit(?: .*)?|recettes?|entrees?|versements?|depots?",),
    "sign": (r"sens(?: .*)?|debit credit|d c|signe",),
    "running": (r"solde(?! mouvement)(?: .*)?|(?:running )?balance",),
    "reference": (r"ref(?:erence)?(?: .*)?|numero (?:d |de l )?operation|n operation|transaction id|identifiant de transaction|id",),
    "type": (r"type(?: .*)?|code operation",),
    "currency": (r"devise|currency|monnaie",),
    "account": (r"(?:numero (?:de |du )?|n |no )?compte|iban|account(?:num)?",),
    "fate": (r"statut|status|state|etat",),
}
_LABELS: Final = re.compile(
    r"libelle.*|label|detail.*|nature.*|description|intitule.*|informations? complementaires?|comment(?:aire)?s?|designation"
    r"|communication|motif|payment reference"
    r"|(?:nom (?:de la |du )?)?(?:contrepartie|beneficiaire)|(?:partner|counterparty) name|payee|payer|objet|tiers|operations?"
)
_OF_OTHERS: Final = re.compile(r".*(?:contrepartie|beneficiaire|partner|counterparty|payee|payer|tiers).*")
_FORMULA: Final = re.compile(r'="(.*)"')
_FULL_DAY: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?:[ T].*)?|\d{4}-\d\d-\d\d(?:[ T].*)?", re.ASCII)
_DECIMAL: Final = re.compile(r"[^A-Za-z]*\d[.,]\d{1,4}\)?\s*[+-]?\s*(?:€|EUR)?", re.IGNORECASE)


@dataclass(frozen=True)
class Columns:
    """The place of each column that is known, and those of the words."""

    named: dict[str, int]
    labels: tuple[int, ...]

    @property
    def known(self) -> int:
        return len(self.named) + len(self.labels)

    def cell(self, row: Row, column: str) -> str:
        place = self.named.get(column)
        return cell_at(row, place) if place is not None else ""

    def words(self, row: Row) -> Iterator[str]:
        return (cell_at(row, place) for place in self.labels)


def cell_at(row: Row, place: int) -> str:
    """Return what a cell says, on one line; "" beyond the row's end. `="0123"` is how a spreadsheet is kept from making a number of it."""
    text = plain(row[place][:_LONGEST_CELL]) if place < len(row) else ""
    formula = _FORMULA.fullmatch(text)
    return formula[1] if formula else text


def columns_named(row: Row) -> Columns | None:
    """Return the columns that a row names, None where it is no header of a statement."""
    if row and row[0][:1].isdigit():
        return None
    titles = [fold(cell[:100].replace("_", " ")) for cell in row[:MOST_COLUMNS]]
    if not any(title.startswith(("date", "jour", "booking", "completed", "operation date")) for title in titles):
        return None
    named: dict[str, int] = {}
    for column, names in _COLUMNS.items():
        places = [at for at, title in enumerate(titles) if column in {"currency", "date"} or not _FOREIGN.search(title)]
        place = next((at for name in names for at in places if re.fullmatch(name, titles[at])), None)
        if place is not None:
            named[column] = place
    taken = set(named.values())
    labels = tuple(at for at, title in enumerate(titles) if at not in taken and _LABELS.fullmatch(title))
    if any(_OF_OTHERS.fullmatch(title) for title in titles):
        named.pop("account", None)  # that of the other side
    if "date" not in named and "value" in named:
        named["date"] = named["value"]
    return Columns(named, labels) if "date" in named and labels and named.keys() & {"amount", "debit", "credit"} else None


def columns_guessed(rows: Sequence[Row]) -> Columns | None:
    """Return the columns of a table without a header, by its rows that begin with a day; None where it is no statement."""
    rows = [row for row in rows[:_SAMPLE] if any(cell.strip() for cell in row)]
    dated = [row for row in rows if any(_FULL_DAY.fullmatch(cell_at(row, place)) for place in (0, 1))]
    if not dated or 2 * len(dated) < len(rows):
        return None
    width = range(min(Counter(map(len, dated)).most_common(1)[0][0], MOST_COLUMNS))
    held = {place: [text for row in dated if (text := cell_at(row, place))] for place in width}
    days = [place for place, texts in held.items() if texts and all(map(_FULL_DAY.fullmatch, texts)) and _reads(read_date, texts)]
    money = [place for place, texts in held.items() if texts and all(map(_DECIMAL.fullmatch, texts)) and _reads(read_money, texts)]
    money = [place for place in money if place not in days]
    words = [place for place in width if place not in {*days, *money} and any(_is_word(text) for text in held[place])]
    amounts = _amounts(dated, money)
    if not days or days[0] > 1 or not words or not amounts:
        return None
    label = max(words, key=lambda place: sum(map(len, held[place])))  # the others say of which kind a line is
    return Columns({"date": days[0], **amounts, **({"type": words[0]} if words[0] != label else {})}, (label,))


def _amounts(rows: Sequence[Row], money: Sequence[int]) -> dict[str, int]:
    """Return what columns of money are: one the amount; two that no row fills both, debit and credit; else amount and running balance."""
    if len(money) == 1:
        return {"amount": money[0]}
    if len(money) not in {2, 3}:
        return {}
    first, second = money[:2]
    both = any(_is_filled(row, first) and _is_filled(row, second) for row in rows)
    names = ("amount", "running") if both else ("debit", "credit", "running")
    return dict(zip(names, money, strict=False)) if len(money) <= len(names) else {}


def _is_filled(row: Row, place: int) -> bool:
    return any(sign in "123456789" for sign in cell_at(row, place))


def _is_word(text: str) -> bool:
    return sum(sign.isalpha() for sign in text) > 1


def _reads(reader: Callable[[str, str], object], texts: Sequence[str]) -> bool:
    try:
        for text in texts:
            reader(text, "")
    except UnreadableStatement:
        return False
    return True
