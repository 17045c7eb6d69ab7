"""The page of the vérificateurs as the mandataire sees it: whom they invited, what each has done, who else signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone

from retkoop.books.page import CoopPage
from retkoop.domain.closing import ClosingState, SignerKind, VerifierQuality, VerifierRule, told_qualities
from retkoop.network.models import Mandate
from retkoop.network.queries import running_mandates
from retkoop.ui.templates import plural
from retkoop.year_end.closing.queries import closing_of
from retkoop.year_end.models import SigningCode, Verifier, YearClosing
from retkoop.year_end.verifiers.grid import Grid, grids_of
from retkoop.year_end.verifiers.mails import can_write_to
from retkoop.year_end.verifiers.people import holders_during, is_among, signs_for
from retkoop.year_end.verifiers.queries import HeldSignature, missing_signatures, signatures_of, verifier_rule, verifiers_of
from retkoop.year_end.verifiers.tokens import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody invited, and what they have done: their latest signature, and whether they have begun to fill in."""

    verifier: Verifier
    held: HeldSignature | None
    begun: bool
    today: date
    keeps: bool = False
    """They were given a mandate of that year since: their signature does not count."""

    @property
    def signed(self) -> bool:
        return self.held is not None and self.held.holds and not self.keeps

    @property
    def void(self) -> bool:
        return self.held is not None and not self.held.holds

    @property
    def expired(self) -> bool:
        return self.verifier.until < self.today

    @property
    def has_mail(self) -> bool:
        return can_write_to(self.verifier)


@dataclass(frozen=True, slots=True)
class Keeper:
    """A mandataire of today, their latest signature, and whether the account that looks may sign for them."""

    mandate: Mandate
    held: HeldSignature | None
    own: bool

    @property
    def signed(self) -> bool:
        return self.held is not None and self.held.holds


@dataclass
class Board:
    """All that the page shows."""

    page: CoopPage

    @cached_property
    def closing(self) -> YearClosing:
        return closing_of(self.page.book)

    @property
    def signing(self) -> bool:
        return self.closing.state == ClosingState.SIGNING

    @property
    def may_invite(self) -> bool:
        return self.page.access.can_write and self.closing.state in OPEN_STATES

    @cached_property
    def rule(self) -> VerifierRule:
        return verifier_rule(self.page.book)

    @cached_property
    def held(self) -> list[HeldSignature]:
        return signatures_of(self.page.book)

    @cached_property
    def grids(self) -> dict[int, Grid]:
        """The grids that were filled in, by the keys of the signatures."""
        return grids_of(one.signature for one in self.held)

    @cached_property
    def missing(self) -> list[str]:
        return missing_signatures(self.page.book)

    @cached_property
    def _verifiers(self) -> list[Verifier]:
        return verifiers_of(self.page.book)

    @cached_property
    def invitations(self) -> list[Invitation]:
        """Those who are invited still, in their order."""
        rows = [row for row in self._verifiers if row.ended_at is None]
        begun = set(SigningCode.objects.filter(verifier__in=rows).exclude(draft={}).values_list("verifier", flat=True)) if rows else set()
        latest = {one.signature.verifier_id: one for one in self.held if one.signature.verifier_id}
        given = ((row, latest.get(row.pk), row.pk in begun, self.page.today, is_among(row.name, self._holders)) for row in rows)
        return [Invitation(*one) for one in given]

    @cached_property
    def _holders(self) -> list[str]:
        return holders_during(self.page.book)

    @property
    def ended(self) -> list[Verifier]:
        return [row for row in self._verifiers if row.ended_at is not None]

    @property
    def waited_for(self) -> list[Verifier]:
        """Those who may still sign, on paper or otherwise."""
        return [one.verifier for one in self.invitations if not one.signed and not one.keeps]

    @cached_property
    def keepers(self) -> list[Keeper]:
        mandates = running_mandates(self.page.coop, timezone.localdate())
        latest = {one.signature.name: one for one in self.held if one.signature.kind == SignerKind.MANDATAIRE}
        user = self.page.access.user
        each = {row.holder: row for row in mandates}.values()
        return [Keeper(mandate, latest.get(mandate.holder), signs_for(user, mandate)) for mandate in each]

    @property
    def unsigned_mandates(self) -> list[Mandate]:
        return [one.mandate for one in self.keepers if not one.signed]

    @property
    def teachers(self) -> list[HeldSignature]:
        return [one for one in self.held if one.signature.kind == SignerKind.TEACHER]

    @property
    def any_void(self) -> bool:
        return any(one.void for one in self.invitations)

    @property
    def wanted(self) -> str:
        """What the AD asks for, in a sentence."""
        told = told_qualities(self.rule.least)
        among = f", dont {told} au moins" if told else ""
        return f"Il en faut {self.rule.needed} au moins{among}, et aucun n’est mandataire."

    @property
    def lacking(self) -> str:
        """Whom to invite still, in a sentence; nothing where enough people are invited."""
        rows = [one.verifier for one in self.invitations if (not one.expired or one.signed) and not one.keeps]
        more, kinds = self.rule.lacking(VerifierQuality(row.quality) for row in rows)
        told = told_qualities(kinds)
        return f"Il reste {plural(more, 'personne')} à inviter{f', dont {told}' if told else ''}." if more else ""
