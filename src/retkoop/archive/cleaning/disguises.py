"""Files that are two things at once: an image or a PDF for us, an archive or a web page for whoever opens it otherwise."""

from __future__ import annotations

import struct
from typing import Final

from retkoop.archive.cleaning import refusals
from retkoop.archive.cleaning.ends import end_of
from retkoop.archive.cleaning.kinds import HEAD, Kind
from retkoop.archive.cleaning.refusals import RefusedFile

_LOOSE_END: Final = 64_000
"""Bytes that an honest device may leave after its image."""
_ZIP_TAIL: Final = 22 + 65_535
_PROGRAMS: Final = (b"<html", b"<!doctype", b"<script", b"<svg", b"<iframe", b"<?php")
_FOREIGN: Final = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"#!", b"<")
_FIXED_PLACES: Final = ((257, b"ustar"), (0x8001, b"CD001"))
"""Marks of archives (tar) and disks (ISO 9660) that leave the head free for another type."""


def refuse_disguise(content: bytes, kind: Kind) -> None:
    """Refuse what is something else besides. Raises RefusedFile; also for an image whose end is missing."""
    head = content[:HEAD].lower()
    if any(mark in head for mark in _PROGRAMS) or head.find(b"%pdf-", 1) > 0:
        raise RefusedFile(refusals.DISGUISED)
    if any(content[at : at + len(mark)] == mark for at, mark in _FIXED_PLACES) or _ends_an_archive(content):
        raise RefusedFile(refusals.DISGUISED)
    if kind is not Kind.PDF:
        _refuse_an_annex(content[end_of(content, kind) :])


def _ends_an_archive(content: bytes) -> bool:
    """Tell whether a directory of a ZIP ends the file: the mark alone may occur by chance, its figures may not."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - _ZIP_TAIL))
    while at >= 0:
        if len(content) >= at + 22:
            disk, first_disk, here, entries, size, _offset, comment = struct.unpack_from("<4H2LH", content, at + 4)
            if disk == first_disk and here == entries and size <= at and at + 22 + comment <= len(content):
                return True
        at = content.rfind(b"PK\x05\x06", max(0, len(content) - _ZIP_TAIL), at)
    return False


def _refuse_an_annex(annex: bytes) -> None:
    """Refuse what follows an image, but for what telephones add to theirs: a second view, a short film, a few notes."""
    start, text = annex.lstrip(b"\0"), annex[:_LOOSE_END].lower()
    if start.startswith(_FOREIGN) or any(mark in text for mark in (b"%pdf-", b"<html", b"<script", b"<?php")):
        raise RefusedFile(refusals.DISGUISED)
    from_a_telephone = start.startswith(b"\xff\xd8\xff") or b"ftyp" in start[:8] or annex.endswith(b"SEFT")
    if len(annex) > _LOOSE_END and not from_a_telephone:
        raise RefusedFile(refusals.DISGUISED)
