"""A hostile file comes in, a safe one comes out: made by a process of its own (`child`), so that a bomb ends that process alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

from retkoop.archive.cleaning import refusals
from retkoop.archive.cleaning.kinds import HEAD, Kind, kind_of
from retkoop.archive.cleaning.refusals import RefusedFile
from retkoop.archive.cleaning.workspace import workspace

_MODULE: Final = "retkoop.archive.cleaning.child"
_PATIENCE: Final = 60
"""Seconds: three times what a child may compute, for a machine with more to do."""
_AT_ONCE: Final = BoundedSemaphore(2)
"""Each child may take a gigabyte and a processor: the others wait."""
RECEPTIONS: Final = BoundedSemaphore(8)
"""So many may be cleaned or wait for it at once: each holds a thread of the server, and the others must be answered."""
_PASSED_ON: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
_KINDS: Final = {"application/pdf": Kind.PDF, "image/jpeg": Kind.JPEG, "image/png": Kind.PNG}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may weigh, and how many pages a PDF may have."""

    megabytes: int = 20
    pages: int = 30


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file that can be kept. `source_digest` is the SHA-256 of what was sent, `digest` that of `content`."""

    content: Path
    media_type: str
    source_digest: str
    digest: str
    size: int
    pages: int
    text: str


@contextmanager
def cleaned(source: Path, limits: Limits) -> Iterator[Cleaned]:
    """Yield a safe copy of a file, for as long as the block lasts. Raises RefusedFile."""
    kind = _looked_at(source, limits)
    with _in_turn(), _made("clean", source, kind, limits.pages) as (content, answer):
        yield Cleaned(
            content=content,
            media_type=next(name for name in _KINDS if name == answer["media_type"]),
            source_digest=_digest(source),
            digest=_digest(content),
            size=content.stat().st_size,
            pages=int(answer["pages"]),
            text=str(answer["text"]),
        )


@contextmanager
def _in_turn() -> Iterator[None]:
    """Take a place among those who wait to be cleaned. Raises RefusedFile where there is none."""
    if not RECEPTIONS.acquire(blocking=False):
        raise RefusedFile(refusals.BUSY)
    try:
        yield
    finally:
        RECEPTIONS.release()


def draw_page(content: Path, media_type: str, page: int, width: int) -> bytes:
    """Return a page (from 1) of a cleaned document as a JPEG, at most `width` pixels wide. Raises RefusedFile."""
    with _made("draw", content, _KINDS[media_type], page, width) as (picture, _answer):
        return picture.read_bytes()


def _looked_at(source: Path, limits: Limits) -> Kind:
    """Return what a file is. Raises RefusedFile for what need not be opened to be refused."""
    size = source.stat().st_size
    if not size:
        raise RefusedFile(refusals.EMPTY)
    if size > limits.megabytes * 1_000_000:
        raise RefusedFile(refusals.too_big(limits.megabytes))
    with source.open("rb") as stream:
        return kind_of(stream.read(HEAD))


@contextmanager
def _made(task: str, source: Path, kind: Kind, *figures: int) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield what a child has made of a file, and what it says of it."""
    with workspace() as folder:
        _run(task, str(source.absolute()), str(folder), kind.value, *map(str, figures))
        answer = json.loads(Path(folder, "answer.json").read_bytes())
        if "refused" in answer:
            raise RefusedFile(answer["refused"])
        yield Path(folder, "content"), answer


def _run(*arguments: str) -> None:
    # -P: a module in the current folder cannot take the place of ours
    command = [sys.executable, "-P", "-m", _MODULE, *arguments]
    try:
        with _AT_ONCE:
            done = subprocess.run(  # noqa: S603 -- our own module, and paths that nobody types
                command,
                env=passed_on(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE,
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise RefusedFile(refusals.TOO_HEAVY_TO_OPEN) from None
    if done.returncode:
        raise refusal_for(done.returncode)


def passed_on() -> dict[str, str]:
    """Return the environment of a child: what Python needs, no key and no address of a database."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


def refusal_for(returncode: int) -> RefusedFile:
    """Return what to say of a child that did not end well: killed at a limit, mostly; a parser that crashed could not open it either."""
    return RefusedFile(refusals.NO_ROOM if returncode == refusals.EXIT_NO_ROOM else refusals.TOO_HEAVY_TO_OPEN)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
