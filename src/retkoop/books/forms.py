"""The form of an operation: it asks what its intention needs, says in French what is wrong, and makes the operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django import forms

from retkoop.books.intentions import FREE, JUSTIFICATIFS, Intention, Means, meant_by, takes_cheque
from retkoop.books.split import Row, Split, shown_rows, typed_rows
from retkoop.domain.chart import Chart
from retkoop.domain.entry import OPENING_PIECE, Moves, Operation, fits_folded
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.days import InvalidDay, format_full, parse_day
from retkoop.ui.forms import AmountField, DateField, HiddenInput, LineInput
from retkoop.ui.texts import refuse_unreadable

_STALE: Final = {"invalid": "Rechargez la page : ce formulaire n’est plus lisible."}


def _text(label: str, most: int, *, required: str = "", **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=bool(required),
        error_messages={"required": required, "max_length": f"{most} caractères au plus."},
        widget=LineInput(attrs={"autocomplete": "off", **attributes}),
        validators=[refuse_unreadable],
    )


def _day(text: str | None) -> date | None:
    try:
        return parse_day(text or "")
    except InvalidDay:
        return None


class OperationForm(forms.Form):
    """A line of the cahier as an intention asks for it; `split` holds the rows of its ventilation, None where there is none."""

    date = DateField(label="Date")
    piece = _text("Pièce", 30)
    label = _text("Libellé", 200, required="Indiquez un libellé : en quelques mots, ce que c’était.")
    tiers = _text("Tiers", 120, list="known-tiers")
    means = forms.ChoiceField(
        label="Moyen",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un moyen.", "invalid_choice": "Choisissez un moyen de la liste."},
    )
    cheque = _text("N° de chèque", 20, inputmode="numeric")
    amount = AmountField(label="Montant", signed=True, zero=False)
    bank = AmountField(label="Banque", signed=True, required=False, help_text="Positif : l’argent entre.")
    cash = AmountField(label="Caisse", signed=True, required=False)
    regie = AmountField(label="Régie d’avance", signed=True, required=False, help_text="Positif : versé au régisseur.")
    project = _text("Projet", 80, list="known-projects")
    classe = _text("Classe", 40, list="known-classes")
    submission = forms.UUIDField(widget=HiddenInput, required=False, error_messages=_STALE)
    version = forms.IntegerField(widget=HiddenInput, required=False, error_messages=_STALE)
    near = forms.CharField(widget=HiddenInput, required=False)
    """The date that the form showed at first: a day typed alone falls in its month."""

    def __init__(  # noqa: PLR0913 -- what it asks, of which book, and what it shows
        self,
        intention: Intention,
        *,
        year: SchoolYear,
        chart: Chart,
        data: Mapping[str, str] | None = None,
        initial: Mapping[str, Any] | None = None,
        rows: Sequence[Row] = (),
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.intention = intention
        self._fit(year, self["near"].value())
        self.split = Split(intention, chart, data, rows) if intention.nature else None

    def _fit(self, year: SchoolYear, near: str | None) -> None:
        """Keep the fields that the intention asks for, and tell them what it says of them."""
        fields: dict[str, Any] = self.fields
        for name in ("amount",) if self.intention is FREE else ("bank", "cash", "regie"):
            del fields[name]
        if self.intention.means:
            fields["means"].choices = [(means.value, label) for means, label in self.intention.means]
        else:
            del fields["means"]
        if self.intention is JUSTIFICATIFS:
            del fields["cheque"]  # the régie was paid long ago
        fields["date"].year, fields["date"].near = year, _day(near)
        if "amount" in fields:
            fields["amount"].signed = self.intention.signed

    def is_valid(self) -> bool:
        """Tell whether all of it can be taken; the operation is then in `operation`."""
        valid = super().is_valid() if self.split is None else all([super().is_valid(), self.split.is_valid()])
        if valid:
            self.operation = self._operation()
        return valid and not self._split_errors

    @property
    def _split_errors(self) -> bool:
        return self.split is not None and any(row.errors for row in self.split.rows)

    def clean_piece(self) -> str:
        piece: str = self.cleaned_data["piece"]
        if piece.upper() == OPENING_PIECE:
            raise forms.ValidationError(f"« {piece} » est la pièce du report à nouveau : choisissez un autre numéro.")
        return piece

    def clean_tiers(self) -> str:
        tiers: str = self.cleaned_data["tiers"]
        if not fits_folded(tiers):
            raise forms.ValidationError("Ce nom est trop long, une fois écrit en lettres simples.")
        return tiers

    def clean(self) -> None:
        if self.intention is FREE and not any(self.cleaned_data.get(name, True) for name in ("bank", "cash", "regie")):
            self.add_error("bank", "Indiquez ce qui a bougé\u202f: la banque, la caisse ou une régie.")

    def draft(self) -> Operation | None:
        """Return what is typed so far as an operation, for the live checks: None while the day or the amount is missing."""
        self.full_clean()
        if self.split:
            self.split.is_valid()
        needed = ("date", "bank", "cash", "regie") if self.intention is FREE else ("date", "amount")
        return None if any(name not in self.cleaned_data for name in needed) else self._operation()

    def _operation(self) -> Operation:
        said = self.cleaned_data
        means = Means(said["means"]) if said.get("means") else None
        texts = {name: said.get(name, "") for name in ("piece", "label", "tiers", "cheque", "project", "classe")}
        if not takes_cheque(self.intention, means):
            texts["cheque"] = ""
        operation = Operation(key=0, date=said["date"], moves=self._moves(means), **texts)
        return replace(operation, parts=self.split.parts_of(operation)) if self.split else operation

    def _moves(self, means: Means | None) -> Moves:
        said = self.cleaned_data
        if self.intention is FREE:
            return Moves(said["bank"] or 0, said["cash"] or 0, said["regie"] or 0)
        return self.intention.moves(said["amount"], means)


def form_showing(operation: Operation, *, year: SchoolYear, chart: Chart, initial: Mapping[str, Any]) -> OperationForm:
    """Return the form that says an operation again, exactly."""
    meant = meant_by(operation)
    shown = {
        **{name: getattr(operation, name) for name in ("date", "piece", "label", "tiers", "cheque", "project", "classe")},
        "means": meant.means and meant.means.value,
        "amount": meant.amount,
        "bank": operation.moves.bank,
        "cash": operation.moves.cash,
        "regie": operation.moves.regie,
        "near": format_full(operation.date),
        **initial,
    }
    rows = shown_rows(meant.intention, operation) if meant.intention.nature else []
    return OperationForm(meant.intention, year=year, chart=chart, initial=shown, rows=rows)


def form_redrawn(intention: Intention, data: Mapping[str, Any], *, year: SchoolYear, chart: Chart) -> OperationForm:
    """Return the form with what is typed so far, and nothing said of it: another intention, one more row of the split."""
    return OperationForm(intention, year=year, chart=chart, initial=dict(data.items()), rows=typed_rows(data))
