"""What the page of handovers shows: those of the year, what each says and still waits for, who could leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from retkoop.books.page import CoopPage
from retkoop.domain.handover import HandoverFacts, first_day_after, handover_missing
from retkoop.network.models import Coop, Mandate, Role, RoleKind
from retkoop.year_end.handover.models import Handover
from retkoop.year_end.handover.queries import handovers_of, mandates_today, merged_into, own_accounts_of
from retkoop.year_end.handover.receipt import cash_told, facts_told
from retkoop.year_end.handover.services import INCOMING, LEAVING, facts_of


@dataclass
class ShownHandover:
    """A handover as the page shows it."""

    row: Handover

    @cached_property
    def facts(self) -> HandoverFacts:
        return facts_of(self.row)

    @property
    def told(self) -> list[tuple[str, str]]:
        return facts_told(self.facts)

    @property
    def cash(self) -> str:
        return cash_told(self.row, self.facts)

    @property
    def missing(self) -> list[str]:
        return handover_missing(self.row.answers, self.row.counted)

    @property
    def first_day(self) -> object:
        """The first day of who comes."""
        return first_day_after(self.row.day)

    @property
    def unsigned(self) -> list[tuple[str, str]]:
        """Who has not signed yet: their side and their name."""
        row = self.row
        sides = ((LEAVING, row.leaving.holder, row.leaving_signed_at), (INCOMING, row.incoming_name, row.incoming_signed_at))
        return [(side, name) for side, name, at in sides if at is None]


@dataclass
class HandoverBoard:
    """The handovers of a coop's year."""

    page: CoopPage

    @property
    def may_write(self) -> bool:
        """A handover may come while the year is sent or sealed: it changes no account."""
        return self.page.access.can_write and self.page.coop.closed_on is None

    @property
    def may_sign(self) -> bool:
        """The coop's people sign, not those of the AD who help."""
        return self.may_write and self.page.access.role is RoleKind.COOP

    @cached_property
    def rows(self) -> list[Handover]:
        rows = handovers_of(self.page.book)
        for row in rows:
            row.book, row.coop = self.page.book, self.page.coop
        return rows

    @property
    def running(self) -> list[ShownHandover]:
        return [ShownHandover(row) for row in self.rows if not row.done and row.cancelled_at is None]

    @property
    def done(self) -> list[ShownHandover]:
        return [ShownHandover(row) for row in self.rows if row.done]

    @property
    def cancelled(self) -> list[Handover]:
        return [row for row in self.rows if row.cancelled_at is not None]

    @cached_property
    def mandates(self) -> Sequence[Mandate]:
        """The mandates of today: a form that was sent may name one whose handover has begun meanwhile."""
        return mandates_today(self.page.coop)

    @property
    def leavers(self) -> Sequence[Mandate]:
        """Whose handover can begin."""
        return [mandate for mandate in self.mandates if not mandate.handed_over]  # type: ignore[attr-defined]  # annotated

    @cached_property
    def own_accounts(self) -> Sequence[Role]:
        return own_accounts_of(self.page.coop)

    @cached_property
    def merged(self) -> Sequence[Coop]:
        return merged_into(self.page.coop)
