"""Where something is made before it takes its name: beside its place, gone whatever happens, and swept up after a kill -9."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = ".retkoop-"
_SUFFIX: Final = ".part"


@contextmanager
def workspace(folder: Path) -> Iterator[Path]:
    """Yield a new folder in `folder`, readable by this account alone. It is locked while in use: what nobody locks is a dead one's."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        _sweep(left)
    made = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=folder))
    handle = os.open(made, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield made
    finally:
        os.close(handle)
        shutil.rmtree(made, ignore_errors=True)  # gone already where it has taken its name


def _sweep(left: Path) -> None:
    with suppress(OSError):  # not ours to sweep, or swept by another meanwhile
        handle = os.open(left, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left)
        finally:
            os.close(handle)


def sync(path: Path) -> None:
    """Have a file or a folder on the disk, not only in memory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
