"""Where a file is opened: a folder of its own, gone whatever happens; after a kill -9, swept by the next one who comes."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def workspace() -> Iterator[Path]:
    """Yield a new folder, readable by this account alone. It is locked while in use: what nobody locks is a dead one's."""
    from django.conf import settings  # noqa: PLC0415 -- the child does without

    place = Path(settings.HOME, "reception")
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(place, fcntl.LOCK_EX):  # or another would sweep ours before it is locked
        for left in place.iterdir():
            _sweep(left)
        made = Path(tempfile.mkdtemp(dir=place))
        handle = os.open(made, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(handle)


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _sweep(left: Path) -> None:
    with suppress(OSError), _locked(left, fcntl.LOCK_EX | fcntl.LOCK_NB):  # in use, or gone meanwhile
        shutil.rmtree(left)
