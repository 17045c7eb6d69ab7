"""In the demonstration, letters land in a page."""

from __future__ import annotations

import pytest
from django.core.mail import send_mail
from django.test import Client
from pytest_django import Settings

from retkoop.mailing.demonstration import BACKEND
from retkoop.mailing.sending import send_due_letters
from retkoop.mailing.services import Writing
from tests.mailing.at_hand import queued
from tests.pages import links, main_text, title

pytestmark = pytest.mark.django_db
MAILBOX = "/demo/courriels/"


@pytest.fixture
def _demonstration(settings: Settings) -> None:
    settings.DEMONSTRATION, settings.EMAIL_BACKEND = True, BACKEND


@pytest.mark.usefixtures("_demonstration")
def test_it_holds_the_letters_of_the_queue_and_the_others(client: Client) -> None:
    queued("a@exemple.fr", Writing("Votre lien", "Ici :\n\nhttp://127.0.0.1:8000/activer/x/\n\n<b>\n", "lien"))
    assert send_due_letters() == 1
    send_mail("Votre code", "123456", None, ["b@exemple.fr"])
    page = client.get(MAILBOX)
    text = main_text(page)
    assert (title(page), text.index("Votre code") < text.index("Votre lien")) == ("Courriels de la démonstration", True)
    assert [part in text for part in ("À a@exemple.fr", "À b@exemple.fr", "123456")] == [True] * 3
    assert "&lt;b&gt;" in page.content.decode()
    assert "http://127.0.0.1:8000/activer/x/" in links(page)


@pytest.mark.usefixtures("_demonstration")
def test_the_log_in_page_leads_there(client: Client) -> None:
    assert MAILBOX in links(client.get("/connexion/"))
    assert "Aucun courriel encore" in main_text(client.get(MAILBOX))


def test_anywhere_else_there_is_no_such_page(client: Client) -> None:
    queued()
    assert client.get(MAILBOX).status_code == 404
    assert MAILBOX not in links(client.get("/connexion/"))
