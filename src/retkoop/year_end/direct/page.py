"""What the pages of a year that was kept elsewhere show: its steps, and the sums of what is typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from retkoop.banking.models import BankStatement
from retkoop.banking.queries import EVERYTHING, closing_statement_of, missing_on, pointable_operations
from retkoop.books.models import CarriedItem
from retkoop.books.opening import carried_items_of, moves_of
from retkoop.books.page import CoopPage
from retkoop.domain.cash_count import CashCount
from retkoop.domain.direct import YearTotals
from retkoop.domain.money import Cents, format_amount
from retkoop.ui.templates import plural
from retkoop.year_end.closing.queries import closing_of
from retkoop.year_end.direct.queries import GrantLine, Rows, grants_of, totals_said


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the form, as its list tells it; `needed`: the compte rendu is not whole without it.

    `wrong`: what was typed is to be mended.
    """

    name: str
    title: str
    sentence: str
    done: bool
    needed: bool = True
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """What the totals come to, in cents; `gap` is what bank and cash hold beyond what the accounts explain, None until both are said."""

    opening: Cents
    charges: Cents
    produits: Cents
    granted: Cents
    held: Cents | None

    @property
    def result(self) -> Cents:
        return self.produits + self.granted - self.charges

    @property
    def expected(self) -> Cents:
        return self.opening + self.result

    @property
    def gap(self) -> Cents | None:
        return None if self.held is None else self.held - self.expected


@dataclass(frozen=True)
class DirectPage:
    """A year that was kept elsewhere, before a person."""

    page: CoopPage

    @cached_property
    def rows(self) -> Rows:
        return totals_said(self.page.book)

    @cached_property
    def grants(self) -> list[GrantLine]:
        return grants_of(self.page.book, self.rows.receipts)

    @cached_property
    def granted(self) -> Cents:
        return sum(row.bank for row in self.rows.receipts)

    @cached_property
    def items(self) -> list[CarriedItem]:
        """What the statement of the end does not show."""
        return carried_items_of(self.page.book)

    @cached_property
    def statement(self) -> BankStatement | None:
        return closing_statement_of(self.page.book)

    @cached_property
    def former_left(self) -> int:
        """How many bank moves of former cahiers no statement shows yet."""
        return pointable_operations(self.page.book).filter(pointed_year__isnull=True).count()

    @cached_property
    def receipts_missing(self) -> Cents:
        return missing_on(self.page.book, EVERYTHING).receipts

    @property
    def count(self) -> CashCount | None:
        return self.page.standing.valid_count

    @property
    def can_leave(self) -> bool:
        return self.page.can_write and closing_of(self.page.book).sent_at is None

    def sums(self, totals: YearTotals | None, *, whole: bool = True, opening: Cents | None = None, granted: Cents | None = None) -> Sums:
        """Add up totals beside what else is noted, or told; `whole`: bank and cash are told."""
        parts = totals.parts if totals else ()
        noted = moves_of(self.rows.opening).total if self.rows.opening else 0
        return Sums(
            opening=noted if opening is None else opening,
            charges=sum(part.amount for part in parts if part.is_charge),
            produits=sum(part.amount for part in parts if not part.is_charge),
            granted=self.granted if granted is None else granted,
            held=totals.closing.total if totals and whole else None,
        )

    @cached_property
    def steps(self) -> list[Step]:
        return [self._opening(), self._subsidies(), self._totals(), self._bank(), self._cash()]

    @property
    def left(self) -> int:
        return sum(step.needed and not step.done for step in self.steps)

    def _opening(self) -> Step:
        row = self.rows.opening
        if row is None:
            return Step("direct_opening", "Ce qu’il y avait au départ", "En banque et en caisse, au 1er septembre.", done=False)
        return Step("direct_opening", "Ce qu’il y avait au départ", f"{format_amount(moves_of(row).total)} en tout.", done=True)

    def _totals(self) -> Step:
        title, totals = "Les totaux de l’année", self.rows.totals
        if totals is None:
            return Step("direct_totals", title, "Un montant par compte, et ce qu’il y avait à la fin.", done=False)
        gap = self.page.standing.imbalance
        if gap:
            told = f"Il reste un écart de {format_amount(abs(gap))}\u202f: le bilan n’est pas équilibré."
            return Step("direct_totals", title, told, done=False, wrong=True)
        return Step("direct_totals", title, f"Le résultat de l’année est de {format_amount(self.page.standing.result)}.", done=True)

    def _subsidies(self) -> Step:
        title, count = "Les subventions", len(self.grants)
        if not count:
            return Step("direct_subsidies", title, "Si vous en avez reçu\u202f: de qui, pour quoi, combien.", done=False, needed=False)
        told = f"{plural(count, 'subvention')}, {format_amount(self.granted)}."
        spent, charges = sum(one.spent for one in self.grants), self.page.standing.total_charges
        if spent > charges and not self.page.standing.awaits_totals:
            told = f"{told} Elles auraient payé {format_amount(spent)}, mais les totaux n’ont que {format_amount(charges)} de dépenses."
            return Step("direct_subsidies", title, told, done=False, wrong=True)
        return Step("direct_subsidies", title, told, done=all(one.line for one in self.grants))

    def _bank(self) -> Step:
        title, bank = "La banque au 31 août", self.page.standing.reconciliation
        if self.page.standing.awaits_totals and self.statement:
            return Step("direct_bank", title, "Le relevé est noté\u202f: il se comparera aux totaux.", done=True)
        if bank.gap is None:
            return Step("direct_bank", title, "Le solde du relevé, et ce qu’il ne montre pas encore.", done=False)
        if bank.gap:
            return Step(
                "direct_bank", title, f"Il reste un écart de {format_amount(abs(bank.gap))} avec le relevé.", done=False, wrong=True
            )
        return Step("direct_bank", title, "Le relevé et vos comptes disent la même chose.", done=True)

    def _cash(self) -> Step:
        title, count, counted = "La caisse au 31 août", self.count, self.page.book.count_total
        if self.page.standing.awaits_totals and counted is not None:
            told = f"{format_amount(counted)} comptés\u202f: les totaux diront si c’est juste."
            return Step("direct_cash", title, told, done=True)
        if count is None:
            return Step("direct_cash", title, "Combien de billets, combien de pièces\u202f?", done=False)
        if not count.is_right:
            told = f"Il y a un écart de {format_amount(abs(count.gap))}\u202f: recomptez."
            return Step("direct_cash", title, told, done=False, wrong=True)
        return Step("direct_cash", title, f"{format_amount(count.counted)} comptés\u202f: c’est juste.", done=True)
