"""What the first page of a coop says of its adhésion: that it is to be declared, or to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from retkoop.books.home import HomeWord
from retkoop.books.models import Book
from retkoop.domain.dates import format_date
from retkoop.domain.membership import MembershipFacts, MembershipState
from retkoop.domain.money import format_amount
from retkoop.memberships.declaring.page import membership_due
from retkoop.memberships.queries import facts_of, membership_of


def home_words(books: Sequence[Book], today: date) -> list[HomeWord]:
    """Return what home says of the running year's adhésion, in one query and the settings; `books` come from `books_of`."""
    book = next((one for one in books if today in one.year), None)
    if book is None or book.coop.closed_on is not None:
        return []
    found = membership_of(book.coop, book.year)
    facts = facts_of(found) if found else MembershipFacts()
    due = membership_due(book.coop.association, book.year)
    told = _told(facts, due)
    return [HomeWord(*told, book, today > due, "membership", "Adhésion")] if told else []


def _told(facts: MembershipFacts, due: date) -> tuple[str, str] | None:
    if facts.state is MembershipState.TO_DECLARE:
        return "L’adhésion est à déclarer", f"L’association départementale l’attend pour le {format_date(due)}. Deux minutes suffisent."
    if facts.state is not MembershipState.LEFT and facts.owed > 0:
        sentence = f"L’association départementale attend le paiement pour le {format_date(due)}. La page dit comment faire."
        return f"Il reste {format_amount(facts.owed)} à payer pour l’adhésion", sentence
    return None
