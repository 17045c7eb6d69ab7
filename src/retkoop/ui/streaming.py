"""Long pages, sent as they are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.template import engines
from django.template.backends.jinja2 import Jinja2

_PIECES = 100
"""Pieces of a template sent together: one by one they would be a few letters each."""


def stream(name: str, context: Mapping[str, object]) -> Iterator[str]:
    """Render a template piece by piece, for a StreamingHttpResponse. It sees `context` alone: no request, no messages."""
    backend = engines["jinja2"]
    assert isinstance(backend, Jinja2)  # noqa: S101 -- for the type checker
    rendered = backend.env.get_template(name).stream(dict(context))
    rendered.enable_buffering(_PIECES)
    return iter(rendered)
