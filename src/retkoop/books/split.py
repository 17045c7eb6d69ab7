"""The split (ventilation) as typed: rows of an account and an amount.

One account takes the whole amount: nobody types it twice. Of several, the one left without an amount takes what remains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from django import forms

from retkoop.books.intentions import FREE, Intention
from retkoop.domain.chart import Account, Chart, Nature
from retkoop.domain.entry import Operation, Part
from retkoop.domain.money import Cents, format_amount
from retkoop.ui.forms import AmountField, Pick, PickerField, picked

PREFIX: Final = "parts"
MOST_ROWS: Final = 30
_GROUPS: Final = {Nature.CHARGE: "Comptes de dépenses", Nature.PRODUIT: "Comptes de recettes"}


def picks(chart: Chart, first: Nature, kept: frozenset[str] = frozenset()) -> tuple[Pick, ...]:
    """Return the accounts to pick from, those of the intention's side first; `kept`: hidden ones that an operation bears already."""
    offered = (account for account in chart.accounts if not account.hidden or account.code in kept)
    return tuple(_pick(account) for account in sorted(offered, key=lambda account: account.nature is not first))


def _pick(account: Account) -> Pick:
    return Pick(account.code, account.label, account.alias, ", ".join(account.examples), _GROUPS[account.nature])


class PartForm(forms.Form):
    """A row of the split; its `account` comes with the chart."""

    amount = AmountField(label="Part de ce compte", signed=True, zero=False, required=False)

    def clean(self) -> None:
        if self.cleaned_data.get("amount") is not None and not self.cleaned_data.get("account") and "account" not in self.errors:
            self.add_error("account", "Choisissez le compte de cette part.")


@lru_cache(maxsize=64)
def part_form(chart: Chart, first: Nature, kept: frozenset[str] = frozenset()) -> type[PartForm]:
    """Return the form of a row whose accounts are those of a chart, once a chart: its list takes long to make."""
    account = PickerField(label="Compte", required=False, picks=picks(chart, first, kept))
    return type("PartForm", (PartForm,), {"account": account})


Row = Mapping[str, object]
"""What a row shows: an `account` and an `amount`, as typed or as values."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left for a row whose amount is not typed: the name of its field, and how much."""

    name: str
    amount: Cents


class Split:
    """All the rows: bound to what was sent, or unbound and showing `rows`."""

    def __init__(self, intention: Intention, chart: Chart, data: Mapping[str, str] | None = None, rows: Sequence[Row] = ()) -> None:
        self.intention = intention
        shown = [row.get("account") for row in (typed_rows(data) if data is not None else rows)]
        kept = frozenset(account.code for account in chart.accounts if account.hidden and account.code in shown)
        self._form = part_form(chart, intention.nature or Nature.CHARGE, kept)
        if data is None:
            self.rows = [self._row(number, initial=row) for number, row in enumerate(rows or [{}])]
        else:
            self.rows = [self._row(number, data) for number in range(_count(data))]
        self.rest: Rest | None = None
        self.blank = self._row("__prefix__")

    def _row(self, number: int | str, data: Mapping[str, str] | None = None, initial: Row | None = None) -> PartForm:
        return self._form(data, prefix=f"{PREFIX}-{number}", initial=dict(initial or {}))

    def is_valid(self) -> bool:
        valid = [row.is_valid() for row in self.rows]  # each of them, so that each tells what is wrong
        return all(valid)

    def parts_of(self, operation: Operation) -> tuple[Part, ...]:
        """Return the parts of an operation that has none yet; a row that cannot be one is told so, and left out."""
        given: dict[PartForm, Part] = {}
        waiting: list[PartForm] = []
        for row in self.rows:
            account, amount = row.cleaned_data.get("account"), row.cleaned_data.get("amount")
            if account and amount is not None and len(self.rows) > 1:
                given[row] = Part(account, amount)
            elif account and "amount" not in row.errors:
                waiting.append(row)
        self.rest = self._left(replace(operation, parts=tuple(given.values())))
        if waiting:
            given[waiting[0]] = self._rest(waiting[0], replace(operation, parts=tuple(given.values())))
        for row in waiting[1:]:
            row.add_error("amount", "Indiquez la part de ce compte\u202f: un seul peut prendre le reste.")
        return tuple(given[row] for row in self.rows if row in given and given[row].amount)

    def _left(self, operation: Operation) -> Rest | None:
        """Return what the first row without an amount would take, of several."""
        for row in self.rows if len(self.rows) > 1 else ():
            if row.cleaned_data.get("amount") is None and "amount" not in row.errors:
                return Rest(row["amount"].html_name, _share(self.intention, row.cleaned_data.get("account") or "", operation))
        return None

    def _rest(self, row: PartForm, operation: Operation) -> Part:
        account = row.cleaned_data["account"]
        part = Part(account, _share(self.intention, account, operation))
        if not part.amount and len(self.rows) > 1:
            row.add_error("amount", "Il ne reste rien pour ce compte\u202f: indiquez sa part, ou retirez-le.")
        return part


def _count(data: Mapping[str, str]) -> int:
    typed = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    return min(max(int(typed), 1), MOST_ROWS) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1


def typed_rows(data: Mapping[str, Any]) -> list[Row]:
    """Return the rows as they were typed, with one more or one less where a button of the split asked for it."""
    rows: list[Row] = [
        {"account": picked(data, f"{PREFIX}-{number}-account"), "amount": data.get(f"{PREFIX}-{number}-amount", "")}
        for number in range(_count(data))
    ]
    if "add" in data:
        rows.append({})
    removed = data.get("remove", "")
    return [row for number, row in enumerate(rows) if str(number) != removed] or [{}]


def shown_rows(intention: Intention, operation: Operation) -> list[Row]:
    """Return the rows that show the parts of an operation; where one account takes all, its amount need not be shown."""
    rows: list[Row] = [{"account": part.account, "amount": part.amount} for part in operation.parts]
    if len(operation.parts) == 1:
        [part] = operation.parts
        whole = part.amount == _share(intention, part.account, replace(operation, parts=()))
        return [{"account": part.account}] if whole else [*rows, {}]
    return rows or [{}]


def _share(intention: Intention, account: str, operation: Operation) -> Cents:
    """Return what the parts of an operation leave to an account: in the sense of the intention, in its own where there is none."""
    is_charge = account.startswith("6") if intention is FREE else intention.nature is Nature.CHARGE
    return -operation.remainder if is_charge else operation.remainder


@dataclass(frozen=True, slots=True)
class Remainder:
    """How far the split explains what moved: its sentence, and whether it is whole."""

    text: str
    whole: bool


def remainder_of(draft: Operation) -> Remainder:
    """Tell what the split of a draft still has to explain."""
    missing, explained, moved = draft.remainder, draft.produits - draft.charges, draft.moves.total
    if missing == 0:
        return Remainder("Tout est réparti", whole=True)
    amount = format_amount(abs(missing))
    if not draft.parts:
        return Remainder(f"{amount} à répartir", whole=False)
    if abs(moved) > abs(explained):
        return Remainder(f"Reste {amount} à répartir", whole=False)
    return Remainder(f"{amount} de trop", whole=False)
