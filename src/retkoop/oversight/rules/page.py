"""The settings of an AD, or of the federation, in a year, as somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from retkoop.audit.services import Author
from retkoop.domain.chart import Chart
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.network.access import AssociationAccess, open_association, open_federation
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import chart_of_settings, given_settings
from retkoop.oversight.rules.following import update_under_way
from retkoop.oversight.rules.groups import GROUPS, Group
from retkoop.oversight.rules.models import RulesUpdate
from retkoop.oversight.rules.queries import Line, lines_of

_PAST: Final = 2
"""So many years that are over are led to; any other can be asked for by its address."""


@dataclass(frozen=True)
class RulesPage:
    """Whose settings, of which year, and who looks; `association` is None for the federation's own."""

    author: Author
    year: SchoolYear
    access: AssociationAccess | None = None

    @property
    def association(self) -> DepartmentalAssociation | None:
        return self.access.association if self.access else None

    @property
    def place(self) -> dict[str, Any]:
        """What the verbs are told of it: the author, whose settings, from which year on."""
        return {"author": self.author, "association": self.association, "year": self.year}

    @property
    def frame(self) -> str:
        return "network/frame.html" if self.access else "network/federation_frame.html"

    @cached_property
    def current(self) -> SchoolYear:
        return SchoolYear.containing(timezone.localdate())

    @property
    def is_past(self) -> bool:
        return self.year < self.current

    @property
    def may_write(self) -> bool:
        """Administrateurs set what their AD does, the federation what stands nationally; this year and the next."""
        return (self.access is None or self.access.can_administer) and self.current <= self.year <= self.current.next

    @property
    def years(self) -> list[tuple[SchoolYear, str]]:
        """The years to go to, with their address."""
        offered = {SchoolYear(start) for start in range(self.current.start - _PAST, self.current.start + 2)} | {self.year}
        return [(year, f"?annee={year}") for year in sorted(offered)]

    @property
    def groups(self) -> list[Group]:
        return [group for group in GROUPS if group.national or self.access]

    def to(self, name: str, /, **place: str | int) -> str:
        """Return the address of one of these pages, in the year that is looked at."""
        if self.association:
            path = reverse(f"association_{name}", kwargs={"department": self.association.department, **place})
        else:
            path = reverse(f"federation_{name}", kwargs=place)
        return path if self.year == self.current else f"{path}?annee={self.year}"

    @cached_property
    def lines(self) -> dict[str, Line]:
        return self.lines_in(self.groups)

    def lines_in(self, groups: Iterable[Group]) -> dict[str, Line]:
        return lines_of(self.association, self.year, [item for group in groups for item in group.items])

    @cached_property
    def update(self) -> RulesUpdate | None:
        return update_under_way(self.association)

    @cached_property
    def chart(self) -> Chart:
        return chart_of_settings(given_settings(self.association, self.year))


def open_rules(request: HttpRequest, department: str | None) -> RulesPage:
    """Return the settings of an AD, or without one the federation's, to whoever may see them.

    Raises Http404 for anyone else, for a year that is none, and for whoever sends what they may not set.
    """
    access = open_association(request.user, department, to_administer=request.method == "POST") if department else None
    author = access.author if access else open_federation(request.user)
    try:
        year = SchoolYear.parse(request.GET.get("annee") or str(SchoolYear.containing(timezone.localdate())))
    except InvalidSchoolYear:
        raise Http404 from None
    page = RulesPage(author, year, access)
    if request.method == "POST" and not page.may_write:
        raise Http404
    return page
