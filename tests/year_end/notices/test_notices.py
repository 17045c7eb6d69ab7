"""The notices: read by whoever is logged in, with pictures that are there and say what they show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from retkoop.books.models import Book
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from tests.books.coops import a_book, at, client_of, plain, queries_of, said
from tests.cast import logged_in, make_staff
from tests.journeys.pictures import FOLDER, LARGEST
from tests.pages import title
from tests.year_end.direct.at_hand import direct

pytestmark = pytest.mark.django_db

TITLES = {
    "notices": "Notices",
    "notice_of_a_cahier": "Vous avez tenu votre comptabilité sur Retkoop",
    "notice_of_a_spreadsheet": "Vous avez tenu votre comptabilité sur un fichier Excel",
}
STEPS = {"notice_of_a_cahier": 9, "notice_of_a_spreadsheet": 11}


def pictures_of(page: str) -> dict[str, str]:
    """Return the pictures of a page, each with what it tells to those who do not see it."""
    found = re.findall(r'<img class="notice-picture[^"]*" src="/static/([^"?]+)[^"]*" alt="([^"]*)"', page)
    return {path: plain(alt) for path, alt in found}


@pytest.mark.parametrize("name", TITLES)
def test_a_coop_and_its_ad_read_them(alice: Access, name: str) -> None:
    for reader in (client_of(alice), logged_in(make_staff("bob", RoleKind.ANIMATEUR))):
        answer = reader.get(reverse(name))
        assert (answer.status_code, title(answer)) == (200, TITLES[name])


@pytest.mark.parametrize("name", STEPS)
def test_each_step_has_its_picture(alice: Access, name: str) -> None:
    page = client_of(alice).get(reverse(name)).content.decode()
    steps = re.findall(r'<li class="sheet sheet--padded stack notice-step">(.*?)</li>', page, re.DOTALL)
    assert (len(steps), [step for step in steps if "<img" not in step]) == (STEPS[name], [])
    shown = pictures_of(page)
    assert [path for path, alt in shown.items() if finders.find(path) is None or len(alt) < 20] == []


def test_no_picture_is_heavy_and_none_is_left_over(alice: Access) -> None:
    client = client_of(alice)
    shown = {Path(path).name for name in STEPS for path in pictures_of(client.get(reverse(name)).content.decode())}
    kept = {file.name: file.stat().st_size for file in FOLDER.iterdir()}
    assert (set(kept), [name for name, size in kept.items() if size > LARGEST]) == (shown, [])


def test_the_preparation_leads_to_the_notice_that_fits(alice: Access, client: Client) -> None:
    book = a_book(alice)
    leads = [reverse("notice_of_a_cahier") in client.get(at(book, "closing")).content.decode()]
    direct(alice, book)
    leads.append(reverse("notice_of_a_spreadsheet") in client.get(at(book, "closing")).content.decode())
    assert leads == [True, True]


def test_they_cost_next_to_nothing(client: Client, book: Book) -> None:
    assert {name: queries_of(client, reverse(name)) for name in TITLES} == dict.fromkeys(TITLES, 2)
    assert reverse("notices") in client.get(at(book, "home")).content.decode()
    assert "Vous l’avez tenue sur un fichier Excel" in said(client.get(reverse("notices")))
