from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.coop_end import CoopEndFacts, coop_end_refusals, handing_out, readable_until, taking_in
from retkoop.domain.entry import Kind, lines_of

DAY = date(2026, 6, 30)
FACTS = CoopEndFacts(DAY, bank=100_00, cash=5_00, regies=0, erreurs=0, unpointed=0, last_operation=DAY)


def test_a_coop_in_order_may_end() -> None:
    assert coop_end_refusals(FACTS) == []
    assert coop_end_refusals(replace(FACTS, last_operation=None)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"erreurs": 1}, "1 erreur reste dans le cahier\u202f: corrigez d’abord."),
        ({"erreurs": 3}, "3 erreurs restent dans le cahier\u202f: corrigez d’abord."),
        ({"unpointed": 1}, "1 opération n’est pas pointée\u202f: pointez d’abord le dernier relevé."),
        ({"unpointed": 2}, "2 opérations ne sont pas pointées\u202f: pointez d’abord le dernier relevé."),
        ({"regies": 50_00}, "Une régie est encore ouverte (50,00\u202f€)\u202f: soldez-la d’abord."),
        ({"bank": -1}, "La banque ou la caisse est à découvert\u202f: il n’y a rien à verser."),
        ({"cash": -1}, "La banque ou la caisse est à découvert\u202f: il n’y a rien à verser."),
        (
            {"last_operation": date(2026, 7, 2)},
            "Une opération est datée du 2 juillet 2026\u202f: la fin ne peut pas venir avant.",
        ),
        ({"signing": ("2024-2025",)}, "Les comptes 2024-2025 sont en cours de signature ou transmis\u202f: finissez d’abord."),
        (
            {"unaccepted": ("2024-2025",)},
            "Les comptes 2024-2025 ne sont pas encore validés\u202f: la coopérative les transmet, puis vous les validez.",
        ),
    ],
)
def test_what_stands_in_the_way_is_said(change: dict[str, Any], said: str) -> None:
    assert coop_end_refusals(replace(FACTS, **change)) == [said]


@given(bank=st.integers(0, 10**9), cash=st.integers(0, 10**9))
def test_what_one_hands_over_the_other_receives_to_the_cent(bank: int, cash: int) -> None:
    out = handing_out(DAY, bank, cash, label="Solde versé", tiers="OCCE 91")
    back = taking_in(out, label="Solde reçu", tiers="École", piece="F1")
    assert (back.moves.bank, back.moves.cash, back.date) == (bank, cash, out.date)
    assert (out.remainder, back.remainder, out.charges - back.produits) == (0, 0, 0)
    for lines in (lines_of(out), lines_of(back, "514")):
        assert sum(line.debit - line.credit for line in lines) == 0
    if bank + cash:
        assert (out.kind, back.kind) == (Kind.EXPENSE, Kind.RECEIPT)


@pytest.mark.parametrize(("closed", "until"), [(DAY, date(2036, 6, 30)), (date(2028, 2, 29), date(2038, 2, 28))])
def test_it_stays_readable_ten_years(closed: date, until: date) -> None:
    assert readable_until(closed) == until
