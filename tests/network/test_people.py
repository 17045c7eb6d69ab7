"""Who opens a coop, works for an AD or the federation: let in, let out, given a link; a coop's file as its AD keeps it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import SYSTEM
from retkoop.mailing.models import Letter
from retkoop.network.models import Coop, Role, RoleKind
from retkoop.network.services import create_staff, end_mandate, end_role, give_mandate, give_staff_role, invite_keeper, is_of_another
from retkoop.users.models import User
from retkoop.users.services import activate
from tests.cast import CHARLIE, FAR_AWAY, PASSWORD, association, logged_in, make_coop, make_staff
from tests.pages import Answer, controls, errors, main_text, notices, title

FILE = "/ad/91/coops/0910000A/"
FACTS = {
    "name": "École Jean-Jaurès",
    "commune": "Évry-Courcouronnes",
    "circonscription": "",
    "email": "ce.0910000a@ac-versailles.fr",
    "reason": "",
}
WAITS = "Son compte attend encore son premier mot de passe."
COLLEAGUE = {"keeper": "Nadia Benali", "address": "n.benali@ac-versailles.fr"}


def link_on(answer: Answer) -> str:
    found = re.search(r'value="http://testserver(/activation/[^"]+)"', answer.content.decode())
    return found[1] if found else ""


def links_in(text: str) -> list[str]:
    return re.findall(r"http://testserver(/activation/\S+)", text)


def opened(client: Client, path: str) -> int:
    return client.get(path, follow=True).status_code


def test_a_coop_is_described(adele: User, coop: Coop) -> None:
    answer = logged_in(adele).post(f"{FILE}fiche/", FACTS | {"circonscription": "Évry 1", "email": "ecole@evry.fr"}, follow=True)
    assert (notices(answer), controls(answer, "circonscription")[0]["value"]) == (["La fiche est enregistrée."], "Évry 1")
    assert User.objects.get(username=coop.rne).email == "ecole@evry.fr"
    assert [event.action for event in AuditEvent.objects.filter(role="administrateur").order_by("pk")] == [
        "coop.changed",
        "account.changed",
    ]
    assert list(faults()) == []


def test_the_same_again_changes_nothing(adele: User, coop: Coop) -> None:
    answer = logged_in(adele).post(f"{FILE}fiche/", FACTS, follow=True)
    assert (notices(answer), AuditEvent.objects.filter(role="administrateur").count()) == (["Rien n’a changé."], 0)


def test_a_new_name_says_why(adele: User, coop: Coop) -> None:
    client, renamed = logged_in(adele), FACTS | {"name": "École Simone-Veil"}
    answer = client.post(f"{FILE}fiche/", renamed)
    assert (answer.status_code, errors(answer)) == (422, ["Dites pourquoi le nom change\u202f: l’historique de la coopérative le garde."])
    client.post(f"{FILE}fiche/", renamed | {"reason": "Délibération du conseil municipal"})
    event = AuditEvent.objects.get(action="coop.renamed")
    assert event.after is not None
    assert (event.after["name"], event.after["change_reason"]) == ("École Simone-Veil", "Délibération du conseil municipal")
    assert Coop.objects.get().words == "0910000a ecole simone veil evry courcouronnes"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"name": ""}, "Indiquez le nom de l’école."),
        ({"email": "ecole"}, "Cette adresse n’est pas complète. Écrivez par exemple ce.0910000a@ac-versailles.fr."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(adele: User, coop: Coop, changed: dict[str, str], refusal: str) -> None:
    answer = logged_in(adele).post(f"{FILE}fiche/", FACTS | changed)
    assert (answer.status_code, errors(answer)) == (422, [refusal])


def test_a_person_is_let_in_and_out(adele: User, coop: Coop, client: Client) -> None:
    owner = logged_in(adele)
    link = link_on(owner.post(f"{FILE}acces/", COLLEAGUE))
    client.get(link)
    client.post("/activation/", {"password": PASSWORD})
    assert opened(client, "/coop/0910000A/annee/") == 200
    page = main_text(owner.get(FILE))
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert f"Nadia Benali n.benali@ac-versailles.fr · depuis le {today}. Dernière connexion le" in page
    role = Role.objects.get(user__username="n.benali@ac-versailles.fr")
    answer = owner.post(f"{FILE}acces/{role.pk}/fin/", follow=True)
    assert notices(answer) == ["Nadia Benali n’ouvre plus cette coopérative."]
    assert opened(client, "/coop/0910000A/annee/") == 404
    assert owner.post(f"{FILE}acces/{role.pk}/fin/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"keeper": ""}, "Indiquez le nom de la personne."),
        ({"address": ""}, "Indiquez son adresse\u202f: elle sera son identifiant."),
        ({"address": "nadia"}, "Cette adresse n’est pas complète. Écrivez par exemple a.martin@ac-versailles.fr."),
        ({"address": "bob@occe.coop"}, "L’identifiant bob@occe.coop est déjà celui d’un autre compte."),
    ],
)
def test_who_cannot_be_let_in_is_told(adele: User, coop: Coop, changed: dict[str, str], refusal: str) -> None:
    create_staff(author=SYSTEM, username="bob@occe.coop", name="Bob", kind=RoleKind.ANIMATEUR, association=association())
    answer = logged_in(adele).post(f"{FILE}acces/", COLLEAGUE | changed)
    assert (answer.status_code, errors(answer)) == (422, [refusal])


def test_somebody_of_a_team_keeps_books_with_the_account_that_they_have(adele: User, coop: Coop) -> None:
    nadia = create_staff(
        author=SYSTEM, username=str(COLLEAGUE["address"]), name="nadia BENALI", kind=RoleKind.COMPTABLE, association=association("33")
    )
    assert not is_of_another(email=nadia.username.upper(), name="Nadia Benali")
    assert is_of_another(email=nadia.username, name="Nadine Benali")
    nadia = activate(user=nadia, password=PASSWORD)
    owner = logged_in(adele)
    assert notices(owner.post(f"{FILE}acces/", COLLEAGUE, follow=True)) == ["nadia BENALI ouvre désormais cette coopérative."]
    assert (User.objects.filter(name__iexact=nadia.name).count(), opened(logged_in(nadia), "/coop/0910000A/annee/")) == (1, 200)
    page = owner.get(FILE)
    assert "nadia BENALI n.benali@ac-versailles.fr · depuis le" in main_text(page)
    owner.post(f"{FILE}acces/{nadia.roles.get(coop=coop).pk}/fin/")
    assert opened(logged_in(nadia), "/coop/0910000A/annee/") == 404


def test_a_person_gets_another_link_and_the_old_password_stops(adele: User, coop: Coop) -> None:
    user = activate(
        user=invite_keeper(author=SYSTEM, coop=coop, email="n@e.fr", name="Nadia", start=timezone.localdate()), password=PASSWORD
    )
    theirs = logged_in(user)
    assert opened(theirs, "/coop/0910000A/annee/") == 200
    answer = logged_in(adele).post(f"{FILE}acces/{user.roles.get().pk}/lien/")
    assert (link_on(answer) != "", "Envoyez-le à Nadia" in main_text(answer)) == (True, True)
    fresh = User.objects.get(pk=user.pk)
    assert (fresh.activated_at, fresh.has_usable_password()) == (None, False)


def test_no_ad_gets_a_link_to_what_others_look_after(adele: User, coop: Coop) -> None:
    far = make_coop(FAR_AWAY)
    today = timezone.localdate()
    user = invite_keeper(author=SYSTEM, coop=far, email="n@e.fr", name="Nadia", start=today)
    owner = logged_in(adele)
    answer = owner.post(f"{FILE}acces/", {"keeper": "Nadia", "address": "n@e.fr"}, follow=True)
    assert (link_on(answer), notices(answer)) == ("", [f"Nadia ouvre désormais cette coopérative. {WAITS}"])
    answer = owner.post(f"{FILE}acces/{user.roles.get(coop=coop).pk}/lien/", follow=True)
    told = "Nadia a aussi un rôle ailleurs\u202f: son mot de passe se renouvelle par «\u00a0Mot de passe oublié\u00a0»."
    assert (link_on(answer), notices(answer)) == ("", [told])
    fanny = make_staff("fanny", RoleKind.FEDERATION, None)
    role = give_staff_role(author=SYSTEM, user=fanny, kind=RoleKind.ANIMATEUR, start=today, association=association())
    answer = owner.post(f"/ad/91/equipe/{role.pk}/lien/", follow=True)
    assert (link_on(answer), notices(answer)) == ("", [told.replace("Nadia", "Fanny")])
    assert User.objects.get(pk=fanny.pk).activated_at is not None


def test_a_link_reaches_the_person_by_mail_alone(adele: User, coop: Coop, settings: Settings, client: Client) -> None:
    settings.CAN_SEND_MAIL, settings.PUBLIC_URL = True, "http://testserver"
    owner = logged_in(adele)
    answer = owner.post(f"{FILE}acces/", COLLEAGUE, follow=True)
    told = "Un lien pour choisir son mot de passe part à l’adresse de Nadia Benali\u202f: n.benali@ac-versailles.fr."
    assert (link_on(answer), notices(answer)) == ("", [f"Nadia Benali ouvre désormais cette coopérative. {told}"])
    assert "/activation/" not in answer.content.decode()
    key = Role.objects.get(user__username="n.benali@ac-versailles.fr").pk
    answer = owner.post(f"{FILE}acces/{key}/lien/", follow=True)
    assert (notices(answer), "/activation/" in answer.content.decode()) == ([told], False)
    letters = list(Letter.objects.order_by("pk"))
    assert [letter.address for letter in letters] == ["n.benali@ac-versailles.fr"] * 2
    assert list(AuditEvent.objects.filter(action__startswith="account.link").values_list("action", flat=True)) == ["account.link_sent"] * 2
    client.get(links_in(letters[0].body)[0])
    client.post("/activation/", {"password": PASSWORD})
    assert opened(client, "/coop/0910000A/annee/") == 200


def test_a_role_given_to_an_account_that_is_there_hands_over_nothing(adele: User, coop: Coop, settings: Settings) -> None:
    owner, other = logged_in(adele), make_coop(CHARLIE)
    owner.post(f"{FILE}acces/", COLLEAGUE)
    user = User.objects.get(username="n.benali@ac-versailles.fr")
    answer = owner.post(f"/ad/91/coops/{other.rne}/acces/", COLLEAGUE, follow=True)
    assert (link_on(answer), notices(answer)) == ("", [f"Nadia Benali ouvre désormais cette coopérative. {WAITS}"])
    activate(user=user, password=PASSWORD)
    settings.CAN_SEND_MAIL = True
    kept = User.objects.get(pk=user.pk).password
    third = make_coop("0910001B")
    answer = owner.post(f"/ad/91/coops/{third.rne}/acces/", COLLEAGUE, follow=True)
    assert notices(answer) == ["Nadia Benali ouvre désormais cette coopérative."]
    assert (User.objects.get(pk=user.pk).password, Letter.objects.count()) == (kept, 0)


def test_the_link_of_a_member_of_the_team_goes_to_their_address(adele: User, federation: User, settings: Settings) -> None:
    settings.CAN_SEND_MAIL = True
    person = {"name": "Luc Petit", "email": "", "kind": "animateur"}
    for client, path, username in (
        (logged_in(adele), "/ad/91/equipe/", "luc@occe.coop"),
        (logged_in(federation), "/federation/equipe/", "lou@occe.coop"),
    ):
        fresh = {"submission": controls(client.get(path), "submission")[0]["value"], "username": username}
        answer = client.post(path, person | fresh, follow=True)
        told = f"Un lien pour choisir son mot de passe part à l’adresse de Luc Petit\u202f: {username}."
        assert (link_on(answer), notices(answer)) == ("", [told])
    assert sorted(Letter.objects.values_list("address", flat=True)) == ["lou@occe.coop", "luc@occe.coop"]


def test_somebody_of_an_ad_gets_a_link_and_another_role(adele: User, bob: User) -> None:
    owner, key = logged_in(adele), bob.roles.get().pk
    assert notices(owner.post(f"/ad/91/equipe/{key}/role/", {"kind": "comptable"}, follow=True)) == ["Bob est aussi comptable."]
    assert notices(owner.post(f"/ad/91/equipe/{key}/role/", {"kind": "comptable"}, follow=True)) == ["Bob a déjà ce rôle."]
    owner.post(f"/ad/91/equipe/{key}/role/", {"kind": "federation"})
    assert sorted(role.kind for role in bob.roles.all()) == ["animateur", "comptable"]
    assert link_on(owner.post(f"/ad/91/equipe/{key}/lien/")) != ""
    assert "Bob · animateur à activer bob" in main_text(owner.get("/ad/91/equipe/"))


def test_somebody_of_another_team_joins_with_the_account_that_they_have(adele: User, charlie: User) -> None:
    owner, asked = logged_in(adele), {"name": "CHARLIE", "username": "charlie", "email": "", "kind": "animateur"}
    sent = asked | {"submission": controls(owner.get("/ad/91/equipe/"), "submission")[0]["value"]}
    answer = owner.post("/ad/91/equipe/", sent, follow=True)
    assert notices(answer) == ["Charlie fait désormais partie de l’équipe, avec le compte qui est déjà le sien."]
    assert owner.post("/ad/91/equipe/", sent)["Location"] == "/ad/91/equipe/"
    assert sorted(str(role.association) for role in charlie.roles.all()) == ["OCCE 91", "OCCE 92"]
    again = asked | {"submission": controls(owner.get("/ad/91/equipe/"), "submission")[0]["value"]}
    assert errors(owner.post("/ad/91/equipe/", again)) == ["Charlie fait déjà partie de cette équipe."]
    assert charlie.roles.count() == 2


def test_whoever_left_a_team_comes_back_with_their_account(adele: User, bob: User) -> None:
    end_role(author=SYSTEM, role=bob.roles.get())
    User.objects.filter(pk=bob.pk).update(activated_at=None)
    owner, asked = logged_in(adele), {"name": "Bob", "username": "bob", "email": "", "kind": "comptable"}
    sent = asked | {"submission": controls(owner.get("/ad/91/equipe/"), "submission")[0]["value"]}
    assert notices(owner.post("/ad/91/equipe/", sent, follow=True)) == [
        "Bob fait désormais partie de l’équipe, avec le compte qui est déjà le sien. Son compte attend encore son premier mot de passe."
    ]
    assert "Bob · comptable à activer" in main_text(owner.get("/ad/91/equipe/"))


def test_a_role_ends_after_its_last_day(adele: User, bob: User) -> None:
    owner, role = logged_in(adele), bob.roles.get()
    last = timezone.localdate() + timedelta(days=30)
    owner.post(f"/ad/91/equipe/{role.pk}/fin/", {"end": f"{last:%d/%m/%Y}"})
    role.refresh_from_db()
    assert (role.last_day, f"jusqu’au {last:%d/%m/%Y}" in main_text(owner.get("/ad/91/equipe/"))) == (last, True)
    assert opened(logged_in(bob), "/ad/91/equipe/") == 200
    answer = owner.post(f"/ad/91/equipe/{role.pk}/fin/", {"end": "demain"})
    assert (answer.status_code, errors(answer)) == (422, ["Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."])
    assert [box.get("value") for box in controls(answer, "end")] == ["demain"]
    assert notices(owner.post(f"/ad/91/equipe/{role.pk}/fin/", {"end": "01/01/2020"}, follow=True)) == ["Bob n’a plus ce rôle."]


def test_the_federation_names_its_own_and_the_first_administrateur_of_an_ad(federation: User, adele: User) -> None:
    owner = logged_in(federation)
    page = owner.get("/federation/equipe/")
    assert (title(page), "100\u00a0associations n’ont pas encore d’administrateur" in main_text(page)) == ("Équipe de la fédération", True)
    person = {"name": "Denis Roy", "username": "d.roy", "email": "", "submission": controls(page, "submission")[0]["value"]}
    assert link_on(owner.post("/federation/equipe/", person | {"association": "33"})) != ""
    role = Role.objects.get(user__username="d.roy")
    assert (role.kind, role.association) == (RoleKind.ADMINISTRATEUR, association("33"))
    assert owner.post("/federation/equipe/", person | {"association": ""})["Location"] == "/federation/equipe/"
    fresh = {"submission": controls(owner.get("/federation/equipe/"), "submission")[0]["value"]}
    owner.post("/federation/equipe/", person | fresh | {"username": "e.roy"})
    assert Role.objects.get(user__username="e.roy").kind == RoleKind.FEDERATION


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"association": "91"}, "Sélectionnez un choix valide. 91 n’en fait pas partie."),
        ({"username": "adele"}, "L’identifiant adele est déjà pris."),
        ({"name": ""}, "Indiquez le nom de la personne."),
    ],
)
def test_whom_the_federation_cannot_name_is_told(federation: User, adele: User, changed: dict[str, str], refusal: str) -> None:
    owner = logged_in(federation)
    sent = {"name": "Denis", "username": "d.roy", "email": "", "association": ""}
    sent["submission"] = controls(owner.get("/federation/equipe/"), "submission")[0]["value"]
    assert errors(owner.post("/federation/equipe/", sent | changed)) == [refusal]


def test_the_federation_ends_a_role_and_gives_a_link(federation: User) -> None:
    other = make_staff("gilles", RoleKind.FEDERATION, None)
    owner, key = logged_in(federation), other.roles.get().pk
    assert link_on(owner.post(f"/federation/equipe/{key}/lien/")) != ""
    assert errors(owner.post(f"/federation/equipe/{key}/fin/", {"end": "hier"})) == [
        "Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."
    ]
    assert notices(owner.post(f"/federation/equipe/{key}/fin/", follow=True)) == ["Gilles n’a plus ce rôle."]
    assert owner.post(f"/federation/equipe/{key}/fin/").status_code == 404


def test_a_coop_is_found_by_its_people(coop: Coop) -> None:
    mandate = give_mandate(author=SYSTEM, coop=coop, holder="Hélène Perrin", start=date(2025, 9, 1))
    invite_keeper(author=SYSTEM, coop=coop, email="n@e.fr", name="Nadia Benali", start=date(2026, 9, 1))
    end_mandate(author=SYSTEM, mandate=mandate, last_day=date(2026, 8, 31))
    assert Coop.objects.get().words == "0910000a ecole jean jaures evry courcouronnes helene perrin nadia benali"
