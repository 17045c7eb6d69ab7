from __future__ import annotations

from datetime import date

import pytest
from django.template import engines
from jinja2 import UndefinedError
from markupsafe import Markup

from retkoop.ui import templates


def render(source: str, **context: object) -> str:
    return engines["jinja2"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{{ 123456|amount }}", "1\u202f234,56\u202f€"),
        ("{{ 123456|number }}", "1\u202f234,56"),
        ("{{ 132000|signed }}", "+\u202f1\u202f320,00"),
        ("{{ -13800|signed }}", "−\u202f138,00"),
        ("{{ 0|signed }}", ""),
        ("{{ 12345|whole }}", "12\u202f345"),
        ("{{ 0|plural('opération') }}", "0\u00a0opération"),
        ("{{ 1|plural('opération') }}", "1\u00a0opération"),
        ("{{ 1200|plural('opération') }}", "1\u202f200\u00a0opérations"),
        ("{{ 2|plural('cheval', 'chevaux') }}", "2\u00a0chevaux"),
        ("{{ day|short_date }}", "01/11"),
        ("{{ day|long_date }}", "1er\u00a0novembre 2025"),
        ("{{ day|full_date }}", "01/11/2025"),
    ],
)
def test_filters(source: str, written: str) -> None:
    assert render(source, day=date(2025, 11, 1)) == written


def test_what_comes_from_people_is_escaped() -> None:
    assert render("{{ label }}", label="<b>Fête & loto</b>") == "&lt;b&gt;Fête &amp; loto&lt;/b&gt;"


def test_a_name_that_does_not_exist_raises() -> None:
    with pytest.raises(UndefinedError):
        render("{{ nowhere }}")


def test_attributes_are_written_as_html_has_them() -> None:
    given = "{'hx_post': '/a?b&c', 'hidden': True, 'disabled': False, 'id': None, 'aria_current': 'page' if current, 'data_n': 0}"
    assert render(f"{{{{ attributes({given}) }}}}", current=False) == ' hx-post="/a?b&amp;c" hidden data-n="0"'


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    silent, said = templates.icon("check"), templates.icon("check", label="Pointé")
    assert isinstance(silent, Markup)
    assert ('aria-hidden="true"' in silent, 'role="img"' in silent) == (True, False)
    assert ('aria-label="Pointé"' in said, 'role="img"' in said, "aria-hidden" in said) == (True, True, False)


def test_a_static_file_carries_a_digest_of_its_content() -> None:
    address, digest = templates.static("ui/favicon.svg").split("?v=")
    assert (address, len(digest)) == ("/static/ui/favicon.svg", 8)


def test_a_static_file_that_does_not_exist_raises() -> None:
    with pytest.raises(FileNotFoundError, match=r"no static file ui/nowhere\.svg"):
        templates.static("ui/nowhere.svg")
