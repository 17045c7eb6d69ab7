"""Power cut or full disk, in a process of its own: nothing half done, and what was there before is there still."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.made import new_home
from tests.upkeep.installations import RETKOOP, Installation

LARGE = 120_000_000
PATIENCE = 30


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with a document that takes a while to copy."""
    installation = Installation(new_home(tmp_path_factory.mktemp("large") / "home"))
    installation.retkoop("generate", "--coops", "1", "--operations", "3")
    content = b"x" * LARGE
    digest = sha256(content).hexdigest()
    (installation.home / "documents" / digest[:2]).mkdir(parents=True)
    (installation.home / "documents" / digest[:2] / digest).write_bytes(content)
    return installation


@pytest.fixture(scope="module")
def large_tar(large: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large backup")
    large.retkoop("backup", folder)
    (file,) = folder.iterdir()
    return file


def kill_when(seen: Callable[[], bool], installation: Installation, *command: str | Path) -> None:
    """Start a command, and kill it on the spot once something can be seen."""
    with subprocess.Popen([RETKOOP, *command], env=installation.environment, stdout=subprocess.DEVNULL) as process:
        until = time.monotonic() + PATIENCE
        while not seen():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.001)
        process.kill()
    assert process.returncode == -signal.SIGKILL


def test_somebody_who_begins_to_work_there_meanwhile_is_not_thrown_out(large_tar: Path, tmp_path: Path) -> None:
    elsewhere, home = Installation(tmp_path / "unused"), tmp_path / "home"
    command: list[str | Path] = [RETKOOP, "restore", large_tar, "--to", home]
    with subprocess.Popen(command, env=elsewhere.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        while not is_under_way(tmp_path, "home/documents/*/*", 0)():
            assert process.poll() is None
        process.send_signal(signal.SIGSTOP)
        home.mkdir()
        (home / "retkoop.sqlite3").write_bytes(b"begun")
        process.send_signal(signal.SIGCONT)
        _, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, told.startswith(f"{home} n’est pas vide.")) == (1, True)
    assert (home / "retkoop.sqlite3").read_bytes() == b"begun"


def is_under_way(folder: Path, name: str, size: int) -> Callable[[], bool]:
    return lambda: any(file.stat().st_size >= size for file in folder.glob(f".retkoop-*.part/{name}"))


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize("size", [0, 1, LARGE // 2])
def test_a_backup_that_was_killed_leaves_no_backup(large: Installation, tmp_path: Path, size: int) -> None:
    kill_when(is_under_way(tmp_path, "backup", size), large, "backup", tmp_path)
    assert [name for name in names_in(tmp_path) if name.startswith("retkoop-")] == []
    large.retkoop("backup", tmp_path)
    (name,) = names_in(tmp_path)  # and the next one sweeps up
    assert name.startswith("retkoop-")
    assert (tmp_path / name).stat().st_size > LARGE


@pytest.mark.parametrize("name", ["home", "home/documents/*/*"])
def test_a_restoration_that_was_killed_leaves_no_folder(large_tar: Path, tmp_path: Path, name: str) -> None:
    elsewhere = Installation(tmp_path / "unused")
    kill_when(is_under_way(tmp_path, name, 0), elsewhere, "restore", large_tar, "--to", tmp_path / "home")
    assert not (tmp_path / "home").exists()
    elsewhere.retkoop("restore", large_tar, "--to", tmp_path / "home")
    assert names_in(tmp_path) == ["home", "unused"]


def test_what_was_there_outlives_a_restoration_that_was_killed(original: Installation, large_tar: Path, tmp_path: Path) -> None:
    home = Installation(tmp_path / "home")
    original.retkoop("backup", tmp_path / "backups")
    (file,) = (tmp_path / "backups").iterdir()
    home.retkoop("restore", file)
    rows, files = home.rows(), home.files()
    kill_when(is_under_way(tmp_path, "home/documents/*/*", 0), home, "restore", large_tar, "--force")
    assert (home.rows(), home.files()) == (rows, files)


KILLED = """
import os, signal, sys
_, event, word, *command = sys.argv
sys.argv = ["retkoop", *command]

def watch(happening, told):
    if happening == event and any(word in str(one) for one in told):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
from retkoop.config.command import main
main()
"""


def kill_before(event: str, told: str, installation: Installation, *command: str | Path) -> None:
    """Run a command that is killed on the spot just before it does something, as Python tells it (`sys.audit`)."""
    arguments = [sys.executable, "-c", KILLED, event, told, *command]
    done = subprocess.run(arguments, env=installation.environment, capture_output=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr


def at_work(original: Installation, folder: Path) -> Installation:
    """Copy an installation, with a file that tells it from all others."""
    shutil.copytree(original.home, folder / "retkoop")
    (folder / "retkoop/old").touch()
    return Installation(folder / "retkoop")


def test_a_new_folder_never_bears_the_name_of_the_old_one(original: Installation, tar: Path, tmp_path: Path) -> None:
    home = at_work(original, tmp_path)
    kill_before("ctypes.dlsym", "renameat2", home, "restore", tar, "--force")
    (left,) = (name for name in names_in(tmp_path) if name.startswith(".restauration-"))
    assert [name for name in names_in(tmp_path) if "-avant-" in name] == []
    assert ((home.home / "old").exists(), (tmp_path / left / "old").exists()) == (True, False)
    home.retkoop("restore", tar, "--force")  # and the next one sweeps up
    aside, there = names_in(tmp_path)[::-1]
    assert (there, aside.startswith("retkoop-avant-"), (tmp_path / aside / "old").exists()) == ("retkoop", True, True)


def test_an_old_folder_that_has_left_its_place_is_never_swept_away(original: Installation, tar: Path, tmp_path: Path) -> None:
    home = at_work(original, tmp_path)
    kill_before("os.rename", "-avant-", home, "restore", tar, "--force")
    (left,) = (name for name in names_in(tmp_path) if name.startswith(".restauration-"))
    assert ((home.home / "old").exists(), (tmp_path / left / "old").exists()) == (False, True)
    home.retkoop("restore", tar, "--force")
    first, second, there = *(name for name in names_in(tmp_path) if "-avant-" in name), names_in(tmp_path)[0]
    assert (there, (tmp_path / first / "old").exists(), (tmp_path / second / "old").exists()) == ("retkoop", True, False)


def with_little_room(installation: Installation, kilobytes: int, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command whose files may not grow beyond a size, as on a disk that is full."""
    limited = ["/bin/sh", "-c", f'ulimit -f {kilobytes * 2}; exec "$0" "$@"', RETKOOP, *command]
    return subprocess.run(limited, env=installation.environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_full_disk_is_told_by_a_backup(large: Installation, tmp_path: Path) -> None:
    done = with_little_room(large, 20_000, "backup", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "La sauvegarde n’a pas été faite : il n’y a plus de place sur le disque.\n"
    assert names_in(tmp_path) == []


def test_a_full_disk_is_told_by_an_encrypted_backup(large: Installation, tmp_path: Path) -> None:
    key = "AGE-SECRET-KEY-1TDGSDV3Y7QUWE9YKW2U4PRX57SU729R20NRSQV7FETHFYN6NLLUSZ0WM90"
    done = with_little_room(Installation(large.home, said={"RETKOOP_BACKUP_KEY": key}), 20_000, "backup", tmp_path)
    assert (done.returncode, done.stderr) == (1, "La sauvegarde n’a pas été faite : il n’y a plus de place sur le disque.\n")
    assert names_in(tmp_path) == []


def test_a_disk_without_room_for_the_database_is_told(original: Installation, tmp_path: Path) -> None:
    done = with_little_room(original, 200, "backup", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("La base de données ne peut pas être copiée : ")
    assert names_in(tmp_path) == []


def test_a_full_disk_is_told_by_a_restoration(large_tar: Path, tmp_path: Path) -> None:
    done = with_little_room(Installation(tmp_path / "unused"), 20_000, "restore", large_tar, "--to", tmp_path / "home")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Rien n’a été restauré : il n’y a plus de place sur le disque.\n"
    assert names_in(tmp_path) == ["unused"]


def test_a_folder_that_cannot_be_written_is_told(original: Installation, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = original.run("backup", tmp_path / "file" / "folder")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"La sauvegarde n’a pas été faite : Not a directory ({tmp_path / 'file/folder'}).\n"


def test_a_key_that_is_none_is_told(original: Installation, tmp_path: Path) -> None:
    done = Installation(original.home, said={"RETKOOP_BACKUP_KEY": "secret"}).run("backup", tmp_path)
    sentence = "RETKOOP_BACKUP_KEY n’est pas une clé : elle commence par AGE-SECRET-KEY-1, comme l’écrit age-keygen.\n"
    assert (done.returncode, done.stderr, names_in(tmp_path)) == (1, sentence, [])


def test_memory_stays_flat(large: Installation, tmp_path: Path) -> None:
    """A document of 120 MB goes through a process that may not take 120 MB more than it has at rest."""
    key = "AGE-SECRET-KEY-1TDGSDV3Y7QUWE9YKW2U4PRX57SU729R20NRSQV7FETHFYN6NLLUSZ0WM90"
    peaks = []
    for installation in (Installation(tmp_path / "empty"), Installation(large.home, said={"RETKOOP_BACKUP_KEY": key})):
        with subprocess.Popen(
            [RETKOOP, "backup", tmp_path / "backups"], env=installation.environment, stdout=subprocess.DEVNULL
        ) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        peaks.append(usage.ru_maxrss)
    assert peaks[1] - peaks[0] < 40_000
