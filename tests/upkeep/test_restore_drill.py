"""The drill: what is restored elsewhere is the original, row by row and file by file."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest

from tests.books.coops import plain
from tests.upkeep.installations import CONTENTS, Installation, new_database
from tests.upkeep.test_restore import members_of, repacked, with_manifest

HELD = "2\u00a0coopératives, 2\u00a0cahiers, 60\u00a0opérations, 4\u00a0documents"
KEY = str(pyrage.x25519.Identity.generate())


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


@pytest.mark.parametrize("key", ["", KEY], ids=["plain", "encrypted"])
def test_restored_elsewhere_it_is_the_original(original: Installation, tmp_path: Path, key: str) -> None:
    said = {"RETKOOP_BACKUP_KEY": key}
    Installation(original.home, said=said).retkoop("backup", tmp_path / "backups")
    elsewhere = Installation(tmp_path / "another machine" / "home", said=said)
    elsewhere.retkoop("restore", only_file(tmp_path / "backups"))
    assert (elsewhere.rows(), elsewhere.files()) == (original.rows(), original.files())
    assert len(elsewhere.files()) == len(CONTENTS) + 1
    assert elsewhere.retkoop("verify") == original.retkoop("verify")


def test_what_is_said(original: Installation, tmp_path: Path) -> None:
    said = original.retkoop("backup", tmp_path)
    file = only_file(tmp_path)
    assert said == f"Sauvegarde faite : {file}\n{HELD}\n"
    said = original.retkoop("restore", file, "--to", tmp_path / "new")
    first, second = said.splitlines()
    assert first.startswith("Sauvegarde du ")
    assert first.endswith(f" restaurée dans {tmp_path / 'new'}")
    assert second == HELD


def test_what_the_backup_could_not_hold_as_it_should_is_said_again(original: Installation, tmp_path: Path) -> None:
    damaged = Installation(tmp_path / "damaged")
    shutil.copytree(original.home, damaged.home)
    altered, missing = sorted((damaged.home / "documents").glob("??/*"))[:2]
    altered.write_bytes(b"something else")
    missing.unlink()
    damaged.retkoop("backup", tmp_path / "backups")
    done = damaged.run("restore", only_file(tmp_path / "backups"), "--to", tmp_path / "new")
    assert (done.returncode, plain(done.stderr).splitlines()) == (
        0,
        [
            f"document {missing.name} : il manquait déjà quand la sauvegarde a été faite",
            f"document {altered.name} : il était déjà modifié quand la sauvegarde a été faite",
        ],
    )
    assert (tmp_path / "new/documents" / altered.parent.name / altered.name).read_bytes() == b"something else"


def test_people_work_meanwhile(original: Installation, tmp_path: Path) -> None:
    """A backup is made of the last moment that was committed, and waits for nobody."""
    home = tmp_path / "home"
    before = replace(original, home=Path(shutil.copytree(original.home, home)))
    with closing(sqlite3.connect(home / "retkoop.sqlite3", isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        busy.execute("DELETE FROM books_keptfinding")
        before.retkoop("backup", tmp_path / "backups")
        busy.execute("ROLLBACK")
    after = Installation(tmp_path / "after")
    after.retkoop("restore", only_file(tmp_path / "backups"))
    assert after.rows() == before.rows()


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("key", ["", KEY], ids=["plain", "encrypted"])
def test_on_postgresql_too(shared: Installation, tmp_path: Path, key: str) -> None:
    said = {"RETKOOP_BACKUP_KEY": key}
    original = replace(shared, said=said)
    assert original.retkoop("backup", tmp_path / "backups").splitlines()[1] == HELD
    with new_database() as url:
        elsewhere = Installation(tmp_path / "elsewhere", url, said)
        elsewhere.retkoop("restore", only_file(tmp_path / "backups"))
        assert (elsewhere.rows(), elsewhere.files()) == (original.rows(), original.files())
        assert elsewhere.retkoop("verify") == original.retkoop("verify")


@pytest.mark.only_on("postgresql")
def test_a_database_that_holds_something_is_not_overwritten(shared: Installation, database: str, tmp_path: Path) -> None:
    there = Installation(Path(shutil.copytree(shared.home, tmp_path / "home")), database)
    there.retkoop("backup", tmp_path / "backups")
    file, rows = only_file(tmp_path / "backups"), there.rows()
    there.retkoop("generate", "--coops", "1", "--operations", "3", "--seed", "9")
    changed = there.rows()
    done = there.run("restore", file, "--to", tmp_path / "new")
    sentence = "La base de données de RETKOOP_DATABASE_URL contient déjà des tables. Indiquez une base vide, "
    assert (done.returncode, done.stderr) == (1, f"{sentence}ou ajoutez --force : l’ancien contenu sera gardé à part.\n")
    assert (there.rows(), (tmp_path / "new").exists()) == (changed, False)
    there.retkoop("restore", file, "--to", tmp_path / "new", "--force")
    assert there.rows() == rows
    assert only_file(tmp_path / "new/sauvegardes").read_bytes()[:5] == b"PGDMP"


@pytest.mark.only_on("postgresql")
def test_where_the_server_refuses_the_folder_goes_back(shared: Installation, database: str, tmp_path: Path) -> None:
    there = Installation(Path(shutil.copytree(shared.home, tmp_path / "place/home")), database)
    there.retkoop("backup", tmp_path / "backups")
    file, rows, files = only_file(tmp_path / "backups"), there.rows(), there.files()
    dump, *others = members_of(file.read_bytes())
    dump.content = dump.content[: len(dump.content) // 2]
    digests = {dump.name: sha256(dump.content).hexdigest()}
    file.write_bytes(with_manifest(repacked([dump, *others]), lambda said: said["sha256"].update(digests)))
    assert there.run("restore", file, "--force").returncode == 1
    assert ([entry.name for entry in (tmp_path / "place").iterdir()], there.rows(), there.files()) == (["home"], rows, files)
    new = there.run("restore", file, "--to", tmp_path / "place/new", "--force")
    assert (new.returncode, [entry.name for entry in (tmp_path / "place").iterdir()], there.rows()) == (1, ["home"], rows)


@pytest.mark.only_on("postgresql")
def test_without_the_programs_of_postgresql_it_says_which_to_install(database: str, tmp_path: Path) -> None:
    there = Installation(tmp_path / "home", database, {"PATH": os.devnull})
    done = there.run("backup", tmp_path / "backups")
    sentence = "pg_dump est introuvable : installez les programmes de PostgreSQL (paquet postgresql-client), de la version du serveur.\n"
    assert (done.returncode, done.stderr, list((tmp_path / "backups").iterdir())) == (1, sentence, [])


@pytest.mark.only_on("postgresql")
def test_a_backup_of_the_other_database_is_refused(original: Installation, shared: Installation, tmp_path: Path) -> None:
    original.retkoop("backup", tmp_path / "of sqlite")
    with new_database() as url:
        done = Installation(tmp_path / "elsewhere", url).run("restore", only_file(tmp_path / "of sqlite"))
    sentence = "Cette sauvegarde contient une base SQLite, mais RETKOOP_DATABASE_URL désigne PostgreSQL : retirez cette variable.\n"
    assert (done.returncode, done.stderr) == (1, sentence)
    shared.retkoop("backup", tmp_path / "of postgresql")
    done = original.run("restore", only_file(tmp_path / "of postgresql"), "--to", tmp_path / "new")
    sentence = "Cette sauvegarde vient de PostgreSQL : indiquez dans RETKOOP_DATABASE_URL une base PostgreSQL vide qui la recevra.\n"
    assert (done.returncode, done.stderr, (tmp_path / "new").exists()) == (1, sentence, False)
