"""The letters of a closing: what each says, to whom; what did not happen is not told."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from retkoop.users.models import User
from retkoop.year_end.closing import services
from retkoop.year_end.closing.queries import remarks_of
from retkoop.year_end.closing.services import Reviewing
from tests.books.coops import plain
from tests.year_end.closing.at_hand import AFTER, all_sign, reviewing, sent
from tests.year_end.verifiers.at_hand import letters

pytestmark = pytest.mark.django_db

CLOSING = "/coop/0910000A/2025-2026/cloture/"
READ_AGAIN = "L’association départementale a relu les comptes 2025-2026 de la coopérative « École Jean-Jaurès »"
SIGNED = "Retkoop, la comptabilité des coopératives scolaires\n"


@pytest.fixture
def who(alice: Access, finished: Book, settings: Settings) -> Reviewing:
    """The comptable of the AD, before a year that was sent; two animateurs and a comptable have an address."""
    settings.PUBLIC_URL, settings.CAN_SEND_MAIL = "https://retkoop.exemple.fr", True
    who = reviewing(alice, finished)
    reviewing(alice, finished, kind=RoleKind.ANIMATEUR, username="aide91")
    User.objects.filter(username="comptable91").update(email="compta@exemple.fr")
    User.objects.filter(username="aide91").update(email="aide@exemple.fr")
    sent(alice, finished)
    return who


def told(letter: EmailMessage) -> tuple[list[str], str, list[str]]:
    return letter.to, plain(str(letter.subject)), plain(str(letter.body)).split("\n\n")


def test_those_who_decide_are_told_that_accounts_came(who: Reviewing) -> None:
    assert told(letters()[-1]) == (
        ["compta@exemple.fr"],
        "École Jean-Jaurès (0910000A) a transmis ses comptes 2025-2026",
        [
            "La coopérative « École Jean-Jaurès », 0910000A, a transmis son compte rendu 2025-2026.",
            "Pour le relire, le valider ou le renvoyer :",
            "https://retkoop.exemple.fr/ad/91/revue/0910000A/2025-2026/",
            SIGNED,
        ],
    )


def test_a_version_has_its_number(alice: Access, finished: Book, who: Reviewing) -> None:
    services.accept(reviewing=who)
    services.reopen(reviewing=who, reason="Un relevé manque.")
    services.call_to_sign(access=alice, book=finished, today=AFTER)
    all_sign(alice, finished)
    services.send(access=alice, book=finished, today=AFTER)
    assert told(letters()[-1])[2][0].endswith("a transmis son compte rendu 2025-2026 (version 2).")


def test_a_coop_is_told_what_to_correct(finished: Book, who: Reviewing) -> None:
    for line in ("Bilan", "Caisse"):
        services.write_remark(reviewing=who, line=line.lower(), line_label=line, text="À revoir.")
    services.send_back(reviewing=who, reason="Deux choses.")
    assert told(letters()[-1]) == (
        ["ce.0910000a@ac-versailles.fr"],
        "École Jean-Jaurès : vos comptes 2025-2026 sont à corriger",
        [
            "Bonjour,",
            f"{READ_AGAIN} et vous demande de les corriger.",
            "Deux choses.",
            "- Bilan : À revoir.\n- Caisse : À revoir.",
            "Corrigez, répondez aux remarques, faites signer de nouveau, puis transmettez :",
            f"https://retkoop.exemple.fr{CLOSING}",
            SIGNED,
        ],
    )


@pytest.mark.parametrize(
    ("reason", "message"),
    [("", []), ("Beau travail.", ["Son message :", "Beau travail."])],
)
def test_a_coop_is_told_that_its_accounts_are_accepted(who: Reviewing, reason: str, message: list[str]) -> None:
    services.accept(reviewing=who, reason=reason)
    assert told(letters()[-1]) == (
        ["ce.0910000a@ac-versailles.fr"],
        "École Jean-Jaurès : vos comptes 2025-2026 sont validés",
        [
            "Bonjour,",
            "L’association départementale a validé les comptes 2025-2026 de la coopérative « École Jean-Jaurès ». Merci !",
            *message,
            "L’année est close : elle se lit, et ne change plus.",
            f"https://retkoop.exemple.fr{CLOSING}",
            SIGNED,
        ],
    )


def test_what_was_noted_goes_with_the_acceptance(finished: Book, who: Reviewing) -> None:
    services.write_remark(reviewing=who, line="caisse", line_label="Arrêté de caisse", text="L’an prochain, comptez à deux.")
    services.accept(reviewing=who)
    assert [row.text for row in remarks_of(finished, sent=True)] == ["L’an prochain, comptez à deux."]
    assert told(letters()[-1])[2][2] == "- Arrêté de caisse : L’an prochain, comptez à deux."


def test_a_coop_is_told_that_its_year_is_reopened(who: Reviewing) -> None:
    services.accept(reviewing=who)
    services.reopen(reviewing=who, reason="Un relevé manque.")
    assert told(letters()[-1]) == (
        ["ce.0910000a@ac-versailles.fr"],
        "École Jean-Jaurès : vos comptes 2025-2026 sont rouverts",
        [
            "Bonjour,",
            "L’association départementale a rouvert les comptes 2025-2026 de la coopérative « École Jean-Jaurès » :",
            "Un relevé manque.",
            "Vous pouvez les corriger. Il faudra les faire signer de nouveau, puis les transmettre. La version précédente est conservée.",
            f"https://retkoop.exemple.fr{CLOSING}",
            SIGNED,
        ],
    )


def test_what_is_refused_is_not_told(who: Reviewing) -> None:
    before = len(letters())
    with pytest.raises(Refused):
        services.send_back(reviewing=who, reason=" ")
    with pytest.raises(Refused):
        services.reopen(reviewing=who, reason="Non.")
    assert len(letters()) == before


def test_without_a_way_to_send_mail_all_goes_on(who: Reviewing, settings: Settings) -> None:
    waiting = DBTaskResult.objects.count()
    settings.CAN_SEND_MAIL = False
    services.accept(reviewing=who)
    assert DBTaskResult.objects.count() == waiting
