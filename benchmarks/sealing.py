"""How long the report of a year takes to be composed and sealed: the verb that sends is timed inside, and nothing of it is kept.

`python -m benchmarks.sealing RNE RUNS` prints the milliseconds of each, in a process with the environment of the installation.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from statistics import median, quantiles
from time import perf_counter
from typing import Final, NamedTuple

from benchmarks.installation import YEAR, Installation

OPERATIONS: Final = 400
BUDGET: Final = 300
"""Milliseconds."""
WARM_UP: Final = 3
"""The first seal loads pyHanko."""


class Sealing(NamedTuple):
    """Milliseconds: the median, and what one in twenty exceeds."""

    typical: float
    slow: float


def sealing(made: Installation, runs: int) -> Sealing:
    """Seal the year of OPERATIONS so many times, each as one version more: no page is laid out before its time."""
    command = [sys.executable, "-m", "benchmarks.sealing", made.coops[OPERATIONS], str(WARM_UP + runs)]
    done = subprocess.run(command, env=made.environment, capture_output=True, text=True, check=True)  # noqa: S603 -- ourselves
    times = json.loads(done.stdout)[WARM_UP:]
    return Sealing(median(times), quantiles(times, n=20)[-1])


def _main(rne: str, runs: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "retkoop.config.settings")
    import django  # noqa: PLC0415 -- in this process alone; so below

    django.setup()
    _make_the_certificate()
    print(json.dumps([_sealed(rne, number) for number in range(1, runs + 1)]))


def _make_the_certificate() -> None:
    """An installation has one key for twenty years: its making is no part of a sealing, and would be undone with each."""
    from django.db import transaction  # noqa: PLC0415 -- see above
    from django.utils import timezone  # noqa: PLC0415 -- idem

    from retkoop.year_end.seal.certificate import sealing_key  # noqa: PLC0415 -- idem

    with transaction.atomic():
        sealing_key(timezone.now())


def _sealed(rne: str, number: int) -> float:
    from django.db import transaction  # noqa: PLC0415 -- see above

    from retkoop.audit.services import SYSTEM, writing  # noqa: PLC0415 -- idem
    from retkoop.books.page import CoopPage  # noqa: PLC0415 -- idem
    from retkoop.books.queries import books_of  # noqa: PLC0415 -- idem
    from retkoop.network.access import open_coop  # noqa: PLC0415 -- idem
    from retkoop.users.models import User  # noqa: PLC0415 -- idem
    from retkoop.year_end.models import YearClosing  # noqa: PLC0415 -- idem
    from retkoop.year_end.seal.services import seal  # noqa: PLC0415 -- idem

    access = open_coop(User.objects.get(username=rne), rne)
    books = tuple(books_of(access.coop))
    book = next(one for one in books if one.start == YEAR.start)
    page = CoopPage(access, book, books, YEAR.next.first_day)
    with transaction.atomic():
        with writing(access.coop.chain, SYSTEM) as trail:
            began = perf_counter()
            seal(trail, page, YearClosing(coop=access.coop, book=book, round=number))
            elapsed = (perf_counter() - began) * 1000
        transaction.set_rollback(True)
    return elapsed


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
