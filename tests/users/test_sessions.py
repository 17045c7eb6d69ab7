from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from retkoop.audit.models import AuditEvent
from retkoop.users.models import User
from tests.cast import PASSWORD
from tests.pages import main_text, notices, title

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Mobile Safari/537.36"


def browser(user_agent: str) -> Client:
    client = Client(headers={"User-Agent": user_agent})
    client.post("/connexion/", {"login": "0910000A", "password": PASSWORD})
    return client


def test_it_works(alice: User) -> None:
    here = browser(FIREFOX)
    browser(PHONE)
    page = here.get("/compte/connexions/")
    assert title(page) == "Connexions ouvertes"
    text = main_text(page)
    assert text.index("Firefox sur Windows") < text.index("ici") < text.index("Chrome sur Android")


def test_the_others_are_ended(alice: User) -> None:
    here, there = browser(FIREFOX), browser(PHONE)
    answer = here.post("/compte/connexions/", follow=True)
    assert notices(answer) == ["Les autres connexions sont terminées."]
    assert [here.get("/compte/").status_code, there.get("/compte/").status_code] == [200, 302]
    assert "Chrome sur Android" not in main_text(here.get("/compte/connexions/"))
    assert AuditEvent.objects.filter(action="account.sessions_ended", actor=alice).count() == 1


def test_a_browser_that_logged_out_is_no_longer_listed(alice: User) -> None:
    here, there = browser(FIREFOX), browser(PHONE)
    there.post("/deconnexion/")
    assert "Chrome sur Android" not in main_text(here.get("/compte/connexions/"))


def test_a_log_in_sweeps_out_the_sessions_that_are_over(alice: User) -> None:
    browser(PHONE)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    browser(FIREFOX)
    assert [session.expire_date > timezone.now() for session in Session.objects.all()] == [True]


def test_few_queries(alice: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    here = browser(FIREFOX)
    for _ in range(5):
        browser(PHONE)
    with django_assert_num_queries(3):
        here.get("/compte/connexions/")
