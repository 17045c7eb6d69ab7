from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.core.management import call_command
from django.utils.timezone import localdate

from retkoop.archive.models import Document, DocumentKind
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book, KeptFinding, Operation
from retkoop.books.queries import standing_of
from retkoop.domain.board import CraProgress
from retkoop.domain.checks import CHECKS
from retkoop.domain.closing import ClosingState
from retkoop.domain.passwords import STAFF_MINIMUM, password_problems
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import LampState, lamps
from retkoop.network.access import running_roles
from retkoop.network.models import Coop, DepartmentalAssociation, RoleKind
from retkoop.network.services import create_coop, create_staff
from retkoop.oversight.board.queries import facts_of
from retkoop.upkeep.demonstration import COOP_LOG_IN, LOG_INS, STAFF, STORIES, TO_ACTIVATE, install
from retkoop.upkeep.verification import faults
from retkoop.users.models import User
from retkoop.users.services import activate
from retkoop.year_end.models import SealedReport
from tests.books.test_import_book import run_command

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
TOLD = """\
Pour se connecter :
  Coopérative à activer          identifiant 0910000A           mot de passe coop0000A
  Coopérative avec ses comptes   identifiant 0919001A           mot de passe papillon vert et bleu
  Animateur de l’OCCE 91         identifiant animateur91        mot de passe carnet rouge du lundi
  Administrateur de l’OCCE 91    identifiant administrateur91   mot de passe grande ourse du jeudi
  Fédération                     identifiant federation         mot de passe quatre saisons en ville
"""


def states(rne: str, start: int) -> list[LampState]:
    book = Book.objects.select_related("coop__association").get(coop__rne=rne, start=start)
    return [lamp.state for lamp in lamps(standing_of(book))]


@pytest.fixture(scope="class")
def installed(lasting: None) -> None:
    install(TODAY)


def assert_whole_and_sound(today: date) -> None:
    assert set(Coop.objects.values_list("rne", flat=True)) == {TO_ACTIVATE, *(story.rne for story in STORIES)}
    assert Coop.objects.exclude(association__department="91").count() == 0
    assert list(faults()) == []
    assert not Operation.objects.filter(book__start=SchoolYear.containing(today).start, date__gt=today).exists()


@pytest.mark.parametrize("today", [date(2026, 9, 1), date(2027, 2, 28), date(2027, 8, 31)])
def test_it_is_whole_and_sound_on_any_day(today: date) -> None:
    install(today)
    assert_whole_and_sound(today)


@pytest.mark.usefixtures("installed")
class TestInstalled:
    def test_it_is_whole_and_sound(self) -> None:
        assert_whole_and_sound(TODAY)

    def test_every_check_has_something_to_show(self) -> None:
        assert {check.code for check in CHECKS} - set(KeptFinding.objects.values_list("code", flat=True)) == set()

    def test_a_year_is_right_with_three_green_lamps(self) -> None:
        green = [LampState.GOOD] * 3
        assert states(COOP_LOG_IN.username, 2025) == green
        assert states("0919004D", 2025) == green
        assert not KeptFinding.objects.filter(book__coop__rne=COOP_LOG_IN.username, book__start=2025, severity="erreur").exists()

    def test_others_are_fresh_under_way_or_wrong(self) -> None:
        todo, bad, good = LampState.TODO, LampState.BAD, LampState.GOOD
        assert states("0919002B", 2026) == [todo, todo, todo]
        assert states("0919003C", 2026) == [good, good, todo]
        assert states("0919005E", 2025) == [bad, good, good]
        assert states("0919006F", 2025) == [good, good, bad]
        assert states("0919007G", 2025) == [good, bad, good]
        assert states("0919012M", 2025) == [good, todo, todo]

    def test_the_board_of_its_ad_shows_each_state(self) -> None:
        coops = facts_of(DepartmentalAssociation.objects.get(department="91"), SchoolYear(2025))
        closings = {one.rne: one.closing for one in coops if one.closing is not ClosingState.PREPARING}
        assert closings == {story.rne: story.ended for story in STORIES if story.ended is not None}
        assert set(closings.values()) == set(ClosingState) - {ClosingState.PREPARING}
        assert [one.rne for one in coops if not one.activated] == [TO_ACTIVATE, "0919002B"]
        assert {(one.cra, one.is_signed) for one in coops if one.rne in closings} == {(CraProgress.DONE, True)}
        assert sum(one.open_help for one in coops) == 2

    def test_what_was_sent_is_sealed_with_its_last_statement(self) -> None:
        sent = {story.rne for story in STORIES if story.ended not in {None, ClosingState.SIGNING}}
        assert set(SealedReport.objects.values_list("coop__rne", flat=True)) == sent
        assert set(Document.objects.filter(kind=DocumentKind.STATEMENT, coop__rne__in=sent).values_list("coop__rne", flat=True)) == sent

    def test_the_coop_of_the_leaflet_waits_for_its_first_log_in(self) -> None:
        user = User.objects.get(username=TO_ACTIVATE)
        assert (user.activated_at, user.initial_spent, user.has_usable_password(), user.is_active) == (None, False, False, True)
        assert not Book.objects.filter(coop__rne=TO_ACTIVATE).exists()

    def test_the_log_ins_open_what_they_say(self) -> None:
        for log_in in LOG_INS:
            user = User.objects.get(username=log_in.username)
            assert check_password(log_in.password, user.password)
            assert password_problems(log_in.password, user.own_words, STAFF_MINIMUM) == []
        kinds = {log_in.username: running_roles(User.objects.get(username=log_in.username)).get().kind for log_in in LOG_INS}
        assert kinds == {COOP_LOG_IN.username: RoleKind.COOP} | {log_in.username: kind for kind, _, log_in in STAFF}

    def test_no_real_school_can_be_written_to(self) -> None:
        assert {address.rpartition(".")[2] for address in Coop.objects.values_list("email", flat=True)} == {"invalid"}
        assert mail.outbox == []

    def test_a_second_time_keeps_everything(self) -> None:
        Coop.objects.filter(rne=TO_ACTIVATE).update(name="Notre école")
        before = [list(model.objects.order_by("pk").values()) for model in (Coop, User, Book, Operation, KeptFinding)]
        install(TODAY)
        assert [list(model.objects.order_by("pk").values()) for model in (Coop, User, Book, Operation, KeptFinding)] == before


def test_what_was_there_before_is_left_alone() -> None:
    create_coop(author=SYSTEM, rne=TO_ACTIVATE, name="Notre école")
    install(TODAY)
    assert Coop.objects.get(rne=TO_ACTIVATE).name == "Notre école"
    assert Coop.objects.count() == len(STORIES) + 1


def test_it_is_not_put_among_real_people() -> None:
    user = create_staff(author=SYSTEM, username="m.vrai", name="M. Vrai", kind=RoleKind.FEDERATION)
    activate(user=user, password="un vrai mot de passe")
    why = "De vraies personnes travaillent ici : donnez à la démonstration un autre dossier (RETKOOP_HOME).\n"
    assert run_command("demo", "--no-serve") == (1, "", why)
    assert Coop.objects.count() == 0


def test_the_command_tells_the_log_ins() -> None:
    out = io.StringIO()
    call_command("demo", "--no-serve", stdout=out)
    assert out.getvalue() == TOLD
    assert Book.objects.filter(start=SchoolYear.containing(localdate()).previous.start).exists()


def test_from_nothing_the_command_makes_the_data_folder(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RETKOOP_")}
    environment["RETKOOP_HOME"] = str(tmp_path / "home")
    command = [str(Path(sys.executable).parent / "retkoop"), "demo", "--no-serve"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, TOLD, "")
    assert (tmp_path / "home" / "retkoop.sqlite3").exists()
