from __future__ import annotations

from datetime import date

import pytest

from retkoop.archive.clues import Clues, clues_in


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Total TTC 184,50 €", 184_50),
        ("TOTAL TTC : 1 234,56", 1234_56),
        ("Sous-total 100,00\nTVA 20,00\nNet à payer 120,00", 120_00),
        ("Article 12,50\nArticle 7,50\nTotal 20,00\nRendu 30,00", 20_00),
        ("Cahiers 12.50", 12_50),
        ("2 x 3,10 6,20\nEspèces 10,00", 10_00),
        ("Total HT 64,55\nTotal TVA 3,55\nA payer 68,10", 68_10),
        ("Total 68,10\nTotal TVA 3,55", 68_10),
        ("Montant HT 64,55\nMontant de la TVA 3,55\nÀ payer\u202f: 68,10 €", 68_10),
        ("Montant TTC 68,10\nTVA à payer 3,55", 68_10),
        ("Total HT 64,55 TVA 3,55 Total TTC 68,10", 68_10),
        ("Total 120,00\nAcompte 40,00\nReste à payer 80,00", 120_00),
        ("Acompte 40,00\nSolde à payer 80,00", 80_00),
        ("Facture n° 12 du 3 mai", None),
        ("Gratuit 0,00", None),
        ("1.234.567,89", 1234567_89),
        ("RIB 12,345", None),
        ("", None),
    ],
)
def test_the_amount_that_a_voucher_bears(text: str, amount: int | None) -> None:
    assert clues_in(text).amount == amount


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Le 14/11/2025", date(2025, 11, 14)),
        ("14-11-25", date(2025, 11, 14)),
        ("14.11.2025 à 9 h 30", date(2025, 11, 14)),
        ("Évry, le 1er février 2026", date(2026, 2, 1)),
        ("le 3 août 2026", date(2026, 8, 3)),
        ("Paris, 12 déc. 2025", date(2025, 12, 12)),
        ("31/02/2026 puis 01/03/2026", date(2026, 3, 1)),
        ("14/11/1925", None),
        ("Tél. 01/02/03/04/05", None),
        ("sans date", None),
    ],
)
def test_the_date_that_a_voucher_bears(text: str, day: date | None) -> None:
    assert clues_in(text).date == day


def test_both_together() -> None:
    assert clues_in("Musée\nle 14/11/2025\nTotal 184,50 €") == Clues(184_50, date(2025, 11, 14))
