"""Server-Timing: how long an answer took and how many questions it asked the database, for `benchmarks` (RETKOOP_TIMING=1)."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse


class ServerTiming:
    """The outermost middleware: its time is that of all others, of the view and of the durable commit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        queries = 0

        def count(execute: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401 -- Django's own signature
            nonlocal queries
            queries += 1
            return execute(*arguments)

        began = perf_counter()
        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response["Server-Timing"] = f'app;dur={(perf_counter() - began) * 1000:.2f}, db;desc="{queries}"'
        return response
