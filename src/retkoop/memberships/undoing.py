"""Taking a validation back: the adhésion is not paid any more, and the AD validates again once it is."""

from __future__ import annotations

from retkoop.audit.services import Author, writing
from retkoop.domain.money import Cents
from retkoop.memberships.models import Declaration, Membership, MembershipAttestation
from retkoop.memberships.queries import facts_of, memberships


def take_validation_back(*, author: Author, membership: Membership, reason: str) -> bool:
    """Take the validation of an adhésion back and revoke its attestations, in the coop's chain; return whether there was one.

    It stays where what is left of the payments still pays what was validated. A verb that writes in the AD's chain calls it inside its
    own transaction.
    """
    with writing(membership.coop.chain, author) as trail:
        row = memberships().select_for_update(of=("self",)).get(pk=membership.pk)
        if row.validated and facts_of(row).received >= _asked(row):
            return False
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


def _asked(row: Membership) -> Cents:
    """Return what has to be there for a validation to hold: what was validated, or less where it was corrected down since."""
    validated = Declaration.objects.get(membership=row, number=row.validated)
    return min(validated.total, facts_of(row).due)
