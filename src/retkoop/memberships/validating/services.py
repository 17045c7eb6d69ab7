"""The verbs of an AD on the adhésion of a coop: validated, with its attestation and what goes into the cahier; noted as not renewed.

They write in the coop's chain alone. A payment that comes back at the same moment is told in the AD's; it takes the coop's chain after
it, before it looks at what is validated: one of both always sees the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from retkoop.audit.services import Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.creditor_reference import creditor_reference
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.access import MONEY
from retkoop.memberships.declaring.queries import latest_declared
from retkoop.memberships.models import Membership, MembershipAttestation
from retkoop.memberships.pricing.queries import books_on_validation
from retkoop.memberships.validating.attestations import issue
from retkoop.memberships.validating.booking import BookingProposal, book_due
from retkoop.memberships.validating.mails import tell_coop
from retkoop.memberships.validating.queries import MembershipCase, case_of
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop

CHANGED: Final = "La coopérative a corrigé sa déclaration entre-temps\u202f: relisez-la."
ALREADY: Final = "Cette adhésion est déjà validée."
NOT_YOURS: Final = "Seuls le comptable et les administrateurs de l’association départementale valident les adhésions."


@dataclass(frozen=True, slots=True)
class Validated:
    """What a validation has done; `booked` is what went into the cahier, or could not, with its reason."""

    membership: Membership
    attestation: MembershipAttestation
    booked: tuple[BookingProposal, ...]

    @property
    def left(self) -> list[str]:
        """Why something could not go into the cahier; nothing where all did."""
        return list(dict.fromkeys(one.refusal for one in self.booked if one.refusal))


@contextmanager
def _deciding(*, access: AssociationAccess, coop: Coop, submission: uuid.UUID | None) -> Iterator[Trail]:
    """Open the chain of a coop for who decides of the AD's money. Raises Refused, AlreadySubmitted."""
    if access.role not in MONEY or coop.association_id != access.association.pk:
        raise Refused(NOT_YOURS)
    with writing(coop.chain, access.author, submission) as trail:
        yield trail


def validate(
    *, access: AssociationAccess, coop: Coop, year: SchoolYear, number: int | None = None, submission: uuid.UUID | None = None
) -> Validated:
    """Validate the adhésion of a coop; its attestation replaces the earlier one, its payments go into the cahier where the AD has set so.

    `number`: the declaration that was read. Raises Refused with what is missing, AlreadySubmitted.
    """
    with _deciding(access=access, coop=coop, submission=submission) as trail:
        row = _validatable(case_of(coop, year), number)
        declaration = latest_declared(row)
        if declaration is None:  # pragma: no cover -- what can be validated is declared
            raise Refused(CHANGED)
        before = row.snapshot()
        row.validated, row.validated_at, row.validated_by = declaration.number, trail.at, access.user.name
        row.left_on, row.left_reason = None, ""
        _saved(trail, row, before, "membership.validated", submission)
        attestation = issue(trail, coop, row, declaration)
        booked = book_due(trail, coop, row) if books_on_validation(coop.association, year) else []
        tell_coop(coop, row)
        return Validated(row, attestation, tuple(booked))


def _validatable(case: MembershipCase, number: int | None) -> Membership:
    if case.is_validated:
        raise Refused(ALREADY)
    if number is not None and number != case.facts.declared:
        raise Refused(CHANGED)
    if case.refusal or case.row is None:
        raise Refused(case.refusal or CHANGED)
    return case.row


def _saved(trail: Trail, row: Membership, before: dict[str, object], action: str, submission: uuid.UUID | None = None) -> None:
    row.version += 1
    row.save()
    trail.changed(row, before, action=action, submission=submission)


def mark_left(*, access: AssociationAccess, coop: Coop, year: SchoolYear, reason: str, submission: uuid.UUID | None = None) -> Membership:
    """Note that a coop does not renew its adhésion, and why. Raises Refused for one that is validated, AlreadySubmitted."""
    with _deciding(access=access, coop=coop, submission=submission) as trail:
        case = case_of(coop, year)
        if case.is_validated:
            raise Refused("Cette adhésion est validée\u202f: elle n’est plus à relancer.")
        row = case.row or Membership(coop=coop, start=year.start, reference=creditor_reference(coop.rne, year))
        before = row.snapshot() if case.row else None
        row.left_on, row.left_reason = timezone.localdate(trail.at), reason.strip()[:200]
        if before is None:
            row.save()
            trail.created(row, action="membership.left", submission=submission)
        else:
            _saved(trail, row, before, "membership.left", submission)
        return row


def unmark_left(*, access: AssociationAccess, coop: Coop, year: SchoolYear) -> Membership:
    """Take back that a coop does not renew its adhésion. Raises Refused where nothing says so."""
    with _deciding(access=access, coop=coop, submission=None) as trail:
        row = case_of(coop, year).row
        if row is None or row.left_on is None:
            raise Refused("Rien ne dit que cette coopérative ne renouvelle pas.")
        before = row.snapshot()
        row.left_on, row.left_reason = None, ""
        _saved(trail, row, before, "membership.stays")
        return row
