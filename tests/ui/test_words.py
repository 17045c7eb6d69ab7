from __future__ import annotations

import pytest

from retkoop.ui.words import WORDS, explanation


def test_words_are_found_whatever_their_case() -> None:
    assert explanation("CRF") == explanation("crf")


def test_french_marks_keep_to_their_words() -> None:
    assert explanation("libellé") == "Ce que vous diriez de l’opération en quelques mots\u00a0: «\u00a0Entrées au musée, CE1\u00a0»."


def test_a_word_without_explanation_raises() -> None:
    with pytest.raises(KeyError):
        explanation("amortissement")


@pytest.mark.parametrize("word", WORDS)
def test_explanations_are_short_sentences(word: str) -> None:
    told = WORDS[word]
    assert (word, told[0], told[-1], len(told) <= 180) == (word.lower(), told[0].upper(), told[-1] if told[-1] in ".…" else ".", True)
