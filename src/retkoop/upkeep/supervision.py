"""The worker process beside a server: started once pages can be had, started again if it dies, ended with the server.

A server killed on the spot cannot end it: the worker itself looks whether its parent is still there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Final

_PROGRAM: Final = "from retkoop.config.command import main; main()"
_PATIENCE: Final = 20
_BEFORE_ANOTHER: Final = 5


class Companion:
    """A worker that goes with this process."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the worker, which finishes the task that it is at, and wait for it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        command = [sys.executable, "-c", _PROGRAM, "worker", "--parent", str(os.getpid())]
        while not self._stop.is_set():
            # a session of its own: Ctrl+C is for the server, which ends its worker itself
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True) as process:  # noqa: S603 -- our own program
                self._watch(process)
            self._stop.wait(_BEFORE_ANOTHER)

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            if self._stop.wait(1):
                process.terminate()
                try:
                    process.wait(_PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
