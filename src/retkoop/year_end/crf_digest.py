"""What was signed: one digest of all that a CRF and its CRA say, so that a CRF with another figure is another CRF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from retkoop.banking.cash import last_quantities_of
from retkoop.books.models import Book
from retkoop.domain.standing import Standing
from retkoop.year_end.cra.queries import answers_of
from retkoop.year_end.crf import crf_of
from retkoop.year_end.models import Explanation


def crf_digest(book: Book, books: Sequence[Book], standing: Standing) -> str:
    """Return the SHA-256 of the figures of a CRF, its statement, its cash count, its explanations and its CRA.

    What the checks find changes with the date, and is no part of it.
    """
    said = {
        "crf": {name: value for name, value in crf_of(book, books, standing, findings=()).as_json().items() if name != "findings"},
        "statement": book.statement_date.isoformat() if book.statement_date else None,
        "coins": sorted((last_quantities_of(book) or {}).items()) if standing.valid_count else [],
        "explanations": sorted(Explanation.objects.filter(book=book).values_list("code", "operation", "text")),
    }
    activities = answers_of(book)
    if activities:  # without any, a CRF that was signed before there were CRAs keeps its digest
        said["cra"] = activities
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
