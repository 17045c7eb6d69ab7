from __future__ import annotations

from dataclasses import replace

import pytest

from retkoop.domain.fees import Basis, ExtraFee, InsuranceRule, Tariff
from retkoop.domain.tariff_change import tariff_changes, tariff_mark

FUND = ExtraFee("fund", "Fonds de solidarité", Basis.COOP, 5_00, "62810008")
GIFT = ExtraFee("gift", "Don", Basis.FREE, 0, "62810008", optional=True)
TARIFF = Tariff(2_05, 25, 0, extras=(FUND, GIFT))


def test_the_mark_tells_each_price_and_how_it_is_counted() -> None:
    assert tariff_mark(TARIFF) == {"member": 2_05, "insurance proposed": 25, "fund coop": 5_00, "gift free optional": 0}
    assert tariff_mark(Tariff(2_05, 25, 32_00, InsuranceRule.NONE)) == {"member": 2_05, "magazine": 32_00}
    assert tariff_mark(Tariff(2_05, 0, 0)) == {"member": 2_05}


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (TARIFF, []),
        (replace(TARIFF, member=2_10), ["cotisation 2,10\u202f€ par coopérateur au lieu de 2,05\u202f€"]),
        (replace(TARIFF, insurance_rule=InsuranceRule.COMPULSORY), ["assurance, toujours comprise 0,25\u202f€ par coopérateur"]),
        (replace(TARIFF, insurance_rule=InsuranceRule.NONE), ["une ligne n’est plus demandée"]),
        (replace(TARIFF, magazine=32_00), ["abonnement à Animation & Éducation 32,00\u202f€"]),
        (replace(TARIFF, extras=()), ["2 lignes ne sont plus demandées"]),
        (
            replace(TARIFF, extras=(replace(FUND, basis=Basis.CLASS), replace(GIFT, optional=False))),
            ["Fonds de solidarité 5,00\u202f€ par classe", "Don montant libre"],
        ),
        (
            replace(TARIFF, extras=(replace(FUND, price=6_00), GIFT)),
            ["Fonds de solidarité 6,00\u202f€ par coopérative au lieu de 5,00\u202f€"],
        ),
    ],
)
def test_what_has_changed_is_told_in_words(now: Tariff, told: list[str]) -> None:
    assert tariff_changes(tariff_mark(TARIFF), now) == told
