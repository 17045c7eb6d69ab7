"""What is filled in to ask for help and to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.text import Truncator

from retkoop.assistance.models import Theme
from retkoop.assistance.services import Said
from retkoop.network.forms import SubmissionForm
from retkoop.ui.forms import HiddenInput, LineInput, Pick, PickerField
from retkoop.ui.texts import refuse_unreadable

_LONG: Final = {"max_length": "C’est trop long\u202f: dites-le plus brièvement."}


def _text(label: str, required: str, rows: int = 4, most: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required, **_LONG},
    )


def _line(label: str, most: int, required: str = "", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=most,
        help_text=help_text,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages={"required": required, **_LONG},
    )


class MessageForm(SubmissionForm):
    """A message, with a document of the coop where one says more."""

    text = _text("Votre message", "Écrivez votre message.")
    document = PickerField(label="Document joint", required=False)

    def __init__(self, *args: Any, documents: Sequence[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, **kwargs)
        self.fields["document"].picks = [Pick(key, label) for key, label in documents]  # type: ignore[attr-defined]  # a PickerField of ours

    @property
    def said(self) -> Said:
        chosen = self.cleaned_data["document"]
        return Said(self.cleaned_data["text"], int(chosen) if chosen else None)


class AskForm(MessageForm):
    """A question; what it speaks of comes along from the page it was asked on."""

    adresse = forms.CharField(widget=HiddenInput, required=False, max_length=300)
    titre = forms.CharField(widget=HiddenInput, required=False, max_length=300)
    operation = forms.CharField(widget=HiddenInput, required=False, max_length=20)
    controle = forms.CharField(widget=HiddenInput, required=False, max_length=40)
    text = _text("Votre question", "Écrivez votre question.")
    topic = _line("Objet", 150)
    theme = forms.ChoiceField(label="C’est à propos de", choices=Theme.choices)

    @property
    def called(self) -> str:
        """What the question is called: its topic, else how it begins."""
        first = self.cleaned_data["text"].strip().splitlines()[0]
        return self.cleaned_data["topic"].strip() or Truncator(first).chars(80, truncate="…")


class CannedAnswerForm(SubmissionForm):
    """An answer kept ready."""

    title = _line("Titre", 100, "Donnez un titre à cette réponse\u202f: c’est lui que l’on choisit.")
    text = _text("Réponse", "Écrivez la réponse.", rows=6)
