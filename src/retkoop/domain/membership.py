"""Adhésion of a coop for a school year: where it stands between what is declared, what is paid and what the AD has validated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from retkoop.domain.money import Cents


class MembershipState(StrEnum):
    """Where an adhésion stands, for the coop that declares and pays and the AD that validates."""

    TO_DECLARE = "to_declare"
    DECLARED = "declared"
    PART_PAID = "part_paid"
    PAID = "paid"
    VALIDATED = "validated"
    LEFT = "left"


MEMBERSHIP_LABELS: Final = {
    MembershipState.TO_DECLARE: "À déclarer",
    MembershipState.DECLARED: "Déclarée, à payer",
    MembershipState.PART_PAID: "Payée en partie",
    MembershipState.PAID: "Payée, à valider",
    MembershipState.VALIDATED: "Validée",
    MembershipState.LEFT: "Non renouvelée",
}


@dataclass(frozen=True, slots=True)
class MembershipFacts:
    """An adhésion: the number of the latest declaration made (0: none) and its total, what was received, which one was validated (0: none).

    Amounts in cents. `left_on`: the day on which the AD noted that the coop does not renew.
    """

    declared: int = 0
    due: Cents = 0
    received: Cents = 0
    validated: int = 0
    left_on: date | None = None

    @property
    def owed(self) -> Cents:
        """What is still to be paid; negative, what is to be given back."""
        return self.due - self.received

    @property
    def state(self) -> MembershipState:
        if self.declared and self.validated == self.declared:
            return MembershipState.VALIDATED
        if self.left_on is not None:
            return MembershipState.LEFT
        if not self.declared:
            return MembershipState.TO_DECLARE
        if self.owed <= 0:
            return MembershipState.PAID
        return MembershipState.PART_PAID if self.received > 0 else MembershipState.DECLARED
