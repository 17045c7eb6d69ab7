"""Encryption of a backup by age (https://age-encryption.org), in a stream: any age program opens it with the same key."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

import pyrage

from retkoop.upkeep.backups.tape import Blocks, Torn

MARK: Final = b"age-encryption.org/"


class WrongKey(Exception):
    """The key is none, or opens something else; the message says so in French."""


class _Watched:
    """A file in the hands of a library that only says that something went wrong: `trouble` keeps what it was."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 -- whatever reads or writes
        self._file = file
        self.trouble: BaseException | None = None

    def read(self, size: int) -> bytes:
        return bytes(self._kept(self._file.read, size))

    def write(self, block: bytes) -> int:
        return int(self._kept(self._file.write, block))

    def flush(self) -> None:
        self._kept(self._file.flush)

    def _kept(self, call: Any, *arguments: object) -> Any:  # noqa: ANN401 -- a method of the file
        try:
            return call(*arguments)
        except BaseException as trouble:
            self.trouble = trouble
            raise


def identity_of(key: str) -> pyrage.x25519.Identity:
    """Read a key. Raises WrongKey."""
    try:
        return pyrage.x25519.Identity.from_str(key.strip())
    except pyrage.IdentityError:
        raise WrongKey("RETKOOP_BACKUP_KEY n’est pas une clé : elle commence par AGE-SECRET-KEY-1, comme l’écrit age-keygen.") from None


def encrypt(blocks: Iterator[bytes], identity: pyrage.x25519.Identity, target: IO[bytes]) -> None:
    source, sink = _Watched(Blocks(blocks)), _Watched(target)
    try:
        pyrage.encrypt_io(source, sink, [identity.to_public()])
    except (pyrage.EncryptError, OSError) as trouble:
        raise source.trouble or sink.trouble or trouble from None


@contextmanager
def decrypted(file: IO[bytes], identity: pyrage.x25519.Identity) -> Iterator[IO[bytes]]:
    """Yield what an encrypted file holds, while a thread deciphers it: neither memory nor disk holds it whole.

    Raises WrongKey, and Torn where the file is not as it was written, even after the block has read all that it wanted.
    """
    inlet, outlet = os.pipe()
    troubles: list[Exception] = []

    def decipher() -> None:
        with open(outlet, "wb", buffering=0) as sink:  # noqa: PTH123 -- a pipe has no path
            try:
                pyrage.decrypt_io(file, sink, [identity])
            except (pyrage.DecryptError, OSError) as trouble:
                troubles.append(trouble)

    thread = threading.Thread(target=decipher, daemon=True)
    thread.start()
    torn = False
    try:
        with open(inlet, "rb") as stream:  # noqa: PTH123 -- idem
            yield stream
    except Torn:
        torn = True
    finally:
        thread.join()
    if any("No matching keys" in str(trouble) for trouble in troubles):
        raise WrongKey("La clé de RETKOOP_BACKUP_KEY n’ouvre pas cette sauvegarde : ce n’est pas la sienne, ou le fichier a été altéré.")
    if torn or troubles:
        raise Torn
