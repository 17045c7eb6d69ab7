"""What the page of the report à nouveau shows: what is noted, what last year proposes, the form to note or correct it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from retkoop.books.models import CarriedItem, Operation
from retkoop.books.opening import (
    bank_has_moved,
    carried_items_of,
    choose_bank_account,
    keep_opening,
    moves_of,
    opening_of,
    proposed_moves,
)
from retkoop.books.opening_forms import OpeningForm
from retkoop.books.page import CoopPage
from retkoop.domain.entry import Moves
from retkoop.domain.money import Cents


@dataclass(frozen=True)
class OpeningPage:
    """The opening of a book before a person."""

    page: CoopPage

    @cached_property
    def row(self) -> Operation | None:
        return opening_of(self.page.book)

    @cached_property
    def noted(self) -> Moves | None:
        """What is noted, in cents."""
        return moves_of(self.row) if self.row else None

    @cached_property
    def proposed(self) -> Moves | None:
        """What last year's book closed with, where it is known."""
        return proposed_moves(self.page.book, self.page.books)

    @cached_property
    def items(self) -> list[CarriedItem]:
        return carried_items_of(self.page.book)

    @property
    def items_sum(self) -> Cents:
        return sum(item.bank for item in self.items)

    @property
    def asks_items(self) -> bool:
        """Operations of a year that Retkoop knows are carried by themselves: nobody types them again."""
        return self.proposed is None

    def form(self, *, anew: bool = False) -> OpeningForm:
        """Return the form as it stands: what is noted, else (or `anew`) what last year proposes."""
        moves = (self.proposed or self.noted) if anew else (self.noted or self.proposed)
        figures = {"bank": moves.bank, "cash": moves.cash, "regie": moves.regie} if moves else {}
        version = self.row.version if self.row else None
        return self._form(initial={**figures, "version": version, "bank_account": self.page.book.bank_account})

    def bound(self, typed: QueryDict) -> OpeningForm:
        return self._form(typed)

    def over(self, typed: QueryDict, current: Operation | None) -> OpeningForm:
        """Return the form with what was typed, to be sent again over what the opening has become."""
        data = typed.copy()
        data["version"] = str(current.version) if current else ""
        return self._form(data)

    def keep(self, form: OpeningForm) -> None:
        """Write what a valid form says. Raises what `keep_opening` and `choose_bank_account` raise."""
        access, book, given = self.page.access, self.page.book, form.cleaned_data
        if not self.row:
            self._choose(given.get("bank_account"))
        keep_opening(access=access, book=book, moves=form.moves, version=given["version"], submission=given["submission"])
        if self.row:  # of which it makes a new version
            self._choose(given.get("bank_account"))

    def _choose(self, bank_account: str | None) -> None:
        if bank_account:
            choose_bank_account(access=self.page.access, book=self.page.book, bank_account=bank_account)

    def _form(self, data: QueryDict | None = None, initial: dict[str, object] | None = None) -> OpeningForm:
        asks_regies = any(moves and moves.regie for moves in (self.noted, self.proposed))
        asks_account = self.page.book.direct or not bank_has_moved(self.page.book)  # totals are booked anew, a cahier is not
        return OpeningForm(data, initial=initial, asks_account=asks_account, asks_regies=asks_regies)
