"""Someone at the other end of the wire: a connection that stays open, cookies, forms read from the page and sent back."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from time import perf_counter
from urllib.parse import urlencode

import brotli

_TIMING = re.compile(r'app;dur=([\d.]+), db;desc="(\d+)"')
_DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress}


@dataclass(frozen=True)
class Answer:
    """What came back: over the wire, and how long it took here and there (milliseconds)."""

    status: int
    location: str
    wire: bytes
    encoding: str
    elapsed: float
    server: float
    queries: int

    @property
    def text(self) -> str:
        decode: Callable[[bytes], bytes] = _DECODERS.get(self.encoding, bytes)
        return decode(self.wire).decode(errors="replace")


class Form(HTMLParser):
    """The values of the fields of the form that holds a field of some name."""

    def __init__(self, page: str, field: str) -> None:
        super().__init__()
        self._field = field
        self._forms: list[dict[str, str]] = [{}]
        self.feed(page)
        self.values = next(values for values in self._forms if field in values)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type")
        if tag == "form":
            self._forms.append({})
        elif tag in {"input", "textarea"} and name and (kind not in {"radio", "checkbox"} or "checked" in given):
            self._forms[-1][name] = given.get("value") or ""


class Visitor:
    """A browser with one connection and its cookies."""

    def __init__(self, port: int) -> None:
        self._origin = f"http://127.0.0.1:{port}"
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        return self._ask("POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def _ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items())
        known = {"Accept-Encoding": "br, gzip", "Cookie": cookies, "Origin": self._origin, "Referer": self._origin + path}
        began = perf_counter()
        self._connection.request(method, path, body, {**known, **(headers or {})})
        response = self._connection.getresponse()
        wire = response.read()
        elapsed = (perf_counter() - began) * 1000
        for line in response.headers.get_all("Set-Cookie") or []:
            self._cookies.load(line)
        timing = _TIMING.fullmatch(response.headers.get("Server-Timing", ""))
        server, queries = (float(timing[1]), int(timing[2])) if timing else (0.0, 0)
        encoding = response.headers.get("Content-Encoding", "")
        return Answer(response.status, response.headers.get("Location", ""), wire, encoding, elapsed, server, queries)

    def activate(self, rne: str, password: str) -> None:
        """Enter a coop for the first time, as the leaflet says."""
        self.send("/connexion/", "login", login=rne, password=f"coop{rne[-5:]}")
        self.send("/activation/", "password", password=password)

    def send(self, path: str, field: str, **typed: str) -> Answer:
        """Fill in the form of a page that holds `field`, and send it there."""
        answer = self.post(path, Form(self.get(path).text, field).values | typed)
        if answer.status != 302:
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer
