"""The verbs of the federation's share: an AD declares it, the federation sets its prices."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from retkoop.audit.services import Author, writing
from retkoop.books.writable import Refused
from retkoop.domain.federation_share import SHARES, kept_share
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.access import MONEY
from retkoop.memberships.follow_up.shares import SETTING, ShareOfAssociation
from retkoop.memberships.models import ShareDeclaration
from retkoop.network.access import AssociationAccess
from retkoop.network.services import set_values

NOT_YOURS: Final = "La part fédérale se déclare par le comptable ou un administrateur de l’association."
NOTHING: Final = "Aucune adhésion n’est validée\u202f: il n’y a rien à déclarer."
MEANWHILE: Final = "Des adhésions ont été validées entre-temps, ou les montants ont changé\u202f: relisez avant de déclarer."


def declare_share(*, access: AssociationAccess, year: SchoolYear, seen: Cents, submission: uuid.UUID | None = None) -> ShareDeclaration:
    """Declare the federation's share of a year as it is computed now; `seen`: the amount that was read, in cents.

    Raises Refused where it has changed meanwhile, or is what was declared already; AlreadySubmitted.
    """
    if access.role not in MONEY:
        raise Refused(NOT_YOURS)
    with writing(access.association.chain, access.author, submission) as trail:
        share = ShareOfAssociation(access.association, year)
        if share.amount != seen:
            raise Refused(MEANWHILE)
        if share.is_declared and share.latest:
            raise Refused(f"Rien n’a changé depuis la déclaration n°\u00a0{share.latest.number}.")
        if not share.counted.coops and share.latest is None:
            raise Refused(NOTHING)
        row = ShareDeclaration.objects.create(
            association=access.association,
            start=year.start,
            number=share.latest.number + 1 if share.latest else 1,
            facts=kept_share(share.lines, share.counted),
            amount=share.amount,
            declared_at=trail.at,
            declared_by=access.author.name,
        )
        trail.created(row, action="share.declared", submission=submission)
    return row


def set_shares(*, author: Author, year: SchoolYear, prices: Mapping[str, Cents]) -> None:
    """Set what the federation asks from a year on, in cents by the keys of SHARES."""
    set_values(author=author, association=None, year=year, values={SETTING: {key: prices[key] for key in SHARES}})
