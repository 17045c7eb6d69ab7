from __future__ import annotations

import io
import uuid
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from retkoop.archive.models import Document
from retkoop.audit.models import Audited, AuditEvent, Chain
from retkoop.audit.services import SYSTEM, erase_content
from retkoop.books.models import KEPT, AccountTotal, Book, DayTotal, EntryLine, KeptFinding, Operation, Voucher
from retkoop.books.services import delete_operation, open_book, record_operation
from retkoop.domain import entry
from retkoop.network.access import open_coop
from retkoop.network.models import Coop
from retkoop.registers.models import SubsidySpending
from retkoop.upkeep.verification import faults
from retkoop.users.models import User
from tests.upkeep.sample import RNE, YEAR, make_network, new_coop

pytestmark = pytest.mark.django_db

AUDITED = [model for model in apps.get_models() if issubclass(model, Audited)]
TABLES: list[type[models.Model]] = [*AUDITED, AuditEvent, Chain, EntryLine, Voucher, AccountTotal, DayTotal, KeptFinding, SubsidySpending]
NO_TEXT = "UPDATE {table} SET {column} = x'ff00' WHERE {key} = %s"
SOME_TEXT = "UPDATE {table} SET {column} = 'n’importe quoi' WHERE {key} = %s"
DERIVED: dict[type[models.Model], frozenset[str]] = {Document: frozenset({"text", "words"})}
"""Columns that the trail does not hold as they are: verification holds them against the rest."""

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)


def fields_of(table: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the columns that verification answers for."""
    left_out: frozenset[str] = (getattr(table, "unaudited", frozenset()) - KEPT) if issubclass(table, Audited) else frozenset()
    hidden: set[str] = (
        {"id"} if table in {EntryLine, Voucher, AccountTotal, DayTotal, KeptFinding, AuditEvent, SubsidySpending} else set()
    )  # keys that nothing refers to
    answered = DERIVED.get(table, frozenset())
    return [field for field in table._meta.concrete_fields if field.attname not in (left_out - answered) | hidden]


def rows_of(table: type[models.Model]) -> models.QuerySet[models.Model]:
    return table._default_manager.all()  # noqa: SLF001 -- any model's


def write(statement: str, row: models.Model, *, column: str = "") -> None:
    """Write in the table of a row behind the application; `statement` leaves room for the table, the column and the key."""
    names = {"table": row._meta.db_table, "column": connection.ops.quote_name(column), "key": row._meta.pk.column}
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**names), [row.pk])


def row_of(table: type[models.Model]) -> models.Model:
    """Return a row that is neither the first nor alone, of the coop that has done everything where that means something."""
    rows = rows_of(table).order_by("pk")
    if not issubclass(table, Audited) and "coop" in {field.name for field in table._meta.concrete_fields}:
        rows = rows.filter(coop__rne=RNE)
    if table is Chain:
        return Chain.objects.get(pk=f"coop {RNE}")
    if table in {Coop, User}:
        return rows.get(**{"rne" if table is Coop else "username": RNE})
    if table is Book:
        return Book.objects.get(coop__rne=RNE)
    return rows[rows.count() // 2]


def another(field: models.Field[Any, Any], value: Any) -> Any:  # noqa: ANN401, PLR0911 -- a value of any column
    """Return another value that the column takes."""
    if isinstance(field, models.ForeignKey):
        return rows_of(field.related_model).exclude(pk=value).values_list("pk", flat=True).first()
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.JSONField):
        return {"autre": 1}
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.DateTimeField):
        return (value or datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(seconds=1)
    if isinstance(field, models.DateField):
        return (value or date(2026, 1, 1)) + timedelta(days=1)
    if isinstance(field, models.IntegerField):
        return (value or 0) + (10_000 if field.primary_key else 1)
    return f"{value or ''}x"[-(field.max_length or 300) :]


def names_of(row: models.Model) -> list[str]:
    """Return what a fault may say to name a row: itself, or the book, the chain or the record that it belongs to."""
    names = [f"{RNE} {YEAR}"] if isinstance(row, Book) or not isinstance(row, Audited) else []
    names += [row.subject] if isinstance(row, Audited) else []
    names += [f"books.operation:{row.operation_id}"] if isinstance(row, Voucher) else []
    names += [f"registers.subsidy:{row.subsidy_id}"] if isinstance(row, SubsidySpending) else []
    return [f"piste {getattr(row, 'chain_id', row.pk)}"] if isinstance(row, AuditEvent | Chain) else names


def told_after(change: Any) -> list[str]:  # noqa: ANN401 -- any call
    """Return the faults after a change, and take the change back."""
    with transaction.atomic():
        change()
        told = list(faults())
        transaction.set_rollback(True)
    return told


def is_missed(row: models.Model, change: Any) -> list[str] | None:  # noqa: ANN401 -- any call
    """Return what is told after a change, which is then taken back, where nothing of it names the row; None as soon as it is named."""
    names = names_of(row)
    with transaction.atomic():
        change()
        told: list[str] | None = []
        for fault in faults():
            if any(name in fault for name in names):
                told = None
                break
            told.append(fault)  # type: ignore[union-attr]  # a list until it is None
        transaction.set_rollback(True)
    return told


def reads_the_same(row: models.Model, field: models.Field[Any, Any]) -> bool:
    """Tell whether the application sees what it saw before: garbage where a date may be missing is a missing date."""
    try:
        again = rows_of(type(row)).get(pk=row.pk)
    except Exception:  # noqa: BLE001 -- garbage that cannot even be read
        return False
    return bool(getattr(again, field.attname) == getattr(row, field.attname))


@pytest.fixture(scope="class")
def network(lasting: None) -> None:
    """A network that has something in each table."""
    make_network(closing=True)


@pytest.mark.usefixtures("network")
class TestEachTable:
    def test_a_network_that_nobody_touched_is_sound(self) -> None:
        assert list(faults()) == []

    def test_every_table_that_counts_holds_something(self) -> None:
        assert [table.__name__ for table in TABLES if not rows_of(table).exists()] == []

    @each_table
    def test_another_value_in_any_column_is_found(self, table: type[models.Model]) -> None:
        row = row_of(table)
        missed = []
        for field in fields_of(table):
            value = another(field, getattr(row, field.attname))
            try:
                told = is_missed(row, lambda: rows_of(table).filter(pk=row.pk).update(**{field.attname: value}))  # noqa: B023 -- called at once
            except IntegrityError:
                continue  # the database itself refuses
            if told is not None:
                missed.append((field.attname, told))
        assert missed == []

    @each_table
    def test_a_row_that_has_gone_is_found(self, table: type[models.Model]) -> None:
        row = row_of(table)
        assert is_missed(row, lambda: write("DELETE FROM {table} WHERE {key} = %s", row)) is None

    @pytest.mark.only_on("sqlite")  # PostgreSQL refuses a value of another type
    @each_table
    def test_what_no_column_should_hold_is_told_without_a_failure(self, table: type[models.Model]) -> None:
        row = row_of(table)
        missed = []
        for field in fields_of(table):
            garbage = NO_TEXT if isinstance(field, models.CharField | models.TextField) else SOME_TEXT
            try:
                with transaction.atomic():
                    write(garbage, row, column=str(field.column))
                    missed += [] if reads_the_same(row, field) or any(True for _ in faults()) else [field.attname]
                    transaction.set_rollback(True)
            except IntegrityError:
                continue  # the database itself refuses
        assert missed == []


def test_an_operation_added_behind_the_application_is_found() -> None:
    book = make_network()

    def add() -> None:
        row = Operation(
            coop=book.coop, book=book, date=date(2026, 1, 5), label="Cadeau", bank=-5_00, entered_at=datetime(2026, 1, 5, tzinfo=UTC)
        )
        Operation.objects.bulk_create([row])

    told = told_after(add)
    key = Operation.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    assert any("la piste ne connaît pas cet enregistrement" in fault for fault in told), (key, told)


def test_a_content_that_is_erased_in_silence_is_found_and_one_that_the_trail_tells_is_not() -> None:
    make_network()
    event = AuditEvent.objects.filter(chain=f"coop {RNE}").order_by("sequence")[3]
    silent = f"piste coop {RNE}, maillon 4\u202f: son contenu a été effacé sans que la piste le dise"
    assert told_after(lambda: AuditEvent.objects.filter(pk=event.pk).update(before=None, after=None)) == [silent]
    assert told_after(lambda: erase_content(author=SYSTEM, event=event)) == []


def test_the_end_of_a_chain_that_was_cut_is_found() -> None:
    make_network()
    last = AuditEvent.objects.filter(chain=f"coop {RNE}").order_by("-sequence")[:2]
    told = told_after(lambda: AuditEvent.objects.filter(pk__in=[event.pk for event in last]).delete())
    assert f"piste coop {RNE}\u202f: elle ne finit pas où elle devrait" in told


def test_two_lines_that_balance_no_more_are_told() -> None:
    make_network()
    line = EntryLine.objects.order_by("pk")[4]
    told = told_after(
        lambda: EntryLine.objects.filter(pk=line.pk).update(debit=line.debit and line.debit + 1, credit=line.credit and line.credit + 1)
    )
    operation = Operation.objects.get(pk=line.operation_id)
    name = f"{RNE} {YEAR}, pièce « {operation.piece} » (opération {operation.pk})"
    assert {f"{name} : le débit et le crédit diffèrent", f"books.operation:{operation.pk} : modifié en dehors de l’application"} <= set(
        told
    )


def test_a_total_is_told_as_it_is_kept_and_as_it_should_be() -> None:
    book = make_network()
    told = told_after(lambda: AccountTotal.objects.filter(book=book, account="530").update(debit=96_51))
    assert f"{RNE} {YEAR}, total du compte 530 : gardé 9651, 10000, recalculé 12150, 10000" in told


def test_the_command_says_all_is_right_in_one_line() -> None:
    make_network()
    out = io.StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue() == "Tout est juste : 2 cahiers, 16 opérations, pistes d’audit comprises.\n"


def test_the_command_tells_what_is_wrong_and_exits_with_1() -> None:
    book = make_network()
    Book.objects.filter(pk=book.pk).update(operation_count=3)
    err = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify", stderr=err)
    assert left.value.code == 1
    assert err.getvalue() == f"{RNE} {YEAR}, compteur operation_count : gardé 3, recalculé 15\nAnomalies trouvées : 1.\n"


@pytest.mark.only_on("sqlite")  # PostgreSQL never gives up its constraints
def test_a_database_that_refers_to_nothing_is_told() -> None:
    make_network()
    line = EntryLine.objects.order_by("pk")[4]
    told = told_after(lambda: EntryLine.objects.filter(pk=line.pk).update(operation_id=10_000))
    assert (
        f"base de données : la ligne {line.pk} de books_entryline renvoie à un enregistrement de books_operation qui n’existe pas" in told
    )


def test_books_of_several_years_hold_together() -> None:
    book = make_network()
    open_book(access=open_coop(User.objects.get(username=RNE), RNE), year=book.year.next)
    assert list(faults()) == []


def test_a_line_typed_twice_is_a_duplicate_and_no_fault() -> None:
    access = new_coop()
    book = open_book(access=access, year=YEAR)
    for _ in range(3):
        line = entry.Operation(key=0, piece="", date=date(2025, 11, 14), label="Cahiers", moves=entry.Moves(bank=-12_50))
        record_operation(access=access, book=book, operation=line, submission=uuid.uuid4())
    assert list(faults()) == []


@pytest.mark.django_db(transaction=True)
def test_people_work_while_it_verifies_and_nothing_is_told() -> None:
    """Everything is read as it is at one moment, from the first chain to the last book."""
    book = make_network()
    access = open_coop(User.objects.get(username=RNE), RNE)
    done, troubles = Event(), []

    def work() -> None:
        try:
            while not done.is_set():
                row = record_operation(
                    access=access,
                    book=book,
                    operation=entry.Operation(
                        0, "D90", date(2026, 3, 2), "Timbres", entry.Moves(bank=-5_00), (entry.Part("65000008", 5_00),)
                    ),
                    submission=uuid.uuid4(),
                )
                delete_operation(access=access, book=book, key=row.pk, version=row.version)
        except Exception as trouble:  # noqa: BLE001 -- told by the test
            troubles.append(trouble)
        finally:
            connection.close()

    worker = Thread(target=work)
    worker.start()
    try:
        told = [list(faults()) for _ in range(5)]
    finally:
        done.set()
        worker.join()
    assert (told, troubles) == ([[]] * 5, [])
