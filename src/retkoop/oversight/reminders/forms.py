"""What is filled in about relances: the letter and to whom it goes, the name it bears."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils import timezone

from retkoop.domain.reminders import ReminderKind, text_refusals
from retkoop.network.forms import SubmissionForm
from retkoop.oversight.reminders.models import Audience
from retkoop.ui.forms import DateField, LineInput
from retkoop.ui.texts import refuse_unreadable

_LONG: Final = "C’est trop long\u202f: dites-le plus brièvement."


class ReminderForm(SubmissionForm):
    """A relance before it leaves."""

    audience = forms.MultipleChoiceField(
        label="À qui",
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Audience.SCHOOL, Audience.MANDATAIRE],
        error_messages={"required": "Choisissez à qui écrire.", "invalid_choice": "Rechargez la page."},
    )
    subject = forms.CharField(
        label="Objet du courriel",
        max_length=200,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Donnez un objet au courriel.", "max_length": _LONG},
    )
    text = forms.CharField(
        label="Texte",
        max_length=5000,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 14}),
        strip=False,
        error_messages={"required": "Écrivez le texte du courriel.", "max_length": _LONG},
    )
    deadline = DateField(label="Date limite", required=False, help_text="Celle que dit {date limite}.")
    planned_on = DateField(label="Partira le", required=False, help_text="Vide\u202f: tout de suite.")

    def clean(self) -> dict[str, object]:
        values = super().clean() or self.cleaned_data
        deadline, leaves = values.get("deadline"), values.get("planned_on") or timezone.localdate()
        if {"subject", "text"} <= set(values):
            told = leaves if "deadline" in self.errors else deadline  # one that cannot be read is told beside its own field
            for refusal in text_refusals(values["subject"], values["text"], told):
                self.add_error("text", refusal)
        if deadline and deadline < leaves:
            self.add_error("deadline", "Cette date sera déjà passée quand la relance partira.")
        return values

    @classmethod
    def proposed(cls, kind: ReminderKind, initial: dict[str, object]) -> ReminderForm:
        """Return the form of a kind with the words that it proposes."""
        return cls(initial={"subject": kind.subject, "text": kind.text, **initial})
