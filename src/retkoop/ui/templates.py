"""The Jinja2 environment of every page: strict, autoescaped, with the filters and globals that README.md lists."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static as static_url
from jinja2 import Environment, StrictUndefined, Undefined
from lucide.jinja import lucide
from markupsafe import Markup, escape

from retkoop.domain.elision import of
from retkoop.domain.money import NARROW_NO_BREAK_SPACE, Cents, format_amount, format_number
from retkoop.ui import assets
from retkoop.ui.addresses import address_of
from retkoop.ui.days import format_full, format_long, format_moment, format_short
from retkoop.ui.forms import control, described_by
from retkoop.ui.words import explanation

NO_BREAK_SPACE = "\u00a0"
_MINUS = "\u2212"


class HouseEnvironment(Environment):
    """Jinja2's own, whose templates hold their globals in a plain dict.

    In a ChainMap, as Jinja2 has it, a name is a walk in Python, and each `import` of a page compares all of them.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> Environment:  # noqa: ANN401 -- what Django's backend passes on to Jinja2
    strict = {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    env = HouseEnvironment(**{**options, **strict})
    env.filters |= {
        "amount": format_amount,
        "number": format_number,
        "signed": signed,
        "short_date": format_short,
        "long_date": format_long,
        "full_date": format_full,
        "moment": format_moment,
        "of": of,
        "plural": plural,
        "whole": whole,
    }
    env.globals |= {
        "control": control,
        "described_by": described_by,
        "attributes": attributes,
        "explanation": explanation,
        "icon": icon,
        "svg": icon,  # for macros whose argument is called icon
        "script_url": assets.script.url,
        "static": static,
        "stylesheet_url": assets.stylesheet.url,
        "url": address_of,
    }
    return env


def signed(amount: Cents) -> str:
    """Write what moved: `+ 1 320,00`, `− 138,00`; nothing at zero, where nothing moved."""
    if amount == 0:
        return ""
    return f"{'+' if amount > 0 else _MINUS}{NARROW_NO_BREAK_SPACE}{format_number(abs(amount))}"


def whole(number: int) -> str:
    return f"{number:,}".replace(",", NARROW_NO_BREAK_SPACE)


def plural(number: int, one: str, many: str | None = None) -> str:
    """Write `1 opération`, `2 opérations`: in French zero is singular."""
    word = one if abs(number) < 2 else many or f"{one}s"
    return f"{whole(number)}{NO_BREAK_SPACE}{word}"


def static(path: str) -> str:
    """Return the address of a static file, with a digest of its content: browsers may keep it for a year."""
    digest = _digest.__wrapped__(path) if settings.DEBUG else _digest(path)
    return f"{static_url(path)}?v={digest}"


@lru_cache(maxsize=256)
def _digest(path: str) -> str:
    found = finders.find(path)
    if found is None:
        raise FileNotFoundError(f"no static file {path}")
    return sha256(Path(found).read_bytes()).hexdigest()[:8]


@lru_cache(maxsize=256)
def icon(name: str, label: str | None = None) -> Markup:
    """Return a lucide icon, hidden from screen readers unless it has a label; its size is the stylesheet's affair."""
    said = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return Markup(lucide(name, size=None, **{"class": "icon"}, **said))  # noqa: S704 -- the package's own drawing


def attributes(given: Mapping[str, object]) -> Markup:
    """Write HTML attributes: `hx_post` becomes `hx-post`, True a bare name; None, False and an `if` without `else` are left out."""
    written = ""  # plain text until the end: Markup escapes at each step, and a page writes hundreds of attributes
    for name, value in given.items():
        if value is True:
            written += f" {name.replace('_', '-')}"
        elif not (value is None or value is False or type(value) is Undefined):
            written += f' {name.replace("_", "-")}="{escape(value)}"'
    return Markup(written)  # noqa: S704 -- names are ours, values are escaped


__all__ = ["attributes", "environment", "icon", "plural", "signed", "static", "whole"]
