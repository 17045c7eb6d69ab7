"""A country of a few ADs with what their coops booked, made at one stroke; an announcement."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from retkoop.audit.services import SYSTEM
from retkoop.books.models import AccountTotal, Book
from retkoop.network.models import Coop
from retkoop.oversight.national.announcing import AnnouncementWords, announce
from retkoop.oversight.national.models import Announcement, NationalTotal, Readers, Summing
from tests.cast import association

START = 2025


def announced(title: str = "Envoi des comptes", readers: Readers = Readers.ALL, first: date | None = None, days: int = 10) -> Announcement:
    first = first or timezone.localdate()
    return announce(author=SYSTEM, words=AnnouncementWords(title, "Avant le 30 septembre.", readers, first, first + timedelta(days=days)))


def booked(department: str, amounts: dict[str, list[int]], start: int = START) -> list[Book]:
    """Make coops of an AD with a book each; `amounts`: by account, what each of them booked on it (cents, debits positive).

    Straight into the tables: what is summed is kept totals, whatever wrote them.
    """
    number, place = max(map(len, amounts.values())), association(department)
    known = Coop.objects.count()
    coops = Coop.objects.bulk_create(
        Coop(association=place, rne=f"{known + one:07d}A", name=f"École {one}", commune="Évry") for one in range(number)
    )
    books = Book.objects.bulk_create(Book(coop=coop, start=start) for coop in coops)
    AccountTotal.objects.bulk_create(
        AccountTotal(coop=book.coop, book=book, account=account, debit=max(amount, 0), credit=max(-amount, 0))
        for account, given in amounts.items()
        for book, amount in zip(books, given, strict=False)
    )
    return books


def summed_up(department: str, start: int = START, account: str = "61800008", *, coops: int, amount: int = 100_00) -> None:
    """Keep a total of an AD as the worker would, had so many coops booked as much each (cents, debits positive)."""
    Summing.objects.update_or_create(pk=1, defaults={"ended_at": timezone.now()})
    sides = {"debit": max(amount, 0) * coops, "credit": max(-amount, 0) * coops}
    facts = {"association": association(department), "start": start, "account": account}
    NationalTotal.objects.create(**facts, **sides, coops=coops, largest=abs(amount))
