from __future__ import annotations

from retkoop.domain.rules import Rules


def test_the_federation_s_defaults() -> None:
    rules = Rules()
    assert (rules.regie_ceiling, rules.cash_payment_ceiling, rules.cash_ceiling, rules.durable_threshold) == (
        150_00,
        1_000_00,
        300_00,
        500_00,
    )
    assert (rules.unpointed_days, rules.silent_days) == (60, 60)


def test_an_ad_overrides_any_of_them() -> None:
    assert Rules(regie_ceiling=200_00) == Rules(regie_ceiling=200_00, cash_ceiling=300_00)
