"""Reading a backup, encrypted or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from retkoop.upkeep.backups.cipher import MARK, WrongKey, decrypted, identity_of
from retkoop.upkeep.backups.tape import Tape

_NO_KEY: Final = "Cette sauvegarde est chiffrée : indiquez sa clé dans RETKOOP_BACKUP_KEY."


@contextmanager
def opened(file: Path) -> Iterator[IO[bytes]]:
    """Open a backup, deciphered as it is read. Raises WrongKey, and Torn where it has been altered."""
    with file.open("rb") as stream:
        encrypted = stream.read(len(MARK)) == MARK
        stream.seek(0)
        if encrypted and not settings.BACKUP_KEY:
            raise WrongKey(_NO_KEY)
        with decrypted(stream, identity_of(settings.BACKUP_KEY)) if encrypted else nullcontext(stream) as plain:
            yield plain


def read_back(file: Path) -> None:
    """Read a backup to its end. Raises Torn where it could not be restored."""
    with opened(file) as stream:
        for _, blocks in Tape(stream).members():
            for _ in blocks:
                pass
