"""XML from outside: a DOCTYPE is refused before anything of it is used, so that nothing can be expanded or fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from retkoop.banking.statement_files.values import LARGEST_FILE, UnreadableStatement

_DEEPEST: Final = 30
"""Elements inside each other: camt and pain have some fifteen."""

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # for its type alone: what parses is defusedxml


def read_xml(data: bytes) -> Element:
    """Return the root of an XML document, its tags without namespaces. Raises UnreadableStatement."""
    if len(data) > LARGEST_FILE:
        raise UnreadableStatement(f"Ce fichier dépasse {LARGEST_FILE // 1_000_000} Mo\u202f: ce n’est pas un relevé.")
    try:
        root: Element = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise UnreadableStatement("Ce fichier contient une déclaration DOCTYPE\u202f: par sécurité, Retkoop ne l’ouvre pas.") from None
    except (ParseError, ValueError, LookupError):
        raise UnreadableStatement("Ce fichier XML est abîmé\u202f: téléchargez-le de nouveau depuis votre banque.") from None
    if _is_deep(root):
        raise UnreadableStatement("Ce fichier XML est emboîté comme aucune banque ne l’écrit\u202f: Retkoop ne l’ouvre pas.")
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _is_deep(root: Element) -> bool:
    """Tell whether a document nests deeper than any bank does: to look for something under each of its elements would take hours."""
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for one in level for child in one]
    return bool(level)


def texts_in(element: Element, path: str) -> Iterator[str]:
    """Yield the texts that stand at a path under an element, those that say something."""
    for one in element.findall(path):
        text = (one.text or "").strip()
        if text:
            yield text


def text_in(element: Element, *paths: str) -> str:
    """Return the first text that stands at one of these paths, "" where none does."""
    return next((text for path in paths for text in texts_in(element, path)), "")
