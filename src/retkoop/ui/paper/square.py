"""An address as a square to photograph (QR code), as a Typst template draws it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from itertools import groupby
from typing import Final

import qrcode

_MASK: Final = 3
"""Trying all eight takes eight times as long, and any of them is read: some hundred letters are made at once."""


class Correction(IntEnum):
    """How much of a square can be lost and still be read: about 7 %, about 15 %."""

    LOW = qrcode.constants.ERROR_CORRECT_L
    MEDIUM = qrcode.constants.ERROR_CORRECT_M


@lru_cache(maxsize=16)
def square(address: str, correction: Correction = Correction.LOW) -> Mapping[str, object]:
    """Return the `width` of the square of an address in modules, and its dark ones as the `path` of an SVG.

    Some hundred letters carry the same address.
    """
    drawn = qrcode.QRCode(error_correction=correction, border=2, mask_pattern=_MASK)
    drawn.add_data(address)
    rows = drawn.get_matrix()
    path = "".join(
        f"M{run[0]} {place}h{len(run)}v1h-{len(run)}z"
        for place, row in enumerate(rows)
        for dark, run in ((dark, list(columns)) for dark, columns in groupby(range(len(row)), key=row.__getitem__))
        if dark
    )
    return {"width": len(rows), "path": path}
