"""The server: one process that answers (granian, threads), stopped gently by Ctrl+C or SIGTERM.

Nothing has to be collected beforehand: stylesheet and script are put together and compressed in memory (`ui.assets`), fonts
and the few other static files go through WhiteNoise, and all of it may be kept for a year.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from retkoop.upkeep.locks import in_service
from retkoop.upkeep.supervision import Companion

APPLICATION: Final = "retkoop.config.wsgi:application"
THREADS: Final = 24
"""Each holds its own connection to the database, and waits for the slow line of whoever sends a file: `slow_lines` sees to it that
a few are left for the others. Few enough for a small PostgreSQL.
"""
_IDLE_SECONDS: Final = 600
_STOPPING_SECONDS: Final = 20
_STARTING_SECONDS: Final = 60
_TROUBLES: Final = {
    errno.EADDRINUSE: "Le port {port} est déjà pris : fermez l’autre programme, ou choisissez un autre port avec --port.",
    errno.EACCES: "Le port {port} demande des droits d’administrateur : choisissez-en un au-dessus de 1023 avec --port.",
    errno.EADDRNOTAVAIL: "L’adresse « {host} » n’est pas celle de cette machine.",
}


class CannotServe(Exception):
    """No server can be opened there; the message says why, in French."""


def refuse_a_busy_port(host: str, port: int) -> None:
    """Raise CannotServe where nothing can listen. The server itself would share a port without a word."""
    if not 0 < port < 65536:
        raise CannotServe(f"Le port {port} n’existe pas : choisissez un nombre entre 1 et 65535.")
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except socket.gaierror:
        raise CannotServe(f"L’adresse « {host} » n’existe pas.") from None
    except OSError as trouble:
        sentence = _TROUBLES.get(trouble.errno or 0, "Le serveur ne peut pas s’ouvrir sur {host}, port {port}.")
        raise CannotServe(sentence.format(host=host, port=port)) from None


def opened(host: str, port: int) -> str:
    """Return the sentence that says where to go."""
    address = f"[{host}]" if ":" in host else host
    return f"Retkoop est ouvert : http://{address}:{port} (Ctrl+C pour fermer)"


def serve(*, host: str, port: int, once_open: Callable[[], None], workers: int = 1, with_worker: bool) -> None:
    """Serve until told to stop; `once_open` is called when the first page can be had, then the worker starts. Raises CannotServe."""
    refuse_a_busy_port(host, port)
    if host in ("127.0.0.1", "localhost") and "RETKOOP_URL" not in os.environ:
        # what letters and squares name where nothing is set: the server forks with these settings, the worker reads the environment
        settings.PUBLIC_URL = os.environ["RETKOOP_URL"] = f"http://{host}:{port}"
    companion = Companion()

    def opened() -> None:
        once_open()
        sys.stdout.flush()
        if with_worker:
            companion.start()

    threading.Thread(target=_wait_until_open, args=(host, port, opened), daemon=True).start()
    with in_service():
        try:
            _serve(host, port, workers)
        finally:
            companion.stop()


def _serve(host: str, port: int, workers: int) -> None:
    os.environ["RETKOOP_SERVER"] = str(os.getpid())  # its own workers go with it (config.wsgi)
    server = Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=_IDLE_SECONDS,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=30_000),
        log_level=LogLevels.error,  # it would warn of the threads, which are meant
        workers_kill_timeout=_STOPPING_SECONDS,
    )
    server.serve()


def _wait_until_open(host: str, port: int, once_open: Callable[[], None]) -> None:
    until = time.monotonic() + _STARTING_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            once_open()
            return
