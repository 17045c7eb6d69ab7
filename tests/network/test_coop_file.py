from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import SYSTEM
from retkoop.network.models import Coop, Mandate, MandateRank
from retkoop.network.services import give_mandate
from retkoop.users.models import User
from tests.cast import FAR_AWAY, PASSWORD, account, logged_in, make_coop
from tests.pages import controls, errors, main_text, notices, title

FILE = "/ad/91/coops/0910000A/"
MANDATE = {"holder": "Alice Martin", "rank": "mandataire", "start": "01/09/2026", "end": ""}


def fresh(client: Client) -> str:
    """Return the idempotency key of the form as it stands on the page."""
    return controls(client.get(FILE), "submission")[0]["value"]


def test_it_works(coop: Coop, adele: User) -> None:
    give_mandate(author=SYSTEM, coop=coop, holder="Alice Martin", start=date(2026, 9, 1))
    page = logged_in(adele).get(FILE)
    text = main_text(page)
    assert title(page) == "École Jean-Jaurès"
    assert "Compte à activer Compte partagé de l’école, identifiant 0910000A · ce.0910000a@ac-versailles.fr." in text
    assert "Alice Martin · mandataire depuis le 01/09/2026" in text


def test_a_mandate_is_given(coop: Coop, adele: User) -> None:
    client = logged_in(adele)
    answer = client.post(f"{FILE}mandats/", MANDATE | {"submission": fresh(client)}, follow=True)
    assert notices(answer) == ["Le mandat d’Alice Martin est enregistré."]
    assert [(one.holder, one.rank, one.start, one.end) for one in Mandate.objects.all()] == [
        ("Alice Martin", "mandataire", date(2026, 9, 1), None)
    ]
    assert AuditEvent.objects.get(action="mandate.given").actor == adele


def test_who_still_holds_it_is_told(coop: Coop, adele: User) -> None:
    """Giving the mandate to the next one does not take it from the one before."""
    for holder, end in (("Zoé Petit", None), ("Paul Roy", date(2026, 8, 31))):
        give_mandate(author=SYSTEM, coop=coop, holder=holder, start=date(2024, 9, 1), end=end)
    give_mandate(author=SYSTEM, coop=coop, holder="Jean Roux", start=date(2024, 9, 1), rank=MandateRank.ADJOINT)
    client = logged_in(adele)
    given = notices(client.post(f"{FILE}mandats/", MANDATE | {"submission": fresh(client)}, follow=True))
    assert given == [
        "Le mandat d’Alice Martin est enregistré.",
        "Le mandat de Zoé Petit court toujours\u202f: donnez-lui un dernier jour s’il s’agit d’un remplacement.",
    ]
    past = notices(client.post(f"{FILE}mandats/", MANDATE | {"submission": fresh(client), "end": "31/12/2026"}, follow=True))
    assert past == ["Le mandat d’Alice Martin est enregistré."]


def test_a_double_click_gives_one_mandate(coop: Coop, adele: User) -> None:
    client = logged_in(adele)
    sent = MANDATE | {"submission": fresh(client)}
    answers = [client.post(f"{FILE}mandats/", sent) for _ in range(2)]
    assert ([answer["Location"] for answer in answers], Mandate.objects.count()) == ([FILE, FILE], 1)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"holder": ""}, "Indiquez le nom du mandataire."),
        ({"start": ""}, "Indiquez le premier jour du mandat."),
        ({"start": "hier"}, "Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."),
        ({"end": "31/08/2026"}, "Le dernier jour vient avant le premier."),
    ],
)
def test_a_mandate_that_is_none_is_told(coop: Coop, adele: User, changed: dict[str, str], refusal: str) -> None:
    client = logged_in(adele)
    answer = client.post(f"{FILE}mandats/", MANDATE | {"submission": fresh(client)} | changed)
    assert (answer.status_code, errors(answer), Mandate.objects.count()) == (422, [refusal], 0)


def test_a_mandate_is_ended(coop: Coop, adele: User) -> None:
    mandate = give_mandate(author=SYSTEM, coop=coop, holder="Alice Martin", start=date(2026, 9, 1))
    answer = logged_in(adele).post(f"{FILE}mandats/{mandate.pk}/fin/", {"end": "31/12/2026"}, follow=True)
    assert notices(answer) == ["Le mandat d’Alice Martin a son dernier jour."]
    assert "depuis le 01/09/2026, jusqu’au 31/12/2026" in main_text(answer)


@pytest.mark.parametrize(
    ("end", "refusal"),
    [
        ("", "Indiquez le dernier jour."),
        ("31/02/2026", "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."),
        ("31/08/2026", "Le dernier jour vient avant le premier."),
    ],
)
def test_an_end_that_is_none_is_told(coop: Coop, adele: User, end: str, refusal: str) -> None:
    mandate = give_mandate(author=SYSTEM, coop=coop, holder="Alice Martin", start=date(2026, 9, 1))
    answer = logged_in(adele).post(f"{FILE}mandats/{mandate.pk}/fin/", {"end": end})
    assert (answer.status_code, errors(answer), Mandate.objects.get().end) == (422, [refusal], None)
    typed = [box.get("value", "") for box in controls(answer, "end") if box["id"] == f"id_end_{mandate.pk}"]
    assert typed == [end]


def test_a_link_activates_the_account(coop: Coop, adele: User, client: Client) -> None:
    answer = logged_in(adele).post(f"{FILE}lien/")
    link = re.findall(r'value="http://testserver(/activation/[^"]+)"', answer.content.decode())[0]
    client.get(link)
    assert client.post("/activation/", {"password": PASSWORD})["Location"] == "/"
    assert AuditEvent.objects.get(action="account.link_made").actor == adele


def test_the_link_is_shown_once(coop: Coop, adele: User) -> None:
    client = logged_in(adele)
    client.post(f"{FILE}lien/")
    assert b"http://testserver/activation/" not in client.get(FILE).content


def test_an_active_account_needs_no_link(coop: Coop, alice: User, adele: User) -> None:
    answer = logged_in(adele).post(f"{FILE}lien/", follow=True)
    assert notices(answer) == ["Ce compte vient d’être activé\u202f: il n’a plus besoin de lien."]


def test_a_reset_stops_the_password_and_the_sessions_at_once(coop: Coop, alice: User, adele: User, client: Client) -> None:
    client.post("/connexion/", {"login": "0910000A", "password": PASSWORD})
    answer = logged_in(adele).post(f"{FILE}reinitialisation/")
    assert "Voici le lien d’activation" in main_text(answer)
    assert "Compte à activer" in main_text(answer)
    assert client.get("/compte/").status_code == 302
    assert client.post("/connexion/", {"login": "0910000A", "password": PASSWORD}).status_code == 200
    assert AuditEvent.objects.get(action="account.reset").actor == adele
    assert list(faults()) == []


def test_the_state_of_the_account_is_told(coop: Coop, alice: User, adele: User) -> None:
    client = logged_in(adele)
    assert "Compte activé" in main_text(client.get(FILE))
    client.post(f"{FILE}reinitialisation/")
    assert "Le mot de passe de départ ne sert plus\u202f: transmettez un lien." in main_text(client.get(FILE))


def test_whoever_does_not_administer_only_reads(coop: Coop, bob: User, federation: User) -> None:
    mandate = give_mandate(author=SYSTEM, coop=coop, holder="Alice Martin", start=date(2026, 9, 1))
    for user in (bob, federation):
        client = logged_in(user)
        page = client.get(FILE)
        assert ("Alice Martin" in main_text(page), controls(page, "holder")) == (True, [])
        for path in ("mandats/", f"mandats/{mandate.pk}/fin/", "lien/", "reinitialisation/"):
            assert client.post(f"{FILE}{path}").status_code == 404
    assert AuditEvent.objects.filter(chain="coop 0910000A", actor__in=[bob, federation]).count() == 0


def test_another_ads_coops_and_mandates_are_nowhere(coop: Coop, adele: User) -> None:
    elsewhere = make_coop(FAR_AWAY)
    mandate = give_mandate(author=SYSTEM, coop=elsewhere, holder="Zoé Petit", start=date(2026, 9, 1))
    client = logged_in(adele)
    assert client.get(f"/ad/91/coops/{FAR_AWAY}/").status_code == 404
    assert client.post(f"{FILE}mandats/{mandate.pk}/fin/", {"end": "31/12/2026"}).status_code == 404
    assert Mandate.objects.get().end is None


def test_few_queries(coop: Coop, adele: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    account(coop)
    client = logged_in(adele)
    with django_assert_max_num_queries(12):
        client.get(FILE)
