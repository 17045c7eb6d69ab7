"""The CRF and the findings as plain text, for whoever reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from retkoop.domain.checks.finding import Finding
from retkoop.domain.dates import format_date
from retkoop.domain.money import Cents, format_amount
from retkoop.domain.reports.crf import Crf
from retkoop.domain.reports.income_statement import IncomeStatementRow
from retkoop.ui.templates import plural

WIDTH = 72
UNKNOWN = "non donné"


def text_of(crf: Crf) -> str:
    """Write a CRF in the order of its document."""
    sections = (_title(crf), _income(crf), _sheet(crf), _reconciliation(crf), _cash(crf), _subsidies(crf), _checks(crf))
    return "\n\n".join("\n".join(section) for section in sections)


def findings_text(findings: Sequence[Finding]) -> str:
    """Write findings, one a line; good news where there is none."""
    if not findings:
        return "Bravo, les contrôles ne trouvent rien à corriger."
    return "\n".join(_findings(findings))


def _title(crf: Crf) -> Iterator[str]:
    header = crf.header
    yield f"Compte rendu financier {crf.year} (projet)"
    yield f"{header.coop} ({header.rne}), {header.association}"
    if header.mandataires:
        yield f"Mandataires\u202f: {', '.join(header.mandataires)}"


def _income(crf: Crf) -> Iterator[str]:
    statement = crf.income_statement
    yield "CHARGES"
    yield from _accounts(statement.charges)
    yield _line("Total des charges", statement.total_charges)
    yield "PRODUITS"
    yield from _accounts(statement.produits)
    yield _line("Total des produits", statement.total_produits)
    yield _line("Résultat", statement.result)


def _sheet(crf: Crf) -> Iterator[str]:
    sheet = crf.balance_sheet
    yield f"BILAN ({'équilibré' if sheet.is_balanced else 'pas équilibré'})"
    yield _line("  Banque", sheet.bank + sheet.postal)
    yield _line("  Caisse", sheet.cash)
    yield _line("  Régies d’avance", sheet.regies)
    yield _line("Total de l’actif", sheet.total_assets)
    yield _line("  Report à nouveau", sheet.carried_forward)
    yield _line("  Résultat", sheet.result)
    yield _line("Total du passif", sheet.total_liabilities)


def _reconciliation(crf: Crf) -> Iterator[str]:
    bank = crf.reconciliation
    yield f"RAPPROCHEMENT ({plural(bank.unpointed_count, 'opération non pointée', 'opérations non pointées')})"
    for item in crf.unpointed:
        yield _line(f"  {item.date:%d/%m/%Y} {item.piece} {item.label}", item.amount)
    yield _line("Solde du relevé", bank.statement_balance)
    yield _line("Solde comptable", bank.book_balance)
    yield _line("Écart", bank.gap)


def _cash(crf: Crf) -> Iterator[str]:
    count = crf.cash_count
    yield f"CAISSE (comptée le {format_date(count.day)})" if count else "CAISSE (à compter)"
    yield _line("Espèces comptées", count.counted if count else None)
    yield _line("Solde comptable", count.book_balance if count else crf.balance_sheet.cash)
    yield _line("Écart", count.gap if count else None)


def _subsidies(crf: Crf) -> Iterator[str]:
    yield "SUBVENTIONS" if crf.subsidies else "SUBVENTIONS (aucune)"
    for one in crf.subsidies:
        yield _line(f"  {one.date:%d/%m/%Y} {one.body}, {one.purpose}", one.amount)


def _checks(crf: Crf) -> Iterator[str]:
    yield "CONTRÔLES"
    yield findings_text(crf.findings)


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        piece = f" {finding.remark.piece}" if finding.remark.piece else ""
        yield f"{finding.severity.value.capitalize()}{piece}\u202f: {finding.remark.message}"


def _accounts(rows: Iterable[IncomeStatementRow]) -> Iterator[str]:
    return (_line(f"  {row.alias} {row.label}", row.amount) for row in rows)


def _line(label: str, amount: Cents | None) -> str:
    """Write a label and its amount, the amounts in one column unless the label is too long."""
    figure = UNKNOWN if amount is None else format_amount(amount)
    return f"{label} {figure.rjust(WIDTH - len(label) - 1)}"
