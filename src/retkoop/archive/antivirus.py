"""A look by clamd, where an installation has one: what it finds is refused, and so is everything while it does not answer."""

from __future__ import annotations

import socket
import struct
from pathlib import Path
from typing import Final

from django.conf import settings

from retkoop.archive.cleaning import RefusedFile

_CHUNK: Final = 1 << 16
_PATIENCE: Final = 30.0
_LONGEST_ANSWER: Final = 4096
_SILENT: Final = "L’antivirus ne répond pas : réessayez dans quelques minutes."
_FOUND: Final = "L’antivirus a trouvé un virus dans ce fichier. Ne l’ouvrez pas, et prévenez la personne qui vous l’a donné."


def scan(source: Path) -> None:
    """Let a file pass. Raises RefusedFile where clamd finds something, or does not answer as it should."""
    if not settings.CLAMD:
        return
    try:
        answer = _answer(source)
    except (OSError, ValueError):  # a port that is no number is no clamd either
        raise RefusedFile(_SILENT) from None
    if answer.endswith(b" FOUND"):
        raise RefusedFile(_FOUND)
    if not answer.endswith(b": OK"):  # "INSTREAM size limit exceeded. ERROR": nobody has looked
        raise RefusedFile(_SILENT)


def _answer(source: Path) -> bytes:
    """Send a file in the chunks of an INSTREAM session, each behind its length, and return what clamd says of it."""
    with _connected(settings.CLAMD) as clamd, source.open("rb") as stream:
        clamd.sendall(b"zINSTREAM\0")
        while chunk := stream.read(_CHUNK):
            clamd.sendall(struct.pack(">L", len(chunk)) + chunk)
        clamd.sendall(struct.pack(">L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER and (more := clamd.recv(_LONGEST_ANSWER)):
            answer += more
    return answer.rstrip(b"\0\n")


def _connected(address: str) -> socket.socket:
    """Open `host:port`, or the path of a socket."""
    if "/" in address:
        clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        clamd.settimeout(_PATIENCE)
        try:
            clamd.connect(address)
        except OSError:
            clamd.close()
            raise
        return clamd
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE)
