"""The pages of relances, as an animateur, an administrateur and the federation see them."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from retkoop.domain.reminders import KIND
from retkoop.domain.school_year import SchoolYear
from retkoop.mailing.models import Letter, LetterAnswer
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop, RoleKind
from retkoop.oversight.reminders.models import Campaign, Reminder
from retkoop.oversight.reminders.recipients import Manners, manners_of
from retkoop.ui.days import format_full
from retkoop.upkeep.worker import do_one_task
from retkoop.users.models import User
from tests.books.coops import plain
from tests.cast import logged_in, make_staff
from tests.oversight.reminders.at_hand import coops, planned, staff, started
from tests.pages import Answer, controls, errors, links, main_text, notices, posts, title

pytestmark = pytest.mark.django_db

HOME = "/ad/91/relances/"
NEW = f"{HOME}nouvelle/"
CALENDAR = f"{HOME}calendrier/"
ACTIVATION = KIND["activation"]


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.CAN_SEND_MAIL = True


@pytest.fixture
def karim(db: None) -> AssociationAccess:
    return staff()


@pytest.fixture
def client(karim: AssociationAccess) -> Client:
    return logged_in(karim.user)


def text(answer: Answer) -> str:
    return plain(main_text(answer))


def form(**more: object) -> dict[str, object]:
    words = {"sujet": "activation", "subject": ACTIVATION.subject, "text": ACTIVATION.text, "audience": ["school"]}
    return {**words, "submission": str(uuid.uuid4()), "action": "envoyer", **more}


def work() -> None:
    while do_one_task():
        pass


def test_what_can_be_reminded_of_and_how_many_it_concerns(client: Client) -> None:
    coops(3)
    page = client.get(HOME)
    assert title(page) == "Relances"
    assert "Mandat terminé, ou bientôt 3 Voir et écrire Compte à activer 3 Voir et écrire Message libre —" in text(page)
    assert "Aucune relance encore" in text(page)


def test_one_sees_who_gets_it_and_the_first_letter_before_it_leaves(client: Client) -> None:
    coops(2)
    page = client.get(f"{NEW}?sujet=activation")
    seen = text(page)
    assert title(page) == "Compte à activer"
    assert "2 courriels À 2 coopératives, de la part de OCCE 91 Essonne." in seen
    assert "Le premier courriel À ecole0@exemple.fr École 0 : votre compte Retkoop vous attend Bonjour Madame, Monsieur," in seen
    assert Campaign.objects.count() == 0


def test_it_is_sent_and_followed(client: Client) -> None:
    coops(2)
    sent = client.post(NEW, form())
    (row,) = Campaign.objects.all()
    assert sent["Location"] == f"{HOME}{row.pk}/"
    page = client.get(sent["Location"])
    assert "Coopératives traitées 0 sur 2" in text(page)
    work()
    Letter.objects.filter(address="ecole1@exemple.fr").update(bounced_at=timezone.now(), error="550 No such user")
    answered = Letter.objects.get(address="ecole0@exemple.fr")
    Letter.objects.filter(pk=answered.pk).update(answered_at=timezone.now())
    LetterAnswer.objects.create(letter=answered, received_at=timezone.now(), sender="claire@exemple.fr", text="C’est fait.\n<b>Merci</b>")
    seen = text(client.get(sent["Location"]))
    assert "Coopératives 2 Envoyés 1 Réponses 1 Refusés 1" in seen
    assert "C’est fait. <b>Merci</b>" in seen
    assert "0910001A École 1 550 No such user" in seen
    only = text(client.get(f"{sent['Location']}?voir=refuses"))
    assert ("École 1" in only, "École 0" in only) == (True, False)
    assert "Compte à activer" in text(client.get(HOME))


def test_the_file_of_a_coop_tells_its_letters(client: Client, karim: AssociationAccess) -> None:
    coops(1)
    started(karim)
    work()
    assert "Derniers courriels et courriers École 0 : votre compte Retkoop vous attend envoyé ecole0@exemple.fr" in text(
        client.get("/ad/91/coops/0910000A/")
    )


def test_a_double_click_leads_to_the_same_campaign(client: Client) -> None:
    coops(1)
    given = form()
    assert client.post(NEW, given)["Location"] == client.post(NEW, given)["Location"]
    assert Campaign.objects.count() == 1


def test_a_field_that_does_not_exist_is_refused_and_what_was_typed_kept(client: Client) -> None:
    coops(1)
    page = client.post(NEW, form(text="Bonjour {mandatire}"))
    assert (page.status_code, Campaign.objects.count()) == (422, 0)
    assert plain(errors(page)[0]).startswith("{mandatire} n’est pas un champ. Ceux qui existent : {école}, {mandataire}")
    assert "Bonjour {mandatire}" in page.content.decode()


def test_what_is_wrong_is_told_all_at_once(client: Client) -> None:
    coops(1)
    page = client.post(NEW, form(text="Bonjour {mandatire}, avant le {date limite}", deadline="32/13/2026"))
    assert [plain(one)[:30] for one in errors(page)] == ["{mandatire} n’est pas un champ", "Ce jour n’existe pas dans le c"]


@pytest.mark.parametrize("leaves", ["", "in ten days"])
def test_a_date_limite_that_is_over_when_it_leaves_is_refused(client: Client, leaves: str) -> None:
    coops(1)
    today = timezone.localdate()
    day = today + timedelta(days=10) if leaves else today
    given = {"planned_on": format_full(day) if leaves else ""}
    page = client.post(NEW, form(deadline=format_full(day - timedelta(days=1)), **given))
    assert (errors(page), page.status_code) == (["Cette date sera déjà passée quand la relance partira."], 422)
    assert client.post(NEW, form(deadline=format_full(day), **given)).status_code == 302


def test_a_preview_sends_nothing(client: Client) -> None:
    coops(1)
    page = client.post(NEW, form(action="apercu", subject="Coucou {école}"))
    assert (page.status_code, Campaign.objects.count()) == (200, 0)
    assert "À ecole0@exemple.fr Coucou École 0" in text(page)


def test_the_board_hands_over_the_coops_that_were_ticked(client: Client) -> None:
    coops(4)
    page = client.post(NEW, {"rne": ["0910001A", "0910003A"], "action": "relance"})
    assert (title(page), [one["value"] for one in controls(page, "rne")][:2]) == ("Message libre", ["0910001A", "0910003A"])
    assert "2 courriels À 2 coopératives" in text(page)
    client.post(NEW, form(rne=["0910001A", "0910003A"]))
    work()
    assert [row.coop.rne for row in Reminder.objects.select_related("coop")] == ["0910001A", "0910003A"]


def test_the_board_where_nothing_was_ticked_is_told_so(client: Client) -> None:
    coops(1)
    page = client.post(NEW, {"action": "relance"})
    assert (page["Location"], Campaign.objects.count()) == ("/ad/91/", 0)


def test_who_is_left_out_is_told_before(client: Client, karim: AssociationAccess) -> None:
    coops(1)
    started(karim)
    work()
    seen = text(client.get(f"{NEW}?sujet=activation"))
    assert "Toutes les coopératives concernées sont laissées de côté. 1 laissée de côté École 0 0910000A · ecole0@exemple.fr · Déjà" in seen


def test_it_is_stopped(client: Client, karim: AssociationAccess) -> None:
    coops(1)
    row = started(karim)
    page = client.post(f"{HOME}{row.pk}/arreter/", follow=True)
    assert notices(page)[0] == "L’envoi est arrêté. Ce qui est déjà parti ne se reprend pas."
    work()
    assert (Letter.objects.count(), f"{HOME}{row.pk}/arreter/" in posts(page)) == (0, False)


class TestCalendar:
    def test_the_usual_ones_are_proposed_until_they_are_planned(self, client: Client) -> None:
        year = SchoolYear.containing(timezone.localdate()).next
        address, day = f"{CALENDAR}?annee={year}", date(year.start, 9, 15)
        lead = f"{NEW}?sujet=crf&le={day.isoformat()}"
        assert lead in links(client.get(address))
        assert controls(client.get(lead), "planned_on")[0]["value"] == f"15/09/{year.start}"
        told = {"subject": KIND["crf"].subject, "text": KIND["crf"].text, "deadline": f"30/09/{year.start}", "sujet": "crf"}
        done = client.post(NEW, form(**told, planned_on=f"15/09/{year.start}"), follow=True)
        assert notices(done) == ["La relance est programmée. Elle partira d’elle-même ce jour-là."]
        page = client.get(address)
        assert lead not in links(page)
        assert f"15 septembre {year.start} · Compte rendu non transmis programmée Suspendre" in text(page)

    def test_one_is_suspended_and_resumed(self, client: Client, karim: AssociationAccess) -> None:
        row = planned(karim)
        address = f"{CALENDAR}?annee={SchoolYear.containing(row.planned_on or timezone.localdate())}"
        client.post(f"{HOME}{row.pk}/interrupteur/", {"off": "oui"})
        assert "Compte à activer suspendue Reprendre" in text(client.get(address))
        client.post(f"{HOME}{row.pk}/interrupteur/", {"off": "non"})
        assert "Compte à activer programmée Suspendre" in text(client.get(address))

    def test_one_is_changed(self, client: Client, karim: AssociationAccess) -> None:
        row = planned(karim)
        address, day = f"{HOME}{row.pk}/modifier/", timezone.localdate() + timedelta(days=20)
        assert controls(client.get(address), "subject")[0]["value"] == ACTIVATION.subject
        client.post(address, form(subject="Autre", planned_on=f"{day:%d/%m/%Y}"))
        row.refresh_from_db()
        assert (row.headline, row.planned_on) == ("Autre", day)
        page = client.post(address, form())
        assert (page.status_code, "Choisissez un jour à venir, ou envoyez maintenant." in text(page)) == (422, True)

    def test_one_whose_day_passed_unused_says_so(self, client: Client, karim: AssociationAccess) -> None:
        row = planned(karim)
        day = timezone.localdate() - timedelta(days=9)
        Campaign.objects.filter(pk=row.pk).update(planned_on=day)
        assert "Compte à activer n’est pas partie" in text(client.get(f"{CALENDAR}?annee={SchoolYear.containing(day)}"))


def test_who_sends_is_said_in_one_place(karim: AssociationAccess) -> None:
    adele, page = logged_in(make_staff("adele", RoleKind.ADMINISTRATEUR)), "/ad/91/reglages/courriels/"
    assert page in links(adele.get(HOME))
    typed = {"reminder_sender": "L’OCCE de l’Essonne", "reminder_reply": "ad91@exemple.fr", "reminder_days": "14"}
    assert notices(adele.post(page, typed, follow=True)) == ["Les réglages sont enregistrés."]
    assert manners_of(karim.association) == Manners(14, "L’OCCE de l’Essonne", "ad91@exemple.fr")
    assert adele.get(f"{HOME}expediteur/").status_code == 404


def test_the_federation_reads_and_sends_nothing(karim: AssociationAccess) -> None:
    coops(1)
    fanny = logged_in(make_staff("fanny", RoleKind.FEDERATION, None))
    assert "Qui est concerné ?" in text(fanny.get(HOME))
    assert (fanny.post(NEW, form()).status_code, Campaign.objects.count()) == (404, 0)


def test_an_installation_without_mail_says_so(client: Client, settings: Settings) -> None:
    settings.CAN_SEND_MAIL = False
    coops(1)
    assert plain(notices(client.get(HOME))[0]).startswith("Cette installation n’envoie pas de courriels")
    page = client.post(NEW, form())
    assert (page.status_code, "Cette installation n’envoie pas de courriels." in text(page)) == (422, True)


@pytest.mark.parametrize("address", [HOME, f"{NEW}?sujet=activation", CALENDAR, "campaign/", "campaign/courriers/"])
def test_twelve_queries_at_most_whatever_the_size(
    client: Client, karim: AssociationAccess, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    coops(60)
    Coop.objects.filter(rne__gt="0910030A").update(email="")
    row = started(karim)
    work()
    client.get(HOME)
    with django_assert_max_num_queries(12):
        client.get(address.replace("campaign", f"{HOME}{row.pk}"))


@pytest.mark.parametrize("address", [f"{NEW}?sujet=ailleurs", f"{CALENDAR}?annee=2025-2027", f"{HOME}999/", "/ad/92/relances/"])
def test_what_does_not_exist_is_absent(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_planned_one_is_read_in_the_calendar(client: Client, karim: AssociationAccess) -> None:
    assert client.get(f"{HOME}{planned(karim).pk}/")["Location"] == CALENDAR
    assert User.objects.filter(username="karim").exists()
