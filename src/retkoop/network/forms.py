"""What an administrateur fills in: coops, mandates, people."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from retkoop.domain.rne import InvalidRne, department_of, parse_rne
from retkoop.network.models import AD_KINDS, DepartmentalAssociation, Mandate, MandateRank, Role, RoleKind
from retkoop.ui.forms import DateField


class SubmissionForm(forms.Form):
    """A form that makes something: sent twice, it makes it once."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class CoopForm(forms.Form):
    rne = forms.CharField(label="RNE", max_length=40, error_messages={"required": "Indiquez le RNE, par exemple 0910000A."})
    name = forms.CharField(label="École", max_length=150, error_messages={"required": "Indiquez le nom de l’école."})
    commune = forms.CharField(label="Commune", max_length=100, error_messages={"required": "Indiquez la commune."})
    email = forms.EmailField(
        label="Adresse officielle",
        required=False,
        help_text="Laissez vide pour l’adresse habituelle\u202f: ce. suivi du RNE.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Écrivez par exemple ce.0910000a@ac-versailles.fr."},
    )

    def __init__(self, *args: Any, association: DepartmentalAssociation, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.association = association

    def clean_rne(self) -> str:
        typed = "".join(self.cleaned_data["rne"].split()).upper()  # as it comes from a letter or a table
        try:
            rne = parse_rne(typed)
        except InvalidRne as refusal:
            raise ValidationError(str(refusal), code="invalid") from None
        if department_of(rne) != self.association.department:
            raise ValidationError(f"Ce RNE n’est pas du département {self.association.department}.", code="elsewhere")
        return rne


class CoopFactsForm(forms.Form):
    """What the AD says of a coop that is there."""

    name = forms.CharField(label="École", max_length=150, error_messages={"required": "Indiquez le nom de l’école."})
    commune = forms.CharField(label="Commune", max_length=100, required=False)
    circonscription = forms.CharField(label="Circonscription", max_length=100, required=False)
    email = forms.EmailField(
        label="Adresse officielle",
        required=False,
        error_messages={"invalid": "Cette adresse n’est pas complète. Écrivez par exemple ce.0910000a@ac-versailles.fr."},
    )
    reason = forms.CharField(
        label="Pourquoi ce changement", max_length=300, required=False, help_text="À dire si le nom change : l’historique le garde."
    )


class KeeperForm(forms.Form):
    """A person who keeps the books of a coop with an account of their own."""

    keeper = forms.CharField(label="Nom et prénom", max_length=150, error_messages={"required": "Indiquez le nom de la personne."})
    address = forms.EmailField(
        label="Adresse électronique",
        help_text="Elle sera son identifiant.",
        error_messages={
            "required": "Indiquez son adresse : elle sera son identifiant.",
            "invalid": "Cette adresse n’est pas complète. Écrivez par exemple a.martin@ac-versailles.fr.",
        },
    )


class MandateForm(SubmissionForm):
    holder = forms.CharField(label="Nom et prénom", max_length=150, error_messages={"required": "Indiquez le nom du mandataire."})
    rank = forms.ChoiceField(label="Mandat", choices=MandateRank.choices, widget=forms.RadioSelect, initial=MandateRank.MANDATAIRE)
    start = DateField(label="Premier jour", error_messages={"required": "Indiquez le premier jour du mandat."})
    end = DateField(label="Dernier jour", required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        start, end = values.get("start"), values.get("end")
        if start and end and end < start:
            self.add_error("end", ValidationError("Le dernier jour vient avant le premier.", code="order"))
        return values


class EndForm(forms.Form):
    """The last day of a mandate."""

    end = DateField(label="Dernier jour", error_messages={"required": "Indiquez le dernier jour."})

    def __init__(self, data: QueryDict, *, mandate: Mandate) -> None:
        super().__init__(data, auto_id=f"id_%s_{mandate.pk}")
        self.of = mandate

    def clean_end(self) -> date:
        end: date = self.cleaned_data["end"]
        if end < self.of.start:
            raise ValidationError("Le dernier jour vient avant le premier.", code="order")
        return end


class RoleEndForm(forms.Form):
    """The last day of a role; empty, it stops at once."""

    end = DateField(label="Dernier jour", required=False, help_text="Laissez vide pour l’arrêter dès maintenant.")

    def __init__(self, data: QueryDict, *, role: Role) -> None:
        super().__init__(data, auto_id=f"id_%s_{role.pk}")
        self.of = role


class StaffForm(SubmissionForm):
    name = forms.CharField(label="Nom et prénom", max_length=150, error_messages={"required": "Indiquez le nom de la personne."})
    username = forms.RegexField(
        r"^[\w.@-]+$",
        label="Identifiant",
        max_length=60,
        help_text="Lettres, chiffres, points et tirets, par exemple a.durand",
        error_messages={
            "required": "Choisissez un identifiant.",
            "invalid": "Un identifiant n’a que des lettres, des chiffres, des points et des tirets.",
        },
    )
    email = forms.EmailField(
        label="Adresse électronique",
        required=False,
        error_messages={"invalid": "Cette adresse n’est pas complète. Écrivez par exemple a.durand@occe.coop."},
    )
    kind = forms.ChoiceField(
        label="Rôle", choices=[(kind.value, kind.label) for kind in AD_KINDS], widget=forms.RadioSelect, initial=RoleKind.ANIMATEUR
    )


class FederationStaffForm(StaffForm):
    """A person of the federation, or the first administrateur of an AD that has none."""

    kind = None  # type: ignore[assignment]  # Django takes a field of the parent away
    association = forms.ChoiceField(label="Pour", required=False)

    field_order = ("submission", "association", "name", "username", "email")

    def __init__(self, data: QueryDict | None = None, *, without: Sequence[DepartmentalAssociation]) -> None:
        super().__init__(data)
        self.without = {one.department: one for one in without}
        choices = [("", "La fédération"), *((number, f"{one}, premier administrateur") for number, one in self.without.items())]
        self.fields["association"].choices = choices  # type: ignore[attr-defined]  # a choice field

    @property
    def facts(self) -> dict[str, Any]:
        """Return what `create_staff` makes of the person."""
        given = dict(self.cleaned_data)
        association = self.without.get(given.pop("association"))
        return given | {"association": association, "kind": RoleKind.ADMINISTRATEUR if association else RoleKind.FEDERATION}


class OtherRoleForm(forms.Form):
    """Another role for somebody of an AD."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in AD_KINDS])
