"""Adhésions on their way: effectifs declared, the engagement accepted."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from django.utils import timezone

from retkoop.audit.services import SYSTEM
from retkoop.domain.fees import ClassCount, Declared, Level
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.declaring.queries import engagement_of
from retkoop.memberships.declaring.services import accept_engagement, declare, save_draft
from retkoop.memberships.models import Declaration, Membership
from retkoop.memberships.queries import membership_of
from retkoop.network.access import Access
from retkoop.network.services import give_mandate
from retkoop.upkeep.verification import faults
from tests.books.coops import YEAR

HOLDER: Final = "Mme Perrin"
EFFECTIFS: Final = Declared((ClassCount(Level.CM1, 24, 1, "Mme Perrin"), ClassCount(Level.CM2, 26, 1, "M. Petit")))
"""52 coopérateurs: 106,60 € and 13,00 € of insurance with the federation's prices, 119,60 € in all."""


def drafted(access: Access, declared: Declared = EFFECTIFS, year: SchoolYear = YEAR) -> Declaration:
    return save_draft(access=access, year=year, declared=declared, version=0, submission=uuid.uuid4())


def engaged(access: Access, year: SchoolYear = YEAR, holder: str = HOLDER) -> None:
    """Give a coop its mandataire where it has none, and have the engagement accepted by all who lack."""
    today = timezone.localdate()
    if not engagement_of(access.coop, None, today).mandates:
        give_mandate(author=SYSTEM, coop=access.coop, holder=holder, start=date(2020, 9, 1))
    engagement = engagement_of(access.coop, membership_of(access.coop, year), today)
    assert engagement.text is not None
    for name in engagement.lacking:
        accept_engagement(access=access, year=year, text=engagement.text.pk, holder=name, submission=uuid.uuid4())


def declared_membership(access: Access, declared: Declared = EFFECTIFS, year: SchoolYear = YEAR) -> Membership:
    """Return the adhésion of a coop whose effectifs are declared, with the columns of its facts."""
    draft = drafted(access, declared, year)
    engaged(access, year)
    declare(access=access, year=year, version=draft.version, submission=uuid.uuid4())
    found = membership_of(access.coop, year)
    assert found is not None
    return found


def faults_of_rows() -> list[str]:
    """Return what verification finds in the rows; files that other tests of the same worker left in the store are theirs."""
    return [fault for fault in faults() if not fault.startswith("document ")]
