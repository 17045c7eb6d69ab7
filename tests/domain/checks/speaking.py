"""What the tests of checks share: the terms of a year, operations in few words, and what a check says of a view."""

from __future__ import annotations

from datetime import date
from typing import Any

from retkoop.domain.checks.check import Check
from retkoop.domain.checks.finding import Remark
from retkoop.domain.checks.scope import Terms
from retkoop.domain.entry import Moves, Operation, Part
from retkoop.domain.money import Cents
from tests.domain.strategies import YEAR

TERMS = Terms(YEAR)
DIRECT = Terms(YEAR, direct=True)
"""The terms of a year that was kept elsewhere: it has no cahier."""


def made(moves: Moves, *parts: tuple[str, Cents], **told: Any) -> Operation:  # noqa: ANN401 -- any field of an operation
    """Make an operation; its parts are (account, amount)."""
    fields = {"key": 1, "piece": "D01", "date": date(2025, 10, 2), "label": "Livres pour la bibliothèque", **told}
    return Operation(moves=moves, parts=tuple(Part(account, amount) for account, amount in parts), **fields)


def spent(amount: Cents, account: str = "61800008", **told: Any) -> Operation:  # noqa: ANN401 -- idem
    """Make an expense paid by the bank."""
    return made(Moves(bank=-amount), (account, amount), **told)


def received(amount: Cents, account: str = "75600008", **told: Any) -> Operation:  # noqa: ANN401 -- idem
    """Make a receipt on the bank account."""
    return made(Moves(bank=amount), (account, amount), **{"piece": "R01", **told})


def remarks(check: Check[Any], view: object, terms: Terms = TERMS) -> list[Remark]:
    return [finding.remark for finding in check.run(view, terms)]


def said(check: Check[Any], view: object, terms: Terms = TERMS) -> list[str]:
    return [remark.message for remark in remarks(check, view, terms)]
