"""Content-addressed storage: a file is named by its SHA-256, written once, and never changed.

On the file system by default (durable before the database commits: a crash leaves at most a file that nobody names), on
S3-compatible storage by setting. Whatever the backend, only these few functions touch it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

_DIGEST = re.compile(r"[0-9a-f]{64}")


class NoRoom(Exception):
    """The file could not be stored (disk full, storage out of reach); nothing of it is left. The message is in French."""

    def __init__(self) -> None:
        super().__init__(
            "Le document n’a pas pu être enregistré : il n’y a plus de place, ou le stockage ne répond pas. Réessayez plus tard."
        )


class DurableFileSystemStorage(FileSystemStorage):
    """Django's file system storage, with every file synced to the disk under its name before it counts as saved."""

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        new = tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False)  # noqa: SIM115 -- it takes the target's name
        try:
            with new:
                content.seek(0)
                shutil.copyfileobj(content, new)
                new.flush()
                os.fsync(new.fileno())
            Path(new.name).replace(target)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def shelf() -> Storage:
    """Return the storage of the documents."""
    return storages["documents"]


def place_of(digest: str) -> str:
    """Return the name under which a content is stored. Raises ValueError for what is no digest, whatever a database may hold."""
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return f"{digest[:2]}/{digest}"


def keep(content: Path, digest: str) -> None:
    """Store a file under its digest. One that is there already is written again: it is whole again, and as young as its record.

    Raises NoRoom.
    """
    name = place_of(digest)
    try:
        with content.open("rb") as stream:
            shelf().save(name, File(stream))
    except Exception as trouble:
        if isinstance(trouble, OSError) or type(trouble).__module__.startswith(("botocore", "boto3")):
            raise NoRoom from trouble
        raise


def has(digest: str) -> bool:
    """Tell whether a content is stored."""
    return shelf().exists(place_of(digest))


def opened(digest: str) -> IO[bytes]:
    """Open a stored content for reading. Raises FileNotFoundError."""
    stream: IO[bytes] = shelf().open(place_of(digest))
    return stream


@contextlib.contextmanager
def at_hand(digest: str) -> Iterator[Path]:
    """Yield the path of a stored content on this machine, for programs that want a file. Raises FileNotFoundError."""
    if _is_a_folder():
        yield Path(shelf().path(place_of(digest)))
        return
    with tempfile.NamedTemporaryFile() as copy, opened(digest) as stream:
        shutil.copyfileobj(stream, copy)
        copy.flush()
        yield Path(copy.name)


def names() -> Iterator[str]:
    """Yield the digests of all that is stored, in order."""
    for folder in sorted(shelf().listdir("")[0] if _has_begun() else ()):
        yield from sorted(name for name in shelf().listdir(folder)[1] if _DIGEST.fullmatch(name))


def _is_a_folder() -> bool:
    return isinstance(shelf(), FileSystemStorage)


def _has_begun() -> bool:
    """A file system storage has no folder until its first document."""
    return not _is_a_folder() or Path(shelf().path("")).is_dir()


def stored_at(digest: str) -> datetime:
    """Return when a content was stored, aware of its zone."""
    return shelf().get_modified_time(place_of(digest))


def throw_away(digest: str) -> None:
    """Delete a content that no document names."""
    shelf().delete(place_of(digest))
