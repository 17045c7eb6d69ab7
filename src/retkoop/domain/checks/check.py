"""Check (contrôle): a rule of the field as one small pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from retkoop.domain.checks.finding import Finding, Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms

View = TypeVar("View")


@dataclass(frozen=True, slots=True)
class GoodNews:
    """What to tell when a check finds nothing wrong; only where `known` says that there was something to look at."""

    message: str
    known: Callable[[Any], bool]


@dataclass(frozen=True)
class Check(Generic[View]):
    """A rule: its stable `code`, what it says in one line (`rule`), where it comes from, and the function that holds it."""

    code: str
    severity: Severity
    scope: Scope
    rule: str
    source: str
    good_news: GoodNews | None
    look: Callable[[View, Terms], Iterator[Remark]]

    def run(self, view: View, terms: Terms) -> Iterator[Finding]:
        """Look at one group of the book."""
        for remark in self.look(view, terms):
            yield Finding(self.code, self.severity, remark)

    def praise(self, view: View, terms: Terms) -> str | None:
        """Return the good news of a view that is known and right, None where there is none to tell."""
        if self.good_news is None or not self.good_news.known(view) or any(self.look(view, terms)):
            return None
        return self.good_news.message


def check(  # noqa: PLR0913 -- the columns of docs/controles.md, all named
    *, code: str, severity: Severity, scope: Scope, rule: str, source: str, good_news: GoodNews | None = None
) -> Callable[[Callable[[View, Terms], Iterator[Remark]]], Check[View]]:
    """Make a check of the function below; adding it to CHECKS is all that remains."""

    def decorate(look: Callable[[View, Terms], Iterator[Remark]]) -> Check[View]:
        return Check(code, severity, scope, rule, source, good_news, look)

    return decorate
