from __future__ import annotations

import pytest

from retkoop.domain.debit_reasons import DEBIT_REASONS, debit_reason


def test_a_closed_account_ends_the_mandate() -> None:
    reason = debit_reason("ac04")
    assert (reason.told, reason.ends) == ("AC04, le compte est clos", True)


def test_a_lack_of_money_does_not() -> None:
    assert debit_reason("AM04").ends is False


@pytest.mark.parametrize(
    ("code", "told"),
    [("XX99", "code XX99"), ("", "MS03, la banque ne dit pas pourquoi"), ("am-04x", "AM04, la provision n’était pas suffisante")],
)
def test_an_unknown_code_is_shown_as_it_is(code: str, told: str) -> None:
    assert debit_reason(code).told == told


def test_every_reason_tells_what_to_do() -> None:
    assert [one.code for one in DEBIT_REASONS.values() if not (one.label and one.advice)] == []
    assert {code for code, one in DEBIT_REASONS.items() if one.ends} == {
        "AC01", "AC03", "AC04", "AC13", "AG01", "BE01", "DNOR", "MD01", "MD02", "MD07", "RC01",
    }  # fmt: skip
