from __future__ import annotations

import uuid
from datetime import date

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import AlreadySubmitted
from retkoop.banking.models import BankStatement
from retkoop.banking.services import (
    StatementChanged,
    close_statement,
    edit_statement,
    point,
    record_statement,
    remove_statement,
    reopen_statement,
)
from retkoop.books.models import Book, KeptFinding
from retkoop.books.writable import Refused
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults_of_book
from tests.banking.books_at_hand import YEAR, add, gap, now, operation, payment, receipt, statement

END = date(2026, 8, 31)
RIGHT = 1_092_40


def told(book: Book) -> tuple[date | None, int | None]:
    current = now(book)
    return current.statement_date, current.statement_balance


def gap_findings(book: Book) -> list[str]:
    return [code for code in KeptFinding.objects.filter(book=book).values_list("code", flat=True) if code == "rapprochement"]


def test_a_statement_tells_its_book_where_the_bank_stands(alice: Access, book: Book) -> None:
    row = statement(alice, book, RIGHT, number="8")
    assert (row.number, row.date, row.account_balance, row.book_id, row.closed_at) == ("8", END, RIGHT, book.pk, None)
    assert (told(book), gap(book)) == ((END, RIGHT), 0)


def test_a_statement_that_does_not_agree_is_a_finding(alice: Access, book: Book) -> None:
    statement(alice, book, RIGHT + 7_60)
    assert (gap(book), gap_findings(book)) == (7_60, ["rapprochement"])


def test_the_book_knows_the_statement_nearest_to_the_end_of_the_year(alice: Access, book: Book) -> None:
    statement(alice, book, 10_00, date(2026, 6, 30))
    late = statement(alice, book, RIGHT, date(2026, 9, 4))
    statement(alice, book, 20_00, date(2025, 12, 31))
    assert told(book) == (date(2026, 9, 4), RIGHT)
    remove_statement(access=alice, statement=late)
    assert told(book) == (date(2026, 6, 30), 10_00)


def test_the_last_one_removed_leaves_nothing(alice: Access, book: Book) -> None:
    remove_statement(access=alice, statement=statement(alice, book, 10_00))
    assert (told(book), gap(book), gap_findings(book), BankStatement.objects.count()) == ((None, None), None, [], 0)


@pytest.mark.parametrize(
    ("day", "said"), [(date(2025, 8, 31), "31 août 2025"), (date(2026, 11, 1), "1er novembre 2026"), (date(2024, 1, 3), "3 janvier 2024")]
)
def test_a_statement_of_another_year_is_refused(alice: Access, book: Book, day: date, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        statement(alice, book, RIGHT, day)
    assert str(refusal.value) == f"Ce relevé est daté du {said}, hors de l’année scolaire 2025-2026."
    assert not BankStatement.objects.exists()


@pytest.mark.parametrize("day", [YEAR.first_day, date(2026, 10, 31)])
def test_a_statement_may_come_two_months_after_the_year(alice: Access, book: Book, day: date) -> None:
    assert statement(alice, book, RIGHT, day).date == day


def test_a_date_has_one_statement(alice: Access, book: Book) -> None:
    statement(alice, book, RIGHT)
    with pytest.raises(Refused) as refusal:
        statement(alice, book, RIGHT)
    assert str(refusal.value) == "Un relevé du 31 août 2026 est déjà noté. Ouvrez-le dans la liste, ou changez la date."


def test_a_double_click_makes_one_statement(alice: Access, book: Book) -> None:
    submission = uuid.uuid4()
    given = {"access": alice, "book": book, "number": "", "day": END, "account_balance": RIGHT, "submission": submission}
    first = record_statement(**given)  # type: ignore[arg-type]  # each as it is named
    with pytest.raises(AlreadySubmitted) as again:
        record_statement(**given)  # type: ignore[arg-type]  # idem
    assert (again.value.subject, BankStatement.objects.count()) == (first.subject, 1)


def test_a_statement_is_corrected(alice: Access, book: Book) -> None:
    row = statement(alice, book, 1_029_40)
    row = edit_statement(access=alice, statement=row, version=1, number="8", day=date(2026, 8, 28), account_balance=RIGHT)
    assert (row.number, row.version, told(book), gap(book)) == ("8", 2, (date(2026, 8, 28), RIGHT), 0)


def test_the_second_writer_is_told(alice: Access, book: Book) -> None:
    row = statement(alice, book, 1_029_40)
    edit_statement(access=alice, statement=row, version=1, number="8", day=END, account_balance=RIGHT)
    with pytest.raises(StatementChanged) as changed:
        edit_statement(access=alice, statement=row, version=1, number="9", day=END, account_balance=1)
    assert changed.value.current is not None
    assert (changed.value.current.number, told(book)) == ("8", (END, RIGHT))


def test_a_statement_that_is_gone_is_told(alice: Access, book: Book) -> None:
    with pytest.raises(StatementChanged) as changed:
        edit_statement(access=alice, statement=BankStatement(pk=0), version=1, number="", day=END, account_balance=1)
    assert changed.value.current is None
    for verb in (remove_statement, close_statement, reopen_statement):
        with pytest.raises(Refused) as refusal:
            verb(access=alice, statement=BankStatement(pk=0))
        assert str(refusal.value) == "Ce relevé a été supprimé entre-temps."


def test_a_date_can_be_kept_when_a_statement_is_corrected(alice: Access, book: Book) -> None:
    row = statement(alice, book, 1)
    other = statement(alice, book, 2, date(2026, 6, 30))
    assert edit_statement(access=alice, statement=row, version=1, number="", day=END, account_balance=RIGHT).account_balance == RIGHT
    with pytest.raises(Refused):
        edit_statement(access=alice, statement=row, version=2, number="", day=other.date, account_balance=RIGHT)


def test_a_statement_with_ticks_stays(alice: Access, book: Book) -> None:
    row = statement(alice, book, RIGHT)
    point(access=alice, statement=row, operations=[operation(book, "D05").pk])
    with pytest.raises(Refused) as refusal:
        remove_statement(access=alice, statement=row)
    assert str(refusal.value) == "Des opérations sont pointées sur ce relevé. Dépointez-les d’abord, puis supprimez-le."


def test_only_a_statement_without_a_gap_closes(alice: Access, book: Book) -> None:
    row = statement(alice, book, RIGHT + 7_60)
    with pytest.raises(Refused) as refusal:
        close_statement(access=alice, statement=row)
    assert str(refusal.value) == "Ce relevé ne peut pas encore être clos\u202f: il reste un écart de 7,60\u202f€."


def test_closing_tells_the_book_and_is_done_once(alice: Access, book: Book) -> None:
    row = statement(alice, book, RIGHT)
    close_statement(access=alice, statement=row)
    close_statement(access=alice, statement=row)
    row.refresh_from_db()
    current = now(book)
    assert row.closed_at is not None
    assert (current.closed_statement_date, current.closed_statement_at) == (END, row.closed_at)
    assert AuditEvent.objects.filter(action="statement.closed").count() == 1


def test_an_operation_slipped_under_a_closed_statement_is_seen_and_forgotten_when_it_opens_again(alice: Access, book: Book) -> None:
    row = statement(alice, book, RIGHT)
    close_statement(access=alice, statement=row)
    add(alice, now(book), [payment("D06", date(2026, 5, 4), 10_00)])
    assert KeptFinding.objects.filter(code="releve-deja-clos").count() == 1
    reopen_statement(access=alice, statement=row)
    reopen_statement(access=alice, statement=row)
    assert KeptFinding.objects.filter(code="releve-deja-clos").count() == 0
    current = now(book)
    assert (current.closed_statement_date, current.closed_statement_at) == (None, None)


def test_what_is_said_of_lines_holds_whichever_statement_closes_or_opens(alice: Access, book: Book) -> None:
    """Held against all the checks run from scratch, after each verb."""
    june, august = statement(alice, book, RIGHT, date(2026, 6, 30)), statement(alice, book, RIGHT)
    close_statement(access=alice, statement=june)
    add(alice, now(book), [payment("D06", date(2026, 5, 4), 10_00), receipt("R06", date(2026, 7, 4), 10_00)])
    said = [slipped()]
    for verb in (close_statement, reopen_statement):
        verb(access=alice, statement=august)
        said.append(slipped())
        assert list(faults_of_book(now(book))) == []
    reopen_statement(access=alice, statement=june)
    assert [*said, slipped()] == [["D06"], [], ["D06"], []]
    assert list(faults_of_book(now(book))) == []


def slipped() -> list[str]:
    return list(KeptFinding.objects.filter(code="releve-deja-clos").values_list("piece", flat=True))  # type: ignore[arg-type]  # each has its pièce


def test_the_last_closed_statement_is_the_one_that_counts(alice: Access, book: Book) -> None:
    early = statement(alice, book, RIGHT, date(2026, 6, 30))
    last = statement(alice, book, RIGHT)
    for row in (early, last):
        close_statement(access=alice, statement=row)
    assert now(book).closed_statement_date == END
    reopen_statement(access=alice, statement=last)
    assert now(book).closed_statement_date == date(2026, 6, 30)


def test_a_closed_statement_is_left_alone(alice: Access, book: Book) -> None:
    row = statement(alice, book, RIGHT)
    close_statement(access=alice, statement=row)
    sentence = "Le relevé du 31 août 2026 est clos. Rouvrez-le pour le changer."
    with pytest.raises(Refused, match=sentence):
        edit_statement(access=alice, statement=row, version=2, number="", day=END, account_balance=1)
    with pytest.raises(Refused, match=sentence):
        remove_statement(access=alice, statement=row)
    with pytest.raises(Refused, match=sentence):
        point(access=alice, statement=row, operations=[operation(book, "D05").pk])


def test_all_that_is_done_to_statements_is_in_the_trail(alice: Access, book: Book) -> None:
    row = statement(alice, book, RIGHT)
    row = edit_statement(access=alice, statement=row, version=1, number="8", day=END, account_balance=RIGHT)
    close_statement(access=alice, statement=row)
    reopen_statement(access=alice, statement=row)
    remove_statement(access=alice, statement=row)
    actions = list(
        AuditEvent.objects.filter(subject=f"banking.bankstatement:{row.pk}").order_by("sequence").values_list("action", flat=True)
    )
    assert actions == ["statement.recorded", "statement.edited", "statement.closed", "statement.reopened", "statement.removed"]
    assert list(faults()) == []
