"""Fees of an adhésion (cotisation): its lines and their total, and what each payment pays of which account. Amounts in cents.

Source: the AD's prices of the year (settings of `network`), the federation's where it sets none. Every line is a whole quantity times a
price in cents: nothing is rounded, and the lines add up to the total by construction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from retkoop.domain.elision import of
from retkoop.domain.money import Cents

_TITLED: Final = re.compile(r"(m|mr|mme|mlle|monsieur|madame|mesdames|messieurs)\b", re.IGNORECASE)
FEE_ACCOUNT: Final = "62810008"
INSURANCE_ACCOUNT: Final = "61681008"
MOST_MEMBERS: Final = 2_000
"""More coopérateurs than any coop has: a slip of the keyboard, refused."""
LARGEST_CLASS: Final = 60
"""A class of more pupils is asked to be confirmed: several classes in one line, or a slip of the keyboard."""
MOST_MAGAZINES: Final = 50
MOST_CLASSES: Final = 80
LARGEST_CONTRIBUTION: Final[Cents] = 10_000_00


class Cycle(StrEnum):
    """Where a class belongs when coopérateurs are counted by niveau."""

    MATERNELLE = "Maternelle"
    ELEMENTAIRE = "Élémentaire"
    COLLEGE = "Collège"
    LYCEE = "Lycée"
    SPECIALISED = "Dispositifs et établissements spécialisés"


class Level(StrEnum):
    """The level (niveau) of a class, as the form offers it."""

    TPS = "TPS"
    PS = "PS"
    MS = "MS"
    GS = "GS"
    MATERNELLE = "Maternelle, plusieurs niveaux"
    CP = "CP"
    CE1 = "CE1"
    CE2 = "CE2"
    CM1 = "CM1"
    CM2 = "CM2"
    ELEMENTAIRE = "Élémentaire, plusieurs niveaux"
    ULIS = "ULIS"
    UPE2A = "UPE2A"
    COLLEGE_6 = "6e"
    COLLEGE_5 = "5e"
    COLLEGE_4 = "4e"
    COLLEGE_3 = "3e"
    SEGPA = "SEGPA"
    COLLEGE = "Collège, plusieurs niveaux"
    LYCEE = "Lycée"
    SPECIALISED = "Établissement spécialisé"
    OTHER = "Autre"

    @property
    def cycle(self) -> Cycle:
        return _CYCLES.get(self, Cycle.SPECIALISED)


_CYCLES: Final = {
    **dict.fromkeys((Level.TPS, Level.PS, Level.MS, Level.GS, Level.MATERNELLE), Cycle.MATERNELLE),
    **dict.fromkeys((Level.CP, Level.CE1, Level.CE2, Level.CM1, Level.CM2, Level.ELEMENTAIRE), Cycle.ELEMENTAIRE),
    **dict.fromkeys((Level.COLLEGE_6, Level.COLLEGE_5, Level.COLLEGE_4, Level.COLLEGE_3, Level.SEGPA, Level.COLLEGE), Cycle.COLLEGE),
    Level.LYCEE: Cycle.LYCEE,
}


@dataclass(frozen=True, slots=True)
class ClassCount:
    """The coopérateurs of one class."""

    level: Level
    pupils: int
    adults: int = 1
    name: str = ""

    @property
    def members(self) -> int:
        return self.pupils + self.adults


def class_named(level: str, name: str) -> str:
    """Return how people call a class: « CE1 de Mme Petit », « CE1 bleu », « CE1 »."""
    told = of(name) if _TITLED.match(name) else name
    return f"{level} {told}".strip()


class InsuranceRule(StrEnum):
    """What an AD says of the coop's insurance: on unless the coop takes it off, always on, or not offered."""

    PROPOSED = "proposed"
    COMPULSORY = "compulsory"
    NONE = "none"


class Basis(StrEnum):
    """What an extra line is counted by; of a free one the coop says the amount."""

    MEMBER = "member"
    PUPIL = "pupil"
    CLASS = "class"
    COOP = "coop"
    FREE = "free"


BASIS_LABELS: Final = {
    Basis.MEMBER: "par coopérateur",
    Basis.PUPIL: "par élève",
    Basis.CLASS: "par classe",
    Basis.COOP: "par coopérative",
    Basis.FREE: "montant libre",
}


@dataclass(frozen=True, slots=True)
class ExtraFee:
    """A line that an AD adds to the adhésion; `key` stays when its words change. `price` is 0 for a free amount."""

    key: str
    label: str
    basis: Basis
    price: Cents
    account: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Tariff:
    """The prices of an AD in a year."""

    member: Cents
    insurance: Cents
    magazine: Cents
    insurance_rule: InsuranceRule = InsuranceRule.PROPOSED
    extras: tuple[ExtraFee, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """What a coop declares: its classes, subscriptions to the magazine, what it gives besides, whether it takes the insurance.

    `extras`, by key: 1 for an optional line that it takes, the cents of a free amount.
    """

    classes: tuple[ClassCount, ...]
    magazines: int = 0
    contribution: Cents = 0
    insured: bool = True
    extras: Mapping[str, int] = field(default_factory=dict)

    @property
    def pupils(self) -> int:
        return sum(one.pupils for one in self.classes)

    @property
    def adults(self) -> int:
        return sum(one.adults for one in self.classes)

    @property
    def members(self) -> int:
        return self.pupils + self.adults


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A line of what an adhésion costs; `key` is `member`, `insurance`, `magazine`, `contribution`, or that of an extra line."""

    key: str
    label: str
    account: str
    quantity: int
    price: Cents

    @property
    def amount(self) -> Cents:
        return self.quantity * self.price


def is_insured(tariff: Tariff, declared: Declared) -> bool:
    """Tell whether the coop pays for the insurance: what it says, where the AD leaves it the choice."""
    if tariff.insurance_rule is InsuranceRule.PROPOSED:
        return declared.insured
    return tariff.insurance_rule is InsuranceRule.COMPULSORY


def fee_lines(tariff: Tariff, declared: Declared) -> tuple[FeeLine, ...]:
    """Return what an adhésion costs, line by line, in the order in which payments pay them; lines of nothing are left out."""
    lines = [
        FeeLine("member", "Cotisation à l’OCCE", FEE_ACCOUNT, declared.members, tariff.member),
        FeeLine("insurance", "Assurance", INSURANCE_ACCOUNT, declared.members if is_insured(tariff, declared) else 0, tariff.insurance),
        FeeLine("magazine", "Abonnement à Animation & Éducation", FEE_ACCOUNT, declared.magazines, tariff.magazine),
        *(_extra_line(one, declared) for one in tariff.extras),
        FeeLine("contribution", "Participation volontaire", FEE_ACCOUNT, 1, declared.contribution),
    ]
    return tuple(line for line in lines if line.amount)


def _extra_line(extra: ExtraFee, declared: Declared) -> FeeLine:
    said = declared.extras.get(extra.key, 0)
    if extra.basis is Basis.FREE:
        return FeeLine(extra.key, extra.label, extra.account, 1, said)
    counted = {
        Basis.MEMBER: declared.members,
        Basis.PUPIL: declared.pupils,
        Basis.CLASS: len(declared.classes),
        Basis.COOP: 1,
    }[extra.basis]
    return FeeLine(extra.key, extra.label, extra.account, counted if said or not extra.optional else 0, extra.price)


def total_of(lines: Iterable[FeeLine]) -> Cents:
    return sum(line.amount for line in lines)


def paid_by(lines: Sequence[FeeLine], received: Cents) -> dict[str, Cents]:
    """Return what a sum received pays, by account: the lines one after the other; what is beyond them stays on the first account.

    The values add up to `received`, whatever it is.
    """
    parts: dict[str, Cents] = {}
    left = received
    for line in lines:
        part = max(min(line.amount, left), 0)
        parts[line.account] = parts.get(line.account, 0) + part
        left -= part
    if left:
        first = lines[0].account if lines else FEE_ACCOUNT
        parts[first] = parts.get(first, 0) + left
    return {account: part for account, part in parts.items() if part}


def booked_now(lines: Sequence[FeeLine], received: Cents, booked: Mapping[str, Cents]) -> dict[str, Cents]:
    """Return the parts, by account, of the operation that brings the books from what is `booked` to what is `received` so far."""
    target = paid_by(lines, received)
    accounts = dict.fromkeys([*target, *booked])
    parts = {account: target.get(account, 0) - booked.get(account, 0) for account in accounts}
    return {account: part for account, part in parts.items() if part}


def members_by_cycle(classes: Iterable[ClassCount]) -> dict[Cycle, tuple[int, int, int]]:
    """Return classes, pupils and adults of each cycle, in the order of school."""
    found = dict.fromkeys(Cycle, (0, 0, 0))
    for one in classes:
        count, pupils, adults = found[one.level.cycle]
        found[one.level.cycle] = (count + 1, pupils + one.pupils, adults + one.adults)
    return {cycle: counts for cycle, counts in found.items() if counts[0]}
