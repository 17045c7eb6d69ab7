"""What the federation announces: its verbs, and what somebody has not read yet."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from retkoop.audit.services import Author, writing
from retkoop.audit.statements import prepared
from retkoop.books.writable import Refused
from retkoop.network.models import FEDERATION_CHAIN
from retkoop.oversight.national.models import Announcement, AnnouncementRead, Readers
from retkoop.users.models import User

LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class AnnouncementWords:
    """An announcement as it is written: to whom, from which day to which."""

    title: str
    text: str
    readers: str
    first_day: date
    last_day: date


def announcements_for(user: User, readers: str) -> list[Announcement]:
    """Return what is announced today to `readers` and that somebody has not read, the latest first. Named by ANNOUNCEMENTS."""
    return [Announcement.from_db(DEFAULT_DB_ALIAS, _COLUMNS, row) for row in _unread(user.pk, readers, timezone.localdate())]


_COLUMNS: Final = [field.attname for field in Announcement._meta.concrete_fields]


@prepared
def _unread(user: int, readers: str, day: date) -> QuerySet[Announcement, tuple[Any, ...]]:
    rows = Announcement.objects.filter(Q(readers=readers) | Q(readers=Readers.ALL), first_day__lte=day, last_day__gte=day)
    return rows.exclude(Exists(AnnouncementRead.objects.filter(announcement=OuterRef("pk"), user=user))).values_list(*_COLUMNS)


def announced() -> list[Announcement]:
    """Return all announcements, the latest first, each with how many people have read it (`read_count`)."""
    return list(Announcement.objects.annotate(read_count=Count("reads")))


def announcement_of(key: int) -> Announcement:
    """Return an announcement. Raises Http404."""
    row = Announcement.objects.filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def announce(*, author: Author, words: AnnouncementWords, submission: uuid.UUID | None = None) -> Announcement:
    """Announce something. Raises Refused, AlreadySubmitted."""
    _refuse_days(words)
    with writing(FEDERATION_CHAIN, author, submission) as trail:
        row = Announcement.objects.create(**asdict(words))
        trail.created(row, action="announcement.made", submission=submission)
    return row


def change_announcement(*, author: Author, key: int, version: int, words: AnnouncementWords) -> Announcement:
    """Say it otherwise: those who had read it before see it again. Raises Refused, also where somebody else changed it meanwhile."""
    _refuse_days(words)
    with writing(FEDERATION_CHAIN, author) as trail:
        row = announcement_of(key)
        if row.version != version:
            raise Refused("Cette annonce a été modifiée entre-temps. Rechargez la page.")
        before = row.snapshot()
        said_anew = (row.title, row.text) != (words.title, words.text)
        for name, value in asdict(words).items():
            setattr(row, name, value)
        if row.snapshot() == before:
            return row
        row.version += 1
        row.save()
        if said_anew:
            row.reads.all().delete()
        trail.changed(row, before, action="announcement.changed")
    return row


def withdraw_announcement(*, author: Author, key: int) -> None:
    """Take an announcement away. Raises Http404."""
    with writing(FEDERATION_CHAIN, author) as trail:
        row = announcement_of(key)
        subject, before = row.subject, row.snapshot()
        row.delete()
        trail.deleted(subject, before, action="announcement.withdrawn")


def read_announcement(*, user: User, key: int) -> None:
    """Note that somebody has read an announcement; done already, or gone meanwhile, nothing happens."""
    if Announcement.objects.filter(pk=key).exists():
        AnnouncementRead.objects.get_or_create(announcement_id=key, user=user)


def days_refusal(first: date, last: date) -> str:
    """Say what is wrong with the days of an announcement, nothing where they are right."""
    if last < first:
        return "La dernière date est avant la première."
    return "Une annonce reste un an au plus." if last - first > LONGEST else ""


def _refuse_days(words: AnnouncementWords) -> None:
    if refusal := days_refusal(words.first_day, words.last_day):
        raise Refused(refusal)
