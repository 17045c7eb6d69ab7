"""The words of the trail: what the AD validates and proves."""

from __future__ import annotations

from typing import Final

from retkoop.books.vocabulary import RecordWords

ACTIONS: Final[dict[str, str]] = {}

RECORDS: Final[dict[str, RecordWords]] = {}
