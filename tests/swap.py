"""What htmx makes of a page and of an answer: the same swaps, on a small tree of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


TOKENS: Final = frozenset({"csrfmiddlewaretoken", "typed_by"})
"""What each answer signs anew, with its own chance or its own second."""


@dataclass(eq=False)
class Node:
    """An element; its children are elements and texts."""

    tag: str
    attributes: dict[str, str | None]
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def find(self, name: str) -> Node:
        """Return the element of an id. Raises StopIteration where there is none."""
        return next(node for node in self.walk() if node.attributes.get("id") == name)

    @property
    def inside(self) -> str:
        """The markup inside, attributes in order, white space folded, without the tokens that each answer draws anew."""
        return re.sub(r"[ \n\t]+", " ", "".join(map(_written, self.children))).strip()

    @property
    def text(self) -> str:
        parts = (child if isinstance(child, str) else f" {child.text} " for child in self.children)
        return re.sub(r"[ \n\t]+", " ", "".join(parts)).strip()


def _written(node: Node | str) -> str:
    if isinstance(node, str):
        return escape(node)
    drawn_anew = node.attributes.get("name") in TOKENS | {"submission"}
    written = "".join(
        f' {name}="{escape(value or "")}"' for name, value in sorted(node.attributes.items()) if not (drawn_anew and name == "value")
    )
    return f"<{node.tag}{written}>{node.inside}</{node.tag}>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.path = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        self.path[-1].children.append(node)
        if tag not in VOID:
            self.path.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.path[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.path):
            while self.path.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.path[-1].children.append(data)


def read(html: str) -> Node:
    """Read a page or a fragment; its root has no tag."""
    reader = _Reader()
    reader.feed(html)
    return reader.path[0]


def swap(page: str, answer: str, target: str | None = None) -> Node:
    """Return a page after an answer came: out-of-band parts go where they say, the rest takes the place of `target` (an id)."""
    root, fragment = read(page), read(answer)
    rest = [child for child in _unwrapped(fragment) if not _out_of_band(root, child)]
    if target:
        parent = next(node for node in root.walk() if root.find(target) in node.children)
        where = parent.children.index(root.find(target))
        parent.children[where : where + 1] = rest
    return root


def _unwrapped(fragment: Node) -> Iterator[Node | str]:
    """Yield the parts of an answer; rows, which stand nowhere but in a table, come in a template."""
    for child in fragment.children:
        wraps = isinstance(child, Node) and child.tag == "template"
        yield from (child.children if isinstance(child, Node) and wraps else [child])


def _out_of_band(root: Node, part: Node | str) -> bool:
    if isinstance(part, str) or "hx-swap-oob" not in part.attributes:
        return False
    how, _, where = (part.attributes["hx-swap-oob"] or "").partition(":#")
    old = root.find(where or str(part.attributes["id"]))
    if how == "beforeend":
        old.children += part.children
    elif how == "afterbegin":
        old.children[:0] = part.children
    elif how == "delete":
        next(node for node in root.walk() if old in node.children).children.remove(old)
    elif how == "true":
        _replace(root, old, part)
    else:
        old.children = part.children
    return True


def _replace(root: Node, old: Node, new: Node) -> None:
    parent = next(node for node in root.walk() if old in node.children)
    del new.attributes["hx-swap-oob"]
    parent.children[parent.children.index(old)] = new
