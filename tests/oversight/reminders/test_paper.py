"""Relances on paper: for whom no mail reaches, in the order of the pile, traced, and never twice."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import Settings

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.books.writable import Refused
from retkoop.domain.dates import format_date
from retkoop.domain.reminders import KIND
from retkoop.mailing.models import Letter
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop, RoleKind, School
from retkoop.network.services import change_coop, give_mandate
from retkoop.oversight.reminders.models import Campaign, Reminder, Way
from retkoop.oversight.reminders.paper import prepare_letters
from retkoop.oversight.reminders.recipients import mailing_for
from retkoop.oversight.reminders.services import stop_campaign
from retkoop.upkeep.verification import faults
from retkoop.upkeep.worker import do_one_task
from tests.books.coops import plain
from tests.cast import logged_in, make_staff
from tests.oversight.reminders.at_hand import coops, plan, planned, staff, started
from tests.pages import Answer, main_text, notices

pytestmark = pytest.mark.django_db

NOTHING = "Aucun courrier à préparer : un courriel atteint chacune, ou elle a déjà son courrier."


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.CAN_SEND_MAIL, settings.PUBLIC_URL = True, "https://retkoop.exemple.fr"


@pytest.fixture
def karim(db: None) -> AssociationAccess:
    return staff()


@pytest.fixture
def client(karim: AssociationAccess) -> Client:
    return logged_in(karim.user)


def work() -> None:
    while do_one_task():
        pass


def text(answer: Answer) -> str:
    return plain(main_text(answer))


def told(answer: Answer) -> list[str]:
    return [plain(one) for one in notices(answer)]


def page_of(row: Campaign) -> str:
    return f"/ad/91/relances/{row.pk}/courriers/"


def two_out_of_reach() -> list[Coop]:
    """Make three coops of which the first has no address and the second one that a server refuses."""
    made = coops(3)
    change_coop(author=SYSTEM, coop=made[0], changes={"email": "", "circonscription": "Massy"}, reason="")
    change_coop(author=SYSTEM, coop=made[1], changes={"circonscription": "Évry"}, reason="")
    give_mandate(author=SYSTEM, coop=made[0], holder="Claire Perrin", start=date(2025, 9, 1))
    now = timezone.now()
    School.objects.create(
        uai=made[0].rne,
        department="91",
        name="École 0",
        address="2 rue du Bac",
        postcode="91300",
        commune="Massy",
        seen_at=now,
        updated_at=now,
    )
    return made


def refused(address: str) -> None:
    Letter.objects.filter(address=address).update(sent_at=None, next_try_at=None, bounced_at=timezone.now(), error="550 inconnu")


def pages(document: bytes) -> list[str]:
    return [plain(one.extract_text()) for one in PdfReader(io.BytesIO(document)).pages]


def test_those_whom_no_mail_reaches_get_a_letter_by_circonscription(client: Client, karim: AssociationAccess) -> None:
    two_out_of_reach()
    row = started(karim)
    work()
    refused("ecole1@exemple.fr")
    assert page_of(row) in client.get(f"/ad/91/relances/{row.pk}/").content.decode()
    seen = text(client.get(page_of(row)))
    today = format_date(timezone.localdate())
    assert "2 coopératives qu’aucun courriel n’atteint" in seen
    assert f"Évry École 1 0910001A · Évry · adresse refusée le {today} Massy École 0 0910000A · Évry · aucune adresse" in seen
    assert "Le premier courrier École 1 : votre compte Retkoop vous attend Bonjour Madame, Monsieur," in seen
    assert Reminder.objects.filter(way=Way.POST).count() == 0
    answer = client.post(page_of(row), follow=True)
    assert told(answer) == ["2 courriers sont prêts : téléchargez, imprimez, postez."]
    first, second = pages(client.get(f"/ad/91/relances/{row.pk}/courriers.pdf").content)
    assert ("Au mandataire de la coopérative\nÉcole 1\nÉvry\nRNE 0910001A · circonscription : Évry" in first) is True
    assert "Claire Perrin\nÉcole 0\n2 rue du Bac\n91300 Massy\nRNE 0910000A" in second
    assert "École 0 : votre compte Retkoop vous attend" in second
    assert list(faults()) == []


def test_they_are_contacts_like_others(client: Client, karim: AssociationAccess) -> None:
    coop, *_ = two_out_of_reach()
    row = started(karim)
    work()
    client.post(page_of(row))
    (printed,) = Reminder.objects.filter(way=Way.POST)
    event = AuditEvent.objects.get(action="reminder.printed")
    assert (printed.coop, printed.address, event.chain.name, event.actor) == (coop, "", "ad 91", karim.user)
    letter = Letter.objects.get(purpose="reminder_on_paper")
    assert (letter.postal.split("\n")[0], letter.next_try_at, letter.bounced_at, letter.chain) == ("Claire Perrin", None, None, coop.chain)
    assert "courrier Claire Perrin, École 0, 2 rue du Bac, 91300 Massy" in text(client.get("/ad/91/coops/0910000A/"))
    campaign = text(client.get(f"/ad/91/relances/{row.pk}/"))
    assert "Envoyés 2" in campaign
    assert "Courriers 1" in campaign
    assert "courrier" in text(client.get(f"/ad/91/relances/{row.pk}/?voir=courriers"))
    board = client.get("/ad/91/?q=0910000A").content.decode()
    assert f'<td class="reminded">{timezone.localdate():%d/%m/%Y}</td>' in board


def test_never_twice_within_the_days_of_the_ad_whichever_the_way(client: Client, karim: AssociationAccess) -> None:
    coop, *_ = two_out_of_reach()
    row = started(karim)
    work()
    client.post(page_of(row), follow=True)
    assert told(client.post(page_of(row), follow=True))[0] == NOTHING
    assert text(client.get(page_of(row))).count("Télécharger le PDF") == 1
    again = started(karim)
    work()
    today = format_date(timezone.localdate())
    reasons = {one.coop.rne: plain(one.reason) for one in Reminder.objects.filter(campaign=again).select_related("coop")}
    assert reasons["0910000A"] == f"Courrier préparé le {today}"
    assert told(client.post(page_of(again), follow=True))[0] == NOTHING
    Coop.objects.filter(pk=coop.pk).update(email="nouvelle@exemple.fr")
    mailed = [one.reason for one in mailing_for(karim.association, KIND["activation"], ["school"]).recipients if one.facts.rne == coop.rne]
    assert [plain(one) for one in mailed] == [f"Courrier préparé le {today}"]
    Coop.objects.filter(pk=coop.pk).update(email="")
    Reminder.objects.update(made_at=F("made_at") - timedelta(days=30))
    later = started(karim)
    work()
    assert told(client.post(page_of(later), follow=True)) == ["1 courrier est prêt : téléchargez, imprimez, postez."]
    assert Reminder.objects.filter(way=Way.POST).count() == 2


def test_whom_one_of_two_addresses_reaches_gets_none(client: Client, karim: AssociationAccess) -> None:
    row = started(karim, plan(audience=["school", "people"]))
    assert told(client.post(page_of(row), follow=True))[0] == NOTHING
    coops(2)
    full = started(karim)
    work()
    assert "Aucun courrier à préparer : un courriel atteint chacune" in text(client.get(page_of(full)))


def test_a_coop_that_did_meanwhile_what_is_asked_gets_none(client: Client, karim: AssociationAccess) -> None:
    two_out_of_reach()
    row = started(karim, plan("mandat"))
    work()
    refused("ecole1@exemple.fr")
    give_mandate(author=SYSTEM, coop=Coop.objects.get(rne="0910001A"), holder="Luc Petit", start=date(2025, 9, 1))
    assert told(client.post(page_of(row), follow=True))[0] == NOTHING
    assert Reminder.objects.filter(way=Way.POST).count() == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"deadline": date(2026, 1, 1)}, "La date limite de cette relance est passée : faites-en une nouvelle."),
        ({"start": 2019}, "Cette relance parlait d’une autre année : faites-en une nouvelle."),
    ],
)
def test_what_is_out_of_date_is_not_printed(client: Client, karim: AssociationAccess, change: dict[str, object], said: str) -> None:
    two_out_of_reach()
    row = started(karim)
    work()
    Campaign.objects.filter(pk=row.pk).update(**change)
    assert said in text(client.get(page_of(row)))
    assert told(client.post(page_of(row), follow=True))[0] == said


def test_nor_what_was_stopped_nor_what_has_not_left(client: Client, karim: AssociationAccess) -> None:
    two_out_of_reach()
    row = started(karim)
    stop_campaign(access=karim, key=row.pk)
    assert told(client.post(page_of(row), follow=True))[0] == "Cette relance a été arrêtée : ses courriers ne partent pas non plus."
    waiting = planned(karim)
    assert client.get(page_of(waiting))["Location"] == "/ad/91/relances/calendrier/"
    assert client.get(f"/ad/91/relances/{row.pk}/courriers.pdf")["Location"] == page_of(row)


def test_letters_are_downloaded_again_until_they_are_erased(client: Client, karim: AssociationAccess) -> None:
    two_out_of_reach()
    row = started(karim)
    work()
    client.post(page_of(row))
    refused("ecole1@exemple.fr")
    client.post(page_of(row))
    both = [one.pk for one in Reminder.objects.filter(way=Way.POST).order_by("pk")]
    found = [pages(client.get(f"/ad/91/relances/{row.pk}/courriers.pdf?lot={key}").content) for key in both]
    assert ["École 0" in found[0][0], "École 1" in found[1][0], len(found[0]), len(found[1])] == [True, True, 1, 1]
    Letter.objects.all().delete()
    assert "effacé depuis" in text(client.get(page_of(row)))
    assert client.get(f"/ad/91/relances/{row.pk}/courriers.pdf").status_code == 404


def test_whom_no_mail_reaches_is_said_before_and_a_relance_may_go_on_paper_alone(client: Client) -> None:
    two_out_of_reach()
    compose = "/ad/91/relances/nouvelle/?sujet=activation"
    said = "1 coopérative n’est atteinte par aucun courriel : son courrier s’imprimera depuis la page de la relance, une fois partie."
    assert (said in text(client.get(compose)), "Envoyer 2 courriels" in text(client.get(compose))) == (True, True)
    for coop in Coop.objects.all():
        change_coop(author=SYSTEM, coop=coop, changes={"email": ""}, reason="")
    assert "Commencer la relance par courrier" in text(client.get(compose))
    words = KIND["activation"]
    typed = {"subject": words.subject, "text": words.text, "audience": ["school"], "submission": str(uuid.uuid4()), "action": "envoyer"}
    client.post("/ad/91/relances/nouvelle/", {"sujet": "activation", **typed})
    work()
    assert told(client.post(page_of(Campaign.objects.get()), follow=True)) == ["3 courriers sont prêts : téléchargez, imprimez, postez."]


def test_the_federation_reads_and_prepares_nothing(karim: AssociationAccess) -> None:
    two_out_of_reach()
    row = started(karim)
    work()
    fanny = logged_in(make_staff("fanny", RoleKind.FEDERATION, None))
    assert "Préparer" not in text(fanny.get(page_of(row)))
    assert (fanny.post(page_of(row)).status_code, Reminder.objects.filter(way=Way.POST).count()) == (404, 0)
    looking = AssociationAccess(karim.user, RoleKind.FEDERATION, karim.association)
    with pytest.raises(Refused, match="Les relances sont envoyées par l’association départementale"):
        prepare_letters(access=looking, key=row.pk)
