"""Payments of adhésions: announced, received, taken to the bank, brought by a line of the AD's statement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Final

from retkoop.domain.creditor_reference import creditor_reference
from retkoop.memberships.models import ChequeDeposit, Membership, Payment, PaymentWay, ReceivedLine
from retkoop.memberships.receipts.depositing import deposit_cheques
from retkoop.memberships.receipts.services import ReceivedFacts, announce_cheque, record_payment
from retkoop.memberships.receipts.statements import ImportedLines, import_statement
from retkoop.network.access import Access, AssociationAccess
from retkoop.network.models import RoleKind
from tests.oversight.reminders.at_hand import staff

DAY: Final = date(2025, 11, 14)
OWED: Final = 119_60
"""What the coop of `declared_membership` owes."""
HEAD: Final = "Date;Libellé;Montant;Référence\n"


def comptable() -> AssociationAccess:
    return staff(RoleKind.COMPTABLE, "nadine")


def helper() -> AssociationAccess:
    """An animateur, who reads."""
    return staff(RoleKind.ANIMATEUR, "karim")


def announced(access: Access, membership: Membership, number: str = "2000101", amount: int = OWED) -> Payment:
    return announce_cheque(access=access, membership=membership, number=number, amount=amount, payer="Coop", submission=uuid.uuid4())


def received(
    membership: Membership, amount: int = OWED, way: PaymentWay = PaymentWay.TRANSFER, day: date = DAY, cheque: str = ""
) -> Payment:
    facts = ReceivedFacts(way, amount, day, cheque)
    return record_payment(access=comptable(), membership=membership, facts=facts, submission=uuid.uuid4())


def deposited(payments: Sequence[Payment], day: date = DAY) -> ChequeDeposit:
    return deposit_cheques(access=comptable(), keys=[one.pk for one in payments], day=day, submission=uuid.uuid4())


def row(label: str, amount: str, day: str = "14/11/2025", reference: str = "") -> str:
    return f"{day};{label};{amount};{reference}\n"


def imported(*rows: str, name: str = "releve.csv") -> ImportedLines:
    """Import a statement of these rows."""
    data = (HEAD + "".join(rows)).encode()
    return import_statement(access=comptable(), name=name, data=data, submission=uuid.uuid4())


def a_line(label: str, amount: str) -> ReceivedLine:
    """Import a statement of one line, and return it."""
    done = imported(row(label, amount))
    return ReceivedLine.objects.get(statement=done.statement)


def reference_of(membership: Membership) -> str:
    return creditor_reference(membership.coop.rne, membership.year)
