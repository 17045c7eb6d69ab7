"""Attestations: what one says, as facts; made when an adhésion is validated, revoked when it holds no more."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils import timezone

from retkoop.audit.services import Trail
from retkoop.domain.attestation_code import CODE_BITS, attestation_code
from retkoop.memberships.models import Declaration, EngagementAcceptance, Membership, MembershipAttestation
from retkoop.network.models import Coop, MandateRank
from retkoop.network.queries import running_mandates

REPLACED: Final = "Remplacée par une nouvelle attestation."


@dataclass(frozen=True, slots=True)
class Attested:
    """What an attestation says of a coop; `holders` are the mandataires of that day, with their rank in words."""

    coop: str
    rne: str
    commune: str
    association: str
    association_name: str
    year: str
    pupils: int
    adults: int
    insured: bool
    holders: list[list[str]]

    @property
    def members(self) -> int:
        return self.pupils + self.adults


def attested(row: MembershipAttestation) -> Attested:
    """Return what an attestation says."""
    facts: dict[str, Any] = row.facts
    return Attested(**facts)


def facts_to_attest(coop: Coop, membership: Membership, declaration: Declaration) -> Attested:
    """Return what is attested of an adhésion today; the insurance is there where it was counted among the lines.

    A coop whose mandates the AD has not noted is named by who accepted the engagement.
    """
    holders = [[mandate.holder, mandate.get_rank_display()] for mandate in running_mandates(coop, timezone.localdate())]
    signers = EngagementAcceptance.objects.filter(membership=membership).values_list("holder", flat=True)
    return Attested(
        coop=coop.name,
        rne=coop.rne,
        commune=coop.commune,
        association=str(coop.association),
        association_name=coop.association.name,
        year=str(membership.year),
        pupils=declaration.pupils,
        adults=declaration.adults,
        insured=any(line[0] == "insurance" for line in declaration.lines),
        holders=holders or [[holder, str(MandateRank.MANDATAIRE.label)] for holder in signers],
    )


def issue(trail: Trail, coop: Coop, membership: Membership, declaration: Declaration) -> MembershipAttestation:
    """Make the attestation of an adhésion and revoke the one that it replaces. To be called inside a `writing` of the coop's chain."""
    revoke(trail, membership, REPLACED)
    row = MembershipAttestation.objects.create(
        membership=membership,
        declaration=declaration,
        code=attestation_code(secrets.randbits(CODE_BITS)),
        facts=asdict(facts_to_attest(coop, membership, declaration)),
        issued_at=trail.at,
    )
    trail.created(row, action="attestation.issued")
    return row


def revoke(trail: Trail, membership: Membership, reason: str) -> None:
    """Revoke the attestation of an adhésion that holds. To be called inside a `writing` of the coop's chain.

    The public page says that it holds no more and since when, never the reason: it may tell of a payment.
    """
    for row in MembershipAttestation.objects.filter(membership=membership, revoked_at=None):
        before = row.snapshot()
        row.revoked_at, row.revoked_reason = trail.at, reason[:200]
        row.save(update_fields=["revoked_at", "revoked_reason"])
        trail.changed(row, before, action="attestation.revoked")
