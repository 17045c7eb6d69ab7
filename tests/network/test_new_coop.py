from __future__ import annotations

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.network.models import Coop
from retkoop.users.models import User
from tests.cast import logged_in
from tests.pages import controls, errors, main_text, notices, title

FACTS = {"rne": "0910620E", "name": "École des Tilleuls", "commune": "Massy", "email": ""}


def test_it_works(adele: User) -> None:
    client = logged_in(adele)
    assert title(client.get("/ad/91/coops/nouvelle/")) == "Ajouter une coopérative"
    answer = client.post("/ad/91/coops/nouvelle/", FACTS, follow=True)
    assert answer.redirect_chain == [("/ad/91/coops/0910620E/", 302)]
    assert notices(answer) == ["École des Tilleuls est créée. Son compte attend d’être activé."]
    assert Coop.objects.get().email == "ce.0910620e@ac-versailles.fr"
    assert AuditEvent.objects.get(action="coop.created").actor == adele


def test_an_address_of_its_own(adele: User) -> None:
    logged_in(adele).post("/ad/91/coops/nouvelle/", FACTS | {"email": "ecole@massy.fr"})
    assert Coop.objects.get().email == "ecole@massy.fr"


@pytest.mark.parametrize("typed", [" 0910620e", "091 06 20 E", "\u00a00910620E "])
def test_small_letters_and_spaces_are_mended(adele: User, typed: str) -> None:
    client = logged_in(adele)
    assert int(controls(client.get("/ad/91/coops/nouvelle/"), "rne")[0]["maxlength"]) > len(typed)
    client.post("/ad/91/coops/nouvelle/", FACTS | {"rne": typed})
    assert Coop.objects.get().rne == "0910620E"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"rne": ""}, "Indiquez le RNE, par exemple 0910000A."),
        ({"rne": "091062E"}, "«\u202f091062E\u202f» n’est pas un RNE\u202f: sept chiffres puis une lettre majuscule, comme 0910000A."),
        ({"rne": "0920620E"}, "Ce RNE n’est pas du département 91."),
        ({"rne": "0910000A"}, "La coopérative 0910000A existe déjà."),
        ({"name": ""}, "Indiquez le nom de l’école."),
        ({"commune": ""}, "Indiquez la commune."),
        ({"email": "ce.0910620e"}, "Cette adresse n’est pas complète. Écrivez par exemple ce.0910000a@ac-versailles.fr."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(coop: Coop, adele: User, changed: dict[str, str], refusal: str) -> None:
    answer = logged_in(adele).post("/ad/91/coops/nouvelle/", FACTS | changed)
    assert errors(answer) == [refusal]
    kept = FACTS | changed
    assert [controls(answer, name)[0].get("value", "") for name in kept] == list(kept.values())
    assert "Il y a une chose à corriger" in main_text(answer)


def test_only_the_administrateur_may(bob: User, charlie: User) -> None:
    for user in (bob, charlie):
        client = logged_in(user)
        assert [client.get("/ad/91/coops/nouvelle/").status_code, client.post("/ad/91/coops/nouvelle/", FACTS).status_code] == [404, 404]
    assert Coop.objects.count() == 0
