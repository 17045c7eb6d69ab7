"""The field of a question of any questionnaire: a CRA's, or the grid's of those who verify; what is typed is read alike everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from retkoop.archive.models import Document
from retkoop.domain.questionnaire import CHOOSING, Question, QuestionKind
from retkoop.ui.forms import AmountField, LineInput
from retkoop.ui.texts import refuse_unreadable

LIST: Final = {"invalid_choice": "Choisissez dans la liste.", "invalid_list": "Choisissez dans la liste."}
PHOTOS: Final = {"invalid_choice": "Choisissez des photos de l’année.", "invalid_list": "Choisissez des photos de l’année."}
_SPACES: Final = re.compile(r"[\s\u00a0\u202f]+")


class WholeField(forms.CharField):
    """A whole number, its thousands grouped or not."""

    widget = LineInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "number"})

    def clean(self, value: object) -> int | None:
        typed = _SPACES.sub("", str(value or ""))
        if not typed:
            return None
        if not re.fullmatch(r"[0-9]{1,15}", typed):
            raise ValidationError("Écrivez un nombre entier, par exemple 24.", code="invalid")
        return int(typed)


class TextField(forms.CharField):
    """A text; line ends are those of everywhere else, not those of forms."""

    def clean(self, value: object) -> str:
        text: str = super().clean(str(value or "").replace("\r\n", "\n").replace("\r", "\n"))
        return text


def field_of(question: Question, photos: Sequence[Document] = (), *, cell: bool = False, blank: bool = True) -> forms.Field:
    """Return the field of a question; in a `cell`, a choice is a list that opens. `blank`: one may choose to say nothing."""
    told: dict[str, Any] = {"label": question.label, "required": False}
    if question.kind in CHOOSING | {QuestionKind.PHOTOS}:
        return _choosing(question, told, photos, cell=cell, blank=blank)
    if question.kind is QuestionKind.NUMBER:
        return WholeField(**told)
    if question.kind is QuestionKind.AMOUNT:
        return AmountField(**told)
    long = question.kind is QuestionKind.LONG
    widget = forms.Textarea(attrs={"rows": 4}) if long else LineInput(attrs={"autocomplete": "off"})
    return TextField(**told, widget=widget, validators=[refuse_unreadable])


def _choosing(question: Question, told: Mapping[str, Any], photos: Sequence[Document], *, cell: bool, blank: bool) -> forms.Field:
    choices = [(one, one) for one in question.choices]
    if question.kind is QuestionKind.SEVERAL:
        return forms.MultipleChoiceField(**told, choices=choices, error_messages=LIST, widget=forms.CheckboxSelectMultiple)
    if question.kind is QuestionKind.CHOICE:
        widget = forms.Select if cell else forms.RadioSelect
        nothing = [("", "—" if cell else "Pas de réponse")] if blank else []
        return forms.ChoiceField(**told, choices=nothing + choices, error_messages=LIST, widget=widget)
    picks = [(one.pk, one.label) for one in photos]
    return forms.TypedMultipleChoiceField(**told, coerce=int, choices=picks, error_messages=PHOTOS, widget=forms.CheckboxSelectMultiple)
