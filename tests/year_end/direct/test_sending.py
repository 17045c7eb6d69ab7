"""The same preparation, the same signatures, the same seal as for a cahier."""

from __future__ import annotations

import pytest

from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access
from retkoop.year_end.closing.preparation import Preparation
from retkoop.year_end.closing.queries import state_of
from retkoop.year_end.crf_document import crf_pdf
from retkoop.year_end.direct.services import leave_direct
from tests.banking.books_at_hand import now
from tests.books.coops import at, plain
from tests.year_end.closing.at_hand import page_of, sent
from tests.year_end.direct.at_hand import direct, granted, totalled, whole

pytestmark = pytest.mark.django_db


def test_a_year_of_totals_is_signed_sealed_and_sent(alice: Access, book: Book) -> None:
    book = whole(alice, book)
    sent(alice, book)
    assert state_of(now(book)) is ClosingState.SENT
    with pytest.raises(Refused, match="sont transmis à l’association départementale"):
        leave_direct(access=alice, book=now(book))
    with pytest.raises(Refused, match="sont transmis à l’association départementale"):
        granted(alice, now(book))


def test_what_remains_leads_to_the_steps(alice: Access, book: Book) -> None:
    book = direct(alice, book)
    totalled(alice, book)
    lines = {line.code: (plain(line.title), line.href) for line in Preparation(page_of(alice, book)).lines}
    assert {code: lines[code] for code in ("bilan", "rapprochement", "caisse")} == {
        "bilan": ("Bilan : écart de 1 100,00 €", at(book, "direct_totals")),
        "rapprochement": ("Rapprochement : à faire", at(book, "direct_bank")),
        "caisse": ("Caisse : à compter", at(book, "direct_cash")),
    }


def test_its_crf_is_the_same_document(alice: Access, book: Book) -> None:
    page = page_of(alice, whole(alice, book))
    assert crf_pdf(page.book, page.books, page.standing, page.findings, page.today).startswith(b"%PDF-")
