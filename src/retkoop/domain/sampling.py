"""The drawn sample of operations that the vérificateurs look at (contrôle par sondage), the same for whoever draws it again.

Source: OCCE, vérification des comptes: contrôle par sondage. The OCCE asks for a sample and gives no figure; the figures are
this house's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from retkoop.domain.money import Cents

ALL_UP_TO: Final = 10
"""A book of so few operations is looked at whole; a larger one never less."""
MOST: Final = 30
"""What two people can look at in an evening."""
ONE_IN: Final = 20
"""One operation in twenty: 5 %."""
LARGEST: Final = 3
"""The largest expenses, always in the sample: where a mistake would cost most."""

RULE: Final = (
    f"Jusqu’à {ALL_UP_TO} opérations, toutes sont à regarder. Au-delà, une sur {ONE_IN}, et toujours entre {ALL_UP_TO} et {MOST}\u202f: "
    f"les {LARGEST} plus fortes dépenses, les autres tirées au sort par Retkoop."
)

_SEED: Final = re.compile(r"[0-9a-f]{2,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An operation that may be drawn: its key, and what it spent in cents (0 for a receipt or an internal transfer)."""

    key: int
    spent: Cents = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """The keys of the operations to look at: the largest expenses, the largest first; then those drawn by lot, in the order of the draw."""

    largest: tuple[int, ...] = ()
    drawn: tuple[int, ...] = ()

    @property
    def keys(self) -> frozenset[int]:
        return frozenset(self.largest + self.drawn)


def sample_size(count: int) -> int:
    """Return how many operations are looked at, of `count`."""
    return min(count, max(ALL_UP_TO, min(MOST, -(-count // ONE_IN))))


def draw_sample(seed: str, candidates: Collection[Candidate]) -> Sample:
    """Draw the sample of a book. `seed` is in lower-case hexadecimal digits; raises ValueError for any other.

    Each operation has its own lot, the SHA-256 of seed and key, and the lowest are drawn: an operation that is added takes the
    place of one drawn at most.
    """
    if not _SEED.fullmatch(seed):
        raise ValueError(seed)
    size = sample_size(len(candidates))
    spent = sorted((one for one in candidates if one.spent > 0), key=lambda one: (-one.spent, _lot(seed, one.key)))
    largest = tuple(one.key for one in spent[: min(LARGEST, size)])
    others = _by_lot(seed, (one.key for one in candidates if one.key not in largest))
    return Sample(largest, tuple(others[: size - len(largest)]))


def _by_lot(seed: str, keys: Iterable[int]) -> list[int]:
    return sorted(keys, key=lambda key: _lot(seed, key))


def _lot(seed: str, key: int) -> bytes:
    return sha256(f"{seed}:{key}".encode("ascii")).digest()
