"""What an address says that a question speaks of, as its form sends it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit


def about(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
