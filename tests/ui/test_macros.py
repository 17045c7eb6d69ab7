"""What the macros write, in the states that matter to a screen reader. Icons are left out: they say nothing."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines

from retkoop.ui.forms import AmountField, Pick, PickerField
from retkoop.ui.words import explanation


class OperationForm(forms.Form):
    label = forms.CharField(label="Libellé", help_text="En quelques mots.", error_messages={"required": "Dites de quoi il s’agit."})
    amount = AmountField(label="Montant", required=False)
    kind = forms.ChoiceField(label="Nature", choices=[("e", "Dépense"), ("r", "Recette")], widget=forms.RadioSelect)
    account = PickerField(label="Compte", picks=[Pick("618", "Sorties")])
    ours = forms.BooleanField(label="À notre nom", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> None:
        if self.data.get("label") == "refusé":
            raise forms.ValidationError("La pièce D12 existe déjà.")


def render(file: str, call: str, **context: object) -> str:
    name = call.replace("{% call ", "").replace("{{ ", "").split("(")[0]
    page = engines["jinja2"].from_string(f'{{% from "ui/macros/{file}.html" import {name} %}}{call}').render(context)
    return re.sub(r"\s*\n\s*", "", re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))


def test_a_field_ties_its_label_its_help_and_its_live_remark() -> None:
    assert render("forms", "{{ field(form.label, size='half', hx_post='/live') }}", form=OperationForm(initial={"label": "Musée"})) == (
        '<div class="field field--half"><label for="id_label">Libellé</label>'
        '<input type="text" name="label" value="Musée" aria-describedby="id_label_helptext id_label_said" hx-post="/live" '
        'required id="id_label">'
        '<p class="help" id="id_label_helptext">En quelques mots.</p><p class="said" id="id_label_said"></p></div>'
    )


def test_a_wrong_field_says_so_and_keeps_what_was_typed() -> None:
    form = OperationForm({"amount": "12,505"})
    assert render("forms", "{{ field(form.amount, suffix='€') }}", form=form) == (
        '<div class="field field--wrong"><label for="id_amount">Montant <span class="optional">(facultatif)</span></label>'
        '<span class="affixed">'
        '<input type="text" name="amount" value="12,505" inputmode="decimal" autocomplete="off" class="number" '
        'aria-describedby="id_amount_error id_amount_said" aria-invalid="true" id="id_amount">'
        '<span class="affix" aria-hidden="true">€</span></span>'
        '<p class="error" id="id_amount_error"> Un montant a deux décimales au plus, par exemple 12,50.</p>'
        '<p class="said" id="id_amount_said"></p></div>'
    )


def test_a_live_remark_is_no_error() -> None:
    assert render("forms", "{{ field(form.ours, said='Vérifiez le nom.', hide_label=True) }}", form=OperationForm()) == (
        '<div class="field field--said field--check"><label class="check" for="id_ours">'
        '<input type="checkbox" name="ours" aria-describedby="id_ours_said" id="id_ours"> À notre nom</label>'
        '<p class="said" id="id_ours_said">Vérifiez le nom.</p></div>'
    )


def test_a_hidden_label_is_still_read_out() -> None:
    assert '<label for="id_account" class="visually-hidden">Compte</label><account-picker><select name="account"' in render(
        "forms", "{{ picker(form.account, hide_label=True) }}", form=OperationForm()
    )


def test_a_choice_is_a_group_with_a_name() -> None:
    assert render("forms", "{{ choice(form.kind, hide_label=True, hx_get='/x') }}", form=OperationForm(initial={"kind": "r"})) == (
        '<fieldset class="choice-field" id="id_kind" aria-describedby="id_kind_said">'
        '<legend class="visually-hidden">Nature</legend><div class="choice">'
        '<label><input type="radio" id="id_kind_0" name="kind" value="e" required hx-get="/x"><span>Dépense</span></label>'
        '<label><input type="radio" id="id_kind_1" name="kind" value="r" checked required hx-get="/x"><span>Recette</span></label>'
        '</div><p class="said" id="id_kind_said"></p></fieldset>'
    )


def test_the_summary_leads_to_each_wrong_field() -> None:
    form = OperationForm({"kind": "e", "account": "618", "version": "1"})
    assert render("forms", "{{ error_summary(form) }}", form=form) == (
        '<div class="notice notice--bad" role="alert"><div><p class="notice-title">Il y a une chose à corriger</p><ul class="notice-list">'
        '<li><a href="#id_label">Libellé&nbsp;: Dites de quoi il s’agit.</a></li></ul></div></div>'
    )


def test_the_summary_counts_several_forms_and_what_concerns_no_field() -> None:
    first, second = (
        OperationForm({"label": "refusé", "kind": "e", "account": "618", "version": "1"}),
        OperationForm({"b-version": "x"}, prefix="b"),
    )
    written = render("forms", "{{ error_summary(form, other) }}", form=first, other=second)
    assert ("Il y a 5 choses à corriger" in written, "<li>La pièce D12 existe déjà.</li>" in written) == (True, True)
    assert re.findall('href="#([^"]+)"', written) == ["id_b-label", "id_b-kind", "id_b-account"]


def test_the_summary_is_silent_when_all_is_well() -> None:
    assert render("forms", "{{ error_summary(form) }}", form=OperationForm()) == ""


def test_hidden_fields_are_written_bare() -> None:
    assert render("forms", "{{ hidden_fields(form) }}", form=OperationForm(initial={"version": 3})) == (
        '<input type="hidden" name="version" value="3" id="id_version">'
    )


def transcripts() -> list[tuple[str, str, str]]:
    """Read the calls and what they write from the file beside this one."""
    text = (Path(__file__).parent / "small_components.txt").read_text(encoding="utf-8")
    blocks = [block.splitlines() for block in text.split("\n\n")[1:]]
    calls = [(*call.partition(": "), "".join(line.strip() for line in lines)) for call, *lines in blocks]
    return [(file, call, written) for file, _, call, written in calls]


@pytest.mark.parametrize(("file", "call", "written"), transcripts())
def test_small_components(file: str, call: str, written: str) -> None:
    assert render(file, call) == written


def test_a_word_of_the_trade_opens_its_explanation_without_script() -> None:
    assert render("words", "{{ term('pointer', 'pointées') }}") == (
        '<span class="term">pointées<button class="term-button" type="button" popovertarget="mot-pointer" '
        'aria-label="Que veut dire «&nbsp;pointer&nbsp;»&nbsp;?"></button><span class="term-card" id="mot-pointer" popover>'
        f"<b>Pointer</b><span>{explanation('pointer')}</span></span></span>"
    )


def test_a_card_to_confirm_opens_without_script() -> None:
    written = render("actions", "{% call confirm_button('Supprimer', id='s', title='Supprimer D12 ?') %}<p>x</p>{% endcall %}")
    assert (
        'popovertarget="s"><span>Supprimer</span></button><div class="dialog" id="s" popover role="dialog" aria-labelledby="s-title">'
        in written
    )
    assert "Ne rien changer" in written


def test_pages_keep_the_other_parameters() -> None:
    written = render("tables", "{{ pagination(page, 'q=a') }}", page=Paginator(range(300), 50).page(3)).replace("&amp;", "&")
    assert re.findall('href="([^"]+)"', written) == ["?q=a&page=2", *(f"?q=a&page={n}" for n in (1, 2, 3, 4, 5, 6)), "?q=a&page=4"]
    assert re.findall("<a [^>]*aria-current[^>]*>", written) == ['<a href="?q=a&page=3" aria-current="page" aria-label="Page 3">']


def test_a_single_page_has_no_pages() -> None:
    assert render("tables", "{{ pagination(page) }}", page=Paginator(range(3), 50).page(1)) == ""


def test_dates_of_the_page_are_short() -> None:
    assert render("tables", "{{ th(day|short_date) }}", day=date(2025, 11, 12)) == '<th scope="col">12/11</th>'
