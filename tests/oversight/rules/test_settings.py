from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.domain.closing import VerifierRule
from retkoop.domain.money import format_decimal
from retkoop.domain.rules import Rules
from retkoop.domain.school_year import SchoolYear
from retkoop.network.figures import DEFAULTS, FIGURES
from retkoop.network.models import DepartmentalAssociation, Setting
from retkoop.network.queries import figures_of, given_settings, initial_password_of, rules_for
from retkoop.network.services import SettingsChanged, change_setting, set_values
from retkoop.oversight.rules.groups import GROUPS, ITEMS, Item, group_named
from retkoop.oversight.rules.models import RulesUpdate
from retkoop.users.models import User
from tests.cast import association, logged_in
from tests.pages import controls, errors, links, main_text, notices, title

SETTINGS = "/ad/91/reglages/"
YEAR = SchoolYear(2026)


def sent(slug: str, **changed: str) -> dict[str, str]:
    """What the form of a group holds at first, but for what is `changed`."""
    return {item.name: _typed(DEFAULTS[item.name], item.figure is not None and item.figure.unit == "€") for item in _items(slug)} | changed


def _items(slug: str) -> list[Item]:
    return [item for item in group_named(slug, national=False).items if DEFAULTS[item.name] is not False]


def _typed(value: object, is_money: bool) -> str:  # noqa: FBT001 -- a figure in euros
    if isinstance(value, list):
        return "\n".join(value)
    return format_decimal(value) if is_money and isinstance(value, int) else "on" if value is True else str(value)


def keep(client: Client, slug: str, year: str = "", **changed: str) -> Any:  # noqa: ANN401 -- the test client’s answer
    return client.post(f"{SETTINGS}{slug}/{year and f'?annee={year}'}", sent(slug, **changed), follow=True)


def test_every_figure_and_word_of_the_rules_can_be_set() -> None:
    verifiers = VerifierRule()
    others = {"document_megabytes": 20, "document_pages": 30, "crf_due_days": 30, "membership_due_days": 91, "reminder_days": 14}
    others |= {"verifier_count": verifiers.verifiers, "verifier_parents": verifiers.parents}
    others |= {"verifier_teachers": verifiers.teachers, "verifier_others": verifiers.others}
    others |= {"member_price": 2_05, "insurance_price": 25, "magazine_price": 0, "debit_notice_days": 14, "debit_lead_days": 5}
    plain = {field.name: getattr(Rules(), field.name) for field in fields(Rules) if isinstance(getattr(Rules(), field.name), int)}
    assert {one.name: one.default for one in FIGURES} == plain | others
    assert [one.name for one in FIGURES if not one.low <= one.default <= one.high] == []
    assert {field.name for field in fields(Rules)} - set(ITEMS) == set()
    assert [name for name in ITEMS if name not in DEFAULTS] == []


def test_all_that_is_set_stands_on_one_page(adele: User) -> None:
    page = logged_in(adele).get(SETTINGS)
    assert (title(page), page.status_code) == ("Réglages", 200)
    assert [group.title in main_text(page) for group in GROUPS] == [True] * len(GROUPS)
    assert "Date d’envoi des comptes 30\u00a0jours, le 30\u00a0septembre 2027 Valeur nationale" in main_text(page)
    assert "Date limite d’adhésion 91\u00a0jours, le 30\u00a0novembre 2026" in main_text(page)
    assert "Achats interdits 26\u00a0mots ou expressions" in main_text(page)


def test_a_figure_is_set_and_the_trail_tells_who_did_it(adele: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(adele)
    answer = keep(client, "alertes", cash_ceiling="250,50")
    assert notices(answer) == ["Les réglages sont enregistrés."]
    told = "Espèces en caisse 250,50\u202f€ Votre valeur national\u202f: 300,00\u202f€ Adele, le 16\u00a0novembre 2026 à 9\u00a0h\u00a000"
    assert told in main_text(answer).replace("9 h 00", "9\u00a0h\u00a000")
    assert Setting.objects.count() == AuditEvent.objects.filter(chain=ad.chain, action="setting.set").count() == 1
    assert (rules_for(ad, YEAR).cash_ceiling, rules_for(ad, SchoolYear(2025)).cash_ceiling) == (250_50, 300_00)
    history = client.get(f"{SETTINGS}historique/cash_ceiling/")
    assert (title(history), "250,50\u202f€ Dès 2026-2027, par Adele, le" in main_text(history)) == ("Espèces en caisse", True)


def test_the_next_year_is_set_apart_and_a_past_one_is_only_read(adele: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(adele)
    keep(client, "tarifs", "2027-2028", member_price="2,20")
    prices = [given_settings(ad, SchoolYear(start)).value("member_price") for start in (2026, 2027, 2028)]
    assert prices == [2_05, 2_20, 2_20]
    past = client.get(f"{SETTINGS}tarifs/?annee=2024-2025")
    assert ("Cette année est passée" in main_text(past), controls(past, "member_price")) == (True, [])
    statuses = [client.post(f"{SETTINGS}tarifs/?annee={year}", sent("tarifs")).status_code for year in ("2025-2026", "2028-2029")]
    assert (statuses, client.get(f"{SETTINGS}?annee=hier").status_code) == ([404, 404], 404)


def test_the_same_values_change_nothing(adele: User) -> None:
    client = logged_in(adele)
    answers = [keep(client, slug) for slug in ("dates", "tarifs", "alertes", "achats", "verificateurs", "documents", "premiere-connexion")]
    assert [notices(answer) for answer in answers] == [["Rien n’a changé."]] * 7
    assert Setting.objects.count() == 0


def test_the_national_value_comes_back(adele: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(adele)
    keep(client, "documents", document_pages="50")
    proposed = client.post(
        f"{SETTINGS}documents/", sent("documents", document_pages="50", document_megabytes="40", national="document_pages")
    )
    typed = [controls(proposed, name)[0]["value"] for name in ("document_pages", "document_megabytes")]
    assert (typed, given_settings(association(), YEAR).value("document_pages")) == (["30", "40"], 50)
    keep(client, "documents")
    change_setting(author=SYSTEM, association=None, from_year=2026, name="document_pages", value=35)
    now = given_settings(association(), YEAR)
    assert (now.value("document_pages"), dict(now.own)) == (35, {})
    assert "la valeur nationale" in main_text(client.get(f"{SETTINGS}historique/document_pages/"))


def test_what_the_federation_sets_is_the_national_value(fanny: User, bob: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(fanny)
    answer = client.post("/federation/reglages/documents/", sent("documents", document_pages="40"), follow=True)
    assert (notices(answer), AuditEvent.objects.filter(chain="federation", action="setting.set").count()) == (
        ["Les réglages sont enregistrés."],
        1,
    )
    page = logged_in(bob).get(SETTINGS)
    assert "Pages d’un document 40\u00a0pages Valeur nationale Fanny" in main_text(page)
    assert {one.figure.name: one.value for one in figures_of(ad, YEAR)}["document_pages"] == 40
    assert [client.get(f"/federation/reglages/{slug}/").status_code for slug in ("achats", "signature", "rien")] == [200, 404, 404]


def test_whoever_does_not_administer_only_reads(bob: User) -> None:
    client = logged_in(bob)
    page = client.get(f"{SETTINGS}alertes/")
    assert "Avance d’une régie 150,00\u202f€ Valeur nationale" in main_text(page)
    assert (controls(page, "cash_ceiling"), client.post(f"{SETTINGS}alertes/", sent("alertes")).status_code) == ([], 404)
    assert f"{SETTINGS}alertes/" in links(client.get(SETTINGS))


@pytest.mark.parametrize(
    ("slug", "changed", "told"),
    [
        ("alertes", {"cash_payment_ceiling": "1000,01"}, "Choisissez de 1,00\u202f€ à 1\u202f000,00\u202f€."),
        ("alertes", {"cash_ceiling": ""}, "Indiquez un montant, par exemple 12,50."),
        ("alertes", {"unpointed_days": "1,5"}, "Indiquez un nombre entier, sans virgule."),
        ("alertes", {"silent_days": ""}, "Indiquez un nombre entier, sans virgule."),
        ("documents", {"document_megabytes": "101"}, "Choisissez de 5\u00a0Mo à 100\u00a0Mo."),
        ("documents", {"document_pages": "0"}, "Choisissez de 1\u00a0page à 200\u00a0pages."),
        ("dates", {"crf_due_days": "121"}, "Choisissez de 1\u00a0jour à 120\u00a0jours."),
        ("tarifs", {"member_price": "-1"}, "Indiquez un montant sans signe moins."),
        ("verificateurs", {"verifier_count": "1"}, "Choisissez de 2\u00a0personnes à 6\u00a0personnes."),
        (
            "verificateurs",
            {"verifier_teachers": "2"},
            "Les minimums par qualité demandent 3\u00a0personnes\u202f: c’est plus que le nombre de vérificateurs.",
        ),
        ("verificateurs", {"verifier_others": "7"}, "Choisissez de 0\u00a0personne à 6\u00a0personnes."),
        (
            "premiere-connexion",
            {"initial_password_until": "31/02/2027"},
            "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois.",
        ),
        ("courriels", {"reminder_reply": "ad91"}, "Cette adresse n’est pas complète. Écrivez par exemple ad91@occe.coop."),
        ("courriels", {"reminder_sender": "a" * 101}, "Raccourcissez ce nom\u202f: 100 caractères au plus."),
        ("achats", {"tolerated_words": "x"}, "«\u00a0x\u00a0» est trop court\u202f: écrivez au moins deux lettres."),
        (
            "achats",
            {"tolerated_words": "m" * 61},
            "Raccourcissez «\u00a0mmmmmmmmmmmmmmmmmmmm…\u00a0»\u202f: 60 caractères au plus par ligne.",
        ),
        (
            "achats",
            {"tolerated_words": "\n".join(f"mot{n}" for n in range(201))},
            "Gardez 200 lignes au plus\u202f: il y en a 201.",
        ),
    ],
)
def test_what_cannot_be_is_told_at_its_field(adele: User, slug: str, changed: dict[str, str], told: str) -> None:
    answer = logged_in(adele).post(f"{SETTINGS}{slug}/", sent(slug, **changed))
    assert (errors(answer), answer.status_code, Setting.objects.count()) == ([told], 422, 0)


def test_words_are_kept_once_each(adele: User, ad: DepartmentalAssociation) -> None:
    keep(logged_in(adele), "achats", tolerated_words="  Gâteau \n\ngateau\nfleurs   coupées")
    assert rules_for(ad, YEAR).tolerated_words == ("Gâteau", "fleurs coupées")


def test_the_initial_password_stops_on_a_day(adele: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(adele)
    keep(client, "premiere-connexion", initial_password_until="15/01/2027")
    assert controls(client.get(f"{SETTINGS}premiere-connexion/"), "initial_password_until")[0]["value"] == "15/01/2027"
    client.post(f"{SETTINGS}premiere-connexion/", {"initial_password_until": ""})
    ruled = initial_password_of(association(), timezone.localdate())
    assert (ruled.allowed, ruled.until) == (False, None)


def test_two_people_do_not_write_over_each_other(ad: DepartmentalAssociation, adele: User) -> None:
    place: dict[str, Any] = {"author": SYSTEM, "association": ad, "year": YEAR}
    set_values(**place, values={"cash_ceiling": 200_00}, seen={"cash_ceiling": 300_00})
    with pytest.raises(SettingsChanged):
        set_values(**place, values={"cash_ceiling": 100_00}, seen={"cash_ceiling": 300_00})
    typed = sent("alertes", cash_ceiling="100", seen='{"cash_ceiling": 30000}')
    answer = logged_in(adele).post(f"{SETTINGS}alertes/", typed, follow=True)
    assert (notices(answer), controls(answer, "cash_ceiling")[0]["value"]) == ([str(SettingsChanged())], "200,00")


def test_what_the_books_keep_is_asked_to_follow_a_rule(adele: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(adele)
    keep(client, "documents", document_pages="31")
    assert RulesUpdate.objects.count() == 0
    answer = keep(client, "alertes", cash_ceiling="200")
    assert [(row.association_id, row.start) for row in RulesUpdate.objects.all()] == [(ad.pk, 2026)]
    assert "Les cahiers vont être revus avec les nouvelles règles." in main_text(answer)
