"""Retkoop as people run it: the installed command, in a process of its own, on a folder of its own."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

RETKOOP = Path(sys.executable).with_name("retkoop")
PATIENCE = 30  # seconds that a busy machine may need to start it


@dataclass(frozen=True)
class Server:
    """A running Retkoop: where it listens, and the folder that holds its data."""

    url: str
    home: Path

    def retkoop(self, *arguments: str) -> str:
        """Run a command on the same data, and return what it printed."""
        return run_retkoop(self.home, *arguments)


def run_retkoop(home: Path, *arguments: str) -> str:
    done = subprocess.run([RETKOOP, *arguments], env=_environment(home), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(home: Path, **more: str) -> Iterator[Server]:
    """Serve a folder on a free port until the block ends; `more` goes into the environment."""
    port = _free_port()
    log = home / "serve.log"
    server = Server(f"http://127.0.0.1:{port}", home)
    environment = {**_environment(home), "RETKOOP_URL": server.url, **more}
    with (
        log.open("wb") as output,
        subprocess.Popen([RETKOOP, "serve", "--port", str(port)], env=environment, stdout=output, stderr=output) as process,
    ):
        try:
            _wait_for(server, process, log)
            yield server
        finally:
            process.terminate()


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(server):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, f"no answer in {PATIENCE} s: {log.read_text()}"
        time.sleep(0.05)


def _answers(server: Server) -> bool:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/sante/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(home: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("RETKOOP_", "DJANGO_", "COV_"))}
    return {**own, "RETKOOP_HOME": str(home), "RETKOOP_WORKER": "0"}
