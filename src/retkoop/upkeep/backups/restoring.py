"""Restoring: everything is unpacked and checked beside its place, then takes it at once."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from retkoop.upkeep.backups import databases, tape
from retkoop.upkeep.backups.cipher import WrongKey
from retkoop.upkeep.backups.making import FORMAT
from retkoop.upkeep.backups.reading import opened
from retkoop.upkeep.backups.refusals import CannotRestore, reason_of
from retkoop.upkeep.backups.workspace import sync, workspace

BACKUPS: Final = "sauvegardes"
IN_SERVICE: Final = ".en-service"
_MARKS: Final = (tape.SECRET_KEY, IN_SERVICE, ".backup.lock", ".verification.lock")
_NOTHING: Final = frozenset({*_MARKS, BACKUPS})
"""What a folder may hold before anybody has worked there: the first command draws a key, and a backup may have been put there."""
_TORN: Final = "Ce fichier n’est pas une sauvegarde entière de Retkoop, ou il a été altéré : rien n’a été restauré."
_NEWER: Final = "Cette sauvegarde a été faite par une version plus récente de Retkoop : installez-la d’abord."


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where what was there before is kept."""

    made_at: datetime
    counts: dict[str, int]
    missing: list[str]
    aside: Path | None


def restore(file: Path, *, to: Path, force: bool, now: datetime) -> Restored:
    """Make a data folder of a backup. Raises CannotRestore: then nothing has changed."""
    to = to.resolve()
    _refuse_a_place(to, force=force)
    aside = to.with_name(f"{to.name}-avant-{timezone.localtime(now):%Y-%m-%d-%H%M%S}")
    try:
        with workspace(to.parent) as bench:
            new = bench / "home"
            manifest = _unpack(file, new)
            _check(new, manifest)
            _load(new, bench, manifest, aside=aside if force else None)
            os.sync()
            kept = _swap(new, to, aside, force=force)
    except tape.Torn:
        raise CannotRestore(_TORN) from None
    except WrongKey as refusal:
        raise CannotRestore(str(refusal)) from None
    except OSError as trouble:
        raise CannotRestore(f"Rien n’a été restauré : {reason_of(trouble)}.") from trouble
    return Restored(datetime.fromisoformat(manifest["made_at"]), manifest["counts"], manifest["missing"], kept)


def _refuse_a_place(to: Path, *, force: bool) -> None:
    if to.exists() and not to.is_dir():
        raise CannotRestore(f"{to} est un fichier, pas un dossier.")
    if to.is_mount():
        raise CannotRestore(f"{to} est un volume à lui seul, qui ne peut pas être remplacé d’un coup : indiquez un dossier dans ce volume.")
    if not force and any(entry.name not in _NOTHING for entry in (to.iterdir() if to.exists() else ())):
        raise CannotRestore(f"{to} n’est pas vide. Indiquez un autre dossier, ou ajoutez --force : l’ancien sera gardé à part.")
    if connection.vendor == "postgresql" and not force:
        databases.refuse_a_full_database()
    if _in_service(to):
        raise CannotRestore(f"Retkoop est ouvert sur {to} : fermez-le d’abord (retkoop serve, retkoop worker).")


def _in_service(home: Path) -> bool:
    """Tell whether a server or a worker holds a data folder (`upkeep.locks.in_service`)."""
    with suppress(FileNotFoundError), (home / IN_SERVICE).open("rb") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _unpack(file: Path, new: Path) -> dict[str, Any]:
    """Write the members of a backup in a new folder, and return its manifest once its seal and their digests hold."""
    digests = {}
    new.mkdir(mode=0o700)
    with opened(file) as stream:
        for name, blocks in tape.Tape(stream).members():
            if name in digests:
                raise tape.Torn
            digests[name] = _write(new / name, blocks)
    manifest = _manifest(new / tape.MANIFEST)
    for name, digest in digests.items():
        expected = manifest["altered"].get(name[-64:], name[-64:]) if name.startswith(tape.DOCUMENTS) else manifest["sha256"].get(name)
        if name != tape.MANIFEST and digest != expected:
            raise tape.Torn
    if not manifest["sha256"].keys() <= digests.keys():
        raise tape.Torn
    return manifest


def _write(target: Path, blocks: Iterator[bytes]) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = sha256()
    with target.open("xb") as written:
        for block in blocks:
            digest.update(block)
            written.write(block)
    target.chmod(0o600)
    return digest.hexdigest()


def _manifest(file: Path) -> dict[str, Any]:
    """Take the manifest out of what was unpacked."""
    try:
        manifest: dict[str, Any] = json.loads(file.read_bytes())
        file.unlink()
        if manifest["format"] > FORMAT:
            raise CannotRestore(_NEWER)
        datetime.fromisoformat(manifest["made_at"])
        complete = manifest.keys() >= {"database", "counts", "sha256", "missing", "altered"}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise tape.Torn from None
    if not complete or databases.MEMBERS.get(manifest["database"]) not in manifest["sha256"]:
        raise tape.Torn
    return manifest


def _check(new: Path, manifest: dict[str, Any]) -> None:
    """Raise CannotRestore where the database is not whole, not for this installation, or names documents that are not there."""
    if manifest["database"] != connection.vendor:
        raise CannotRestore(_OTHER_DATABASE[manifest["database"]])
    there = {file.name for file in (new / tape.DOCUMENTS).glob("??/*")}
    if connection.vendor == "sqlite":
        absent = databases.documents_named_in(new / tape.SQLITE) - there - set(manifest["missing"])
        if absent:
            raise CannotRestore(f"Il manque des documents à cette sauvegarde, rien n’a été restauré : {', '.join(sorted(absent)[:3])}…")
    if len(there) != manifest["counts"]["documents"]:
        raise tape.Torn


_OTHER_DATABASE: Final = {
    "postgresql": "Cette sauvegarde vient de PostgreSQL : indiquez dans RETKOOP_DATABASE_URL une base PostgreSQL vide qui la recevra.",
    "sqlite": "Cette sauvegarde contient une base SQLite, mais RETKOOP_DATABASE_URL désigne PostgreSQL : retirez cette variable.",
}


def _load(new: Path, bench: Path, manifest: dict[str, Any], *, aside: Path | None) -> None:
    """Hand a dump of PostgreSQL to the server, all or nothing; where something is replaced, a dump of it stays among the backups."""
    if manifest["database"] == "postgresql":
        dump = (new / tape.POSTGRESQL).replace(bench / tape.POSTGRESQL)
        (new / BACKUPS).mkdir()
        databases.load_postgresql(dump, aside=new / BACKUPS / f"{aside.name}.pgdump" if aside else None)


def _swap(new: Path, to: Path, aside: Path, *, force: bool) -> Path | None:
    """Put the new folder in its place; return where the old one is kept, if it held anything."""
    if not to.exists():
        new.rename(to)
        sync(to.parent)
        return None
    to.rename(aside)
    try:
        new.rename(to)
    except OSError:
        aside.rename(to)
        raise
    for backup in (aside / BACKUPS).glob("*"):  # they stay where they were
        (to / BACKUPS).mkdir(exist_ok=True)
        backup.rename(to / BACKUPS / backup.name)
    sync(to.parent)
    if force and any(aside.iterdir()):
        return aside
    _throw_away(aside)
    return None


def _throw_away(folder: Path) -> None:
    """Remove a folder in which nobody has worked."""
    with suppress(OSError):  # something has come in meanwhile: it stays
        for name in _MARKS:
            (folder / name).unlink(missing_ok=True)
        for left in (folder / BACKUPS, folder):
            if left.exists():
                left.rmdir()
