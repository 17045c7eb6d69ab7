"""What people type, and tick, about the bank and the cash box."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from retkoop.banking.models import BankStatement
from retkoop.domain.cash_count import COINS, DENOMINATIONS, MOST_PIECES, NOTES
from retkoop.domain.money import NARROW_NO_BREAK_SPACE, Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.forms import AmountField, DateField
from retkoop.ui.keys import LARGEST_KEY

_TOKEN = re.compile(r"([or])(\d{1,18})", re.ASCII)
_WHOLE: Final = "Indiquez un nombre entier, positif ou nul."


class StatementForm(forms.Form):
    """A statement as the bank prints it: its number, its date, what it says is left on the account."""

    number = forms.CharField(label="Numéro", max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    date = DateField(label="Date du relevé")
    account_balance = AmountField(
        label="Solde à cette date",
        signed=True,
        error_messages={"required": "Recopiez le solde écrit sur le relevé, par exemple 1\u202f028,20."},
    )

    def __init__(self, *args: Any, year: SchoolYear, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, **kwargs)
        self.fields["date"] = DateField(label="Date du relevé", year=year)


class NewStatementForm(StatementForm):
    """The same for a statement that comes; a resend is known by its `submission`."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class StatementChangeForm(StatementForm):
    """The same for a statement that is there; `version` is the one that the form was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, statement: BankStatement, year: SchoolYear) -> StatementChangeForm:
        fields = ("number", "date", "account_balance", "version")
        return cls(year=year, initial={name: getattr(statement, name) for name in fields})

    @classmethod
    def over(cls, current: BankStatement, typed: QueryDict, year: SchoolYear) -> StatementChangeForm:
        """Return the form with what was typed, to be sent again over what the statement has become."""
        data = typed.copy()
        data["version"] = str(current.version)
        return cls(data, year=year)


class UntilForm(forms.Form):
    """A day up to which everything is ticked at once."""

    def __init__(self, *args: Any, year: SchoolYear, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, **kwargs)
        self.fields["day"] = DateField(label="Jusqu’au", year=year)


class UntickForm(forms.Form):
    """Ticks of a statement, from the first to the last key: what one « Annuler » takes back."""

    first = forms.IntegerField(min_value=0, max_value=LARGEST_KEY)
    last = forms.IntegerField(min_value=0, max_value=LARGEST_KEY)


class Denomination(NamedTuple):
    """A note or a coin on the form: its worth in cents, its field, what was typed of it comes to."""

    worth: Cents
    field: BoundField
    subtotal: Cents


class CountForm(forms.Form):
    """So many of each note and coin, on a day."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, year: SchoolYear, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, **kwargs)
        self.fields["day"] = DateField(label="Jour du comptage", year=year)
        self.fields |= {_name(worth): _quantity(worth) for worth in DENOMINATIONS}

    @classmethod
    def again(cls, day: date, quantities: Mapping[int, int], *, year: SchoolYear) -> CountForm:
        """Return a form that starts from a day and from some numbers."""
        return cls(year=year, initial={"day": day, **{_name(worth): quantity for worth, quantity in quantities.items()}})

    @property
    def quantities(self) -> dict[int, int]:
        """What was counted, {denomination in cents: how many}; what cannot be read counts for nothing."""
        self.is_valid()  # reads the fields, each by itself
        typed = self.cleaned_data if self.is_bound else self.initial
        return {worth: typed.get(_name(worth)) or 0 for worth in DENOMINATIONS}

    @property
    def notes(self) -> list[Denomination]:
        return self._rows(NOTES)

    @property
    def coins(self) -> list[Denomination]:
        return self._rows(COINS)

    @property
    def total(self) -> Cents:
        return sum(worth * quantity for worth, quantity in self.quantities.items())

    def _rows(self, worths: Iterable[Cents]) -> list[Denomination]:
        quantities = self.quantities
        return [Denomination(worth, self[_name(worth)], worth * quantities[worth]) for worth in worths]


def _name(worth: Cents) -> str:
    return f"q{worth}"


def _quantity(worth: Cents) -> forms.IntegerField:
    return forms.IntegerField(
        label=denomination_label(worth),
        required=False,
        min_value=0,
        max_value=MOST_PIECES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "number"}),
        error_messages={"invalid": _WHOLE, "min_value": _WHOLE, "max_value": "Ce nombre est trop grand. Vérifiez-le."},
    )


def denomination_label(worth: Cents) -> str:
    """Write a note or a coin as people say it: `50 €`, `20 centimes`."""
    if worth >= 100:
        return f"{worth // 100}{NARROW_NO_BREAK_SPACE}€"
    return f"{worth}{NARROW_NO_BREAK_SPACE}centime{'s' if worth > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Lines named by a form: operations and carried items, by their keys."""

    operations: list[int]
    items: list[int]

    @classmethod
    def read(cls, names: Iterable[str]) -> Tokens:
        """Read `o12` and `r5`; anything else names no line."""
        found = [match for name in names if (match := _TOKEN.fullmatch(name))]
        keys = {kind: [int(match[2]) for match in found if match[1] == kind] for kind in "or"}
        return cls(keys["o"], keys["r"])

    def __bool__(self) -> bool:
        return bool(self.operations or self.items)


@dataclass(frozen=True, slots=True)
class Ticks:
    """What a form wants changed: lines to tick, lines to untick. A line that looks as it did is left alone."""

    point: Tokens
    unpoint: Tokens

    @classmethod
    def read(cls, post: QueryDict) -> Ticks:
        """Compare the boxes now ticked (`ticked`) with those that were when the page was made (`was`)."""
        ticked, was = set(post.getlist("ticked")), set(post.getlist("was"))
        return cls(Tokens.read(sorted(ticked - was)), Tokens.read(sorted(was - ticked)))
