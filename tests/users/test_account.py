from __future__ import annotations

from pytest_django import DjangoAssertNumQueries

from retkoop.users.models import User
from tests.cast import logged_in
from tests.pages import links, main_text, title


def test_it_works(alice: User) -> None:
    page = logged_in(alice).get("/compte/")
    assert title(page) == "Mon compte"
    assert {"/compte/mot-de-passe/", "/compte/connexions/"} <= set(links(page))


def test_staff_are_offered_a_second_factor(bob: User) -> None:
    page = logged_in(bob).get("/compte/")
    assert "Double vérification à mettre en place" in main_text(page)
    assert "/compte/double-verification/" in links(page)


def test_few_queries(bob: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = logged_in(bob)
    with django_assert_num_queries(3):
        client.get("/compte/")
