"""The CRF of a book, put together from what is kept: it never reads the operations themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from retkoop.banking.queries import unpointed_items_of
from retkoop.books.findings import Told, all_findings_on
from retkoop.books.models import Book
from retkoop.books.queries import books_of, chart_of, standing_of
from retkoop.domain.checks import in_order
from retkoop.domain.checks.finding import Finding, Place, Remark, Severity
from retkoop.domain.reports.crf import Crf, CrfHeader, build_crf
from retkoop.domain.standing import Standing
from retkoop.year_end.queries import mandates_during, subsidies_in


def whole_crf(book: Book, day: date) -> Crf:
    """Return all that the CRF of a book says on a day, whatever its length: for `retkoop crf`."""
    books = books_of(book.coop)
    standing = standing_of(book, others=[other for other in books if other.pk != book.pk])
    return crf_of(book, books, standing, findings=findings_of(book, day))


def crf_of(book: Book, books: Sequence[Book], standing: Standing, *, findings: Iterable[Finding], most: int | None = None) -> Crf:
    """Return the CRF of a book; `most` limits the unpointed items and the subsidies that it lists, never its totals.

    `books` are all of the coop's, `findings` those to tell, in their order.
    """
    subsidies = subsidies_in(book, standing.totals.keys(), most)
    return build_crf(
        header=header_of(book),
        standing=standing,
        chart=chart_of(book),
        unpointed=unpointed_items_of(book, books, most) if standing.reconciliation.unpointed_count else (),
        subsidy_operations=subsidies.operations,
        subsidy_table=subsidies.table,
        findings=findings,
    )


def header_of(book: Book) -> CrfHeader:
    coop = book.coop
    holders = dict.fromkeys(mandates_during(book).values_list("holder", flat=True))
    return CrfHeader(coop.rne, coop.name, f"{coop.association} · {coop.association.name}", tuple(holders))


def findings_of(book: Book, day: date) -> list[Finding]:
    """Return all that is to be mended on a day, the gravest first, then as the book runs."""
    return in_order(map(finding_of, all_findings_on(book, day)))


def finding_of(told: Told) -> Finding:
    remark = Remark(told.message, told.mend, Place(told.place), told.operation_id, told.piece, told.day, told.since, told.until)
    return Finding(told.code, Severity(told.severity), remark)
