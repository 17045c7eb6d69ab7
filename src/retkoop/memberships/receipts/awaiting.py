"""What an AD waits for: adhésions that a transfer may still pay, bordereaux that the bank has not credited."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from retkoop.domain.matching import Awaited, AwaitedDeposit, naming_words
from retkoop.memberships.models import ChequeDeposit, Membership, Payment, PaymentState, PaymentWay
from retkoop.memberships.queries import facts_of, memberships
from retkoop.network.models import DepartmentalAssociation


def untied(membership: int | None = None) -> QuerySet[Payment]:
    """Return the transfers, announced or noted by hand, that no line of a statement has brought yet."""
    under_way = Q(state=PaymentState.ANNOUNCED) | Q(state=PaymentState.RECEIVED)
    rows = Payment.objects.filter(under_way, way=PaymentWay.TRANSFER, line=None, amount__gt=0)
    return rows if membership is None else rows.filter(membership=membership)


def awaited_of(association: DepartmentalAssociation, only: Collection[int] | None = None) -> list[Awaited]:
    """Return the adhésions of an AD that were declared and that a transfer may still pay; with `only`, these whatever they owe.

    What a transfer may bring: what is owed, and transfers noted as received whose line has not come.
    """
    noted = untied().filter(membership=OuterRef("pk"), state=PaymentState.RECEIVED).order_by().values("membership")
    rows = memberships().filter(Q(told_declared__gt=0), coop__association=association).select_related("coop")
    rows = rows.annotate(told_noted=Coalesce(Subquery(noted.annotate(sum=Sum("amount")).values("sum")), 0))
    if only is not None:
        rows = rows.filter(pk__in=only)
    found = [
        Awaited(
            row.pk,
            row.coop.rne,
            row.year,
            max(facts_of(row).owed, 0) + row.__dict__["told_noted"],
            naming_words(row.coop.name, row.coop.commune),
        )
        for row in rows.order_by("coop__rne", "start")
    ]
    return found if only is not None else [one for one in found if one.amount > 0]


def deposits_awaited(association: DepartmentalAssociation) -> list[AwaitedDeposit]:
    """Return the bordereaux of an AD of which no line has come."""
    rows = ChequeDeposit.objects.filter(association=association).exclude(payments__line__isnull=False)
    totals = rows.annotate(total=Sum("payments__amount")).filter(total__gt=0).order_by("number")
    return [AwaitedDeposit(row.pk, row.number, row.total) for row in totals]


def names_of(awaited: Collection[Awaited]) -> dict[int, str]:
    """Return the school and year of adhésions, by their key."""
    rows = Membership.objects.filter(pk__in=[one.key for one in awaited]).select_related("coop")
    return {row.pk: f"{row.coop.name} ({row.coop.rne}), {row.year}" for row in rows}
