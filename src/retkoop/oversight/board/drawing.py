"""The rows of the board. Here and not in a template: 650 rows of ten cells cost a template 30 ms, this function 5."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from html import escape
from itertools import product
from typing import Final

from markupsafe import Markup

from retkoop.domain.board import CoopFacts, CraProgress, Missing, Readiness, missing_label
from retkoop.domain.closing import STATE_LABELS, ClosingState
from retkoop.domain.membership import MEMBERSHIP_LABELS, MembershipState
from retkoop.domain.standing import LampState
from retkoop.oversight.board.selection import Row
from retkoop.ui.days import format_full

LAMP_NAMES: Final = ("bilan", "rapprochement", "caisse")
LAMP_WORDS: Final = {LampState.GOOD: "juste", LampState.TODO: "à faire", LampState.BAD: "écart"}
CRA_WORDS: Final = {CraProgress.NONE: "à remplir", CraProgress.BEGUN: "à finir", CraProgress.DONE: "terminé"}
Addresses = Mapping[str, tuple[str, str]]
"""The addresses of the pages of a coop, cut where its RNE goes."""


def drawn_rows(rows: Iterable[Row], addresses: Addresses, *, picks: bool, ticked: bool) -> Markup:
    """Return the rows of the table; `picks`: each begins with a box, `ticked` or not."""
    box = _BOX.format(" checked" if ticked else "") if picks else ""
    written = "\n".join([_row(row, addresses, box) for row in rows])
    return Markup(written)  # noqa: S704 -- what people have written is escaped in `_row`, the rest is ours


_safe: Final = lru_cache(maxsize=4096)(escape)
_BOX: Final = '<td class="pick"><input type="checkbox" name="rne" value="%s" aria-label="%s"{}></td>'


def _row(row: Row, addresses: Addresses, box: str) -> str:
    facts, rne = row.facts, row.facts.rne
    home = addresses["home" if facts.book is not None else "any_year"]
    commune = f"{_safe(facts.commune)} · " if facts.commune else ""
    return (
        f"<tr>{box % (rne, rne) if box else ''}"
        f'<td class="wide"><a href="{rne.join(home)}">{_safe(facts.name)}</a> '
        f'<span class="small">{commune}<a href="{rne.join(addresses["file"])}">{rne}</a></span></td>'
        f'<td class="where">{_where(row, addresses)}</td>{_papers(facts)}<td class="lamps-cell">{_LIGHTS[facts.lamps]}</td>'
        f'<td class="noted">{_day(facts.last_operation)}</td><td class="unproven">{facts.unproven or ""}</td>'
        f'<td class="who">{_who(facts)}</td><td class="helped">{_help(facts.open_help)}</td>'
        f'<td class="reminded">{_day(facts.last_contact)}</td><td class="follower">{_safe(facts.followed_by)}</td></tr>'
    )


def _papers(facts: CoopFacts) -> str:
    """Say how far the CRF, the CRA, the quitus and the adhésion are; of the first three nothing of a year that nobody has begun."""
    joined = _JOINED[facts.adhesion]
    if facts.book is None:
        return f'<td class="papers">{joined}</td>'
    return _PAPERS[facts.closing, facts.cra].format(_signed(facts.signatures, facts.signatures_needed), joined)


_PAPERS: Final = {
    (closing, cra): (
        f'<td class="papers"><span>CRF <b class="{closing}">{STATE_LABELS[closing].lower()}</b></span> '
        f'<span>CRA <b class="{cra}">{CRA_WORDS[cra]}</b></span> <span>Quitus {{}}</span>{{}}</td>'
    )
    for closing, cra in product(ClosingState, CraProgress)
}


_JOINED: Final[Mapping[MembershipState | None, str]] = {
    None: "",
    **{one: f' <span>Adhésion <b class="{one}">{label.lower()}</b></span>' for one, label in MEMBERSHIP_LABELS.items()},
}


@lru_cache(maxsize=256)
def _signed(count: int, needed: int) -> str:
    return '<b class="done">signé</b>' if count >= needed else f"<b>{count}\u00a0sur\u00a0{needed}</b>"


def _where(row: Row, addresses: Addresses) -> str:
    facts = row.facts
    if row.readiness is Readiness.DONE:
        return _done(facts.closing, ended=facts.closed_on is not None)
    if row.readiness is Readiness.READY:
        return f'<b class="pret">Prêt</b> <a href="{facts.rne.join(addresses["review"])}">relire</a>'
    return _left(tuple(missing_label(one, facts) for one in row.missing), late=row.late)


@lru_cache(maxsize=64)
def _done(closing: ClosingState, *, ended: bool) -> str:
    return f'<b class="fini">Fini</b> <span class="small">{"fermée" if ended else STATE_LABELS[closing].lower()}</span>'


@lru_cache(maxsize=4096)
def _left(labels: tuple[str, ...], *, late: bool) -> str:
    """Say what is missing, the first thing at once and the others on demand."""
    said = '<b class="late">En retard</b> ' if late else ""
    if not labels:
        return f'{said}<span class="muted">rien pour l’instant</span>'
    first, *others = labels
    if not others:
        return f"{said}{first}"
    return f"<details><summary>{said}{first} <span>+{len(others)}</span></summary><p>{', '.join(map(_small, others))}</p></details>"


def _small(label: str) -> str:
    return label if label[:3] == Missing.CRA.upper() else label[:1].lower() + label[1:]


def _who(facts: CoopFacts) -> str:
    if facts.closed_on is not None:
        return ""
    end = f' <span class="small">jusqu’au {_day(facts.mandate_end)}</span>' if facts.mandate_end else ""
    who = f"{_safe(facts.mandataire)}{end}" if facts.has_mandate else '<span class="none">aucun</span>'
    return who if facts.activated else f'{who} <span class="small">compte à activer</span>'


def _help(count: int) -> str:
    return f'<b class="help">{count}</b>' if count else ""


@lru_cache(maxsize=4096)
def _day(day: date | None) -> str:
    return format_full(day) if day else ""


def _lights(states: tuple[LampState, ...]) -> str:
    told = ", ".join(f"{name} {LAMP_WORDS[one]}" for name, one in zip(LAMP_NAMES, states, strict=True)).capitalize()
    dots = "".join(f'<i class="{one}"></i>' for one in states)
    return f'<span class="lights" role="img" title="{told}">{dots}</span>'


_LIGHTS: Final = {states: _lights(states) for states in product(LampState, repeat=3)}
