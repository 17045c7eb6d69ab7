"""Statements compiled once say what the ORM says, on whichever database the tests run."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, QuerySet
from django.test.utils import CaptureQueriesContext

from retkoop.audit.models import AuditEvent
from retkoop.audit.statements import Delete, Insert, Update, prepared
from retkoop.books.models import Book, DayTotal
from tests.books.coops import a_book, keeper

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Book:
    return a_book(keeper())


def day(book: Book, number: int, cash: int = 0) -> DayTotal:
    return DayTotal(coop_id=book.coop_id, book_id=book.pk, day=date(2025, 11, number), bank=number, cash=cash, operations=1)


@prepared
def days_after(book: int, day: date) -> QuerySet[DayTotal, tuple[Any, ...]]:
    return DayTotal.objects.filter(book=book, day__gt=day).order_by("day").values_list("day", "bank")


@prepared
def days_of_sums(book: int, sums: tuple[int, ...]) -> QuerySet[DayTotal, tuple[Any, ...]]:
    return DayTotal.objects.filter(book=book, bank__in=sums).order_by("day").values_list("bank")


@prepared
def events_of(submission: uuid.UUID, at: datetime) -> QuerySet[AuditEvent, tuple[Any, ...]]:
    return AuditEvent.objects.filter(submission=submission, at__lte=at).values_list("at", "before", "submission")


def test_a_query_is_asked_with_its_arguments(book: Book) -> None:
    Insert(DayTotal).many([day(book, 3), day(book, 4), day(book, 5)])
    assert days_after(book.pk, date(2025, 11, 3)) == [(date(2025, 11, 4), 4), (date(2025, 11, 5), 5)]
    assert days_after(book.pk, date(2025, 11, 4)) == [(date(2025, 11, 5), 5)]
    assert days_after(book.pk + 1, date(2025, 11, 3)) == []


def test_a_tuple_takes_a_place_an_item(book: Book) -> None:
    Insert(DayTotal).many([day(book, 3), day(book, 4), day(book, 5)])
    assert days_of_sums(book.pk, (3, 5)) == [(3,), (5,)]
    assert days_of_sums(book.pk, (4,)) == [(4,)]


def test_moments_keys_and_states_come_back_as_the_orm_gives_them(book: Book) -> None:
    event, submission = AuditEvent.objects.latest("pk"), uuid.uuid4()
    AuditEvent.objects.filter(pk=event.pk).update(submission=submission, before={"é": [1, None]})
    assert events_of(submission, datetime.now(UTC)) == [(event.at, {"é": [1, None]}, submission)]


def test_it_is_compiled_once_and_seen_by_whoever_counts_queries(book: Book) -> None:
    days_after(book.pk, date(2025, 11, 3))
    with CaptureQueriesContext(connection) as asked:
        days_after(book.pk, date(2025, 11, 3))
    assert len(asked) == 1


def test_arguments_go_by_position(book: Book) -> None:
    with pytest.raises(TypeError):
        days_after(book=book.pk, day=date(2025, 11, 3))


def test_an_insert_tells_the_keys_in_the_order_of_the_rows(book: Book) -> None:
    rows = [day(book, number) for number in range(1, 29)]
    Insert(DayTotal).each(rows)
    assert list(DayTotal.objects.filter(book=book).order_by("pk").values_list("pk", "bank")) == [(row.pk, row.bank) for row in rows]
    one = day(book, 30)
    Insert(DayTotal).one(one)
    assert DayTotal.objects.get(pk=one.pk).day == date(2025, 11, 30)


def test_what_is_there_already_takes_the_new_figures(book: Book) -> None:
    upsert = Insert(DayTotal, conflict=["book_id", "day"], updates=["cash"])
    upsert.many([day(book, 3, cash=1), day(book, 4, cash=2)])
    upsert.many([day(book, 4, cash=9), day(book, 5, cash=3)])
    assert list(DayTotal.objects.order_by("day").values_list("bank", "cash")) == [(3, 1), (4, 9), (5, 3)]


def test_nothing_to_write_asks_nothing(book: Book) -> None:
    with CaptureQueriesContext(connection) as asked:
        Insert(DayTotal).many([])
        Insert(DayTotal).each([])
        Delete(DayTotal).many([])
    assert len(asked) == 0


def test_an_update_changes_the_columns_named_alone(book: Book) -> None:
    row = day(book, 3, cash=5)
    Insert(DayTotal).one(row)
    row.bank, row.cash = 70, 80
    Update(DayTotal, ["cash"]).one(row)
    assert list(DayTotal.objects.values_list("bank", "cash")) == [(3, 80)]
    Update(DayTotal).one(row)
    assert list(DayTotal.objects.values_list("bank", "cash")) == [(70, 80)]


def test_a_delete_takes_away_by_a_column(book: Book) -> None:
    Insert(DayTotal).many([day(book, 3), day(book, 4), day(book, 5)])
    Delete(DayTotal, "bank").many([3, 5])
    assert DayTotal.objects.aggregate(count=Count("pk")) == {"count": 1}
