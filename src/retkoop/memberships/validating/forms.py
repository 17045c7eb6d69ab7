"""What is typed about the validation of an adhésion, and to check an attestation."""

from __future__ import annotations

from django import forms

from retkoop.network.forms import SubmissionForm
from retkoop.ui.forms import STALE
from retkoop.ui.texts import refuse_unreadable


class ValidationForm(SubmissionForm):
    """The adhésion that was read: `number` is that of its latest declaration."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=30_000, error_messages=STALE)


class LeavingForm(SubmissionForm):
    """Why a coop does not renew."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=200,
        validators=[refuse_unreadable],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Par exemple\u202f: l’école ferme, la coopérative passe à une autre association.",
        error_messages={"required": "Dites pourquoi, en une phrase.", "max_length": "200 caractères au plus."},
    )


class CodeForm(forms.Form):
    """The code of an attestation, however people type it."""

    code = forms.CharField(
        label="Code de l’attestation",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text="Seize lettres et chiffres, en bas de l’attestation. Les espaces et les tirets ne comptent pas.",
        error_messages={"required": "Tapez le code qui est écrit sur l’attestation.", "max_length": "C’est trop long pour un code."},
    )
