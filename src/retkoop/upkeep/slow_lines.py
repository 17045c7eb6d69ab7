"""Slow lines: whoever sends slowly, or reads slowly, holds a thread of the server; so few may at once that the others are always answered.

Granian hands a request over as soon as its head is there, and each thread waits for the body by itself: without this, as many
silent connections as there are threads would stop everybody. A proxy in front, which waits in our place, is better still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Any, Final

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_BUSY: Final = "Trop d’envois ou de téléchargements en même temps\u202f: rien n’a été enregistré. Attendez une minute, puis recommencez."


class Full(Exception):
    """No more may wait now."""


class Places:
    """So many places in all, and so many for one address (None: any number)."""

    def __init__(self, most: int, most_of_one: int | None) -> None:
        self._most = most
        self._most_of_one = most_of_one or most
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, address: str) -> None:
        """Take a place. Raises Full."""
        with self._lock:
            if self._taken.total() >= self._most or self._taken[address] >= self._most_of_one:
                raise Full
            self._taken[address] += 1

    def give_back(self, address: str) -> None:
        with self._lock:
            self._taken[address] -= 1
            if not self._taken[address]:
                del self._taken[address]


class FewSlowLines:
    """WSGI middleware. A body takes a place from its first byte read until its last, an answer sent piece by piece until its end."""

    def __init__(self, application: Application, *, bodies: Places, answers: Places) -> None:
        self._application = application
        self._bodies = bodies
        self._answers = answers

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        address, length = str(environ.get("REMOTE_ADDR", "")), str(environ.get("CONTENT_LENGTH") or "")
        if length in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._answered(environ, address, start_response)
        try:
            self._bodies.take(address)
        except Full:
            return _busy(start_response)
        body = _Body(environ["wsgi.input"], int(length) if length.isdecimal() else None, lambda: self._bodies.give_back(address))
        environ["wsgi.input"] = body
        try:
            return self._answered(environ, address, start_response)
        finally:
            body.leave()

    def _answered(self, environ: Environ, address: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self._application(environ, start_response)
        return self._piece_by_piece(answer, address, start_response) if getattr(answer, "streaming", False) else answer

    def _piece_by_piece(self, answer: Iterable[bytes], address: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            self._answers.take(address)
        except Full:
            _close(answer)
            return _busy(start_response)
        return _Answer(answer, lambda: self._answers.give_back(address))


class _Body:
    """What is read of a request of `length` bytes (None: not announced); `leave` is called once, after the last one."""

    def __init__(self, stream: Any, length: int | None, leave: Callable[[], None]) -> None:  # noqa: ANN401 -- the server's
        self._stream, self._left, self._leave = stream, length, leave

    def leave(self) -> None:
        leave, self._leave = self._leave, lambda: None
        leave()

    def read(self, *size: int) -> bytes:
        return self._counted(self._stream.read(*size))

    def readline(self, *size: int) -> bytes:
        return self._counted(self._stream.readline(*size))

    def _counted(self, piece: bytes) -> bytes:
        if self._left is not None:
            self._left -= len(piece)
            if self._left <= 0:
                self.leave()
        return piece


class _Answer:
    """What is sent piece by piece; its place is given back however it ends."""

    def __init__(self, answer: Iterable[bytes], leave: Callable[[], None]) -> None:
        self._answer, self._leave = answer, leave

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer

    def close(self) -> None:
        leave, self._leave = self._leave, lambda: None
        leave()
        _close(self._answer)


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close is not None:
        close()


def _busy(start_response: Callable[..., Any]) -> list[bytes]:
    content = _BUSY.encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(content))), ("Retry-After", "60")]
    start_response("503 Service Unavailable", headers)
    return [content]
