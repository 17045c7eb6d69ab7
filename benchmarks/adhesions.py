"""What the follow-up of a large AD's adhésions costs: `python -m benchmarks.adhesions [--coops 650]` (docs/mesures.md).

The AD of `benchmarks.board`, whose coops have declared two years, some with a correction, and paid; the board with them beside.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from datetime import date
from random import Random
from typing import Any, Final

from benchmarks.board import COOPS, make_association, tell
from benchmarks.installation import YEAR, installation

ADDRESSES: Final = {
    "suivi des adhésions": "adhesions/",
    "suivi, filtré et trié": "adhesions/?etat=a-payer&tri=-montant",
    "part fédérale": "adhesions/part-federale/",
    "tableau de l’AD, avec elles": "",
}


def make_adhesions() -> None:
    """Write an adhésion of this year and of the last one for nine coops of ten."""
    from django.utils import timezone  # noqa: PLC0415 -- in the process of the measure alone; so below

    from retkoop.domain.creditor_reference import creditor_reference  # noqa: PLC0415 -- see above
    from retkoop.memberships.models import Declaration, Membership, Payment  # noqa: PLC0415 -- see above
    from retkoop.network.models import Coop  # noqa: PLC0415 -- see above

    chance, now = Random(91), timezone.now()  # noqa: S311 -- made-up figures
    coops: list[Any] = [coop for coop in Coop.objects.filter(association__department="91") if chance.random() < 0.9]
    made: list[Any] = [
        Membership(coop=coop, start=year.start, reference=creditor_reference(coop.rne, year), validated=chance.choice((0, 1)))
        for coop in coops
        for year in (YEAR, YEAR.previous)
    ]
    rows = Membership.objects.bulk_create(made)
    levels = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
    declarations: list[Any] = []
    for row in rows:
        classes: list[Any] = [[level, chance.randint(15, 28), 1, "Mme Grand"] for level in chance.sample(levels, 6)]
        pupils = sum(one[1] for one in classes)
        lines = [["member", "Cotisation", "62810008", pupils + 6, 205], ["insurance", "Assurance", "61681008", pupils + 6, 25]]
        told = {"classes": classes, "lines": lines, "pupils": pupils, "adults": 6, "total": (pupils + 6) * 230, "declared_at": now}
        declarations += [Declaration(membership=row, number=number, **told) for number in range(1, chance.choice((2, 2, 2, 3)))]
    Declaration.objects.bulk_create(declarations)
    paid = [one for one in declarations if chance.random() < 0.7]
    Payment.objects.bulk_create(
        Payment(
            association_id=one.membership.coop.association_id,
            membership=one.membership,
            way="cheque",
            state="received",
            amount=one.total,
            received_on=date(2025, 10, 1),
        )
        for one in paid
    )


def _measure(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "retkoop.config.settings")
    import django  # noqa: PLC0415 -- in this process alone; so below

    django.setup()
    from django.test import Client  # noqa: PLC0415 -- see above

    from retkoop.audit.services import SYSTEM  # noqa: PLC0415 -- see above
    from retkoop.network.models import DepartmentalAssociation, RoleKind  # noqa: PLC0415 -- see above
    from retkoop.network.services import create_staff  # noqa: PLC0415 -- see above

    make_association(count)
    make_adhesions()
    ad = DepartmentalAssociation.objects.get(department="91")
    user = create_staff(author=SYSTEM, username="b.martin", name="B. Martin", kind=RoleKind.COMPTABLE, association=ad)
    client = Client(headers={"Host": "127.0.0.1", "Accept-Encoding": "gzip"})
    client.force_login(user)
    for name, address in ADDRESSES.items():
        tell(name, client, f"/ad/91/{address}{'&' if '?' in address else '?'}annee={YEAR}")


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.adhesions", description="Mesure le suivi des adhésions, dans un dossier jetable.")
    parser.add_argument("--coops", type=int, default=COOPS, metavar="N")
    parser.add_argument("--here", action="store_true", help="mesurer dans le dossier que dit RETKOOP_HOME")
    asked = parser.parse_args()
    if asked.here:
        _measure(asked.coops)
        return
    print(f"{asked.coops} coopératives{'appels':>26}{'processeur':>12}{'réseau':>8}{'SQL':>6}", flush=True)
    with installation([12]) as made:
        command = [sys.executable, "-m", "benchmarks.adhesions", "--here", "--coops", str(asked.coops)]
        subprocess.run(command, env=made.environment, check=True)  # noqa: S603 -- ourselves


if __name__ == "__main__":
    main()
