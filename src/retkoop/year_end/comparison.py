"""The figures of a year beside those of the year before, with the length of their bars: what the page « Bilan » shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from retkoop.domain.chart import BANK, CASH, FIXED_LABELS, POSTAL, REGIE, Chart
from retkoop.domain.money import Cents, format_amount
from retkoop.domain.reports.balance_sheet import BalanceSheet, balance_sheet
from retkoop.domain.reports.income_statement import IncomeStatementRow, income_statement
from retkoop.domain.standing import Standing

Amounts = dict[tuple[str, str], Cents]
"""Amounts in cents, by account (empty where it has no number to show) and label."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One account, in cents; `former` is last year's amount, None where that year is not known, `percent` the bar's length."""

    account: str
    label: str
    amount: Cents
    former: Cents | None
    percent: float


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a statement: charges or produits, actif or passif; `key` chooses the colour of its bars."""

    title: str
    key: str
    rows: tuple[ComparedRow, ...]
    total: Cents
    former_total: Cents | None


def income_sides(standing: Standing, former: Standing | None, chart: Chart) -> tuple[Side, Side]:
    """Compare produits and charges, account by account; their bars have one scale."""
    now = income_statement(standing.totals, chart)
    then = income_statement(former.totals, chart) if former else None
    longest = max((row.amount for row in (*now.produits, *now.charges)), default=0)
    return (
        _side("Produits", "a", _accounts(now.produits), _accounts(then.produits) if then else None, longest),
        _side("Charges", "b", _accounts(now.charges), _accounts(then.charges) if then else None, longest),
    )


def sheet_sides(standing: Standing, former: Standing | None) -> tuple[Side, Side]:
    """Compare the two sides of the bilan; their bars have one scale."""
    now = balance_sheet(standing)
    then = balance_sheet(former) if former else None
    assets, liabilities = _assets(now), _liabilities(now)
    longest = max((*assets.values(), *liabilities.values()))
    return (
        _side("Actif", "a", assets, _assets(then) if then else None, longest),
        _side("Passif", "b", liabilities, _liabilities(then) if then else None, longest),
    )


def year_told(standing: Standing) -> str:
    """Tell the year in words that pupils understand."""
    told = f"La coopérative a reçu {format_amount(standing.total_produits)} et dépensé {format_amount(standing.total_charges)}"
    if standing.has_opening:
        told = f"L’année a commencé avec {format_amount(standing.carried_forward)}. {told}"
    return f"{told}." if standing.imbalance else f"{told}\u202f: elle possède {format_amount(standing.assets)}."


def _accounts(rows: Iterable[IncomeStatementRow]) -> Amounts:
    return {(row.alias, row.label): row.amount for row in rows}


def _assets(sheet: BalanceSheet) -> Amounts:
    amounts = {BANK: sheet.bank, POSTAL: sheet.postal, CASH: sheet.cash, REGIE: sheet.regies}
    return {(account, FIXED_LABELS[account]): amount for account, amount in amounts.items() if amount or account == CASH}


def _liabilities(sheet: BalanceSheet) -> Amounts:
    return {("", "Report à nouveau"): sheet.carried_forward, ("", "Résultat de l’année"): sheet.result}


def _side(title: str, key: str, now: Amounts, then: Amounts | None, longest: Cents) -> Side:
    rows = tuple(
        ComparedRow(
            account=name[0],
            label=name[1],
            amount=now.get(name, 0),
            former=None if then is None else then.get(name, 0),
            percent=round(max(now.get(name, 0), 0) * 100 / longest, 1) if longest > 0 else 0.0,
        )
        for name in sorted({*now, *(then or ())})
    )
    return Side(title, key, rows, sum(now.values()), None if then is None else sum(then.values()))
