"""What a coop fills in for its adhésion: its effectifs and what it takes, the engagement, the word on a correction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict

from retkoop.domain.fees import BASIS_LABELS, Basis, Declared, ExtraFee, InsuranceRule, Tariff
from retkoop.domain.headcount import Doubt
from retkoop.domain.money import format_amount
from retkoop.domain.tariff_change import tariff_mark
from retkoop.memberships.declaring.rows import ClassRows
from retkoop.memberships.declaring.services import MOST_REASON, WrongCount
from retkoop.ui.forms import STALE, AmountField, HiddenInput, LineInput
from retkoop.ui.texts import refuse_unreadable

_STANDS_ON: Final = ("version", "tariff_read")
_WHOLE: Final = {"invalid": "Indiquez un nombre entier.", "min_value": "Indiquez un nombre, sans signe moins."}


class TariffField(forms.JSONField):
    """The mark of the prices that were read (`domain.tariff_change`): cents by key."""

    def __init__(self) -> None:
        super().__init__(widget=HiddenInput, required=False, error_messages=STALE)

    def clean(self, value: object) -> dict[str, int] | None:
        told = super().clean(value)
        if told is None:
            return None
        if not isinstance(told, dict) or not all(isinstance(price, int) for price in told.values()):
            raise forms.ValidationError(STALE["invalid"])
        return told


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form shows first; `version` is that of the draft it is made from, or the number of the declaration that it corrects.

    `alone`: pupils and adults of the only class of a coop of which nothing else is known.
    """

    declared: Declared
    version: int
    correcting: bool = False
    alone: tuple[int, int] | None = None


class MembershipForm(forms.Form):
    """The effectifs, the magazine, what is given, the insurance, the lines of the AD; why they change, of a correction."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    version = forms.IntegerField(widget=HiddenInput, error_messages=STALE)
    tariff_read = TariffField()

    def __init__(self, data: Mapping[str, str] | None = None, *, tariff: Tariff, shown: Shown, moved: bool = False) -> None:
        super().__init__(None if moved else data, initial=_initial(tariff, shown))
        self.tariff, self.correcting, self.surprising = tariff, shown.correcting, False
        self._add_fields()
        if moved and data is not None:
            self.initial.update({name: data[name] for name in self.fields if name in data and name not in {"submission", "tariff_read"}})
            checks = [name for name, field in self.fields.items() if isinstance(field, forms.BooleanField)]
            self.initial.update({name: name in data for name in checks})
        self.rows = ClassRows(data, shown.declared.classes, moved=moved, alone=shown.alone)

    def _add_fields(self) -> None:
        if self.tariff.magazine:
            self.fields["magazines"] = _magazine_field(self.tariff)
        if self.tariff.insurance_rule is InsuranceRule.PROPOSED and self.tariff.insurance:
            label = f"Assurer la coopérative, {format_amount(self.tariff.insurance)} par coopérateur"
            words = "Elle couvre les activités et les biens de la coopérative. Décochez si l’école est assurée autrement."
            self.fields["insured"] = forms.BooleanField(label=label, required=False, help_text=words)
        for extra in self.tariff.extras:
            if extra.basis is Basis.FREE:
                words = "Du montant que vous voulez." if extra.optional else ""
                self.fields[f"extra-{extra.key}"] = AmountField(label=extra.label, required=False, help_text=words)
            elif extra.optional:
                self.fields[f"extra-{extra.key}"] = forms.BooleanField(label=_offer(extra), required=False)
        words = "Ce que la coopérative donne en plus à l’association départementale."
        self.fields["contribution"] = AmountField(label="Participation volontaire", required=False, help_text=words)
        if self.correcting:
            self.fields["reason"] = _reason_field()
        self.fields["confirmed"] = forms.BooleanField(label="Ces nombres sont justes, je les confirme", required=False)

    @property
    def offers(self) -> list[forms.BoundField]:
        """What can be taken besides the cotisation, in the order of the bill."""
        names = ["insured", "magazines", *(f"extra-{extra.key}" for extra in self.tariff.extras), "contribution"]
        return [self[name] for name in names if name in self.fields]

    @property
    def asks_to_confirm(self) -> bool:
        return self.surprising or bool(self.is_bound and self.data.get("confirmed"))

    def is_valid(self) -> bool:
        rows_valid = self.rows.is_valid()
        return super().is_valid() and rows_valid

    @property
    def declared(self) -> Declared:
        """What is declared, as far as it can be read: what is wrong counts for nothing."""
        given = self.cleaned_data if super().is_valid() or hasattr(self, "cleaned_data") else {}
        return Declared(
            classes=self.rows.counted,
            magazines=given.get("magazines") or 0,
            contribution=given.get("contribution") or 0,
            insured=bool(given.get("insured", True)) if "insured" in self.fields else True,
            extras={extra.key: int(given[f"extra-{extra.key}"]) for extra in self.tariff.extras if given.get(f"extra-{extra.key}")},
        )

    def tell(self, wrong: WrongCount) -> None:
        """Say what is wrong in the effectifs, or to be confirmed, where it stands."""
        self.surprising = wrong.surprising
        for doubt in wrong.doubts:
            if not self.rows.tell(doubt):
                self.add_error(self._field_of(doubt), doubt.message)
        if wrong.surprising:
            self.add_error("confirmed", "Relisez ces nombres, puis cochez cette case s’ils sont justes.")

    def renew(self, shown: Shown) -> None:
        """Have the form that is shown again stand on what is there now: its version, the prices of today."""
        now = {name: self[name].field.prepare_value(value) for name, value in _initial(self.tariff, shown).items() if name in _STANDS_ON}
        self.data = {**self.data.dict(), **now} if isinstance(self.data, QueryDict) else {**self.data, **now}

    def _field_of(self, doubt: Doubt) -> str | None:
        return next((name for name in (doubt.field, f"extra-{doubt.field}") if name in self.fields), None)


def _initial(tariff: Tariff, shown: Shown) -> dict[str, object]:
    declared = shown.declared
    return {
        "version": shown.version,
        "tariff_read": tariff_mark(tariff),
        "magazines": declared.magazines or None,
        "contribution": declared.contribution or None,
        "insured": declared.insured,
        **{f"extra-{extra.key}": declared.extras.get(extra.key) for extra in tariff.extras},
    }


def _offer(extra: ExtraFee) -> str:
    return f"{extra.label}, {format_amount(extra.price)} {BASIS_LABELS[extra.basis]}"


def _magazine_field(tariff: Tariff) -> forms.IntegerField:
    widget = LineInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "number"})
    words = f"La revue de l’OCCE, {format_amount(tariff.magazine)} l’abonnement d’un an. Combien en voulez-vous\u202f?"
    label = "Abonnements à Animation & Éducation"
    return forms.IntegerField(label=label, required=False, min_value=0, help_text=words, widget=widget, error_messages=_WHOLE)


def _reason_field() -> forms.CharField:
    return forms.CharField(
        label="Pourquoi vos effectifs changent",
        max_length=MOST_REASON,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off", "placeholder": "Une classe ouvre en janvier"}),
        error_messages={
            "required": "Dites pourquoi vos effectifs changent\u202f: l’association départementale le lit.",
            "max_length": f"{MOST_REASON} caractères au plus.",
        },
    )


class AcceptForm(forms.Form):
    """A mandataire accepts under their own name; `text` is the version that was read."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    text = forms.IntegerField(widget=HiddenInput, error_messages=STALE)
    holder = forms.CharField(
        label="Votre nom et votre prénom",
        max_length=150,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez votre nom et votre prénom.", "max_length": "150 caractères au plus."},
    )


class DeclareForm(forms.Form):
    """What was read is declared, at the prices that were read."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    version = forms.IntegerField(widget=HiddenInput, error_messages=STALE)
    tariff = TariffField()


class TransferForm(forms.Form):
    """A payment that the coop has made: how much."""

    prefix_of_ids = "id_virement_%s"
    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    amount = AmountField(label="Montant", zero=False)

    def __init__(self, data: Mapping[str, str] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id=self.prefix_of_ids)


class ChequeForm(TransferForm):
    """A cheque that the coop sends: its number and who has signed it."""

    prefix_of_ids = "id_cheque_%s"
    number = forms.CharField(
        label="Numéro du chèque",
        max_length=20,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Indiquez le numéro du chèque\u202f: il est imprimé en bas, à gauche.",
            "max_length": "20 caractères au plus.",
        },
    )
    payer = forms.CharField(
        label="Qui l’a signé",
        required=False,
        max_length=150,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "150 caractères au plus."},
    )
