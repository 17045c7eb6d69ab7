"""What an AD (or the federation, for all) asks for adhésions in a year, as somebody looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from retkoop.audit.services import Author
from retkoop.domain.chart import Chart
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.memberships.models import EngagementText
from retkoop.memberships.pricing.changes import PricingChange, changes_of
from retkoop.memberships.pricing.queries import engagement_in_force, engagement_texts
from retkoop.network.access import AssociationAccess, open_association, open_federation
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import GivenSettings, chart_of_settings, given_settings


@dataclass(frozen=True)
class PricingPage:
    """Whose prices and texts, of which year, and who looks; `association` is None for the federation's own."""

    author: Author
    year: SchoolYear
    access: AssociationAccess | None = None

    @property
    def association(self) -> DepartmentalAssociation | None:
        return self.access.association if self.access else None

    @property
    def frame(self) -> str:
        return "network/frame.html" if self.access else "network/federation_frame.html"

    @cached_property
    def current(self) -> SchoolYear:
        return SchoolYear.containing(timezone.localdate())

    @property
    def may_write(self) -> bool:
        """Administrateurs set what their AD asks, the federation what stands for all; this year and the next."""
        return self.may_publish and self.current <= self.year <= self.current.next

    @property
    def may_publish(self) -> bool:
        return self.access is None or self.access.can_administer

    @property
    def years(self) -> list[SchoolYear]:
        return sorted({self.current.previous, self.current, self.current.next, self.year})

    @cached_property
    def given(self) -> GivenSettings:
        return given_settings(self.association, self.year)

    @cached_property
    def chart(self) -> Chart:
        return chart_of_settings(self.given)

    @cached_property
    def texts(self) -> list[EngagementText]:
        return engagement_texts(self.association)

    @cached_property
    def in_force(self) -> EngagementText | None:
        """The text that is accepted now: the AD's, or the federation's."""
        if self.association:
            return engagement_in_force(self.association)
        return next((text for text in self.texts if text.published_at is not None), None)

    @cached_property
    def changes(self) -> list[PricingChange]:
        """Who changed what, the latest first."""
        return changes_of(self.association)

    @property
    def draft(self) -> EngagementText | None:
        return next((text for text in self.texts if text.published_at is None), None)

    def to(self, name: str, /, **place: Any) -> str:  # noqa: ANN401 -- the parts of an address
        """Return the address of one of these pages, in the year that is looked at."""
        if self.association:
            path = reverse(f"membership_{name}", kwargs={"department": self.association.department, **place})
        else:
            path = reverse(f"federation_{name}", kwargs=place)
        return path if self.year == self.current else f"{path}?annee={self.year}"

    @property
    def prices_url(self) -> str:
        """Where the prices themselves are set, among the other figures of the year."""
        if self.association:
            path = reverse("association_setting_group", kwargs={"department": self.association.department, "group": "tarifs"})
        else:
            path = reverse("federation_setting_group", kwargs={"group": "tarifs"})
        return path if self.year == self.current else f"{path}?annee={self.year}"


def open_pricing(request: HttpRequest, department: str | None) -> PricingPage:
    """Return the prices and texts of an AD, or without one the federation's, to whoever may see them.

    Raises Http404 for anyone else, for a year that is none, and for whoever sends what they may not set.
    """
    access = open_association(request.user, department, to_administer=request.method == "POST") if department else None
    author = access.author if access else open_federation(request.user)
    try:
        year = SchoolYear.parse(request.GET.get("annee") or str(SchoolYear.containing(timezone.localdate())))
    except InvalidSchoolYear:
        raise Http404 from None
    return PricingPage(author, year, access)
