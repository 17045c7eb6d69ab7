"""What comes back by the pipe: bounces, answers, absences, and what nobody should have written."""

from __future__ import annotations

import io
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from retkoop.mailing.models import Fate, Letter, LetterAnswer
from retkoop.mailing.receiving import Received, receive
from tests.mailing.at_hand import queued
from tests.upkeep.installations import RETKOOP, Installation

DSN = """\
From: MAILER-DAEMON@mx.exemple.fr
To: {to}
Subject: Undelivered Mail
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.fr

Final-Recipient: rfc822; ecole@exemple.fr
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ecole@exemple.fr>: no such user

--b
Content-Type: {kind}

Message-ID: {named}
Subject: Vos comptes

--b--
"""


@pytest.fixture
def letter(db: None) -> Letter:
    row = queued()
    Letter.objects.update(sent_at=timezone.now(), next_try_at=None)
    row.refresh_from_db()
    return row


def now(row: Letter) -> Letter:
    row.refresh_from_db()
    return row


def answer(row: Letter, text: str = "Je m’en occupe.", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Claire Perrin <claire@exemple.fr>", f"reponses+{row.token}@exemple.fr"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return bytes(message)


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_names_its_letter_by_what_it_returns(letter: Letter, kind: str) -> None:
    named = f"<retkoop.{letter.token}@exemple.fr>"
    raw = DSN.format(to="retkoop@exemple.fr", action="failed", kind=kind, named=named).encode()
    assert receive(raw) is Received.BOUNCE
    assert (now(letter).fate, letter.error) == (Fate.BOUNCED, "550 5.1.1 <ecole@exemple.fr>: no such user")


def test_a_bounce_names_its_letter_by_the_return_address(letter: Letter) -> None:
    to = f"reponses+{letter.token}@exemple.fr"
    assert receive(DSN.format(to=to, action="failed", kind="message/rfc822", named="<x@y>").encode()) is Received.BOUNCE
    assert now(letter).fate == Fate.BOUNCED


@pytest.mark.parametrize("action", ["delayed", "delivered", ""])
def test_a_report_of_anything_else_says_nothing(letter: Letter, action: str) -> None:
    to = f"reponses+{letter.token}@exemple.fr"
    assert receive(DSN.format(to=to, action=action, kind="message/rfc822", named="<x@y>").encode()) is Received.AUTOMATIC
    assert now(letter).fate == Fate.SENT


def test_an_answer_is_kept_as_text(letter: Letter) -> None:
    text = "Bonjour,\nje m’en occupe.\u202e\x00\n\nLe lundi 30 novembre, OCCE 91 a écrit :\n> Vos comptes\n"
    assert receive(answer(letter, text)) is Received.ANSWER
    (kept,) = LetterAnswer.objects.all()
    assert (kept.letter, kept.sender, kept.text) == (letter, "claire@exemple.fr", "Bonjour,\nje m’en occupe.")
    assert now(letter).fate == Fate.ANSWERED


def test_an_answer_finds_its_letter_by_the_message_that_it_answers(letter: Letter) -> None:
    message = EmailMessage()
    message["To"], message["In-Reply-To"] = "retkoop@exemple.fr", f"<retkoop.{letter.token}@exemple.fr>"
    message.set_content("<p>Oui, <b>demain</b>&nbsp;!</p><script>alert(1)</script>", subtype="html")
    assert receive(bytes(message)) is Received.ANSWER
    assert LetterAnswer.objects.get().text == "Oui, demain !alert(1)"


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}, {"Return_Path": "<>"}],
)
def test_an_absence_is_no_answer(letter: Letter, headers: dict[str, str]) -> None:
    assert receive(answer(letter, "Je suis absente.", **headers)) is Received.AUTOMATIC
    assert (now(letter).fate, LetterAnswer.objects.count()) == (Fate.SENT, 0)


def test_a_token_that_nobody_was_given_opens_nothing(letter: Letter) -> None:
    assert receive(b"To: reponses+000000000000000000000000@exemple.fr\n\nBonjour\n") is Received.UNKNOWN
    assert receive(b"To: reponses@exemple.fr\n\nBonjour\n") is Received.UNKNOWN


def test_a_letter_that_has_not_left_cannot_be_answered(db: None) -> None:
    assert receive(answer(queued())) is Received.UNKNOWN


def test_nobody_fills_the_disk(letter: Letter) -> None:
    for _ in range(22):
        assert receive(answer(letter, "a" * 30_000)) is Received.ANSWER
    assert [len(text) for text in LetterAnswer.objects.values_list("text", flat=True)] == [10_000] * 20


def test_a_message_nested_without_end_is_left(letter: Letter) -> None:
    bomb = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000))
    assert receive(b"To: x@exemple.fr\n" + bomb) in {Received.UNREADABLE, Received.UNKNOWN}


def test_a_page_that_is_a_bomb_is_an_answer_without_words(letter: Letter) -> None:
    raw = f"To: a+{letter.token}@exemple.fr\nContent-Type: text/html\n\n{'<a' * 100_000}".encode()
    assert receive(raw) is Received.ANSWER
    assert LetterAnswer.objects.get().text == ""


@pytest.mark.parametrize("charset", ["inconnu-8", "utf-7", "base64", "hex", "idna", ""])
def test_whatever_charset_it_claims(letter: Letter, charset: str) -> None:
    raw = f"To: a+{letter.token}@exemple.fr\nContent-Type: text/plain; charset={charset}\n\nBonjour\n".encode()
    assert receive(raw) is Received.ANSWER
    assert LetterAnswer.objects.get().text == "Bonjour"


class TestAnything(TestCase):
    @given(st.binary(max_size=400), st.sampled_from(["From", "To", "Content-Type", "References", "Auto-Submitted", "Subject"]))
    def test_no_bytes_bring_it_down(self, raw: bytes, name: str) -> None:
        assert receive(raw) in Received
        assert receive(name.encode() + b": " + raw) in Received
        assert receive(DSN.encode().replace(b"{action}", raw)) in Received


def test_the_command_reads_one_message(letter: Letter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(answer(letter) + b"\n" * 3_000_000)))
    call_command("receive_mail")
    assert capsys.readouterr().out == "réponse gardée\n"


def test_a_database_that_is_away_has_the_message_come_back(tmp_path: Path) -> None:
    """Any other status would have the mail server answer whoever wrote."""
    nowhere = Installation(tmp_path, url="postgresql://nobody:nothing@127.0.0.1:1/nowhere")
    message = b"To: reponses+000000000000000000000000@exemple.fr\n\nBonjour\n"
    done = subprocess.run([RETKOOP, "receive-mail"], env=nowhere.environment, input=message, capture_output=True, check=False)
    told = "La base de données ne répond pas : le courriel sera présenté de nouveau.\n"
    assert (done.returncode, done.stderr.decode()) == (75, told)
