"""Form fields shared by all rooms: they read what French people type, say in French what is wrong, and keep what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markupsafe import Markup, escape

from retkoop.domain.money import Cents, InvalidAmount, format_decimal, parse_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.days import InvalidDay, format_full, parse_day

STALE: Final = {"required": "Rechargez la page.", "invalid": "Rechargez la page.", "invalid_choice": "Rechargez la page."}
"""What a hidden field says that nobody types in: its form is older than what it speaks of, or was written by hand."""


class _Written(forms.widgets.Input):
    """An input that writes itself: through Django's templates it takes ten times as long, and a form of the cahier has fifteen."""

    def render(self, name: str, value: object, attrs: dict[str, Any] | None = None, renderer: object = None) -> SafeString:  # noqa: ARG002 -- Django's call
        given = {"type": self.input_type, "name": name, "value": self.format_value(value), **self.build_attrs(self.attrs, attrs)}
        told = ((key, held) for key, held in given.items() if held is not None and held is not False)
        said = "".join(f" {key}" if held is True else f' {key}="{escape(held)}"' for key, held in told)
        return mark_safe(f"<input{said}>")  # noqa: S308 -- names are ours, values are escaped


class LineInput(_Written, forms.TextInput):
    """A line of text."""


class HiddenInput(_Written, forms.HiddenInput):
    """What a form carries along."""


def is_key(typed: str) -> bool:
    """Tell whether what was sent can be the key of a row: digits alone, and few enough for either database."""
    return re.fullmatch(r"\d{1,18}", typed, re.ASCII) is not None


class AmountField(forms.CharField):
    """An amount in cents. `signed` lets it be negative, `zero` lets it be nothing at all."""

    default_error_messages = {
        "required": "Indiquez un montant, par exemple 12,50.",
        "negative": "Indiquez un montant sans signe moins.",
        "zero": "Indiquez un montant différent de zéro.",
    }
    widget = LineInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "number"})

    def __init__(self, *, signed: bool = False, zero: bool = True, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(**kwargs)
        self.signed = signed
        self.zero = zero

    def clean(self, value: object) -> Cents | None:
        typed = str(value or "").strip()
        if typed:
            return self._read(typed)
        if self.required:
            raise self._refusal("required")
        return None

    def _read(self, typed: str) -> Cents:
        try:
            amount = parse_amount(typed)
        except InvalidAmount as refusal:
            raise ValidationError(str(refusal), code="invalid") from None
        if amount < 0 and not self.signed:
            raise self._refusal("negative")
        if amount == 0 and not self.zero:
            raise self._refusal("zero")
        return amount

    def _refusal(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code)

    def prepare_value(self, value: object) -> object:
        return format_decimal(value) if isinstance(value, int) else value


class DateField(forms.CharField):
    """A day. With a school year, `14/11` is enough; with a day `near` it, `14` alone."""

    default_error_messages = {"required": ""}
    widget = LineInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "jj/mm/aaaa"})

    def __init__(self, *, year: SchoolYear | None = None, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(**kwargs)
        self.year = year
        self.near: date | None = None

    def clean(self, value: object) -> date | None:
        typed = str(value or "").strip()
        if not typed and not self.required:
            return None
        if not typed and self.error_messages["required"]:
            raise ValidationError(self.error_messages["required"], code="required")
        try:
            return parse_day(typed, self.year, self.near)
        except InvalidDay as refusal:
            raise ValidationError(str(refusal), code="invalid") from None

    def prepare_value(self, value: object) -> object:
        return format_full(value) if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Pick:
    """Something to pick: what the form sends, what people read, its short key, and the everyday words that lead to it."""

    value: str
    label: str
    key: str = ""
    words: str = ""
    group: str = ""

    @property
    def text(self) -> str:
        return f"{self.key} · {self.label}" if self.key else self.label


class PickerSelect(forms.Select):
    """A `<select>` whose options carry what `account-picker` searches.

    The picker sends its own words beside (`…_typed`): those that lead to none of the picks are the value, to be refused and kept.
    """

    picks: tuple[Pick, ...] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> str:  # noqa: ARG002 -- Django's call
        return picked(data, name)

    def __deepcopy__(self, memo: dict[int, Any]) -> PickerSelect:
        """Share the list, as the field does."""
        copied = copy(self)
        copied.attrs = self.attrs.copy()
        memo[id(self)] = copied
        return copied

    def render(self, name: str, value: object, attrs: dict[str, Any] | None = None, renderer: object = None) -> SafeString:  # noqa: ARG002 -- Django's call
        """Write it without Django's templates: a page of split rows holds ten lists of the same sixteen accounts."""
        options, given = _options(self.picks), self.build_attrs(self.attrs, attrs)
        if value:
            chosen = format_html('<option value="{}"', str(value))
            if chosen not in options:
                given["data-typed"] = str(value)
            options = mark_safe(options.replace(chosen, f"{chosen} selected", 1))  # noqa: S308 -- both were escaped
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(given), options)


def picked(data: Mapping[str, Any], name: str) -> str:
    """Return what a picker sent: the pick, else the words that lead to none."""
    return str(data.get(name) or data.get(f"{name}_typed") or "").strip()


@lru_cache(maxsize=64)
def _options(picks: tuple[Pick, ...]) -> SafeString:
    """Return the options of a list, an empty one first, in groups where picks have one."""
    written = [SafeString('<option value=""></option>')]
    for group, members in groupby(picks, key=lambda pick: pick.group):
        options = format_html_join("", '<option value="{}" data-key="{}" data-words="{}">{}</option>', map(_cells, members))
        written.append(format_html('<optgroup label="{}">{}</optgroup>', group, options) if group else options)
    return format_html_join("", "{}", ((part,) for part in written))


def _cells(pick: Pick) -> tuple[str, str, str, str]:
    return pick.value, pick.key, pick.words, pick.text


class PickerField(forms.ChoiceField):
    """One of `picks`, found by words as well as by its key; setting `picks` later changes the list."""

    default_error_messages = {
        "required": "Choisissez dans la liste.",
        "invalid_choice": "« %(value)s » n’est pas dans la liste.",
    }
    widget = PickerSelect

    def __init__(self, *, picks: Sequence[Pick] = (), **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(**kwargs)
        self.picks = picks

    def __deepcopy__(self, memo: dict[int, Any]) -> PickerField:
        """Share the list with the field of each form made from this one: copying it would take longest."""
        copied: PickerField = super(forms.ChoiceField, self).__deepcopy__(memo)
        return copied

    @property
    def picks(self) -> Sequence[Pick]:
        return self._picks

    @picks.setter
    def picks(self, picks: Sequence[Pick]) -> None:
        self._picks = tuple(picks)
        self.choices = [("", ""), *((pick.value, pick.text) for pick in picks)]
        self.widget.picks = self._picks


def described_by(bound: BoundField, help_text: object = None) -> str:
    """Return the ids of what stands around a control: its help (`help_text` is the template's own), its error, what is said of it."""
    helped = f"{bound.auto_id}_helptext " if help_text or bound.help_text else ""
    wrong = f"{bound.auto_id}_error " if bound.errors else ""
    return f"{helped}{wrong}{bound.auto_id}_said"


def control(bound: BoundField, attrs: Mapping[str, object], help_text: object = None) -> Markup:
    """Return a field's control with the attributes a template gave it (`hx_post`) and what describes it."""
    given: dict[str, Any] = {name.replace("_", "-"): value for name, value in attrs.items() if value is not None and value is not False}
    own_class = bound.field.widget.attrs.get("class")
    if own_class and "class" in given:
        given["class"] = f"{own_class} {given['class']}"
    return Markup(bound.as_widget(attrs={"aria-describedby": described_by(bound, help_text), **given}))  # noqa: S704 -- Django escaped it
