"""New passwords (mots de passe): long enough, and none that a stranger who knows the school would try first.

Any characters will do and none are asked for: length and a list of what is guessed protect better than rules of
composition (CNIL, délibération 2022-100 du 21 juillet 2022; NIST SP 800-63B, 5.1.1.2). A password is judged on what is
left of it once the guessable is set aside, so a passphrase may well hold the name of the school among other words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Final

from retkoop.domain.chart import fold

MINIMUM: Final = 12
STAFF_MINIMUM: Final = 16
"""For those who see many coops: the staff of an AD and of the federation."""

MAXIMUM: Final = 256

HOUSE_WORDS: Final = (
    *("coop", "coops", "cooperative", "cooperatives", "cooperateurs", "occe", "retkoop", "mandataire", "foyer cooperatif"),
    *("ecole", "elementaire", "maternelle", "primaire", "college", "lycee", "scolaire", "groupe", "publique"),
    *("mot de passe", "password"),
)
"""What anybody would try on a coop of this tool, added to the words of each coop's own."""

_LOOK_ALIKES = str.maketrans("@4€3!1|l05$7", "aaeeiiiiosst")
_ROWS: Final = ("abcdefghijklmnopqrstuvwxyz", "012345678901", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_STEPS: Final = frozenset(row[at : at + 3] for line in _ROWS for row in (line, line[::-1]) for at in range(len(row) - 2))
_FEWEST_CHARACTERS: Final = 5
_RNE = re.compile(r"\d{7}[a-z]", re.ASCII)


def initial_password(rne: str) -> str:
    """Return the password that starts the activation of a coop (leaflet of 2022): 0910000A gives coop0000A."""
    return f"coop{rne[-5:]}"


def password_problems(password: str, own_words: Iterable[str], minimum: int) -> list[str]:
    """Return why a new password is refused, one French sentence a reason; none where it is accepted.

    `own_words` are what is known of the person and the coop (RNE, school, commune, name); `minimum` is MINIMUM or
    STAFF_MINIMUM. At least half that many letters must be left beside guessable words, whatever surrounds them.
    """
    if len(password) > MAXIMUM:
        return [f"Ce mot de passe est trop long\u202f: {MAXIMUM} caractères au plus."]
    problems = []
    if len(password) < minimum:
        problems.append(f"Choisissez au moins {minimum} caractères\u202f: quelques mots mis bout à bout conviennent très bien.")
    plain = _plain(password)
    if _is_common(plain):
        problems.append("Ce mot de passe est l’un des plus courants\u202f: il serait essayé parmi les premiers.")
    elif _is_made_of(plain, _known(own_words), minimum // 2):
        problems.append("Ce mot de passe est fait de mots que l’on devine (RNE, école, commune, coop, OCCE…). Ajoutez-y d’autres mots.")
    elif _is_simple(plain, minimum // 2):
        problems.append("Ce mot de passe est trop simple\u202f: il suit l’ordre des touches ou se répète.")
    return problems


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _skeleton(plain: str) -> str:
    """Undo what passes for a disguise: p@ssw0rd and password are one; so are l, i and 1. Length is kept."""
    return plain.translate(_LOOK_ALIKES)


def _is_common(plain: str) -> bool:
    return not _common_passwords().isdisjoint(_roots(plain))


def _roots(plain: str) -> set[str]:
    """Return what a password comes down to, with and without what stands before its first letter and after its last."""
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", _once(plain))
    return {root for root in (_root(plain), _root(core)) if root}


def _root(plain: str) -> str:
    """Return letters and figures alone, once where they repeat."""
    return _once("".join(character for character in _skeleton(plain) if character.isalnum()))


def _once(text: str) -> str:
    return text[: _period(text)]


def _period(text: str) -> int:
    """Return the length of the shortest block that repeats from end to end, the whole length where none does."""
    return next((size for size in range(1, len(text) // 2 + 1) if text[size:] == text[:-size]), len(text))


@cache
def _common_passwords() -> frozenset[str]:
    lines = resources.files(__package__).joinpath("data/common-passwords.txt").read_text(encoding="ascii").splitlines()
    return frozenset(root for line in lines if not line.startswith("#") for word in line.split() for root in _roots(word))


def _known(own_words: Iterable[str]) -> set[str]:
    """Return the skeletons of whole names and of their longer words; of an RNE, also its figures and its last five.

    Shorter ones ("les", "sur") stand in every passphrase and would only hide what is left of it.
    """
    words: set[str] = set()
    for name in (*HOUSE_WORDS, *own_words):
        tokens = fold(name).split()
        whole = "".join(tokens)
        words.update(token for token in tokens if len(token) >= 4)
        if len(whole) >= 3:
            words.add(whole)
        if _RNE.fullmatch(whole):
            words.update((whole[:7], whole[-5:]))
    return {_skeleton(word) for word in words}


def _is_made_of(plain: str, words: Iterable[str], fewest: int) -> bool:
    known = _positions(_skeleton(plain), words)
    rest = set(range(len(plain))) - known - _runs(plain)
    return bool(known) and sum(plain[at].isalpha() for at in rest) < fewest


def _is_simple(plain: str, fewest: int) -> bool:
    """Tell whether hardly anything is left beside runs of keys, or the whole is one block over and over."""
    left = len(plain) - len(_runs(plain))
    return left < fewest or _period(plain) < len(plain) or len(set(plain)) < _FEWEST_CHARACTERS


def _runs(plain: str) -> set[int]:
    """Return where three keys or more follow one another, or are the same."""
    return _positions(plain, _STEPS | {character * 3 for character in plain})


def _positions(text: str, words: Iterable[str]) -> set[int]:
    """Return where in `text` some word stands, overlaps included."""
    return {
        at
        for word in words
        for start in range(len(text) - len(word) + 1)
        if text.startswith(word, start)
        for at in range(start, start + len(word))
    }
