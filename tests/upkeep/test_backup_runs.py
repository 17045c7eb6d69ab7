"""Runs of upkeep: noted, told by mail where they fail, said on the pages of the AD and the federation."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from retkoop.network.models import DepartmentalAssociation, RoleKind
from retkoop.upkeep.locks import alone
from retkoop.upkeep.models import UpkeepRun
from retkoop.upkeep.queries import last_good, remarks
from retkoop.upkeep.runs import run_backup, run_verification
from retkoop.upkeep.worker import do_what_is_due
from tests.cast import logged_in, make_staff
from tests.clock import Clock
from tests.pages import main_text, notices

CALL = "Prévenez la personne qui entretient cette installation."


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    """A folder of its own: other tests have locks and backups too."""
    settings.HOME, settings.BACKUP_FOLDER = tmp_path, tmp_path / "sauvegardes"
    documents = {"BACKEND": settings.STORAGES["documents"]["BACKEND"], "OPTIONS": {"location": tmp_path / "documents"}}
    settings.STORAGES = {**settings.STORAGES, "documents": documents}
    return tmp_path


@pytest.fixture
def nowhere(settings: Settings, tmp_path: Path) -> None:
    """No backup can be made."""
    (tmp_path / "file").touch()
    settings.BACKUP_FOLDER = tmp_path / "file" / "folder"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2026, 11, 27, 14, 5)
    return clock


committed = pytest.mark.django_db(transaction=True)
"""SQLite copies no database in which this very connection has something uncommitted."""


@committed
@pytest.mark.only_on("sqlite")
def test_a_backup_is_noted(home: Path) -> None:
    run = run_backup()
    assert run is not None
    (file,) = (home / "sauvegardes").iterdir()
    assert (run.kind, run.ok, run.message, run.size) == ("backup", True, str(file), file.stat().st_size)
    assert last_good("backup") == run


@committed
@pytest.mark.only_on("sqlite")
def test_old_backups_go_and_nothing_else_does(home: Path, settings: Settings) -> None:
    settings.BACKUPS_KEPT = (1, 1)
    (home / "sauvegardes").mkdir()
    for name in ("retkoop-2026-01-01-000000.tar", "retkoop-2026-01-02-000000.tar.age", "photos.tar"):
        (home / "sauvegardes" / name).touch()
    run_backup()
    assert [entry.name for entry in (home / "sauvegardes").iterdir() if "2026-01" in entry.name or entry.name == "photos.tar"] == [
        "photos.tar"
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("nowhere")
def test_a_failure_is_noted_and_mailed_once_a_day(settings: Settings, mailoutbox: list[EmailMessage], clock: Clock, home: Path) -> None:
    settings.UPKEEP_MAIL, settings.CAN_SEND_MAIL = ["maintenance@example.org"], True
    run = run_backup()
    sentence = f"La sauvegarde n’a pas été faite : Not a directory ({home / 'file/folder'})."
    assert run is not None
    assert (run.ok, run.message) == (False, sentence)
    clock.advance(minutes=10)
    run_backup()
    clock.advance(days=1)
    run_backup()
    assert [(mail.subject, mail.to) for mail in mailoutbox] == [("Retkoop : la sauvegarde a échoué", ["maintenance@example.org"])] * 2
    assert sentence in str(mailoutbox[0].body)


@pytest.mark.django_db
@pytest.mark.usefixtures("nowhere")
def test_without_mail_a_failure_is_noted_all_the_same(mailoutbox: list[EmailMessage]) -> None:
    run_backup()
    assert (UpkeepRun.objects.get().ok, mailoutbox) == (False, [])


@pytest.mark.django_db
def test_a_verification_is_noted(clock: Clock) -> None:
    run = run_verification()
    assert run is not None
    assert (run.kind, run.ok, run.message, run.started) == ("verification", True, "", clock.time)


@pytest.mark.django_db
def test_what_a_verification_found_is_noted(mailoutbox: list[EmailMessage], settings: Settings) -> None:
    settings.UPKEEP_MAIL, settings.CAN_SEND_MAIL = ["maintenance@example.org"], True
    DepartmentalAssociation.objects.filter(department="91").update(name="Autre")
    run = run_verification()
    assert run is not None
    assert run.ok is False
    assert "modifié en dehors de l’application" in run.message
    assert [mail.subject for mail in mailoutbox] == ["Retkoop : la vérification a trouvé des anomalies"]


@pytest.mark.django_db
def test_runs_of_more_than_a_year_ago_are_forgotten(clock: Clock) -> None:
    run_verification()
    clock.advance(days=401)
    run_verification()
    assert [run.started for run in UpkeepRun.objects.all()] == [clock.time]


@committed
def test_two_workers_do_not_make_two_backups() -> None:
    told: list[UpkeepRun | None] = []

    def try_too() -> None:
        told.append(run_backup())
        connection.close()

    with alone("backup") as free:
        other = threading.Thread(target=try_too)
        other.start()
        other.join()
    assert (free, told, UpkeepRun.objects.count()) == (True, [None], 0)


@pytest.mark.django_db
def test_what_another_worker_has_just_done_is_not_done_again() -> None:
    assert run_backup(if_due=lambda: False) is None
    assert UpkeepRun.objects.count() == 0


@committed
@pytest.mark.only_on("sqlite")
def test_a_day_as_the_schedule_has_it(clock: Clock) -> None:
    for _ in range(3 * 26):
        do_what_is_due()
        clock.advance(minutes=20)
    local = [(run.kind, f"{timezone.localtime(run.started):%d %H:%M}") for run in UpkeepRun.objects.order_by("started", "pk")]
    assert local[:3] == [("backup", "27 14:05"), ("backup", "27 15:05"), ("backup", "27 16:05")]
    assert [moment for kind, moment in local if kind == "verification"] == ["28 02:45"]
    assert ("backup", "28 02:45") in local


def note(kind: str, *, ok: bool = True) -> None:
    UpkeepRun.objects.create(kind=kind, started=timezone.now(), ended=timezone.now(), ok=ok)


@pytest.mark.django_db
def test_before_anything_was_done() -> None:
    assert remarks() == [
        ("plain", "Aucune sauvegarde encore\u202f: la première se fait dans la minute qui suit l’ouverture de Retkoop."),
        ("plain", "Aucune vérification encore\u202f: la première se fait la nuit prochaine."),
    ]


@pytest.mark.django_db
def test_when_all_is_well(clock: Clock) -> None:
    note("verification")
    note("backup")
    assert remarks() == [
        ("plain", "Dernière sauvegarde réussie\u202f: aujourd’hui à 14\u00a0h\u00a005."),
        ("plain", "Dernière vérification\u202f: aujourd’hui à 14\u00a0h\u00a005, tout est juste."),
    ]
    clock.set(2026, 11, 28, 0, 5)
    assert remarks()[0] == ("plain", "Dernière sauvegarde réussie\u202f: hier à 14\u00a0h\u00a005.")


@pytest.mark.django_db
def test_when_the_last_one_failed(clock: Clock) -> None:
    note("backup", ok=False)
    sentence = f"La sauvegarde a échoué (aujourd’hui à 14\u00a0h\u00a005). Aucune sauvegarde n’a encore réussi. {CALL}"
    assert remarks()[0] == ("bad", sentence)
    note("backup")
    clock.advance(days=2)
    note("backup", ok=False)
    note("verification", ok=False)
    good = "Dernière sauvegarde réussie\u202f: le 27\u00a0novembre 2026 à 14\u00a0h\u00a005."
    assert remarks() == [
        ("bad", f"La sauvegarde a échoué (aujourd’hui à 14\u00a0h\u00a005). {good} {CALL}"),
        ("bad", f"La vérification a trouvé des anomalies (aujourd’hui à 14\u00a0h\u00a005). {CALL}"),
    ]


@pytest.mark.django_db
def test_when_none_was_made_for_a_while(clock: Clock) -> None:
    note("backup")
    clock.advance(hours=27)
    said = "Dernière sauvegarde réussie\u202f: hier à 14\u00a0h\u00a005. Aucune n’a été faite depuis."
    assert remarks()[0] == ("bad", f"{said} {CALL}")


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "path"), [(RoleKind.ANIMATEUR, "/ad/91/"), (RoleKind.FEDERATION, "/federation/")])
def test_pages_of_the_ad_and_the_federation_say_it(clock: Clock, kind: RoleKind, path: str) -> None:
    user = make_staff("bob", kind, None if kind is RoleKind.FEDERATION else "91")
    note("backup")
    note("verification", ok=False)
    answer = logged_in(user).get(path)
    assert "Dernière sauvegarde réussie\u202f: aujourd’hui à 14\u00a0h\u00a005." in main_text(answer)
    assert notices(answer) == [f"La vérification a trouvé des anomalies (aujourd’hui à 14\u00a0h\u00a005). {CALL}"]
