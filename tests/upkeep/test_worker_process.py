"""The worker beside a server, in processes of their own: it starts with it, comes back, and ends with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.made import new_home
from tests.upkeep.installations import RETKOOP, Installation

PATIENCE = 60
WITH_WORKER = {"RETKOOP_WORKER": "1"}


def free_port() -> str:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def workers_of(server: int) -> list[int]:
    """Return the processes that work for a server."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended meanwhile
        if words[-4:-1] == [b"worker", b"--parent", str(server).encode()]:
            found.append(int(folder.name))
    return found


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until
        time.sleep(0.1)


@contextmanager
def serving(home: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    installation = Installation(home, said=WITH_WORKER)
    command: list[str | Path] = [RETKOOP, "serve", "--port", free_port(), *options]
    with subprocess.Popen(command, env=installation.environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith("Retkoop est ouvert")
            yield server
        finally:
            if server.poll() is None:
                server.terminate()


def backups(home: Path) -> list[str]:
    folder = home / "sauvegardes"
    return sorted(file.name for file in folder.glob("retkoop-*")) if folder.exists() else []


def test_a_server_makes_its_first_backup_and_its_worker_ends_with_it(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        wait_for(lambda: backups(tmp_path))
        (worker,) = workers_of(server.pid)
        server.terminate()
        server.wait(PATIENCE)
        assert (server.returncode, workers_of(server.pid), Path(f"/proc/{worker}").exists()) == (0, [], False)
    assert len(backups(tmp_path)) == 1


def test_a_worker_that_dies_is_replaced_and_none_outlives_a_server_that_was_killed(tmp_path: Path) -> None:
    with serving(new_home(tmp_path)) as server:
        wait_for(lambda: workers_of(server.pid))
        (first,) = workers_of(server.pid)
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: workers_of(server.pid) not in ([], [first]))
        os.kill(server.pid, signal.SIGKILL)
        wait_for(lambda: not workers_of(server.pid))


@pytest.mark.parametrize("options", [["--no-worker"], []])
def test_a_server_without_a_worker(tmp_path: Path, options: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if not options:
        monkeypatch.setitem(WITH_WORKER, "RETKOOP_WORKER", "0")
    with serving(new_home(tmp_path), *options) as server:
        time.sleep(2)
        assert workers_of(server.pid) == []


def test_a_worker_alone_stops_when_told(tmp_path: Path) -> None:
    environment = Installation(new_home(tmp_path)).environment
    with subprocess.Popen([RETKOOP, "worker"], env=environment) as worker:
        wait_for(lambda: backups(tmp_path))
        worker.send_signal(signal.SIGINT)
        assert worker.wait(PATIENCE) == 0


def test_a_folder_in_use_is_not_replaced(original: Installation, tmp_path: Path) -> None:
    original.retkoop("backup", tmp_path / "backups")
    (file,) = (tmp_path / "backups").iterdir()
    home = new_home(tmp_path / "home")
    with serving(home, "--no-worker"):
        done = Installation(home).run("restore", file, "--force")
    sentence = f"Retkoop est ouvert sur {home} : fermez-le d’abord (retkoop serve, retkoop worker).\n"
    assert (done.returncode, done.stderr) == (1, sentence)
