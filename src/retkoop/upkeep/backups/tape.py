"""The format of a backup: a tar, then one line that bears the SHA-256 of all that stands before it.

Any tar reads it (what follows the end of the archive is left alone). Written and read in one pass and in blocks: it may be far
larger than the memory. Only plain files named as ours are read back: no path, no link, no device comes out of it.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Generator, Iterable, Iterator
from hashlib import sha256
from typing import IO, Final

BLOCK: Final = 256 * 1024
SQLITE: Final = "retkoop.sqlite3"
POSTGRESQL: Final = "retkoop.pgdump"
SECRET_KEY: Final = "secret-key"  # noqa: S105 -- the name of a file
MANIFEST: Final = "manifest.json"
DOCUMENTS: Final = "documents/"
_SEAL: Final = b"retkoop sha256 "
_SEAL_LENGTH: Final = len(_SEAL) + 64 + 1
_END: Final = bytes(2 * tarfile.BLOCKSIZE)
_NAME: Final = re.compile(rf"{SQLITE}|{POSTGRESQL}|{SECRET_KEY}|{MANIFEST}|{DOCUMENTS}([0-9a-f]{{2}})/\1[0-9a-f]{{62}}")


class Torn(Exception):
    """What is read is no backup, or has been altered."""


class Shortened(Exception):
    """A member gave fewer or more bytes than it said it had."""


def packed(name: str, size: int, source: IO[bytes], *, at: float) -> Generator[bytes, None, str]:
    """Yield a member as a tar holds it, and return the SHA-256 of its content. Raises Shortened."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, int(at), 0o600
    yield info.tobuf(tarfile.GNU_FORMAT)
    left, digest = size, sha256()
    while block := source.read(BLOCK):
        left -= len(block)
        digest.update(block)
        yield block
    if left:
        raise Shortened(name)
    yield bytes(-size % tarfile.BLOCKSIZE)
    return digest.hexdigest()


def sealed(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the members, the end of the tar and the seal."""
    digest = sha256()
    for block in blocks:
        digest.update(block)
        yield block
    digest.update(_END)
    yield _END
    yield _SEAL + digest.hexdigest().encode() + b"\n"


class Blocks:
    """A stream of blocks as a file to read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._held = b""

    def read(self, size: int) -> bytes:
        while not self._held:  # an empty block is not the end
            try:
                self._held = next(self._blocks)
            except StopIteration:
                return b""
        block, self._held = self._held[:size], self._held[size:]
        return block


class Tape:
    """A backup that is read, once, from its beginning to its end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = sha256()

    def members(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield the name of each member and its blocks, which are to be read before the next one. Raises Torn.

        Once this has ended, the seal is known to hold.
        """
        while (head := self._take(tarfile.BLOCKSIZE)) != bytes(tarfile.BLOCKSIZE):
            info = _info(head)
            yield info.name, self._content(info.size)
            self._take(-info.size % tarfile.BLOCKSIZE)
        self._check_seal()

    def _content(self, size: int) -> Iterator[bytes]:
        while size:
            block = self._take(min(size, BLOCK))
            size -= len(block)
            yield block

    def _take(self, size: int) -> bytes:
        block = b""
        while len(block) < size:
            more = self._stream.read(size - len(block))
            if not more:
                raise Torn
            block += more
        self._digest.update(block)
        return block

    def _check_seal(self) -> None:
        if self._take(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
            raise Torn
        expected = _SEAL + self._digest.hexdigest().encode() + b"\n"
        rest = b""
        while len(rest) <= _SEAL_LENGTH and (more := self._stream.read(BLOCK)):
            rest += more
        if rest != expected:
            raise Torn


def _info(head: bytes) -> tarfile.TarInfo:
    """Read the head of a member: a plain file, named as we name them."""
    try:
        info = tarfile.TarInfo.frombuf(head, "ascii", "strict")
    except (tarfile.HeaderError, ValueError):
        raise Torn from None
    if info.type != tarfile.REGTYPE or info.size < 0 or not _NAME.fullmatch(info.name):
        raise Torn
    return info
