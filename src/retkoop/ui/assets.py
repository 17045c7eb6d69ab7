"""The one stylesheet and the one script of every page, put together from small sources when first asked for.

One request each instead of thirty, and no build step that a clone could forget. The address holds a digest of the
content: browsers keep it for a year, and a new version is a new address.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import brotli
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from retkoop.ui.addresses import address_of

_HERE = Path(__file__).parent
LAYERS: Final = ("reset", "tokens", "base", "layout", "components", "utilities")
HTMX: Final = "django_htmx/htmx-2.min.js"


@dataclass(frozen=True)
class Bundle:
    """A file made of many: its name, its type, and the function that puts it together."""

    name: str
    content_type: str
    build: Callable[[], str]

    def url(self) -> str:
        return address_of("ui:asset", digest(self), self.name)


def build_stylesheet() -> str:
    """Put each source in the layer that bears its file's or its folder's name."""
    return f"@layer {','.join(LAYERS)};\n" + "\n".join(f"@layer {layer}{{{_minified(layer)}}}" for layer in LAYERS)


def _minified(layer: str) -> str:
    sources = [_HERE / "css" / f"{layer}.css", *sorted((_HERE / "css" / layer).glob("*.css"))]
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources if source.exists())
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", bare)).replace(";}", "}").strip()


def build_script() -> str:
    """Put htmx first, then each module in a scope of its own: none may see another's names."""
    htmx = Path(str(finders.find(HTMX))).read_text(encoding="utf-8")
    modules = (source.read_text(encoding="utf-8") for source in sorted((_HERE / "js").glob("*.js")))
    return htmx + "".join(f"\n(() => {{\n{module}}})();" for module in modules)


stylesheet: Final = Bundle("retkoop.css", "text/css; charset=utf-8", build_stylesheet)
script: Final = Bundle("retkoop.js", "text/javascript; charset=utf-8", build_script)
_BUNDLES: Final = {bundle.name: bundle for bundle in (stylesheet, script)}
_ENCODERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "br": brotli.compress,
    "gzip": lambda content: gzip.compress(content, mtime=0),
    "identity": lambda content: content,
}


@lru_cache(maxsize=16)
def _kept(bundle: Bundle, encoding: str) -> bytes:
    return _ENCODERS[encoding](bundle.build().encode())


@lru_cache(maxsize=16)
def _kept_digest(bundle: Bundle) -> str:
    return sha256(_kept(bundle, "identity")).hexdigest()[:10]


def _forget_in_development() -> None:
    """A developer's page shows each change of a source at once."""
    if settings.DEBUG:
        _kept.cache_clear()
        _kept_digest.cache_clear()


def encoded(bundle: Bundle, encoding: str = "identity") -> bytes:
    """Return the bundle in `br`, `gzip` or `identity`."""
    _forget_in_development()
    return _kept(bundle, encoding)


def digest(bundle: Bundle) -> str:
    _forget_in_development()
    return _kept_digest(bundle)


@login_not_required
@require_safe
def asset(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """Serve a bundle. An old address gets today's content, not to be kept."""
    bundle = _BUNDLES.get(name)
    if bundle is None:
        raise Http404
    accepted = request.headers.get("Accept-Encoding", "")
    encoding = next((name for name in ("br", "gzip") if name in accepted), "identity")
    response = HttpResponse(encoded(bundle, encoding), content_type=bundle.content_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable" if version == digest(bundle) else "no-cache"
    if encoding != "identity":
        response["Content-Encoding"] = encoding
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
