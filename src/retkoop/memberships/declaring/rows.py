"""The classes as typed: rows of a niveau, a name, pupils and adults, that come and go with or without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from django import forms

from retkoop.domain.fees import MOST_CLASSES, ClassCount, Level, class_named
from retkoop.domain.headcount import Doubt
from retkoop.ui.forms import LineInput
from retkoop.ui.texts import refuse_unreadable

PREFIX: Final = "classes"
_COLUMNS: Final = ("level", "name", "pupils", "adults")
_BLANK: Final = {"level": "", "name": "", "pupils": "", "adults": "1"}
"""A row as the button that adds one makes it."""
_LEVELS: Final = frozenset(level.value for level in Level)
_MOST: Final = 9_999
_MOST_SHOWN: Final = 2 * MOST_CLASSES
"""Rows that are shown again, so that nobody loses what is beyond the most classes."""


def _count_field(label: str) -> forms.IntegerField:
    said = {
        "invalid": "Indiquez un nombre entier.",
        "min_value": "Indiquez un nombre, sans signe moins.",
        "max_value": "C’est trop grand\u202f: 9\u202f999 au plus.",
    }
    widget = LineInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "number"})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=_MOST, widget=widget, error_messages=said)


class ClassForm(forms.Form):
    """The effectifs of a class; a row in which nothing is typed is none, nor one that shows what a new row begins with."""

    level = forms.ChoiceField(
        label="Niveau",
        required=False,
        choices=[("", "Choisir"), *((level.value, level.value) for level in Level)],
        error_messages={"invalid_choice": "Choisissez le niveau dans la liste."},
    )
    name = forms.CharField(
        label="Classe",
        required=False,
        max_length=60,
        widget=LineInput(attrs={"autocomplete": "off", "placeholder": "Mme Perrin"}),
        validators=[refuse_unreadable],
        error_messages={"max_length": "60 caractères au plus."},
    )
    pupils = _count_field("Élèves")
    adults = _count_field("Adultes")

    @property
    def is_typed(self) -> bool:
        told = {column: str(self.data.get(self.add_prefix(column), "")).strip() for column in _COLUMNS}
        return any(told.values()) and told != _BLANK

    @property
    def row_called(self) -> str:
        """How people call the class of a row that was sent: by what is typed of it, or by its place."""
        level, name = (str(self.data.get(self.add_prefix(column), "")).strip() for column in ("level", "name"))
        return class_named(level if level in _LEVELS else "", name[:60]) or f"Classe n°\u00a0{int(str(self.prefix).rpartition('-')[2]) + 1}"

    def clean(self) -> None:
        if self.is_typed and not self.cleaned_data.get("level") and "level" not in self.errors:
            self.add_error("level", "Choisissez le niveau.")

    @property
    def counted(self) -> ClassCount:
        """The class, of a row that is right."""
        given = self.cleaned_data
        return ClassCount(Level(given["level"]), given["pupils"] or 0, given["adults"] or 0, given["name"])


class ClassRows:
    """All the rows: bound to what was sent, or showing classes."""

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        classes: Sequence[ClassCount] = (),
        *,
        moved: bool = False,
        alone: tuple[int, int] | None = None,
    ) -> None:
        """Show rows; `moved`: a button of theirs asked for one more or one less, they are shown as typed without being judged."""
        self.moved = moved
        bound = None if moved else data
        if bound is not None:
            self.rows = [ClassForm(bound, prefix=f"{PREFIX}-{number}") for number in range(_count(bound))]
        else:
            shown = _typed_rows(data) if data is not None else [_initial(one) for one in classes] or [_first(alone)]
            self.rows = [ClassForm(prefix=f"{PREFIX}-{number}", initial=row) for number, row in enumerate(shown)]
        self.blank = ClassForm(prefix=f"{PREFIX}-__prefix__", initial={"adults": 1})

    @property
    def typed(self) -> list[ClassForm]:
        """The rows in which something is typed, in their order: those that the classes come from."""
        return [row for row in self.rows if row.is_typed]

    def is_valid(self) -> bool:
        valid = [row.is_valid() for row in self.rows]  # each of them, so that each tells what is wrong
        return all(valid)

    @cached_property
    def counted(self) -> tuple[ClassCount, ...]:
        """The classes of the rows that are right, whatever is said of them later."""
        return tuple(row.counted for row in self.typed if row.is_valid())

    def tell(self, doubt: Doubt) -> bool:
        """Say a doubt at its row; return False where it has none here."""
        rows = self.typed
        if doubt.row is not None and doubt.row < len(rows):
            rows[doubt.row].add_error("pupils", doubt.message)
            return True
        return False


def _first(alone: tuple[int, int] | None) -> dict[str, object]:
    return {"pupils": alone[0], "adults": alone[1]} if alone else {"adults": 1}


def _initial(one: ClassCount) -> dict[str, object]:
    return {"level": one.level.value, "name": one.name, "pupils": one.pupils, "adults": one.adults}


def _count(data: Mapping[str, str]) -> int:
    typed = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    return min(max(int(typed), 1), _MOST_SHOWN) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1


def _typed_rows(data: Mapping[str, Any]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {column: data.get(f"{PREFIX}-{number}-{column}", "") for column in _COLUMNS} for number in range(_count(data))
    ]
    if "add" in data:
        rows.append({"adults": 1})
    removed = data.get("remove", "")
    return [row for number, row in enumerate(rows) if str(number) != removed] or [{"adults": 1}]
