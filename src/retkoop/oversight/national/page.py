"""All the ADs at a glance: where their coops are, their money, what is found and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from retkoop.domain.board import year_shown
from retkoop.domain.chart import fold, search_words
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.oversight.board.page import Head, year_asked
from retkoop.oversight.national.models import NationalState, Summing
from retkoop.oversight.national.queries import NO_MONEY, Money, associations_by_key, is_awaited, money_by_association, states_of, summing

COUNTED: Final = ("coops", "activated", "not_ready", "ready", "done", "late", "sent", "help_open", "help_waiting")


def percent(part: int, whole: int) -> int:
    """Return a share in hundredths, cut: 100 only where nothing is missing."""
    return 100 * part // whole if whole else 0


@dataclass(frozen=True, slots=True)
class NationalLine:
    """An AD, or all of them, in a year; without a state where nothing is kept of it yet."""

    association: DepartmentalAssociation | None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    money: Money = NO_MONEY
    state: NationalState | None = None

    @property
    def department(self) -> str:
        return self.association.department if self.association else ""

    @property
    def sent_percent(self) -> int:
        return percent(self.counts["sent"], self.counts["coops"])

    @property
    def activated_percent(self) -> int:
        return percent(self.counts["activated"], self.counts["coops"])

    @property
    def parts(self) -> list[tuple[str, float, float]]:
        """The states as parts of one line: where each begins and how long it is, in hundredths."""
        x, parts, total = 0.0, [], self.counts["coops"] or 1
        for name, css in (("done", "fini"), ("ready", "pret"), ("not_ready", "pas-pret")):
            width = 100 * self.counts[name] / total
            parts.append((css, round(x, 2), round(width, 2)))
            x += width
        return parts


ORDERS: Final[dict[str, Callable[[NationalLine], Any]]] = {
    "ad": lambda line: line.department,
    "coops": lambda line: line.counts["coops"],
    "etat": lambda line: percent(line.counts["done"], line.counts["coops"]),
    "retard": lambda line: line.counts["late"],
    "envoi": lambda line: line.sent_percent,
    "aide": lambda line: (line.counts["help_waiting"], line.counts["help_open"]),
    "charges": lambda line: line.money.charges,
    "produits": lambda line: line.money.produits,
    "resultat": lambda line: line.money.result,
    "tresorerie": lambda line: line.money.owned,
}
"""How each column sorts."""


@dataclass(frozen=True)
class NationalPage:
    """The page of the federation, as its address asks for it: `q` words of an AD, `tri` a column, after a `-` the other way."""

    year: SchoolYear
    today: date
    q: str = ""
    tri: str = ""

    @classmethod
    def of(cls, asked: QueryDict, today: date) -> NationalPage:
        """Return the page that an address asks for; an order that it cannot mean is left out. Raises Http404 for a strange year."""
        tri = asked.get("tri", "")
        known = tri if tri.removeprefix("-") in ORDERS else ""
        return cls(year_asked(asked.get("annee"), today), today, asked.get("q", "").strip()[:100], known)

    @cached_property
    def summing(self) -> Summing:
        return summing()

    @property
    def is_awaited(self) -> bool:
        return is_awaited(self.summing)

    @cached_property
    def lines(self) -> list[NationalLine]:
        """All the ADs, by département."""
        states, money = states_of(self.year), money_by_association(self.year)
        return [_line(one, states.get(key), money.get(key, NO_MONEY)) for key, one in associations_by_key().items()]

    @cached_property
    def shown(self) -> list[NationalLine]:
        """Those asked for, in the order asked for."""
        words = search_words(self.q)
        kept = [line for line in self.lines if all(word in _words(line) for word in words)]
        return sorted(kept, key=ORDERS[self.tri.removeprefix("-")], reverse=self.tri.startswith("-")) if self.tri else kept

    @cached_property
    def total(self) -> NationalLine:
        """What is shown, in all."""
        counts = {name: sum(line.counts[name] for line in self.shown) for name in COUNTED}

        def sum_of(name: str) -> Cents:
            return sum(getattr(line.money, name) for line in self.shown)

        return NationalLine(None, counts, Money(sum_of("charges"), sum_of("produits"), sum_of("owned")))

    def href(self, **changes: Any) -> str:  # noqa: ANN401 -- fields of this class
        """Return the address of this page with other words in place of some."""
        other = replace(self, **changes)
        usual = other.year == year_shown(self.today)
        words = {"annee": "" if usual else str(other.year), "q": other.q, "tri": other.tri}
        query = urlencode({name: value for name, value in words.items() if value})
        return f"{reverse('federation')}{'?' if query else ''}{query}"

    def head(self, title: str, column: str, *, down: bool = True) -> Head:
        """Return the head of a column; `down`: the first press sorts the largest first."""
        first, second = (f"-{column}", column) if down else (column, f"-{column}")
        sort = None if self.tri.removeprefix("-") != column else "descending" if self.tri.startswith("-") else "ascending"
        return Head(column, title, self.href(tri=second if self.tri == first else first), sort)

    @cached_property
    def _board(self) -> tuple[str, str]:
        """The address of a board, cut where its département goes: a hundred rows ask for it."""
        before, _, after = reverse("association", kwargs={"department": "DEPARTEMENT"}).partition("DEPARTEMENT")
        return before, after if self.year == year_shown(self.today) else f"{after}?annee={self.year}"

    def board_of(self, line: NationalLine, query: str = "") -> str:
        """Return the address of the board of an AD in this year, with more words of the address where some are given."""
        address = line.department.join(self._board)
        return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def _line(association: DepartmentalAssociation, state: NationalState | None, money: Money) -> NationalLine:
    counts = {name: getattr(state, name) if state else 0 for name in COUNTED}
    return NationalLine(association, counts, money, state)


def _words(line: NationalLine) -> str:
    return fold(f"{line.association.department} {line.association.name}") if line.association else ""
