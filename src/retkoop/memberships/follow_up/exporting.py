"""The adhésions of an AD as a workbook: those on show, their effectifs by class, the totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from retkoop.books.cells import guarded
from retkoop.books.tables import FileCell, xlsx_of
from retkoop.domain.fees import Level
from retkoop.domain.membership import MEMBERSHIP_LABELS
from retkoop.domain.money import Cents
from retkoop.memberships.follow_up.page import FollowUpPage
from retkoop.memberships.follow_up.queries import Followed

Line = list[FileCell]
COOPS = ("RNE", "École", "Commune", "État", "Élèves", "Adultes", "Coopérateurs", "Abonnements", "Montant", "Reçu", "Reste dû", "An dernier")
CLASSES = ("RNE", "École", "Commune", "Niveau", "Cycle", "Classe", "Élèves", "Adultes")
LEVELS = ("Cycle", "Niveau", "Classes", "Élèves", "Adultes", "Coopérateurs")


def workbook_of(page: FollowUpPage) -> bytes:
    """Return what the page shows, in its order, as an XLSX workbook: a sheet by coop, one by class, one by niveau, one by year."""
    return xlsx_of(
        [
            (f"Adhésions {page.year}", [list(COOPS), *map(_coop, page.shown)]),
            ("Effectifs par classe", [list(CLASSES), *_classes(page.shown)]),
            ("Par niveau", [list(LEVELS), *_levels(page)]),
            ("Par année", [["", *map(str, page.years), "Écart"], *_years(page)]),
        ]
    )


def euros(cents: Cents) -> Decimal:
    return Decimal(cents) / 100


def _coop(row: Followed) -> Line:
    facts = row.facts
    told: Line = [row.rne, guarded(row.name), guarded(row.commune), MEMBERSHIP_LABELS[row.state]]
    counts: Line = [row.pupils, row.adults, row.members, row.magazines] if facts.declared else ["", "", "", ""]
    money: Line = [euros(facts.due), euros(facts.received), euros(facts.owed)]
    return [*told, *counts, *money, euros(row.former) if row.former is not None else ""]


def _classes(rows: Iterable[Followed]) -> Iterator[Line]:
    for row in rows:
        for level, pupils, adults, name in row.classes:
            coop: Line = [row.rne, guarded(row.name), guarded(row.commune)]
            yield [*coop, level, Level(level).cycle.value, guarded(name), pupils, adults]


def _levels(page: FollowUpPage) -> Iterator[Line]:
    for cycle in page.cycles:
        for one in (*cycle.levels, cycle._replace(label="Ensemble")):
            yield [cycle.label, one.label, one.classes, one.pupils, one.adults, one.pupils + one.adults]


def _years(page: FollowUpPage) -> Iterator[Line]:
    for line in page.compared:
        values = (*line.values, line.gap)
        yield [line.label, *(euros(value) if line.is_money else value for value in values)]
