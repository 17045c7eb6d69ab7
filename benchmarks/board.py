"""What the board of a large AD costs: `python -m benchmarks.board [--coops 650]` (docs/mesures.md).

A made-up AD in a folder that is thrown away. Calls of Python are the same on a busy machine; the time is that of the processor, the
least of some.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from cProfile import Profile
from datetime import date, timedelta
from random import Random
from time import process_time
from typing import TYPE_CHECKING, Any, Final

from benchmarks.installation import YEAR, installation
from retkoop.domain.rne import control_letter

if TYPE_CHECKING:
    from django.test import Client

COOPS: Final = 650
RUNS: Final = 15
MILLISECONDS, KILOBYTES, QUERIES = 25, 100, 12
ADDRESSES: Final = {
    "tableau de l’AD": "",
    "tableau, filtré et trié": "?etat=pas-pret&circo=Massy&tri=-operation",
    "tableur": "tableau.xlsx",
}
_PLACES: Final = ("Massy", "Évry", "Étampes", "Palaiseau", "Savigny", "Corbeil-Essonnes", "")
_STATES: Final = ("", "", "", "signing", "sent", "accepted", "to_correct")


def make_association(count: int) -> None:
    """Write so many coops with a book each: what is kept of it, what was found in it, where its closing is, who follows it."""
    from django.utils import timezone  # noqa: PLC0415 -- in the process of the measure alone; so below

    from retkoop.books.models import Book  # noqa: PLC0415 -- see above
    from retkoop.network.models import Coop, DepartmentalAssociation, Mandate  # noqa: PLC0415 -- see above
    from retkoop.users.models import User  # noqa: PLC0415 -- see above
    from retkoop.year_end.models import YearClosing  # noqa: PLC0415 -- see above

    chance, ad, now = Random(91), DepartmentalAssociation.objects.get(department="91"), timezone.now()  # noqa: S311 -- made-up figures
    rnes = [f"{digits}{control_letter(digits)}" for digits in (f"091{number:04d}" for number in range(count))]
    named = [(rne, f"École {rne[2:7]} {chance.choice(('du Bac', 'Zola', 'Curie'))}", chance.choice(_PLACES)) for rne in rnes]
    made: list[Any] = [Coop(association=ad, rne=rne, name=name, commune=place, circonscription=place) for rne, name, place in named]
    coops = Coop.objects.bulk_create(made)
    User.objects.bulk_create(
        User(username=rne, name=name, activated_at=now, last_login=now) for rne, name, _ in named if chance.random() < 0.8
    )
    Mandate.objects.bulk_create(Mandate(coop=one, holder=f"Camille Durand {one.pk}", start=date(2025, 9, 1)) for one in coops)
    day = YEAR.first_day
    books = Book.objects.bulk_create(
        Book(coop=one, start=YEAR.start, operation_count=chance.randint(0, 300), last_operation=day + timedelta(chance.randint(0, 300)))
        for one in coops
    )
    _write_findings(books, chance)
    states = [(book, chance.choice(_STATES)) for book in books]
    YearClosing.objects.bulk_create(YearClosing(coop=book.coop, book=book, state=state, sent_at=now) for book, state in states if state)


def _write_findings(books: list[Any], chance: Random) -> None:
    from retkoop.books.findings import rank_of  # noqa: PLC0415 -- in the process of the measure alone; so below
    from retkoop.books.models import KeptFinding  # noqa: PLC0415 -- see above
    from retkoop.domain.checks import CHECKS  # noqa: PLC0415 -- see above

    found = ((book, chance.choice(CHECKS)) for book in books for _ in range(chance.randint(0, 12)))
    KeptFinding.objects.bulk_create(
        KeptFinding(
            coop=book.coop,
            book=book,
            scope=check.scope,
            code=check.code,
            rank=rank_of(check.code),
            severity=check.severity,
            message=check.rule,
            mend="Voir",
            place="cahier",
        )
        for book, check in found
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
    ad = DepartmentalAssociation.objects.get(department="91")
    user = create_staff(author=SYSTEM, username="b.martin", name="B. Martin", kind=RoleKind.COMPTABLE, association=ad)
    client = Client(headers={"Host": "127.0.0.1", "Accept-Encoding": "gzip"})
    client.force_login(user)
    for name, address in ADDRESSES.items():
        tell(name, client, f"/ad/91/{address}{'&' if '?' in address else '?'}annee={YEAR}")


def tell(name: str, client: Client, address: str) -> None:
    """Print what an answer costs: calls, milliseconds of the processor, kilobytes over the wire, queries."""
    times = []
    for _ in range(RUNS):
        began = process_time()
        answer = client.get(address)
        times.append((process_time() - began) * 1000)
    with Profile() as profile:
        client.get(address)
    calls = sum(stat.callcount for stat in profile.getstats())
    queries = int(answer.headers["Server-Timing"].rpartition("=")[2].strip('"'))
    kilobytes = len(b"".join(answer)) / 1000
    kept = (min(times) <= MILLISECONDS or name == "tableur") and kilobytes <= KILOBYTES and queries <= QUERIES
    print(
        f"{name:<28}{answer.status_code:>5}{calls:>10}{min(times):>8.1f} ms{kilobytes:>8.1f} Ko{queries:>4}  {'✓' if kept else '✗'}",
        flush=True,
    )


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.board", description="Mesure le tableau de bord d’une AD, dans un dossier jetable.")
    parser.add_argument("--coops", type=int, default=COOPS, metavar="N")
    parser.add_argument("--here", action="store_true", help="mesurer dans le dossier que dit RETKOOP_HOME")
    asked = parser.parse_args()
    if asked.here:
        _measure(asked.coops)
        return
    print(f"{asked.coops} coopératives{'appels':>26}{'processeur':>12}{'réseau':>8}{'SQL':>6}", flush=True)
    with installation([12]) as made:
        command = [sys.executable, "-m", "benchmarks.board", "--here", "--coops", str(asked.coops)]
        subprocess.run(command, env=made.environment, check=True)  # noqa: S603 -- ourselves


if __name__ == "__main__":
    main()
