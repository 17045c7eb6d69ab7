"""The rows of the follow-up. Here and not in a template: a large AD has 650 of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Final

from markupsafe import Markup

from retkoop.domain.membership import MEMBERSHIP_LABELS, MembershipState
from retkoop.domain.money import Cents, format_number
from retkoop.memberships.follow_up.page import FollowUpPage
from retkoop.memberships.follow_up.queries import Followed

TONES: Final = {
    MembershipState.TO_DECLARE: "plain",
    MembershipState.DECLARED: "warn",
    MembershipState.PART_PAID: "warn",
    MembershipState.PAID: "info",
    MembershipState.VALIDATED: "good",
    MembershipState.LEFT: "plain",
}
_BADGES: Final = {one: f'<span class="badge badge--{TONES[one]}">{label}</span>' for one, label in MEMBERSHIP_LABELS.items()}
_safe: Final = lru_cache(maxsize=4096)(escape)
_number: Final = lru_cache(maxsize=4096)(format_number)


def drawn_adhesions(page: FollowUpPage, rows: Iterable[Followed]) -> Markup:
    """Return some rows of the table of a page."""
    address, former = page.address, str(page.year.previous)
    written = "\n".join([_row(row, address, former, over=page.is_over) for row in rows])
    return Markup(written)  # noqa: S704 -- what people have written is escaped in `_row`, the rest is ours


def _row(row: Followed, address: tuple[str, str], year: str, *, over: bool) -> str:
    facts = row.facts
    late = ' <b class="late">en retard</b>' if over and not row.is_settled else ""
    commune = f"{_safe(row.commune)} · " if row.commune else ""
    due = _number(facts.due) if facts.declared else f'<span class="muted">{_number(row.former)} en {year}</span>' if row.former else ""
    return (
        f'<tr><td class="wide"><a href="{row.rne.join(address)}">{_safe(row.name)}</a> <span class="small">{commune}{row.rne}</span></td>'
        f'<td class="where">{_BADGES[row.state]}{late}</td>'
        f'<td class="number members">{row.members if facts.declared else ""}</td>'
        f'<td class="number due">{due}</td>'
        f'<td class="number received">{_number(facts.received) if facts.received else ""}</td>'
        f'<td class="number owed">{_owed(facts.owed)}</td></tr>'
    )


def _owed(cents: Cents) -> str:
    return _number(cents) if cents > 0 else f'<span class="refund">à rendre {_number(-cents)}</span>' if cents < 0 else ""
