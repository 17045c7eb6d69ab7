"""Hypothesis strategies for operations and books.

`books()` holds what a service records: every operation explained to the cent. `wild_books()` holds what nobody should
ever record; a rule may find it wrong, it may not fail on it. Both draw from small pools, so that twins, habits and
runs of cheques do happen. Keys are 1, 2, 3… in the order of entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from hypothesis import strategies as st

from retkoop.domain.cash_count import CashCount
from retkoop.domain.chart import Nature, national_chart
from retkoop.domain.checks.scope import Closing
from retkoop.domain.entry import OPENING_PIECE, Moves, Operation, Part
from retkoop.domain.money import Cents
from retkoop.domain.reconciliation import Reconciliation
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import NOTHING_TO_RECONCILE, Standing
from retkoop.domain.standing import standing_of as domain_standing

YEAR = SchoolYear(2025)
CHART = national_chart()
CHARGES = [account.code for account in CHART.accounts if account.nature is Nature.CHARGE]
PRODUITS = [account.code for account in CHART.accounts if account.nature is Nature.PRODUIT]

LABELS = ["Sortie au musée", "Photos de classe", "Divers", "Facture n° 12", "Téléphone de l’école", "Achat d’un vélo", "Goûter"]
TIERS = ["", "Mairie", "mairie ", "Photographe", "Librairie du Marché", "Familles"]
CHEQUES = ["", "", "2000101", "2000102", "2000105", "2000149", "2000150", "0002000102", "virement"]
PIECES = ["", "1", "2", "D2", "D02", "D11", "R1"]

amounts = st.integers(1, 5_000_00)
signed_amounts = amounts | amounts.map(lambda amount: -amount)
days = st.dates(YEAR.first_day, YEAR.last_day)
moments = st.datetimes(datetime(2025, 9, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive
texts = st.text("aeZéÀœß’ -°/<&\"'\\09²٣\n\x00\u202f\u0301😀", max_size=12)


class Intention(NamedTuple):
    """What a teacher may do with an amount: the signs of what it moves, and the accounts over which it is split."""

    signs: Moves
    accounts: Sequence[str]


INTENTIONS = [
    Intention(Moves(bank=1), PRODUITS),
    Intention(Moves(cash=1), PRODUITS),
    Intention(Moves(bank=-1), CHARGES),
    Intention(Moves(cash=-1), CHARGES),
    Intention(Moves(bank=1), CHARGES),  # a refund
    Intention(Moves(bank=1, cash=-1), ()),
    Intention(Moves(bank=-1, cash=1), ()),
    Intention(Moves(bank=-1, regie=1), ()),
    Intention(Moves(cash=1, regie=-1), ()),
    Intention(Moves(regie=-1), CHARGES),
]
# Strategies are made once, here: made anew at every draw, they would cost more than the tests that use them.
_intentions = st.sampled_from(INTENTIONS)
_cuts = st.lists(st.tuples(st.integers(0, 99), signed_amounts), max_size=2)
_typed = st.none() | moments
_labels, _tiers, _cheques, _pieces = map(st.sampled_from, (LABELS, TIERS, CHEQUES, PIECES))


def split(total: Cents, accounts: Sequence[str], cuts: Iterable[tuple[int, Cents]], last: int) -> tuple[Part, ...]:
    """Split a total to the cent: what the cuts take, refunds as well, and the rest on a last account."""
    parts = [Part(accounts[which % len(accounts)], amount) for which, amount in cuts]
    rest = Part(accounts[last % len(accounts)], total - sum(part.amount for part in parts))
    return tuple(part for part in (*parts, rest) if part.amount)


@st.composite
def operations(draw: st.DrawFn) -> Operation:
    """Draw a sound operation: its split explains to the cent what it moved, on accounts of the right nature."""
    amount, (signs, accounts) = draw(amounts), draw(_intentions)
    moves = Moves(signs.bank * amount, signs.cash * amount, signs.regie * amount)
    total = -moves.total if accounts is CHARGES else moves.total
    return Operation(
        key=0,
        piece=draw(_pieces),
        date=draw(days),
        label=draw(_labels),
        moves=moves,
        parts=split(total, accounts, draw(_cuts), draw(st.integers(0, 99))) if accounts else (),
        tiers=draw(_tiers),
        cheque=draw(_cheques) if moves.bank else "",
        pointed=bool(moves.bank) and draw(st.booleans()),
        entered_at=draw(_typed),
    )


_held = st.integers(0, 5_000_00)
_seldom = st.sampled_from([False, False, False, True])


@st.composite
def openings(draw: st.DrawFn) -> Operation:
    """Draw a report à nouveau: what the bank and the cash box held on the first day."""
    moves = Moves(bank=draw(_held), cash=draw(_held))
    return Operation(0, OPENING_PIECE, YEAR.first_day, "Report à nouveau", moves, opening=True, pointed=True)


_figures = st.sampled_from([0, 0, 1, -1, 150_00, -64_20]) | st.integers(-(10**12), 10**12)
_accounts = st.sampled_from([*CHARGES, *PRODUITS, "", "6", "607", "69999999", "7", "512", "x"])
_wild_parts = st.lists(st.builds(Part, _accounts, _figures), max_size=3).map(tuple)
_wild_days = days | st.sampled_from([date(2025, 9, 15), date.min, date.max, date(2024, 2, 29)])
_wild_pieces, _wild_labels, _wild_tiers, _wild_cheques = (known | texts for known in (_pieces, _labels, _tiers, _cheques))


@st.composite
def wild_operations(draw: st.DrawFn) -> Operation:
    """Draw any operation whatsoever: any date, any text, any account, moves and parts that do not agree."""
    return Operation(
        key=0,
        piece=draw(_wild_pieces),
        date=draw(_wild_days),
        label=draw(_wild_labels),
        moves=Moves(draw(_figures), draw(_figures), draw(_figures)),
        parts=draw(_wild_parts),
        tiers=draw(_wild_tiers),
        cheque=draw(_wild_cheques),
        opening=draw(_seldom),
        pointed=draw(st.booleans()),
        proven=draw(st.booleans()),
        entered_at=draw(_typed),
        summary=draw(_seldom),
    )


Book = tuple[Operation, ...]


def numbered(book: Iterable[Operation]) -> Book:
    """Give the operations their keys, 1, 2, 3…"""
    return tuple(replace(operation, key=key) for key, operation in enumerate(book, start=1))


def books(max_size: int = 12) -> st.SearchStrategy[Book]:
    """Sound books, with or without a report à nouveau."""
    opening = st.lists(openings(), max_size=1)
    return st.builds(lambda first, rest: numbered([*first, *rest]), opening, st.lists(operations(), max_size=max_size))


def wild_books(max_size: int = 12) -> st.SearchStrategy[Book]:
    """Any books whatsoever, with more than one opening if it happens so."""
    return st.lists(wild_operations() | operations(), max_size=max_size).map(numbered)


@dataclass(frozen=True)
class Change:
    """One operation that comes (`before` is None), goes (`after` is None) or becomes another, and the book around it."""

    before: Operation | None
    after: Operation | None
    rest: Book

    @property
    def old_book(self) -> Book:
        return self.rest if self.before is None else (*self.rest, self.before)

    @property
    def new_book(self) -> Book:
        return self.rest if self.after is None else (*self.rest, self.after)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Draw a book, and an operation of it that is added, removed or edited."""
    operation = operations() | wild_operations()
    rest = draw(books() | wild_books())
    before, after = (replace(draw(operation), key=len(rest) + 1) for _ in range(2))
    # An edit seldom changes everything: what stays the same makes the old and the new groups overlap.
    edited = replace(after, date=before.date, moves=before.moves, tiers=before.tiers)
    return draw(
        st.sampled_from([Change(None, after, rest), Change(before, None, rest), Change(before, after, rest), Change(before, edited, rest)])
    )


def standing_of(book: Iterable[Operation], year: SchoolYear = YEAR) -> Standing:
    """Return the totals of a book, as the shell keeps them; nothing reconciled nor counted."""
    return replace(domain_standing(book, year), reconciliation=NOTHING_TO_RECONCILE)


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what a standing knows beside the operations: `replace(standing, **facts)`."""
    balance = st.none() | st.integers(-(10**12), 10**12)
    count = st.builds(CashCount, days, amounts, signed_amounts)
    return {
        "reconciliation": draw(st.builds(Reconciliation, signed_amounts, balance, signed_amounts, st.integers(0, 9))),
        "cash_count": draw(st.none() | count),
        "previous_assets": draw(balance),
        "previous_cash": draw(balance),
        "statement_document": draw(st.none() | days),
    }


closings = st.lists(st.builds(Closing, days, moments), max_size=3).map(tuple)
