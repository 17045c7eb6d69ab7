"""Whether all of an image is there, where its end is: cut off, then closed by a program that took what it had."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from retkoop.archive.cleaning.ends import jpeg_segments

_PIECE: Final = 1 << 20
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Of a PNG, by its type of colour."""
_PASSES: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of an interlaced PNG: the first column and row of each, and its steps."""
_MORE: Final = bytes(range(7, 0xFB, 4)) * 16


def pixels_missing_from_png(content: bytes) -> bool:
    """Tell whether fewer rows are packed in a PNG, whose chunks are known to be whole, than its head announces."""
    unpacking, missing, pieces = zlib.decompressobj(), _announced(content), _data(content)
    packed = next(pieces, None)
    while missing > 0 and packed is not None and not unpacking.eof:
        got = len(unpacking.decompress(packed, _PIECE))
        missing -= got
        packed = unpacking.unconsumed_tail or (b"" if got else next(pieces, None))  # what is read may be more than what is given back
    return missing > 0


def _announced(content: bytes) -> int:
    width, height, depth, colour, _packing, _filter, interlaced = struct.unpack_from(">2I5B", content, 16)
    bits = depth * _CHANNELS[colour]
    if not interlaced:
        return int(height * (1 + (width * bits + 7) // 8))
    sizes = ((-(-(width - left) // across), -(-(height - top) // down)) for left, top, across, down in _PASSES)
    return sum(rows * (1 + (columns * bits + 7) // 8) for columns, rows in sizes if columns > 0 and rows > 0)


def _data(content: bytes) -> Iterator[bytes]:
    at, name = 8, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", content, at)
        if name == b"IDAT":
            yield content[at + 8 : at + 8 + length]
        at += 12 + length


def scan_and_more(content: bytes) -> bytes:
    """Return a JPEG with something more at the end of its last scan: who has read all the pixels by then reads none of it."""
    *_before, (_end, start, end) = jpeg_segments(content)
    return content[:start] + _MORE + content[start:end]
