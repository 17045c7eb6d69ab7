"""The live checks (contrôles): the registry, and how to run it on a book or on what a change has touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from retkoop.domain.checks import (
    bank,
    cash,
    cheques,
    dates,
    duplicates,
    evidence,
    habits,
    labels,
    purchases,
    regies,
    registers,
    splits,
    year,
)
from retkoop.domain.checks.check import Check
from retkoop.domain.checks.finding import Finding
from retkoop.domain.checks.scope import (
    WHOLE,
    Days,
    Key,
    Scope,
    Terms,
    cheque_run,
    days_of,
    group_operations,
    tiers_habits,
)
from retkoop.domain.entry import Operation, natural_key
from retkoop.domain.registers import Registers
from retkoop.domain.standing import Standing

CHECKS: Final[tuple[Check[Any], ...]] = (
    splits.split_differs,
    splits.account_on_wrong_side,
    cash.cash_below_zero,
    bank.reconciliation_gap,
    cash.cash_count_differs,
    year.balance_sheet_differs,
    year.opening_differs,
    regies.regie_overdrawn,
    regies.regie_open_at_end,
    registers.table_differs,
    dates.date_outside_year,
    dates.date_in_the_future,
    dates.under_closed_statement,
    duplicates.duplicate,
    cheques.cheque_used_twice,
    cheques.cheque_skipped,
    cheques.cheque_unpointed,
    cheques.cheque_lapsed,
    bank.bank_overdrawn,
    year.opening_split_differs,
    bank.receipt_unpointed,
    regies.regie_above_ceiling,
    regies.regie_open_after_june,
    cash.cash_payment_too_large,
    evidence.voucher_missing,
    evidence.statement_missing,
    purchases.forbidden_purchase,
    purchases.durable_as_activity,
    registers.good_not_listed,
    registers.grant_not_tabled,
    registers.spent_on_something_else,
    registers.grant_not_justified,
    labels.label_too_vague,
    purchases.tolerated_purchase,
    purchases.sold_or_bought_only,
    habits.unusual_account,
    year.nothing_booked,
    cash.cash_box_too_full,
    evidence.deposited_too_often,
)
"""Every check, in the order in which their findings are shown within a severity."""

NO_REGISTERS: Final = Registers()
_RANKS: Final = {check.code: rank for rank, check in enumerate(CHECKS)}

Findings = tuple[Finding, ...]


def findings_of(scope: Scope, view: object, terms: Terms) -> Findings:
    """Run every check of a scope on the view of one group: an Operation for LINE, a list of them for TWINS, a
    ChequeRun, a TiersHabits, a Days, a Standing, the Registers.
    """
    return tuple(finding for check in CHECKS if check.scope is scope for finding in check.run(view, terms))


def look_again(  # noqa: PLR0913 -- the views of a book, all named
    keys: Iterable[Key],
    *,
    operations: Iterable[Operation],
    days: Days,
    standing: Standing,
    terms: Terms,
    registers: Registers = NO_REGISTERS,
) -> dict[Key, Findings]:
    """Run every check on some groups, `changed_keys` for instance; a group where nothing is wrong answers ().

    `operations` are those of the book as it is now: all of them, or at least the members of these groups.
    """
    groups = group_operations(operations)
    whole: dict[Scope, object] = {Scope.DAYS: days, Scope.TOTALS: standing, Scope.REGISTERS: registers}
    views = {key: whole[key[0]] if key[0] in whole else view_of(key, groups.get(key, ())) for key in keys}
    return {key: () if view is None else findings_of(key[0], view, terms) for key, view in views.items()}


def findings_by_group(
    operations: Iterable[Operation], standing: Standing, terms: Terms, registers: Registers = NO_REGISTERS
) -> Mapping[Key, Findings]:
    """Run every check on a whole book; groups without a finding are left out."""
    operations = tuple(operations)
    keys = {*((scope, "") for scope in WHOLE), *group_operations(operations)}
    found = look_again(keys, operations=operations, days=days_of(operations), standing=standing, terms=terms, registers=registers)
    return {key: findings for key, findings in found.items() if findings}


def view_of(key: Key, operations: Iterable[Operation]) -> object | None:
    """Return the view of a group that is told by its operations: a line, twins, a run of cheques, a tiers.

    None for a group that the last of its operations has left.
    """
    scope, name = key
    members = list(operations)
    if not members:
        return None
    if scope is Scope.LINE:
        return members[0]
    if scope is Scope.CHEQUES:
        return cheque_run(int(name), members)
    if scope is Scope.TIERS:
        return tiers_habits(name, members)
    return members


def all_findings(operations: Iterable[Operation], standing: Standing, terms: Terms, registers: Registers = NO_REGISTERS) -> list[Finding]:
    """Run every check on a whole book and return what they say, the gravest first."""
    found = findings_by_group(operations, standing, terms, registers)
    return in_order(finding for findings in found.values() for finding in findings)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings: by severity, by check, by pièce as it stands in the book; a check that is no more comes last."""
    return sorted(
        findings,
        key=lambda finding: (
            finding.severity.rank,
            _RANKS.get(finding.code, len(CHECKS)),
            natural_key(finding.remark.piece or ""),
            finding.remark.message,
        ),
    )


def good_news(days: Days, standing: Standing, terms: Terms) -> list[str]:
    """Return what is right in a book and worth telling: the checks of days and totals that had something to look at."""
    views: dict[Scope, object] = {Scope.DAYS: days, Scope.TOTALS: standing}
    praises = (check.praise(views[check.scope], terms) for check in CHECKS if check.scope in views)
    return [praise for praise in praises if praise]
