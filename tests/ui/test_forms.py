from __future__ import annotations

from datetime import date

import pytest
from django import forms

from retkoop.domain.school_year import SchoolYear
from retkoop.ui.forms import AmountField, DateField, Pick, PickerField, PickerSelect, control

PICKS = (
    Pick("61800008", "Activités éducatives", "618", "sorties, musée", "Dépenses"),
    Pick("70700008", "Ventes", "707", "photos", "Recettes"),
)


class OneForm(forms.Form):
    amount = AmountField(required=False)
    day = DateField(required=False, year=SchoolYear(2025))
    account = PickerField(required=False, picks=PICKS)


class StrictForm(forms.Form):
    amount = AmountField(zero=False)
    refund = AmountField(signed=True)
    day = DateField()
    account = PickerField(picks=PICKS)


def test_values_are_read() -> None:
    form = OneForm({"amount": "1 234,5 €", "day": "14/11", "account": "70700008"})
    assert form.errors == {}
    assert form.cleaned_data == {"amount": 1_234_50, "day": date(2025, 11, 14), "account": "70700008"}


def test_nothing_is_nothing_where_it_may_be() -> None:
    form = OneForm({"amount": " ", "day": "", "account": ""})
    assert form.errors == {}
    assert form.cleaned_data == {"amount": None, "day": None, "account": ""}


def test_a_refund_may_be_negative() -> None:
    assert AmountField(signed=True).clean("−12,50") == -12_50


def test_what_is_missing_is_asked_for() -> None:
    assert StrictForm({}).errors == {
        "amount": ["Indiquez un montant, par exemple 12,50."],
        "refund": ["Indiquez un montant, par exemple 12,50."],
        "day": ["Indiquez une date, par exemple 14/11/2025."],
        "account": ["Choisissez dans la liste."],
    }


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("amount", "12,505", "Un montant a deux décimales au plus, par exemple 12,50."),
        ("amount", "-3", "Indiquez un montant sans signe moins."),
        ("amount", "0,00", "Indiquez un montant différent de zéro."),
        ("day", "31/02/2026", "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."),
        ("account", "999", "« 999 » n’est pas dans la liste."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(name: str, typed: str, message: str) -> None:
    form = StrictForm({name: typed})
    assert form.errors[name] == [message]
    assert form[name].value() == typed


def test_what_is_known_is_written_as_people_type_it() -> None:
    form = OneForm(initial={"amount": 1_234_50, "day": date(2025, 11, 4)})
    assert (form["amount"].value(), form["day"].value()) == ("1234,50", "04/11/2025")


def test_options_carry_what_the_picker_searches() -> None:
    assert str(OneForm(initial={"account": "70700008"})["account"]) == (
        '<select name="account" id="id_account"><option value=""></option>'
        '<optgroup label="Dépenses"><option value="61800008" data-key="618" data-words="sorties, musée">'
        "618 · Activités éducatives</option></optgroup>"
        '<optgroup label="Recettes"><option value="70700008" selected data-key="707" data-words="photos">'
        "707 · Ventes</option></optgroup></select>"
    )


def test_words_that_lead_to_no_pick_are_refused_and_kept() -> None:
    form = OneForm({"account": "", "account_typed": " xyzzy<b> "})
    assert form.errors["account"] == ["« xyzzy<b> » n’est pas dans la liste."]
    assert ' data-typed="xyzzy&lt;b&gt;" ' in str(form["account"])
    assert OneForm({"account": "70700008", "account_typed": "707 · Ventes"})["account"].value() == "70700008"
    assert OneForm({"account_typed": " "})["account"].value() == ""


def test_options_are_escaped() -> None:
    widget = PickerSelect()
    widget.picks = (Pick('"<b>', "Fête & <b>loto</b>"),)
    assert widget.render("x", '"<b>') == (
        '<select name="x"><option value=""></option>'
        '<option value="&quot;&lt;b&gt;" selected data-key="" data-words="">Fête &amp; &lt;b&gt;loto&lt;/b&gt;</option></select>'
    )


def test_picks_can_be_given_to_one_form_alone() -> None:
    form = OneForm()
    field = form.fields["account"]
    assert isinstance(field, PickerField)
    field.picks = (Pick("x", "Autre"),)
    assert [list(form.fields["account"].choices), OneForm().fields["account"].picks] == [[("", ""), ("x", "Autre")], PICKS]  # type: ignore[attr-defined]  # the fields of OneForm


def test_a_control_takes_attributes_from_the_template() -> None:
    written = control(OneForm()["amount"], {"hx_post": "/live", "class": "big", "disabled": False}, "En tout.")
    assert written == (
        '<input type="text" name="amount" inputmode="decimal" autocomplete="off" class="number big" '
        'aria-describedby="id_amount_helptext id_amount_said" hx-post="/live" id="id_amount">'
    )
