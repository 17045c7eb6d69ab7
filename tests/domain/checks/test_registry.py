"""The registry of the checks: its contract, its document, and what holds for every book."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.checks import CHECKS, all_findings, findings_by_group, good_news, in_order, look_again
from retkoop.domain.checks.check import Check
from retkoop.domain.checks.finding import Finding, Place, Remark, Severity
from retkoop.domain.checks.scope import Closing, Scope, Terms, changed_keys, days_of
from retkoop.domain.entry import Moves
from tests.domain.checks.speaking import TERMS, made, received, spent
from tests.domain.strategies import YEAR, Book, Change, books, changes, closings, facts, standing_of, wild_books

DOCUMENT = Path(__file__).parents[3] / "docs" / "controles.md"
LOOKED_AT = {
    Scope.LINE: "la ligne",
    Scope.TWINS: "les lignes de même date et de même montant",
    Scope.CHEQUES: "les chèques voisins",
    Scope.TIERS: "les lignes du même tiers",
    Scope.DAYS: "les soldes, jour après jour",
    Scope.TOTALS: "les totaux du cahier",
    Scope.REGISTERS: "les registres",
}


def row(check: Check[Any]) -> str:
    return f"| `{check.code}` | {check.severity} | {LOOKED_AT[check.scope]} | {check.rule} | {check.source} |"


def test_the_document_has_one_row_a_check_in_the_order_of_the_registry() -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert rows == [row(check) for check in CHECKS]


def test_codes_are_unique_and_stand_well_in_a_link() -> None:
    codes = [check.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []


def test_the_registry_goes_from_the_gravest_to_the_lightest() -> None:
    ranks = [check.severity.rank for check in CHECKS]
    assert ranks == sorted(ranks)


def test_findings_are_shown_the_gravest_first_then_by_check_then_by_piece() -> None:
    book = [
        spent(5_00, key=1, piece="D11", label="Divers"),
        spent(6_00, key=2, piece="D2", label="Divers"),
        made(Moves(cash=-5_00), ("61800008", 5_00), key=3, piece="D3"),
        spent(7_00, key=4, piece="D4", date=date(2026, 9, 1)),
    ]
    found = [(finding.code, finding.remark.piece) for finding in all_findings(book, standing_of(book), TERMS)]
    assert found == [
        ("caisse-negative", None),
        ("date-hors-annee", "D4"),
        ("banque-a-decouvert", None),
        ("justificatif-manquant", None),
        ("releve-manquant", None),
        ("libelle-vague", "D2"),
        ("libelle-vague", "D11"),
    ]


def test_a_kept_finding_of_a_check_that_is_no_more_comes_last() -> None:
    gone = Finding("disparu", Severity.CONSEIL, Remark("Une phrase.", "Voir", Place.CAHIER))
    vague = all_findings([spent(5_00, label="Divers", key=1)], standing_of(()), TERMS)[-1]
    assert [finding.code for finding in in_order([gone, vague])] == [vague.code, "disparu"]


def test_good_news_of_a_book_that_is_right() -> None:
    book = [received(30_00, proven=True), made(Moves(bank=-20_00, cash=20_00), key=2, piece="V01", proven=True)]
    assert good_news(days_of(book), standing_of(book), TERMS) == [
        "Bravo, la caisse n’est jamais négative.",
        "Bravo, le bilan est équilibré.",
        "Bravo, chaque opération a son justificatif.",
    ]
    assert good_news(days_of(()), standing_of(()), TERMS) == []


@given(wild_books(), facts(), closings)
def test_no_check_fails_on_any_book(book: Book, known: dict[str, Any], closed: tuple[Closing, ...]) -> None:
    standing, terms = replace(standing_of(book), **known), Terms(YEAR, closings=closed)
    good_news(days_of(book), standing, terms)
    for finding in all_findings(book, standing, terms):
        assert finding.remark.message.endswith((".", "?"))


@given(changes(), facts(), closings)
def test_looking_again_where_something_changed_is_starting_from_scratch(
    change: Change, known: dict[str, Any], closed: tuple[Closing, ...]
) -> None:
    terms = Terms(YEAR, closings=closed)
    standing = replace(standing_of(change.new_book), **known)
    kept = dict(findings_by_group(change.old_book, replace(standing_of(change.old_book), **known), terms))
    keys = changed_keys(change.before, change.after)
    kept |= look_again(keys, operations=change.new_book, days=days_of(change.new_book), standing=standing, terms=terms)
    assert {key: found for key, found in kept.items() if found} == findings_by_group(change.new_book, standing, terms)


@given(st.data(), books() | wild_books(), closings)
def test_the_order_of_entry_does_not_matter(data: st.DataObject, book: Book, closed: tuple[Closing, ...]) -> None:
    shuffled = tuple(replace(operation, key=key) for key, operation in enumerate(data.draw(st.permutations(book)), start=1))
    terms = Terms(YEAR, closings=closed)
    assert told(shuffled, terms) == told(book, terms)


def told(book: Book, terms: Terms) -> Counter[object]:
    """Count the findings of a book, each with the date, the pièce and the cheque of its operation instead of its key."""
    names = {operation.key: (operation.date, operation.piece, operation.cheque) for operation in book}
    findings = all_findings(book, standing_of(book), terms)
    return Counter(
        (finding.code, replace(finding.remark, operation=None), names.get(finding.remark.operation or 0)) for finding in findings
    )


@given(books())
def test_a_sound_book_is_balanced_and_on_the_right_side(book: Book) -> None:
    codes = {finding.code for finding in all_findings(book, standing_of(book), TERMS)}
    assert codes & {"ventilation", "sens-du-compte", "bilan", "date-hors-annee", "rapprochement", "arrete-de-caisse"} == set()
