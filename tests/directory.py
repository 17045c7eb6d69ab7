"""The ministry's directory as our tests have it: a real extract, and rows made up after it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

EXTRACT: Final = Path(__file__).parent / "network/directory/annuaire-094-2026.csv"
"""The public primary schools of Val-de-Marne, as published in July 2026 (Licence Ouverte 2.0, ministère de l’Éducation nationale)."""
