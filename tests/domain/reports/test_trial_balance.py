from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.chart import BANK, CARRIED_PROFIT, CASH, POSTAL, REGIE, SUSPENSE, national_chart
from retkoop.domain.ledger import AccountTotal, account_totals
from retkoop.domain.reports.trial_balance import TrialBalance, TrialBalanceRow, trial_balance
from tests.domain import musee
from tests.domain.drafts import draft_books
from tests.domain.strategies import Book

CHART = national_chart()


def test_the_balance_des_comptes_of_the_musee_book() -> None:
    sheet = trial_balance(account_totals(musee.OPERATIONS), CHART)
    assert [(row.account, row.label, row.debit, row.credit, row.debit_balance, row.credit_balance) for row in sheet.rows] == [
        (CARRIED_PROFIT, "Report à nouveau (solde créditeur)", 0, 837_40, 0, 837_40),
        (BANK, "Banque", 1_703_70, 675_50, 1_028_20, 0),
        (CASH, "Caisse", 121_50, 100_00, 21_50, 0),
        (REGIE, "Régies d’avance", 120_00, 120_00, 0, 0),
        ("61681008", "Assurances versées", 16_25, 0, 16_25, 0),
        ("61800008", "Charges des activités éducatives", 489_70, 25_00, 464_70, 0),
        ("62810008", "Cotisations versées à l’OCCE", 133_25, 0, 133_25, 0),
        ("74100008", "Subventions de l’État et des collectivités", 0, 300_00, 0, 300_00),
        ("75600008", "Participations volontaires des familles", 0, 526_50, 0, 526_50),
    ]
    assert (sheet.total_debit, sheet.total_credit) == (2_584_40, 2_584_40)
    assert (sheet.total_debit_balance, sheet.total_credit_balance) == (1_663_90, 1_663_90)


def test_accounts_stand_in_their_order_and_only_those_that_moved() -> None:
    totals = {CASH: AccountTotal(CASH, 5_00, 0), BANK: AccountTotal(BANK, 0, 5_00), REGIE: AccountTotal(REGIE)}
    assert trial_balance(totals, CHART) == TrialBalance(
        (TrialBalanceRow(BANK, "Banque", 0, 5_00), TrialBalanceRow(CASH, "Caisse", 5_00, 0))
    )


def test_what_is_not_split_yet_shows_under_its_own_name() -> None:
    sheet = trial_balance({SUSPENSE: AccountTotal(SUSPENSE, 41_80, 0)}, CHART)
    assert [(row.label, row.debit_balance) for row in sheet.rows] == [("À ventiler", 41_80)]


@given(draft_books(), st.sampled_from([BANK, POSTAL]))
def test_totals_are_equal_two_by_two(book: Book, bank_account: str) -> None:
    sheet = trial_balance(account_totals(book, bank_account), CHART)
    assert sheet.total_debit == sheet.total_credit
    assert sheet.total_debit_balance == sheet.total_credit_balance
