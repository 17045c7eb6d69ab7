"""Taking a validation back: a payment came back, and the AD validates again once the adhésion is paid."""

from __future__ import annotations

from retkoop.audit.services import Author, writing
from retkoop.memberships.models import Membership, MembershipAttestation


def take_validation_back(*, author: Author, membership: Membership, reason: str) -> bool:
    """Take the validation of an adhésion back and revoke its attestations, in the coop's chain; return whether there was one.

    A verb that writes in the AD's chain calls it inside its own transaction.
    """
    with writing(membership.coop.chain, author) as trail:
        row = Membership.objects.select_for_update().get(pk=membership.pk)
        validated, before = row.validated, row.snapshot()
        if validated:
            row.validated, row.validated_at, row.validated_by, row.version = 0, None, "", row.version + 1
            row.save()
            trail.changed(row, before, action="membership.unvalidated")
        for one in MembershipAttestation.objects.filter(membership=row, revoked_at=None):
            was = one.snapshot()
            one.revoked_at, one.revoked_reason = trail.at, reason[:200]
            one.save(update_fields=["revoked_at", "revoked_reason"])
            trail.changed(one, was, action="attestation.revoked")
    return bool(validated)
