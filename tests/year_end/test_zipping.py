from __future__ import annotations

import io
import tracemalloc
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from retkoop.year_end.zipping import Member, bytes_member, text_member, zipped

AT = datetime(2026, 9, 20, 14, 30)  # noqa: DTZ001 -- a zip knows no zone


class Endless(io.RawIOBase):
    """A content of so many bytes that is nowhere whole."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:  # noqa: ANN401 -- any buffer that can be written in
        size = min(len(room), self.left)
        room[:size] = b"x" * size
        self.left -= size
        return size


def test_what_goes_in_comes_out() -> None:
    members = [bytes_member("a/é.pdf", b"%PDF-1.7"), text_member("index.csv", "pièce\n")]
    with ZipFile(io.BytesIO(b"".join(zipped(members, AT)))) as archive:
        assert archive.testzip() is None
        assert {info.filename: (archive.read(info), info.compress_type, info.date_time) for info in archive.infolist()} == {
            "a/é.pdf": (b"%PDF-1.7", ZIP_STORED, (2026, 9, 20, 14, 30, 0)),
            "index.csv": ("\ufeffpièce\n".encode(), ZIP_DEFLATED, (2026, 9, 20, 14, 30, 0)),
        }


def test_a_content_that_has_gone_is_told_in_its_place() -> None:
    def gone() -> io.BytesIO:
        raise FileNotFoundError

    with ZipFile(io.BytesIO(b"".join(zipped([Member("D01.pdf", gone), bytes_member("D02.pdf", b"2")], AT)))) as archive:
        assert archive.namelist() == ["D01.pdf - MANQUANT.txt", "D02.pdf"]
        assert archive.read("D01.pdf - MANQUANT.txt").decode() == "Ce document a disparu du stockage.\n"


def test_memory_does_not_grow_with_what_is_sent() -> None:
    members = [Member(f"{number}.jpg", lambda: io.BufferedReader(Endless(1_000_000))) for number in range(400)]
    tracemalloc.start()
    sent = sum(map(len, zipped(members, AT)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent > 400_000_000
    assert most < 3_000_000
