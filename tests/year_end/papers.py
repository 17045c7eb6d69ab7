"""CRFs on paper without a database, and what a PDF says once it is read back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from pypdf import PdfReader

from retkoop.domain.cash_count import CashCount
from retkoop.domain.chart import national_chart
from retkoop.domain.checks.finding import Finding
from retkoop.domain.entry import Operation
from retkoop.domain.money import Cents
from retkoop.domain.reconciliation import unpointed_items
from retkoop.domain.reports.crf import CrfHeader, build_crf
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import lamps, standing_of
from retkoop.ui.paper.document import pdf
from retkoop.year_end.crf_document import TEMPLATE, CrfPaper, data_of
from tests.domain.musee import OPERATIONS

YEAR = SchoolYear(2025)
DAY = date(2026, 9, 20)
HEADER = CrfHeader("0910000A", "École Jean-Jaurès", "OCCE 91 · Essonne", ("Camille Durand", "Sacha Petit"))


def paper(
    operations: Iterable[Operation] = OPERATIONS,
    *,
    header: CrfHeader = HEADER,
    statement_balance: Cents | None = None,
    cash_count: CashCount | None = None,
    quantities: dict[Cents, int] | None = None,
    findings: Iterable[Finding] = (),
) -> CrfPaper:
    """Return the CRF of some operations, of the musée where nothing is said."""
    operations = tuple(operations)
    standing = standing_of(operations, YEAR, statement_balance=statement_balance, cash_count=cash_count)
    crf = build_crf(
        header=header,
        standing=standing,
        chart=national_chart(),
        unpointed=unpointed_items(operations),
        subsidy_operations=operations,
        findings=findings,
    )
    day = None if statement_balance is None else date(2026, 8, 31)
    return CrfPaper(crf, lamps(standing), DAY, "Évry-Courcouronnes", day, quantities or {})


def relabelled(label: str) -> tuple[Operation, ...]:
    """Return the musée with one label everywhere, its tiers and its pièces too."""
    return tuple(replace(operation, label=label, tiers=label, piece=label[:30]) for operation in OPERATIONS)


def printed(one: CrfPaper) -> bytes:
    return pdf(TEMPLATE, data_of(one), one.day)


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def words(document: bytes) -> str:
    """Return all that a document says, its blanks and line breaks made one ordinary space."""
    text = " ".join(page.extract_text() for page in read(document).pages)
    return re.sub(r"[\s\u00a0\u202f]+", " ", text.replace("\u200b", ""))
