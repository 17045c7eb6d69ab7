from __future__ import annotations

import pytest

from retkoop.domain.elision import of


@pytest.mark.parametrize(
    "said",
    [
        *("d’Anne", "d’Émile", "d’Œdipe", "d’Hélène Roy", "d’hugo", "d’Yves", "d’Ysé", "d’« Anne »", "d’École du Lac"),
        *("de Paul", "de Mme Adam", "de Yann", "de Yolande", "de Yuki", "de Hakim", "de Hans", "de 12 élèves", "de ", "de …"),
    ],
)
def test_de_is_elided_before_a_vowel_and_a_mute_h(said: str) -> None:
    name = said.removeprefix("d’") if said.startswith("d’") else said.removeprefix("de ")
    assert of(name) == said
