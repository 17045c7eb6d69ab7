"""The repository's own files, read for the tests that hold its rules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RETKOOP = ROOT / "src/retkoop"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A Python file of ours."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def room(self) -> str:
        return self.path.relative_to(RETKOOP).parts[0]

    @property
    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @property
    def imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield f"{'.' * node.level}{node.module or ''}"

    @property
    def identifiers(self) -> Iterator[tuple[int, str]]:
        """Yield each name that the module gives or uses, with its line."""
        for node in ast.walk(self.tree):
            line = getattr(node, "lineno", 0)
            for field in ("name", "id", "attr", "arg", "asname"):
                if isinstance(name := getattr(node, field, None), str):
                    yield line, name


def modules(folder: Path) -> list[Module]:
    """Return our modules under a folder; migrations are written by Django."""
    return [Module(path) for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def words(identifier: str) -> list[str]:
    """Split `trial_balance`, `TrialBalance` and `TRIAL_BALANCE` into their words, in lower case."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)]
