"""Which adhésions of an AD can be collected now, and why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q

from retkoop.domain.direct_debit import HIGHEST
from retkoop.domain.money import Cents, format_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.debits.queries import is_first, mandates_of_coops, void_from
from retkoop.memberships.models import Debit, DebitMandate, Membership, Payment, PaymentState, PaymentWay
from retkoop.memberships.pricing.queries import creditor_of
from retkoop.memberships.queries import facts_of, memberships_of
from retkoop.network.models import DepartmentalAssociation

UNDER_WAY: Final = "Un prélèvement est déjà en cours."
OTHER_CREDITOR: Final = "Son mandat est signé pour un autre identifiant créancier (ICS)\u202f: elle en signe un nouveau."
TOO_MUCH: Final = f"Un prélèvement ne dépasse pas {format_amount(HIGHEST)}\u202f: vérifiez ses effectifs."
_PENDING: Final = Exists(Debit.objects.filter(membership=OuterRef("pk"), pending=True))
_ANNOUNCED: Final = Exists(
    Payment.objects.filter(membership=OuterRef("pk"), state=PaymentState.ANNOUNCED, amount__gt=0).exclude(way=PaymentWay.DEBIT)
)


@dataclass(frozen=True, slots=True)
class Collectable:
    """An adhésion that is not paid: what it owes, in cents, the mandate that collects it, or why nothing does."""

    membership: Membership
    owed: Cents
    mandate: DebitMandate | None = None
    refusal: str = ""

    @property
    def first(self) -> bool:
        return self.mandate is not None and is_first(self.mandate)


@dataclass(frozen=True, slots=True)
class Collectables:
    """The adhésions of a year that are not paid: those that can be collected, and the others."""

    ready: list[Collectable] = field(default_factory=list)
    others: list[Collectable] = field(default_factory=list)

    @property
    def total(self) -> Cents:
        return sum(one.owed for one in self.ready)

    @property
    def all_under_way(self) -> bool:
        """Whether nothing can be collected because all that could is on its way already."""
        return not self.ready and any(one.refusal == UNDER_WAY for one in self.others)


def selection_of(association: DepartmentalAssociation, year: SchoolYear, today: date) -> Collectables:
    """Return what can be collected of an AD's year, by RNE, in two queries whatever its size."""
    rows = memberships_of(association, year).annotate(told_pending=_PENDING, told_announced=_ANNOUNCED).order_by("coop__rne")
    running = Q(coop__association=association, ended_at=None)
    mandates = {row.coop_id: row for row in mandates_of_coops(running)}
    ics = creditor_of(association, year).ics
    found = Collectables()
    for row in rows:
        facts, row.coop.association = facts_of(row), association
        if not facts.declared or facts.owed <= 0:
            continue
        mandate = mandates.get(row.coop_id)
        refusal = _refusal(row, mandate, today, ics) or (TOO_MUCH if facts.owed > HIGHEST else "")
        (found.others if refusal else found.ready).append(Collectable(row, facts.owed, mandate, refusal))
    return found


def _refusal(row: Membership, mandate: DebitMandate | None, today: date, ics: str) -> str:
    """Say why an adhésion cannot be collected; empty where it can."""
    told = row.__dict__
    checks = (
        (told["told_pending"], UNDER_WAY),
        (row.left_on is not None, "Elle ne renouvelle pas son adhésion."),
        (row.coop.closed_on is not None, "La coopérative est fermée."),
        (mandate is None, "Elle n’a pas de mandat de prélèvement."),
        (mandate is not None and void_from(mandate) <= today, "Son mandat n’a pas servi depuis 36 mois\u202f: il n’est plus valable."),
        (mandate is not None and mandate.creditor.get("ics") != ics, OTHER_CREDITOR),
        (told["told_announced"], "Elle annonce un chèque ou un virement."),
    )
    return next((words for wrong, words in checks if wrong), "")
