"""Rows of adhésions as values for the rules, and back."""

from __future__ import annotations

from retkoop.domain.fees import ClassCount, Declared, FeeLine, Level
from retkoop.memberships.models import Declaration


def declared_of(row: Declaration) -> Declared:
    """Return what a declaration declares."""
    classes = tuple(ClassCount(Level(level), pupils, adults, name) for level, pupils, adults, name in row.classes)
    return Declared(classes, row.magazines, row.contribution, row.insured, row.extras)


def fill_declaration(row: Declaration, declared: Declared) -> None:
    """Write what is declared into a row, with its sums; its lines and total are counted when it is declared."""
    row.classes = [[one.level.value, one.pupils, one.adults, one.name] for one in declared.classes]
    row.magazines, row.contribution, row.insured = declared.magazines, declared.contribution, declared.insured
    row.extras = dict(declared.extras)
    row.pupils, row.adults = declared.pupils, declared.adults


def lines_of(row: Declaration) -> tuple[FeeLine, ...]:
    """Return the lines that were counted when a declaration was made."""
    return tuple(FeeLine(*line) for line in row.lines)


def kept_lines(lines: tuple[FeeLine, ...]) -> list[list[object]]:
    """Return lines as a declaration keeps them."""
    return [[line.key, line.label, line.account, line.quantity, line.price] for line in lines]
