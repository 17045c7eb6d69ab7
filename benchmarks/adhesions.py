"""What the follow-up of a large AD's adhésions costs: `python -m benchmarks.adhesions [--coops 650]` (docs/mesures.md).

The AD of `benchmarks.board`, whose coops have joined in two years, each as far as `retkoop generate` takes it; the board with them beside.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import AbstractContextManager
from typing import Final

from benchmarks.board import COOPS, make_association, tell
from benchmarks.installation import YEAR, installation

ADDRESSES: Final = {
    "suivi des adhésions": "adhesions/",
    "suivi, filtré et trié": "adhesions/?etat=a-payer&tri=-montant",
    "part fédérale": "adhesions/part-federale/",
    "tableau de l’AD, avec elles": "",
}


def make_adhesions() -> None:
    """Have the coops join this year and the last one, as `retkoop generate` has its own."""
    from django.utils import timezone  # noqa: PLC0415 -- in the process of the measure alone; so below

    from retkoop.network.models import Mandate  # noqa: PLC0415 -- see above
    from retkoop.upkeep.joining import join  # noqa: PLC0415 -- see above

    now = timezone.now()
    with transaction_of_all():
        for mandate in Mandate.objects.filter(coop__association__department="91").select_related("coop__association"):
            for year in (YEAR, YEAR.previous):
                join(coop=mandate.coop, year=year, mandate=mandate, now=now)


def transaction_of_all() -> AbstractContextManager[None]:
    """One transaction: a durable commit each would take longer than the rest."""
    from django.db import transaction  # noqa: PLC0415 -- in the process of the measure alone

    return transaction.atomic()


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
