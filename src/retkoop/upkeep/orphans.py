"""A process that goes with the one that started it, however that one ends: a server killed on the spot leaves nothing behind."""

from __future__ import annotations

import ctypes
import os
import signal
from typing import Final

_SET_DEATH_SIGNAL: Final = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def die_with(parent: int) -> None:
    """Have the system end this process as soon as `parent`, its number, is no more; on other systems than Linux nothing is done."""
    try:
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    except AttributeError:
        return
    if os.getppid() != parent:  # it ended before the system was told
        os.kill(os.getpid(), signal.SIGKILL)
