"""CRF (compte rendu financier): all that a coop sends of its year, as one value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from retkoop.domain.cash_count import CashCount
from retkoop.domain.chart import Chart
from retkoop.domain.checks.finding import Finding
from retkoop.domain.entry import Operation, natural_key
from retkoop.domain.money import Cents
from retkoop.domain.reconciliation import Reconciliation, UnpointedItem
from retkoop.domain.reports.balance_sheet import BalanceSheet, balance_sheet
from retkoop.domain.reports.income_statement import IncomeStatement, income_statement
from retkoop.domain.reports.subsidies import Subsidy, TabledSubsidy, subsidies_of
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class CrfHeader:
    """Whose accounts these are: the school's RNE and the coop's name, its AD, its mandataires (the first one first)."""

    rne: str
    coop: str
    association: str
    mandataires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crf:
    """The accounts of one coop for one year, amounts in cents.

    `cash_count` is the last one, None where the cash has not been counted, or has moved since. `unpointed` holds the bank moves that the
    statement does not show, `open_regies` what teachers still hold.
    """

    header: CrfHeader
    year: SchoolYear
    income_statement: IncomeStatement
    balance_sheet: BalanceSheet
    reconciliation: Reconciliation
    unpointed: tuple[UnpointedItem, ...]
    cash_count: CashCount | None
    subsidies: tuple[Subsidy, ...]
    findings: tuple[Finding, ...]

    @property
    def open_regies(self) -> Cents:
        return self.balance_sheet.regies

    def as_json(self) -> dict[str, object]:
        """Return the object of `retkoop crf --json`, a contract: these keys in this order, None for what is not given."""
        statement = self.income_statement
        return {
            "coop": self.header.rne,
            "year": str(self.year),
            "charges": {row.account: row.amount for row in statement.charges},
            "produits": {row.account: row.amount for row in statement.produits},
            "total_charges": statement.total_charges,
            "total_produits": statement.total_produits,
            "resultat": statement.result,
            "bilan": _balance_sheet_as_json(self.balance_sheet),
            "rapprochement": _reconciliation_as_json(self.reconciliation, self.unpointed),
            "caisse": _cash_as_json(self.balance_sheet.cash, self.cash_count),
            "subventions": [_subsidy_as_json(subsidy) for subsidy in self.subsidies],
            "regies_ouvertes": self.open_regies,
            "findings": findings_as_json(self.findings),
        }


def build_crf(  # noqa: PLR0913 -- the parts of a CRF, all named
    *,
    header: CrfHeader,
    standing: Standing,
    chart: Chart,
    unpointed: Iterable[UnpointedItem] = (),
    subsidy_operations: Iterable[Operation] = (),
    subsidy_table: Iterable[TabledSubsidy] = (),
    findings: Iterable[Finding] = (),
) -> Crf:
    """Put a CRF together from where the book stands and the few rows that its totals do not hold.

    `subsidy_operations` need only be those with a part on a subsidy account, `subsidy_table` is what the coop says of them;
    `findings` are those that hold today, in the order in which to tell them.
    """
    return Crf(
        header=header,
        year=standing.year,
        income_statement=income_statement(standing.totals, chart),
        balance_sheet=balance_sheet(standing),
        reconciliation=standing.reconciliation,
        unpointed=tuple(sorted(unpointed, key=lambda item: (item.date, natural_key(item.piece)))),
        cash_count=standing.valid_count,
        subsidies=subsidies_of(subsidy_operations, subsidy_table),
        findings=tuple(findings),
    )


def findings_as_json(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Return the array of `retkoop check --json`, the same as in the CRF."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "message": finding.remark.message,
            "piece": finding.remark.piece,
        }
        for finding in findings
    ]


def _balance_sheet_as_json(sheet: BalanceSheet) -> dict[str, object]:
    return {
        "actif": {"512": sheet.bank, "514": sheet.postal, "530": sheet.cash, "54": sheet.regies, "total": sheet.total_assets},
        "passif": {"report_a_nouveau": sheet.carried_forward, "resultat": sheet.result, "total": sheet.total_liabilities},
        "equilibre": sheet.is_balanced,
    }


def _reconciliation_as_json(reconciliation: Reconciliation, unpointed: Iterable[UnpointedItem]) -> dict[str, object]:
    return {
        "solde_livre": reconciliation.book_balance,
        "solde_releve": reconciliation.statement_balance,
        "non_pointees": [
            {"piece": item.piece, "date": item.date.isoformat(), "libelle": item.label, "montant": item.amount} for item in unpointed
        ],
        "ecart": reconciliation.gap,
        "correct": reconciliation.is_right,
    }


def _cash_as_json(book_balance: Cents, count: CashCount | None) -> dict[str, object]:
    return {
        "solde_livre": book_balance,
        "compte": count.counted if count else None,
        "ecart": count.gap if count else None,
        "juste": count.is_right if count else None,
    }


def _subsidy_as_json(subsidy: Subsidy) -> dict[str, object]:
    return {
        "date": subsidy.date.isoformat(),
        "organisme": subsidy.body,
        "objet": subsidy.purpose,
        "montant": subsidy.amount,
        "depense": subsidy.spent,
        "reste": subsidy.left,
    }
