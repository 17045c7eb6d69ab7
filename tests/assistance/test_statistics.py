"""What people ask, in numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from retkoop.assistance.models import Message, Theme, Thread
from retkoop.assistance.services import settle_thread
from retkoop.assistance.statistics import Row, counted, statistics_of, written_delay
from retkoop.books.models import Book
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from tests.assistance.at_hand import asked, wrote
from tests.books.coops import a_book, keeper, plain
from tests.cast import FAR_AWAY, association

YEAR = SchoolYear(2025)


def at_noon(*day: int) -> datetime:
    return datetime(*day, 12, tzinfo=timezone.get_default_timezone())  # type: ignore[misc,arg-type]  # year, month, day


@pytest.mark.django_db
def test_what_the_coops_of_an_ad_ask_in_a_year(alice: Access, julie: Access, book: Book) -> None:
    first, second, third, former = (asked(alice, book, theme=theme) for theme in (Theme.BANK, Theme.ENTRY, Theme.BANK, Theme.CASH))
    wrote(julie, first)
    wrote(julie, second)
    settle_thread(access=alice, thread=second, settled=True)
    for thread, day, answered in (
        (first, (2025, 9, 1), 2),
        (second, (2026, 8, 31), 6),
        (third, (2025, 9, 3), 0),
        (former, (2025, 8, 31), 0),
    ):
        Thread.objects.filter(pk=thread.pk).update(opened_at=at_noon(*day), code="caisse-negative" if answered else "", place="cahier")
        Message.objects.filter(thread=thread, from_afar=True).update(at=at_noon(*day) + timedelta(hours=answered))
    Thread.objects.filter(pk=third.pk).update(place="n-importe")
    told = statistics_of(association(), YEAR)
    assert (told.total, told.still_open, told.unanswered, plain(told.delay_written)) == (3, 2, 1, "4 heures")
    assert told.by_theme == (Row("La banque", 2), Row("Noter une opération", 1))
    assert told.by_page == (Row("Cahier", 2), Row("Une autre page", 1))
    rule = "La caisse ne contient jamais moins que rien, à aucune date de l’année."
    assert told.by_check == (Row(rule, 2),)
    assert told.by_month == (Row("Septembre", 2), Row("Août", 1))
    assert statistics_of(association("92"), YEAR).total == 0
    far = keeper(FAR_AWAY)
    asked(far, a_book(far))
    assert statistics_of(None, SchoolYear.containing(timezone.localdate())).total == 1


def test_nothing_asked_has_no_delay() -> None:
    told = counted(YEAR, [])
    assert (told.total, told.delay_written, told.by_theme) == (0, "—", ())


@pytest.mark.parametrize(
    ("delay", "written"),
    [
        ({"seconds": 20}, "moins d’une minute"),
        ({"minutes": 59}, "59 minutes"),
        ({"minutes": 60}, "1 heure"),
        ({"hours": 47}, "47 heures"),
        ({"hours": 49}, "2 jours"),
        ({"days": 9}, "9 jours"),
    ],
)
def test_how_long_it_takes(delay: dict[str, int], written: str) -> None:
    assert plain(written_delay(timedelta(**delay))) == written
