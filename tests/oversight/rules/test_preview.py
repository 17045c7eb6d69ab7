from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book, KeptFinding
from retkoop.domain.checks.finding import Severity
from retkoop.domain.rules import Rules
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.services import change_setting, set_values
from retkoop.oversight.rules import preview, previewing
from retkoop.oversight.rules.following import A_SLICE, follow_association, update_under_way
from retkoop.oversight.rules.models import RulesPreview, RulesUpdate
from retkoop.oversight.rules.preview import CONCERNED, Effect, effect_of
from retkoop.oversight.rules.previewing import found_so_far, preview_rules
from retkoop.upkeep.worker import do_one_task
from retkoop.users.models import User
from tests.books.coops import a_book, keeper, note
from tests.cast import CHARLIE, FAR_AWAY, association, logged_in
from tests.oversight.bulk.at_hand import coops_with_books
from tests.oversight.rules.test_settings import SETTINGS, sent
from tests.pages import main_text

YEAR = SchoolYear(2026)
TODAY = date(2026, 11, 16)


@pytest.fixture
def books(db: None) -> list[Book]:
    """Two coops of the AD and one of another; the first has money in its box, a dear purchase, a cheque and a museum."""
    accesses = [keeper(), keeper(CHARLIE), keeper(FAR_AWAY)]
    books = [a_book(access, YEAR) for access in accesses]
    first, second, far = zip(accesses, books, strict=True)
    note(*first, "R1", "2026-09-10", "Kermesse", 800_00)
    note(*first, "R2", "2026-09-11", "Loto", 0, 100_00)
    note(*first, "D1", "2026-09-12", "Matériel de jardin", -400_00)
    note(*first, "D2", "2026-10-01", "Entrées au musée", -50_00, cheque="1000001")
    note(*first, "D3", "2026-10-02", "Peinture", 0, -30_00)
    note(*second, "R1", "2026-11-10", "Loto", 0, 50_00)
    note(*far, "R1", "2026-11-10", "Loto", 0, 5000_00)
    return books


def effect(association: DepartmentalAssociation, **changed: object) -> Effect:
    return effect_of(association, YEAR, before=Rules(), after=replace(Rules(), **changed), today=TODAY)  # type: ignore[arg-type]  # fields of Rules


def told(found: Effect) -> list[tuple[str, dict[str, int], dict[str, int]]]:
    return [(one.coop.rne, plain(one.more), plain(one.less)) for one in found.coops]


def plain(tally: Counter[Severity]) -> dict[str, int]:
    return {str(severity): count for severity, count in tally.items()}


@pytest.mark.parametrize(
    ("changed", "coops"),
    [
        ({"cash_ceiling": 60_00}, [("0910000A", {"conseil": 1}, {})]),
        ({"cash_ceiling": 40_00}, [("0910000A", {"conseil": 1}, {}), (CHARLIE, {"conseil": 1}, {})]),
        ({"silent_days": 30}, [("0910000A", {"conseil": 1}, {})]),
        ({"durable_threshold": 300_00}, [("0910000A", {"alerte": 1}, {})]),
        ({"cash_payment_ceiling": 20_00}, [("0910000A", {"alerte": 1}, {})]),
        ({"unpointed_days": 30}, [("0910000A", {"alerte": 1}, {})]),
        ({"forbidden_words": ("musée",)}, [("0910000A", {"alerte": 1}, {})]),
        ({"tolerated_words": ("peinture",)}, [("0910000A", {"conseil": 1}, {})]),
        ({"vague_labels": ("peinture",)}, [("0910000A", {"conseil": 1}, {})]),
        ({"regie_ceiling": 1_00}, []),
        ({"free_deposits": 1}, []),
        ({}, []),
    ],
)
def test_it_names_the_coops_that_would_see_something_else(
    books: list[Book], changed: dict[str, object], coops: list[tuple[str, dict[str, int], dict[str, int]]]
) -> None:
    assert told(effect(books[0].coop.association, **changed)) == coops


def test_what_would_be_said_no_more_is_told_too(books: list[Book]) -> None:
    strict = replace(Rules(), durable_threshold=100_00, cash_ceiling=60_00)
    found = effect_of(books[0].coop.association, YEAR, before=strict, after=Rules(), today=TODAY)
    assert told(found) == [("0910000A", {}, {"alerte": 1, "conseil": 1})]


def test_what_would_take_too_long_is_looked_at_in_part_and_the_worker_does_the_rest(
    books: list[Book], adele: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is shown at once says « au moins »; what the worker finds, book after book, is what nobody would have had to wait for."""
    changed = {"durable_threshold": 300_00, "tolerated_words": ("musée",)}
    everything = told(effect(books[0].coop.association, **changed))
    monkeypatch.setattr(preview, "MOST_OPERATIONS", 1)
    found = effect(books[0].coop.association, **changed)
    assert (found.whole, told(found)) == (False, [("0910000A", {"alerte": 1}, {})])
    client = logged_in(adele)
    page = main_text(client.post(f"{SETTINGS}achats/", sent("achats", tolerated_words="musée\npeinture", apercu="oui")))
    assert "Au moins 1\u00a0coopérative aurait une remarque de plus École Jean-Jaurès 0910000A, 1\u00a0conseil" in page
    row = RulesPreview.objects.get()
    row.values = {"durable_threshold": 300_00, "tolerated_words": ["musée"]}
    row.save()
    monkeypatch.setattr(previewing, "SLICE", 1)
    monkeypatch.setattr(previewing, "_SECONDS", -1)
    seen = list(iter(lambda: _one_run(row), None))
    assert (row.total, seen) == (2, [1, 2])
    assert (told(found_so_far(row)), found_so_far(row).whole) == (everything, True)
    assert "1\u00a0coopérative aurait une remarque de plus École Jean-Jaurès" in main_text(client.get(f"{SETTINGS}apercu/{row.pk}/"))
    assert client.get(f"{SETTINGS}apercu/{row.pk + 1}/").status_code == 404


def _one_run(row: RulesPreview) -> int | None:
    """Have the worker go on; return how many books are done, None where it had none left."""
    done = row.done
    preview_rules.call(row.pk)
    row.refresh_from_db()
    return row.done if row.done > done else None


def test_the_federation_sees_the_effect_of_its_defaults_by_ad(books: list[Book], fanny: User) -> None:
    """An AD that has set a value of its own is not touched by the national one."""
    client, group = logged_in(fanny), "/federation/reglages/alertes/"
    assert "Voir l’effet" in main_text(client.get(group))
    assert "Cahiers comparés" in main_text(client.post(group, sent("alertes", cash_ceiling="40", apercu="oui")))
    again = client.post(group, sent("alertes", cash_ceiling="40", apercu="oui"))
    assert (again.status_code, RulesPreview.objects.count()) == (200, 1)
    row = RulesPreview.objects.get()
    preview_rules.call(row.pk)
    row.refresh_from_db()
    assert (row.total, row.done, row.found) == (3, 3, [["91", 2, 0]])
    page = main_text(client.get(f"/federation/reglages/apercu/{row.pk}/"))
    assert "2\u00a0coopératives auraient des remarques de plus, 0\u00a0en aurait moins." in page
    assert "OCCE 91 2 de plus, 0 de moins" in page
    change_setting(author=SYSTEM, association=books[0].coop.association, from_year=2026, name="cash_ceiling", value=150_00)
    client.post(group, sent("alertes", cash_ceiling="40", apercu="oui"))
    later = RulesPreview.objects.latest("pk")
    preview_rules.call(later.pk)
    later.refresh_from_db()
    assert later.found == []
    assert "Aucun cahier ne dirait autre chose aujourd’hui." in main_text(client.get(f"/federation/reglages/apercu/{later.pk}/"))


def test_each_rule_has_its_checks() -> None:
    assert set(CONCERNED) == set(Rules.__dataclass_fields__)


def test_nothing_is_written_and_the_queries_are_counted(books: list[Book], adele: User) -> None:
    before = (AuditEvent.objects.count(), list(KeptFinding.objects.order_by("pk").values_list("code", "book")))
    client = logged_in(adele)
    with CaptureQueriesContext(connection) as asked:
        page = client.post(f"{SETTINGS}alertes/", sent("alertes", cash_ceiling="60", durable_threshold="300", apercu="oui"))
    assert "1\u00a0coopérative aurait une remarque de plus École Jean-Jaurès 0910000A, 1\u00a0alerte, 1\u00a0conseil" in main_text(page)
    assert (AuditEvent.objects.count(), list(KeptFinding.objects.order_by("pk").values_list("code", "book"))) == before
    assert len(asked) <= 12
    nothing = client.post(f"{SETTINGS}alertes/", sent("alertes", apercu="oui"))
    assert "Aucun cahier ne dirait autre chose aujourd’hui." in main_text(nothing)


def test_what_is_told_before_is_what_the_books_say_after(books: list[Book], adele: User) -> None:
    """The findings that are kept once the worker has passed are those that the preview told."""
    client = logged_in(adele)
    client.post(f"{SETTINGS}alertes/", sent("alertes", cash_ceiling="60", durable_threshold="300"))
    row = RulesUpdate.objects.get()
    assert update_under_way(books[0].coop.association) == row
    follow_association.call(row.pk)
    row.refresh_from_db()
    assert (row.total, row.done, update_under_way(books[0].coop.association)) == (2, 2, None)
    codes = {"caisse-trop-pleine", "achat-durable"}
    assert sorted(KeptFinding.objects.filter(code__in=codes, book__in=books[:2]).values_list("book", "code")) == [
        (books[0].pk, "achat-durable"),
        (books[0].pk, "caisse-trop-pleine"),
    ]


def test_an_order_is_left_to_a_later_one(books: list[Book]) -> None:
    association = books[0].coop.association
    change_setting(author=SYSTEM, association=association, from_year=2026, name="cash_ceiling", value=60_00)
    first, _ = (RulesUpdate.objects.create(association=association, start=2026) for _ in range(2))
    follow_association.call(first.pk)
    first.refresh_from_db()
    assert (first.total, first.finished_at is None) == (0, False)


def test_the_books_are_made_again_by_slices(db: None, adele: User) -> None:
    """Other tasks pass in between; a slice that is begun again counts no book twice, and the last one ends the order."""
    coops_with_books(A_SLICE + 1)
    set_values(author=SYSTEM, association=association(), year=SchoolYear(2025), values={"cash_ceiling": 60_00})
    row = RulesUpdate.objects.get()
    told = []
    for _ in range(2):
        assert do_one_task()
        row.refresh_from_db()
        told.append((row.total, row.done, row.finished_at is None))
    assert told == [(A_SLICE + 1, A_SLICE, True), (A_SLICE + 1, A_SLICE + 1, False)]
    follow_association.call(row.pk, after=Book.objects.order_by("pk")[A_SLICE - 1].pk)
    row.refresh_from_db()
    assert (row.done, do_one_task()) == (A_SLICE + 1, False)


def test_an_order_under_way_is_left_to_a_later_one(db: None) -> None:
    keys = [book.pk for book in coops_with_books(2)]
    first, later = (RulesUpdate.objects.create(association=association(), start=2025, total=2) for _ in range(2))
    follow_association.call(first.pk, after=keys[0])
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.done, first.finished_at is None, later.finished_at) == (0, False, None)
