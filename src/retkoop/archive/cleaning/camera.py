"""What a photograph inside a PDF tells of its place, its date and its camera is taken out; its pixels are left as they are."""

from __future__ import annotations

import struct
from typing import Final

from retkoop.archive.cleaning import refusals
from retkoop.archive.cleaning.ends import jpeg_segments
from retkoop.archive.cleaning.refusals import RefusedFile

_TELLING_SEGMENTS: Final = frozenset({0xE1, 0xED, 0xFE})
"""EXIF and XMP, Photoshop's, comments: colours need the others."""
_TELLING_BOXES: Final = frozenset({b"xml ", b"uuid", b"uinf", b"asoc", b"lbl ", b"jp2i", b"jumb"})
_JPX: Final = b"\0\0\0\x0cjP  "


def jpeg_without(content: bytes) -> bytes:
    """Return a JPEG that tells nothing, without what follows its end. Raises RefusedFile, IndexError or struct.error where it is cut."""
    kept = [content[start:end] for marker, start, end in jpeg_segments(content) if marker not in _TELLING_SEGMENTS]
    return content[:2] + b"".join(kept)


def jpx_without(content: bytes) -> bytes:
    """Return a JPEG 2000 that tells nothing. Raises RefusedFile or struct.error where it is cut."""
    if not content.startswith(_JPX):
        return content  # pixels alone, without a box around them
    kept, at = [], 0
    while at < len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        if size == 1:
            size = struct.unpack_from(">Q", content, at + 8)[0]
        end = at + size if size else len(content)
        if end > len(content) or end < at + 8:
            raise RefusedFile(refusals.TRUNCATED)
        if name not in _TELLING_BOXES:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)
