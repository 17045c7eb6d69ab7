"""What an AD asks for adhésions: the rule of insurance, extra lines, the account and the ways to pay, its own accounts; the engagement."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict

from retkoop.books.split import picks
from retkoop.domain.chart import Chart, Nature
from retkoop.domain.creditor_identifier import compact_identifier, is_creditor_identifier
from retkoop.domain.fees import BASIS_LABELS, FEE_ACCOUNT, Basis, InsuranceRule
from retkoop.domain.receipt_journal import RECEIPT_ACCOUNTS
from retkoop.memberships.ibans import InvalidIban, read_iban, written_iban
from retkoop.memberships.models import PaymentWay
from retkoop.ui.forms import STALE, AmountField, HiddenInput, LineInput, PickerField
from retkoop.ui.texts import refuse_unreadable

PREFIX: Final = "extras"
MOST_EXTRAS: Final = 12
SHARED: Final = ("insurance_rule", "payment_ways", "book_on_validation", "extra_fees")
OWN: Final = ("creditor", "receipt_accounts")
"""What the federation sets for all too, and what each AD tells of itself alone."""
INSURANCE_LABELS: Final = {
    InsuranceRule.PROPOSED.value: "Proposée",
    InsuranceRule.COMPULSORY.value: "Toujours comprise",
    InsuranceRule.NONE.value: "Pas d’assurance",
}


def _line(label: str, most: int, words: str = "", **attrs: str) -> forms.CharField:
    widget = LineInput(attrs={"autocomplete": "off", **attrs})
    said = {"max_length": f"{most} caractères au plus."}
    return forms.CharField(
        label=label, max_length=most, required=False, help_text=words, widget=widget, validators=[refuse_unreadable], error_messages=said
    )


class PricingForm(forms.Form):
    """All that is asked in a year; `seen` carries what was shown, so that nobody writes over another unknowingly."""

    seen = forms.JSONField(widget=HiddenInput, error_messages=STALE)
    insurance_rule = forms.ChoiceField(
        label="Assurance de la coopérative",
        choices=list(INSURANCE_LABELS.items()),
        widget=forms.RadioSelect,
        help_text="Proposée\u202f: la case est déjà cochée, la coopérative peut la décocher.",
        error_messages={"required": "Choisissez une des réponses.", "invalid_choice": "Choisissez une des réponses."},
    )
    payment_ways = forms.MultipleChoiceField(
        label="Comment vos coopératives paient",
        choices=PaymentWay.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un moyen de paiement.", "invalid_choice": "Rechargez la page."},
    )
    book_on_validation = forms.BooleanField(
        label="Noter le paiement dans le cahier de la coopérative quand vous validez",
        required=False,
        help_text="Sinon, il lui est proposé quand la ligne de sa banque arrive. Jamais deux fois, dans les deux cas.",
    )
    name = _line("Titulaire du compte", 70, "Vide, c’est «\u00a0OCCE\u00a0» et le numéro du département.")
    iban = _line("IBAN", 42, "Celui du compte qui reçoit les adhésions. Le BIC s’en déduit.")
    bic = _line("BIC", 11, "Seulement si l’IBAN ne suffit pas à le trouver.")
    ics = _line(
        "Identifiant créancier (ICS)",
        40,
        "Pour prélever. Votre banque vous l’a donné\u202f: FR, deux chiffres, trois lettres, six chiffres.",
    )
    order = _line("Ordre des chèques", 70, "Vide, c’est le titulaire du compte.")
    address = forms.CharField(
        label="Où envoyer les chèques",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
        error_messages={"max_length": "300 caractères au plus."},
    )

    def __init__(self, data: QueryDict | None = None, *, values: Mapping[str, Any], chart: Chart, own: bool, moved: bool = False) -> None:
        creditor = values["creditor"]
        shown = {**values, **creditor, "iban": written_iban(creditor.get("iban", ""))}
        super().__init__(None if moved else data, initial={**shown, "seen": {name: values[name] for name in values_asked(own=own)}})
        self.own = own
        for key, (usual, label) in RECEIPT_ACCOUNTS.items():
            self.fields[f"account-{key}"] = _line(label, 20, placeholder=usual, inputmode="numeric")
            self.initial[f"account-{key}"] = values["receipt_accounts"].get(key, "")
        if not own:
            for name in ("name", "iban", "bic", "ics", "order", "address", *(f"account-{key}" for key in RECEIPT_ACCOUNTS)):
                del self.fields[name]
        if moved and data is not None:
            self.initial.update({name: data.getlist(name) if name == "payment_ways" else data.get(name) for name in self.fields})
        self.rows = ExtraRows(data, values["extra_fees"], chart, moved=moved)

    @property
    def account_fields(self) -> list[forms.BoundField]:
        return [self[f"account-{key}"] for key in RECEIPT_ACCOUNTS]

    def clean_iban(self) -> str:
        typed = str(self.cleaned_data["iban"])
        if not typed.strip():
            return ""
        try:
            return read_iban(typed).iban
        except InvalidIban as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_ics(self) -> str:
        compact = compact_identifier(self.cleaned_data["ics"])
        if compact and not is_creditor_identifier(compact):
            said = "Cet identifiant n’est pas juste\u202f: sa clé ne correspond pas. Recopiez-le depuis le contrat de prélèvement."
            raise forms.ValidationError(said)
        return compact

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        debits = self.own and PaymentWay.DEBIT.value in given.get("payment_ways", ())
        if debits and given.get("iban") and not given.get("ics") and "ics" not in self.errors:
            self.add_error("ics", "Pour prélever, il faut cet identifiant. Sinon, décochez le prélèvement.")
        if debits and self.initial["iban"] and not given.get("iban") and "iban" not in self.errors:
            self.add_error("iban", "Pour prélever, il faut cet IBAN. Sinon, décochez le prélèvement.")
        for key in RECEIPT_ACCOUNTS if self.own else ():
            code = given.get(f"account-{key}", "")
            if code and not (code.isascii() and code.isalnum()):
                self.add_error(f"account-{key}", "Un numéro de compte n’a que des chiffres et des lettres.")
        return given

    def is_valid(self) -> bool:
        rows_valid = self.rows.is_valid()
        return super().is_valid() and rows_valid

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as settings keep it."""
        given = self.cleaned_data
        told: dict[str, Any] = {name: given[name] for name in SHARED[:3]}
        told["extra_fees"] = self.rows.kept
        if self.own:
            told["creditor"] = self._creditor()
            told["receipt_accounts"] = {key: code for key in RECEIPT_ACCOUNTS if (code := given[f"account-{key}"])}
        return told

    def _creditor(self) -> dict[str, str]:
        given = self.cleaned_data
        told = {name: given[name].strip() for name in ("name", "iban", "ics", "order", "address")}
        derived = read_iban(told["iban"]).bic if told["iban"] else ""
        told["bic"] = derived or given["bic"].replace(" ", "").upper()
        return {name: value for name, value in told.items() if value}


def values_asked(*, own: bool) -> tuple[str, ...]:
    """Return the names of the settings of this form; `own`: of an AD."""
    return SHARED + OWN if own else SHARED


class ExtraForm(forms.Form):
    """A line that an AD adds; `key` stays when its words change. A row without a label is none."""

    key = forms.CharField(required=False, max_length=20, widget=HiddenInput)
    label = _line("Intitulé", 80)
    basis = forms.ChoiceField(
        label="Compté",
        choices=[(basis.value, label) for basis, label in BASIS_LABELS.items()],
        error_messages={"required": "Choisissez.", "invalid_choice": "Choisissez."},
    )
    price = AmountField(label="Prix", required=False)
    optional = forms.ChoiceField(label="Pour", required=False, choices=[("", "Toutes les coops"), ("on", "Celles qui la prennent")])

    @property
    def is_typed(self) -> bool:
        return bool(str(self.data.get(self.add_prefix("label"), "")).strip())

    def clean(self) -> None:
        given = self.cleaned_data
        if self.is_typed and given.get("basis") != Basis.FREE and not given.get("price") and "price" not in self.errors:
            self.add_error("price", "Indiquez un prix.")
        if (given.get("price") or 0) > 1_000_00:
            self.add_error("price", "1\u202f000,00\u202f€ au plus.")
        if self.is_typed and not given.get("account") and "account" not in self.errors:
            self.add_error("account", "Choisissez le compte.")

    @property
    def kept(self) -> dict[str, object]:
        given = self.cleaned_data
        free = given["basis"] == Basis.FREE
        return {
            "key": given["key"] or f"x{secrets.token_hex(3)}",
            "label": given["label"].strip(),
            "basis": given["basis"],
            "price": 0 if free else given["price"],
            "account": given["account"],
            "optional": given["optional"] == "on",
        }


class ExtraRows:
    """The extra lines as typed, or as they are kept; they come and go with or without script."""

    def __init__(self, data: QueryDict | None, kept: list[dict[str, Any]], chart: Chart, *, moved: bool = False) -> None:
        charges = [pick for pick in picks(chart, Nature.CHARGE) if pick.value.startswith("6")]
        account = PickerField(label="Compte", required=False, picks=charges)
        self._form = type("AccountedExtraForm", (ExtraForm,), {"account": account})
        if data is None or moved:
            shown = [{**row, "optional": "on" if row["optional"] else ""} for row in kept] if data is None else _typed_rows(data)
            self.rows = [self._form(prefix=f"{PREFIX}-{number}", initial=row) for number, row in enumerate(shown)]
        else:
            self.rows = [self._form(data, prefix=f"{PREFIX}-{number}") for number in range(_count(data))]
        self.blank = self._form(prefix=f"{PREFIX}-__prefix__", initial={"account": FEE_ACCOUNT})

    def is_valid(self) -> bool:
        valid = [row.is_valid() or not row.is_typed for row in self.rows]  # each of them, so that each tells what is wrong
        return all(valid)

    @property
    def kept(self) -> list[dict[str, object]]:
        return [row.kept for row in self.rows if row.is_typed]


def _count(data: QueryDict) -> int:
    typed = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    return min(int(typed), MOST_EXTRAS) if typed and typed.isascii() and typed.isdigit() and len(typed) < 4 else 0


def _typed_rows(data: QueryDict) -> list[dict[str, Any]]:
    columns = ("key", "label", "basis", "price", "account", "optional")
    rows: list[dict[str, Any]] = [{name: data.get(f"{PREFIX}-{number}-{name}", "") for name in columns} for number in range(_count(data))]
    if "add" in data:
        rows.append({"account": FEE_ACCOUNT})
    removed = data.get("remove", "")
    return [row for number, row in enumerate(rows) if str(number) != removed]


class VersionForm(forms.Form):
    """The version of a draft that was read."""

    version = forms.IntegerField(widget=HiddenInput, error_messages=STALE)


class EngagementForm(VersionForm):
    """The text of a draft."""

    text = forms.CharField(
        label="Texte de l’engagement",
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "true"}),
        validators=[refuse_unreadable],
        help_text="Une ligne qui commence par ## est un titre\u202f; par un numéro et un point, un article.",
        error_messages={"required": "Écrivez d’abord le texte de l’engagement.", "max_length": "30\u202f000 caractères au plus."},
    )
