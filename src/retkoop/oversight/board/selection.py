"""Which coops are looked at: filters that combine, counts and order, in plain Python over what is known of each.

The same on the page, in the XLSX and before an action on many. No Django here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from retkoop.domain.board import (
    CoopFacts,
    CraProgress,
    Missing,
    Readiness,
    lacking,
    last_sign,
    readiness,
)
from retkoop.domain.chart import fold, search_words
from retkoop.domain.closing import ClosingState
from retkoop.domain.membership import MembershipState
from retkoop.memberships.follow_up.selection import STATES

MINE: Final = "moi"
NOBODY: Final = "personne"
NOWHERE: Final = "-"
"""What the address says for the coops of no circonscription."""
MOST_DAYS: Final = 999
SILENT_DAYS: Final = 60


class Row(NamedTuple):
    """A coop of the board and what follows from it on a day."""

    facts: CoopFacts
    readiness: Readiness
    missing: tuple[Missing, ...]
    late: bool


def row_of(facts: CoopFacts, *, over: bool, late: bool) -> Row:
    """Return what follows from a coop; `over`: its year is, `late`: accounts that are not sent by now are late."""
    where = readiness(facts)
    return Row(facts, where, lacking(facts, over=over), late) if where is Readiness.NOT_READY else Row(facts, where, (), late=False)


@dataclass(frozen=True, slots=True)
class Selection:
    """What the address of the board asks for; each field is one word of it, empty where nothing is asked.

    `suivi` is MINE, NOBODY or the key of a person; `silence` a number of days; `tri` the name of a column, after a `-` the other way.
    """

    q: str = ""
    etat: str = ""
    manque: str = ""
    circo: str = ""
    suivi: str = ""
    retard: str = ""
    aide: str = ""
    mandat: str = ""
    compte: str = ""
    adhesion: str = ""
    silence: str = ""
    tri: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Selection:
        """Return what an address asks for; what it cannot mean is left out."""
        given = {field.name: str(asked.get(field.name) or "").strip() for field in fields(cls)}
        return cls(**{name: value for name, value in given.items() if value and _MEANT[name](value)})

    def query(self, **changes: str) -> str:
        """Return the words of an address that asks for this, with other words in place of some."""
        changed = replace(self, **changes)
        return urlencode({name: getattr(changed, name) for name in _NAMES if getattr(changed, name)})

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for besides the order, by the word of the address."""
        return {name: getattr(self, name) for name in _NAMES if name != "tri" and getattr(self, name)}

    def kept(self, rows: list[Row], day: date, user: int, *, aside: str = "") -> list[Row]:
        """Return those of `rows` that are asked for by a person on a day; `aside` is the word not to ask."""
        for name, value in self.asked.items():
            if name != aside:
                rows = list(filter(_TESTS[name](value, day, user), rows))
        return rows

    def chosen(self, rows: list[Row], day: date, user: int) -> list[Row]:
        """Return those of `rows`, which come by RNE, that are asked for, in the order asked for; by RNE among equals."""
        name, backwards = self.tri.removeprefix("-"), self.tri.startswith("-")
        kept = self.kept(rows, day, user)
        return sorted(kept, key=ORDERS[name], reverse=backwards) if name else kept


def counts_of(rows: Iterable[Row]) -> dict[str, int]:
    """Count rows by state, and those that are late (`retard`) or wait for help (`aide`)."""
    states, late, helped = [], 0, 0
    for row in rows:
        states.append(row.readiness)
        late += row.late
        helped += row.facts.open_help > 0
    return {**{one.value: states.count(one) for one in Readiness}, "retard": late, "aide": helped, "tous": len(states)}


_NAMES: Final = tuple(field.name for field in fields(Selection))
_Test = Callable[[Row], bool]


def _words(value: str, _: date, __: int) -> _Test:
    words = search_words(value)
    return lambda row: all(word in row.facts.words for word in words)


def _followed(value: str, _: date, user: int) -> _Test:
    if value == NOBODY:
        return lambda row: row.facts.follower is None
    key = user if value == MINE else int(value)
    return lambda row: row.facts.follower == key


def _silent(value: str, day: date, _: int) -> _Test:
    limit = day - timedelta(int(value))
    return lambda row: (last_sign(row.facts) or date.min) < limit


_TESTS: Final[dict[str, Callable[[str, date, int], _Test]]] = {
    "q": _words,
    "etat": lambda value, _, __: lambda row: row.readiness == value,
    "manque": lambda value, _, __: lambda row: value in row.missing,
    "circo": lambda value, _, __: lambda row: (row.facts.circonscription or NOWHERE) == value,
    "suivi": _followed,
    "retard": lambda _, __, ___: lambda row: row.late,
    "aide": lambda _, __, ___: lambda row: row.facts.open_help > 0,
    "mandat": lambda _, __, ___: lambda row: not row.facts.has_mandate and row.facts.closed_on is None,
    "adhesion": lambda value, _, __: lambda row: row.facts.adhesion == STATES[value],
    "compte": lambda _, __, ___: lambda row: not row.facts.activated and row.facts.closed_on is None,
    "silence": _silent,
}


def _name(row: Row) -> tuple[str, str]:
    return fold(row.facts.name), fold(row.facts.commune)


_RANKS: Final[dict[Missing, int]] = {thing: rank for rank, thing in enumerate(Missing)}
_CLOSINGS: Final = {one: rank for rank, one in enumerate(ClosingState)}
_PROGRESS: Final = {one: rank for rank, one in enumerate(CraProgress)}
_LAMPS: Final[dict[str, int]] = {"good": 0, "todo": 1, "bad": 2}

_JOINING: Final[dict[MembershipState | None, int]] = {one: rank for rank, one in enumerate(STATES.values())}

ORDERS: Final[dict[str, Callable[[Row], Any]]] = {
    "ecole": _name,
    "rne": lambda row: row.facts.rne,
    "etat": lambda row: (list(Readiness).index(row.readiness), not row.late, [_RANKS[one] for one in row.missing]),
    "crf": lambda row: _CLOSINGS[row.facts.closing],
    "cra": lambda row: _PROGRESS[row.facts.cra],
    "quitus": lambda row: row.facts.signatures - row.facts.signatures_needed,
    "adhesion": lambda row: _JOINING.get(row.facts.adhesion, -1),
    "mandat": lambda row: fold(row.facts.mandataire),
    "operation": lambda row: row.facts.last_operation or date.min,
    "voyants": lambda row: sum(_LAMPS[lamp] for lamp in row.facts.lamps),
    "justificatifs": lambda row: row.facts.unproven,
    "aide": lambda row: row.facts.open_help,
    "contact": lambda row: row.facts.last_contact or date.min,
    "suivi": lambda row: fold(row.facts.followed_by),
    "circo": lambda row: fold(row.facts.circonscription),
}
"""How each column sorts."""


def _is_yes(value: str) -> bool:
    return value == "oui"


def _is_no(value: str) -> bool:
    return value == "non"


_DIGITS: Final = 16


def _is_number(most: int) -> Callable[[str], bool]:
    return lambda value: len(value) <= _DIGITS and value.isascii() and value.isdecimal() and int(value) <= most


_MEANT: Final[dict[str, Callable[[str], bool]]] = {
    "q": lambda value: bool(search_words(value)),
    "etat": lambda value: value in set(Readiness),
    "manque": lambda value: value in set(Missing),
    "circo": lambda value: len(value) <= 100,
    "suivi": lambda value: value in {MINE, NOBODY} or _is_number(10**15)(value),
    "retard": _is_yes,
    "aide": _is_yes,
    "mandat": _is_no,
    "compte": _is_no,
    "adhesion": lambda value: value in STATES,
    "silence": _is_number(MOST_DAYS),
    "tri": lambda value: value.removeprefix("-") in ORDERS,
}
