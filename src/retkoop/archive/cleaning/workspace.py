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

    with swept(Path(settings.HOME, "reception")) as place:
        made = Path(tempfile.mkdtemp(dir=place))
        handle = os.open(made, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(handle)


@contextmanager
def swept(place: Path) -> Iterator[Path]:
    """Yield a folder without what the dead have left in it; nobody sweeps it meanwhile, so that what is made there can be locked."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(place, fcntl.LOCK_EX):
        for left in place.iterdir():
            _sweep(left)
        yield place


@contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _sweep(left: Path) -> None:
    with suppress(OSError), _locked(left, fcntl.LOCK_EX | fcntl.LOCK_NB):  # in use, or gone meanwhile
        shutil.rmtree(left) if left.is_dir() else left.unlink()
