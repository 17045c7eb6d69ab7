"""The form of a group of settings, and that of the signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from retkoop.domain.chart import Chart
from retkoop.domain.checks.words import plain
from retkoop.network.figures import Figure, Unit
from retkoop.oversight.rules.groups import Group, Item, Sort
from retkoop.oversight.rules.queries import Line
from retkoop.ui.forms import AmountField, DateField, HiddenInput, LineInput
from retkoop.ui.texts import refuse_unreadable

_WHOLE: Final = "Indiquez un nombre entier, sans virgule."
_AMONG: Final = ("verifier_parents", "verifier_teachers", "verifier_others")
MOST_WORDS: Final = 200
LONGEST_WORD: Final = 60


class WordsField(forms.CharField):
    """Words or phrases, one a line; its value is the list of them, each once, in their order."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "true", "autocomplete": "off"})

    def clean(self, value: object) -> list[str]:
        lines = [" ".join(line.split()) for line in str(value or "").splitlines()]
        words = list({plain(line): line for line in reversed(lines) if line}.values())[::-1]
        for word in words:
            self._refuse(word)
        if len(words) > MOST_WORDS:
            raise ValidationError(f"Gardez {MOST_WORDS} lignes au plus\u202f: il y en a {len(words)}.", code="many")
        return words

    def _refuse(self, word: str) -> None:
        refuse_unreadable(word)
        if len(word) > LONGEST_WORD:
            raise ValidationError(
                f"Raccourcissez «\u00a0{word[:20]}…\u00a0»\u202f: {LONGEST_WORD} caractères au plus par ligne.", code="long"
            )
        if len(plain(word)) < 2:
            raise ValidationError(f"«\u00a0{word}\u00a0» est trop court\u202f: écrivez au moins deux lettres.", code="short")

    def prepare_value(self, value: object) -> object:
        return "\n".join(value) if isinstance(value, list) else value


class IsoDayField(DateField):
    """A day that is kept as text (`2026-09-30`), nothing where there is none."""

    def clean(self, value: object) -> str:  # type: ignore[override]  # what settings keep is JSON
        day = super().clean(value)
        return day.isoformat() if day else ""

    def prepare_value(self, value: object) -> object:
        try:
            return super().prepare_value(date.fromisoformat(str(value)))
        except ValueError:
            return value


def _figure_field(figure: Figure, words: str) -> forms.Field:
    if figure.unit is Unit.EUROS:
        return AmountField(label=figure.label, help_text=words)
    widget = LineInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "number"})
    label = f"{figure.label} ({figure.unit})" if figure.unit in {Unit.DAYS, Unit.MEGABYTES} else figure.label
    return forms.IntegerField(label=label, help_text=words, widget=widget, error_messages={"required": _WHOLE, "invalid": _WHOLE})


_FIELDS: Final[Mapping[Sort, Callable[..., forms.Field]]] = {
    Sort.WORDS: WordsField,
    Sort.FLAG: forms.BooleanField,
    Sort.DAY: IsoDayField,
    Sort.ADDRESS: partial(
        forms.EmailField,
        error_messages={"invalid": "Cette adresse n’est pas complète. Écrivez par exemple ad91@occe.coop."},
    ),
    Sort.TEXT: partial(
        forms.CharField,
        max_length=100,
        validators=[refuse_unreadable],
        widget=LineInput,
        error_messages={"max_length": "Raccourcissez ce nom\u202f: 100 caractères au plus."},
    ),
}


def _field(item: Item, words: str) -> forms.Field:
    if item.figure:
        return _figure_field(item.figure, words)
    return _FIELDS[item.sort](label=item.label, help_text=words, required=False)


class GroupForm(forms.Form):
    """The settings of a group; amounts in cents. `seen` carries what the form showed, so that nobody writes over another unknowingly."""

    seen = forms.JSONField(widget=HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, group: Group, lines: Mapping[str, Line], shown: Mapping[str, Any] | None = None):  # noqa: ANN204 -- Django's
        values = {name: lines[name].value for name in group.names}
        super().__init__(data, initial={**values, **(shown or {}), "seen": values})
        self.group, self.proposes = group, bool(shown)
        for item in group.items:
            self.fields[item.name] = _field(item, item.help)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for item in self.group.items:
            value, figure = values.get(item.name), item.figure
            if figure and value is not None and not figure.low <= value <= figure.high:
                bounds = f"de {figure.written(figure.low)} à {figure.written(figure.high)}"
                self.add_error(item.name, ValidationError(f"Choisissez {bounds}.", code="bounds"))
        self._refuse_more_than(values.get("verifier_count"), [values.get(name) for name in _AMONG])
        return values

    def _refuse_more_than(self, count: int | None, among: list[int | None]) -> None:
        numbers = [number for number in among if number is not None]
        if count is None or len(numbers) < len(among) or sum(numbers) <= count:
            return
        said = f"Les minimums par qualité demandent {sum(numbers)}\u00a0personnes\u202f: c’est plus que le nombre de vérificateurs."
        self.add_error("verifier_count", ValidationError(said, code="many"))

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed, as settings keep it."""
        return {name: self.cleaned_data[name] for name in self.group.names}

    @property
    def shown_before(self) -> dict[str, Any] | None:
        """Return what the form showed, where it says so."""
        seen = self.cleaned_data["seen"]
        return {name: seen[name] for name in self.group.names if name in seen} if isinstance(seen, dict) else None


class SignatureForm(forms.Form):
    """The image of a signature."""

    image = forms.FileField(
        label="Image de la signature",
        help_text="PNG ou JPEG, 2 Mo au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
        error_messages={"required": "Choisissez une image, PNG ou JPEG.", "empty": "Ce fichier est vide."},
    )


_UNKNOWN: Final = "Choisissez un compte de la liste."
_LABEL: Final = {"required": "Donnez un nom au compte.", "max_length": "Raccourcissez ce nom\u202f: 80 caractères au plus."}


class LabelForm(forms.Form):
    """The label of an account; empty, the federation's stands again."""

    label = forms.CharField(
        label="Nom du compte", max_length=80, required=False, validators=[refuse_unreadable], widget=LineInput, error_messages=_LABEL
    )


class AccountForm(forms.Form):
    """An account that is added, or that was: its label and the words that lead to it."""

    label = forms.CharField(label="Nom du compte", max_length=80, validators=[refuse_unreadable], widget=LineInput, error_messages=_LABEL)
    examples = forms.CharField(
        label="Mots qui y mènent",
        max_length=300,
        required=False,
        help_text="Séparés par des virgules, par exemple cinéma, théâtre. On les tape dans le cahier pour trouver le compte.",
        validators=[refuse_unreadable],
        widget=LineInput,
        error_messages={"max_length": "Raccourcissez cette liste\u202f: 300 caractères au plus."},
    )

    @property
    def facts(self) -> dict[str, Any]:
        words = tuple(word.strip() for word in self.cleaned_data["examples"].split(",") if word.strip())
        return {"label": self.cleaned_data["label"], "examples": words}


class NewAccountForm(AccountForm):
    """A new sub-account; the federation may type the code of a new national account instead."""

    parent = forms.ChoiceField(
        label="Sous-compte de", required=False, error_messages={"invalid_choice": "Choisissez un compte de la liste."}
    )
    code = forms.RegexField(
        r"^[67]\d{4}008$",
        label="Ou code d’un nouveau compte national",
        required=False,
        widget=LineInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Huit chiffres, par exemple 61900008. Le compte rendu financier le montre à part.",
        error_messages={"invalid": "Un code commence par 6 ou 7 et finit par 008\u202f: 61900008 par exemple."},
    )
    field_order = ("parent", "code", "label", "examples")

    def __init__(self, data: QueryDict | None = None, *, chart: Chart, national: bool) -> None:
        super().__init__(data)
        self.chart = chart
        choices = [("", "Choisir un compte"), *((one.code, f"{one.alias} · {one.label}") for one in chart.mains)]
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if not national:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("parent") and not values.get("code") and not {"parent", "code"} & set(self.errors):
            self.add_error("parent", ValidationError("Choisissez le compte dont il fait partie.", code="required"))
        there = self.chart.by_name.get(values.get("code") or "")
        if there is not None:
            told = f"Le compte {there.alias} existe déjà\u202f: pour un de ses sous-comptes, choisissez-le dans la liste."
            self.add_error("code", ValidationError(told, code="there"))
        elif values.get("parent") and values.get("code"):
            self.add_error("code", ValidationError("Choisissez un compte de la liste, ou tapez un code\u202f: pas les deux.", code="both"))
        return values

    @property
    def parent_code(self) -> str:
        return str(self.cleaned_data.get("code") or self.cleaned_data["parent"])
