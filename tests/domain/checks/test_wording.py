from __future__ import annotations

import pytest

from retkoop.domain.chart import national_chart
from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.wording import account_name, mend_in_book, named, remark_on, sentence, the
from retkoop.domain.entry import Moves
from tests.domain.checks.speaking import DIRECT, TERMS, made


@pytest.mark.parametrize(
    ("piece", "label", "name"),
    [
        (" D03 ", "Livres", "la pièce D03"),
        ("", " Livres ", "l’opération « Livres »"),
        (" ", "", "l’opération sans numéro"),
    ],
)
def test_an_operation_is_named_by_what_it_has(piece: str, label: str, name: str) -> None:
    assert the(made(Moves(), piece=piece, label=label)) == named(piece, label) == name


def test_an_account_is_named_by_its_alias_and_label() -> None:
    chart = national_chart()
    assert account_name(chart, "62810008") == "628, Cotisations versées à l’OCCE"
    assert account_name(chart, "512") == "Banque"
    assert account_name(chart, "") == ""


def test_a_sentence_starts_with_a_capital() -> None:
    assert [sentence(text) for text in ("la pièce D03", "l’opération", "", "École")] == ["La pièce D03", "L’opération", "", "École"]


def test_a_year_without_cahier_leads_to_its_totals() -> None:
    assert [mend_in_book(terms, "Voir le cahier") for terms in (TERMS, DIRECT)] == ["Voir le cahier", "Revoir les totaux"]


def test_a_remark_leads_to_its_operation_or_to_the_opening() -> None:
    assert remark_on(made(Moves(), key=3), "une phrase.", "Voir") == Remark("Une phrase.", "Voir", Place.OPERATION, 3, "D01")
    assert remark_on(made(Moves(), key=3, opening=True), "une phrase.", "Voir").place is Place.OPENING
