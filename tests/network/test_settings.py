from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.domain.closing import VerifierRule
from retkoop.domain.money import format_decimal
from retkoop.domain.rules import Rules
from retkoop.domain.school_year import SchoolYear
from retkoop.network.figures import FIGURES, Unit
from retkoop.network.models import DepartmentalAssociation, Setting
from retkoop.network.queries import figures_of, initial_password_of, rules_for
from retkoop.network.services import change_setting
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


class TestFigures:
    def sent(self, **changed: str) -> dict[str, str]:
        """What the form holds at first, but for what is `changed`."""
        given = {one.name: format_decimal(one.default) if one.unit is Unit.EUROS else str(one.default) for one in FIGURES}
        return {"figures": "1", **given, **changed}

    def in_force(self, ad: DepartmentalAssociation) -> dict[str, int]:
        return {one.figure.name: one.value for one in figures_of(ad, SchoolYear.containing(timezone.localdate()))}

    def test_every_plain_number_of_the_rules_is_there(self) -> None:
        plain = {field.name: getattr(Rules(), field.name) for field in fields(Rules) if isinstance(getattr(Rules(), field.name), int)}
        verifiers = VerifierRule()
        others = {"document_megabytes": 20, "document_pages": 30}
        others |= {"verifier_count": verifiers.verifiers, "verifier_parents": verifiers.parents, "crf_due_days": 30, "reminder_days": 14}
        assert {one.name: one.default for one in FIGURES} == plain | others
        assert [one.name for one in FIGURES if not one.low <= one.default <= one.high] == []

    def test_the_national_default_stands_beside(self, adele: User) -> None:
        page = logged_in(adele).get(SETTINGS)
        assert "Seuils, délais et limites, 2026-2027" in main_text(page)
        assert "Au-delà, la caisse est à déposer à la banque. National\u202f: 300,00\u202f€." in main_text(page)
        assert (controls(page, "cash_ceiling")[0]["value"], controls(page, "document_pages")[0]["value"]) == ("300,00", "30")

    def test_they_are_set(self, adele: User, ad: DepartmentalAssociation) -> None:
        answer = logged_in(adele).post(SETTINGS, self.sent(cash_ceiling="250,50", document_megabytes="50", verifier_count="3"), follow=True)
        assert notices(answer) == ["Les réglages sont enregistrés."]
        assert controls(answer, "cash_ceiling")[0]["value"] == "250,50"
        now = self.in_force(ad)
        assert (now["cash_ceiling"], now["document_megabytes"], now["verifier_count"]) == (250_50, 50, 3)
        assert Setting.objects.count() == AuditEvent.objects.filter(chain=ad.chain, action="setting.set").count() == 3
        assert rules_for(ad, SchoolYear(2026)).cash_ceiling == 250_50
        assert rules_for(ad, SchoolYear(2025)).cash_ceiling == 300_00

    def test_the_same_figures_change_nothing(self, adele: User) -> None:
        logged_in(adele).post(SETTINGS, self.sent())
        assert Setting.objects.count() == 0

    def test_what_the_federation_sets_is_the_national_one(self, adele: User, bob: User, ad: DepartmentalAssociation) -> None:
        change_setting(author=SYSTEM, association=None, from_year=2026, name="document_pages", value=40)
        logged_in(adele).post(SETTINGS, self.sent(document_pages="1"))
        assert "Pages d’un document 1\u00a0page national\u202f: 40\u00a0pages" in main_text(logged_in(bob).get(SETTINGS))
        assert Setting.objects.filter(association=ad).count() == 1

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"cash_payment_ceiling": "1000,01"}, "Choisissez de 1,00\u202f€ à 1\u202f000,00\u202f€."),
            ({"cash_ceiling": ""}, "Indiquez un montant, par exemple 12,50."),
            ({"document_megabytes": "101"}, "Choisissez de 5\u00a0Mo à 100\u00a0Mo."),
            ({"document_pages": "0"}, "Choisissez de 1\u00a0page à 200\u00a0pages."),
            ({"unpointed_days": "1,5"}, "Indiquez un nombre entier, sans virgule."),
            ({"silent_days": ""}, "Indiquez un nombre entier, sans virgule."),
            ({"verifier_count": "1"}, "Choisissez de 2\u00a0personnes à 6\u00a0personnes."),
            ({"verifier_parents": "3"}, "Il ne peut pas y avoir plus de parents que de vérificateurs."),
        ],
    )
    def test_what_cannot_be_is_told(self, adele: User, changed: dict[str, str], told: str) -> None:
        answer = logged_in(adele).post(SETTINGS, self.sent(**changed))
        name = next(iter(changed))
        assert (errors(answer)[0], controls(answer, name)[0].get("value", ""), Setting.objects.count()) == (told, changed[name], 0)

    def test_whoever_does_not_administer_only_reads(self, bob: User) -> None:
        page = logged_in(bob).get(SETTINGS)
        assert "Avance d’une régie 150,00\u202f€ national\u202f: 150,00\u202f€" in main_text(page)
        assert (controls(page, "cash_ceiling"), logged_in(bob).post(SETTINGS, self.sent()).status_code) == ([], 404)

    def test_what_the_books_keep_is_asked_to_follow_a_rule(self, adele: User, ad: DepartmentalAssociation) -> None:
        client = logged_in(adele)
        client.post(SETTINGS, self.sent(document_pages="31"))
        assert DBTaskResult.objects.count() == 0
        client.post(SETTINGS, self.sent(document_pages="31", cash_ceiling="200"))
        assert [(row.task_path, row.args_kwargs["args"]) for row in DBTaskResult.objects.all()] == [
            ("retkoop.books.upgrade.follow_association", [ad.pk, 2026])
        ]
