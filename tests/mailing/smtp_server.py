"""A real mail server in a process of its own: `python -m tests.mailing.smtp_server PORT FOLDER SECONDS` keeps each message as a file.

It refuses whoever is called `inconnu…` for good and `plein…` for now, hangs up in the middle of what is for `coupe…`, and lets each
message wait for some seconds once it is there.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from tests.sources import ROOT


class Keeper:
    def __init__(self, folder: Path, seconds: float) -> None:
        self.folder, self.seconds = folder, seconds

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: ANN401, N802 -- aiosmtpd's signature
        if address.startswith("inconnu"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("plein"):
            return "452 4.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 -- idem
        if any(address.startswith("coupe") for address in envelope.rcpt_tos):
            server.transport.abort()
            return "421 au revoir"
        if self.seconds:
            (self.folder / "en-main").touch()
        await asyncio.sleep(self.seconds)
        name = f"{time.time_ns()}.eml"
        (self.folder / "arrive").write_bytes(f"X-Envelope: {envelope.mail_from}\n".encode() + envelope.content)
        (self.folder / "arrive").rename(self.folder / name)
        return "250 OK"


async def keep(port: int, folder: Path, seconds: float) -> None:
    handler = Keeper(folder, seconds)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(handler, enable_SMTPUTF8=False), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class MailServer:
    """Where the server listens when it runs, and what it has received."""

    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, *, seconds: float = 0) -> Iterator[None]:
        command = [sys.executable, "-m", "tests.mailing.smtp_server", str(self.port), str(self.folder), str(seconds)]
        with subprocess.Popen(command, cwd=ROOT) as process:
            try:
                self._wait()
                yield
            finally:
                process.terminate()

    def _wait(self) -> None:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.05)
            else:
                return

    def received(self) -> list[EmailMessage]:
        """Return the messages that came, the oldest first."""
        files = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def recipients(self) -> list[str]:
        return [str(one["To"]) for one in self.received()]


if __name__ == "__main__":
    asyncio.run(keep(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
