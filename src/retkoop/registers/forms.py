"""What people fill in of the registers."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict

from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.registers.facts import DeliberationFacts, ItemFacts, SubsidyFacts, spending_name
from retkoop.registers.models import Deliberation, Disposal, InventoryItem, Meeting, Subsidy
from retkoop.registers.subsidies import Charge
from retkoop.ui.forms import AmountField, DateField, HiddenInput, LineInput, Pick, PickerField

STALE: Final = {"required": "Rechargez la page.", "invalid": "Rechargez la page."}


def _line(label: str, most: int, missing: str = "", **more: Any) -> forms.CharField:  # noqa: ANN401 -- Django's own
    """Return a line of text, asked for where `missing` says what to write."""
    said = {"required": missing, "max_length": f"{most} caractères au plus."}
    widget = LineInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=most, required=bool(missing), widget=widget, error_messages=said, **more)


def _text(label: str, missing: str = "", **more: Any) -> forms.CharField:  # noqa: ANN401 -- idem
    said = {"required": missing, "max_length": "4\u202f000 caractères au plus."}
    widget = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(label=label, max_length=4000, required=bool(missing), widget=widget, error_messages=said, **more)


class RegisterForm(forms.Form):
    """A form of a register: `submission` makes a resend the same row, `version` is the one that the form was made from."""

    submission = forms.UUIDField(widget=HiddenInput, initial=uuid.uuid4, required=False, error_messages=STALE)
    version = forms.IntegerField(widget=HiddenInput, required=False, error_messages=STALE)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, picks: Sequence[Pick] = ()) -> None:  # noqa: ANN401 -- idem
        super().__init__(data, initial=initial)
        self.fields["document"].picks = picks  # type: ignore[attr-defined]  # a PickerField of ours

    @property
    def given_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    @property
    def given_submission(self) -> uuid.UUID:
        return self.cleaned_data.get("submission") or uuid.uuid4()

    @property
    def document_key(self) -> int | None:
        chosen = self.cleaned_data.get("document")
        return int(chosen) if chosen else None


class ClickForm(forms.Form):
    """A click that does something once."""

    submission = forms.UUIDField(widget=HiddenInput, error_messages=STALE)


class ItemForm(RegisterForm):
    """A durable good."""

    label = _line("Bien", 200, "Dites ce que c’est\u202f: «\u202fAppareil photo\u202f» par exemple.")
    bought_on = DateField(label="Acheté le")
    value = AmountField(label="Valeur", zero=False)
    place = _line("Où il est", 120, help_text="«\u202fArmoire de la salle des maîtres\u202f» par exemple.")
    document = PickerField(label="Photo déjà envoyée", required=False)
    without = forms.BooleanField(label="Retirer la photo", required=False)
    disposed_on = DateField(label="Sorti le", required=False)
    disposal = forms.ChoiceField(label="Ce qu’il est devenu", choices=[("", "—"), *Disposal.choices], required=False)
    note = _line("Remarque", 200)

    @classmethod
    def of(cls, item: InventoryItem, picks: Sequence[Pick]) -> ItemForm:
        names = ("label", "bought_on", "value", "place", "disposed_on", "disposal", "note", "version")
        return cls(initial={**{name: getattr(item, name) for name in names}, "document": item.photo_id}, picks=picks)

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("disposed_on") and not given.get("disposal") and "disposal" in given:
            self.add_error("disposal", ValidationError("Dites ce qu’il est devenu.", code="needed"))
        if given.get("disposal") and not given.get("disposed_on") and "disposed_on" in given:
            self.add_error("disposed_on", ValidationError("Indiquez la date de sortie.", code="needed"))

    @property
    def facts(self) -> ItemFacts:
        names = ("label", "bought_on", "value", "place", "disposed_on", "disposal", "note")
        photo = None if self.cleaned_data["without"] else self.document_key
        return ItemFacts(**{name: self.cleaned_data[name] for name in names}, photo_id=photo)


class SubsidyForm(RegisterForm):
    """A line of the table of subsidies."""

    body = _line("Organisme", 120, "Dites qui a donné\u202f: «\u202fMairie\u202f» par exemple.")
    purpose = _line("Objet", 200, "Dites pour quoi\u202f: «\u202fProjet musée des CE1\u202f» par exemple.")
    amount = AmountField(label="Montant", zero=False)
    notified_on = DateField(label="Notifiée le", required=False)
    justify_before = DateField(label="À justifier pour le", required=False)
    justified_on = DateField(label="Justifiée le", required=False)
    document = PickerField(label="Notification", required=False)

    @classmethod
    def of(cls, subsidy: Subsidy | SubsidyFacts, picks: Sequence[Pick]) -> SubsidyForm:
        names = ("body", "purpose", "amount", "notified_on", "justify_before", "justified_on")
        told = {name: getattr(subsidy, name) for name in names}
        version = {"version": subsidy.version} if isinstance(subsidy, Subsidy) else {}
        return cls(initial={**told, **version, "document": subsidy.notification_id}, picks=picks)

    @property
    def facts(self) -> SubsidyFacts:
        names = ("body", "purpose", "amount", "notified_on", "justify_before", "justified_on")
        return SubsidyFacts(**{name: self.cleaned_data[name] for name in names}, notification_id=self.document_key)


class DeliberationForm(RegisterForm):
    """What was decided, by whom, and what it bears on."""

    date = DateField(label="Date")
    kind = forms.ChoiceField(label="Réunion", choices=Meeting.choices, error_messages={"required": "Choisissez la réunion."})
    people = _text("Qui était là")
    decisions = _text("Ce qui a été décidé", "Écrivez ce qui a été décidé.")
    document = PickerField(label="Procès-verbal", required=False)
    pieces = _line("Pièces concernées", 400, help_text="Les numéros de pièce des opérations, séparés par des virgules\u202f: D12, R03.")
    projects = _line("Projets concernés", 400, help_text="Leurs noms, séparés par des virgules.")

    def __init__(self, *args: Any, year: SchoolYear, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, **kwargs)
        self.fields["date"].year = year  # type: ignore[attr-defined]  # a DateField of ours

    @classmethod
    def of(cls, row: Deliberation, pieces: Sequence[str], picks: Sequence[Pick]) -> DeliberationForm:
        told = {name: getattr(row, name) for name in ("date", "kind", "people", "decisions", "version")}
        words = {"pieces": ", ".join(pieces), "projects": ", ".join(row.projects)}
        return cls(initial={**told, **words, "document": row.minutes_id}, picks=picks, year=row.book.year)

    @property
    def named_pieces(self) -> list[str]:
        return _names(self.cleaned_data.get("pieces", ""))

    def facts(self, operations: Sequence[int]) -> DeliberationFacts:
        given = self.cleaned_data
        texts = {"decisions": given["decisions"], "people": given["people"], "projects": tuple(_names(given["projects"]))}
        return DeliberationFacts(given["date"], Meeting(given["kind"]), **texts, minutes_id=self.document_key, operations=tuple(operations))


def _names(typed: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (name.strip() for name in re.split(r"[,;]", typed)))))


class Paid(NamedTuple):
    """A row of the form of spendings: an operation, and the field for what the subsidy paid of it."""

    charge: Charge
    field: BoundField


class SpendingsForm(forms.Form):
    """How much a subsidy paid of each operation in sight."""

    version = forms.IntegerField(widget=HiddenInput, error_messages=STALE)

    def __init__(self, data: QueryDict | None = None, *, charges: Sequence[Charge], version: int | None = None) -> None:
        initial: dict[str, Any] = {spending_name(charge.operation): charge.paid or None for charge in charges}
        super().__init__(data, initial={**initial, "version": version})
        self.charges = charges
        for charge in charges:
            self.fields[spending_name(charge.operation)] = AmountField(label=f"Payé par la subvention, {charge.label}", required=False)

    @property
    def rows(self) -> list[Paid]:
        return [Paid(charge, self[spending_name(charge.operation)]) for charge in self.charges]

    @property
    def spendings(self) -> dict[int, Cents]:
        """What was typed of the rows that were sent; an operation out of sight says nothing."""
        sent = [charge.operation for charge in self.charges if spending_name(charge.operation) in self.data]
        return {operation: self.cleaned_data.get(spending_name(operation)) or 0 for operation in sent}


def sent_keys(data: QueryDict) -> list[int]:
    """Return the operations of which a form of spendings speaks."""
    found = (re.fullmatch(r"montant-(\d{1,18})", name, re.ASCII) for name in data)
    return [int(match[1]) for match in found if match]
