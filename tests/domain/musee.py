"""The small book of `tests/worked_examples/musee`, typed as operations: what the tests of reports look at."""

from __future__ import annotations

from datetime import date
from typing import Final

from retkoop.domain.entry import Moves, Operation, Part
from retkoop.domain.school_year import SchoolYear

YEAR: Final = SchoolYear(2025)

OPENING: Final = Operation(1, "RAN", date(2025, 9, 1), "Report à nouveau", Moves(bank=812_40, cash=25_00), opening=True, pointed=True)
CHEQUES: Final = Operation(
    2,
    "R01",
    date(2025, 9, 15),
    "Participations volontaires, chèques",
    Moves(bank=430_00),
    (Part("75600008", 430_00),),
    tiers="Familles",
    pointed=True,
)
COINS: Final = Operation(
    3,
    "R02",
    date(2025, 9, 15),
    "Participations volontaires, espèces",
    Moves(cash=96_50),
    (Part("75600008", 96_50),),
    tiers="Familles",
)
MEMBERSHIP: Final = Operation(
    4,
    "D01",
    date(2025, 10, 2),
    "Adhésion OCCE et assurance",
    Moves(bank=-149_50),
    (Part("62810008", 133_25), Part("61681008", 16_25)),
    tiers="OCCE 91",
    cheque="2000101",
    pointed=True,
)
DEPOSIT: Final = Operation(5, "V01", date(2025, 10, 3), "Dépôt d’espèces", Moves(bank=100_00, cash=-100_00), pointed=True)
REGIE_PAID: Final = Operation(
    6,
    "D02",
    date(2025, 10, 14),
    "Régie d’avance, CM1",
    Moves(bank=-120_00, regie=120_00),
    tiers="Classe de CM1",
    cheque="2000102",
    pointed=True,
)
REGIE_SPENT: Final = Operation(
    7,
    "J01",
    date(2025, 11, 12),
    "Justificatifs de la régie, CM1",
    Moves(regie=-83_70),
    (Part("61800008", 83_70),),
    tiers="Jardinerie",
)
REGIE_RETURNED: Final = Operation(
    8, "R03", date(2025, 11, 14), "Reliquat de la régie, CM1", Moves(bank=36_30, regie=-36_30), tiers="Classe de CM1", pointed=True
)
SUBSIDY: Final = Operation(
    9,
    "R04",
    date(2026, 1, 20),
    "Subvention, projet musée",
    Moves(bank=300_00),
    (Part("74100008", 300_00),),
    tiers="Mairie",
    pointed=True,
)
OUTING: Final = Operation(
    10,
    "D03",
    date(2026, 3, 12),
    "Entrées et car, musée",
    Moves(bank=-341_80),
    (Part("61800008", 341_80),),
    tiers="Musée",
    cheque="2000103",
    pointed=True,
)
REFUND: Final = Operation(
    11,
    "D04",
    date(2026, 3, 20),
    "Avoir sur le car",
    Moves(bank=25_00),
    (Part("61800008", -25_00),),
    tiers="Transports",
    pointed=True,
)
BOOKS: Final = Operation(
    12,
    "D05",
    date(2026, 7, 2),
    "Livres pour la bibliothèque",
    Moves(bank=-64_20),
    (Part("61800008", 64_20),),
    tiers="Librairie",
    cheque="2000104",
)

OPERATIONS: Final = (
    *(OPENING, CHEQUES, COINS, MEMBERSHIP, DEPOSIT, REGIE_PAID),
    *(REGIE_SPENT, REGIE_RETURNED, SUBSIDY, OUTING, REFUND, BOOKS),
)
