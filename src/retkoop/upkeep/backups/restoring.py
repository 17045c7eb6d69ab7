"""Restoring: everything is unpacked and checked beside its place, then takes it at once."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from retkoop.upkeep.backups import databases, tape
from retkoop.upkeep.backups.cipher import WrongKey
from retkoop.upkeep.backups.exchange import exchange
from retkoop.upkeep.backups.making import FORMAT
from retkoop.upkeep.backups.reading import opened
from retkoop.upkeep.backups.refusals import CannotRestore, reason_of
from retkoop.upkeep.backups.workspace import sync, workspace

BACKUPS: Final = "sauvegardes"
IN_SERVICE: Final = ".en-service"
_MARKS: Final = (tape.SECRET_KEY, IN_SERVICE, ".backup.lock", ".verification.lock")
_NOTHING: Final = frozenset({*_MARKS, BACKUPS})
"""What a folder may hold before anybody has worked there: the first command draws a key, and a backup may have been put there."""
_ASIDE: Final = "-avant-"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_TORN: Final = "Ce fichier n’est pas une sauvegarde entière de Retkoop, ou il a été altéré : rien n’a été restauré."
_NEWER: Final = "Cette sauvegarde a été faite par une version plus récente de Retkoop : installez-la d’abord."


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where what was there before is kept."""

    made_at: datetime
    counts: dict[str, int]
    missing: list[str]
    altered: list[str]
    aside: Path | None


def restore(file: Path, *, to: Path, force: bool, now: datetime) -> Restored:
    """Make a data folder of a backup. Raises CannotRestore: then nothing has changed."""
    to = to.resolve()
    _refuse_a_place(to, force=force)
    aside = to.with_name(f"{to.name}{_ASIDE}{timezone.localtime(now):%Y-%m-%d-%H%M%S}")
    try:
        with _closed_to_others(to), workspace(to.parent) as bench:
            _tidy(to)
            aside = _free(aside)
            new = bench / "home"
            manifest = _unpack(file, new)
            _check(new, manifest)
            _refuse_a_place(to, force=force)  # somebody may have begun to work there meanwhile
            if manifest["database"] == "postgresql":
                kept = _restore_postgresql(new, bench, to, aside, force=force)
            else:
                os.sync()
                kept = _swap(new, to, aside, force=force)
    except tape.Torn:
        raise CannotRestore(_TORN) from None
    except WrongKey as refusal:
        raise CannotRestore(str(refusal)) from None
    except OSError as trouble:
        raise CannotRestore(f"Rien n’a été restauré : {reason_of(trouble)}.") from trouble
    made_at = datetime.fromisoformat(manifest["made_at"])
    return Restored(made_at, manifest["counts"], manifest["missing"], sorted(manifest["altered"]), kept)


def _refuse_a_place(to: Path, *, force: bool) -> None:
    if to.exists() and not to.is_dir():
        raise CannotRestore(f"{to} est un fichier, pas un dossier.")
    if to.is_mount():
        raise CannotRestore(f"{to} est un volume à lui seul, qui ne peut pas être remplacé d’un coup : indiquez un dossier dans ce volume.")
    if not force and any(entry.name not in _NOTHING for entry in (to.iterdir() if to.exists() else ())):
        raise CannotRestore(f"{to} n’est pas vide. Indiquez un autre dossier, ou ajoutez --force : l’ancien sera gardé à part.")
    if connection.vendor == "postgresql" and not force:
        databases.refuse_a_full_database()


@contextmanager
def _closed_to_others(to: Path) -> Iterator[None]:
    """Keep servers and workers (`upkeep.locks.in_service`) out of a data folder meanwhile. Raises CannotRestore where one is in it."""
    if not to.exists():
        yield
        return
    with (to / IN_SERVICE).open("ab") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRestore(f"Retkoop est ouvert sur {to} : fermez-le d’abord (retkoop serve, retkoop worker).") from None
        yield


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
    """Take the manifest out of what was unpacked. Raises Torn where it is not what we write."""
    try:
        manifest = json.loads(file.read_bytes())
        file.unlink()
        if isinstance(manifest, dict) and type(manifest.get("format")) is int and manifest["format"] > FORMAT:
            raise CannotRestore(_NEWER)
        sound = _is_sound(manifest)
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise tape.Torn from None
    if not sound:
        raise tape.Torn
    whole: dict[str, Any] = manifest
    return whole


def _is_sound(manifest: Any) -> bool:  # noqa: ANN401 -- what JSON holds
    """Tell whether a manifest says all that ours say, each thing as ours say it."""
    counts, digests, missing, altered = (manifest[name] for name in ("counts", "sha256", "missing", "altered"))
    return (
        type(manifest["format"]) is int
        and datetime.fromisoformat(manifest["made_at"]).tzinfo is not None
        and isinstance(manifest["database"], str)
        and counts.keys() == {*databases.COUNTED, "documents"}
        and all(type(count) is int for count in counts.values())
        and all(map(_is_digest, [*digests.values(), *missing, *altered, *altered.values()]))
        and isinstance(missing, list)
        and databases.MEMBERS[manifest["database"]] in digests
    )


def _is_digest(text: Any) -> bool:  # noqa: ANN401 -- idem
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


def _check(new: Path, manifest: dict[str, Any]) -> None:
    """Raise CannotRestore where the database is not whole, not for this installation, or names documents that are not there."""
    if manifest["database"] != connection.vendor:
        raise CannotRestore(_OTHER_DATABASE[manifest["database"]])
    there = {file.name for file in (new / tape.DOCUMENTS).glob("??/*")}
    if connection.vendor == "sqlite":
        named, counts = databases.read_copy(new / tape.SQLITE)
        if counts is not None and counts != {name: manifest["counts"][name] for name in counts}:
            raise tape.Torn
        absent = named - there - set(manifest["missing"])
        if absent:
            raise CannotRestore(f"Il manque des documents à cette sauvegarde, rien n’a été restauré : {', '.join(sorted(absent)[:3])}…")
    if len(there) != manifest["counts"]["documents"]:
        raise tape.Torn


_OTHER_DATABASE: Final = {
    "postgresql": "Cette sauvegarde vient de PostgreSQL : indiquez dans RETKOOP_DATABASE_URL une base PostgreSQL vide qui la recevra.",
    "sqlite": "Cette sauvegarde contient une base SQLite, mais RETKOOP_DATABASE_URL désigne PostgreSQL : retirez cette variable.",
}


def _restore_postgresql(new: Path, bench: Path, to: Path, aside: Path, *, force: bool) -> Path | None:
    """Put the folder in its place, then hand the dump to the server, all or nothing; where it refuses, the folder goes back.

    Stopped in between, the server still holds what it held: its documents are in the new folder as well.
    """
    dump = (new / tape.POSTGRESQL).replace(bench / tape.POSTGRESQL)
    (new / BACKUPS).mkdir()
    _keep_documents(to, new)
    kept = new / BACKUPS / f"{aside.name}.pgdump" if force else None
    if kept is not None:
        databases.keep_postgresql(kept)
    os.sync()
    was_there = to.exists()
    _take_place(new, to, aside)
    try:
        databases.load_postgresql(dump, clean=force)
    except CannotRestore:
        between = _between(to, aside)
        if was_there:
            exchange(aside.rename(between), to)
        else:
            to.rename(between)
        shutil.rmtree(between, ignore_errors=True)
        raise
    return _settle(to, aside, force=force) if was_there else None


def _keep_documents(to: Path, new: Path) -> None:
    """Have the documents of a folder in the new one too; the night sweeps away those that nobody names."""
    for content in (to / tape.DOCUMENTS).glob("??/*"):
        target = new / tape.DOCUMENTS / content.parent.name / content.name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(content, target)


def _swap(new: Path, to: Path, aside: Path, *, force: bool) -> Path | None:
    """Put the new folder in its place; return where the old one is kept, if it held anything."""
    was_there = to.exists()
    _take_place(new, to, aside)
    return _settle(to, aside, force=force) if was_there else None


def _take_place(new: Path, to: Path, aside: Path) -> None:
    """Give the new folder its name in one step; what bore it before is `aside`."""
    if not to.exists():
        new.rename(to)
    else:
        between = new.rename(_between(new, aside))  # out of the workspace, which is swept
        try:
            exchange(between, to)
        except OSError:
            shutil.rmtree(between, ignore_errors=True)
            raise
        between.rename(aside)
    sync(to.parent)


def _between(new: Path, aside: Path) -> Path:
    """Name what waits beside while folders change places: by the number of the new one, `_tidy` knows which of them it is."""
    name, _, moment = aside.name.rpartition(_ASIDE)
    return aside.with_name(f".restauration-{name}-{moment}-{new.stat().st_ino}.part")


def _tidy(to: Path) -> None:
    """Finish what a restoration that was killed has left: a new folder without a place goes, an old one is kept under its name."""
    waiting = re.compile(rf"\.restauration-{re.escape(to.name)}-(\d{{4}}-\d\d-\d\d-\d{{6}}(?:-\d+)?)-(\d+)\.part")
    for left in list(to.parent.iterdir()):
        if known := waiting.fullmatch(left.name):
            with suppress(OSError):  # it stays where it is
                if left.stat().st_ino == int(known[2]):
                    shutil.rmtree(left)
                else:
                    left.rename(_free(to.with_name(f"{to.name}{_ASIDE}{known[1]}")))


def _free(wanted: Path) -> Path:
    """Return a name that nothing bears: two restorations may fall in the same second."""
    names = chain([wanted], (wanted.with_name(f"{wanted.name}-{number}") for number in count(2)))
    return next(name for name in names if not name.exists())


def _settle(to: Path, aside: Path, *, force: bool) -> Path | None:
    """Bring the backups that lay in the old folder into the new one; return the old one, if it holds anything else."""
    with suppress(OSError):  # it is restored: what cannot be moved stays where it is
        _move_backups(aside / BACKUPS, to / BACKUPS)
    sync(to.parent)
    if force and any(entry.name not in _MARKS for entry in aside.iterdir()):
        return aside
    _throw_away(aside)
    return None


def _move_backups(old: Path, new: Path) -> None:
    if old.is_symlink() and not new.exists():
        old.rename(new)
        return
    for backup in old.glob("*"):  # they stay where they were
        new.mkdir(exist_ok=True)
        backup.rename(new / backup.name)


def _throw_away(folder: Path) -> None:
    """Remove a folder in which nobody has worked."""
    with suppress(OSError):  # something has come in meanwhile: it stays
        for name in _MARKS:
            (folder / name).unlink(missing_ok=True)
        for left in (folder / BACKUPS, folder):
            if left.exists():
                left.rmdir()
