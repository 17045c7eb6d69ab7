"""Balance sheet (bilan simplifié): what the coop owns on one side, where it comes from on the other."""

from __future__ import annotations

from dataclasses import dataclass

from retkoop.domain.chart import BANK, CASH, POSTAL, REGIE
from retkoop.domain.money import Cents
from retkoop.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class BalanceSheet:
    """The bilan in cents: bank (512), postal (514), cash (530) and open régies (54); report à nouveau and résultat."""

    bank: Cents
    postal: Cents
    cash: Cents
    regies: Cents
    carried_forward: Cents
    result: Cents

    @property
    def total_assets(self) -> Cents:
        """Total actif: the report à nouveau of the year after."""
        return self.bank + self.postal + self.cash + self.regies

    @property
    def total_liabilities(self) -> Cents:
        """Total passif."""
        return self.carried_forward + self.result

    @property
    def is_balanced(self) -> bool:
        """Équilibré: false as long as an operation is not fully split."""
        return self.total_assets == self.total_liabilities


def balance_sheet(standing: Standing) -> BalanceSheet:
    """Draw the bilan from where the book stands."""
    return BalanceSheet(
        bank=standing.net(BANK),
        postal=standing.net(POSTAL),
        cash=standing.net(CASH),
        regies=standing.net(REGIE),
        carried_forward=standing.carried_forward,
        result=standing.result,
    )
