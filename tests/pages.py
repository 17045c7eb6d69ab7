"""What a page says, read from its HTML as people and screen readers get it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Protocol


class Answer(Protocol):
    content: bytes


INLINE = {"a", "abbr", "b", "code", "em", "i", "kbd", "span", "strong", "time"}
"""Tags that stand within a sentence; any other begins one."""


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in {"script", "template"}
        if tag not in INLINE:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"script", "template"}

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def _text(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    return re.sub(r"[ \n\t]+", " ", "".join(reader.parts)).strip()


def title(answer: Answer) -> str:
    """Return the title of a page without ` · Retkoop`."""
    found = re.search(r"<title>(.*?) · Retkoop</title>", answer.content.decode(), re.DOTALL)
    return unescape(found[1]) if found else ""


def main_text(answer: Answer) -> str:
    """Return the words of a page's `<main>`."""
    found = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)
    return _text(found[0]) if found else ""


def errors(answer: Answer) -> list[str]:
    """Return the sentences beside fields, in their order."""
    return [_text(found) for found in re.findall(r'<p class="error".*?</p>', answer.content.decode(), re.DOTALL)]


def notices(answer: Answer) -> list[str]:
    """Return the notices of a page: messages, refusals."""
    return [_text(found) for found in re.findall(r'<div class="notice.*?</div>\s*</div>', answer.content.decode(), re.DOTALL)]


def controls(answer: Answer, name: str) -> list[dict[str, str]]:
    """Return the attributes of the controls that bear a name."""
    tags = re.findall(rf'<(?:input|select|textarea)\b[^>]*\bname="{re.escape(name)}"[^>]*>', answer.content.decode())
    return [{key: unescape(value) for key, value in re.findall(r'([\w-]+)(?:="([^"]*)")?', tag)[1:]} for tag in tags]


def links(answer: Answer) -> list[str]:
    return [unescape(href) for href in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', answer.content.decode())]


def posts(answer: Answer) -> list[str]:
    """Return where the forms of a page that write lead."""
    forms = re.findall(r"<form\b[^>]*>", answer.content.decode())
    return [unescape(re.search(r'action="([^"]*)"', form).group(1)) for form in forms if 'method="post"' in form]  # type: ignore[union-attr]  # each says where
