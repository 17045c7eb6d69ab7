"""What the strict content security policy, the look and French printing ask of each template, stylesheet and sentence."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.sources import RETKOOP, ROOT, modules

INLINE = re.compile(
    r"""<script(?![^>]*\ssrc=) | <style\b | \sstyle\s*= | \s(?:hx-)?on[a-z:-]+\s*=\s*["'{] | javascript:""",
    re.VERBOSE | re.IGNORECASE,
)
TYPEWRITER_APOSTROPHE = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu|aujourd)'(?=[a-zà-öø-ÿœ])", re.IGNORECASE)
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch)a?\(", re.IGNORECASE)

TEMPLATES = sorted(RETKOOP.glob("*/jinja2/**/*.*"))
STYLESHEETS = sorted(RETKOOP.glob("*/**/*.css"))


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        ("<script>go()</script>", True),
        ('<script type="module" src="{{ script_url() }}"></script>', False),
        ('<p style="color: red">', True),
        ('<button onclick="go()">', True),
        ('<div hx-on:click="go()">', True),
        ('<a href="javascript:go()">', True),
        ('<link rel="stylesheet" href="a.css">', False),
        ('<p class="style on">', False),
    ],
)
def test_inline_script_and_style_are_recognised(written: str, refused: bool) -> None:  # noqa: FBT001 -- a column of the table above
    assert (INLINE.search(written) is not None) is refused


def test_templates_hold_no_inline_script_or_style() -> None:
    assert _found(TEMPLATES, INLINE) == []


def test_templates_print_french_apostrophes() -> None:
    assert _found(TEMPLATES, TYPEWRITER_APOSTROPHE) == []


def test_sentences_in_python_print_french_apostrophes() -> None:
    typewritten = [
        f"{module.name}:{node.lineno}: {node.value}"
        for module in modules(RETKOOP)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TYPEWRITER_APOSTROPHE.search(node.value)
    ]
    assert typewritten == []


def test_only_the_tokens_hold_colours() -> None:
    assert _found([sheet for sheet in STYLESHEETS if sheet.stem != "tokens"], COLOUR) == []


def _found(files: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(_without_comments(file.read_text(encoding="utf-8")).splitlines(), 1)
        if pattern.search(line)
    ]


def _without_comments(text: str) -> str:
    """Blank out Jinja's and CSS's comments, line by line, so that numbers of lines stay."""
    return re.sub(r"\{#.*?#\}|/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), text, flags=re.DOTALL)
