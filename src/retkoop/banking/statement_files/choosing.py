"""Which account of a file is read: the only one that moved, or the one that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from retkoop.banking.statement_files.values import (
    MOST_LINES,
    TOO_MANY,
    SeveralAccounts,
    StatementFile,
    UnreadableStatement,
    refuse_other_currency,
)
from retkoop.domain.statement_lines import same_account


def chosen(found: Sequence[StatementFile], account: str = "") -> StatementFile:
    """Return the statement of an account, or of the only one that moved. Raises UnreadableStatement, SeveralAccounts."""
    each = list(by_account(found))
    if account:
        asked = [one for one in each if one.account == account] or [one for one in each if same_account(one.account, account)]
        if len(asked) != 1 or not asked[0].account:
            names = ", ".join(one.account or "sans numéro" for one in each)
            raise UnreadableStatement(f"Ce fichier ne contient pas le compte «\u00a0{account[:40]}\u00a0», mais\u202f: {names}.")
        each = asked
    moved = [one for one in each if one.lines] or each[:1]
    if len(moved) > 1:
        raise SeveralAccounts(moved)
    refuse_other_currency(moved[0].currency)
    if len(moved[0].lines) > MOST_LINES:
        raise UnreadableStatement(TOO_MANY)
    return moved[0]


def by_account(found: Iterable[StatementFile]) -> Iterable[StatementFile]:
    """Return one statement an account: those that follow each other in a file become one, with the first and the last balance."""
    joined: dict[str, StatementFile] = {}
    for one in found:
        before = joined.get(one.account)
        opening = before.opening if before else one.opening
        lines = (*before.lines, *one.lines) if before else one.lines
        joined[one.account] = replace(one, opening=opening, lines=lines)
    return joined.values()
