"""Reading adhésions: each with what it asks and what was received, in one query."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from retkoop.domain.membership import MembershipFacts
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import Declaration, Membership, Payment, PaymentState
from retkoop.network.models import Coop, DepartmentalAssociation


def fact_columns(key: str = "pk") -> dict[str, Coalesce]:
    """Return the columns of the facts of the adhésion that a `key` names: `told_declared`, `told_due`, `told_received`."""
    latest = Declaration.objects.filter(membership=OuterRef(key), declared_at__isnull=False).order_by("-number")
    received = Payment.objects.filter(membership=OuterRef(key), state=PaymentState.RECEIVED).order_by().values("membership")
    return {
        "told_declared": Coalesce(Subquery(latest.values("number")[:1]), 0),
        "told_due": Coalesce(Subquery(latest.values("total")[:1]), 0),
        "told_received": Coalesce(Subquery(received.annotate(sum=Sum("amount")).values("sum")), 0),
    }


def memberships() -> QuerySet[Membership]:
    """Return adhésions, each with the columns of its facts: `told_declared`, `told_due`, `told_received`."""
    return Membership.objects.annotate(**fact_columns())


def facts_of(row: Membership) -> MembershipFacts:
    """Return the facts of an adhésion that `memberships` has read."""
    told = row.__dict__
    return MembershipFacts(told["told_declared"], told["told_due"], told["told_received"], row.validated, row.left_on)


def membership_of(coop: Coop, year: SchoolYear) -> Membership | None:
    """Return the adhésion of a coop for a year, with the columns of its facts."""
    return memberships().filter(coop=coop, start=year.start).first()


def memberships_of(association: DepartmentalAssociation, year: SchoolYear) -> QuerySet[Membership]:
    """Return the adhésions of an AD's coops for a year, with the columns of their facts and their coops."""
    return memberships().filter(coop__association=association, start=year.start).select_related("coop")


def declarations_of(membership: Membership) -> list[Declaration]:
    """Return the declarations of an adhésion, the latest first; a draft is the first of them."""
    return list(Declaration.objects.filter(membership=membership).order_by("-number"))
