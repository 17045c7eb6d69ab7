"""Reading never writes: while a GET is answered, SQL that would change anything raises.

A page that is fetched ahead, reloaded or crawled must leave the accounts as they are, and a rule that lives only in
reviews does not last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any, Final

from django.db import connections
from django.http import HttpRequest, HttpResponse

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_READS: Final = frozenset({"SELECT", "WITH", "VALUES", "EXPLAIN", "PRAGMA", "SHOW", "SET"})
_TRANSACTIONS: Final = frozenset({"BEGIN", "START", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "END"})

# what a statement says once its comments, its texts and its quoted names are taken out
_ASIDE = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$""",
    re.DOTALL,
)
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|REPLACE\s+INTO|INTO|FOR\s+(NO\s+KEY\s+)?UPDATE|FOR\s+(KEY\s+)?SHARE)\b", re.IGNORECASE)
_WORD = re.compile(r"[\s(]*([A-Za-z]+)")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
# Sessions are plumbing, not accounts: a log-in that ends, a value typed and kept, an expiry pushed back. Nobody's books.
_SESSION = re.compile(r"""\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+["`]?django_session["`]?(?=[\s(;]|$)""", re.IGNORECASE)


class WriteWhileReading(RuntimeError):
    """SQL that writes, where only reading is allowed."""


@contextmanager
def read_only() -> Iterator[None]:
    """Make any SQL that writes raise WriteWhileReading, on every database; also a decorator."""
    with ExitStack() as guards:
        for connection in connections.all():
            guards.enter_context(connection.execute_wrapper(_refuse_writes))
        yield


class ReadOnlyRequests:
    """Middleware: GET, HEAD and OPTIONS are answered under `read_only`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)
        with read_only():
            return self.get_response(request)


def _refuse_writes(
    execute: Callable[..., Any],
    sql: str,
    params: Sequence[object],
    many: bool,  # noqa: FBT001 -- Django's call
    context: Mapping[str, object],
) -> Any:  # noqa: ANN401 -- whatever the database answers
    if not only_reads(sql):
        raise WriteWhileReading(sql)
    return execute(sql, params, many, context)


@lru_cache(maxsize=2048)
def only_reads(sql: str) -> bool:
    """Tell whether a text of SQL changes nothing but sessions.

    Read it as words, each statement apart: a WITH may hide an INSERT, EXPLAIN ANALYZE executes, SELECT … INTO makes a
    table, and SELECT … FOR UPDATE locks rows that only a writer needs.
    """
    if _SESSION.match(_COMMENT.sub(" ", sql)) and _ASIDE.sub(" ", sql).rstrip().rstrip(";").count(";") == 0:
        return True
    statements = _ASIDE.sub(" ", sql).split(";")
    return all(_statement_reads(statement) for statement in statements if statement.strip())


def _statement_reads(statement: str) -> bool:
    first = _WORD.match(statement)
    verb = first[1].upper() if first else ""
    if verb == "PRAGMA":
        return "=" not in statement
    return verb in _TRANSACTIONS or (verb in _READS and _WRITES.search(statement) is None)
