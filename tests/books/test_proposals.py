"""Which operation a voucher is thought to prove, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from retkoop.archive.models import Document
from retkoop.books.models import Book, Proof
from retkoop.books.proposals import Candidate, proposals_for, propose
from retkoop.books.vouchers import say_proof
from retkoop.network.access import Access
from tests.archive.sent import receive
from tests.books.coops import a_book, keeper, note, plain

CAME = datetime(2025, 11, 20, 9, tzinfo=UTC)


def voucher(key: int, amount: int | None = None, day: str | None = None) -> Document:
    found = date.fromisoformat(day) if day else None
    return Document(pk=key, found_amount=amount, found_date=found, received_at=CAME)


def line(key: int, amount: int, day: str, *, cash: bool = False, label: str = "Car", tiers: str = "") -> Candidate:
    bank, box = (0, amount) if cash else (amount, 0)
    return Candidate(key, f"D{key}", date.fromisoformat(day), label, tiers, bank, box, 0)


def told(documents: list[Document], lines: list[Candidate], words: str = "") -> dict[int, tuple[int, str]]:
    """Return, by document, the operation that is proposed and the reason; each document bears the words."""
    found = propose(documents, lines, lambda asked: {one.pk: words for one in asked})
    return {key: (proposal.operation.key, plain(proposal.reason)) for key, proposal in found.items()}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (voucher(1, 184_50, "2025-11-14"), {1: (5, "Même montant, même jour.")}),
        (voucher(1, 184_50, "2025-11-17"), {1: (5, "Même montant, à 3 jours près.")}),
        (voucher(1, 184_50, "2025-11-15"), {1: (5, "Même montant, à 1 jour près.")}),
        (voucher(1, 184_50), {1: (5, "Même montant.")}),
        (voucher(1, 12_00, "2025-10-03"), {1: (6, "Même montant, à 1 jour près.")}),
        (voucher(1, 99_99, "2025-11-12"), {}),
        (voucher(1, None, "2025-10-05"), {1: (6, "Date la plus proche (02/10) : vérifiez.")}),
        (voucher(1), {}),
        (voucher(1, 184_50, "2026-03-14"), {}),
        (voucher(1, None, "2026-03-14"), {}),
    ],
)
def test_the_amount_and_the_date_tell(document: Document, expected: dict[int, tuple[int, str]]) -> None:
    assert told([document], [line(5, -184_50, "2025-11-14"), line(6, 12_00, "2025-10-02", cash=True)]) == expected


@pytest.mark.parametrize(
    ("label", "tiers", "expected"),
    [
        ("Livres", "Librairie des Halles", {1: (5, "Date la plus proche (14/11) : vérifiez.")}),
        ("Livres de la librairie", "", {1: (5, "Date la plus proche (14/11) : vérifiez.")}),
        ("Goûter", "Librairie du Marché", {}),
        ("Car", "", {}),
    ],
)
def test_another_amount_is_meant_only_where_the_voucher_names_it(label: str, tiers: str, expected: dict[int, tuple[int, str]]) -> None:
    lines = [line(5, -184_50, "2025-11-14", label=label, tiers=tiers)]
    assert told([voucher(1, 68_10, "2025-11-12")], lines, "librairie des halles livres car a payer 68 10") == expected


def test_of_two_lines_of_one_amount_the_nearest_is_meant() -> None:
    lines = [line(5, -20_00, "2025-09-10"), line(6, -20_00, "2025-11-10")]
    assert told([voucher(1, 20_00, "2025-11-08")], lines) == {1: (6, "Même montant, à 2 jours près.")}


def test_no_line_is_proposed_twice_and_the_surest_choose_first() -> None:
    lines = [line(5, -20_00, "2025-11-10")]
    documents = [voucher(1, None, "2025-11-10"), voucher(2, 20_00, "2025-11-10"), voucher(3, 20_00, "2025-11-10")]
    assert told(documents, lines) == {2: (5, "Même montant, même jour.")}


def test_without_any_line_nothing_is_proposed() -> None:
    assert told([voucher(1, 20_00, "2025-11-10")], []) == {}


@pytest.mark.django_db
class TestBook:
    """Only operations that wait for their voucher are thought of."""

    @pytest.fixture
    def alice(self) -> Access:
        return keeper()

    @pytest.fixture
    def book(self, alice: Access) -> Book:
        return a_book(alice)

    def test_a_line_of_the_book_is_found(self, alice: Access, book: Book) -> None:
        row = note(alice, book, "D1", "2025-11-16", "Sortie", -184_50)
        note(alice, book, "D2", "2025-11-14", "Cahiers", -12_00)
        document = receive(alice, book)
        found = proposals_for(book, [document])[document.pk]
        assert (found.operation.key, plain(found.reason)) == (row.pk, "Même montant, à 2 jours près.")

    def test_what_is_joined_already_is_left_alone(self, alice: Access, book: Book) -> None:
        row = note(alice, book, "D1", "2025-11-14", "Sortie", -184_50)
        document = receive(alice, book, operation=row.pk)
        assert proposals_for(book, [document]) == {}

    def test_a_file_is_better_than_a_paper_somewhere_but_for_the_same_amount_alone(self, alice: Access, book: Book) -> None:
        row, other = note(alice, book, "D1", "2025-11-14", "Sortie", -184_50), note(alice, book, "D2", "2025-11-14", "Car", -20_00)
        for one in (row, other):
            say_proof(access=alice, book=book, operation=one.pk, proof=Proof.PAPER, place="Classeur")
        document = receive(alice, book)
        assert {key: found.operation.key for key, found in proposals_for(book, [document]).items()} == {document.pk: row.pk}

    def test_the_words_of_a_voucher_name_an_operation_of_another_amount(self, alice: Access, book: Book) -> None:
        note(alice, book, "D1", "2025-11-14", "Goûter", -12_00)
        assert proposals_for(book, [receive(alice, book)]) == {}
        row = note(alice, book, "D2", "2025-11-16", "Autocars du Hurepoix", -84_50)
        found = proposals_for(book, list(Document.objects.defer("words")))
        assert [(one.operation.key, one.sure) for one in found.values()] == [(row.pk, False)]

    def test_other_years_are_not_looked_at(self, alice: Access, book: Book) -> None:
        note(alice, a_book(alice, book.year.next), "D1", "2026-09-02", "Sortie", -184_50)
        assert proposals_for(book, [receive(alice, book)]) == {}

    def test_nothing_to_sort_asks_nothing(self, book: Book) -> None:
        assert proposals_for(book, []) == {}
