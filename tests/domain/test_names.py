from __future__ import annotations

from retkoop.domain.names import name_words, words_of


def test_a_name_is_the_same_whatever_its_case_accents_order_and_title() -> None:
    assert words_of("Mme PERRIN Léa") == words_of("lea\u200b perrin") == frozenset({"lea", "perrin"})
    assert name_words("M. Petit Jean") == ["petit", "jean"]


def test_a_title_alone_is_a_name() -> None:
    assert words_of("Maître") == frozenset({"maitre"})
