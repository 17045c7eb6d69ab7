"""What people type when a book opens."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from retkoop.books.models import Book
from retkoop.domain import entry
from retkoop.domain.chart import BANK, POSTAL
from retkoop.domain.money import Cents
from retkoop.ui.forms import AmountField, DateField

PAYMENT = "payment"
RECEIPT = "receipt"
ACCOUNTS = [(BANK, "Compte bancaire"), (POSTAL, "Compte chèque postal")]


class OpeningForm(forms.Form):
    """What the coop had on the last day of the year before. `version` is the one that the form was made from, empty for a first time.

    The kind of account is asked while nothing but the opening has moved the bank; régies, only where some are still open.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, asks_account: bool, asks_regies: bool, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, **kwargs)
        if asks_account:
            self.fields["bank_account"] = forms.ChoiceField(
                label="La coopérative a un", choices=ACCOUNTS, required=False, widget=forms.RadioSelect
            )
        self.fields["bank"] = AmountField(label="En banque", signed=True, error_messages={"required": _missing("à la banque")})
        self.fields["cash"] = AmountField(label="En caisse", error_messages={"required": _missing("en caisse")})
        if asks_regies:
            self.fields["regie"] = AmountField(label="Dans les régies", error_messages={"required": _missing("dans les régies")})

    @property
    def moves(self) -> entry.Moves:
        """What was typed, once it is valid."""
        return entry.Moves(self.cleaned_data["bank"], self.cleaned_data["cash"], self.cleaned_data.get("regie", 0))


def _missing(where: str) -> str:
    return f"Indiquez ce qu’il y avait {where}, ou 0 s’il n’y avait rien."


class CarriedItemForm(forms.Form):
    """A bank move of a former year that the last statement did not show."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    direction = forms.ChoiceField(
        label="Nature",
        choices=[(PAYMENT, "Paiement"), (RECEIPT, "Recette")],
        initial=PAYMENT,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez paiement ou recette."},
    )

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, **kwargs)
        self.fields["date"] = DateField(label="Date", year=book.year.previous)
        self.fields["label"] = _text("Libellé", 200, "Indiquez un libellé, par exemple : Car de la classe de mer.")
        self.fields["cheque"] = _text("Chèque", 20)
        self.fields["piece"] = _text("Pièce", 30)
        self.fields["amount"] = AmountField(label="Montant", zero=False)

    @property
    def bank(self) -> Cents:
        """What the bank has yet to do, in cents: positive for a receipt, negative for a payment."""
        amount: Cents = self.cleaned_data["amount"]
        return amount if self.cleaned_data["direction"] == RECEIPT else -amount


def _text(label: str, length: int, missing: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(missing),
        max_length=length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": missing},
    )
