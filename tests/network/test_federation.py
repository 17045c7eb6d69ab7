from __future__ import annotations

from pytest_django import DjangoAssertNumQueries

from retkoop.network.models import Coop
from retkoop.users.models import User
from tests.cast import FAR_AWAY, logged_in, make_coop
from tests.pages import links, main_text, title


def test_it_works(federation: User, coop: Coop) -> None:
    make_coop(FAR_AWAY)
    make_coop("0910620E")
    page = logged_in(federation).get("/federation/")
    text = main_text(page)
    assert title(page) == "Associations départementales"
    assert len([href for href in links(page) if href.startswith("/ad/")]) == 101
    assert ("91 Essonne 2" in text, "33 Gironde 1" in text, "75 Paris 0" in text, "Total 3" in text) == (True, True, True, True)


def test_a_fixed_number_of_queries(federation: User, coop: Coop, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = logged_in(federation)
    with django_assert_num_queries(7):
        client.get("/federation/")


def test_nobody_else_finds_it(alice: User, adele: User) -> None:
    assert [logged_in(user).get("/federation/").status_code for user in (alice, adele)] == [404, 404]
