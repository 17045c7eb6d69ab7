"""The pulse of a page in sight: who else is there, whose hand changed something, and how little it costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from retkoop.assistance.models import Presence
from retkoop.assistance.presence import forget_the_gone
from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.books.coops import at, client_of, keeper, note
from tests.cast import CHARLIE
from tests.clock import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def pulse(client: Client, book: Book, **sent: object) -> dict[str, Any]:
    answer = client.post(at(book, "presence"), sent)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def where(book: Book, name: str = "cahier", title: str = "Cahier") -> dict[str, object]:
    return {"chemin": at(book, name), "titre": title}


def julie_there(book: Book) -> dict[str, object]:
    return {"name": "Julie (OCCE 91)", "path": at(book, "cahier"), "title": "Cahier", "from_afar": True, "own": False}


def test_two_people_see_where_the_other_is(alice: Access, julie: Access, book: Book) -> None:
    coop, ad = client_of(alice), client_of(julie)
    assert pulse(ad, book, **where(book))["others"] == []
    assert pulse(coop, book, **where(book, "home", "Accueil"))["others"] == [julie_there(book)]
    other = {"name": "École Jean-Jaurès", "path": at(book, "home"), "title": "Accueil", "from_afar": False, "own": False}
    assert pulse(ad, book, **where(book))["others"] == [other]
    assert Presence.objects.count() == 2


def test_the_same_account_elsewhere_is_told_apart(alice: Access, book: Book) -> None:
    one, other = client_of(alice), client_of(alice)
    pulse(one, book, **where(book))
    [told] = pulse(other, book, **where(book))["others"]
    assert told["own"] is True


def test_somebody_with_two_browsers_is_where_they_were_last(alice: Access, julie: Access, book: Book, clock: Clock) -> None:
    for name, title in (("home", "Accueil"), ("cahier", "Cahier")):
        pulse(client_of(julie), book, **where(book, name, title))
        clock.advance(seconds=1)
    assert pulse(client_of(alice), book)["others"] == [julie_there(book)]


def test_whoever_says_nothing_is_gone_and_forgotten(alice: Access, julie: Access, book: Book, clock: Clock) -> None:
    coop = client_of(alice)
    pulse(client_of(julie), book, **where(book))
    clock.advance(seconds=39)
    assert pulse(coop, book)["others"] == [julie_there(book)]
    clock.advance(seconds=2)
    assert pulse(coop, book)["others"] == []
    assert forget_the_gone() == 0
    clock.advance(seconds=90)
    assert forget_the_gone() == 1
    clock.advance(seconds=90)
    assert (forget_the_gone(), Presence.objects.count()) == (1, 0)


def test_it_is_renewed_now_and_then_and_makes_no_more_rows(alice: Access, book: Book, clock: Clock) -> None:
    client, began = client_of(alice), clock.time
    for seconds in (0, 2, 2, 5, 2):
        clock.advance(seconds=seconds)
        pulse(client, book, **where(book))
    assert [(row.at - began).total_seconds() for row in Presence.objects.all()] == [9]


def test_another_hand_is_told_ones_own_is_not(alice: Access, julie: Access, book: Book) -> None:
    coop = client_of(alice)
    first = pulse(coop, book)
    assert (first["by"], first["own"]) == ("", False)
    note(alice, book, "D1", "2025-10-02", "Musée", -10_00)
    own = pulse(coop, book, place=first["place"])
    assert (own["by"], own["own"]) == ("École Jean-Jaurès", True)
    note(julie, book, "D2", "2025-10-02", "Train", -10_00)
    note(alice, book, "D3", "2025-10-02", "Bus", -10_00)
    other = pulse(coop, book, place=own["place"])
    assert (other["by"], other["own"], other["place"] > own["place"]) == ("Julie", False, True)
    assert pulse(coop, book, place=other["place"])["by"] == ""


def test_a_page_that_is_not_this_coops_is_told_to_nobody(alice: Access, julie: Access, book: Book) -> None:
    ad, coop = client_of(julie), client_of(alice)
    for path in ("https://ailleurs.example/", "javascript:alert(1)", "/coop/0910620E/2025-2026/", f"/coop/0910000A/{'a' * 300}", ""):
        pulse(ad, book, chemin=path, titre="Ailleurs")
        [told] = pulse(coop, book)["others"]
        assert (told["path"], told["title"]) == ("", "")


def test_what_was_searched_for_is_told_to_nobody(alice: Access, julie: Access, book: Book) -> None:
    ad, coop = client_of(julie), client_of(alice)
    for asked in ("?q=Martin&compte=61800008", "#d12", "?q=#"):
        pulse(ad, book, chemin=f"{at(book, 'cahier')}{asked}", titre="Cahier")
        assert pulse(coop, book)["others"] == [julie_there(book)]
    assert list(Presence.objects.filter(from_afar=True).values_list("path", flat=True)) == [at(book, "cahier")]


def test_signs_that_cannot_be_seen_are_kept_by_nobody(alice: Access, julie: Access, book: Book) -> None:
    ad, coop = client_of(julie), client_of(alice)
    pulse(ad, book, chemin=f"{at(book, 'cahier')}\0", titre="Cahier")
    assert [one["path"] for one in pulse(coop, book)["others"]] == [""]
    pulse(ad, book, **where(book, title="Ca\0hier\u202e"))
    assert [one["title"] for one in pulse(coop, book)["others"]] == ["Ca hier"]


def test_a_stranger_hears_nothing(alice: Access, book: Book) -> None:
    assert client_of(keeper(CHARLIE)).post(at(book, "presence")).status_code == 404
    assert Client().post(at(book, "presence")).status_code == 302
    assert client_of(alice).get(at(book, "presence")).status_code == 405


def test_it_costs_one_question_beside_who_may_see_the_coop(alice: Access, julie: Access, book: Book, clock: Clock) -> None:
    client = client_of(alice)
    place = pulse(client, book, **where(book))["place"]
    pulse(client_of(julie), book, **where(book))
    counts = []
    for seconds in (1, 9):
        clock.advance(seconds=seconds)
        with CaptureQueriesContext(connection) as asked:
            pulse(client, book, **where(book), place=place)
        counts.append(len(asked))
    assert counts == [5, 6]  # session, account, coop with the last place of its chain, roles; who is there; now and then, that one is there
