"""Which field of an operation a check speaks of: its remark stands beside it, the link that mends leads to it."""

from __future__ import annotations

from typing import Final

FIELDS: Final = {
    "date-hors-annee": "date",
    "date-future": "date",
    "releve-deja-clos": "date",
    "libelle-vague": "label",
    "achat-interdit": "label",
    "achat-tolere": "label",
    "cheque-deux-fois": "cheque",
    "cheque-saute": "cheque",
    "doublon": "amount",
    "caisse-negative": "amount",
    "banque-a-decouvert": "amount",
    "especes-plafond-legal": "amount",
    "regie-plafond": "amount",
    "sens-du-compte": "account",
    "compte-inhabituel": "account",
    "achat-durable": "account",
}
"""Of a check, the field; `ventilation` is told by the remainder itself."""

_CONTROLS: Final = {"account": "id_parts-0-account"}


def control_of(code: str) -> str:
    """Return the id of the control where what a check found is mended, "" where no field is named."""
    field = "account" if code == "ventilation" else FIELDS.get(code, "")
    return _CONTROLS.get(field, f"id_{field}") if field else ""
