"""A look by clamd: a small server speaks its protocol here, and knows one virus, the one that is made for tests."""

from __future__ import annotations

import os
import socketserver
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from retkoop.archive import antivirus
from retkoop.archive.antivirus import scan
from retkoop.archive.cleaning import RefusedFile

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "L’antivirus a trouvé un virus dans ce fichier. Ne l’ouvrez pas, et prévenez la personne qui vous l’a donné."
SILENT = "L’antivirus ne répond pas\u202f: réessayez dans quelques minutes."


class Clamd(socketserver.StreamRequestHandler):
    """An INSTREAM session, as clamd holds it: chunks behind their lengths until an empty one."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack(">L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.wfile.write(self.answer(content))

    def answer(self, content: bytes) -> bytes:
        return b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


class TooMuch(Clamd):
    def answer(self, content: bytes) -> bytes:
        return b"INSTREAM size limit exceeded. ERROR\0"


class Mute(Clamd):
    def answer(self, content: bytes) -> bytes:
        return b""


class Asleep(Clamd):
    def answer(self, content: bytes) -> bytes:
        return self.rfile.read()  # until whoever asks has gone


@contextmanager
def listening(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def on_a_port(handler: type[Clamd]) -> Iterator[str]:
    server = socketserver.TCPServer(("127.0.0.1", 0), handler)
    with listening(server):
        yield f"127.0.0.1:{server.socket.getsockname()[1]}"


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    file = tmp_path / "sent"
    file.write_bytes(b"%PDF-" + b"x" * 150_000)
    return file


def infect(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(EICAR)


def refusal(file: Path) -> str:
    with pytest.raises(RefusedFile) as refused:
        scan(file)
    return str(refused.value)


def test_without_an_antivirus_everything_passes(sent: Path) -> None:
    assert django_settings.CLAMD == ""
    infect(sent)
    scan(sent)


def test_what_it_finds_is_refused(sent: Path, settings: Settings) -> None:
    with on_a_port(Clamd) as settings.CLAMD:
        scan(sent)
        infect(sent)
        assert refusal(sent) == FOUND


def test_it_may_listen_on_a_socket(sent: Path, settings: Settings) -> None:
    with tempfile.TemporaryDirectory() as folder:  # the path of a socket has to be short
        settings.CLAMD = os.path.join(folder, "clamd.ctl")  # noqa: PTH118 -- the setting is text
        assert refusal(sent) == SILENT
        with listening(socketserver.UnixStreamServer(settings.CLAMD, Clamd)):
            scan(sent)
            infect(sent)
            assert refusal(sent) == FOUND


def test_an_empty_file_is_scanned_too(sent: Path, settings: Settings) -> None:
    sent.write_bytes(b"")
    with on_a_port(Clamd) as settings.CLAMD:
        scan(sent)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1", "nowhere.invalid:3310", "[::1]:1", "/nowhere/clamd.ctl"])
def test_where_nobody_answers_everything_is_refused(sent: Path, settings: Settings, address: str) -> None:
    settings.CLAMD = address
    assert refusal(sent) == SILENT


@pytest.mark.parametrize("handler", [TooMuch, Mute, Asleep])
def test_where_nobody_has_looked_everything_is_refused(
    sent: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, handler: type[Clamd]
) -> None:
    monkeypatch.setattr(antivirus, "_PATIENCE", 0.5)
    with on_a_port(handler) as settings.CLAMD:
        assert refusal(sent) == SILENT
