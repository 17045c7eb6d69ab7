"""What the component page shows: one field of each sort, figures of a made-up coop."""

from __future__ import annotations

from datetime import date
from typing import Final

from django import forms

from retkoop.domain.chart import national_chart
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.charts import BarChart, LineChart, Series, bar_chart, line_chart
from retkoop.ui.forms import AmountField, DateField, Pick, PickerField

YEAR: Final = SchoolYear(2025)
TODAY: Final = date(2025, 11, 14)
_KINDS = (("expense", "Dépense"), ("receipt", "Recette"), ("transfer", "Banque ↔ caisse"), ("regie", "Régie"))
_PICKS = tuple(Pick(account.code, account.label, account.alias, ", ".join(account.examples)) for account in national_chart().accounts)


class SampleForm(forms.Form):
    kind = forms.ChoiceField(label="Nature", choices=_KINDS, widget=forms.RadioSelect)
    day = DateField(label="Date", year=YEAR)
    piece = forms.CharField(label="Pièce", required=False, max_length=12)
    label = forms.CharField(label="Libellé", error_messages={"required": "Dites en quelques mots de quoi il s’agit."})
    account = PickerField(label="Compte", picks=_PICKS)
    amount = AmountField(label="Montant")
    project = forms.ChoiceField(label="Projet", required=False, choices=(("", "Aucun"), ("musee", "Sortie au musée")))
    note = forms.CharField(label="Remarque", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    rule = forms.BooleanField(label="La facture est au nom de la coopérative", required=False)


def fresh_form() -> SampleForm:
    return SampleForm(
        initial={
            "kind": "expense",
            "day": TODAY,
            "piece": "D12",
            "label": "Entrées au musée, CE1-CE2",
            "account": "61800008",
            "amount": 184_50,
        }
    )


def wrong_form() -> SampleForm:
    """Return a form as it comes back: each field wrong, what was typed kept."""
    return SampleForm({"wrong-kind": "expense", "wrong-day": "31/02", "wrong-amount": "12,505", "wrong-rule": "on"}, prefix="wrong")


def part_forms() -> list[SampleForm]:
    parts = (("61800008", 120_00), ("60700008", 64_50))
    return [SampleForm(prefix=f"parts-{number}", initial={"account": code, "amount": cents}) for number, (code, cents) in enumerate(parts)]


def blank_part() -> SampleForm:
    return SampleForm(prefix="parts-__prefix__")


def sample_line() -> LineChart:
    bank = (
        (9, 1, 1_412_30),
        (10, 8, 2_035_50),
        (11, 7, 1_851_00),
        (11, 12, 3_171_00),
        (12, 9, 2_404_80),
        (2, 6, 2_690_00),
        (3, 17, 1_540_65),
        (4, 2, 1_880_65),
    )
    cash = ((9, 1, 62_40), (10, 15, 348_90), (11, 8, 20_74), (3, 28, 412_00))
    series = [
        Series(name, tuple((date(2025 + (month < 9), month, day), cents) for month, day, cents in points))
        for name, points in (("Banque", bank), ("Caisse", cash))
    ]
    return line_chart("La banque et la caisse, au fil de l’année", YEAR, series, until=date(2026, 4, 15))


def sample_bars() -> BarChart:
    figures = (("Activités éducatives", 1_840_20), ("Achats pour cession", 902_50), ("Cotisations", 312_80), ("Assurances", 38_25))
    return bar_chart("Les plus grosses dépenses", figures)
