"""What an AD fills in about payments, cheques, the lines of its statement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms

from retkoop.domain.money import format_amount
from retkoop.memberships.models import Membership, Payment, PaymentWay
from retkoop.memberships.queries import facts_of
from retkoop.memberships.receipts.services import ReceivedFacts
from retkoop.ui.forms import STALE, AmountField, DateField, HiddenInput, LineInput, Pick, PickerField, is_key
from retkoop.ui.texts import refuse_unreadable

_DAY: Final = {"required": "Indiquez le jour."}
KINDS: Final = {
    "cheque": ("Chèque reçu", PaymentWay.CHEQUE, False),
    "transfer": ("Virement reçu", PaymentWay.TRANSFER, False),
    "refund": ("Remboursement par virement", PaymentWay.TRANSFER, True),
    "refund_cheque": ("Remboursement par chèque", PaymentWay.CHEQUE, True),
}


def _line(label: str, longest: int, **more: Any) -> forms.CharField:  # noqa: ANN401 -- Django's
    said = {"max_length": f"{longest} caractères au plus.", **more.pop("error_messages", {})}
    widget = LineInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, validators=[refuse_unreadable], widget=widget, error_messages=said, **more)


def _reason_field(label: str, help_text: str) -> forms.CharField:
    return _line(label, 200, help_text=help_text, error_messages={"required": "Dites pourquoi, en une phrase."})


def picks_of(rows: Sequence[Membership]) -> list[Pick]:
    """Return adhésions to pick, found by their RNE, school and commune, each with what it owes."""
    return [Pick(str(row.pk), _told(row), row.coop.rne, row.coop.words) for row in rows]


def _told(row: Membership) -> str:
    owed = facts_of(row).owed
    left = f"reste {format_amount(owed)}" if owed > 0 else f"à rendre {format_amount(-owed)}" if owed else "payée"
    return f"{row.coop.name}, {row.coop.commune} ({left})"


class _OfMembership(forms.Form):
    """A form that names an adhésion and an amount; `beyond` shows once the amount was found too large."""

    membership = PickerField(label="Coopérative", error_messages={"required": "Choisissez la coopérative."})
    amount = AmountField(label="Montant", zero=False)
    beyond = forms.BooleanField(label="C’est bien ce montant\u202f: la différence sera à rendre", required=False)

    def __init__(self, *args: Any, picks: Sequence[Pick], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.fields["membership"].picks = picks  # type: ignore[attr-defined]  # a picker of ours

    @property
    def key(self) -> int:
        return int(self.cleaned_data["membership"])


class PaymentForm(_OfMembership):
    """A payment that has come, or money given back."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    kind = forms.ChoiceField(
        label="Ce qui s’est passé",
        choices=[(key, label) for key, (label, *_) in KINDS.items()],
        widget=forms.RadioSelect,
        initial="cheque",
        error_messages={"required": "Dites ce qui s’est passé.", "invalid_choice": "Rechargez la page."},
    )
    day = DateField(label="Le", error_messages=_DAY)
    cheque = _line("Numéro du chèque", 20, required=False)
    payer = _line("Tireur ou titulaire du compte", 150, required=False)

    def clean(self) -> None:
        if str(self.cleaned_data.get("kind", "")) in {"cheque", "refund_cheque"} and not self.cleaned_data.get("cheque"):
            self.add_error("cheque", "Indiquez le numéro du chèque.")

    @property
    def is_refund(self) -> bool:
        return KINDS[self.cleaned_data["kind"]][2]

    @property
    def facts(self) -> ReceivedFacts:
        given = self.cleaned_data
        return ReceivedFacts(
            KINDS[given["kind"]][1], given["amount"], given["day"], given["cheque"], given["payer"], beyond=given["beyond"]
        )


class ShareForm(_OfMembership):
    """One of the adhésions that a line of the statement pays."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)


class ReceiveForm(forms.Form):
    """The day on which an announced payment has come."""

    version = forms.IntegerField(widget=HiddenInput, error_messages=STALE)
    day = DateField(label="Reçu le", error_messages=_DAY)


class CancelForm(forms.Form):
    """Why a payment is cancelled."""

    version = forms.IntegerField(widget=HiddenInput, error_messages=STALE)
    reason = _reason_field("Pourquoi", "Par exemple\u202f: chèque jamais arrivé, saisi deux fois.")


class ReturnForm(forms.Form):
    """When and why a cheque or a transfer came back."""

    version = forms.IntegerField(widget=HiddenInput, error_messages=STALE)
    day = DateField(label="Revenu le", error_messages=_DAY)
    reason = _reason_field("Motif", "Celui que donne la banque\u202f: provision insuffisante, compte clos…")


class DepositForm(forms.Form):
    """The cheques of a bordereau, and the day on which they are taken to the bank."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    day = DateField(label="Remis à la banque le", error_messages=_DAY)
    cheques = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un chèque.", "invalid_choice": "Un de ces chèques a changé\u202f: rechargez la page."},
    )

    def __init__(self, *args: Any, waiting: Sequence[Payment], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.fields["cheques"].choices = [(row.pk, row.cheque) for row in waiting]  # type: ignore[attr-defined]  # a choice field of ours

    @property
    def ticked(self) -> set[int]:
        """The keys of the cheques that are ticked: all of them as long as nothing was sent."""
        if not self.is_bound:
            return {key for key, _ in self.fields["cheques"].choices}  # type: ignore[attr-defined]  # idem
        return {int(key) for key in self.data.getlist("cheques") if is_key(key)}  # type: ignore[attr-defined]  # a QueryDict


class StatementFileForm(forms.Form):
    """A statement file, as the bank gave it."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    fichier = forms.FileField(
        label="Le relevé (OFX, QIF, CSV, XLSX ou camt.053)",
        error_messages={"required": "Choisissez le fichier que donne votre banque.", "empty": "Ce fichier est vide."},
    )


class AccountForm(forms.Form):
    """Which account of a file that holds several; the file itself comes back as it was sent (`held`)."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    held = forms.CharField(widget=HiddenInput, error_messages=STALE)
    account = forms.TypedChoiceField(
        label="Le compte qui reçoit les adhésions",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un compte.", "invalid_choice": "Choisissez un compte."},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = choices  # type: ignore[attr-defined]  # a choice field of ours


class SetAsideForm(forms.Form):
    """Why a line pays no adhésion."""

    reason = _reason_field("Pourquoi", "Par exemple\u202f: subvention, remboursement d’un fournisseur.")


class PeriodForm(forms.Form):
    """The first and the last day of a journal."""

    du = DateField(label="Du", error_messages=_DAY)
    au = DateField(label="Au", error_messages=_DAY)

    def clean(self) -> None:
        first, last = self.cleaned_data.get("du"), self.cleaned_data.get("au")
        if isinstance(first, date) and isinstance(last, date) and first > last:
            self.add_error("au", "Le dernier jour vient avant le premier.")
