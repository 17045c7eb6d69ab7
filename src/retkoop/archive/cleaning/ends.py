"""Where an image ends, by the structure of its format: what comes after is none of it, and an end that is missing was cut off.

Each function returns the offset after the last byte of the image. Raises RefusedFile where the structure is broken.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Final

from retkoop.archive.cleaning import refusals
from retkoop.archive.cleaning.kinds import Kind
from retkoop.archive.cleaning.refusals import RefusedFile

_SCAN, _END = 0xDA, 0xD9
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers of JPEG without a length: TEM, RST0…RST7."""


def end_of(content: bytes, kind: Kind) -> int:
    """Return where the image ends in a file; the length of the file for the formats that do not tell (TIFF)."""
    walk = _WALKS.get(kind)
    if walk is None:
        return len(content)
    try:
        end = walk(content)
    except (IndexError, struct.error):
        raise RefusedFile(refusals.TRUNCATED) from None
    if end > len(content):
        raise RefusedFile(refusals.TRUNCATED)
    return end


def jpeg_segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the segments of a JPEG, `(marker, start, end)`: a scan with its compressed data, the end of the image last.

    Raises IndexError or struct.error where it is cut off, RefusedFile where it is none.
    """
    at = 2
    while True:
        if content[at] != 0xFF:
            raise RefusedFile(refusals.DAMAGED)
        marker = content[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        end = at + 2
        if marker not in _ALONE and marker != _END:
            end += struct.unpack_from(">H", content, end)[0]
        if marker == _SCAN:
            end = _after_scan(content, end)
        yield marker, at, end
        if marker == _END:
            return
        at = end


def _after_scan(content: bytes, at: int) -> int:
    """Return where the next marker stands: 0xFF is escaped by a zero inside compressed data."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise RefusedFile(refusals.TRUNCATED)
        if content[at + 1] != 0 and content[at + 1] not in _ALONE and content[at + 1] != 0xFF:
            return at
        at += 1 if content[at + 1] == 0xFF else 2


def _jpeg(content: bytes) -> int:
    return max(end for _marker, _start, end in jpeg_segments(content))


def _png(content: bytes) -> int:
    at = 8
    while True:
        length: int = struct.unpack_from(">I", content, at)[0]
        name, end = content[at + 4 : at + 8], at + 12 + length
        checksum = struct.unpack_from(">I", content, end - 4)[0]
        if zlib.crc32(content[at + 4 : end - 4]) != checksum:
            raise RefusedFile(refusals.DAMAGED)
        if name == b"IEND":
            return end
        at = end


def _webp(content: bytes) -> int:
    return 8 + int(struct.unpack_from("<I", content, 4)[0])


def _gif(content: bytes) -> int:
    at = 13 + _palette(content[10])
    while True:
        match content[at]:
            case 0x3B:
                return at + 1
            case 0x2C:
                at = _after_blocks(content, at + 11 + _palette(content[at + 9]))
            case 0x21:
                at = _after_blocks(content, at + 2)
            case _:
                raise RefusedFile(refusals.DAMAGED)


def _palette(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(content: bytes, at: int) -> int:
    while content[at]:
        at += content[at] + 1
    return at + 1


def _heif(content: bytes) -> int:
    """Walk the boxes; zero for a size means the rest of the file."""
    at = 0
    while at < len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        if not name.isalnum():
            return at
        if size == 1:
            size = struct.unpack_from(">Q", content, at + 8)[0]
        if size == 0:
            return len(content)
        if size < 8:
            raise RefusedFile(refusals.DAMAGED)
        at += size
    return at


_WALKS: Final[dict[Kind, Callable[[bytes], int]]] = {
    Kind.JPEG: _jpeg,
    Kind.PNG: _png,
    Kind.WEBP: _webp,
    Kind.GIF: _gif,
    Kind.HEIF: _heif,
}
