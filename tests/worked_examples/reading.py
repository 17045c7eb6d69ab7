"""From the rows of a worked example to the domain's operations: a plain reader, for files that are known to be right."""

from __future__ import annotations

from datetime import datetime

from retkoop.domain.chart import national_chart
from retkoop.domain.entry import OPENING_PIECE, Moves, Operation, Part
from retkoop.domain.money import Cents, parse_amount

Row = dict[str, str]

CHART = national_chart()


def read_operations(rows: list[Row]) -> tuple[Operation, ...]:
    """Group each dated row with those that continue it."""
    groups: list[list[Row]] = []
    for row in rows:
        if row["date"]:
            groups.append([])
        groups[-1].append(row)
    return tuple(read_operation(key, group) for key, group in enumerate(groups, start=1))


def read_operation(key: int, rows: list[Row]) -> Operation:
    first = rows[0]
    return Operation(
        key=key,
        piece=first["piece"],
        date=datetime.strptime(first["date"], "%d/%m/%Y").date(),  # noqa: DTZ007 -- a day, in no time zone
        label=first["libelle"],
        moves=Moves(
            bank=amount(first["banque_entree"]) - amount(first["banque_sortie"]),
            cash=amount(first["caisse_entree"]) - amount(first["caisse_sortie"]),
            regie=amount(first["regie_versee"]) - amount(first["regie_rendue"]),
        ),
        parts=tuple(Part(CHART.resolve(row["compte"]).code, amount(row["montant"])) for row in rows if row["compte"]),
        tiers=first["tiers"],
        cheque=first["cheque"],
        project=first["projet"],
        classe=first["classe"],
        opening=first["piece"] == OPENING_PIECE,
        pointed=first["pointe"] == "oui",
    )


def amount(text: str) -> Cents:
    return parse_amount(text) if text else 0
