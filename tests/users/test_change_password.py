from __future__ import annotations

import pytest
from django.test import Client

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.users.models import User
from tests.cast import PASSWORD, logged_in
from tests.pages import controls, errors, notices, title

NEW = "cinq girafes violettes"
SHORT = "Choisissez au moins {} caractères\u202f: quelques mots mis bout à bout conviennent très bien."


def change(client: Client, old: str, new: str) -> list[str]:
    return errors(client.post("/compte/mot-de-passe/", {"oldpassword": old, "password1": new}))


def test_it_works(alice: User) -> None:
    client = logged_in(alice)
    assert title(client.get("/compte/mot-de-passe/")) == "Changer de mot de passe"
    answer = client.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": NEW}, follow=True)
    assert (title(answer), notices(answer)) == (
        "Mon compte",
        ["Votre mot de passe est changé. Les autres connexions à ce compte sont terminées."],
    )
    assert User.objects.get(pk=alice.pk).check_password(NEW)


def test_password_managers_know_the_fields(alice: User) -> None:
    page = logged_in(alice).get("/compte/mot-de-passe/")
    assert controls(page, "username")[0]["value"] == "0910000A"
    assert [controls(page, name)[0]["autocomplete"] for name in ("oldpassword", "password1")] == ["current-password", "new-password"]
    assert controls(page, "password2") == []


def test_other_browsers_are_logged_out_and_this_one_is_not(alice: User, client: Client) -> None:
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.post("/connexion/", {"login": "0910000A", "password": PASSWORD})
    assert change(client, PASSWORD, NEW) == []
    assert [client.get("/compte/").status_code, elsewhere.get("/compte/").status_code] == [200, 302]


def test_the_trail_tells_it_without_any_password(alice: User) -> None:
    change(logged_in(alice), PASSWORD, NEW)
    event = AuditEvent.objects.get(action="account.password_changed")
    assert (event.chain_id, event.actor, event.before, event.after) == ("coop 0910000A", alice, event.after, event.before)
    assert "password" not in (event.after or {})
    assert list(faults()) == []


def test_the_old_password_is_asked_for(alice: User) -> None:
    client = logged_in(alice)
    assert change(client, "pas le bon", NEW) == ["Ce n’est pas votre mot de passe actuel."]
    assert change(client, "", NEW) == ["Indiquez votre mot de passe actuel."]
    assert User.objects.get(pk=alice.pk).check_password(PASSWORD)


def test_the_old_password_cannot_be_guessed_from_a_stolen_session(alice: User) -> None:
    client = logged_in(alice)
    said = [change(client, f"essai {number}", NEW) for number in range(6)]
    assert said[-1] == ["Trop d’essais. Attendez 15\u00a0secondes, puis recommencez."]


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("", "Choisissez un mot de passe."),
        ("girafon", SHORT.format(12)),
        ("motdepasse1234", "Ce mot de passe est l’un des plus courants\u202f: il serait essayé parmi les premiers."),
        (
            "0910000A-0910000A",
            "Ce mot de passe est fait de mots que l’on devine (RNE, école, commune, coop, OCCE…). Ajoutez-y d’autres mots.",
        ),
        ("azertyuiopqsdfgh", "Ce mot de passe est trop simple\u202f: il suit l’ordre des touches ou se répète."),
        ("long " * 60, "Ce mot de passe est trop long\u202f: 256 caractères au plus."),
    ],
)
def test_the_rules_hold(alice: User, password: str, refusal: str) -> None:
    assert change(logged_in(alice), PASSWORD, password)[0] == refusal


def test_spaces_count(alice: User, client: Client) -> None:
    assert change(logged_in(alice), PASSWORD, " cinq girafes ") == []
    assert client.post("/connexion/", {"login": "0910000A", "password": "cinq girafes"}).status_code == 200
    assert client.post("/connexion/", {"login": "0910000A", "password": " cinq girafes "}).status_code == 302


def test_staff_need_sixteen_characters(bob: User) -> None:
    assert change(logged_in(bob), PASSWORD, "dix girafes bleu") == []
    assert change(logged_in(User.objects.get(pk=bob.pk)), "dix girafes bleu", "six girafes bleu"[:15]) == [SHORT.format(16)]


def test_the_rules_are_told_while_typing(bob: User) -> None:
    answer = logged_in(bob).post("/activation/mot-de-passe/", {"password1": "grand girafon"})
    assert answer.content.decode().strip() == SHORT.format(16)
