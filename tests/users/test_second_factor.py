from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import SYSTEM
from retkoop.network.models import RoleKind
from retkoop.users.models import User
from retkoop.users.services import make_activation_link, return_to_initial_state
from tests.cast import PASSWORD, logged_in, make_staff
from tests.clock import Clock
from tests.pages import controls, errors, links, main_text, notices, title

PAGES = [
    "/compte/double-verification/",
    "/compte/double-verification/arret/",
    "/compte/codes-de-secours/",
    "/compte/codes-de-secours/nouveaux/",
]


@pytest.fixture(autouse=True)
def _no_code_used() -> None:
    """A code serves once in thirty seconds, and tests are quicker than that."""
    cache.clear()


def code_for(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def confirmed(user: User) -> Client:
    """Return a browser in which the password was typed again a moment ago."""
    client = logged_in(user)
    client.post("/compte/confirmation/", {"password": PASSWORD})
    return client


def protect(client: Client) -> str:
    """Set up the second factor; return its secret."""
    client.get("/compte/double-verification/")
    secret: str = client.session["mfa.totp.secret"]
    client.post("/compte/double-verification/", {"code": code_for(secret)})
    cache.clear()
    return secret


@pytest.mark.django_db(transaction=True)  # allauth says what it has done once it is committed
def test_it_works() -> None:
    bob = make_staff("bob", RoleKind.ANIMATEUR)
    client = confirmed(bob)
    page = client.get("/compte/double-verification/")
    assert title(page) == "Mettre en place la double vérification"
    assert b'src="data:image/svg+xml;base64,' in page.content
    secret = client.session["mfa.totp.secret"]
    assert " ".join(re.findall("....", secret)) in main_text(page)
    answer = client.post("/compte/double-verification/", {"code": code_for(secret)}, follow=True)
    assert title(answer) == "Codes de secours"
    assert set(notices(answer)) == {
        "La double vérification est active.",
        "Voici de nouveaux codes de secours\u202f: gardez-les en lieu sûr.",
    }
    assert len(re.findall(r"<code>\d{8}</code>", answer.content.decode())) == 10


def test_log_in_then_asks_for_a_code(bob: User, client: Client) -> None:
    secret = protect(confirmed(bob))
    assert client.post("/connexion/", {"login": "bob", "password": PASSWORD})["Location"] == "/connexion/code/"
    assert client.get("/compte/").status_code == 302
    page = client.get("/connexion/code/")
    assert (title(page), controls(page, "code")[0]["autocomplete"]) == ("Double vérification", "one-time-code")
    assert client.post("/connexion/code/", {"code": code_for(secret)})["Location"] == "/"
    assert client.get("/compte/").status_code == 200


def test_a_recovery_code_opens_once(bob: User, client: Client) -> None:
    owner = confirmed(bob)
    protect(owner)
    code = re.findall(r"<code>(\d{8})</code>", owner.get("/compte/codes-de-secours/").content.decode())[0]
    client.post("/connexion/", {"login": "bob", "password": PASSWORD})
    assert client.post("/connexion/code/", {"code": code})["Location"] == "/"
    other = Client()
    other.post("/connexion/", {"login": "bob", "password": PASSWORD})
    assert errors(other.post("/connexion/code/", {"code": code})) == ["Ce code n’est pas le bon."]


def test_codes_cannot_be_guessed_one_after_the_other(bob: User, client: Client, clock: Clock) -> None:
    secret = protect(confirmed(bob))
    wrong = "000000" if code_for(secret) != "000000" else "000001"
    client.post("/connexion/", {"login": "bob", "password": PASSWORD})
    said = [errors(client.post("/connexion/code/", {"code": wrong})) for _ in range(6)]
    assert said == [["Ce code n’est pas le bon."]] * 5 + [["Trop d’essais. Attendez 15\u00a0secondes, puis recommencez."]]


def test_nothing_typed(bob: User, client: Client) -> None:
    protect(confirmed(bob))
    client.post("/connexion/", {"login": "bob", "password": PASSWORD})
    assert errors(client.post("/connexion/code/", {"code": ""})) == ["Indiquez le code à six chiffres de votre application."]


def test_setting_it_up_asks_for_the_password_again(bob: User) -> None:
    client = logged_in(bob)
    asked = client.get("/compte/double-verification/")
    assert asked["Location"] == "/compte/confirmation/?next=%2Fcompte%2Fdouble-verification%2F"
    assert title(client.get(asked["Location"])) == "C’est bien vous\u202f?"
    wrong = client.post("/compte/confirmation/", {"password": "pas le bon"})
    assert errors(wrong) == ["Ce n’est pas le mot de passe de ce compte."]
    assert errors(client.post("/compte/confirmation/", {"password": ""})) == ["Indiquez votre mot de passe."]


def test_a_wrong_first_code_sets_nothing_up(bob: User) -> None:
    client = confirmed(bob)
    client.get("/compte/double-verification/")
    assert errors(client.post("/compte/double-verification/", {"code": "12"})) == ["Ce code n’est pas le bon."]
    assert "à mettre en place" in main_text(client.get("/compte/"))


def test_it_can_be_stopped(bob: User, client: Client) -> None:
    owner = confirmed(bob)
    protect(owner)
    assert owner.get("/compte/double-verification/")["Location"] == "/compte/double-verification/arret/"
    assert title(owner.get("/compte/double-verification/arret/")) == "Double vérification"
    answer = owner.post("/compte/double-verification/arret/", follow=True)
    assert notices(answer)[-1] == "La double vérification est arrêtée."
    assert client.post("/connexion/", {"login": "bob", "password": PASSWORD})["Location"] == "/"


def test_new_recovery_codes_replace_the_old(bob: User) -> None:
    client = confirmed(bob)
    protect(client)
    old = client.get("/compte/codes-de-secours/").content
    assert "Il vous reste 10\u00a0codes." in main_text(client.get("/compte/codes-de-secours/nouveaux/"))
    new = client.post("/compte/codes-de-secours/nouveaux/", follow=True).content
    assert set(re.findall(rb"<code>(\d{8})</code>", old)).isdisjoint(re.findall(rb"<code>(\d{8})</code>", new))


def test_without_it_there_are_no_codes(bob: User) -> None:
    client = confirmed(bob)
    assert client.get("/compte/codes-de-secours/").status_code == 404
    answer = client.post("/compte/codes-de-secours/nouveaux/")
    assert "Mettez d’abord en place la double vérification." in main_text(answer)


def test_the_trail_tells_each_change(bob: User) -> None:
    client = confirmed(bob)
    protect(client)
    client.post("/compte/codes-de-secours/nouveaux/")
    client.post("/compte/double-verification/arret/")
    told = AuditEvent.objects.filter(chain="account bob", actor=bob).values_list("action", flat=True).order_by("sequence")
    assert [action for action in told if "factor" in action or "codes" in action] == [
        "account.second_factor_added",
        "account.recovery_codes_made",
        "account.second_factor_removed",
    ]
    assert list(faults()) == []


def test_a_reset_takes_it_away(bob: User, client: Client) -> None:
    protect(confirmed(bob))
    fresh = User.objects.get(pk=bob.pk)
    return_to_initial_state(author=SYSTEM, user=fresh)
    client.get(f"/activation/{make_activation_link(author=SYSTEM, user=fresh)}/")
    assert client.post("/activation/", {"password": PASSWORD})["Location"] == "/"


@pytest.mark.parametrize("path", PAGES)
def test_a_coop_has_none(alice: User, path: str) -> None:
    """Its account is shared by colleagues: one phone would lock out all the others."""
    client = confirmed(alice)
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in {404, 405}
    assert "/compte/double-verification/" not in links(client.get("/compte/"))
