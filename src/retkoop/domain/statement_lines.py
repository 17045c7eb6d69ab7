"""Lines of bank statements (relevés) that several files bring: which of them are there already, whatever the format of each file.

Two lines of one day, amount and label may both be true: a line that is there answers for one that comes, never for two.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from retkoop.domain.chart import fold
from retkoop.domain.money import Cents

_SHORTEST_ACCOUNT: Final = 4
_COMMON: Final = frozenset(
    {
        "vir",
        "virement",
        "sepa",
        "inst",
        "instantane",
        "recu",
        "emis",
        "en",
        "votre",
        "faveur",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "d",
    }
    | {
        "coop",
        "cooperative",
        "scolaire",
        "ecole",
        "occe",
        "re",
        "ref",
        "reference",
        "motif",
        "adhesion",
        "cotisation",
        "prlv",
        "prelevement",
    }
)
"""Words that tell no line from another: half a label may be made of them."""
_NO_SIGN: Final = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True)
class SeenLine:
    """A line of a statement, in cents; `reference` is the bank's own, "" where it gives none; `source`: the format of its file."""

    day: date
    amount: Cents
    label: str
    reference: str = ""
    source: str = ""

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that tell it from others; all of them where it has no such word."""
        every = frozenset(self.plain_label.split())
        return every - _COMMON or every

    @cached_property
    def plain_label(self) -> str:
        return fold(self.label)


def same_account(one: str, other: str) -> bool:
    """Tell whether two names may be of one account: an IBAN holds the number, a mask its end; a file that names none says nothing."""
    first, second = (_NO_SIGN.sub("", name.upper()) for name in (one, other))
    if not first or not second:
        return True
    shorter, longer = sorted((first, second), key=len)
    if "*" in one + other:
        return longer.endswith(shorter[-_SHORTEST_ACCOUNT:])
    return shorter == longer or (len(shorter) > _SHORTEST_ACCOUNT and shorter.lstrip("0") in longer)


def places_of_new(there: Iterable[SeenLine], brought: Sequence[SeenLine]) -> list[int]:
    """Return the places of the lines brought that are not there yet.

    Of one day and amount, the surest are taken first: the bank's reference, then the label, then, from one format to the other, the
    words they share. Within a format, a reference that differs tells two lines apart, unless that bank writes new ones each time.
    """
    left: dict[tuple[date, Cents], list[SeenLine]] = defaultdict(list)
    for line in there:
        left[line.day, line.amount].append(line)
    kept = _sources_that_keep(left, brought)
    waiting = list(range(len(brought)))
    for alike in (_same_reference, lambda one, other: _same_label(one, other, kept), _shared_words):
        waiting = [place for place in waiting if not _answered(left, brought[place], alike)]
    return waiting


def _answered(left: dict[tuple[date, Cents], list[SeenLine]], line: SeenLine, alike: Callable[[SeenLine, SeenLine], bool]) -> bool:
    """Take the line that is there and answers for one that comes; tell whether there was one."""
    same_day = left.get((line.day, line.amount), [])
    found = next((place for place, one in enumerate(same_day) if alike(one, line)), None)
    if found is not None:
        del same_day[found]
    return found is not None


def _sources_that_keep(left: dict[tuple[date, Cents], list[SeenLine]], brought: Sequence[SeenLine]) -> frozenset[str]:
    """Return the formats in which the bank writes the same reference for a line each time: half at least of those that come again."""
    told: Counter[str] = Counter()
    for line in brought:
        equals = [one.reference for one in left.get((line.day, line.amount), []) if _is_equal(one, line)]
        if equals:
            told[line.source] += 1 if line.reference in equals else -1
    return frozenset(source for source, surplus in told.items() if surplus >= 0)


def _is_equal(one: SeenLine, other: SeenLine) -> bool:
    """Tell whether two lines of a format have the same label, and references that may be compared."""
    return bool(one.reference and other.reference) and (one.source, one.plain_label) == (other.source, other.plain_label)


def _same_reference(one: SeenLine, other: SeenLine) -> bool:
    return one.reference == other.reference and _is_equal(one, other)


def _same_label(one: SeenLine, other: SeenLine, kept: frozenset[str]) -> bool:
    if one.plain_label != other.plain_label:
        return False
    return one.source not in kept or not _is_equal(one, other)


def _shared_words(one: SeenLine, other: SeenLine) -> bool:
    """Tell whether a line of another format has half the words that count of the shorter label, which a format may have cut."""
    if not one.source or one.source == other.source:
        return False
    shorter, longer = sorted((one.words, other.words), key=len)
    found = sum(any(long.startswith(word) for long in longer) for word in shorter)
    return 2 * found >= len(shorter)
