"""Finding (constat): what a check has to say, to whom it concerns, and from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """How much it matters; the values are the field's own words, in the order of weight."""

    ERREUR = "erreur"
    ALERTE = "alerte"
    CONSEIL = "conseil"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Place(StrEnum):
    """Where to mend what a finding says; the shell makes a link of it."""

    OPERATION = "operation"
    OPENING = "opening"
    CAHIER = "cahier"
    RECONCILIATION = "reconciliation"
    CASH = "cash"
    BALANCE_SHEET = "balance_sheet"
    DOCUMENTS = "documents"
    MISSING_VOUCHERS = "missing_vouchers"
    INVENTORY = "inventory"
    SUBSIDIES = "subsidies"


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence of a check, with the act that mends it (`mend`, the words of its link).

    It holds from `since` until the day before `until`; None means always. So a check never reads a clock, and a
    finding that is kept does not go stale. `operation` is the key of the operation that it speaks of, with its `piece`;
    `day` the date of the cahier to look at, where no single operation is at fault.
    """

    message: str
    mend: str
    place: Place
    operation: int | None = None
    piece: str | None = None
    day: date | None = None
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark, with the check that made it."""

    code: str
    severity: Severity
    remark: Remark
