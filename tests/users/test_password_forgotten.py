from __future__ import annotations

import re

from django.core import mail as outbox
from django.test import Client
from pytest_django import Settings

from retkoop.network.models import Coop
from retkoop.users.models import User
from tests.cast import PASSWORD
from tests.clock import Clock
from tests.pages import errors, main_text, notices, title

SENT = "Si cet identifiant existe, un lien vient d’être envoyé à son adresse officielle. Il sert une fois, pendant une journée."


def ask(client: Client, identifier: str = "0910000A") -> list[str]:
    return notices(client.post("/mot-de-passe-oublie/", {"login": identifier}))


def mailed_link() -> str:
    return str(re.findall(r"http://127\.0\.0\.1:8000(/\S+)", str(outbox.outbox[-1].body))[0])


def test_it_works(alice: User, mail: None, client: Client) -> None:
    assert title(client.get("/mot-de-passe-oublie/")) == "Mot de passe oublié"
    assert ask(client) == [SENT]
    assert outbox.outbox[-1].to == ["ce.0910000a@ac-versailles.fr"]
    assert title(client.get(mailed_link(), follow=True)) == "Choisissez votre mot de passe"
    assert client.post("/activation/", {"password": "cinq girafes violettes"})["Location"] == "/"
    assert User.objects.get(pk=alice.pk).check_password("cinq girafes violettes")


def test_it_also_activates_a_coop_that_never_was(coop: Coop, mail: None, client: Client) -> None:
    ask(client)
    client.get(mailed_link())
    client.post("/activation/", {"password": PASSWORD})
    assert User.objects.get(username="0910000A").activated_at is not None


def test_the_answer_does_not_tell_who_exists(alice: User, bob: User, mail: None, client: Client) -> None:
    assert (ask(client, "0999999Z"), ask(client, "bob")) == ([SENT], [SENT])
    assert outbox.outbox == []


def test_the_link_lasts_a_day_and_serves_once(alice: User, mail: None, client: Client, clock: Clock) -> None:
    ask(client)
    link = mailed_link()
    clock.advance(hours=23)
    client.get(link)
    client.post("/activation/", {"password": "cinq girafes violettes"})
    assert Client().get(link, follow=True).redirect_chain[-1] == ("/connexion/", 302)
    ask(client)
    clock.advance(hours=25)
    assert Client().get(mailed_link(), follow=True).redirect_chain[-1] == ("/connexion/", 302)


def test_without_mail_it_says_whom_to_ask(alice: User, client: Client) -> None:
    assert "Demandez un lien à votre association départementale de l’OCCE" in main_text(client.get("/mot-de-passe-oublie/"))
    client.post("/mot-de-passe-oublie/", {"login": "0910000A"})
    assert outbox.outbox == []


def test_a_school_is_not_flooded_with_links(alice: User, mail: None, client: Client, clock: Clock) -> None:
    said = [ask(client) for _ in range(4)]
    assert said == [[SENT]] * 3 + [["Trop d’essais. Attendez 15\u00a0secondes, puis recommencez."]]
    assert len(outbox.outbox) == 3


def test_nothing_typed(mail: None, client: Client, db: None) -> None:
    assert errors(client.post("/mot-de-passe-oublie/", {"login": ""})) == ["Indiquez votre identifiant."]


def test_a_mail_server_that_fails_is_told(alice: User, mail: None, client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert ask(client) == [
        "Le message n’est pas parti. Recommencez dans quelques minutes, ou demandez un lien à votre association départementale."
    ]
