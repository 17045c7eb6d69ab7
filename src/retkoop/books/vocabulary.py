"""How rooms tell the words of the trail: actions, records and their columns, as teachers call them.

Each room names its own in a module `history_words` (a `Vocabulary` called WORDS); the setting HISTORY_WORDS lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.utils.module_loading import import_string

from retkoop.domain.chart import Chart
from retkoop.domain.money import format_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.days import format_full, format_moment
from retkoop.ui.templates import signed

Formatter = Callable[[Any, Chart], str]

KEYS: Final = frozenset({"id", "coop_id", "book_id"})


@dataclass(frozen=True, slots=True)
class RecordWords:
    """A kind of record: its columns, each with its label and how its values are written; how one is named.

    `in_name`: columns that the name says already: of one that comes or goes, they are not told twice. `silent`: columns that
    follow from others, or that only the machine reads.
    """

    columns: Mapping[str, tuple[str, Formatter]]
    silent: frozenset[str]
    name: Callable[[Mapping[str, Any]], str] | None = None
    in_name: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a room, or of the whole house: {action: words}, {model: words of its records}."""

    actions: Mapping[str, str]
    records: Mapping[str, RecordWords] = field(default_factory=dict)


@cache
def vocabulary() -> Vocabulary:
    """Return the words of all rooms."""
    rooms: list[Vocabulary] = [import_string(name) for name in settings.HISTORY_WORDS]
    return Vocabulary(
        actions={action: words for room in rooms for action, words in room.actions.items()},
        records={model: words for room in rooms for model, words in room.records.items()},
    )


def text(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds; so below
    return str(value)


def money(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return format_amount(value)


def move(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    """Write what moved with its sign; what did not move is not told."""
    return f"{signed(value)} €" if value else ""


def day(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return format_full(date.fromisoformat(value))


def moment(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return format_moment(datetime.fromisoformat(value))


def year(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(SchoolYear(value))


def truth(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return "oui" if value else "non"


def joined(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return "oui" if value else ""
