"""Where a book stands: the few totals from which its bilan, its lamps and its totals' checks are told.

The shell keeps these totals up to date with every operation; nothing here needs the operations themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from retkoop.domain.cash_count import CashCount
from retkoop.domain.chart import BANK, CARRIED_LOSS, CARRIED_PROFIT, CASH, POSTAL
from retkoop.domain.entry import Operation
from retkoop.domain.ledger import AccountTotal, account_totals, day_moves, net_of, total_assets
from retkoop.domain.money import Cents, format_amount
from retkoop.domain.reconciliation import Reconciliation, UnpointedItem, unpointed_items
from retkoop.domain.school_year import SchoolYear

NOTHING_TO_RECONCILE: Final = Reconciliation(book_balance=0, statement_balance=None, unpointed=0, unpointed_count=0)


@dataclass(frozen=True)
class Standing:
    """The totals of one book, in cents.

    `previous_assets` is last year's total actif, `previous_cash` what its box held, None where the tool does not know them;
    `opening_cash` is what this year's opening puts into the box. `operation_count`,
    `last_operation`, `unproven_count` (operations without voucher), `deposit_count` (cash taken to the bank) and
    `last_bank_move` (the last day that changed the bank) leave the opening aside. `statement_document` is the date of the
    latest bank statement among the documents. `awaits_totals`: the year was kept elsewhere, and nobody has given its totals yet;
    neither a statement nor a count can be held against it.
    """

    year: SchoolYear
    totals: Mapping[str, AccountTotal] = field(default_factory=dict)
    operation_count: int = 0
    last_operation: date | None = None
    reconciliation: Reconciliation = NOTHING_TO_RECONCILE
    cash_count: CashCount | None = None
    previous_assets: Cents | None = None
    previous_cash: Cents | None = None
    opening_cash: Cents = 0
    has_opening: bool = False
    unproven_count: int = 0
    deposit_count: int = 0
    last_bank_move: date | None = None
    statement_document: date | None = None
    awaits_totals: bool = False

    def net(self, account: str) -> Cents:
        return net_of(self.totals, account)

    @property
    def bank(self) -> Cents:
        """What the book says of the current account, 512 or 514."""
        return self.net(BANK) + self.net(POSTAL)

    @property
    def cash(self) -> Cents:
        return self.net(CASH)

    @property
    def valid_count(self) -> CashCount | None:
        """The last cash count, as long as the box holds what it held that day: once cash has moved, it answers for nothing."""
        count = self.cash_count
        return count if count and count.book_balance == self.cash else None

    @property
    def assets(self) -> Cents:
        return total_assets(self.totals)

    @property
    def carried_forward(self) -> Cents:
        """Report à nouveau: positive for an avoir, negative for a debt."""
        return -self.net(CARRIED_PROFIT) - self.net(CARRIED_LOSS)

    @property
    def total_charges(self) -> Cents:
        return sum(total.net for account, total in self.totals.items() if account.startswith("6"))

    @property
    def total_produits(self) -> Cents:
        return -sum(total.net for account, total in self.totals.items() if account.startswith("7"))

    @property
    def result(self) -> Cents:
        """Résultat: produits less charges."""
        return self.total_produits - self.total_charges

    @property
    def imbalance(self) -> Cents:
        """Actif less passif of the bilan simplifié: zero unless an operation is not fully split."""
        return self.assets - self.carried_forward - self.result


def standing_of(  # noqa: PLR0913 -- the operations, and what they do not tell, all named
    operations: Iterable[Operation],
    year: SchoolYear,
    *,
    bank_account: str = BANK,
    statement_balance: Cents | None = None,
    former_items: Iterable[UnpointedItem] = (),
    cash_count: CashCount | None = None,
    previous_assets: Cents | None = None,
    previous_cash: Cents | None = None,
    statement_document: date | None = None,
) -> Standing:
    """Work out from all its operations where a book stands: the reference with which kept totals must agree.

    `bank_account` is 512 or 514; `former_items` are the bank moves of former years that no statement shows yet.
    """
    operations = tuple(operations)
    totals = account_totals(operations, bank_account)
    others = [operation for operation in operations if not operation.opening]
    items = [*former_items, *unpointed_items(operations)]
    return Standing(
        year=year,
        totals=totals,
        operation_count=len(others),
        last_operation=max((operation.date for operation in others), default=None),
        reconciliation=_reconciled(totals, items, statement_balance),
        cash_count=cash_count,
        previous_assets=previous_assets,
        previous_cash=previous_cash,
        opening_cash=sum(operation.moves.cash for operation in operations if operation.opening),
        has_opening=len(others) < len(operations),
        unproven_count=sum(not operation.proven for operation in others),
        deposit_count=sum(operation.is_deposit for operation in others),
        last_bank_move=max((move.day for move in day_moves(operations) if move.bank), default=None),
        statement_document=statement_document,
    )


def _reconciled(totals: Mapping[str, AccountTotal], items: Sequence[UnpointedItem], statement_balance: Cents | None) -> Reconciliation:
    return Reconciliation(
        book_balance=net_of(totals, BANK) + net_of(totals, POSTAL),
        statement_balance=statement_balance,
        unpointed=sum(item.amount for item in items),
        unpointed_count=len(items),
    )


class LampState(StrEnum):
    """A lamp is good (nothing to do), to do (something is not given yet) or bad (something is wrong)."""

    GOOD = "good"
    TODO = "todo"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Lamp:
    """One of the three lamps that stand on every page."""

    name: str
    state: LampState
    text: str


def lamps(standing: Standing) -> tuple[Lamp, Lamp, Lamp]:
    """Return the lamps of the bilan, the rapprochement and the caisse, in this order."""
    return _balance_sheet_lamp(standing), _reconciliation_lamp(standing), _cash_lamp(standing)


def _balance_sheet_lamp(standing: Standing) -> Lamp:
    if not standing.operation_count and not standing.has_opening:
        return Lamp("bilan", LampState.TODO, "Bilan : rien de saisi")
    if standing.awaits_totals:
        return Lamp("bilan", LampState.TODO, "Bilan\u202f: totaux à saisir")
    if standing.imbalance:
        return Lamp("bilan", LampState.BAD, f"Bilan : écart de {format_amount(abs(standing.imbalance))}")
    return Lamp("bilan", LampState.GOOD, "Bilan équilibré")


def _reconciliation_lamp(standing: Standing) -> Lamp:
    bank = standing.reconciliation
    if bank.gap is None:
        text = f"Rapprochement : {bank.unpointed_count} à pointer" if bank.unpointed_count else "Rapprochement : à faire"
        return Lamp("rapprochement", LampState.TODO, text)
    if bank.gap:
        return Lamp("rapprochement", LampState.BAD, f"Rapprochement : écart de {format_amount(abs(bank.gap))}")
    return Lamp("rapprochement", LampState.GOOD, "Rapprochement juste")


def _cash_lamp(standing: Standing) -> Lamp:
    count = standing.cash_count
    if count is None:
        if standing.cash or standing.operation_count or standing.has_opening:
            return Lamp("caisse", LampState.TODO, "Caisse : à compter")
        return Lamp("caisse", LampState.TODO, "Caisse : rien de saisi")
    if standing.valid_count is None:
        return Lamp("caisse", LampState.TODO, "Caisse : à recompter")
    if count.gap:
        return Lamp("caisse", LampState.BAD, f"Caisse : écart de {format_amount(abs(count.gap))}")
    return Lamp("caisse", LampState.GOOD, "Caisse juste")
