"""A year of a school’s cahier as it goes: photos in autumn, sorties in spring, the kermesse in June, régies that come back.

Pure: the same chance makes the same year. Money is there before it is spent, so that a made-up book is a right one.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import Final

from retkoop.domain.chart import national_chart
from retkoop.domain.entry import OPENING_PIECE, Moves, Operation, Part
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear

CLASSES: Final = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
PROJECTS: Final = ("Jardin", "Théâtre", "Musée", "Journal", "Classe verte", "Bibliothèque")
_BUSY: Final = {9: 12, 10: 12, 11: 12, 12: 10, 1: 8, 2: 7, 3: 9, 4: 8, 5: 9, 6: 11, 7: 1}
"""How much a school has to note in each month; nothing in August."""


@dataclass(frozen=True, slots=True)
class Habit:
    """Something that schools do in some months; amounts in whole euros."""

    way: str
    months: tuple[int, ...]
    account: str
    least: int
    most: int
    weight: int
    label: str
    tiers: tuple[str, ...]
    times: int | None = None
    """At most so often in a year of two hundred operations."""


@cache
def _code(alias: str) -> str:
    return national_chart().resolve(alias).code


@cache
def habits_by_month() -> dict[int, tuple[tuple[Habit, ...], tuple[int, ...]]]:
    """Return what schools do in each month, with the weights of chance."""
    text = resources.files(__package__).joinpath("data/seasons.csv").read_text(encoding="utf-8")
    habits = [
        Habit(
            way=row["way"],
            months=tuple(map(int, row["months"].split())),
            account=_code(row["account"]) if row["account"] else "",
            least=int(row["least"]),
            most=int(row["most"]),
            weight=int(row["weight"]),
            label=row["label"],
            tiers=tuple(row["tiers"].split("|")),
            times=int(row["times"]) if row["times"] else None,
        )
        for row in csv.DictReader(text.splitlines(), delimiter=";")
    ]
    months = {month: tuple(habit for habit in habits if month in habit.months) for month in range(1, 13)}
    return {month: (known, tuple(habit.weight for habit in known)) for month, known in months.items() if known}


_INVOICE: Final = Habit("cheque", (), _code("607"), 110, 390, 1, "Facture des photos de classe", ("Photo Scolaire",))


@dataclass(frozen=True, slots=True)
class Regie:
    """A régie d’avance that is out: the day on which its tickets come back, what was spent and what is left."""

    due: date
    subject: str
    shop: str
    classe: str
    spent: Cents
    left: Cents


@dataclass
class Keeper:
    """Whoever keeps the cahier of a year: what they have in the bank and in the box, and what they still wait for."""

    chance: Random
    year: SchoolYear
    bank: Cents = 0
    cash: Cents = 0
    cheque: int = 0
    size: int = 1
    """One more for each two hundred operations: some schools are large."""
    numbers: Counter[str] = field(default_factory=Counter)
    done: Counter[Habit] = field(default_factory=Counter)
    accounts: Counter[str] = field(default_factory=Counter)
    regies: list[Regie] = field(default_factory=list)

    def note(  # noqa: PLR0913 -- a line of the cahier
        self,
        letter: str,
        day: date,
        label: str,
        moves: Moves,
        parts: tuple[Part, ...] = (),
        *,
        tiers: str = "",
        cheque: bool = False,
        classe: str = "",
    ) -> Operation:
        self.bank += moves.bank
        self.cash += moves.cash
        self.numbers[letter] += 1
        self.accounts.update(part.account for part in parts)
        self.cheque += cheque
        return Operation(
            key=0,
            piece=f"{letter}{self.numbers[letter]:02d}",
            date=day,
            label=f"{label}, {classe}" if classe else label,
            moves=moves,
            parts=parts,
            tiers=tiers,
            cheque=str(self.cheque) if cheque else "",
            project=self.chance.choice(PROJECTS) if self.chance.random() < 0.1 else "",
            classe=classe,
            pointed=moves.bank != 0 and self._is_on_a_statement(day, moves.bank),
        )

    def _is_on_a_statement(self, day: date, bank: Cents) -> bool:
        """Only some of the last payments are still under way when the year ends."""
        return bank > 0 or day < self.year.last_day - timedelta(days=80) or self.chance.random() < 0.8

    def may(self, habit: Habit, left: int) -> bool:
        """Tell whether it makes sense now: not too often, no régie or cash too late, nothing bought to be sold before anything is."""
        if (habit.way == "regie" and self.awaited + 3 > left) or (habit.way == "cash_in" and left == 1):
            return False
        if habit.account == _code("607") and not self.accounts[_code("707")]:
            return False
        return habit.times is None or self.done[habit] < habit.times * self.size

    @property
    def owes_an_invoice(self) -> bool:
        """Photos are sold, and the photographer is not paid yet."""
        return self.accounts[_code("707")] > 0 and not self.accounts[_code("607")]

    def do(self, habit: Habit, day: date) -> Operation | None:
        """Do what is done in this season, where there is money for it."""
        amount = self.chance.randrange(habit.least * 100, habit.most * 100 + 1, 5)
        classe = self.chance.choice(CLASSES) if habit.times is None and habit.account and self.chance.random() < 0.25 else ""
        match habit.way:
            case "bank_in" | "cash_in" | "refund":
                return self.receive(habit, day, amount, classe)
            case "bank_out" | "cash_out" | "cheque":
                return self.spend(habit, day, amount, classe)
            case "regie":
                return self.entrust(habit, day, amount, classe or self.chance.choice(CLASSES)) if amount <= self.bank else None
        return self.carry(habit, day, amount)

    def receive(self, habit: Habit, day: date, amount: Cents, classe: str) -> Operation:
        moves = Moves(cash=amount) if habit.way == "cash_in" else Moves(bank=amount)
        parts = (Part(habit.account, -amount if habit.way == "refund" else amount),)
        return self.note("R", day, habit.label, moves, parts, tiers=self.chance.choice(habit.tiers), classe=classe)

    def spend(self, habit: Habit, day: date, amount: Cents, classe: str) -> Operation | None:
        in_cash = habit.way == "cash_out"
        if amount > (self.cash if in_cash else self.bank):
            return None
        moves, tiers = Moves(cash=-amount) if in_cash else Moves(bank=-amount), self.chance.choice(habit.tiers)
        return self.note("D", day, habit.label, moves, _split(habit, amount), tiers=tiers, cheque=habit.way == "cheque", classe=classe)

    def carry(self, habit: Habit, day: date, amount: Cents) -> Operation | None:
        """Carry money between the box and the bank."""
        if habit.way == "cash_to_bank":
            return self.deposit(day) if self.cash >= 60_00 else None
        if self.cash > 20_00 or self.bank < amount:
            return None
        return self.note("V", day, habit.label, Moves(bank=-amount, cash=amount))

    def deposit(self, day: date) -> Operation:
        amount = (self.cash - 20_00) // 10_00 * 10_00
        return self.note("V", day, "Dépôt d’espèces à la banque", Moves(bank=amount, cash=-amount))

    def receive_gift(self, day: date) -> Operation:
        amount = self.chance.randrange(20_00, 120_00, 5)
        return self.note("R", day, "Don de parents d’élèves", Moves(bank=amount), (Part(_code("758"), amount),), tiers="Parents d’élèves")

    def entrust(self, habit: Habit, day: date, amount: Cents, classe: str) -> Operation:
        left = self.chance.choice((0, amount // 10, amount // 5))
        due = day + timedelta(days=self.chance.randint(10, 25))
        self.regies.append(Regie(due, habit.label, habit.tiers[0], classe, amount - left, left))
        return self.note("D", day, habit.label, Moves(bank=-amount, regie=amount), tiers=f"Classe de {classe}", cheque=True, classe=classe)

    def settle(self, day: date) -> Operation:
        """Take back the tickets of the oldest régie, then what is left of it."""
        regie = self.regies.pop(0)
        subject = regie.subject.removeprefix("Régie d’avance ")
        if not regie.spent:
            moves = Moves(cash=regie.left, regie=-regie.left)
            return self.note("R", day, f"Reliquat de la régie {subject}", moves, tiers=f"Classe de {regie.classe}", classe=regie.classe)
        if regie.left:
            self.regies.insert(0, replace(regie, spent=0))
        parts = (Part(_code("618"), regie.spent),)
        label = f"Justificatifs de la régie {subject}"
        return self.note("J", day, label, Moves(regie=-regie.spent), parts, tiers=regie.shop, classe=regie.classe)

    @property
    def awaited(self) -> int:
        """How many operations it still takes to have every régie back."""
        return sum(bool(regie.spent) + bool(regie.left) for regie in self.regies)


def _split(habit: Habit, amount: Cents) -> tuple[Part, ...]:
    """Split an amount as its habit does: the adhésion holds the insurance."""
    if habit.way == "cheque" and habit.tiers == ("OCCE",):
        insurance = amount // 9
        return Part(habit.account, amount - insurance), Part(_code("616"), insurance)
    return (Part(habit.account, amount),)


def made_up_year(chance: Random, year: SchoolYear, count: int, opening: Moves) -> Iterator[Operation]:
    """Yield `count` operations of a year in order, the report à nouveau first."""
    keeper = Keeper(chance, year, opening.bank, opening.cash, chance.randrange(1_000_000, 9_000_000), 1 + count // 250)
    if count:
        yield Operation(0, OPENING_PIECE, year.first_day, "Report à nouveau", opening, opening=True, pointed=bool(opening.bank))
    days = _school_days(chance, year, count - 1)
    for place, day in enumerate(days):
        yield _next(keeper, day, left=len(days) - place)


def _next(keeper: Keeper, day: date, left: int) -> Operation:
    if keeper.regies and (keeper.regies[0].due <= day or keeper.awaited >= left):
        return keeper.settle(day)
    if keeper.cash > 280_00:
        return keeper.deposit(day)
    habits, weights = habits_by_month()[day.month]
    drawn = keeper.chance.choices(habits, weights, k=20)
    if keeper.owes_an_invoice and keeper.bank > _INVOICE.most * 100:
        drawn.insert(0, _INVOICE)
    for habit in drawn:
        operation = keeper.do(habit, day) if keeper.may(habit, left) else None
        if operation is not None:
            keeper.done[habit] += 1
            return operation
    return keeper.receive_gift(day)


def _school_days(chance: Random, year: SchoolYear, count: int) -> list[date]:
    every = [year.first_day + timedelta(days=number) for number in range(308)]  # until 5 July
    days = [day for day in every if day.weekday() < 5]
    return sorted(chance.choices(days, [_BUSY[day.month] for day in days], k=count)) if count > 0 else []
