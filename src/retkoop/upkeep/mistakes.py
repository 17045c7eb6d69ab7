"""What goes wrong in a cahier: a few made-up lines for each thing that the checks can say. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, TypeAlias

from retkoop.domain.chart import national_chart
from retkoop.domain.entry import Moves, Operation, Part
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear

Mistakes: TypeAlias = Callable[[SchoolYear], list[Operation]]
"""The lines that a hurried person adds to the cahier of a year."""

_CODES: Final = {account.alias: account.code for account in national_chart().accounts}


def _line(  # noqa: PLR0913, PLR0917 -- a line of the cahier
    year: SchoolYear,
    piece: str,
    day: str,
    label: str,
    tiers: str,
    moves: Moves,
    split: dict[str, Cents],
    *,
    cheque: str = "",
    pointed: bool = True,
) -> Operation:
    """Return a line; `day` is `5/11`, in the calendar year where the school year has that month."""
    number, month = map(int, day.split("/"))
    return Operation(
        key=0,
        piece=piece,
        date=date(year.start + (month < 9), month, number),
        label=label,
        moves=moves,
        parts=tuple(Part(_CODES[alias], amount) for alias, amount in split.items()),
        tiers=tiers,
        cheque=cheque,
        pointed=pointed and moves.bank != 0,
    )


def wrong_splits(year: SchoolYear) -> list[Operation]:
    """An insurance forgotten in a split, and accounts on the wrong side: the bilan does not balance."""
    return [
        _line(year, "D91", "9/10", "Adhésion et assurance", "OCCE", Moves(bank=-149_50), {"628": 133_25}),
        _line(year, "R91", "4/2", "Vente de crêpes au goûter", "Familles", Moves(bank=86_00), {"618": 86_00}),
        _line(year, "D92", "12/3", "Graines du potager", "Jardinerie des Prés", Moves(bank=-24_60), {"708": 24_60}),
    ]


def empty_box(year: SchoolYear) -> list[Operation]:
    """The box pays in September what it receives in October; a régie justifies what it never had."""
    return [
        _line(year, "D91", "2/9", "Goûter de rentrée", "Supermarché", Moves(cash=-180_00), {"618": 180_00}),
        _line(year, "R91", "6/10", "Participations des familles, espèces", "Familles", Moves(cash=190_00), {"756": 190_00}),
        _line(year, "J91", "3/4", "Entrées de la ferme pédagogique", "Ferme du Plateau", Moves(regie=-42_00), {"618": 42_00}),
    ]


def lost_on_the_way(year: SchoolYear) -> list[Operation]:
    """Cheques that nobody cashes, and a deposit that the bank never got."""
    return [
        _line(
            year,
            "D91",
            "3/9",
            "Livres de rentrée",
            "Librairie Le Passage",
            Moves(bank=-58_20),
            {"618": 58_20},
            cheque="4000101",
            pointed=False,
        ),
        _line(
            year, "D92", "14/5", "Entrées au parc", "Parc des Oiseaux", Moves(bank=-96_00), {"618": 96_00}, cheque="4000102", pointed=False
        ),
        _line(year, "R91", "23/6", "Kermesse, remise de chèques", "Familles", Moves(bank=214_00), {"708": 214_00}, pointed=False),
    ]


def open_regie(year: SchoolYear) -> list[Operation]:
    """A régie above the ceiling, of which nothing comes back."""
    moves = Moves(bank=-200_00, regie=200_00)
    return [_line(year, "D91", "18/5", "Régie d’avance de la classe verte", "Classe de CM2", moves, {}, cheque="4000301")]


def bent_rules(year: SchoolYear) -> list[Operation]:
    """Dates of summer and of a year to come, a purchase typed twice, cheques that do not follow, what a coop may not pay, or not so."""
    before = _line(year.previous, "D90", "28/8", "Fournitures de rentrée", "Papeterie du Centre", Moves(bank=-31_40), {"618": 31_40})
    twin = _line(year, "D92", "5/12", "Livres offerts à Noël", "Librairie des Halles", Moves(bank=-74_00), {"618": 74_00}, cheque="4000202")
    to_come = _line(year.next.next, "D98", "4/3", "Affiches du carnaval", "Imprimerie du Lavoir", Moves(bank=-22_00), {"618": 22_00})
    return [
        before,
        to_come,
        _line(year, "D91", "14/11", "Séance de cinéma", "Cinéma Le Rex", Moves(bank=-88_00), {"618": 88_00}, cheque="4000201"),
        twin,
        _line(year, "D93", "5/12", "Livres de Noël", "Librairie des Halles", Moves(bank=-74_00), {"618": 74_00}, cheque="4000202"),
        _line(year, "D94", "9/1", "Ordinateur portable", "Bureau Service", Moves(bank=-620_00), {"618": 620_00}, cheque="4000205"),
        _line(year, "D95", "20/1", "Forfait mobile de la direction", "Télécom", Moves(bank=-19_99), {"650": 19_99}),
        _line(year, "R91", "19/6", "Kermesse, recette des stands", "Familles", Moves(cash=1_180_00), {"708": 1_180_00}),
        _line(year, "D96", "20/6", "Spectacle de fin d’année", "Compagnie du Préau", Moves(cash=-1_100_00), {"618": 1_100_00}),
    ]


def added_late(year: SchoolYear) -> list[Operation]:
    """A payment of autumn that is written down once the statement of winter is closed."""
    moves = Moves(bank=-27_30)
    return [_line(year, "D97", "24/11", "Abonnement à une revue", "Milan Presse", moves, {"618": 27_30}, pointed=False)]


def things_to_look_at(year: SchoolYear) -> list[Operation]:
    """Nothing false: photos without the photographer, words that say nothing, a bank in the red for a week, a box too full
    although it is taken to the bank every day.
    """
    museum = ("Musée des Sciences", Moves(bank=-60_00))
    return [
        _line(year, "D91", "4/9", "Acompte de la classe découverte", "Centre du Lac", Moves(bank=-1_900_00), {"618": 1_900_00}),
        _line(year, "R91", "11/9", "Subvention de la classe découverte", "Mairie", Moves(bank=2_000_00), {"741": 2_000_00}),
        _line(year, "R92", "7/11", "Photos de classe, remise de chèques", "Familles", Moves(bank=840_00), {"707": 840_00}),
        _line(year, "R93", "14/11", "Photos de classe, espèces", "Familles", Moves(cash=386_00), {"707": 386_00}),
        _line(year, "R94", "21/11", "Ventes de gâteaux, espèces", "Familles", Moves(cash=260_00), {"707": 260_00}),
        *(_line(year, f"V{91 + week}", f"{1 + week}/12", "Dépôt d’espèces", "", Moves(bank=20_00, cash=-20_00), {}) for week in range(13)),
        _line(year, "D92", "2/12", "Divers", "Supermarché", Moves(bank=-36_40), {"618": 36_40}),
        _line(year, "D93", "8/1", "Entrées des CP", museum[0], museum[1], {"618": 60_00}),
        _line(year, "D94", "9/1", "Entrées des CE1", museum[0], museum[1], {"618": 60_00}),
        _line(year, "D95", "12/1", "Entrées des CE2", museum[0], museum[1], {"618": 60_00}),
        _line(year, "D96", "13/1", "Entrées des CM1", museum[0], museum[1], {"650": 60_00}),
        _line(year, "D97", "19/1", "Carte cadeau", "Librairie Le Passage", Moves(bank=-25_00), {"618": 25_00}),
    ]


def careless_registers(year: SchoolYear) -> list[Operation]:
    """A good and subsidies that the registers will forget or misread, and the outing that one of them pays; `registers` does the rest."""
    return [
        _line(year, "R91", "9/10", "Subvention du projet jardin", "Mairie", Moves(bank=400_00), {"741": 400_00}),
        _line(year, "R92", "6/11", "Subvention de la sortie au musée", "Conseil départemental", Moves(bank=350_00), {"741": 350_00}),
        _line(year, "R93", "4/12", "Prix de la fondation", "Fondation pour la lecture", Moves(bank=250_00), {"748": 250_00}),
        _line(year, "D91", "15/1", "Car pour le musée", "Autocars Bertin", Moves(bank=-910_00), {"618": 910_00}, pointed=False),
        _line(year, "D92", "22/1", "Imprimante du journal", "Bureau Service", Moves(bank=-289_00), {"680": 289_00}),
    ]
