from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.chart import (
    Account,
    Chart,
    Nature,
    UnknownAccount,
    fold,
    national_chart,
    national_code,
    read_chart,
    search_words,
    sub_account,
)

CHART = national_chart()


def test_the_national_chart_is_that_of_occe() -> None:
    """The nomenclature comptable of OCCE: charges, then produits; codes of eight digits, aliases of three."""
    assert [(account.code, account.alias, account.nature.value) for account in CHART.accounts] == [
        ("60700008", "607", "charge"),
        ("61681008", "616", "charge"),
        ("61800008", "618", "charge"),
        ("62810008", "628", "charge"),
        ("65000008", "650", "charge"),
        ("65700008", "657", "charge"),
        ("67000008", "670", "charge"),
        ("68000008", "680", "charge"),
        ("70700008", "707", "produit"),
        ("70800008", "708", "produit"),
        ("74100008", "741", "produit"),
        ("74800008", "748", "produit"),
        ("75600008", "756", "produit"),
        ("75800008", "758", "produit"),
        ("76100008", "761", "produit"),
        ("77000008", "770", "produit"),
    ]


@pytest.mark.parametrize("name", ["618", "61800008", " 618 "])
def test_an_account_has_a_code_and_an_alias(name: str) -> None:
    assert CHART.resolve(name).label == "Charges des activités éducatives"


@pytest.mark.parametrize(("start", "alias"), [("6281", "628"), ("616810", "616"), ("756000", "756"), (" 6500 ", "650")])
def test_the_first_digits_of_a_code_name_its_account(start: str, alias: str) -> None:
    assert CHART.resolve(start).alias == alias


def test_first_digits_that_two_codes_share_name_none() -> None:
    both = Chart((*CHART.accounts, Account("62810010", "6281A", Nature.CHARGE, "Autres cotisations")))
    with pytest.raises(UnknownAccount):
        both.resolve("6281")
    assert both.resolve("62810010").label == "Autres cotisations"


@pytest.mark.parametrize("name", ["601", "62", "6282", "628100080", ""])
def test_an_unknown_account_is_refused(name: str) -> None:
    with pytest.raises(UnknownAccount) as refusal:
        CHART.resolve(name)
    assert str(refusal.value) == f"Le compte «\u202f{name}\u202f» n’existe pas dans le plan comptable."


@pytest.mark.parametrize(
    ("code", "label", "alias"),
    [
        ("61800008", "Charges des activités éducatives", "618"),
        ("512", "Banque", "512"),
        ("471", "À ventiler", "471"),
        ("69900008", "69900008", "69900008"),
    ],
)
def test_every_account_of_a_book_has_a_label_and_a_short_name(code: str, label: str, alias: str) -> None:
    assert (CHART.label(code), CHART.alias(code)) == (label, alias)


@pytest.mark.parametrize(
    ("words", "aliases"),
    [
        ("photos", ["607", "707", "680"]),
        ("photo classe", ["607", "707"]),
        ("74", ["741", "748"]),
        ("6181", []),
        ("618000", ["618"]),
        ("dons", ["657", "758"]),
        ("subventions", ["741", "748"]),
        ("kermesse", ["618", "708"]),
        ("GATEAUX", ["607", "707"]),
        ("bijou", []),
        ("l'occe", ["628"]),
    ],
)
def test_words_find_accounts_the_best_first(words: str, aliases: list[str]) -> None:
    assert [account.alias for account in CHART.search(words)] == aliases


def test_no_words_find_the_whole_chart() -> None:
    assert CHART.search("  ") == CHART.accounts


@given(st.text())
def test_search_answers_whatever_is_typed(words: str) -> None:
    assert set(CHART.search(words)) <= set(CHART.accounts)


def test_a_chart_is_read_in_the_order_of_its_codes_and_may_lack_examples() -> None:
    chart = read_chart("code;alias;nature;label;examples\n70800008;708;produit;Fêtes;\n61800008;618;charge;Sorties;car, musée\n")
    assert chart.accounts == (
        Account("61800008", "618", Nature.CHARGE, "Sorties", ("car", "musée")),
        Account("70800008", "708", Nature.PRODUIT, "Fêtes"),
    )


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Éducation ARTISTIQUE", "education artistique"), ("l’œuvre — du  Cœur", "l oeuvre du coeur"), ("D'Ærø n° 3", "d aerø n 3"), ("", "")],
)
def test_fold_gives_the_form_to_compare(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_search_is_its_first_words_each_once() -> None:
    assert search_words("École des  Tilleuls, l’école") == ["ecole", "des", "tilleuls", "l"]
    assert search_words(" ".join(f"mot{number}" for number in range(2_000))) == [f"mot{number}" for number in range(10)]
    assert search_words("a" * 5_000) == ["a" * 200]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


CINEMA = sub_account(CHART.resolve("618"), 1, "Cinéma", examples=("film",))
OLD = sub_account(CHART.resolve("618"), 12, "Ancien", hidden=True)


def test_a_sub_account_bears_a_number_under_its_national_account() -> None:
    assert Account("61800018", "618-01", Nature.CHARGE, "Cinéma", ("film",)) == CINEMA
    assert (OLD.code, OLD.alias, OLD.hidden) == ("61800128", "618-12", True)


@pytest.mark.parametrize(
    ("code", "national"),
    [("61800018", "61800008"), ("62810998", "62810008"), ("61800008", "61800008"), ("512", "512"), ("61234567", "61234567")],
)
def test_a_sub_account_counts_under_its_national_account(code: str, national: str) -> None:
    assert national_code(code) == national


def test_a_chart_is_relabelled_and_extended() -> None:
    own = CHART.extended({"61800008": "Sorties"}, [CINEMA, OLD])
    assert [one.label for one in own.accounts if one.code.startswith("618")] == ["Sorties", "Cinéma", "Ancien"]
    assert [one.code for one in own.offered if one.code.startswith("618")] == ["61800008", "61800018"]
    assert [one.code for one in own.mains] == [one.code for one in CHART.accounts]
    assert (own.resolve("618-12"), own.resolve("6180"), CINEMA.is_sub_account) == (OLD, own.resolve("618"), True)
