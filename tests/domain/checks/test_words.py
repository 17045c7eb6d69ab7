from __future__ import annotations

import pytest

from retkoop.domain.checks.words import first_of, holds, plain, without

PHRASES = ("paie", "livret", "livret à colorier", "manuel scolaire")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fiche de paie", "paie"),
        ("paies", "paie"),
        ("manuels scolaires cm2", "manuel scolaire"),
        ("livrets a colorier", "livret"),
        ("paiement", None),
        ("repaie", None),
        ("", None),
    ],
)
def test_phrases_are_found_whole_in_singular_and_plural(text: str, found: str | None) -> None:
    assert first_of(PHRASES, text) == found
    assert holds(PHRASES, text) is (found is not None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Livret À lire", "livret à lire"),
        ("LIVRET A", "livret a"),
        ("à", "à"),
        ("Voilà, à-côté", "voila à cote"),
        ("a\u0300 vélo", "à velo"),
        ("", ""),
    ],
)
def test_the_word_to_keeps_its_accent(text: str, told: str) -> None:
    assert plain(text) == told


def test_a_phrase_with_the_word_to_is_found_however_it_is_accented() -> None:
    assert [holds(("livret à lire",), text) for text in ("livrets à lire", "livret a lire", "livret lire")] == [True, True, False]
    assert [holds(("livret A",), text) for text in ("livret a", "livret à")] == [True, False]


def test_the_longest_phrase_goes_first() -> None:
    assert without(PHRASES, "deux livrets a colorier et un livret bleu").split() == ["deux", "et", "un", "bleu"]


@pytest.mark.parametrize("phrases", [(), ("",), ("—", " ")])
def test_no_phrase_is_found_nowhere(phrases: tuple[str, ...]) -> None:
    assert first_of(phrases, "fiche de paie") is None
    assert without(phrases, "fiche de paie") == "fiche de paie"
