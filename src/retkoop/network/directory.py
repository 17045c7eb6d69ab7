"""The ministry’s directory taken in: a file of sixty thousand rows becomes schools, each found by its UAI, none ever deleted.

The file is read twice from where it lies, never held whole: once to see what it is, once to take its rows in, a thousand at a time, each
in a transaction of its own: nobody else waits for the whole of it. Cut short, it is taken in again: a row is written where it differs.
"""

from __future__ import annotations

import hashlib
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import BinaryIO, Final

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from retkoop.audit.services import SYSTEM, Author, writing
from retkoop.audit.statements import Insert
from retkoop.domain.chart import fold
from retkoop.domain.directory import BrokenRow, DirectoryEntry, Reading, SchoolState, StrangeRow, UnreadableDirectory, read_directory
from retkoop.domain.rne import department_of
from retkoop.network.models import FEDERATION_CHAIN, Coop, DepartmentalAssociation, DirectoryImport, School
from retkoop.network.services import change_coop

LARGEST_FILE: Final = 90_000_000
"""Bytes: the whole country weighs forty million."""

LONGEST_LINE: Final = 20_000
MOST_ROWS: Final = 250_000
KEPT_REFUSALS: Final = 100
BATCH: Final = 900
_UNDECODED: Final = "surrogateescape"

_DISGUISES: Final = {
    b"PK\x03\x04": "Ce fichier est un classeur ou une archive\u202f: enregistrez-le en CSV, ou décompressez-le.",
    b"\xd0\xcf\x11\xe0": "Ce fichier est un classeur\u202f: enregistrez-le en CSV.",
    b"%PDF": "Ce fichier est un PDF\u202f: prenez l’annuaire au format CSV.",
    b"\x1f\x8b": "Ce fichier est compressé\u202f: décompressez-le d’abord.",
}
_NO_TEXT: Final = "Ce fichier n’est pas du texte\u202f: prenez l’annuaire au format CSV."


class Count(StrEnum):
    """What became of the rows of a file; `MISSING` are schools that are known and no longer in it."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    TWICE = "twice"
    STRANGE = "strange"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"
    MISSING = "missing"


_FACTS: Final = tuple(name for name in DirectoryEntry.__slots__ if name != "uai")
_STATE: Final = _FACTS.index("state")
_WRITE: Final = Insert(School, conflict=["uai"], updates=[*_FACTS, "department", "words", "seen_at", "updated_at"])


@dataclass(frozen=True, slots=True)
class _Examined:
    sha256: str
    encoding: str


def import_schools(
    *, author: Author, file: BinaryIO, file_name: str, association: DepartmentalAssociation | None = None
) -> DirectoryImport:
    """Take in the directory, or, for an AD, the schools of its département alone; `file` can be read again from its start.

    Raises UnreadableDirectory where nothing of the file could be read.
    """
    examined = _examined(file)
    chain = association.chain if association else FEDERATION_CHAIN
    intake = _Intake(timezone.now(), association.department if association else None)
    with _text(file, examined.encoding) as lines:
        for batch in _batches(read_directory(lines), BATCH):
            intake.take(batch)
    intake.refuse_nothing()
    with writing(chain, author) as trail:
        told = DirectoryImport.objects.create(
            association=association,
            file_name=file_name[:200],
            sha256=examined.sha256,
            made_at=trail.at,
            counts=intake.told(),
            refusals=[[broken.line, broken.reason] for broken in intake.broken],
        )
        trail.created(told, action="directory.imported")
    return told


def take_directory(
    *, author: Author, file: BinaryIO, file_name: str, association: DepartmentalAssociation | None = None
) -> DirectoryImport:
    """Take in a file that was sent, and tell coops their circonscription: those of an AD at once, the country's by the worker.

    Raises UnreadableDirectory.
    """
    told = import_schools(author=author, file=file, file_name=file_name, association=association)
    if association is not None:
        fill_circonscriptions(author=author, association=association)
    else:
        for one in departments_to_fill():
            fill_later.enqueue(one.department)
    return told


def fill_circonscriptions(*, author: Author, association: DepartmentalAssociation) -> int:
    """Tell the coops of an AD that know none the circonscription of their school; return how many."""
    known = dict(School.objects.filter(department=association.department).exclude(circonscription="").values_list("uai", "circonscription"))
    coops = Coop.objects.filter(association=association, circonscription="", rne__in=known).order_by("rne")
    with transaction.atomic():
        for coop in (filled := list(coops)):
            change_coop(author=author, coop=coop, changes={"circonscription": known[coop.rne]})
    return len(filled)


@task()
def fill_later(department: str) -> None:
    """Fill in the circonscriptions of an AD after an import of the whole country."""
    fill_circonscriptions(author=SYSTEM, association=DepartmentalAssociation.objects.get(department=department))


def departments_to_fill() -> list[DepartmentalAssociation]:
    """Return the ADs of which a coop knows no circonscription."""
    return list(DepartmentalAssociation.objects.filter(coops__circonscription="").distinct().order_by("department"))


class _Intake:
    """The rows of one file, taken in by batches, and what became of them. `department`: only its schools are wanted."""

    def __init__(self, at: datetime, department: str | None) -> None:
        self.at = at
        self.department = department
        self.counts: Counter[Count] = Counter()
        self.broken: list[BrokenRow] = []
        self.seen: set[str] = set()

    def take(self, batch: Iterable[Reading]) -> None:
        wanted: dict[str, DirectoryEntry] = {}
        for row in batch:
            if isinstance(row, BrokenRow):
                self.counts[Count.REFUSED] += 1
                self.broken = [*self.broken, row][:KEPT_REFUSALS]
            elif isinstance(row, StrangeRow):
                self.counts[Count.STRANGE] += 1
            elif self.department not in {None, department_of(row.uai)}:
                self.counts[Count.ELSEWHERE] += 1
            elif row.uai in self.seen:
                self.counts[Count.TWICE] += 1
            else:
                self.seen.add(row.uai)
                wanted[row.uai] = row
        self._write(wanted)

    @transaction.atomic
    def _write(self, wanted: Mapping[str, DirectoryEntry]) -> None:
        known = {row[0]: row[1:] for row in School.objects.filter(uai__in=list(wanted)).values_list("uai", *_FACTS)}
        fresh: list[School] = []
        for uai, entry in sorted(wanted.items()):  # in one order: two files taken in at once do not wait for each other in a circle
            facts = tuple(getattr(entry, name) for name in _FACTS)
            if known.get(uai) != facts:
                fresh.append(self._school(entry))
                self.counts[Count.CHANGED if uai in known else Count.NEW] += 1
                self.counts[Count.CLOSED] += uai in known and entry.state == SchoolState.CLOSED != known[uai][_STATE]
        _WRITE.many(fresh)
        same = wanted.keys() - {school.uai for school in fresh}
        self.counts[Count.UNCHANGED] += School.objects.filter(uai__in=same).update(seen_at=self.at)

    def _school(self, entry: DirectoryEntry) -> School:
        words = f"{entry.uai.lower()} {fold(entry.name)} {fold(entry.commune)} {fold(entry.postcode)}"[:300]
        facts = {name: getattr(entry, name) for name in _FACTS}
        return School(uai=entry.uai, department=department_of(entry.uai), words=words, seen_at=self.at, updated_at=self.at, **facts)

    def refuse_nothing(self) -> None:
        """Refuse a file of which nothing could be taken in. Raises UnreadableDirectory."""
        if self.seen:
            return
        if self.broken:
            first = self.broken[0]
            raise UnreadableDirectory(f"Aucune ligne n’a pu être lue. Ligne {first.line}\u202f: {first.reason}.")
        if self.counts[Count.ELSEWHERE]:
            raise UnreadableDirectory(f"Ce fichier n’a aucune école du département {self.department}.")
        raise UnreadableDirectory("Ce fichier n’a aucune école.")

    def told(self) -> dict[str, int]:
        """Return what became of the rows, zeros left out, and how many known schools are in none of them."""
        known = School.objects.filter(department__in={department_of(uai) for uai in self.seen}, seen_at__lt=self.at)
        self.counts[Count.MISSING] = known.exclude(state=SchoolState.CLOSED).count()
        return {count.value: self.counts[count] for count in Count if self.counts[count]}


def _examined(file: BinaryIO) -> _Examined:
    """Return what a file is, read once from its start. Raises UnreadableDirectory for what is no text."""
    start = file.read(4)
    file.seek(0)
    for disguise, refusal in _DISGUISES.items():
        if start.startswith(disguise):
            raise UnreadableDirectory(refusal)
    wide = start.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    found, size, rows = hashlib.sha256(), 0, 0
    decoded: Counter[bool] = Counter()
    while line := file.readline(LONGEST_LINE + 1):
        found.update(line)
        size += len(line)
        rows += 1
        _refuse_hostile(line, size, rows, wide=wide)
        if not line.isascii():
            decoded[_is_utf8(line)] += 1
    file.seek(0)
    if not size:
        raise UnreadableDirectory("Ce fichier est vide.")
    if wide:
        return _Examined(found.hexdigest(), "utf-16")
    # one row that is badly encoded does not make a file of an older encoding
    is_utf8 = start.startswith(BOM_UTF8) or decoded[True] >= decoded[False]
    return _Examined(found.hexdigest(), "utf-8-sig" if is_utf8 else "cp1252")


def _refuse_hostile(line: bytes, size: int, rows: int, *, wide: bool) -> None:
    if rows > MOST_ROWS:
        raise UnreadableDirectory(f"Ce fichier a plus de {MOST_ROWS} lignes\u202f: ce n’est pas l’annuaire des établissements.")
    if size > LARGEST_FILE:
        raise UnreadableDirectory(f"Ce fichier dépasse {LARGEST_FILE // 1_000_000} Mo\u202f: ce n’est pas l’annuaire des établissements.")
    if b"\0" in line and not wide:
        raise UnreadableDirectory(_NO_TEXT)
    if len(line) > LONGEST_LINE:
        raise UnreadableDirectory("Une ligne de ce fichier n’a pas de fin\u202f: ce n’est pas l’annuaire des établissements.")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def _text(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    """Yield the lines of a file that stays the caller's to close."""
    text = io.TextIOWrapper(file, encoding, errors="replace" if encoding == "utf-16" else _UNDECODED)
    try:
        yield text
    finally:
        text.detach()


def _batches(rows: Iterator[Reading], size: int) -> Iterator[list[Reading]]:
    while batch := list(islice(rows, size)):
        yield batch
