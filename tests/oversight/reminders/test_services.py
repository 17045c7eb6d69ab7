"""Relances as they are sent: to whom, never twice, stopped, planned, killed in the middle."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.config.mail import mail_settings
from retkoop.domain.dates import format_date
from retkoop.domain.reminders import KIND
from retkoop.domain.school_year import SchoolYear
from retkoop.mailing.models import Fate, Letter
from retkoop.mailing.sending import send_due_letters
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import give_mandate, invite_keeper, set_values
from retkoop.oversight.reminders import services
from retkoop.oversight.reminders.models import Audience, Campaign, Reminder
from retkoop.oversight.reminders.queries import campaign_of, tallies
from retkoop.oversight.reminders.recipients import REPLY, SENDER, mailing_for
from retkoop.oversight.reminders.services import send_batch, send_campaign
from retkoop.upkeep.verification import faults
from retkoop.upkeep.worker import do_one_task
from tests.books.coops import plain
from tests.clock import Clock
from tests.mailing.smtp_server import MailServer
from tests.oversight.reminders.at_hand import coops, moved_to, plan, planned, staff, started

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.CAN_SEND_MAIL, settings.PUBLIC_URL = True, "https://retkoop.exemple.fr"


@pytest.fixture
def karim(db: None) -> AssociationAccess:
    return staff()


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> MailServer:
    server = MailServer(tmp_path)
    for name, value in mail_settings(server.url).items():
        setattr(settings, name, value)
    settings.DEFAULT_FROM_EMAIL = "Retkoop <retkoop@exemple.fr>"
    return server


def work() -> None:
    while do_one_task():
        pass


def rows(campaign: Campaign) -> list[tuple[str, str, str]]:
    return [(row.coop.rne, row.address, plain(row.reason)) for row in Reminder.objects.filter(campaign=campaign).select_related("coop")]


def age(delay: timedelta) -> None:
    """Let time pass for what was sent."""
    Reminder.objects.update(made_at=F("made_at") - delay)


def today() -> str:
    return format_date(timezone.localdate())


def test_each_coop_gets_its_letter_in_its_words(karim: AssociationAccess, server: MailServer) -> None:
    (coop,) = coops(1)
    give_mandate(author=SYSTEM, coop=coop, holder="Claire Perrin", start=date(2025, 9, 1))
    said = {SENDER: "OCCE de l’Essonne", REPLY: "ad91@exemple.fr"}
    set_values(author=karim.author, association=karim.association, year=SchoolYear.containing(timezone.localdate()), values=said)
    row = started(karim)
    with server.running():
        work()
    (got,) = server.received()
    assert (got["To"], got["From"], got["Reply-To"]) == (
        "ecole0@exemple.fr",
        "OCCE de l’Essonne <retkoop@exemple.fr>",
        "ad91@exemple.fr",
    )
    assert plain(got["Subject"]) == "École 0 : votre compte Retkoop vous attend"
    lines = plain(got.get_content()).splitlines()
    assert (lines[0], lines[6]) == ("Bonjour Claire Perrin,", "https://retkoop.exemple.fr/connexion/")
    assert (rows(row), row.rnes) == ([("0910000A", "ecole0@exemple.fr", "")], ["0910000A"])
    assert (Letter.objects.get().chain, list(faults())) == (coop.chain, [])


def test_forty_recipients_one_of_whom_is_unknown(karim: AssociationAccess, server: MailServer) -> None:
    made = coops(40)
    Coop.objects.filter(pk=made[7].pk).update(email="inconnu@exemple.fr")
    row = started(karim)
    with server.running(seconds=0.02):
        work()
    told = {key: count for key, _, count in tallies(campaign_of(karim.association, row.pk))}
    assert told == {"envoyes": 39, "en-attente": 0, "reponses": 0, "refuses": 1, "abandonnes": 0, "courriers": 0, "laissees": 0}
    assert len(set(server.recipients())) == len(server.recipients()) == 39
    assert Campaign.objects.get().finished_at is not None


def test_a_server_that_is_down_keeps_them_waiting(karim: AssociationAccess, server: MailServer) -> None:
    coops(3)
    row = started(karim)
    work()
    assert [letter.fate for letter in Letter.objects.all()] == [Fate.WAITING] * 3
    assert rows(row)[0] == ("0910000A", "ecole0@exemple.fr", "")
    Letter.objects.update(next_try_at=timezone.now())
    with server.running():
        send_due_letters()
    assert server.recipients() == [f"ecole{n}@exemple.fr" for n in range(3)]


def test_never_twice_to_one_address_for_one_thing(karim: AssociationAccess) -> None:
    coops(2)
    first = started(karim)
    work()
    second = started(karim)
    work()
    reason = f"Déjà relancée le {today()}"
    assert rows(second) == [("0910000A", "ecole0@exemple.fr", reason), ("0910001A", "ecole1@exemple.fr", reason)]
    other = started(karim, plan("mandat"))
    work()
    assert [reason for *_, reason in rows(other)] == ["", ""]
    age(timedelta(days=14))
    third = started(karim)
    work()
    assert [[reason for *_, reason in rows(one)] for one in (first, third)] == [["", ""], ["", ""]]
    assert Letter.objects.count() == 6


def test_a_free_message_is_another_thing_under_other_words(karim: AssociationAccess) -> None:
    coops(1)
    for headline in ("Réunion", "Réunion", "Fermeture d’été"):
        started(karim, plan("message", subject=headline))
        work()
    assert [bool(row.reason) for row in Reminder.objects.order_by("pk")] == [False, True, False]


def test_two_campaigns_at_the_same_moment_write_once(karim: AssociationAccess) -> None:
    """Both have looked before either has written: the second asks again under the lock."""
    coops(2)
    first, second = started(karim), started(karim)
    mailings = [mailing_for(karim.association, row.about, row.audience, row.rnes) for row in (first, second)]
    assert [len(one.written_to) for one in mailings] == [2, 2]
    for row, mailing in zip((first, second), mailings, strict=True):
        send_batch(key=row.pk, mailing=mailing)
    assert [reason for *_, reason in rows(second)] == ["Déjà relancée entre-temps"] * 2
    assert Letter.objects.count() == 2


def test_a_double_click_is_one_campaign(karim: AssociationAccess) -> None:
    coops(1)
    submission = uuid.uuid4()
    row = started(karim, submission=submission)
    with pytest.raises(AlreadySubmitted) as done:
        started(karim, submission=submission)
    assert (done.value.subject, Campaign.objects.count()) == (f"oversight.campaign:{row.pk}", 1)


def test_a_worker_killed_between_two_batches_goes_on_where_it_was(karim: AssociationAccess) -> None:
    coops(25)
    row = started(karim)
    mailing = mailing_for(karim.association, row.about, row.audience, row.rnes)
    assert send_batch(key=row.pk, mailing=mailing)  # and the worker dies
    send_campaign.func(row.pk)
    send_campaign.func(row.pk)
    assert [reason for *_, reason in rows(row)] == [""] * 25
    assert Letter.objects.count() == 25


def test_a_campaign_that_a_fault_has_stopped_goes_on(karim: AssociationAccess) -> None:
    coops(2)
    row = started(karim)
    services.resume_campaigns()
    assert DBTaskResult.objects.ready().count() == 1  # it waits for its turn
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
    services.resume_campaigns()
    work()
    services.resume_campaigns()
    assert ([reason for *_, reason in rows(row)], DBTaskResult.objects.ready().count()) == (["", ""], 0)


def test_a_stop_is_heard_between_two_batches_and_by_what_waits(karim: AssociationAccess, server: MailServer) -> None:
    coops(25)
    row = started(karim)
    send_batch(key=row.pk, mailing=mailing_for(karim.association, row.about, row.audience, row.rnes))
    assert services.stop_campaign(access=karim, key=row.pk) == 20
    with server.running():
        work()
    assert (server.recipients(), len(rows(row))) == ([], 20)
    assert {letter.error for letter in Letter.objects.all()} == {"Envoi arrêté par l’association."}
    assert services.stop_campaign(access=karim, key=row.pk) == 0
    again = started(karim)  # nobody has been told anything
    work()
    assert [reason for *_, reason in rows(again)] == [""] * 25
    assert list(faults()) == []


def test_who_is_left_out_and_why(karim: AssociationAccess, server: MailServer) -> None:
    nowhere, refused, twin, _ = coops(4)
    Coop.objects.filter(pk=nowhere.pk).update(email="")
    Coop.objects.filter(pk=refused.pk).update(email="inconnu@exemple.fr")
    Coop.objects.filter(pk=twin.pk).update(email="ECOLE3@exemple.fr")
    started(karim, plan("mandat"))
    with server.running():
        work()
    row = started(karim)
    work()
    assert rows(row) == [
        ("0910000A", "", "Aucune adresse"),
        ("0910001A", "inconnu@exemple.fr", f"Adresse refusée le {today()}"),
        ("0910002A", "ECOLE3@exemple.fr", ""),
        ("0910003A", "ecole3@exemple.fr", "Même adresse que 0910002A"),
    ]


def test_people_with_a_role_and_the_mandataire(karim: AssociationAccess) -> None:
    (coop,) = coops(1)
    give_mandate(author=SYSTEM, coop=coop, holder="Claire Perrin", start=date(2025, 9, 1))
    for name in ("Claire Perrin", "Luc Petit"):
        mail = f"{name.split()[0].lower()}@exemple.fr"
        invite_keeper(author=SYSTEM, coop=coop, email=mail, name=name, start=date(2025, 9, 1))
    told = {
        audience: [one.address for one in mailing_for(karim.association, KIND["activation"], [audience]).recipients]
        for audience in Audience.values
    }
    assert told == {
        "school": ["ecole0@exemple.fr"],
        "mandataire": ["claire@exemple.fr"],
        "people": ["claire@exemple.fr", "luc@exemple.fr"],
    }


def test_chosen_coops_alone_and_those_that_need_nothing_are_told_apart(karim: AssociationAccess) -> None:
    one, other, _ = coops(3)
    give_mandate(author=SYSTEM, coop=other, holder="Claire Perrin", start=date(2025, 9, 1))
    row = started(karim, plan("mandat", chosen=[other.rne, one.rne, "0330000X"]))
    work()
    assert rows(row) == [("0910000A", "ecole0@exemple.fr", ""), ("0910001A", "", "Rien à lui demander aujourd’hui")]


def test_a_coop_that_does_meanwhile_what_is_asked_is_not_reminded(karim: AssociationAccess) -> None:
    (coop,) = coops(1)
    row = started(karim, plan("mandat"))
    give_mandate(author=SYSTEM, coop=coop, holder="Claire Perrin", start=date(2025, 9, 1))
    work()
    assert rows(row) == [("0910000A", "", "Rien à lui demander aujourd’hui")]


def test_a_campaign_for_nobody_ends_at_once(karim: AssociationAccess) -> None:
    row = started(karim)
    work()
    assert (row.rnes, row.is_running, Reminder.objects.count()) == ([], False, 0)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"text": "Bonjour {mandatire}"}, "{mandatire} n’est pas un champ."),
        ({"subject": "Le {date limite}", "deadline": None}, "Le texte parle d’une date limite : indiquez-la."),
        ({"audience": []}, "Choisissez à qui écrire."),
    ],
)
def test_what_stands_in_the_way_is_said(karim: AssociationAccess, more: dict[str, object], refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        started(karim, plan(**more))
    assert plain(str(refused.value)).split(" Ceux")[0] == refusal
    assert Campaign.objects.count() == 0


def test_without_mail_and_by_the_federation_nothing_is_sent(karim: AssociationAccess, settings: Settings) -> None:
    fanny = AssociationAccess(karim.user, RoleKind.FEDERATION, karim.association)
    with pytest.raises(Refused, match=r"^Les relances sont envoyées par l’association départementale\.$"):
        started(fanny)
    settings.CAN_SEND_MAIL = False
    with pytest.raises(Refused, match=r"^Cette installation n’envoie pas de courriels\.$"):
        services.start_campaign(access=karim, plan=plan())


class TestPlanned:
    @pytest.fixture(autouse=True)
    def _by_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        Clock(monkeypatch).at(10, 0)

    def test_it_leaves_by_itself_on_its_day_once(self, karim: AssociationAccess) -> None:
        coops(2)
        row = planned(karim)
        assert services.start_due_campaigns() == 0
        moved_to(row, timezone.localdate())
        assert [services.start_due_campaigns(), services.start_due_campaigns(), services.start_planned(key=row.pk)] == [1, 0, False]
        work()
        assert [reason for *_, reason in rows(row)] == ["", ""]
        assert list(faults()) == []

    def test_one_that_is_suspended_stays(self, karim: AssociationAccess) -> None:
        row = moved_to(planned(karim), timezone.localdate())
        services.switch_campaign(access=karim, key=row.pk, off=True)
        assert services.start_due_campaigns() == 0
        services.switch_campaign(access=karim, key=row.pk, off=False)
        assert services.start_due_campaigns() == 1
        with pytest.raises(Refused, match=r"^Cette relance est déjà partie\.$"):
            services.switch_campaign(access=karim, key=row.pk, off=True)

    def test_one_whose_day_is_long_past_stays(self, karim: AssociationAccess) -> None:
        moved_to(planned(karim), timezone.localdate() - timedelta(days=8))
        assert services.start_due_campaigns() == 0

    def test_it_can_be_changed_until_then(self, karim: AssociationAccess) -> None:
        row, day = planned(karim), timezone.localdate() + timedelta(days=30)
        services.change_campaign(access=karim, key=row.pk, plan=plan(subject="Autre objet"), day=day)
        row.refresh_from_db()
        assert (row.headline, row.planned_on) == ("Autre objet", day)
        for wrong in (None, timezone.localdate()):
            with pytest.raises(Refused, match=r"^Choisissez un jour à venir, ou envoyez maintenant\.$"):
                services.change_campaign(access=karim, key=row.pk, plan=plan(), day=wrong)


def test_nothing_leaves_before_eight_in_the_morning(karim: AssociationAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    moved_to(planned(karim), timezone.localdate())
    Clock(monkeypatch).at(7, 59)
    assert services.start_due_campaigns() == 0


def test_stopping_what_has_not_left_is_refused(karim: AssociationAccess) -> None:
    with pytest.raises(Refused, match=r"^Cette relance n’est pas partie\.$"):
        services.stop_campaign(access=karim, key=planned(karim).pk)
