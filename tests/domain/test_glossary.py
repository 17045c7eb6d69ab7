"""docs/glossaire.md decides each name once; it is held to what the domain says, and the domain to it."""

from __future__ import annotations

import ast
import re
from collections import Counter

from tests.sources import RETKOOP, ROOT, modules

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/glossaire.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not line.startswith(("| Terme français |", "|---"))
]
DECIDED = [identifier for row in ROWS for identifier in re.findall(r"`([\w.]+)`", row[1])]
DOMAIN = modules(RETKOOP / "domain")
CLASSES = {node.name for module in DOMAIN for node in module.tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")}


def test_every_public_class_of_the_domain_is_decided() -> None:
    assert CLASSES - set(DECIDED) == set()


def test_every_identifier_decided_is_one_of_the_domain() -> None:
    known = CLASSES | {name for module in DOMAIN for _, name in module.identifiers} | {module.path.stem for module in DOMAIN}
    assert [identifier for identifier in DECIDED if identifier.split(".")[-1] not in known] == []


def test_each_thing_is_decided_once() -> None:
    assert [identifier for identifier, times in Counter(DECIDED).items() if times > 1] == []


def test_each_row_is_whole() -> None:
    assert [row for row in ROWS if len(row) != 4 or not all(row)] == []
