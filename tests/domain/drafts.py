"""Hypothesis strategies for books whose operations may leave something unexplained, and for the same book in another order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from retkoop.domain.entry import Moves, Operation
from tests.domain.strategies import Book, numbered, openings, operations, signed_amounts

figures = st.just(0) | signed_amounts


def drafts() -> st.SearchStrategy[Operation]:
    """Operations on accounts of the chart that moved anything at all."""
    return st.builds(lambda operation, moves: replace(operation, moves=moves), operations(), st.builds(Moves, figures, figures, figures))


def draft_books(max_size: int = 12) -> st.SearchStrategy[Book]:
    """Books as a teacher leaves them at any moment, with or without a report à nouveau."""
    opening = st.lists(openings(), max_size=1)
    entered = st.lists(drafts() | operations(), max_size=max_size)
    return st.builds(lambda first, rest: numbered([*first, *rest]), opening, entered)


def shuffled(books: st.SearchStrategy[Book]) -> st.SearchStrategy[tuple[Book, Book]]:
    """A book, and the same one entered in another order."""
    return books.flatmap(lambda book: st.tuples(st.just(book), st.permutations(book).map(tuple)))
