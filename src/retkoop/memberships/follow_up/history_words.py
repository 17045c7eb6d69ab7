"""The words of the trail: the federation's share."""

from __future__ import annotations

from typing import Final

from retkoop.books.vocabulary import RecordWords

ACTIONS: Final[dict[str, str]] = {}

RECORDS: Final[dict[str, RecordWords]] = {}
