from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from retkoop.network.models import Coop, Role, RoleKind
from retkoop.users.models import User
from tests.cast import PASSWORD, association, logged_in, make_staff
from tests.pages import controls, errors, main_text, notices, title

TEAM = "/ad/91/equipe/"
PERSON = {"name": "Denis Roy", "username": "d.roy", "email": "d.roy@occe.coop", "kind": "comptable"}


def fresh(client: Client) -> str:
    return controls(client.get(TEAM), "submission")[0]["value"]


def test_it_works(adele: User, bob: User) -> None:
    page = logged_in(adele).get(TEAM)
    assert title(page) == "Équipe"
    assert "Adele · administrateur" in main_text(page)
    assert "Bob · animateur" in main_text(page)


def test_a_person_is_added_and_gets_a_link(adele: User, client: Client) -> None:
    owner = logged_in(adele)
    answer = owner.post(TEAM, PERSON | {"submission": fresh(owner)})
    assert "Denis Roy · comptable à activer" in main_text(answer)
    link = re.findall(r'value="http://testserver(/activation/[^"]+)"', answer.content.decode())[0]
    client.get(link)
    client.post("/activation/", {"password": PASSWORD})
    assert client.get("/")["Location"] == "/ad/91/"
    role = Role.objects.get(user__username="d.roy")
    assert (role.kind, role.association, role.user.email) == (RoleKind.COMPTABLE, association(), "d.roy@occe.coop")


def test_a_double_click_adds_one_person(adele: User) -> None:
    client = logged_in(adele)
    sent = PERSON | {"submission": fresh(client)}
    assert [client.post(TEAM, sent).status_code for _ in range(2)] == [200, 302]
    assert User.objects.filter(username="d.roy").count() == 1


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"name": ""}, "Indiquez le nom de la personne."),
        ({"username": ""}, "Choisissez un identifiant."),
        ({"username": "d roy"}, "Un identifiant n’a que des lettres, des chiffres, des points et des tirets."),
        ({"username": "Bob"}, "L’identifiant Bob est déjà pris."),
        ({"username": "0918666A"}, "L’identifiant 0918666A est réservé à une coopérative\u202f: choisissez-en un autre."),
        ({"username": "0918666a"}, "L’identifiant 0918666a est réservé à une coopérative\u202f: choisissez-en un autre."),
        ({"email": "d.roy"}, "Cette adresse n’est pas complète. Écrivez par exemple a.durand@occe.coop."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(adele: User, bob: User, changed: dict[str, str], refusal: str) -> None:
    client = logged_in(adele)
    answer = client.post(TEAM, PERSON | {"submission": fresh(client)} | changed)
    assert errors(answer) == [refusal]
    assert controls(answer, "username")[0].get("value", "") == (PERSON | changed)["username"]


def test_nobody_gives_a_role_in_the_federation_here(adele: User) -> None:
    client = logged_in(adele)
    client.post(TEAM, PERSON | {"submission": fresh(client), "kind": "federation"})
    assert Role.objects.filter(kind=RoleKind.FEDERATION).count() == 0


def test_a_role_that_is_taken_away_stops_at_once(coop: Coop, adele: User, bob: User) -> None:
    his = logged_in(bob)
    assert his.get("/ad/91/").status_code == 200
    answer = logged_in(adele).post(f"{TEAM}{bob.roles.get().pk}/fin/", follow=True)
    assert notices(answer) == ["Bob n’a plus ce rôle."]
    assert "Bob · animateur" not in main_text(answer)
    assert [his.get(path).status_code for path in ("/ad/91/", "/coop/0910000A/annee/", "/")] == [404, 404, 200]


def test_a_role_of_another_ad_cannot_be_taken_away(adele: User, charlie: User) -> None:
    assert logged_in(adele).post(f"{TEAM}{charlie.roles.get().pk}/fin/").status_code == 404
    assert charlie.roles.get().end is None


def test_whoever_does_not_administer_only_reads(bob: User, adele: User) -> None:
    client = logged_in(bob)
    page = client.get(TEAM)
    assert ("Adele · administrateur" in main_text(page), controls(page, "username")) == (True, [])
    assert client.post(TEAM, PERSON).status_code == 404
    assert client.post(f"{TEAM}{adele.roles.get().pk}/fin/").status_code == 404


def test_few_queries(adele: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(8):
        make_staff(f"animateur{number}", RoleKind.ANIMATEUR)
    client = logged_in(adele)
    with django_assert_max_num_queries(5):
        client.get(TEAM)
