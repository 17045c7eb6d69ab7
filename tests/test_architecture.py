"""The rules of the house (docs/architecture.md, CONTRIBUTING.md), held: each test lists what breaks one of them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from django.apps import apps
from django.db import models

from tests.sources import RETKOOP, ROOT, Function, Module, length, modules, words

SOURCES = modules(RETKOOP)
DOMAIN = [module for module in SOURCES if module.room == "domain"]
EVERYTHING = SOURCES + modules(ROOT / "tests") + modules(ROOT / "benchmarks")
VIEWS = [module for module in SOURCES if module.path.stem == "views" or "views" in module.path.parts]


def test_imports_follow_the_arrows_between_rooms() -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


def test_each_room_stands_on_the_map() -> None:
    rooms = {folder.name for folder in RETKOOP.iterdir() if (folder / "__init__.py").exists()}
    plan = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("```")[1]
    assert set(re.findall(r"^  (\w+)/", plan, re.MULTILINE)) == rooms


def test_domain_imports_the_standard_library_alone() -> None:
    foreign = [
        f"{module.name}: {name}"
        for module in DOMAIN
        for name in module.imports
        if not name.startswith("retkoop.domain") and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert foreign == []


def test_domain_reads_neither_clock_nor_chance_nor_network() -> None:
    outside = {"asyncio", "logging", "os", "random", "secrets", "socket", "sqlite3", "subprocess", "time", "urllib", "uuid"}
    asked = [f"{module.name}: {name}" for module in DOMAIN for name in module.imports if name.split(".")[0] in outside]
    asked += [f"{module.name}:{line}: {name}" for module in DOMAIN for line, name in module.identifiers if name in {"now", "utcnow"}]
    assert asked == []


def test_each_domain_module_tells_its_concept() -> None:
    silent = [module.name for module in DOMAIN if module.text and not module.lines[0].startswith('"""')]
    assert silent == []


def test_each_domain_module_has_its_mirror_in_the_tests() -> None:
    missing = []
    for module in DOMAIN:
        mirror = ROOT / "tests" / module.path.relative_to(RETKOOP).with_name(f"test_{module.path.name}")
        if module.path.name != "__init__.py" and not mirror.exists():
            missing.append(str(mirror.relative_to(ROOT)))
    assert missing == []


def test_files_are_short() -> None:
    assert [f"{module.name}: {len(module.lines)}" for module in EVERYTHING if len(module.lines) > 400] == []


def test_functions_are_short() -> None:
    long = [
        f"{module.name}:{function.lineno}: {function.name}, {length(function)} lines"
        for module in EVERYTHING
        for function in module.functions
        if length(function) > 40
    ]
    assert long == []
    assert median(length(function) for module in SOURCES for function in module.functions) <= 10


def test_views_are_thin() -> None:
    thick = [
        f"{module.name}:{function.lineno}: {function.name}, {length(function)} lines"
        for module in VIEWS
        for function in module.functions
        if length(function) > 25
    ]
    assert thick == []


def test_views_ask_queries_and_never_tables() -> None:
    asked = [f"{module.name}:{line}" for module in VIEWS for line, name in module.identifiers if name in {"objects", "_default_manager"}]
    assert asked == []


def test_verbs_take_their_arguments_by_name() -> None:
    positional = [
        f"{module.name}:{verb.lineno}: {verb.name}"
        for module in SOURCES
        for verb in module.functions
        if _opens_a_transaction(verb) and [argument.arg for argument in verb.args.args] not in ([], ["self"])
    ]
    assert positional == []


def test_pages_and_commands_write_through_verbs() -> None:
    """Whatever writes opens `audit.services.writing`: one transaction, and the event of the trail in it."""
    shells = {"views", "queries", "forms", "urls", "models", "commands", "jinja2"}
    astray = [
        f"{module.name}:{function.lineno}: {function.name}"
        for module in SOURCES
        if shells & {module.path.stem, *module.path.parts}
        for function in module.functions
        if _opens_a_transaction(function)
    ]
    assert astray == []


def test_no_signals_carry_the_business() -> None:
    signals = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}
    assert [f"{module.name}:{line}" for module in SOURCES for line, name in module.identifiers if name in signals] == []


def test_each_silenced_remark_has_its_reason() -> None:
    reasoned = re.compile(r"# noqa: [A-Z0-9, ]+ -- \S|# type: ignore\[[\w, -]+\]  # \S|# pragma: no cover -- \S")
    silenced = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma: no)")
    assert _lines_where(EVERYTHING, lambda line: bool(silenced.search(line)) and not reasoned.search(line)) == []


def test_no_test_can_be_skipped() -> None:
    """What says something on one database alone bears `only_on`, and runs there."""
    skips = re.compile(r"\bpytest\.(?:skip|xfail|importorskip)\b|\bmark\.(?:skip|skipif|xfail)\b")
    assert _lines_where(modules(ROOT / "tests"), lambda line: bool(skips.search(line))) == []


def test_nothing_is_left_unfinished() -> None:
    mark = re.compile(r"#.*\b(?:TODO|FIXME|XXX)\b|\bNotImplementedError\b")
    assert _lines_where(SOURCES, lambda line: bool(mark.search(line))) == []


def test_no_drawer_without_a_name() -> None:
    assert [module.name for module in SOURCES if module.path.stem in {"utils", "util", "common", "helpers", "misc"}] == []


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("balance", True),
        ("balances", True),
        ("Balance", True),
        ("balance_of", True),
        ("trial_balance", False),
        ("TrialBalance", False),
        ("BALANCE_SHEET", False),
        ("BalanceSheet", False),
        ("account_balances", False),
        ("balanced", False),
    ],
)
def test_balance_alone_is_recognised(identifier: str, expected: bool) -> None:  # noqa: FBT001 -- a parameter of the table above
    assert _says_balance_alone(identifier) is expected


def test_balance_never_stands_alone() -> None:
    """French `balance` is a trial balance, English `balance` a solde: the word alone always misleads one reader."""
    alone = [f"{module.name}:{line}: {name}" for module in SOURCES for line, name in module.identifiers if _says_balance_alone(name)]
    assert alone == []


def test_each_model_belongs_to_the_room_it_stands_in() -> None:
    strangers = [model.__qualname__ for model in _our_models() if not model.__module__.startswith(f"retkoop.{model._meta.app_label}.")]
    assert strangers == []


def test_money_is_never_stored_as_a_fraction() -> None:
    inexact = [
        f"{model.__qualname__}.{field.name}"
        for model in _our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.DecimalField | models.FloatField)
    ]
    assert inexact == []


def _opens_a_transaction(function: Function) -> bool:
    return any(isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "writing" for node in ast.walk(function))


def _our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("retkoop.")]


def _says_balance_alone(identifier: str) -> bool:
    match words(identifier):
        case ["balance" | "balances", "sheet" | "sheets", *_]:
            return False
        case ["balance" | "balances", *_]:
            return True
    return False


def _lines_where(sources: list[Module], wrong: Callable[[str], bool]) -> list[str]:
    return [
        f"{module.name}:{number}: {line.strip()}"
        for module in sources
        if module.path != Path(__file__)  # which has to name what it looks for
        for number, line in enumerate(module.lines, 1)
        if wrong(line)
    ]
