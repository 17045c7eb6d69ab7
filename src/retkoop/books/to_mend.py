"""The page « À corriger »: every finding of the day by severity, and what is right."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, cast

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.functional import cached_property

from retkoop.books.findings import COUNTED, Told, holding_on
from retkoop.books.models import KeptFinding
from retkoop.books.page import CoopPage
from retkoop.books.queries import day_view, days_of, terms_of
from retkoop.domain.checks import good_news
from retkoop.domain.checks.finding import Severity

A_PAGE: Final = 100

MEANINGS: Final = {
    Severity.ERREUR: "Une erreur fausse les comptes : le CRF ne peut pas partir avec elle.",
    Severity.ALERTE: "Une alerte dit qu’une règle n’est pas suivie : corrigez, ou gardez de quoi l’expliquer.",
    Severity.CONSEIL: "Un conseil n’oblige à rien : il rend les comptes plus clairs pour qui les relira.",
}
_NAMES: Final = {
    Severity.ERREUR: ("erreur", "erreurs"),
    Severity.ALERTE: ("alerte", "alertes"),
    Severity.CONSEIL: ("conseil", "conseils"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one severity on a page; `count` is how many there are on all pages."""

    severity: Severity
    count: int
    findings: tuple[Told, ...]

    @property
    def names(self) -> tuple[str, str]:
        """The singular and the plural of what they are."""
        return _NAMES[self.severity]

    @property
    def meaning(self) -> str:
        return MEANINGS[self.severity]


@dataclass(frozen=True)
class ToMend:
    """A page of the findings of a book on a day. Those that its frame has read are not asked for again."""

    page: CoopPage
    number: str | None

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many findings of each severity there are."""
        known = self.page.findings.gravest
        if len(known) <= COUNTED:
            return {severity: sum(told.severity == severity for told in known) for severity in Severity}
        return dict(self._rows.order_by().values_list("severity").annotate(Count("pk")))

    @cached_property
    def places(self) -> Page[int]:
        """The page asked for, as places in the order of all findings."""
        return Paginator(range(sum(self.counts.values())), A_PAGE).get_page(self.number)

    @property
    def groups(self) -> list[Group]:
        by_severity = groupby(self._shown(), key=lambda told: Severity(told.severity))
        return [Group(severity, self.counts[severity], tuple(members)) for severity, members in by_severity]

    @cached_property
    def good_news(self) -> list[str]:
        """What is right, told on the first page alone."""
        if self.places.number > 1:
            return []
        book = self.page.book
        return good_news(day_view(book, days_of(book)), self.page.standing, terms_of(book))

    @property
    def _rows(self) -> QuerySet[KeptFinding]:
        rows = KeptFinding.objects.filter(holding_on(self.page.today), book=self.page.book)
        return rows.order_by("rank", "operation_id", "pk")

    def _shown(self) -> list[Told]:
        shown = cast("range", self.places.object_list)
        known = self.page.findings.gravest
        if shown.stop <= len(known):
            return list(known[shown.start : shown.stop])
        columns: QuerySet[KeptFinding, tuple[Any, ...]] = self._rows.values_list(*Told._fields)
        return [Told(*row) for row in columns[shown.start : shown.stop]]
