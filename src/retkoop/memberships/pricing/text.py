"""The text of an engagement as its readers see it: lines with # or ## are headings, numbered ones articles, others paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ARTICLE = re.compile(r"(\d+\.)\s+(.+)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of an engagement; `kind` is `title`, `heading`, `article` (with its `number`) or `paragraph`."""

    kind: str
    text: str
    number: str = ""

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "text": self.text, "number": self.number}


def passages_of(text: str) -> list[Passage]:
    """Return the passages of a text, in order."""
    return [_passage(line.strip()) for line in text.splitlines() if line.strip()]


def _passage(line: str) -> Passage:
    if line.startswith("## "):
        return Passage("heading", line[3:])
    if line.startswith("# "):
        return Passage("title", line[2:])
    article = _ARTICLE.fullmatch(line)
    if article:
        return Passage("article", article[2], article[1])
    return Passage("paragraph", line)
