"""The stylesheet and the script that pages are given, and what a first visit weighs."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

from retkoop.ui import assets

pytestmark = pytest.mark.urls("tests.ui.urls")

FONTS = [f"ui/fonts/atkinson-hyperlegible-5.3-{weight}.woff2" for weight in (400, 700)]


def weight(path: str) -> int:
    return Path(str(finders.find(path))).stat().st_size


def test_the_stylesheet_is_small() -> None:
    assert len(assets.encoded(assets.stylesheet, "gzip")) < 16_000


def test_a_first_visit_is_below_100_kb() -> None:
    page = len(Client().get("/composants/", headers={"Accept-Encoding": "gzip"}).content)
    bundles = sum(len(assets.encoded(bundle, "br")) for bundle in (assets.stylesheet, assets.script))
    assert page + bundles + sum(map(weight, [*FONTS, "ui/favicon.svg"])) < 100_000


def test_layers_come_in_their_order() -> None:
    text = assets.build_stylesheet()
    assert text.startswith("@layer reset,tokens,base,layout,components,utilities;\n")
    assert re.findall(r"^@layer (\w+)\{", text, re.MULTILINE) == list(assets.LAYERS)


def test_each_source_is_served() -> None:
    folder = Path(assets.__file__).parent
    css, js = assets.build_stylesheet(), assets.build_script()
    selectors = [
        re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL).split("{")[0].strip()
        for file in (folder / "css/components").glob("*.css")
    ]
    assert [selector for selector in selectors if re.sub(r"\s*,\s*", ",", selector) not in css] == []
    assert [file.name for file in (folder / "js").glob("*.js") if file.read_text(encoding="utf-8") not in js] == []
    assert js.startswith("var htmx=")


def test_what_the_stylesheet_asks_for_exists() -> None:
    asked = re.findall(r'url\("(/static/[^"]+)"\)', assets.build_stylesheet())
    assert sorted(asked) == [f"/static/{font}" for font in FONTS]
    assert all(finders.find(path.removeprefix("/static/")) for path in asked)


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [("gzip, deflate, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("identity", None, bytes)],
)
@pytest.mark.parametrize("bundle", [assets.stylesheet, assets.script])
def test_a_bundle_travels_in_the_best_form(bundle: assets.Bundle, accepted: str, encoding: str | None, decode: type[bytes]) -> None:
    response = Client().get(bundle.url(), headers={"Accept-Encoding": accepted})
    assert (response.get("Content-Encoding"), response["Content-Type"]) == (encoding, bundle.content_type)
    assert decode(response.content).decode() == bundle.build()
    assert "Accept-Encoding" in response["Vary"]


def test_a_bundle_is_kept_for_a_year_under_its_own_address() -> None:
    assert Client().get(assets.stylesheet.url())["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_old_address_gets_the_bundle_of_today() -> None:
    response = Client().get("/ui/0123456789/retkoop.js")
    assert (response["Cache-Control"], response.content) == ("no-cache", assets.encoded(assets.script))


def test_no_other_file_is_served() -> None:
    assert Client().get("/ui/0123456789/settings.py").status_code == 404


def test_a_developer_sees_each_change(settings: Settings) -> None:
    built = []
    bundle = assets.Bundle("x.css", "text/css", lambda: f"/* {built.append(1) or len(built)} */")  # type: ignore[func-returns-value]  # counts the builds
    assert [assets.encoded(bundle), assets.encoded(bundle)] == [b"/* 1 */", b"/* 1 */"]
    settings.DEBUG = True
    assert [assets.encoded(bundle), assets.encoded(bundle)] == [b"/* 2 */", b"/* 3 */"]
