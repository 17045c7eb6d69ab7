"""Documents say what is so: their links lead somewhere, and the first commands of the README are the two that open the house."""

from __future__ import annotations

import re

from retkoop.domain.passwords import initial_password
from retkoop.upkeep.demonstration import LOG_INS, TO_ACTIVATE
from tests.sources import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.md")]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in DOCUMENTS
        for target in LINK.findall(document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_readme_opens_with_the_two_commands() -> None:
    first_block = (ROOT / "README.md").read_text(encoding="utf-8").split("```")[1]
    assert [line.split()[0] for line in first_block.splitlines() if line.startswith("script/")] == ["script/run", "script/test"]


def test_readme_gives_the_log_ins_of_the_demonstration() -> None:
    written = re.findall(r"^\| `(.+?)` \| `(.+?)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert written == [(TO_ACTIVATE, initial_password(TO_ACTIVATE)), *((log_in.username, log_in.password) for log_in in LOG_INS)]


def test_each_decision_is_numbered_and_dated() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(decision.name[:4]) for decision in decisions]
    assert numbers == list(range(1, len(decisions) + 1))
    undated = [
        decision.name for decision in decisions if not re.search(r"^\d{4}-\d{2}-\d{2}", decision.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert undated == []
