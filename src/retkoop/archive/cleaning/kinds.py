"""What a file is, told from its first bytes: its name and the browser's word count for nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from retkoop.archive.cleaning import refusals
from retkoop.archive.cleaning.refusals import RefusedFile

HEAD: Final = 1024
"""Bytes in which readers look for the mark of a type: Acrobat opens whatever has `%PDF-` in them."""
MOST_PIXELS: Final = 80_000_000
"""Of an image, alone or in a PDF: unpacked, it takes four bytes for each."""


class Kind(StrEnum):
    """What is taken, under Pillow's names."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    GIF = "GIF"
    HEIF = "HEIF"
    TIFF = "TIFF"


_MARKS: Final = (
    (b"%PDF-", Kind.PDF),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
)
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"})
_OFFICE_STARTS: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
_OFFICE_PARTS: Final = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis", b"mimetypeapplication/vnd.sun")
_WEB_PAGE: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe")


def kind_of(head: bytes) -> Kind:
    """Return what a file is by its first bytes. Raises RefusedFile for all that is not taken."""
    for mark, kind in _MARKS:
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return Kind.HEIF
    raise RefusedFile(_why_not(head[:HEAD]))


def _why_not(head: bytes) -> str:
    if head.startswith(_OFFICE_STARTS):
        return refusals.OFFICE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return refusals.OFFICE if any(part in head for part in _OFFICE_PARTS) else refusals.ZIP
    text = head.lower()
    if b"<svg" in text:
        return refusals.SVG
    if any(mark in text for mark in _WEB_PAGE):
        return refusals.HTML
    return refusals.DISGUISED if b"%pdf-" in text else refusals.UNKNOWN
