from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.chart import BANK, CASH, POSTAL, national_chart
from retkoop.domain.ledger import AccountTotal, account_totals
from retkoop.domain.reports.general_ledger import LedgerAccount, LedgerLine, general_ledger
from tests.domain import musee
from tests.domain.drafts import draft_books, shuffled
from tests.domain.strategies import Book

CHART = national_chart()


def test_an_account_shows_each_line_and_the_solde_that_it_leaves() -> None:
    accounts = {account.account: account for account in general_ledger(musee.OPERATIONS, CHART)}
    cash = accounts[CASH]
    assert cash == LedgerAccount(
        account="530",
        label="Caisse",
        lines=(
            LedgerLine(1, date(2025, 9, 1), "RAN", "Report à nouveau", 25_00, 0, 25_00),
            LedgerLine(3, date(2025, 9, 15), "R02", "Participations volontaires, espèces", 96_50, 0, 121_50),
            LedgerLine(5, date(2025, 10, 3), "V01", "Dépôt d’espèces", 0, 100_00, 21_50),
        ),
    )
    assert (cash.total_debit, cash.total_credit, cash.account_balance) == (121_50, 100_00, 21_50)
    assert accounts["75600008"].account_balance == -526_50


def test_accounts_stand_in_their_order() -> None:
    accounts = [account.account for account in general_ledger(musee.OPERATIONS, CHART, POSTAL)]
    assert accounts == ["110", "514", "530", "54", "61681008", "61800008", "62810008", "74100008", "75600008"]


def test_an_empty_book_has_no_accounts() -> None:
    assert general_ledger([], CHART) == ()


@given(shuffled(draft_books()), st.sampled_from([BANK, POSTAL]))
def test_the_grand_livre_ends_where_the_totals_stand(both: tuple[Book, Book], bank_account: str) -> None:
    book, same_book = both
    accounts = general_ledger(book, CHART, bank_account)
    assert accounts == general_ledger(same_book, CHART, bank_account)
    totals = {account.account: AccountTotal(account.account, account.total_debit, account.total_credit) for account in accounts}
    assert totals == account_totals(book, bank_account)
    assert [account.account for account in accounts if account.account_balance != totals[account.account].net] == []
