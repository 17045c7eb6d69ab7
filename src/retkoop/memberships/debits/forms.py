"""What is filled in for direct debits: a mandate, a collection, what comes back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from retkoop.domain.debit_reasons import DEBIT_REASONS
from retkoop.memberships.debits.mandates import MandateFacts
from retkoop.memberships.debits.returning import DebitReturn
from retkoop.memberships.ibans import BankAccount, InvalidIban, read_iban
from retkoop.network.models import Mandate
from retkoop.ui.forms import STALE, DateField, HiddenInput, LineInput, is_key
from retkoop.ui.texts import refuse_unreadable


class IbanField(forms.CharField):
    """The IBAN of a coop's account, as typed; clean, a BankAccount."""

    widget = LineInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
    default_error_messages = {"required": "Indiquez l’IBAN\u202f: il est sur le RIB de la coopérative."}

    def clean(self, value: object) -> BankAccount:
        typed: str = super().clean(value)
        try:
            return read_iban(typed, of_coop=True)
        except InvalidIban as refusal:
            raise forms.ValidationError(str(refusal), code="invalid") from None


class DebitMandateForm(forms.Form):
    """A mandate to sign: the account, in whose name it is, who signs."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    account = IbanField(label="IBAN de la coopérative", max_length=60, help_text="27 signes, sur le RIB. Les espaces ne comptent pas.")
    debtor = forms.CharField(
        label="Titulaire du compte",
        max_length=70,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        help_text="Comme sur le RIB.",
        error_messages={"required": "Indiquez le nom qui figure sur le RIB.", "max_length": "70 caractères au plus."},
    )
    signer = forms.TypedChoiceField(
        label="Qui signe",
        coerce=int,
        error_messages={"required": "Choisissez le mandataire qui signe.", "invalid_choice": "Ce mandataire n’est plus en fonction."},
    )
    agreed = forms.BooleanField(
        label="J’ai lu le mandat et je le signe au nom de la coopérative.",
        error_messages={"required": "Cochez cette case pour signer."},
    )

    def __init__(self, *args: Any, signers: Sequence[Mandate], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        choices = [(row.pk, f"{row.holder}, {row.get_rank_display().lower()}") for row in signers]
        self.fields["signer"].choices = choices if len(choices) == 1 else [("", "Choisissez"), *choices]  # type: ignore[attr-defined]  # a choice field of ours

    @property
    def facts(self) -> MandateFacts:
        given = self.cleaned_data
        return MandateFacts(given["account"], given["debtor"], given["signer"])


class CollectionForm(forms.Form):
    """A collection to prepare: its day; the adhésions that are left out are read from the table's boxes."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    day = DateField(label="Date du prélèvement", error_messages={"required": "Indiquez la date du prélèvement."})


class RefusedFileForm(forms.Form):
    """Why the bank refused the file of a collection."""

    reason = forms.CharField(
        label="Ce que dit la banque",
        max_length=200,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Dites pourquoi la banque l’a refusé, en une phrase.", "max_length": "200 caractères au plus."},
    )


class ReturnForm(forms.Form):
    """A debit that came back, as the bank's page tells it."""

    day = DateField(label="Revenu le", error_messages={"required": "Indiquez le jour du retour."})
    code = forms.ChoiceField(
        label="Motif",
        choices=[("", "Choisissez le motif de la banque"), *((one.code, f"{one.code}, {one.label}") for one in DEBIT_REASONS.values())],
        error_messages={"required": "Choisissez le motif que donne la banque.", "invalid_choice": "Choisissez un motif de la liste."},
    )


class ReturnFileForm(forms.Form):
    """A file of returns, to be looked at first."""

    file = forms.FileField(
        label="Fichier de la banque",
        error_messages={"required": "Choisissez le fichier de retours.", "empty": "Ce fichier est vide."},
        help_text="pain.002 (rejets), camt.054 ou camt.053, en XML.",
        widget=forms.FileInput(attrs={"accept": ".xml,text/xml,application/xml"}),
    )


class ReturnsForm(forms.Form):
    """What a preview has found, to be taken into account: rows of debit, day and code."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    returns = forms.CharField(widget=HiddenInput, error_messages=STALE)

    def clean_returns(self) -> list[DebitReturn]:
        try:
            rows = json.loads(self.cleaned_data["returns"])
            return [DebitReturn(_key(debit), date.fromisoformat(day), str(code)) for debit, day, code in rows]
        except (TypeError, ValueError, RecursionError):
            raise forms.ValidationError(STALE["invalid"]) from None


def _key(told: object) -> int:
    """Return the key of a debit. Raises ValueError."""
    if not is_key(str(told)):
        raise ValueError(told)
    return int(str(told))


def written_returns(returns: Iterable[DebitReturn]) -> str:
    """Return what a preview has found as its form carries it."""
    return json.dumps([[one.debit, one.day.isoformat(), one.code] for one in returns])
