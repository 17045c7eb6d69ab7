from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from retkoop.network.models import DepartmentalAssociation, Setting
from retkoop.network.queries import initial_password_of
from retkoop.users.models import User
from tests.cast import logged_in
from tests.pages import controls, errors, main_text, notices, title

SETTINGS = "/ad/91/reglages/"


def test_it_works(adele: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(adele)
    page = client.get(SETTINGS)
    assert title(page) == "Réglages"
    assert ("checked" in controls(page, "allowed")[0], controls(page, "until")[0].get("value", "")) == (True, "")
    answer = client.post(SETTINGS, {"allowed": "on", "until": "15/01/2027"}, follow=True)
    assert notices(answer) == ["Le réglage est enregistré."]
    assert ("checked" in controls(answer, "allowed")[0], controls(answer, "until")[0]["value"]) == (True, "15/01/2027")
    assert initial_password_of(ad, timezone.localdate()).until == date(2027, 1, 15)


def test_it_is_switched_off(adele: User, ad: DepartmentalAssociation) -> None:
    answer = logged_in(adele).post(SETTINGS, {"until": ""}, follow=True)
    assert "checked" not in controls(answer, "allowed")[0]
    assert initial_password_of(ad, timezone.localdate()).allowed is False


def test_a_day_that_is_none_is_told(adele: User) -> None:
    answer = logged_in(adele).post(SETTINGS, {"allowed": "on", "until": "31/02/2027"})
    assert errors(answer) == ["Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."]
    assert (controls(answer, "until")[0]["value"], Setting.objects.count()) == ("31/02/2027", 0)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"allowed": "on"}, "Il sert, sans date de fin."),
        ({"allowed": "on", "until": "15/01/2027"}, "Il sert jusqu’au 15\u00a0janvier 2027."),
        ({}, "Il est arrêté\u202f: les coopératives s’activent par un lien."),
    ],
)
def test_whoever_does_not_administer_only_reads(adele: User, bob: User, sent: dict[str, str], told: str) -> None:
    logged_in(adele).post(SETTINGS, sent)
    page = logged_in(bob).get(SETTINGS)
    assert told in main_text(page)
    assert (controls(page, "until"), logged_in(bob).post(SETTINGS, {}).status_code) == ([], 404)
