"""What people send that is no statement file: told as what it is, with what to send instead, before anything of it is read."""

from __future__ import annotations

import re
from typing import Final

from retkoop.banking.statement_files.values import LARGEST_FILE, UnreadableStatement

INSTEAD: Final = "sur le site de votre banque, téléchargez plutôt le format OFX (ou CSV)."
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PDF: Final = f"C’est un PDF, qui ne se lit pas ligne à ligne\u202f: {INSTEAD}"
_STRANGERS: Final = (
    (rb"\s*%PDF", _PDF),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|.{4}ftyp|RIFF", f"C’est une image\u202f: {INSTEAD}"),
    (rb"\x1f\x8b|Rar!|7z\xbc\xaf", "C’est une archive\u202f: ouvrez-la, et envoyez le relevé qu’elle contient."),
    (rb"0[147].{118}\r?\n0[1457]", f"C’est un relevé CFONB, que Retkoop ne lit pas\u202f: {INSTEAD}"),
    (rb"(?:\{1:.{0,200}?)?:20:", f"C’est un relevé MT940, que Retkoop ne lit pas\u202f: {INSTEAD}"),
    (rb"\{\\rtf", f"C’est un document de traitement de texte\u202f: {INSTEAD}"),
    (
        rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,400}?-->\s*)?<(?:!doctype html|html|head|body|script|table)",
        f"C’est une page web, pas un relevé\u202f: votre session de banque s’était peut-être fermée. Reconnectez-vous, puis {INSTEAD}",
    ),
)


def refuse_strangers(name: str, data: bytes) -> None:
    """Raise UnreadableStatement for what is empty, too large or of another kind."""
    if len(data) > LARGEST_FILE:
        raise UnreadableStatement(
            f"Ce fichier dépasse {LARGEST_FILE // 1_000_000} Mo\u202f: ce n’est pas un relevé, ou exportez une période plus courte."
        )
    if not data.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise UnreadableStatement("Ce fichier est vide.")
    start = data[:1_000]
    for signature, told in _STRANGERS:
        if re.match(signature, start, re.DOTALL | re.IGNORECASE):
            raise UnreadableStatement(told)
    if name.lower().endswith(".pdf"):
        raise UnreadableStatement(_PDF)


def is_workbook(data: bytes) -> bool:
    return data.startswith((_ZIP, _OLE))
