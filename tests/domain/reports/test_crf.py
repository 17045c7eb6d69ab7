from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.cash_count import CashCount
from retkoop.domain.chart import national_chart
from retkoop.domain.checks.finding import Finding, Place, Remark, Severity
from retkoop.domain.reconciliation import Reconciliation, UnpointedItem, unpointed_items
from retkoop.domain.reports.balance_sheet import balance_sheet
from retkoop.domain.reports.crf import Crf, CrfHeader, build_crf, findings_as_json
from retkoop.domain.reports.income_statement import income_statement
from retkoop.domain.reports.subsidies import subsidies_of
from retkoop.domain.standing import Standing, standing_of
from tests.domain import musee
from tests.domain.drafts import draft_books
from tests.domain.strategies import YEAR, Book

CHART = national_chart()
HEADER = CrfHeader("0910000A", "École Les Tilleuls", "OCCE 91", ("Mme Perrin", "M. Adjoint"))
FINDING = Finding("libelle-vague", Severity.CONSEIL, Remark("Le libellé est trop vague.", "Préciser", Place.OPERATION, 12, "D05"))
MUSEE = standing_of(musee.OPERATIONS, musee.YEAR)


def crf_of(standing: Standing = MUSEE, findings: tuple[Finding, ...] = ()) -> Crf:
    return build_crf(
        header=HEADER,
        standing=standing,
        chart=CHART,
        unpointed=unpointed_items(musee.OPERATIONS),
        subsidy_operations=musee.OPERATIONS,
        findings=findings,
    )


def test_a_crf_is_all_that_a_coop_sends_of_its_year() -> None:
    assert crf_of(findings=(FINDING,)) == Crf(
        header=HEADER,
        year=musee.YEAR,
        income_statement=income_statement(MUSEE.totals, CHART),
        balance_sheet=balance_sheet(MUSEE),
        reconciliation=MUSEE.reconciliation,
        unpointed=(UnpointedItem("D05", date(2026, 7, 2), "Livres pour la bibliothèque", -64_20, "2000104"),),
        cash_count=None,
        subsidies=subsidies_of([musee.SUBSIDY]),
        findings=(FINDING,),
    )


def test_the_json_of_the_musee_book_is_the_contract_to_the_letter() -> None:
    """Keys in their order, amounts in cents, null for what is not given."""
    expected = {
        "coop": "0910000A",
        "year": "2025-2026",
        "charges": {"61681008": 1625, "61800008": 46470, "62810008": 13325},
        "produits": {"74100008": 30000, "75600008": 52650},
        "total_charges": 61420,
        "total_produits": 82650,
        "resultat": 21230,
        "bilan": {
            "actif": {"512": 102820, "514": 0, "530": 2150, "54": 0, "total": 104970},
            "passif": {"report_a_nouveau": 83740, "resultat": 21230, "total": 104970},
            "equilibre": True,
        },
        "rapprochement": {
            "solde_livre": 102820,
            "solde_releve": None,
            "non_pointees": [{"piece": "D05", "date": "2026-07-02", "libelle": "Livres pour la bibliothèque", "montant": -6420}],
            "ecart": None,
            "correct": None,
        },
        "caisse": {"solde_livre": 2150, "compte": None, "ecart": None, "juste": None},
        "subventions": [
            {
                "date": "2026-01-20",
                "organisme": "Mairie",
                "objet": "Subvention, projet musée",
                "montant": 30000,
                "depense": None,
                "reste": None,
            }
        ],
        "regies_ouvertes": 0,
        "findings": [{"code": "libelle-vague", "severity": "conseil", "message": "Le libellé est trop vague.", "piece": "D05"}],
    }
    assert json.dumps(crf_of(findings=(FINDING,)).as_json()) == json.dumps(expected)


def test_a_statement_and_a_count_fill_what_was_null() -> None:
    standing = replace(
        MUSEE,
        reconciliation=Reconciliation(1_028_20, 1_100_00, unpointed=-64_20, unpointed_count=1),
        cash_count=CashCount(date(2025, 10, 3), 20_00, 21_50),
    )
    told = crf_of(standing).as_json()
    assert told["caisse"] == {"solde_livre": 2150, "compte": 2000, "ecart": -150, "juste": False}
    assert told["rapprochement"] == {
        "solde_livre": 102820,
        "solde_releve": 110000,
        "non_pointees": [{"piece": "D05", "date": "2026-07-02", "libelle": "Livres pour la bibliothèque", "montant": -6420}],
        "ecart": 760,
        "correct": False,
    }


@given(st.integers(0, 200_00), st.integers(0, 200_00))
def test_what_the_json_says_of_the_cash_never_contradicts_itself(counted: int, held: int) -> None:
    """A count of a day since which cash has moved is not held against what the book says now."""
    cash = crf_of(replace(MUSEE, cash_count=CashCount(date(2025, 9, 20), counted, held))).as_json()["caisse"]
    gap = counted - MUSEE.cash
    valid = {"solde_livre": MUSEE.cash, "compte": counted, "ecart": gap, "juste": gap == 0}
    assert cash == (valid if held == MUSEE.cash else {"solde_livre": MUSEE.cash, "compte": None, "ecart": None, "juste": None})


def test_an_open_regie_is_told_apart() -> None:
    crf = build_crf(header=HEADER, standing=standing_of(musee.OPERATIONS[:6], musee.YEAR), chart=CHART)
    assert (crf.open_regies, crf.as_json()["regies_ouvertes"]) == (120_00, 12000)


def test_unpointed_items_stand_by_date_and_by_piece() -> None:
    items = [UnpointedItem(piece, date(2026, 7, day), "Livres", -1_00) for piece, day in (("D11", 2), ("D2", 2), ("D30", 1))]
    crf = build_crf(header=HEADER, standing=MUSEE, chart=CHART, unpointed=items)
    assert [item.piece for item in crf.unpointed] == ["D30", "D2", "D11"]


def test_an_empty_book_has_a_crf_of_zeros() -> None:
    assert build_crf(header=HEADER, standing=Standing(YEAR), chart=CHART).as_json() == {
        "coop": "0910000A",
        "year": "2025-2026",
        "charges": {},
        "produits": {},
        "total_charges": 0,
        "total_produits": 0,
        "resultat": 0,
        "bilan": {
            "actif": {"512": 0, "514": 0, "530": 0, "54": 0, "total": 0},
            "passif": {"report_a_nouveau": 0, "resultat": 0, "total": 0},
            "equilibre": True,
        },
        "rapprochement": {"solde_livre": 0, "solde_releve": None, "non_pointees": [], "ecart": None, "correct": None},
        "caisse": {"solde_livre": 0, "compte": None, "ecart": None, "juste": None},
        "subventions": [],
        "regies_ouvertes": 0,
        "findings": [],
    }


def test_a_finding_on_no_operation_has_no_piece() -> None:
    finding = Finding("bilan", Severity.ERREUR, Remark("Le bilan n’est pas équilibré.", "Voir le bilan", Place.BALANCE_SHEET))
    assert findings_as_json([finding]) == [
        {"code": "bilan", "severity": "erreur", "message": "Le bilan n’est pas équilibré.", "piece": None}
    ]


@given(draft_books())
def test_the_crf_of_any_book_can_be_told(book: Book) -> None:
    standing = standing_of(book, YEAR)
    crf = build_crf(header=HEADER, standing=standing, chart=CHART, unpointed=unpointed_items(book), subsidy_operations=book)
    assert json.loads(json.dumps(crf.as_json())) == crf.as_json()
    assert sum(item.amount for item in crf.unpointed) == crf.reconciliation.unpointed
    assert sum(subsidy.amount for subsidy in crf.subsidies) == sum(
        row.amount for row in crf.income_statement.produits if row.alias in {"741", "748"}
    )
