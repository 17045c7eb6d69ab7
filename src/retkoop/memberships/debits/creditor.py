"""Who collects: the AD, its account and its creditor identifier (ICS), as its settings of the year have them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from retkoop.domain.direct_debit import DebitDelays
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import given_settings


@dataclass(frozen=True, slots=True)
class Creditor:
    """The AD before its bank; `ics`: its creditor identifier."""

    name: str
    iban: str
    ics: str
    bic: str = ""

    @property
    def complete(self) -> bool:
        """Whether it can collect: an account, and an identifier that its bank gave it."""
        return bool(self.iban and self.ics)

    @property
    def kept(self) -> dict[str, str]:
        """What a collection keeps of it."""
        return asdict(self)


def creditor_of(association: DepartmentalAssociation, year: SchoolYear) -> Creditor:
    """Return how an AD collects in a year; fields that it has not set are empty, its name apart."""
    said = given_settings(association, year).value("creditor")
    return Creditor(said.get("name") or association.name, said.get("iban", ""), said.get("ics", ""), said.get("bic", ""))


def delays_of(association: DepartmentalAssociation, year: SchoolYear) -> DebitDelays:
    """Return the delays of an AD's debits in a year."""
    given = given_settings(association, year)
    return DebitDelays(given.value("debit_notice_days"), given.value("debit_lead_days"))
