"""A zip file sent as it is made: whatever it holds, memory holds one piece of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the zip: its name, how to open its content, and whether it is worth compressing (pictures and PDFs are not)."""

    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    compressed: bool = False


def zipped(members: Iterable[Member], at: datetime) -> Iterator[bytes]:
    """Yield the zip of some files, each dated `at`; a content that is not there any more is told by a text in its place."""
    sink = _Sink()
    with ZipFile(sink, "w") as archive:
        for member in members:
            try:
                stream = member.open()
            except FileNotFoundError:
                archive.writestr(_info(f"{member.name} - MANQUANT.txt", at, compressed=False), "Ce document a disparu du stockage.\n")
                continue
            with stream as content, archive.open(_info(member.name, at, compressed=member.compressed), "w", force_zip64=True) as target:
                while piece := content.read(PIECE):
                    target.write(piece)
                    yield from sink.taken()
            yield from sink.taken()
    yield from sink.taken()


def text_member(name: str, text: str) -> Member:
    """Return a file of text; with a mark at its head, so that spreadsheets read its accents."""
    return bytes_member(name, ("\ufeff" + text).encode(), compressed=True)


def bytes_member(name: str, content: bytes, *, compressed: bool = False) -> Member:
    return Member(name, lambda: io.BytesIO(content), compressed)


def _info(name: str, at: datetime, *, compressed: bool) -> ZipInfo:
    info = ZipInfo(name, at.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED if compressed else ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


class _Sink(io.RawIOBase):
    """Where the zip is written: a pipe that nobody can rewind."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        copied = bytes(piece)  # type: ignore[call-overload]  # any buffer
        self._pieces.append(copied)
        return len(copied)

    def taken(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        yield from pieces
