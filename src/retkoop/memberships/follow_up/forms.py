"""What is filled in about the federation's share."""

from __future__ import annotations

from typing import Final

from django import forms

from retkoop.domain.money import Cents
from retkoop.network.forms import SubmissionForm
from retkoop.ui.forms import AmountField

MOST: Final[Cents] = 1_000_00


class ShareForm(SubmissionForm):
    """A declaration to make; `seen`: the amount that was read, in cents."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class SharePricesForm(forms.Form):
    """What the federation asks of an AD, from a year on."""

    member = AmountField(label="Par coopérateur")
    insurance = AmountField(label="Par coopérateur assuré")
    magazine = AmountField(label="Par abonnement")

    def clean(self) -> dict[str, object]:
        values = super().clean() or self.cleaned_data
        for name, value in list(values.items()):
            if value > MOST:
                self.add_error(name, "Ce montant est trop grand\u202f: vérifiez la virgule.")
        return values
