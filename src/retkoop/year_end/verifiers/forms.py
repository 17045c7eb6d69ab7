"""What people fill in to invite, to look and to sign."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from retkoop.domain.closing import QUALITY_LABELS, VerifierQuality
from retkoop.network.models import Mandate
from retkoop.ui.forms import HiddenInput, LineInput
from retkoop.ui.texts import refuse_unreadable
from retkoop.users.forms import password_field
from retkoop.users.models import User
from retkoop.users.tries import Counter, counted
from retkoop.year_end.models import Verifier
from retkoop.year_end.verifiers.grid_form import GridForm
from retkoop.year_end.verifiers.invitations import Invited
from retkoop.year_end.verifiers.signing import OnPaper

STALE: Final = {"required": "Rechargez la page.", "invalid": "Rechargez la page."}
WHO: Final = {"required": "Indiquez le nom et le prénom.", "max_length": "150 caractères au plus."}
LONG: Final = {"max_length": "4\u202f000 caractères au plus."}


def _seen_field() -> forms.CharField:
    return forms.CharField(widget=HiddenInput, max_length=100, error_messages={**STALE, "max_length": STALE["invalid"]})


def _name_field(label: str) -> forms.CharField:
    widget = LineInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=150, widget=widget, error_messages=WHO, validators=[refuse_unreadable])


def _long_field(label: str, **more: Any) -> forms.CharField:  # noqa: ANN401 -- Django's own
    widget = forms.Textarea(attrs={"rows": 4})
    validators = [refuse_unreadable]
    return forms.CharField(label=label, required=False, max_length=4000, widget=widget, error_messages=LONG, validators=validators, **more)


class InviteForm(forms.Form):
    """Somebody to invite."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    name = _name_field("Nom et prénom")
    quality = forms.ChoiceField(
        label="Qui est-ce pour l’école\u202f?",
        choices=list(QUALITY_LABELS.items()),
        initial=VerifierQuality.PARENT,
        error_messages={"required": "Dites qui est cette personne pour l’école."},
    )
    email = forms.EmailField(
        label="Adresse électronique",
        required=False,
        widget=LineInput(attrs={"inputmode": "email", "autocomplete": "off", "autocapitalize": "none"}),
        help_text="Sans adresse, vous imprimez une page avec un carré à photographier.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Écrivez par exemple camille.durand@exemple.fr."},
    )

    @property
    def invited(self) -> Invited:
        given = self.cleaned_data
        return Invited(given["name"], VerifierQuality(given["quality"]), given["email"])


class SigningForm(GridForm):
    """The grid, what a vérificateur says beside it, and the code that signs; `seen` tells the accounts that they read."""

    seen = _seen_field()
    comment = _long_field("Commentaire")
    reserves = _long_field("Réserves", help_text="Ce qui vous empêche d’approuver les comptes tels quels. Laissez vide si tout va bien.")
    code = forms.CharField(
        label="Code à six chiffres",
        required=False,
        max_length=20,
        widget=LineInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())

    @property
    def draft(self) -> dict[str, Any]:
        """What is kept until they sign, as it was typed."""
        typed = {name: _cut(self[name].data) for name in self.fields if name not in {"seen", "grid", "code"}}
        return {name: given for name, given in typed.items() if given or name in {"comment", "reserves"}}


def _cut(typed: Any) -> Any:  # noqa: ANN401 -- what a browser sends: a text, or several
    return [str(one)[:4000] for one in typed] if isinstance(typed, list) else str(typed or "")[:4000]


class MandataireForm(forms.Form):
    """A mandataire signs with the password of the coop's account."""

    seen = _seen_field()
    password = password_field("Mot de passe du compte", "current-password", "Indiquez le mot de passe du compte.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        with counted(Counter(f"sign {self.user.pk}", free=5)):
            if not self.user.check_password(typed):
                raise ValidationError("Ce n’est pas le mot de passe de ce compte.", code="wrong_password")
        return typed


class TeacherForm(forms.Form):
    """A teacher writes their name under the accounts."""

    seen = _seen_field()
    name = _name_field("Votre nom et votre prénom")

    def shown_again(self, seen: str) -> None:
        """Have a form that comes back tell the accounts that come back with it."""
        if self.is_bound:
            self.data = {**self.data.dict(), self.add_prefix("seen"): seen}  # type: ignore[attr-defined]  # of a request: a QueryDict


class PaperForm(forms.Form):
    """The scan of a signed quitus, and who signed it."""

    fichiers = forms.FileField(label="Le scan, ou une photo", error_messages={"required": "Choisissez le scan\u202f: un PDF ou une photo."})
    verifiers = forms.TypedMultipleChoiceField(
        label="Vérificateurs qui ont signé", coerce=int, required=False, widget=forms.CheckboxSelectMultiple, error_messages=STALE
    )
    mandates = forms.TypedMultipleChoiceField(
        label="Mandataires qui ont signé", coerce=int, required=False, widget=forms.CheckboxSelectMultiple, error_messages=STALE
    )
    mark = forms.CharField(
        label="Repère imprimé au-dessus des signatures",
        max_length=20,
        widget=LineInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text="Il dit quels comptes ont été signés. Par exemple\u202f: 412-3f9a.",
        error_messages={
            "required": "Recopiez le repère du quitus. S’il n’en a pas, imprimez-le de nouveau.",
            "max_length": "Recopiez le repère seul.",
        },
    )
    reserves = _long_field("Réserves écrites sur le papier")

    def __init__(self, *args: Any, verifiers: Sequence[Verifier], mandates: Sequence[Mandate], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.fields["verifiers"].choices = [(row.pk, row.name) for row in verifiers]  # type: ignore[attr-defined]  # a choice field of ours
        self.fields["mandates"].choices = [(row.pk, row.holder) for row in mandates]  # type: ignore[attr-defined]  # idem

    @property
    def signed(self) -> OnPaper:
        given = self.cleaned_data
        return OnPaper(given["verifiers"], given["mandates"], given["mark"], given["reserves"])
