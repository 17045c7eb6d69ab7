from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import chart_for
from retkoop.oversight.rules import charts
from retkoop.users.models import User
from tests.books.coops import a_book, keeper, note
from tests.cast import association, logged_in
from tests.pages import errors, main_text, notices

PLAN = "/ad/91/reglages/plan/"
SORTIES = "61800008"
CINEMA = "61800018"
YEAR = SchoolYear(2026)


def add(client: Client, at: str = PLAN, **facts: str) -> Any:  # noqa: ANN401 -- the test client’s answer
    return client.post(f"{at}ajouter/", {"parent": SORTIES, "label": "Cinéma", "examples": "film, école et cinéma", **facts}, follow=True)


def act(client: Client, account: str, **facts: str) -> Any:  # noqa: ANN401 -- the test client’s answer
    return client.post(f"{PLAN}compte/{account}/", facts, follow=True)


def test_a_sub_account_is_added_used_and_counts_in_the_national_account(adele: User, ad: DepartmentalAssociation) -> None:
    answer = add(logged_in(adele))
    assert notices(answer) == ["Le compte 618-01 est ajouté."]
    assert "618-01 Cinéma ajouté 61800018 film, école et cinéma" in main_text(answer)
    access = keeper()
    book = a_book(access, YEAR)
    note(access, book, "D1", "2026-11-10", "Séance", -30_00, 0, (CINEMA, 30_00))
    note(access, book, "D2", "2026-11-11", "Car", -20_00)
    client = logged_in(access.user)
    bilan = main_text(client.get("/coop/0910000A/2026-2027/bilan/"))
    assert ("Charges des activités éducatives" in bilan, "50,00" in bilan, "Cinéma" in bilan) == (True, True, False)
    assert "Cinéma" in main_text(client.get("/coop/0910000A/2026-2027/grand-livre/?compte=618-01"))


def test_a_label_is_changed_and_given_back(adele: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(adele)
    assert notices(act(client, SORTIES, label="Sorties et spectacles", faire="enregistrer")) == ["Le compte est enregistré."]
    assert [chart_for(association(), SchoolYear(start)).label(SORTIES) for start in (2025, 2026, 2027)] == [
        "Charges des activités éducatives",
        "Sorties et spectacles",
        "Sorties et spectacles",
    ]
    assert chart_for(association("92"), YEAR).label(SORTIES) == "Charges des activités éducatives"
    assert notices(act(client, SORTIES, faire="national")) == ["Le compte a retrouvé son nom national."]
    assert chart_for(association(), YEAR) is chart_for(association("92"), YEAR)
    assert "Sorties et spectacles" in main_text(client.get("/ad/91/reglages/historique/chart/"))


def test_an_account_that_is_used_is_hidden_and_never_taken_away(adele: User) -> None:
    client = logged_in(adele)
    add(client)
    access = keeper()
    book = a_book(access, YEAR)
    note(access, book, "D1", "2026-11-10", "Séance", -30_00, 0, (CINEMA, 30_00))
    refused = act(client, CINEMA, label="Cinéma", faire="supprimer")
    assert errors(refused) == ["Ce compte sert dans des cahiers\u202f: il ne peut plus être supprimé. Vous pouvez le masquer."]
    assert "masqué" in main_text(act(client, CINEMA, faire="masquer"))
    page = logged_in(access.user).get("/coop/0910000A/2026-2027/cahier/")
    assert ("618-01" in page.content.decode(), chart_for(association(), YEAR).label(CINEMA)) == (True, "Cinéma")
    assert [one.code for one in chart_for(association(), YEAR).offered if one.is_sub_account] == []
    assert notices(act(client, CINEMA, faire="montrer")) == ["Le compte est de nouveau proposé dans les cahiers."]


def test_an_account_that_nobody_uses_is_taken_away(adele: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(adele)
    add(client)
    assert notices(act(client, CINEMA, faire="supprimer")) == ["Le compte est supprimé."]
    assert CINEMA not in chart_for(association(), YEAR).by_name


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"parent": ""}, "Choisissez le compte dont il fait partie."),
        ({"parent": "69900008"}, "Choisissez un compte de la liste."),
        ({"label": ""}, "Donnez un nom au compte."),
        ({"label": "a" * 81}, "Raccourcissez ce nom\u202f: 80 caractères au plus."),
        ({"label": "Assurances versées"}, "Ce nom est déjà celui du compte 616."),
        ({"examples": "a" * 301}, "Raccourcissez cette liste\u202f: 300 caractères au plus."),
    ],
)
def test_what_cannot_be_is_told_at_its_field(adele: User, facts: dict[str, str], told: str) -> None:
    answer = add(logged_in(adele), **facts)
    assert (errors(answer), answer.status_code) == ([told], 422)


def test_the_federation_adds_an_account_of_its_own(fanny: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(fanny)
    answer = add(client, "/federation/plan/", parent="", code="61900008", label="Ateliers")
    assert notices(answer) == ["Le compte 619 est ajouté."]
    found = chart_for(association(), YEAR).resolve("619")
    assert (found.code, found.label, found.nature.value, found.is_sub_account) == ("61900008", "Ateliers", "charge", False)
    assert errors(add(client, "/federation/plan/", parent="", code="6190", label="Autres")) == [
        "Un code commence par 6 ou 7 et finit par 008\u202f: 61900008 par exemple."
    ]
    assert errors(add(client, "/federation/plan/", parent="", code="61800008", label="Poterie")) == [
        "Le compte 618 existe déjà\u202f: pour un de ses sous-comptes, choisissez-le dans la liste."
    ]
    assert errors(add(client, "/federation/plan/", parent="61800008", code="61700008", label="Poterie")) == [
        "Choisissez un compte de la liste, ou tapez un code\u202f: pas les deux."
    ]


def test_an_association_extends_what_the_federation_added(fanny: User, adele: User) -> None:
    add(logged_in(fanny), "/federation/plan/", parent="", code="61900008", label="Ateliers")
    add(logged_in(adele), parent="61900008", label="Poterie")
    assert chart_for(association(), YEAR).resolve("619-01").label == "Poterie"


def test_verbs_refuse_what_is_not_theirs(ad: DepartmentalAssociation) -> None:
    place: dict[str, Any] = {"author": SYSTEM, "association": ad, "year": YEAR}
    with pytest.raises(charts.ChartRefusal, match="Choisissez un compte du plan national"):
        charts.add_account(**place, parent="61900008", label="Ateliers")
    with pytest.raises(charts.ChartRefusal, match="n’a pas été ajouté ici"):
        charts.remove_account(**place, account=SORTIES)
    assert Book.objects.count() == 0
