from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from hypothesis import given

from retkoop.books.desk import Drawn
from retkoop.books.forms import OperationForm, form_redrawn, form_showing
from retkoop.books.intentions import AVANCE, BY_KEY, DEPENSE, DEPOT, FREE, INTENTIONS, JUSTIFICATIFS, RECETTE, Intention
from retkoop.domain.entry import Moves, Operation, Part
from tests.domain.strategies import CHART, YEAR, operations

MUSEE = {"date": "14/11", "piece": "D12", "label": "Entrées au musée", "means": "bank", "amount": "184,50", "parts-0-account": "61800008"}


def sent(intention: Intention = DEPENSE, /, **typed: str) -> OperationForm:
    data = {**MUSEE, "parts-TOTAL_FORMS": "1", **typed}
    return OperationForm(intention, year=YEAR, chart=CHART, data=data)


def errors(form: OperationForm) -> dict[str, list[str]]:
    form.is_valid()
    return {name: [str(message).replace("\u202f", " ") for message in said] for name, said in form.errors.items()}


def test_a_form_makes_the_operation_that_it_says() -> None:
    form = sent(tiers=" Musée de l’Essonne ", project="Musée", classe="CP")
    assert form.is_valid()
    assert form.operation == Operation(
        key=0,
        piece="D12",
        date=date(2025, 11, 14),
        label="Entrées au musée",
        moves=Moves(bank=-184_50),
        parts=(Part("61800008", 184_50),),
        tiers="Musée de l’Essonne",
        project="Musée",
        classe="CP",
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"date": ""}, {"date": ["Indiquez une date, par exemple 14/11/2025."]}),
        ({"date": "31/11"}, {"date": ["Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."]}),
        ({"date": "hier"}, {"date": ["Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."]}),
        ({"label": " "}, {"label": ["Indiquez un libellé : en quelques mots, ce que c’était."]}),
        ({"label": "x" * 201}, {"label": ["200 caractères au plus."]}),
        ({"piece": "x" * 31}, {"piece": ["30 caractères au plus."]}),
        ({"piece": "RAN"}, {"piece": ["« RAN » est la pièce du report à nouveau : choisissez un autre numéro."]}),
        ({"piece": " ran "}, {"piece": ["« ran » est la pièce du report à nouveau : choisissez un autre numéro."]}),
        ({"tiers": "ﷺ" * 120}, {"tiers": ["Ce nom est trop long, une fois écrit en lettres simples."]}),
        ({"label": "Don\u202e"}, {"label": ["Ce texte contient des caractères invisibles : tapez-le plutôt que de le coller."]}),
        ({"date": "01/01/9999"}, {"date": ["Cette année n’est pas plausible. Vérifiez-la."]}),
        ({"means": ""}, {"means": ["Choisissez un moyen."]}),
        ({"means": "troc"}, {"means": ["Choisissez un moyen de la liste."]}),
        ({"amount": ""}, {"amount": ["Indiquez un montant, par exemple 12,50."]}),
        ({"amount": "0"}, {"amount": ["Indiquez un montant différent de zéro."]}),
        ({"amount": "douze"}, {"amount": ["Ce montant n’est pas un nombre. Écrivez par exemple 12,50."]}),
        ({"submission": "x"}, {"submission": ["Rechargez la page : ce formulaire n’est plus lisible."]}),
    ],
)
def test_what_is_no_operation_is_refused_beside_its_field(typed: dict[str, str], said: dict[str, list[str]]) -> None:
    assert errors(sent(**typed)) == said


def test_a_negative_amount_is_an_avoir_where_something_was_bought_or_sold() -> None:
    form = sent(amount="-25")
    assert form.is_valid()
    assert (form.operation.moves, form.operation.parts) == (Moves(bank=25_00), (Part("61800008", -25_00),))
    assert errors(sent(DEPOT, amount="-25")) == {"amount": ["Indiquez un montant sans signe moins."]}


def test_a_day_alone_falls_in_the_month_that_the_form_showed() -> None:
    form = sent(date="5", near="27/02/2026")
    assert form.is_valid()
    assert form.operation.date == date(2026, 2, 5)
    assert list(errors(sent(date="5", near="hier"))) == ["date"]


def test_justificatifs_bear_no_cheque() -> None:
    form = sent(JUSTIFICATIFS, cheque="2000104")
    assert form.is_valid()
    assert form.operation.cheque == ""


def test_a_date_outside_the_year_is_taken() -> None:
    form = sent(date="14/11/2024")
    assert form.is_valid()
    assert form.operation.date == date(2024, 11, 14)


def test_a_cheque_goes_with_what_is_paid_by_cheque() -> None:
    by_means = {means: sent(means=means, cheque="2000104") for means in ("cheque", "bank", "cash")}
    assert [form.is_valid() for form in by_means.values()] == [True] * 3
    assert {means: form.operation.cheque for means, form in by_means.items()} == {"cheque": "2000104", "bank": "", "cash": ""}
    received = sent(RECETTE, cheque="0104", **{"parts-0-account": "70800008"})
    assert received.is_valid()
    assert received.operation.cheque == "0104"


def test_an_error_of_the_split_stops_the_form() -> None:
    form = sent(**{"parts-TOTAL_FORMS": "2", "parts-1-account": "61681008"})
    assert not form.is_valid()
    assert errors(form) == {}


def test_a_free_operation_moves_something() -> None:
    assert errors(sent(FREE)) == {"bank": ["Indiquez ce qui a bougé : la banque, la caisse ou une régie."]}
    form = sent(FREE, bank="-60", cash="-40")
    assert form.is_valid()
    assert (form.operation.moves, form.operation.parts) == (Moves(bank=-60_00, cash=-40_00), (Part("61800008", 100_00),))


@pytest.mark.parametrize(
    ("intention", "fields"),
    [
        (DEPENSE, {"means", "amount"}),
        (DEPOT, {"amount"}),
        (AVANCE, {"means", "amount"}),
        (FREE, {"bank", "cash", "regie"}),
    ],
)
def test_a_form_asks_what_its_intention_needs(intention: Intention, fields: set[str]) -> None:
    always = {"date", "piece", "label", "tiers", "cheque", "project", "classe", "submission", "version", "near"}
    form = OperationForm(intention, year=YEAR, chart=CHART)
    assert (set(form.fields), form.split is None) == (always | fields, intention in (DEPOT, AVANCE))


def test_a_draft_needs_a_day_and_an_amount_alone() -> None:
    assert sent(label="", date="").draft() is None
    assert sent(label="", amount="x").draft() is None
    draft = sent(label="", means="").draft()
    assert draft is not None
    assert (draft.label, draft.moves) == ("", Moves(bank=-184_50))


def test_another_intention_keeps_what_is_typed_and_says_nothing_of_it() -> None:
    form = form_redrawn(RECETTE, {"amount": "12,5x", "label": "", "nature": "depense"}, year=YEAR, chart=CHART)
    assert (form["amount"].value(), form.errors) == ("12,5x", {})


def as_a_browser_sends_it(form: OperationForm) -> dict[str, str]:
    """Return what a browser sends back of a form that nobody has touched."""
    data: dict[str, str] = {}
    rows = form.split.rows if form.split else []
    for part in (form, *rows):
        for bound in part:
            markup = str(bound.as_widget())
            chosen = re.search(r'<option value="([^"]*)" selected', markup) or re.search(r'value="([^"]*)"[^>]* checked', markup)
            written = chosen if "<option" in markup or 'type="radio"' in markup else re.search(r' value="([^"]*)"', markup)
            if written:
                data[bound.html_name] = unescape(written[1])
    return {**data, "parts-TOTAL_FORMS": str(len(rows))}


@given(operations())
def test_the_form_of_any_operation_says_it_again_exactly(operation: Operation) -> None:
    operation = replace(operation, pointed=False, entered_at=None, tiers=operation.tiers.strip(), key=0)
    shown = form_showing(operation, year=YEAR, chart=CHART, initial={})
    again = OperationForm(shown.intention, year=YEAR, chart=CHART, data=as_a_browser_sends_it(shown))
    assert again.is_valid(), (again.errors, again.split and [row.errors for row in again.split.rows])
    assert again.operation == operation


@given(operations())
def test_so_does_the_form_of_one_that_is_not_fully_split(operation: Operation) -> None:
    operation = replace(operation, pointed=False, entered_at=None, tiers=operation.tiers.strip(), key=0)
    if operation.parts:
        part = operation.parts[0]
        operation = replace(operation, parts=(replace(part, amount=part.amount + 1), *operation.parts[1:]))
    if any(part.amount == 0 for part in operation.parts):
        return
    shown = form_showing(operation, year=YEAR, chart=CHART, initial={})
    again = OperationForm(shown.intention, year=YEAR, chart=CHART, data=as_a_browser_sends_it(shown))
    assert again.is_valid()
    assert again.operation == operation


@pytest.mark.parametrize(
    ("key", "details", "tiers"),
    [
        ("depense", "Projet et classe", "Payé à"),
        ("recette", "Projet, classe et n° de chèque", "Reçu de"),
        ("depot", "Projet, classe, tiers et n° de chèque", "Tiers"),
        ("avance", "Projet et classe", "Confiée à"),
        ("reliquat", "Projet, classe et n° de chèque", "Rendu par"),
        ("justificatifs", "Projet et classe", "Dépensé chez"),
        ("libre", "Projet, classe et n° de chèque", "Tiers"),
    ],
)
def test_what_is_less_often_needed_is_folded(key: str, details: str, tiers: str) -> None:
    def drawn(**initial: Any) -> Drawn:  # noqa: ANN401 -- what fields show
        return Drawn(OperationForm(BY_KEY[key], year=YEAR, chart=CHART, initial=initial))

    assert (drawn().details, drawn().tiers_label, drawn().details_open) == (details, tiers, False)
    assert drawn(classe="CM1").details_open


def test_the_tab_of_each_intention() -> None:
    def tab(intention: Intention) -> str | None:
        found = Drawn(OperationForm(intention, year=YEAR, chart=CHART)).tab
        return found.label if found else None

    assert [tab(intention) for intention in (*INTENTIONS, FREE)] == [
        "Dépense",
        "Recette",
        *["Banque ↔ caisse"] * 2,
        *["Régie d’avance"] * 3,
        None,
    ]
