"""Letters leave by a real mail server: it is down, slow, refuses; a worker is killed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries, Settings

from retkoop.mailing.models import Fate, Letter
from retkoop.mailing.sending import send_due_letters, wake
from retkoop.mailing.services import give_up
from retkoop.upkeep.queries import remarks
from tests.books.coops import plain
from tests.made import new_home
from tests.mailing.at_hand import WRITTEN, later, queued
from tests.mailing.smtp_server import MailServer
from tests.upkeep.installations import RETKOOP, Installation


def fates() -> list[tuple[str, Fate]]:
    return [(row.address, row.fate) for row in Letter.objects.order_by("pk")]


def said() -> list[str]:
    return [plain(sentence) for tone, sentence in remarks() if tone == "warn"]


def test_a_letter_leaves_as_it_was_written(server: MailServer) -> None:
    row = queued()
    with server.running():
        assert send_due_letters() == 1
    (got,) = server.received()
    assert (got["To"], got["From"], got["Subject"]) == ("ecole@exemple.fr", "Retkoop <retkoop@exemple.fr>", "Vos comptes")
    assert (got["Message-ID"], got["Auto-Submitted"], got["X-Envelope"]) == (
        f"<retkoop.{row.token}@exemple.fr>",
        "auto-generated",
        "retkoop@exemple.fr",
    )
    assert got.get_content().splitlines() == ["Bonjour,", "", "Il manque un ticket."]
    assert fates() == [("ecole@exemple.fr", Fate.SENT)]


def test_with_an_address_for_answers_each_letter_has_its_own(server: MailServer, settings: Settings) -> None:
    settings.EMAIL_REPLY = "reponses@exemple.fr"
    row = queued(written=WRITTEN.__class__("Sujet", "Texte\n", "test", sender="OCCE « 91 »", reply_to="ad91@exemple.fr"))
    with server.running():
        send_due_letters()
    (got,) = server.received()
    back = f"reponses+{row.token}@exemple.fr"
    assert (got["Reply-To"], got["X-Envelope"], got["From"]) == (f"{back}, ad91@exemple.fr", back, "OCCE « 91 » <retkoop@exemple.fr>")


def test_a_server_that_is_down_is_tried_again_and_told(server: MailServer) -> None:
    queued()
    queued("autre@exemple.fr")
    assert send_due_letters() == 0
    assert fates() == [("ecole@exemple.fr", Fate.WAITING), ("autre@exemple.fr", Fate.WAITING)]
    local = timezone.localtime()
    at = f"{local.hour} h {local.minute:02d}"
    told = f"2 courriels attendent : le serveur de messagerie ne répond pas depuis aujourd’hui à {at}."
    assert said() == [f"{told} Retkoop réessaie tout seul pendant trois jours."]
    assert send_due_letters() == 0  # their time has not come
    later(timedelta(minutes=1))
    with server.running():
        assert send_due_letters() == 2
    assert (server.recipients(), said()) == (["ecole@exemple.fr", "autre@exemple.fr"], [])


def test_what_waited_leaves_as_soon_as_the_server_is_back(server: MailServer) -> None:
    queued()
    for _ in range(4):
        later(timedelta(hours=1))
        send_due_letters()
    queued("nouvelle@exemple.fr")
    with server.running():
        while send_due_letters():
            pass
    assert sorted(server.recipients()) == ["ecole@exemple.fr", "nouvelle@exemple.fr"]


def test_the_delays_grow_and_after_three_days_it_is_given_up(server: MailServer) -> None:
    row, waits = queued(), []
    while Letter.objects.filter(next_try_at__isnull=False).exists():
        send_due_letters()
        row.refresh_from_db()
        if row.next_try_at:
            waits.append(round((row.next_try_at - timezone.now()).total_seconds() / 60))
            later(row.next_try_at - timezone.now())
    assert waits == [1, 5, 15, 60, 240, 720, 720, 720, 720, 720, 720]
    assert (row.fate, row.error) == (Fate.FAILED, "ConnectionRefusedError [Errno 111] Connection refused")
    assert said() == []


def test_a_recipient_who_is_refused_bounces_at_once_and_alone(server: MailServer) -> None:
    for address in ("inconnu@exemple.fr", "plein@exemple.fr", "ecole@exemple.fr"):
        queued(address)
    with server.running():
        assert send_due_letters() == 1
    assert fates() == [("inconnu@exemple.fr", Fate.BOUNCED), ("plein@exemple.fr", Fate.WAITING), ("ecole@exemple.fr", Fate.SENT)]
    assert [row.error for row in Letter.objects.order_by("pk")] == [
        "550 5.1.1 No such mailbox",
        "452 4.2.2 Mailbox full",
        "",
    ]
    assert said() == []  # the server does answer


def test_a_full_mailbox_is_given_up_after_three_days(server: MailServer) -> None:
    queued("plein@exemple.fr")
    later(timedelta(days=3))
    with server.running():
        send_due_letters()
    assert fates() == [("plein@exemple.fr", Fate.FAILED)]


def test_a_letter_on_which_the_server_stumbles_does_not_keep_the_others(server: MailServer) -> None:
    for address in ("coupe@exemple.fr", "ecole@exemple.fr"):
        queued(address)
    with server.running():
        assert send_due_letters() == 1
    assert (fates(), said()) == ([("coupe@exemple.fr", Fate.WAITING), ("ecole@exemple.fr", Fate.SENT)], [])


def test_forty_letters_and_a_slow_server(server: MailServer) -> None:
    addresses = [f"ecole{number}@exemple.fr" for number in range(40)]
    for address in addresses:
        queued(address)
    with server.running(seconds=0.02):
        assert send_due_letters() == 40
    assert server.recipients() == addresses
    assert send_due_letters() == 0


def test_a_server_that_is_too_slow_is_one_that_does_not_answer(server: MailServer, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    queued()
    queued("autre@exemple.fr")
    with server.running(seconds=5):
        assert send_due_letters() == 0
    assert [row.tries for row in Letter.objects.all()] == [1, 1]
    assert len(said()) == 1


def test_what_is_given_up_does_not_leave(server: MailServer) -> None:
    queued()
    assert give_up(letters=Letter.objects.all(), reason="Envoi arrêté.") == 1
    with server.running():
        assert send_due_letters() == 0
    assert [(row.fate, row.error) for row in Letter.objects.all()] == [(Fate.FAILED, "Envoi arrêté.")]


def test_links_and_codes_are_not_kept_once_they_have_left(server: MailServer) -> None:
    secret = WRITTEN.__class__("Votre code", "123456\n", "code")
    queued(written=secret)
    queued("autre@exemple.fr")
    with server.running():
        send_due_letters()
    assert [row.body for row in Letter.objects.order_by("pk")] == ["", WRITTEN.body]


def test_nor_where_they_never_leave(server: MailServer) -> None:
    secret = WRITTEN.__class__("Votre code", "123456\n", "code")
    queued("inconnu@exemple.fr", secret)
    with server.running():
        send_due_letters()
    queued("pas une adresse", secret)
    queued("arrete@exemple.fr", secret)
    assert give_up(letters=Letter.objects.all(), reason="Envoi arrêté.") == 1
    queued("vieux@exemple.fr", secret)
    later(timedelta(days=3))
    send_due_letters()
    assert [(row.address, row.fate, row.body) for row in Letter.objects.order_by("pk")] == [
        ("inconnu@exemple.fr", Fate.BOUNCED, ""),
        ("pas une adresse", Fate.BOUNCED, ""),
        ("arrete@exemple.fr", Fate.FAILED, ""),
        ("vieux@exemple.fr", Fate.FAILED, ""),
    ]


def test_an_idle_look_costs_one_query(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        send_due_letters()


@pytest.mark.only_on("sqlite")
def test_a_worker_that_is_killed_sends_no_letter_twice(tmp_path: Path) -> None:
    """The server holds the first letter for two seconds; the worker is killed meanwhile, and another takes over."""
    server = MailServer(tmp_path / "recu")
    server.folder.mkdir()
    installation = Installation(new_home(tmp_path / "home"), said={"RETKOOP_EMAIL_URL": server.url})
    queue = (
        "from retkoop.mailing.services import Writing, queue_one\n"
        "from django.db import transaction\n"
        "with transaction.atomic():\n"
        "    for n in range(3): queue_one(address=f'ecole{n}@exemple.fr', written=Writing('S', 'T', 'test'))"
    )
    installation.retkoop("shell", "-c", queue)
    with server.running(seconds=2), working(installation) as worker:
        wait_until((server.folder / "en-main").exists)
        worker.kill()
    with server.running(), working(installation) as worker:
        wait_until(lambda: len(server.received()) >= 2)
        worker.terminate()
    assert sorted(server.recipients())[-2:] == ["ecole1@exemple.fr", "ecole2@exemple.fr"]
    assert len(set(server.recipients())) == len(server.recipients())


def working(installation: Installation) -> subprocess.Popen[bytes]:
    return subprocess.Popen([RETKOOP, "worker"], env=installation.environment)


def wait_until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_schedule_queues_what_is_due_once(db: None) -> None:
    wake()
    assert DBTaskResult.objects.ready().count() == 0
    queued()
    wake()
    wake()
    assert DBTaskResult.objects.ready().count() == 1
