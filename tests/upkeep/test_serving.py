"""`retkoop serve` as a program of its own: it opens, answers, says what is wrong, and stops when told."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from retkoop.upkeep.serving import CannotServe, refuse_a_busy_port
from tests.made import new_home

RETKOOP = Path(sys.executable).parent / "retkoop"


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return an environment with a data folder of its own, on SQLite."""
    new_home(tmp_path / "home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RETKOOP_")}
    return kept | {"RETKOOP_HOME": str(tmp_path / "home"), "RETKOOP_WORKER": "0"}


def start(home: dict[str, str], port: int) -> subprocess.Popen[str]:
    return subprocess.Popen([RETKOOP, "serve", "--port", str(port)], env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def first_line(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    return server.stdout.readline()


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_it_opens_answers_and_stops_when_told(home: dict[str, str], port: int, order: signal.Signals) -> None:
    server = start(home, port)
    try:
        assert first_line(server) == f"Retkoop est ouvert : http://127.0.0.1:{port} (Ctrl+C pour fermer)\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=10) as answer:
            assert answer.read() == b"ok\n"
    finally:
        server.send_signal(order)
        server.communicate(timeout=30)
    assert server.returncode == 0


def test_a_busy_port_is_told_in_one_sentence(home: dict[str, str], port: int) -> None:
    with closing(socket.create_server(("127.0.0.1", port))):
        done = subprocess.run([RETKOOP, "serve", "--port", str(port)], env=home, capture_output=True, text=True, check=False, timeout=60)
    sentence = f"Le port {port} est déjà pris : fermez l’autre programme, ou choisissez un autre port avec --port.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


@pytest.mark.parametrize(
    ("host", "number", "why"),
    [
        ("127.0.0.1", 0, "Le port 0 n’existe pas : choisissez un nombre entre 1 et 65535."),
        ("127.0.0.1", 70_000, "Le port 70000 n’existe pas : choisissez un nombre entre 1 et 65535."),
        ("192.0.2.1", 8123, "L’adresse « 192.0.2.1 » n’est pas celle de cette machine."),
        ("nulle.part.invalid", 8123, "L’adresse « nulle.part.invalid » n’existe pas."),
    ],
)
def test_where_nothing_can_listen(host: str, number: int, why: str) -> None:
    with pytest.raises(CannotServe) as refused:
        refuse_a_busy_port(host, number)
    assert str(refused.value) == why


def test_a_port_shared_without_a_word_is_busy_too(port: int) -> None:
    """Servers on Linux may share a port (SO_REUSEPORT): a second one would take half of the visits."""
    with closing(socket.create_server(("127.0.0.1", port), reuse_port=True)), pytest.raises(CannotServe):
        refuse_a_busy_port("127.0.0.1", port)
    refuse_a_busy_port("127.0.0.1", port)


def head(port: int, request: str) -> socket.socket:
    """Open a connection that says no more than the head of a request."""
    line = socket.create_connection(("127.0.0.1", port), timeout=10)
    line.sendall(f"{request}\r\nHost: 127.0.0.1:{port}\r\n".encode())
    return line


def test_silent_connections_keep_nobody_out(home: dict[str, str], port: int) -> None:
    server = start(home, port)
    lines: list[socket.socket] = []
    try:
        first_line(server)
        for _ in range(48):
            lines.append(head(port, "POST /connexion/ HTTP/1.1"))
            lines[-1].sendall(b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nlogin=")
        for path in ("/sante/", "/connexion/"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                assert answer.status == 200
        answered, *_ = select.select(lines, [], [], 10)
        assert answered[0].recv(100).startswith(b"HTTP/1.1 503 Service Unavailable")
    finally:
        for line in lines:
            line.close()
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


def children_of(process: int) -> list[int]:
    return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_a_server_killed_on_the_spot_leaves_nothing_behind(home: dict[str, str], port: int) -> None:
    server = start(home, port)
    first_line(server)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=10):
        pass
    children = children_of(server.pid)
    server.kill()
    server.communicate(timeout=30)
    assert children
    until = time.monotonic() + 10
    while any(Path(f"/proc/{child}/exe").exists() for child in children):
        assert time.monotonic() < until
        time.sleep(0.01)
