"""Documents: a Typst template and its data become an archivable, accessible PDF (PDF/A-2a and PDF/UA-1).

The data go in as JSON, so that no label can be taken for markup, and hold only characters that our fonts can draw: PDF/A
refuses any other, and text from right to left, which Typst cannot always lay out, would stop the server. A template stands
in the room that it serves, and takes its colours and its page from `/ui/paper/look.typ`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast

import typst

_ROOT: Final = Path(__file__).parents[2]
_FONTS: Final = Path(__file__).parent / "fonts"
_STANDARDS: Final[list[Any]] = ["a-2a", "ua-1"]  # Any: the package's type of their names is not exported
_ONE_AT_A_TIME: Final = Lock()
"""A compiler refuses to be called by two threads at once."""

DRAWABLE: Final = (
    "\u0020-\u007e\u00a0-\u024f\u0370-\u04ff\u1e00-\u1eff\u2010-\u2027\u202f-\u2040"
    "\u2070-\u20bf\u2190-\u22ff\u2460-\u24ff\u25a0-\u25ff\ufffd"
)
"""The characters that our fonts hold, as ranges: Latin, Greek, Cyrillic, punctuation, signs."""

_FOREIGN: Final = re.compile(f"[^{DRAWABLE}]+")
_BLANKS: Final = re.compile(r"[\t-\r ]+")
_SPACES: Final = "\u00a0\u202f"
_LONG_WORD: Final = re.compile(r"[^ ]{28,}")
_MAY_BREAK: Final = "\u200b"


def pdf(template: Path, data: Mapping[str, object], day: date) -> bytes:
    """Return the document of a template of this house and its data; `day` is when it says it was made."""
    given = {"data": json.dumps(_drawable_values(data))}
    with _ONE_AT_A_TIME:
        content = _compiler(template).compile(
            format="pdf", sys_inputs=given, pdf_standards=_STANDARDS, timestamp=datetime.combine(day, time(12), UTC)
        )
    return cast("bytes", content)


def drawable(text: str) -> str:
    """Return `text` with a run of what our fonts cannot draw as one � (emojis, other scripts, marks that cannot be seen).

    A word of two hundred letters may break anywhere, so that it stays in its column.
    """
    composed = unicodedata.normalize("NFC", _BLANKS.sub(" ", text))
    seen = "".join(character if character.isprintable() or character in _SPACES else "\x00" for character in composed)
    return _LONG_WORD.sub(lambda word: _MAY_BREAK.join(word[0]), _FOREIGN.sub("\ufffd", seen))


def _drawable_values(value: object) -> object:
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, Mapping):
        return {name: _drawable_values(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable_values(one) for one in value]
    return value


@cache
def _compiler(template: Path) -> typst.Compiler:
    """Return the compiler of a template, warm from the second document on; fonts of the machine are left alone."""
    return typst.Compiler(template, root=_ROOT, font_paths=[_FONTS], ignore_system_fonts=True)
