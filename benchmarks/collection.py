"""What collecting 650 adhésions costs: `python -m benchmarks.collection [--coops 650] [--database postgresql]` (docs/mesures.md).

A made-up AD in a database that is thrown away: the collection is prepared (payments, debits, their events, a letter each), its file written
in both formats and held to the official schemas, then credited; each several times, the least is told.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final

from tests.postgresql import postgresql_server

from retkoop.domain.rne import control_letter

COOPS: Final = 650
BUDGET: Final = 2.0
"""Seconds in which a collection is prepared."""
RUNS: Final = 3


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.collection")
    parser.add_argument("--coops", type=int, default=COOPS, metavar="N")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked = parser.parse_args()
    with ExitStack() as opened:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "retkoop.config.settings", "RETKOOP_HOME": opened.enter_context(TemporaryDirectory())}
        if asked.database == "postgresql":
            os.environ["RETKOOP_DATABASE_URL"] = opened.enter_context(postgresql_server())
        _measure(asked.coops)


def _measure(count: int) -> None:
    import django  # noqa: PLC0415 -- the database is known only now; so below

    django.setup()
    from django.conf import settings  # noqa: PLC0415 -- idem
    from django.core.management import call_command  # noqa: PLC0415 -- idem

    call_command("migrate", verbosity=0)
    settings.CAN_SEND_MAIL = True
    make_association(count)
    least = [min(times) for times in zip(*(_run() for _ in range(RUNS)), strict=True)]
    for words, seconds in zip(("préparer", "écrire pain.008.001.02", "écrire pain.008.001.08", "encaisser"), least, strict=True):
        print(f"{count} prélèvements, {words:<24}{seconds[0]:>8.2f} s, dont {seconds[1]:.2f} s de calcul")
    print(f"Budget pour préparer : {BUDGET:.0f} s {'✓' if least[0][0] <= BUDGET else '✗'}")


def make_association(count: int) -> None:
    """Write so many coops, each with an adhésion that is declared and a mandate that is signed; the AD has its identifier."""
    from django.utils import timezone  # noqa: PLC0415 -- idem
    from schwifty import IBAN  # noqa: PLC0415 -- idem

    from retkoop.audit.services import SYSTEM  # noqa: PLC0415 -- idem
    from retkoop.domain.school_year import SchoolYear  # noqa: PLC0415 -- idem
    from retkoop.memberships.models import DebitMandate, Declaration, Membership  # noqa: PLC0415 -- idem
    from retkoop.network.models import Coop, DepartmentalAssociation  # noqa: PLC0415 -- idem
    from retkoop.network.services import change_setting  # noqa: PLC0415 -- idem

    ad, now = DepartmentalAssociation.objects.get(department="91"), timezone.now()
    start = SchoolYear.containing(timezone.localdate()).start
    creditor = {"name": "OCCE 91", "iban": "FR7630006000011234567890189", "bic": "AGRIFRPPXXX", "ics": "FR12ZZZ123456"}
    change_setting(author=SYSTEM, association=ad, from_year=start, name="creditor", value=creditor)
    rnes = [f"{digits}{control_letter(digits)}" for digits in (f"091{number:04d}" for number in range(count))]
    made: list[Any] = [Coop(association=ad, rne=rne, name=f"École {rne}", email=f"{rne}@ecole.example") for rne in rnes]
    coops = Coop.objects.bulk_create(made)
    adhesions: list[Any] = [Membership(coop=one, start=start, reference=one.rne) for one in coops]
    declared: list[Any] = [
        Declaration(membership=one, number=1, total=100_00 + one.pk, pupils=50, declared_at=now)
        for one in Membership.objects.bulk_create(adhesions)
    ]
    Declaration.objects.bulk_create(declared)
    account = str(IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code="00000000001"))
    told = {"iban": account, "bic": "PSSTFRPP", "debtor": "Coopérative", "signed_at": now, "signed_by": "Mme Perrin", "creditor": creditor}
    signed: list[Any] = [DebitMandate(coop=one, rum=f"OCCE-{one.rne}-001", **told) for one in coops]
    DebitMandate.objects.bulk_create(signed)


def _run() -> list[tuple[float, float]]:
    """Do it all once in a transaction that is not kept; return the seconds of each step."""
    from django.db import transaction  # noqa: PLC0415 -- idem
    from django.utils import timezone  # noqa: PLC0415 -- idem

    from retkoop.domain.school_year import SchoolYear  # noqa: PLC0415 -- idem
    from retkoop.memberships.debits.collecting import hand_in, prepare_collection, settle_collection  # noqa: PLC0415 -- idem
    from retkoop.memberships.debits.files import FORMATS, collection_file  # noqa: PLC0415 -- idem
    from retkoop.memberships.debits.queries import delays_of, in_file  # noqa: PLC0415 -- idem
    from retkoop.memberships.models import Collection  # noqa: PLC0415 -- idem
    from retkoop.network.access import AssociationAccess  # noqa: PLC0415 -- idem
    from retkoop.network.models import DepartmentalAssociation, RoleKind  # noqa: PLC0415 -- idem
    from retkoop.users.models import User  # noqa: PLC0415 -- idem

    ad, today = DepartmentalAssociation.objects.get(department="91"), timezone.localdate()
    user = User.objects.get_or_create(username="carole", name="Carole")[0]
    access, year = AssociationAccess(user, RoleKind.COMPTABLE, ad), SchoolYear.containing(today)
    with transaction.atomic():
        day = delays_of(ad, year).first_day(today)
        times = [_seconds(lambda: prepare_collection(access=access, year=year, day=day))]
        row = Collection.objects.get()
        times += [_seconds(lambda schema=schema: collection_file(row, list(in_file(row)), schema)) for schema in FORMATS]  # type: ignore[misc]  # bound now
        hand_in(access=access, key=row.pk)
        Collection.objects.filter(pk=row.pk).update(collected_on=today - timedelta(1))
        times.append(_seconds(lambda: settle_collection(access=access, key=row.pk)))
        transaction.set_rollback(True)
    return times


def _seconds(do: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of the clock, and of the processor: on a busy machine the clock counts what others do."""
    began, worked = perf_counter(), process_time()
    do()
    return perf_counter() - began, process_time() - worked


if __name__ == "__main__":
    main()
