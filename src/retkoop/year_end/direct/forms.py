"""What people type of a year that was kept elsewhere, step by step."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from retkoop.banking.forms import CountForm
from retkoop.books.models import Book
from retkoop.books.opening_forms import CarriedItemForm
from retkoop.domain.chart import Account, Chart, Nature
from retkoop.domain.direct import YearTotals
from retkoop.domain.entry import Moves, Part
from retkoop.domain.money import Cents
from retkoop.domain.reports.subsidies import SUBSIDY_ACCOUNTS
from retkoop.ui.forms import AmountField, DateField
from retkoop.year_end.direct.facts import Grant
from retkoop.year_end.direct.queries import GrantLine


def is_subsidy(code: str) -> bool:
    """Tell whether an account is filled by the subsidies, one by one."""
    return code.startswith(SUBSIDY_ACCOUNTS)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account on the form, with its field."""

    account: Account
    field: BoundField


class StepForm(forms.Form):
    """A step; `version` is that of what the form was made from, none for a first time."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    @property
    def given_submission(self) -> uuid.UUID:
        return self.cleaned_data["submission"] or uuid.uuid4()


class TotalsForm(StepForm):
    """The total of each account, and what bank and cash held on the last day, as the coop's own books say."""

    def __init__(self, *args: Any, chart: Chart, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, **kwargs)
        self.accounts = [account for account in chart.mains if not is_subsidy(account.code)]
        for account in self.accounts:
            self.fields[_name(account.code)] = AmountField(label=f"{account.alias} · {account.label}", required=False, signed=True)
        self.fields["bank"] = AmountField(label="En banque", signed=True, error_messages={"required": _missing("à la banque")})
        self.fields["cash"] = AmountField(label="En caisse", error_messages={"required": _missing("en caisse")})

    @classmethod
    def of(cls, totals: YearTotals | None, version: int | None, chart: Chart) -> TotalsForm:
        """Return the form with what is noted."""
        if totals is None:
            return cls(chart=chart)
        amounts = {_name(part.account): part.amount for part in totals.parts}
        return cls(chart=chart, initial={**amounts, "bank": totals.closing.bank, "cash": totals.closing.cash, "version": version})

    @property
    def charges(self) -> list[AccountRow]:
        return self._rows(Nature.CHARGE)

    @property
    def produits(self) -> list[AccountRow]:
        return self._rows(Nature.PRODUIT)

    @property
    def totals(self) -> YearTotals:
        """What was typed; what cannot be read counts for nothing."""
        typed = self._typed
        parts = tuple(Part(account.code, typed.get(_name(account.code)) or 0) for account in self.accounts)
        return YearTotals(Moves(typed.get("bank") or 0, typed.get("cash") or 0), tuple(part for part in parts if part.amount))

    @property
    def tells_the_end(self) -> bool:
        """Whether what bank and cash held is typed: until then nothing can be compared."""
        return self._typed.get("bank") is not None and self._typed.get("cash") is not None

    @property
    def _typed(self) -> Mapping[str, Cents | None]:
        self.is_valid()  # reads the fields, each by itself
        return self.cleaned_data if self.is_bound else self.initial

    def _rows(self, nature: Nature) -> list[AccountRow]:
        return [AccountRow(account, self[_name(account.code)]) for account in self.accounts if account.nature is nature]


def _name(code: str) -> str:
    return f"c{code}"


def _missing(where: str) -> str:
    return f"Indiquez ce qu’il y avait {where} le 31 août, ou 0 s’il n’y avait rien."


class UnpointedForm(CarriedItemForm):
    """A bank move of the year, or of one before, that the statement of the end does not show."""

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, book=book, auto_id="id_unpointed_%s", **kwargs)  # the statement above has a date, too
        self.fields["date"] = DateField(label="Date", year=book.year)

    @property
    def facts(self) -> dict[str, object]:
        given = self.cleaned_data
        return {**{name: given[name] for name in ("date", "label", "cheque", "piece")}, "bank": self.bank}


class EndCountForm(CountForm):
    """The count of the cash on the last day of the year: nobody types which day that is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, **kwargs)
        del self.fields["day"]


class GrantForm(StepForm):
    """A subsidy: from whom, what for, how much, when; what was spent of it."""

    body = forms.CharField(
        label="Organisme", max_length=120, error_messages={"required": "Dites qui a donné\u202f: «\u00a0Mairie\u00a0» par exemple."}
    )
    purpose = forms.CharField(
        label="Objet",
        max_length=180,
        error_messages={"required": "Dites pour quoi\u202f: «\u00a0Projet musée des CE1\u00a0» par exemple."},
    )
    amount = AmountField(label="Montant reçu", zero=False)
    spent = AmountField(label="Déjà dépensé", required=False)

    def __init__(self, *args: Any, book: Book, chart: Chart, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        super().__init__(*args, **kwargs)
        accounts = [(one.code, f"{one.alias} · {one.label}") for one in chart.mains if is_subsidy(one.code)]
        said = {"required": "Choisissez un compte.", "invalid_choice": "Choisissez un compte."}
        self.fields["account"] = forms.ChoiceField(label="Compte", choices=accounts, error_messages=said)
        self.fields["day"] = DateField(label="Reçue le", year=book.year)

    @classmethod
    def of(cls, line: GrantLine, book: Book, chart: Chart) -> GrantForm:
        row = line.row
        told = {"body": row.tiers, "purpose": line.line.purpose if line.line else row.label, "amount": row.bank, "spent": line.spent}
        return cls(book=book, chart=chart, initial={**told, "account": row.accounts, "day": row.date, "version": row.version})

    @property
    def grant(self) -> Grant:
        names = ("body", "purpose", "amount", "day", "account")
        return Grant(**{name: self.cleaned_data[name] for name in names}, spent=self.cleaned_data["spent"] or 0)
