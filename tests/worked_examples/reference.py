"""A second opinion on a book: single entry, straight from the columns of the file, sharing no code with Retkoop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

Row = dict[str, str]

CODES = {
    "607": "60700008",
    "616": "61681008",
    "618": "61800008",
    "628": "62810008",
    "650": "65000008",
    "657": "65700008",
    "670": "67000008",
    "680": "68000008",
    "707": "70700008",
    "708": "70800008",
    "741": "74100008",
    "748": "74800008",
    "756": "75600008",
    "758": "75800008",
    "761": "76100008",
    "770": "77000008",
}


def cents(text: str) -> int:
    return int(Decimal(text.replace(",", ".") or "0") * 100)


def column(rows: Iterable[Row], name: str) -> int:
    return sum(cents(row[name]) for row in rows)


def by_code(rows: Iterable[Row], first_figure: str) -> dict[str, int]:
    totals: dict[str, int] = {}
    for row in rows:
        code = CODES.get(row["compte"], row["compte"])
        if code.startswith(first_figure):
            totals[code] = totals.get(code, 0) + cents(row["montant"])
    return dict(sorted(totals.items()))


def iso(day: str) -> str:
    return "-".join(reversed(day.split("/")))


def filled(rows: Iterable[Row]) -> Iterator[Row]:
    """Give a continued row the date, libellé and tiers of the operation above."""
    above: Row = {}
    for row in rows:
        above = row if row["date"] else {**row, "date": above["date"], "libelle": above["libelle"], "tiers": above["tiers"]}
        yield above


def subsidies(rows: Iterable[Row]) -> list[dict[str, object]]:
    return [
        {
            "date": iso(row["date"]),
            "organisme": row["tiers"],
            "objet": row["libelle"],
            "montant": cents(row["montant"]),
            "depense": None,
            "reste": None,
        }
        for row in filled(rows)
        if row["compte"][:3] in {"741", "748"}
    ]


def unpointed(rows: Iterable[Row]) -> list[dict[str, object]]:
    return [
        {"piece": row["piece"], "date": iso(row["date"]), "libelle": row["libelle"], "montant": amount}
        for row in rows
        if (amount := column([row], "banque_entree") - column([row], "banque_sortie")) and not row["pointe"]
    ]


def crf_of(rne: str, year: str, rows: list[Row]) -> dict[str, object]:
    """Return the CRF of a book whose statement and cash count are not given, without findings."""
    bank = column(rows, "banque_entree") - column(rows, "banque_sortie")
    cash = column(rows, "caisse_entree") - column(rows, "caisse_sortie")
    regies = column(rows, "regie_versee") - column(rows, "regie_rendue")
    opening = [row for row in rows if row["piece"] == "RAN"]
    carried = column(opening, "banque_entree") + column(opening, "caisse_entree")
    charges, produits = by_code(rows, "6"), by_code(rows, "7")
    result = sum(produits.values()) - sum(charges.values())
    return {
        "coop": rne,
        "year": year,
        "charges": charges,
        "produits": produits,
        "total_charges": sum(charges.values()),
        "total_produits": sum(produits.values()),
        "resultat": result,
        "bilan": {
            "actif": {"512": bank, "514": 0, "530": cash, "54": regies, "total": bank + cash + regies},
            "passif": {"report_a_nouveau": carried, "resultat": result, "total": carried + result},
            "equilibre": bank + cash + regies == carried + result,
        },
        "rapprochement": {"solde_livre": bank, "solde_releve": None, "non_pointees": unpointed(rows), "ecart": None, "correct": None},
        "caisse": {"solde_livre": cash, "compte": None, "ecart": None, "juste": None},
        "subventions": subsidies(rows),
        "regies_ouvertes": regies,
    }
