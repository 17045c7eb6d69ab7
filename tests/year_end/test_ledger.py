from __future__ import annotations

import pytest
from django.http import Http404

from retkoop.domain.chart import national_chart
from retkoop.domain.entry import Moves, Operation, Part
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import Standing, standing_of
from retkoop.year_end.ledger import accounts_of, choose_account
from tests.domain.musee import OPERATIONS

CHART = national_chart()
YEAR = SchoolYear(2025)
ACCOUNTS = accounts_of(standing_of(OPERATIONS, YEAR), CHART)


def test_accounts_that_moved_in_their_order() -> None:
    assert [(one.account, one.alias, one.debit, one.credit, one.net) for one in ACCOUNTS] == [
        ("110", "110", 0, 837_40, -837_40),
        ("512", "512", 1703_70, 675_50, 1028_20),
        ("530", "530", 121_50, 100_00, 21_50),
        ("54", "54", 120_00, 120_00, 0),
        ("61681008", "616", 16_25, 0, 16_25),
        ("61800008", "618", 489_70, 25_00, 464_70),
        ("62810008", "628", 133_25, 0, 133_25),
        ("74100008", "741", 0, 300_00, -300_00),
        ("75600008", "756", 0, 526_50, -526_50),
    ]


@pytest.mark.parametrize(("asked", "account"), [("618", "61800008"), ("61800008", "61800008"), ("54", "54"), (None, "512"), ("", "512")])
def test_an_account_by_its_code_or_its_short_number(asked: str | None, account: str) -> None:
    chosen = choose_account(ACCOUNTS, asked)
    assert chosen is not None
    assert chosen.account == account


def test_without_money_the_first_account() -> None:
    split = Operation(1, "X", YEAR.first_day, "Reclassement", Moves(), (Part("61800008", 5_00), Part("65000008", -5_00)))
    chosen = choose_account(accounts_of(standing_of([split], YEAR), CHART), None)
    assert chosen is not None
    assert chosen.account == "61800008"


def test_nothing_to_choose_from() -> None:
    assert choose_account(accounts_of(Standing(YEAR), CHART), None) is None


@pytest.mark.parametrize("asked", ["607", "999", "5 12", "' OR 1=1"])
def test_an_account_that_has_not_moved_is_not_there(asked: str) -> None:
    with pytest.raises(Http404):
        choose_account(ACCOUNTS, asked)
