"""Whole books as files, with the CRF that each must give: golden files for the domain and for the command line."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class WorkedExample:
    """A book as a file, and what its CRF must say, in cents; findings are left out."""

    name: str

    @property
    def file(self) -> Path:
        return FOLDER / self.name / "cahier.csv"

    @property
    def crf(self) -> dict[str, object]:
        return cast("dict[str, object]", json.loads((FOLDER / self.name / "crf.json").read_text(encoding="utf-8")))

    @property
    def rne(self) -> str:
        return str(self.crf["coop"])

    @property
    def year(self) -> str:
        return str(self.crf["year"])

    def rows(self) -> list[dict[str, str]]:
        """Return the rows of the file, by the names of its columns."""
        return list(csv.DictReader(self.file.read_text(encoding="utf-8").splitlines(), delimiter=";"))


WORKED_EXAMPLES = tuple(WorkedExample(folder.parent.name) for folder in sorted(FOLDER.glob("*/crf.json")))
