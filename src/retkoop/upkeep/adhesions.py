"""Adhésions of the demonstration: an AD that can be paid, coops that have declared, paid by cheque or transfer, or that wait."""

from __future__ import annotations

import uuid
from datetime import date
from enum import Enum, auto
from random import Random
from typing import Final

from django.utils import timezone
from schwifty import IBAN

from retkoop.audit.services import SYSTEM
from retkoop.domain.fees import ClassCount, Declared, Level
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.debits.collecting import prepare_collection
from retkoop.memberships.debits.mandates import MandateFacts, sign_debit_mandate
from retkoop.memberships.debits.queries import delays_of
from retkoop.memberships.declaring.queries import engagement_of
from retkoop.memberships.declaring.services import accept_engagement, declare, save_draft
from retkoop.memberships.ibans import read_iban
from retkoop.memberships.models import Membership, PaymentWay
from retkoop.memberships.queries import facts_of, membership_of
from retkoop.memberships.receipts.depositing import deposit_cheques
from retkoop.memberships.receipts.services import ReceivedFacts, announce_cheque, announce_transfer, record_payment
from retkoop.memberships.validating.services import validate
from retkoop.network.access import Access, AssociationAccess
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import running_mandates
from retkoop.network.services import change_setting

CREDITOR: Final = {
    "name": "OCCE de l’Essonne",
    "iban": "FR7630001007941234567890185",
    "bic": "BDFEFRPPCCT",
    "ics": "FR12ZZZ123456",
    "order": "OCCE 91",
    "address": "OCCE 91, 8 rue de la Démonstration, 91000 Évry-Courcouronnes",
}
"""An account that no bank has, with a right key: nothing can be paid to it."""


class Way(Enum):
    """How far a made-up coop is with the adhésion of the year; last year's is paid by each."""

    WAITS = auto()
    DECLARED = auto()
    CHEQUE_SENT = auto()
    TRANSFER_SENT = auto()
    PART_PAID = auto()
    DEPOSITED = auto()
    TRANSFERRED = auto()
    VALIDATED = auto()
    DEBITED = auto()


WAYS: Final = {
    "0919001A": Way.WAITS,
    "0919002B": Way.DEPOSITED,
    "0919003C": Way.TRANSFERRED,
    "0919004D": Way.VALIDATED,
    "0919005E": Way.CHEQUE_SENT,
    "0919006F": Way.PART_PAID,
    "0919007G": Way.DEBITED,
    "0919008H": Way.TRANSFER_SENT,
    "0919009J": Way.DECLARED,
    "0919014P": Way.DEBITED,
    "0919010K": Way.DEPOSITED,
    "0919012M": Way.WAITS,
}


def can_be_paid(association: DepartmentalAssociation, today: date) -> None:
    """Give the AD the account to which its coops pay, from last year on."""
    change_setting(
        author=SYSTEM, association=association, from_year=SchoolYear.containing(today).previous.start, name="creditor", value=CREDITOR
    )


_COLLEGE: Final = (Level.COLLEGE_6, Level.COLLEGE_5, Level.COLLEGE_4, Level.COLLEGE_3)
_SCHOOLS: Final = (
    (Level.PS, Level.MS, Level.GS),
    (Level.CP, Level.CE1, Level.CE2, Level.CM1, Level.CM2),
    (Level.MATERNELLE, Level.CP, Level.ELEMENTAIRE),
)


def classes_of(chance: Random, *, college: bool = False) -> tuple[ClassCount, ...]:
    """Make up the classes of a school."""
    levels = _COLLEGE if college else chance.choice(_SCHOOLS)
    return tuple(ClassCount(level, chance.randint(17, 28), 1) for level in levels)


def declare_adhesion(access: Access, year: SchoolYear, classes: tuple[ClassCount, ...]) -> Membership:
    """Declare effectifs as a coop does: the draft, the engagement of each mandataire, the declaration."""
    draft = save_draft(access=access, year=year, declared=Declared(classes), version=0)
    engagement = engagement_of(access.coop, membership_of(access.coop, year), timezone.localdate())
    text = engagement.text.pk if engagement.text else 0
    for holder in engagement.lacking:
        accept_engagement(access=access, year=year, text=text, holder=holder)
    declare(access=access, year=year, version=draft.version)
    return _found(access, year)


def _found(access: Access, year: SchoolYear) -> Membership:
    found = membership_of(access.coop, year)
    if found is None:
        raise LookupError(year)
    return found


def tell_adhesions(staff: AssociationAccess, coops: list[Access], today: date) -> None:
    """Have the coops of the demonstration join, each by its way, and the AD record what it received."""
    year, cheques = SchoolYear.containing(today), []
    day = min(today, timezone.localdate())  # money is never received on a day to come
    for access in coops:
        way = WAYS.get(access.coop.rne)
        if way is None:
            continue
        chance = Random(int(access.coop.rne[:7]))  # noqa: S311 -- made-up figures
        classes = classes_of(chance, college="Collège" in access.coop.name)
        _receive(staff, declare_adhesion(access, year.previous, classes), day)
        if way is Way.WAITS:
            continue
        row = declare_adhesion(access, year, tuple(ClassCount(one.level, one.pupils + chance.randint(-2, 2), 1) for one in classes))
        if way in {Way.CHEQUE_SENT, Way.DEPOSITED}:
            sent = announce_cheque(access=access, membership=row, number=f"{3_000_000 + row.pk}", amount=_owed(row), payer=access.coop.name)
            cheques += [sent.pk] if way is Way.DEPOSITED else []
        _pay(staff, access, row, way, day)
    if cheques:
        deposit_cheques(access=staff, keys=cheques, day=day)
        collected_on = delays_of(staff.association, year).first_day(timezone.localdate())
        prepare_collection(access=staff, year=year, day=collected_on)


def _pay(staff: AssociationAccess, access: Access, row: Membership, way: Way, today: date) -> None:
    if way is Way.TRANSFER_SENT:
        announce_transfer(access=access, membership=row, amount=_owed(row), submission=uuid.uuid4())
    elif way in {Way.TRANSFERRED, Way.VALIDATED}:
        _receive(staff, row, today)
    elif way is Way.DEBITED:
        _sign(access, row, today)
    if way is Way.VALIDATED:
        validate(access=staff, coop=access.coop, year=row.year)
    elif way is Way.PART_PAID:
        _receive(staff, row, today, part=2)


def _sign(access: Access, row: Membership, today: date) -> None:
    """Have a mandataire sign a mandate on an account that no coop has."""
    iban = str(IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code=access.coop.rne[:7].zfill(11)))
    signer = running_mandates(access.coop, today)[0]
    facts = MandateFacts(read_iban(iban), f"Coopérative {access.coop.name}"[:70], signer.pk)
    sign_debit_mandate(access=access, year=row.year, facts=facts)


def _owed(row: Membership) -> int:
    return facts_of(row).owed


def _receive(staff: AssociationAccess, row: Membership, today: date, part: int = 1) -> None:
    facts = ReceivedFacts(way=PaymentWay.TRANSFER, amount=_owed(row) // part, day=today)
    record_payment(access=staff, membership=row, facts=facts)
