"""XML from outside: a DOCTYPE is refused before anything of it is used, so that nothing can be expanded or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder  # they build a tree; what parses is defusedxml

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from retkoop.banking.statement_files.values import LARGEST_FILE, UnreadableStatement, decoded

_DEEPEST: Final = 30
"""Elements inside each other: camt and pain have some fifteen."""
_DECLARATION: Final = re.compile(r"^\s*<\?xml\b[^>]*\?>")
"""Its encoding is not believed: genuine files claim UTF-8 and are not."""


class _Shallow(TreeBuilder):
    """Refuses a document that nests deeper than any bank does: to build it, or to look for something in it, would take minutes."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnreadableStatement("Ce fichier XML est emboîté comme aucune banque ne l’écrit\u202f: Retkoop ne l’ouvre pas.")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def read_xml(data: bytes) -> Element:
    """Return the root of an XML document, its tags without namespaces. Raises UnreadableStatement."""
    if len(data) > LARGEST_FILE:
        raise UnreadableStatement(f"Ce fichier dépasse {LARGEST_FILE // 1_000_000} Mo\u202f: ce n’est pas un relevé.")
    try:
        parser = DefusedXMLParser(target=_Shallow(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
        parser.feed(_DECLARATION.sub("", decoded(data)))
        root: Element = parser.close()
    except UnreadableStatement:
        raise
    except DefusedXmlException:
        raise UnreadableStatement("Ce fichier contient une déclaration DOCTYPE\u202f: par sécurité, Retkoop ne l’ouvre pas.") from None
    except (ParseError, ValueError, LookupError):
        raise UnreadableStatement("Ce fichier XML est abîmé\u202f: téléchargez-le de nouveau depuis votre banque.") from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def texts_in(element: Element, path: str) -> Iterator[str]:
    """Yield the texts that stand at a path under an element, those that say something."""
    for one in element.findall(path):
        text = (one.text or "").strip()
        if text:
            yield text


def text_in(element: Element, *paths: str) -> str:
    """Return the first text that stands at one of these paths, "" where none does."""
    return next((text for path in paths for text in texts_in(element, path)), "")
