"""What is filled in for a handover, and for the end of a coop."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict

from retkoop.domain.handover import ANSWER_LABELS, ITEM_LABELS
from retkoop.domain.rne import looks_like_rne
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Mandate, Role
from retkoop.ui.forms import AmountField, DateField, HiddenInput, LineInput
from retkoop.ui.texts import refuse_unreadable
from retkoop.year_end.handover.models import Handover
from retkoop.year_end.handover.services import INCOMING, LEAVING, Filled, Plan

STALE: Final = {"required": "Rechargez la page.", "invalid": "Rechargez la page.", "invalid_choice": "Rechargez la page."}
WHO: Final = {"required": "Indiquez le nom et le prénom.", "max_length": "150 caractères au plus."}


def _name_field(label: str) -> forms.CharField:
    widget = LineInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=150, widget=widget, error_messages=WHO, validators=[refuse_unreadable])


class PlanForm(forms.Form):
    """Who leaves, when, and who comes."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    leaving = forms.TypedChoiceField(
        label="Qui part",
        coerce=int,
        error_messages={"required": "Choisissez qui part.", "invalid_choice": "Ce mandat n’est plus en cours."},
    )
    leaving_role = forms.TypedChoiceField(
        label="Son compte à son nom",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages=STALE,
        help_text="Il se ferme le lendemain.",
    )
    day = DateField(label="Son dernier jour", error_messages={"required": "Indiquez le dernier jour."})
    incoming_name = _name_field("Qui arrive, nom et prénom")
    incoming_email = forms.EmailField(
        label="Son adresse électronique",
        required=False,
        widget=LineInput(attrs={"inputmode": "email", "autocomplete": "off", "autocapitalize": "none"}),
        help_text="Avec une adresse, un compte à son nom l’attend le premier jour.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Écrivez par exemple camille.durand@exemple.fr."},
    )
    renews_account = forms.BooleanField(label="Fermer ce soir-là le mot de passe commun de l’école", required=False, initial=True)

    def __init__(self, *args: Any, mandates: Sequence[Mandate], roles: Sequence[Role], year: SchoolYear, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.fields["leaving"].choices = [(row.pk, f"{row.holder}, {row.get_rank_display().lower()}") for row in mandates]  # type: ignore[attr-defined]  # a choice field of ours
        self.fields["leaving_role"].choices = [("", "Aucun"), *((row.pk, row.user.name) for row in roles)]  # type: ignore[attr-defined]  # idem
        self.fields["day"].year = year  # type: ignore[attr-defined]  # a day field of ours

    @property
    def plan(self) -> Plan:
        given = {name: value for name, value in self.cleaned_data.items() if name != "submission"}
        return Plan(**given | {"leaving_role": given["leaving_role"] or 0})


class AnswersForm(forms.Form):
    """The list that both go through."""

    version = forms.IntegerField(widget=HiddenInput, error_messages=STALE)
    counted = AmountField(label="Dans la caisse", required=False)
    note = forms.CharField(
        label="À savoir",
        required=False,
        max_length=2000,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui reste à faire, à qui s’adresser, où sont les choses.",
        error_messages={"max_length": "2\u202f000 caractères au plus."},
    )

    def __init__(self, data: QueryDict | None = None, *, row: Handover) -> None:
        initial = {"version": row.version, "counted": row.counted, "note": row.note, **row.answers}
        super().__init__(data, initial=initial, prefix=f"passation-{row.pk}")
        for item, label in ITEM_LABELS.items():
            said = {"invalid_choice": "Choisissez une des réponses."}
            choices = [(answer.value, words) for answer, words in ANSWER_LABELS.items()]
            self.fields[item.value] = forms.ChoiceField(
                label=label, choices=choices, required=False, widget=forms.RadioSelect, error_messages=said
            )

    @property
    def items(self) -> list[forms.BoundField]:
        return [self[item.value] for item in ITEM_LABELS]

    @property
    def filled(self) -> Filled:
        given = self.cleaned_data
        answers = {item.value: given[item.value] for item in ITEM_LABELS if given[item.value]}
        return Filled(answers, given["counted"], given["note"])


class SignForm(forms.Form):
    """One of the two signs under their own name."""

    side = forms.ChoiceField(choices=[(LEAVING, LEAVING), (INCOMING, INCOMING)], widget=HiddenInput, error_messages=STALE)
    name = _name_field("Votre nom et votre prénom")


class ScanForm(forms.Form):
    """The scan of a receipt signed on paper, and who signed it."""

    fichiers = forms.FileField(label="Le scan, ou une photo", error_messages={"required": "Choisissez le scan\u202f: un PDF ou une photo."})
    sides = forms.MultipleChoiceField(
        label="Qui a signé", required=False, widget=forms.CheckboxSelectMultiple, error_messages={"invalid_choice": "Rechargez la page."}
    )

    def __init__(self, *args: Any, unsigned: Sequence[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.fields["sides"].choices = list(unsigned)  # type: ignore[attr-defined]  # a choice field of ours


class EndForm(forms.Form):
    """The last day of a coop, and what becomes of what it owns."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    day = DateField(label="Dernier jour", error_messages={"required": "Indiquez le dernier jour."})
    heir = forms.CharField(
        label="RNE de la coopérative qui la reprend",
        required=False,
        max_length=40,
        widget=LineInput(attrs={"autocomplete": "off"}),
        help_text="Laissez vide pour une fermeture\u202f: le solde revient à l’association.",
    )
    reason = forms.CharField(
        label="Motif",
        max_length=300,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Dites pourquoi, en une phrase\u202f: fermeture d’école, fusion…",
            "max_length": "300 caractères au plus.",
        },
    )

    def clean_heir(self) -> str:
        typed = "".join(self.cleaned_data["heir"].split()).upper()
        if typed and not looks_like_rne(typed):
            raise forms.ValidationError("Un RNE a sept chiffres et une lettre.", code="invalid")
        return typed
