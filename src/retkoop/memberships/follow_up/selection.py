"""Which adhésions are looked at: state, words and order, in plain Python over what is known of each. No Django here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from urllib.parse import urlencode

from retkoop.domain.chart import fold, search_words
from retkoop.domain.membership import MembershipState
from retkoop.memberships.follow_up.queries import Followed

STATES: Final = {
    "a-declarer": MembershipState.TO_DECLARE,
    "a-payer": MembershipState.DECLARED,
    "en-partie": MembershipState.PART_PAID,
    "a-valider": MembershipState.PAID,
    "validees": MembershipState.VALIDATED,
    "non-renouvelees": MembershipState.LEFT,
}
"""States by their word of the address, the one that waits longest first."""
LATE: Final = "retard"
REFUND: Final = "a-rendre"


@dataclass(frozen=True, slots=True)
class FollowUpSelection:
    """What the address asks for: `etat` a state, LATE or REFUND; `q` words; `tri` a column, after a `-` the other way."""

    etat: str = ""
    q: str = ""
    tri: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> FollowUpSelection:
        """Return what an address asks for; what it cannot mean is left out."""
        etat, q, tri = (str(asked.get(field.name) or "").strip()[:100] for field in fields(cls))
        known = {*STATES, LATE, REFUND}
        return cls(etat if etat in known else "", q, tri if tri.removeprefix("-") in ORDERS else "")

    def query(self, **changes: str) -> str:
        """Return the words of an address that asks for this, with other words in place of some."""
        changed = replace(self, **changes)
        told = {field.name: getattr(changed, field.name) for field in fields(changed)}
        return urlencode({name: value for name, value in told.items() if value})

    def searched(self, rows: list[Followed]) -> list[Followed]:
        """Return those of `rows` that have the words, whatever their state."""
        words = search_words(self.q)
        return [row for row in rows if all(word in row.words for word in words)] if words else rows

    def chosen(self, rows: list[Followed], *, over: bool) -> list[Followed]:
        """Return those of `rows`, which come by RNE, that are asked for, in the order asked for; `over`: the last day to pay has passed."""
        kept = [row for row in self.searched(rows) if not self.etat or is_in(row, self.etat, over=over)]
        name, backwards = self.tri.removeprefix("-"), self.tri.startswith("-")
        return sorted(kept, key=ORDERS[name], reverse=backwards) if name else kept


def is_in(row: Followed, word: str, *, over: bool) -> bool:
    """Tell whether an adhésion is in a state, by its word of the address."""
    if word == LATE:
        return over and not row.is_settled
    if word == REFUND:
        return row.facts.owed < 0
    return row.state is STATES[word]


def counts_of(rows: Iterable[Followed], *, over: bool) -> dict[str, int]:
    """Count adhésions by the words of the address."""
    found = list(rows)
    states = Counter(row.state for row in found)
    return {
        **{word: states[one] for word, one in STATES.items()},
        LATE: sum(is_in(row, LATE, over=over) for row in found),
        REFUND: sum(row.facts.owed < 0 for row in found),
    }


_RANKS: Final = {one: rank for rank, one in enumerate(STATES.values())}
ORDERS: Final[dict[str, Callable[[Followed], Any]]] = {
    "ecole": lambda row: (fold(row.name), fold(row.commune)),
    "etat": lambda row: _RANKS[row.state],
    "coops": lambda row: row.members,
    "montant": lambda row: row.facts.due,
    "recu": lambda row: row.facts.received,
    "reste": lambda row: row.facts.owed,
    "avant": lambda row: row.former or 0,
}
"""How each column sorts."""
