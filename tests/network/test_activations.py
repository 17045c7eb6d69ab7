"""Letters and mails to the coops that nobody has opened yet."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.mailing.models import Letter
from retkoop.network.models import Coop
from retkoop.network.services import change_coop, end_role, rule_initial_password
from retkoop.ui.days import format_long
from retkoop.users.models import User
from tests.cast import ALICE, CHARLIE, FAR_AWAY, account, association, logged_in, make_coop
from tests.pages import controls, links, main_text, notices, title

PAGE = "/ad/91/activations/"
THIRD = "0911234B"


@pytest.fixture
def three(db: None) -> list[Coop]:
    """Three coops of the AD, of two circonscriptions, and one of elsewhere."""
    make_coop(FAR_AWAY)
    coops = [make_coop(ALICE, "École A", "Évry"), make_coop(CHARLIE, "École B", "Massy"), make_coop(THIRD, "École C", "Arpajon")]
    for coop, name in zip(coops, ("Évry 1", "Massy", "Massy"), strict=True):
        change_coop(author=SYSTEM, coop=coop, changes={"circonscription": name})
    return coops


def pages_of(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def printed(client: Client, **chosen: object) -> list[str]:
    answer = client.post(f"{PAGE}lettres/", chosen)
    assert answer["Content-Type"] == "application/pdf"
    return pages_of(answer.content)


def schools(pages: list[str]) -> list[str]:
    return [page[page.index("École ") :][:7] for page in pages]


def stop_initial_password() -> None:
    rule_initial_password(author=SYSTEM, association=association(), allowed=False, until=None)


def test_they_are_listed_by_circonscription_commune_and_school(three: list[Coop], adele: User) -> None:
    page = logged_in(adele).get(PAGE)
    assert (title(page), [box["value"] for box in controls(page, "rne")]) == ("Activations", [ALICE, THIRD, CHARLIE])
    assert "3\u00a0coopératives attendent d’être activées." in main_text(page)
    assert "Mot de passe de départ\u202f: coop, suivi des cinq derniers caractères du RNE." in main_text(page)
    some = logged_in(adele).get(PAGE, {"circonscription": "Massy"})
    assert [box["value"] for box in controls(some, "rne")] == [THIRD, CHARLIE]


def test_a_letter_tells_the_rule_and_no_link(three: list[Coop], adele: User) -> None:
    pages = printed(logged_in(adele))
    assert schools(pages) == ["École A", "École C", "École B"]
    assert ("Identifiant : le RNE de l’école, 0910000A." in pages[0].replace("\u202f", " "), "OCCE 91 · Essonne" in pages[0]) == (
        True,
        True,
    )
    assert ["/activation/" in page for page in pages] == [False] * 3
    assert AuditEvent.objects.filter(action="account.link_made").count() == 0


def test_where_the_rule_is_off_each_carries_its_own_link(three: list[Coop], adele: User, client: Client) -> None:
    stop_initial_password()
    pages = printed(logged_in(adele), rne=[CHARLIE, THIRD])
    until = " ".join(format_long(timezone.localdate() + timedelta(days=30)).split())
    assert [page.partition("une fois, ")[2].partition(". Ne")[0] for page in pages] == [f"jusqu’au {until}"] * 2
    assert AuditEvent.objects.filter(action="account.link_made", actor=adele).count() == 2
    address = pages[1].replace(" ", "").split("/activation/")[1].split("/")[0]
    assert client.get(f"/activation/{address}/")["Location"] == "/activation/"
    assert "École B" in client.get("/activation/").content.decode()


def test_one_circonscription(three: list[Coop], adele: User) -> None:
    assert schools(printed(logged_in(adele), circonscription="Massy")) == ["École C", "École B"]


def test_an_activated_coop_a_closed_one_and_another_ads_get_none(three: list[Coop], adele: User) -> None:
    account(three[0])
    Coop.objects.filter(rne=CHARLIE).update(closed_on=timezone.localdate())
    assert schools(printed(logged_in(adele), rne=[ALICE, CHARLIE, THIRD, FAR_AWAY])) == ["École C"]
    account(three[2])
    answer = logged_in(adele).post(f"{PAGE}lettres/", follow=True)
    assert notices(answer) == ["Aucune coopérative n’attend d’être activée."]
    assert "Toutes les coopératives sont activées" in main_text(answer)


def test_mails_leave_for_those_that_have_an_address_once_a_day(three: list[Coop], adele: User, settings: object) -> None:
    settings.CAN_SEND_MAIL = True  # type: ignore[attr-defined]  # pytest-django's
    change_coop(author=SYSTEM, coop=three[1], changes={"email": ""})
    client = logged_in(adele)
    page = main_text(client.get(PAGE))
    assert "2\u00a0courriels partiront si vous n’en cochez aucune" in page
    assert "1\u00a0coopérative n’a pas d’adresse" in page
    answer = client.post(f"{PAGE}courriels/", follow=True)
    assert notices(answer) == ["2\u00a0courriels partent. 1\u00a0coopérative sans adresse\u202f: imprimez sa lettre."]
    assert {(letter.address, letter.chain) for letter in Letter.objects.all()} == {
        ("ce.0910000a@ac-versailles.fr", "coop 0910000A"),
        ("ce.0911234b@ac-versailles.fr", "coop 0911234B"),
    }
    assert ["/activation/" in letter.body and "École" in letter.body for letter in Letter.objects.all()] == [True, True]
    answer = client.post(f"{PAGE}courriels/", follow=True)
    assert (notices(answer)[0].split(".")[0], Letter.objects.count()) == ("0\u00a0courriel part", 2)


def test_without_mail_nothing_is_offered(three: list[Coop], adele: User, bob: User) -> None:
    page = logged_in(adele).get(PAGE)
    assert ("Cette installation n’envoie pas de courriel." in main_text(page), "Envoyer les courriels" in main_text(page)) == (True, False)
    assert (controls(logged_in(bob).get(PAGE), "rne"), logged_in(bob).post(f"{PAGE}lettres/").status_code) == ([], 404)
    assert "/ad/91/activations/" in links(page)
    end_role(author=SYSTEM, role=adele.roles.get())
    assert logged_in(adele).get(PAGE).status_code == 404
