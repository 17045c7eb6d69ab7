"""The CRF as a document: what `crf.typ` lays out, every figure and sentence already in French."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from retkoop.banking.cash import last_quantities_of
from retkoop.banking.forms import denomination_label
from retkoop.books.findings import KeptFindings
from retkoop.books.models import Book
from retkoop.domain.cash_count import COINS, NOTES
from retkoop.domain.checks.finding import Finding, Severity
from retkoop.domain.closing import ClosingState
from retkoop.domain.money import Cents, format_amount, format_number
from retkoop.domain.reports.crf import Crf
from retkoop.domain.reports.income_statement import IncomeStatementRow
from retkoop.domain.reports.subsidies import SUBSIDY_ACCOUNTS, Subsidy
from retkoop.domain.standing import Lamp, Standing, lamps
from retkoop.ui.days import format_full, format_long
from retkoop.ui.paper.document import pdf
from retkoop.ui.templates import plural
from retkoop.year_end.closing.queries import on_the_crf
from retkoop.year_end.crf import crf_of, finding_of

MOST_ROWS: Final = 30
"""Rows of a list on paper: beyond, the totals still hold them all, and a sentence says where the others are."""

IN_THE_REPORT: Final = "La liste continue dans l’état de rapprochement\u202f; le total compte toutes les opérations."
IN_THE_BOOK: Final = "La liste continue dans le tableau des subventions\u202f; le total les compte toutes."
IN_RETKOOP: Final = "La liste continue dans Retkoop, à la page «\u00a0À corriger\u00a0»."

UNKNOWN: Final = "non donné"
DRAFT: Final = "Projet\u202f: ce compte rendu n’est pas encore envoyé à l’association départementale. Ses chiffres peuvent encore changer."

_SEVERITIES: Final = (
    (Severity.ERREUR, "bad", "Erreurs\u202f: elles faussent les comptes"),
    (Severity.ALERTE, "todo", "Alertes\u202f: à corriger ou à expliquer"),
    (Severity.CONSEIL, "plain", "Conseils"),
)

Row = tuple[str, ...]

LEFT: Final = (ClosingState.SENT, ClosingState.ACCEPTED, ClosingState.CLOSED)
"""The states in which the CRF is with the AD: it is no draft any more."""

TEMPLATE: Final = Path(__file__).with_name("crf.typ")


@dataclass(frozen=True)
class CrfPaper:
    """A CRF on its way to paper, with what its value does not hold.

    Its lists need hold one row more than are shown, to tell that they go on. `quantities` are the notes and coins of its
    last count, {denomination in cents: how many}; `explanations` what the coop says of an alerte, by check and operation (0: none).
    """

    crf: Crf
    lamps: tuple[Lamp, Lamp, Lamp]
    day: date
    commune: str = ""
    statement_date: date | None = None
    quantities: Mapping[Cents, int] = field(default_factory=dict)
    explanations: Mapping[tuple[str, int], str] = field(default_factory=dict)


def crf_pdf(book: Book, books: Sequence[Book], standing: Standing, findings: KeptFindings, day: date) -> bytes:
    """Return the CRF of a book as a PDF: a draft, until it can be sent.

    `books` are all of the coop's; `findings` those of the `day` on which it is printed.
    """
    return pdf(TEMPLATE, crf_data(book, books, standing, findings, day), day)


def crf_data(  # noqa: PLR0913 -- as `crf_pdf`, and whether it leaves
    book: Book, books: Sequence[Book], standing: Standing, findings: KeptFindings, day: date, *, sent: bool = False
) -> dict[str, object]:
    """Return what `crf_part.typ` lays out; no draft where it is `sent` on this day."""
    state, explanations = on_the_crf(book)
    told = [finding_of(one) for one in findings.gravest[: MOST_ROWS + 1]]
    paper = CrfPaper(
        crf=crf_of(book, books, standing, findings=told, most=MOST_ROWS + 1),
        lamps=lamps(standing),
        day=day,
        commune=book.coop.commune,
        statement_date=book.statement_date,
        quantities=last_quantities_of(book) or {} if standing.valid_count else {},
        explanations=explanations,
    )
    data = data_of(paper)
    return {**data, "draft": False, "warning": ""} if sent or state in LEFT else data


def file_name(book: Book) -> str:
    """Return the name under which people keep the document: `CRF-0910000A-2025-2026.pdf`."""
    return f"CRF-{book.coop.rne}-{book.year}.pdf"


def data_of(paper: CrfPaper) -> dict[str, object]:
    """Return what the template needs, as JSON holds it."""
    return {
        **_identity_data(paper),
        **_income_statement_data(paper.crf),
        **_balance_sheet_data(paper.crf),
        "lamps": [{"state": lamp.state.value, "text": lamp.text} for lamp in paper.lamps],
        "reconciliation": _reconciliation_data(paper),
        "cash": _cash_data(paper),
        **_subsidies_data(paper.crf),
        "regies": _regies_data(paper.crf.open_regies),
        "findings": _findings_data(paper.crf.findings[:MOST_ROWS], paper.explanations),
        "more_findings": _more(paper.crf.findings, IN_RETKOOP),
    }


def _identity_data(paper: CrfPaper) -> dict[str, object]:
    header, year = paper.crf.header, paper.crf.year
    heading = f"Compte rendu financier {year}"
    people = ", ".join(header.mandataires) or "à désigner"
    return {
        "title": f"{heading}, {header.coop} ({header.rne})",
        "heading": heading,
        "running": f"{heading} · {header.coop} · {header.rne}",
        "association": header.association,
        "coop": header.coop,
        "rne": header.rne,
        "year": str(year),
        "identity": " · ".join(
            filter(None, (f"RNE {header.rne}", paper.commune, f"exercice du 1er septembre {year.start} au 31 août {year.start + 1}"))
        ),
        "mandataires": [f"{'Mandataires' if len(header.mandataires) > 1 else 'Mandataire'}\u202f: {people}"],
        "draft": True,
        "warning": DRAFT,
        "made": f"Édité avec Retkoop le {format_long(paper.day)}",
        "sheet_heading": f"Bilan à ce jour, {format_long(paper.day)}"
        if paper.day < year.last_day
        else f"Bilan au {format_long(year.last_day)}",
        "signatures": _signatures(header.mandataires, header.association),
    }


def _signatures(mandataires: Sequence[str], association: str) -> list[dict[str, str]]:
    people = [{"title": "Mandataire", "name": name} for name in mandataires[:2] or ("",)]
    return [*people, {"title": "Pour l’association départementale", "name": association}]


def _income_statement_data(crf: Crf) -> dict[str, object]:
    statement = crf.income_statement
    return {
        "charges": _account_rows(statement.charges),
        "produits": _account_rows(statement.produits),
        "total_charges": format_number(statement.total_charges),
        "total_produits": format_number(statement.total_produits),
        "result": {"state": "plain", "text": result_sentence(statement.result)},
    }


def _account_rows(rows: Sequence[IncomeStatementRow]) -> list[Row]:
    return [(row.alias, row.label, format_number(row.amount)) for row in rows]


def result_sentence(result: Cents) -> str:
    """Tell what produits and charges leave."""
    if result == 0:
        return "Résultat de l’année\u202f: ni excédent ni déficit."
    return f"Résultat de l’année\u202f: {'un excédent' if result > 0 else 'un déficit'} de {format_amount(abs(result))}."


def _balance_sheet_data(crf: Crf) -> dict[str, object]:
    sheet = crf.balance_sheet
    assets = [
        ("Banque (512)", sheet.bank),
        ("Compte chèque postal (514)", sheet.postal),
        ("Caisse (530)", sheet.cash),
        ("Régies (54)", sheet.regies),
    ]
    moved = [(label, amount) for label, amount in assets if amount or label != "Compte chèque postal (514)"]
    return {
        "assets": [(label, format_number(amount)) for label, amount in moved],
        "liabilities": [("Report à nouveau", format_number(sheet.carried_forward)), ("Résultat de l’année", format_number(sheet.result))],
        "total_assets": format_number(sheet.total_assets),
        "total_liabilities": format_number(sheet.total_liabilities),
    }


def _reconciliation_data(paper: CrfPaper) -> dict[str, object]:
    bank, items = paper.crf.reconciliation, paper.crf.unpointed
    statement = f"Solde du relevé du {format_long(paper.statement_date)}" if paper.statement_date else "Solde du relevé"
    return {
        "rows": [
            (statement, _number(bank.statement_balance)),
            ("Opérations que le relevé ne montre pas encore (recettes − dépenses)", _moved(bank.unpointed)),
            ("Solde comptable", format_number(bank.book_balance)),
        ],
        "gap": _number(bank.gap),
        "heading": plural(bank.unpointed_count, "opération non pointée", "opérations non pointées"),
        "items": [(format_full(item.date), item.piece, item.label, item.cheque, _moved(item.amount)) for item in items[:MOST_ROWS]],
        "total": _moved(bank.unpointed),
        "more": _more(items, IN_THE_REPORT),
    }


def _cash_data(paper: CrfPaper) -> dict[str, object]:
    count = paper.crf.cash_count
    if count is None:
        rows = [("Espèces comptées", UNKNOWN), ("Solde comptable", format_number(paper.crf.balance_sheet.cash))]
        return {"rows": rows, "gap": UNKNOWN, "notes": [], "coins": []}
    day = format_long(count.day)
    return {
        "rows": [
            (f"Espèces comptées le {day}", format_number(count.counted)),
            (f"Solde comptable le {day}", format_number(count.book_balance)),
        ],
        "gap": format_number(count.gap),
        "notes": _counted(NOTES, paper.quantities),
        "coins": _counted(COINS, paper.quantities),
    }


def _counted(worths: Sequence[Cents], quantities: Mapping[Cents, int]) -> list[Row]:
    held = [(worth, quantities.get(worth, 0)) for worth in worths]
    return [(denomination_label(worth), str(number), format_number(worth * number)) for worth, number in held if number]


def _subsidies_data(crf: Crf) -> dict[str, object]:
    rows = [(format_full(one.date), one.body, one.purpose, format_number(one.amount), *_spending(one)) for one in crf.subsidies[:MOST_ROWS]]
    return {
        "subsidies": rows,
        "total_subsidies": format_number(_total_subsidies(crf)),
        "more_subsidies": _more(crf.subsidies, IN_THE_BOOK),
    }


def _spending(subsidy: Subsidy) -> tuple[str, str]:
    """Return what was spent of a subsidy and what is left; that neither is known is said once."""
    if subsidy.spent is None and subsidy.left is None:
        return UNKNOWN, ""
    return _number(subsidy.spent), _number(subsidy.left)


def _total_subsidies(crf: Crf) -> Cents:
    return sum(row.amount for row in crf.income_statement.produits if row.account.startswith(SUBSIDY_ACCOUNTS))


def _regies_data(open_regies: Cents) -> dict[str, str]:
    if open_regies:
        return {
            "state": "todo",
            "text": f"Argent encore confié à des enseignants\u202f: {format_amount(open_regies)}. Chaque régie revient à zéro au 31 août.",
        }
    return {"state": "good", "text": "Aucune régie n’est ouverte."}


def _findings_data(findings: Sequence[Finding], explanations: Mapping[tuple[str, int], str]) -> list[dict[str, object]]:
    groups = [(tone, heading, [one for one in findings if one.severity is severity]) for severity, tone, heading in _SEVERITIES]
    return [
        {
            "tone": tone,
            "heading": heading,
            "findings": [
                {
                    "piece": one.remark.piece or "",
                    "message": one.remark.message,
                    "explanation": explanations.get((one.code, one.remark.operation or 0), ""),
                }
                for one in found
            ],
        }
        for tone, heading, found in groups
        if found
    ]


def _more(rows: Sequence[object], sentence: str) -> str:
    return sentence if len(rows) > MOST_ROWS else ""


def _moved(amount: Cents) -> str:
    """Write what moved as all other amounts are written: `+40,00`, `−80,00`."""
    return f"{'+' if amount > 0 else ''}{format_number(amount)}"


def _number(amount: Cents | None) -> str:
    return UNKNOWN if amount is None else format_number(amount)
