"""Making a backup: the database at one moment, then the documents, then what the whole should be."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from retkoop.archive import storage
from retkoop.upkeep.backups import tape
from retkoop.upkeep.backups.cipher import WrongKey, encrypt, identity_of
from retkoop.upkeep.backups.databases import Dump, dump
from retkoop.upkeep.backups.names import name_of
from retkoop.upkeep.backups.reading import read_back
from retkoop.upkeep.backups.refusals import CannotBackUp, reason_of
from retkoop.upkeep.backups.workspace import sync, workspace

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: where, how large, what it holds, and what it could not hold as it should be."""

    file: Path
    size: int
    counts: dict[str, int]
    missing: list[str]
    altered: dict[str, str]


@dataclass
class _Cargo:
    """What goes into a backup, and what is learnt of it on the way."""

    dump: Dump
    at: datetime
    packed: int = 0
    digests: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    altered: dict[str, str] = field(default_factory=dict)

    def blocks(self) -> Iterator[bytes]:
        with self.dump.file.open("rb") as database:
            yield from self._known(self.dump.file.name, self.dump.file.stat().st_size, database)
        key = settings.SECRET_KEY.encode()
        yield from self._known(tape.SECRET_KEY, len(key), io.BytesIO(key))
        for digest in self._documents():
            yield from self._document(digest)
        text = json.dumps(self._manifest(), ensure_ascii=False, indent=1).encode()
        yield from self._packed(tape.MANIFEST, len(text), io.BytesIO(text))

    def _documents(self) -> list[str]:
        """Return all that the database names and all that is stored: what was removed can still come back."""
        return sorted({*self.dump.documents, *storage.names()})

    @property
    def counts(self) -> dict[str, int]:
        return {**self.dump.counts, "documents": self.packed}

    def _manifest(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "made_at": self.at.isoformat(timespec="seconds"),
            "database": connection.vendor,
            "counts": self.counts,
            "sha256": self.digests,  # a document's is its name
            "missing": self.missing,
            "altered": self.altered,
        }

    def _document(self, digest: str) -> Iterator[bytes]:
        """Yield a document; one that is not there, or not as it was, must not cost us the backup of all others."""
        name = storage.place_of(digest)
        try:
            stream = storage.opened(digest)
        except FileNotFoundError:
            self.missing.append(digest)
            return
        with stream:
            found = yield from self._packed(tape.DOCUMENTS + name, storage.shelf().size(name), stream)
        self.packed += 1
        if found != digest:
            self.altered[digest] = found

    def _known(self, name: str, size: int, source: IO[bytes]) -> Iterator[bytes]:
        self.digests[name] = yield from self._packed(name, size, source)

    def _packed(self, name: str, size: int, source: IO[bytes]) -> Generator[bytes, None, str]:
        return tape.packed(name, size, source, at=self.at.timestamp())


def make_backup(folder: Path, *, at: datetime) -> Backup:
    """Write a backup in a folder: it is there whole under its name, or not at all. Raises CannotBackUp."""
    try:
        identity = identity_of(settings.BACKUP_KEY) if settings.BACKUP_KEY else None
        with workspace(folder) as bench:
            cargo = _Cargo(dump(bench), at)
            new = bench / "backup"
            new.touch(mode=0o600)  # it holds the secret key
            with new.open("wb") as target:
                if identity:
                    encrypt(tape.sealed(cargo.blocks()), identity, target)
                else:
                    target.writelines(tape.sealed(cargo.blocks()))
                target.flush()
                os.fsync(target.fileno())
            read_back(new)  # what cannot be read again is no backup
            file = new.replace(_free_name(folder, at, encrypted=identity is not None))
            sync(folder)
    except WrongKey as refusal:
        raise CannotBackUp(str(refusal)) from None
    except tape.Shortened as trouble:
        raise CannotBackUp(f"La sauvegarde n’a pas été faite : un fichier a changé pendant qu’il était lu ({trouble}).") from None
    except tape.Torn:
        raise CannotBackUp("La sauvegarde n’a pas été faite : ce qui a été écrit ne se relit pas. Vérifiez le disque.") from None
    except OSError as trouble:
        raise CannotBackUp(f"La sauvegarde n’a pas été faite : {reason_of(trouble)}.") from trouble
    return Backup(file, file.stat().st_size, cargo.counts, cargo.missing, cargo.altered)


def _free_name(folder: Path, at: datetime, *, encrypted: bool) -> Path:
    """Name the backup; two of the same second must not take each other's place."""
    local = timezone.localtime(at)
    while (file := folder / name_of(local, encrypted=encrypted)).exists():
        local += timedelta(seconds=1)
    return file
