"""Two folders that change places in one step: a machine that stops in the middle leaves one state or the other, never none."""

from __future__ import annotations

import ctypes
import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_HERE: Final = -100
"""AT_FDCWD: names are looked up as those of `open` are."""
_EXCHANGE: Final = 2
_UNKNOWN: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})
"""What old kernels and some network volumes answer."""


def exchange(first: Path, second: Path) -> None:
    """Have two folders of one volume change names. Raises OSError: then each has its own.

    Where the system cannot do so in one step, it takes three renamings: stopped in the middle, `first` and `second` both exist beside.
    """
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        _in_three_steps(first, second)
        return
    if renameat2(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE) == 0:
        return
    trouble = ctypes.get_errno()
    if trouble not in _UNKNOWN:
        raise OSError(trouble, os.strerror(trouble), str(first))
    _in_three_steps(first, second)


def _in_three_steps(first: Path, second: Path) -> None:
    between = second.with_name(f"{second.name}-en-cours")
    second.rename(between)
    try:
        first.rename(second)
    except OSError:
        between.rename(second)
        raise
    with suppress(FileExistsError):
        between.rename(first)
