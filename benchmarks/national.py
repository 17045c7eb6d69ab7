"""`python -m benchmarks.national [--coops 50000]`: the federation's pages over a country of kept totals, on a PostgreSQL of its own.

The totals are written straight into their table: what is measured is how they are summed and read, not how a book is kept.
"""

from __future__ import annotations

import os
import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Final

from tests.postgresql import postgresql_server

ACCOUNTS: Final = 20
PAGES: Final = (
    "/federation/",
    "/federation/totaux/?annee=2025-2026",
    "/federation/totaux/61800008/?annee=2025-2026",
    "/federation/adhesions/?annee=2025-2026",
)
BUDGET: Final = 300
"""Milliseconds that a page may take."""
RUNS: Final = 15

COOPS: Final = """
INSERT INTO network_coop (association_id, rne, name, commune, email, circonscription, change_reason, end_reason, words)
SELECT a.id, lpad(n::text, 7, '0') || 'A', 'École ' || n, 'Évry', '', '', '', '', ''
FROM generate_series(1, %s) n JOIN (SELECT id, row_number() OVER (ORDER BY department) - 1 AS place FROM network_departmentalassociation) a
ON a.place = n %% (SELECT count(*) FROM network_departmentalassociation)"""
MEMBERSHIPS: Final = """
INSERT INTO memberships_membership (coop_id, start, reference, validated, validated_by, left_reason, version)
SELECT c.id, y.start, 'RF' || y.start || c.id, (c.id %% 3 > 0)::int, '', '', 1
FROM network_coop c CROSS JOIN (VALUES (2025), (2024), (2023)) y (start) WHERE c.id %% 10 > 0"""
DECLARATIONS: Final = """
INSERT INTO memberships_declaration (membership_id, number, classes, magazines, contribution, insured, extras, lines, pupils, adults, total,
       reason, declared_at, declared_by, version)
SELECT m.id, n.number, '[["CE1", 24, 1, ""]]', m.id %% 3, 0, true, '{}',
       '[["member", "Cotisation", "62810008", 25, 205], ["insurance", "Assurance", "61681008", 25, 25]]', 100 + m.id %% 100, 6, 24380,
       '', now(), 'École', 1
FROM memberships_membership m CROSS JOIN (VALUES (1), (2)) n (number) WHERE n.number = 1 OR m.id %% 10 = 0"""
TOTALS: Final = """
INSERT INTO books_accounttotal (coop_id, book_id, account, debit, credit)
SELECT b.coop_id, b.id, x.account, CASE WHEN x.account < '7' THEN (b.id * 37 + x.n * 1009) %% 90000 ELSE 0 END,
       CASE WHEN x.account < '7' THEN 0 ELSE (b.id * 41 + x.n * 907) %% 90000 END
FROM books_book b CROSS JOIN unnest(%s::text[]) WITH ORDINALITY AS x (account, n)"""


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.national")
    parser.add_argument("--coops", type=int, default=50_000, metavar="N")
    asked = parser.parse_args()
    with postgresql_server() as address:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "retkoop.config.settings", "RETKOOP_DATABASE_URL": address}
        _measure(asked.coops)


def _measure(coops: int) -> None:
    import django  # noqa: PLC0415 -- the database is known only now; so below

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- idem

    from retkoop.oversight.national.models import NationalTotal  # noqa: PLC0415 -- idem
    from retkoop.oversight.national.summing import sum_up  # noqa: PLC0415 -- idem

    call_command("migrate", verbosity=0)
    print(f"{coops} cahiers de {ACCOUNTS} comptes écrits en {_seconds(lambda: _fill(coops)):.0f} s.")
    for whole, words in ((True, "toutes les années"), (False, "les années en cours")):
        print(f"Calcul, {words} : {_seconds(lambda: sum_up(whole=whole)):.1f} s ({NationalTotal.objects.count()} totaux gardés).")  # noqa: B023 -- called at once
    for page, times in _pages().items():
        usual, least = statistics.median(one for one, _ in times), min(one for one, _ in times)
        told = f"le plus vite : {least:.0f} ms, dont {min(work for _, work in times):.0f} de calcul"
        print(f"{page:<52}{usual:>8.0f} ms ({told} ; budget : {BUDGET} ms) {'✓' if usual <= BUDGET else '✗'}")


def _fill(coops: int) -> None:
    from django.db import connection  # noqa: PLC0415 -- idem

    from retkoop.books.models import Book  # noqa: PLC0415 -- idem
    from retkoop.domain.chart import national_chart  # noqa: PLC0415 -- idem
    from retkoop.network.models import Coop  # noqa: PLC0415 -- idem

    accounts = [*(account.code for account in national_chart().accounts), "110", "512", "530", "54"]
    with connection.cursor() as cursor:
        cursor.execute(COOPS, [coops])
        Book.objects.bulk_create([Book(coop_id=key, start=2025) for key in Coop.objects.values_list("pk", flat=True)], batch_size=5_000)
        cursor.execute(TOTALS, [accounts[:ACCOUNTS]])
        cursor.execute(MEMBERSHIPS, [])
        cursor.execute(DECLARATIONS, [])
        cursor.execute("ANALYZE")


def _pages() -> dict[str, list[tuple[float, float]]]:
    from django.test import Client  # noqa: PLC0415 -- idem

    from retkoop.audit.services import SYSTEM  # noqa: PLC0415 -- idem
    from retkoop.network.models import RoleKind  # noqa: PLC0415 -- idem
    from retkoop.network.services import create_staff  # noqa: PLC0415 -- idem

    client = Client(HTTP_HOST="localhost")
    client.force_login(create_staff(author=SYSTEM, username="fanny", name="Fanny", kind=RoleKind.FEDERATION, association=None))
    return {page: [_milliseconds(lambda: client.get(page)) for _ in range(RUNS)][3:] for page in PAGES}  # noqa: B023 -- called at once


def _milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long some work takes, and how much of it is this process: on a busy machine the rest is waiting."""
    began, before = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - began) * 1000, (time.process_time() - before) * 1000


def _seconds(work: Callable[[], object]) -> float:
    return _milliseconds(work)[0] / 1000


if __name__ == "__main__":
    main()
