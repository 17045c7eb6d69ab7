from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from retkoop.mailing.models import Fate, Letter
from retkoop.mailing.sending import message, send_due_letters
from retkoop.mailing.services import Writing, erase_old_letters, is_address, queue_letter
from retkoop.users.models import User
from tests.mailing.at_hand import later, queued

pytestmark = pytest.mark.django_db


def test_nothing_that_is_typed_makes_another_header(settings: Settings) -> None:
    evil = "Bonjour\r\nBcc: tous@exemple.fr\n\nAchetez"
    row = queued(written=Writing(evil, "Texte\n", "test", sender=evil, reply_to="a@exemple.fr\nBcc: b@exemple.fr"))
    written = message(row).message()
    assert (row.subject, row.sender, row.reply_to) == ("Bonjour Bcc: tous@exemple.fr Achetez",) * 2 + ("",)
    assert (written["Bcc"], written["Reply-To"], len(written.get_all("From", []))) == (None, None, 1)


@pytest.mark.parametrize(
    "address", ["ecole", "a@b\nBcc: c@exemple.fr", "a@exemple.fr, b@exemple.fr", "é@exemple.fr", f"{'a' * 250}@exemple.fr"]
)
def test_what_is_no_address_is_kept_as_refused(address: str) -> None:
    row = queued(address)
    assert (is_address(address), row.fate, row.error) == (False, Fate.BOUNCED, "Ce n’est pas une adresse de courriel.")
    assert (send_due_letters(), mail.outbox) == (0, [])


def test_a_letter_goes_once_to_each_address(settings: Settings) -> None:
    settings.CAN_SEND_MAIL = True
    context = {"user": User(username="0910000A", name="École"), "code": "123456"}
    assert queue_letter(template="users/mail/code.txt", context=context, addresses=["b@exemple.fr", "", "b@exemple.fr"], chain="coop X")
    assert [(row.address, row.purpose, row.chain) for row in Letter.objects.all()] == [("b@exemple.fr", "code", "coop X")]


def test_without_mail_nothing_is_queued(settings: Settings) -> None:
    settings.CAN_SEND_MAIL = False
    assert not queue_letter(template="users/mail/code.txt", context={}, addresses=["b@exemple.fr"])
    assert Letter.objects.count() == 0


def test_letters_are_erased_after_400_days() -> None:
    queued()
    later(timedelta(days=400))
    queued("autre@exemple.fr")
    assert erase_old_letters(now=timezone.now()) == 1
    assert [row.address for row in Letter.objects.all()] == ["autre@exemple.fr"]
