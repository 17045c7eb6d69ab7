"""What is filled in about a closing, by the coop and by its AD."""

from __future__ import annotations

from typing import Final

from django import forms

from retkoop.ui.forms import DateField, HiddenInput, LineInput
from retkoop.ui.texts import refuse_unreadable

_LONG: Final = {"max_length": "C’est trop long\u202f: dites-le plus brièvement."}


def said_of(form: forms.Form) -> str:
    """Return all that a form has to object, in one line."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


class ExplanationForm(forms.Form):
    """A sentence on an alerte; `message` is what the alerte said when it was read."""

    code = forms.CharField(widget=HiddenInput, max_length=40)
    operation = forms.IntegerField(widget=HiddenInput, min_value=0, max_value=2**62)
    message = forms.CharField(widget=HiddenInput, max_length=2000)
    text = forms.CharField(
        label="Votre explication",
        required=False,
        max_length=500,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages=_LONG,
    )


class AnswerForm(forms.Form):
    """The coop's answer to a remark of the AD."""

    text = forms.CharField(
        label="Votre réponse",
        max_length=500,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez votre réponse en une phrase.", **_LONG},
    )


class RemarkForm(forms.Form):
    """A remark of the AD on a line."""

    line = forms.CharField(widget=HiddenInput, max_length=40)
    line_label = forms.CharField(widget=HiddenInput, max_length=200)
    key = forms.IntegerField(widget=HiddenInput, required=False)
    text = forms.CharField(
        label="Remarque",
        required=False,
        max_length=500,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages=_LONG,
    )

    def clean(self) -> None:
        """Refuse a new remark that says nothing; one that is there is taken away so."""
        if not self.errors and not self.cleaned_data["text"] and not self.cleaned_data["key"]:
            self.add_error("text", "Écrivez votre remarque en une phrase.")


class DecisionForm(forms.Form):
    """What the AD decides, and its message to the coop."""

    submission = forms.UUIDField(widget=HiddenInput)
    reason = forms.CharField(
        label="Message à la coopérative",
        required=False,
        max_length=2000,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_LONG,
    )


class EntryForm(forms.Form):
    """Entry closed or opened again, until a day."""

    blocked = forms.ChoiceField(
        label="La saisie de l’année",
        choices=[("oui", "Fermée"), ("non", "Ouverte")],
        error_messages={"required": "Choisissez fermée ou ouverte.", "invalid_choice": "Choisissez fermée ou ouverte."},
    )
    until = DateField(label="Jusqu’au", required=False, help_text="Ce jour compris. Vide\u202f: sans limite.")
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=300,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages=_LONG,
    )
