from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.passwords import MAXIMUM, MINIMUM, STAFF_MINIMUM, initial_password, password_problems

OWN_WORDS = ("0910000A", "École élémentaire Les Tilleuls", "Évry-Courcouronnes", "Sète", "Aix", "")

SHORT = "Choisissez au moins 12 caractères\u202f: quelques mots mis bout à bout conviennent très bien."
COMMON = "Ce mot de passe est l’un des plus courants\u202f: il serait essayé parmi les premiers."
GUESSABLE = "Ce mot de passe est fait de mots que l’on devine (RNE, école, commune, coop, OCCE…). Ajoutez-y d’autres mots."
SIMPLE = "Ce mot de passe est trop simple\u202f: il suit l’ordre des touches ou se répète."


def problems(password: str, minimum: int = MINIMUM) -> list[str]:
    return password_problems(password, OWN_WORDS, minimum)


@pytest.mark.parametrize(
    "password",
    [
        "tambour nuage girafe vélo",
        "coop tambour nuage girafe",
        "Les Tilleuls chantent sous la pluie",
        "une souris verte",
        "l’âge du capitaine",
        "zsqd4jklp0mb",
        "x7$kQ9!2vR#4",
        "4829!1836?2749",
        "soleil-nuage-jeudi",
        "мышкасобака7",
        "é" * 3 + "àùçœæ🙂 ok",
    ],
)
def test_any_kind_of_character_will_do(password: str) -> None:
    assert problems(password) == []


@pytest.mark.parametrize(
    "password",
    [
        "coop0000A2025",
        "Coop-0910000A!",
        "0910000a0910000A",
        "C00pC00pC00p",
        "0cceRetk00p2025",
        "LesTilleuls91",
        "l3s.t1ll3uls.2026",
        "ecole-les-tilleuls-evry",
        "ÉVRY COURCOURONNES",
        "courcouronnes2026!",
        "cooperative.scolaire",
        "foyercooperatif",
        "azerty-coop-2025",
        "coop-marie-2025",
        "aix-aix-aix-1234",
        "sete2025sete2026",
    ],
)
def test_a_password_made_of_guessable_words_is_refused(password: str) -> None:
    assert problems(password) == [GUESSABLE]


@pytest.mark.parametrize(
    "password",
    [
        "Motdepasse2025!",
        "mot-de-passe-2025",
        "p@ssw0rd123456",
        "P@$$w0rd!P@$$w0rd!",
        "administrateur",
        "azertyuiop123",
        "AZERTYUIOP2025!",
        "soleilsoleil",
        "Soleil-Soleil-2025!",
        "!!!jetaimemonamour!!!",
        "correct horse battery staple",
        "1qaz2wsx3edc",
        "1qaz2wsx3edc!!",
        "marseille13013",
        "juillet2026!!",
    ],
)
def test_a_common_password_is_refused_under_any_disguise(password: str) -> None:
    assert problems(password) == [COMMON]


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "            ",
        "abababababab",
        "xyzzyxyzzyxyzzy",
        "tambour7tambour7",
        "123456789012",
        "abcdefghijkl",
        "ponmlkjihgfe",
        "azertyqsdfgh42",
        "qwert98765zyx",
        "1112223334445",
    ],
)
def test_a_sequence_or_a_repetition_is_refused(password: str) -> None:
    assert problems(password) == [SIMPLE]


@pytest.mark.parametrize(
    ("password", "minimum", "expected"),
    [
        ("nuage girafe", MINIMUM, []),
        ("nuage giraf", MINIMUM, [SHORT]),
        ("coop0000A", MINIMUM, [SHORT, GUESSABLE]),
        ("azerty", MINIMUM, [SHORT, COMMON]),
        ("", MINIMUM, [SHORT, SIMPLE]),
        ("nuage girafe 91", STAFF_MINIMUM, [SHORT.replace("12", "16")]),
        ("nuage girafe vélo", STAFF_MINIMUM, []),
        ("coop tambours 2025", STAFF_MINIMUM, []),
        ("coop girafe 2025", STAFF_MINIMUM, [GUESSABLE]),
    ],
)
def test_length_comes_first_and_staff_need_more(password: str, minimum: int, expected: list[str]) -> None:
    assert problems(password, minimum) == expected


def test_a_password_has_a_largest_size() -> None:
    longest = "tambour nuage girafe vélo "[: MAXIMUM // 10] * 20
    assert problems(longest[:MAXIMUM].replace("girafe", "loutre", 1)) == []
    assert problems("a" * (MAXIMUM + 1)) == ["Ce mot de passe est trop long\u202f: 256 caractères au plus."]


def test_without_own_words_those_of_the_house_still_count() -> None:
    assert password_problems("retkoop-2025!", (), MINIMUM) == [GUESSABLE]
    assert password_problems("Les Tilleuls 91", (), MINIMUM) == []


@given(st.text(), st.lists(st.text()), st.sampled_from([MINIMUM, STAFF_MINIMUM]))
def test_an_answer_comes_whatever_is_typed(password: str, own_words: list[str], minimum: int) -> None:
    found = password_problems(password, own_words, minimum)
    assert len(found) <= 2
    assert (len(password) < minimum) == (found[:1] == [SHORT.replace("12", str(minimum))])


@pytest.mark.parametrize(("rne", "password"), [("0910000A", "coop0000A"), ("9740123X", "coop0123X")])
def test_the_first_password_is_that_of_the_leaflet(rne: str, password: str) -> None:
    assert initial_password(rne) == password
    assert problems(initial_password("0910000A")) == [SHORT, GUESSABLE]
