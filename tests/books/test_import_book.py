"""`retkoop import-book` and `undo-import`, from the command line to the trail."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import history
from retkoop.audit.services import SYSTEM
from retkoop.banking.services import point, record_statement
from retkoop.books.findings import findings_on
from retkoop.books.importing import COLUMNS
from retkoop.books.models import Book, ImportBatch, Operation
from retkoop.books.queries import operations_of
from retkoop.books.services import delete_operation, edit_operation, open_book, undo_import
from retkoop.books.values import operation_value, with_lines
from retkoop.books.writable import Refused
from retkoop.domain.chart import POSTAL
from retkoop.domain.ledger import book_order
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import Coop
from retkoop.upkeep.verification import faults
from retkoop.users.models import User
from tests.upkeep.sample import RNE, YEAR, example, import_musee, new_coop
from tests.worked_examples import WORKED_EXAMPLES, WorkedExample
from tests.worked_examples.reading import read_operations

pytestmark = pytest.mark.django_db
HEADER = ";".join(COLUMNS) + "\n"
GIFT = "R9;01/10/2025;Don de la kermesse;;;;;12,00;;;;758;12,00;;;\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run import-book on a text or on bytes: (exit status, standard output, standard error)."""

    def run_on(content: str | bytes, *options: str, coop: str = RNE, year: str = str(YEAR)) -> tuple[int, str, str]:
        file = tmp_path / "cahier.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return run_command("import_book", str(file), "--coop", coop, "--year", year, *options)

    return run_on


def run_command(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def state() -> list[object]:
    """Return all that an import could change."""
    return [list(model.objects.order_by("pk").values()) for model in (Coop, Book, Operation, ImportBatch, AuditEvent)]


@pytest.fixture
def access() -> Access:
    access = new_coop()
    open_book(access=access, year=YEAR)
    return access


@pytest.mark.parametrize("worked", WORKED_EXAMPLES, ids=lambda worked: worked.name)
def test_a_worked_example_is_imported_whole(worked: WorkedExample) -> None:
    status, _, _ = run_command("import_book", str(worked.file), "--coop", worked.rne, "--year", worked.year, "--create")
    book = Book.objects.get(coop__rne=worked.rne)
    expected = sorted(read_operations(worked.rows()), key=book_order)
    got = sorted(operations_of(book), key=book_order)
    assert status == 0
    assert [replace(operation, key=0, entered_at=None) for operation in got] == [replace(operation, key=0) for operation in expected]
    assert list(faults()) == []


def test_what_was_added_is_told(access: Access, run: Run) -> None:
    status, out, err = run(HEADER + GIFT)
    batch = ImportBatch.objects.get()
    findings = findings_on(batch.book, localdate())
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Ajouté au cahier 2025-2026 de École Les Tilleuls (0910000A) : 1 opération.",
        f"À regarder dans ce cahier : {findings.total}, dont erreurs : 0.",
        f"Pour revenir en arrière : retkoop undo-import {batch.pk}",
    ]
    assert (batch.file_name, batch.operations.count()) == ("cahier.csv", 1)
    actions = [event.action for event in history(access.coop.chain)[:2]]
    assert actions == ["operation.imported", "book.imported"]


def test_a_dry_run_says_what_would_be_and_changes_nothing(run: Run) -> None:
    before = state()
    status, out, err = run(example("musee").file.read_bytes(), "--create", "--dry-run")
    assert (status, err) == (0, f"Attention : d’après ses chiffres, le RNE {RNE} finirait par F. Vérifiez-le.\n")
    assert out.splitlines()[0] == "Essai : 12 opérations à ajouter au cahier 2025-2026 de École 0910000A (0910000A). Rien n’est enregistré."
    assert re.fullmatch(r"À regarder dans ce cahier : \d+, dont erreurs : 0.", out.splitlines()[1])
    assert state() == before


def test_all_or_nothing(access: Access, run: Run) -> None:
    before = state()
    bad = HEADER + GIFT + GIFT.replace("R9", "R10").replace("12,00;;;\n", "12,345;;;\n") + "R11;hier;;;;;;1;;;;758;1;;;\n"
    status, out, err = run(bad)
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        "ligne 3, colonne « montant » : « 12,345 ». Un montant a deux décimales au plus, par exemple 12,50.",
        "ligne 4, colonne « date » : « hier ». Cette date n’est pas lisible. Écrivez par exemple 14/11/2025.",
        "ligne 4, colonne « libelle » : le libellé manque : dites ce que c’était.",
        "2 lignes à corriger : rien n’a été importé.",
    ]
    assert state() == before


def test_the_letter_of_an_rne_is_warned_of_once(run: Run) -> None:
    """A wrong one is no error: the coop is made."""
    status, _, err = run(HEADER + GIFT, "--create")
    assert (status, err) == (0, f"Attention : d’après ses chiffres, le RNE {RNE} finirait par F. Vérifiez-le.\n")
    assert run(HEADER + GIFT.replace("R9", "R10"))[::2] == (0, "")
    assert run(HEADER + GIFT, "--create", coop="0910000F")[::2] == (0, "")


def test_nothing_is_created_for_a_file_that_is_refused(run: Run) -> None:
    before = state()
    status, out, err = run(HEADER + GIFT.replace("758", "999"), "--create")
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        "ligne 2, colonne « compte » : le compte « 999 » n’existe pas dans le plan comptable.",
        "1 ligne à corriger : rien n’a été importé.",
    ]
    assert state() == before


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "La coopérative « 0910000A » n’existe pas. Pour la créer : ajoutez --create.\n"),
        ({"year": "2025-2027"}, "« 2025-2027 » n’est pas une année scolaire. Écrivez par exemple 2025-2026.\n"),
        ({"year": "cette année"}, "« cette année » n’est pas une année scolaire. Écrivez par exemple 2025-2026.\n"),
    ],
)
def test_a_coop_or_a_year_that_is_not(run: Run, options: dict[str, str], why: str) -> None:
    assert run(HEADER + GIFT, **options) == (1, "", why)


def test_a_wrong_rne_creates_nothing(run: Run) -> None:
    why = "« 91A » n’est pas un RNE : sept chiffres puis une lettre majuscule, comme 0910000A.\n"
    assert run(HEADER + GIFT, "--create", coop="91A") == (1, "", why)


def test_an_rne_that_somebody_bears_creates_nothing(run: Run) -> None:
    User.objects.create(username=RNE, family=User.Family.STAFF)
    assert run(HEADER + GIFT, "--create") == (1, "", f"La coopérative {RNE} existe déjà.\n")
    assert Coop.objects.count() == 0


def test_a_year_without_a_book(access: Access, run: Run) -> None:
    assert run(HEADER + GIFT, year="2026-2027") == (
        1,
        "",
        "La coopérative 0910000A n’a pas de cahier 2026-2027. Pour l’ouvrir : ajoutez --create.\n",
    )
    assert run(HEADER + GIFT, "--create", year="2026-2027")[0] == 0


def test_a_file_that_is_not(tmp_path: Path) -> None:
    arguments = ("--coop", RNE, "--year", str(YEAR))
    assert run_command("import_book", str(tmp_path / "rien.csv"), *arguments) == (
        1,
        "",
        f"Le fichier « {tmp_path}/rien.csv » n’existe pas.\n",
    )
    assert run_command("import_book", str(tmp_path), *arguments) == (
        1,
        "",
        f"« {tmp_path} » ne peut pas être lu : ce n’est pas un fichier, ou il vous est fermé.\n",
    )


def test_wrong_usage() -> None:
    with pytest.raises(CommandError):
        call_command("import_book")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Ce fichier est vide.\n"),
        (HEADER.encode(), "Ce fichier n’a que son en-tête : il ne contient aucune opération.\n"),
        (b"\0" * 50, "Ce fichier n’est ni du texte (CSV) ni un classeur (XLSX, ODS).\n"),
        (b"x" * 100_000_000, "Ce fichier dépasse 20 Mo : ce n’est pas un cahier de coopérative.\n"),
    ],
)
def test_a_hostile_file_changes_nothing(access: Access, run: Run, content: bytes, why: str) -> None:
    before = state()
    assert run(content) == (1, "", why)
    assert state() == before


def test_the_same_file_twice_is_refused_row_by_row(access: Access) -> None:
    musee = str(example("musee").file)
    arguments = ("import_book", musee, "--coop", RNE, "--year", str(YEAR))
    assert run_command(*arguments)[0] == 0
    before = state()
    status, out, err = run_command(*arguments)
    assert (status, out) == (1, "")
    rows = [2, 3, 4, 5, *range(7, 15)]
    twice = "cette opération est déjà dans le cahier (même pièce, même date, mêmes sommes)."
    assert err.splitlines() == [
        *(f"ligne {row}, colonne « piece » : {twice}" for row in rows),
        "12 lignes à corriger : rien n’a été importé.",
    ]
    assert state() == before


def test_a_book_that_has_been_begun_is_completed(access: Access, run: Run) -> None:
    import_musee(access)
    assert run(HEADER + GIFT)[0] == 0
    assert Book.objects.get().operation_count == 12
    assert list(faults()) == []


def test_an_import_is_undone_and_can_be_done_again(access: Access, run: Run) -> None:
    book = Book.objects.get()
    import_musee(access)
    number = ImportBatch.objects.get().pk
    assert run_command("undo_import", str(number)) == (
        0,
        "Retiré du cahier 2025-2026 de École Les Tilleuls (0910000A) : 12 opérations.\n",
        "",
    )
    again = Book.objects.get()
    kept = (
        "operation_count",
        "last_operation",
        "assets",
        "unpointed_sum",
        "unpointed_count",
        "has_opening",
        "opening_bank",
        "opening_cash",
    )
    assert [getattr(again, name) for name in kept] == [getattr(book, name) for name in kept]
    assert list(faults()) == []
    assert run(example("musee").file.read_bytes())[0] == 0
    assert list(faults()) == []


def test_an_import_is_undone_once() -> None:
    assert run_command("undo_import", "7") == (1, "", "L’import n° 7 n’existe pas.\n")
    import_musee(new_coop())
    number = str(ImportBatch.objects.get().pk)
    assert run_command("undo_import", number)[0] == 0
    assert run_command("undo_import", number) == (1, "", "Cet import est déjà annulé.\n")


def edited(access: Access, book: Book, row: Operation) -> None:
    operation = replace(operation_value(row), label="Autre chose")
    edit_operation(access=access, book=book, key=row.pk, version=row.version, operation=operation)


def deleted(access: Access, book: Book, row: Operation) -> None:
    delete_operation(access=access, book=book, key=row.pk, version=row.version)


def pointed(access: Access, book: Book, row: Operation) -> None:
    statement = record_statement(access=access, book=book, number="", day=date(2026, 8, 31), account_balance=0, submission=uuid.uuid4())
    point(access=access, statement=statement, operations=[row.pk])


@pytest.mark.parametrize("change", [edited, deleted, pointed])
def test_an_import_that_was_worked_on_is_not_undone(change: Callable[[Access, Book, Operation], None]) -> None:
    access = new_coop()
    book = import_musee(access)
    change(access, book, with_lines(Operation.objects.filter(book=book)).get(piece="D05"))
    before = state()
    with pytest.raises(Refused) as refused:
        undo_import(author=SYSTEM, batch=ImportBatch.objects.get())
    assert str(refused.value) == "Des opérations de cet import ont été modifiées, supprimées ou pointées depuis : corrigez-les une à une."
    assert state() == before


def test_other_operations_of_the_book_do_not_hinder_undoing(access: Access, run: Run) -> None:
    book = import_musee(access)
    run(HEADER + GIFT)
    row = with_lines(Operation.objects.filter(book=book)).get(piece="R9")
    edited(access, book, row)
    first = ImportBatch.objects.order_by("pk")[0]
    assert undo_import(author=SYSTEM, batch=first) == 12
    assert Book.objects.get().operation_count == 1


def test_the_next_year_stays_at_the_same_kind_of_account(access: Access, run: Run) -> None:
    Book.objects.filter(coop=access.coop).update(bank_account=POSTAL)
    assert run(HEADER + GIFT, "--create", year=str(YEAR.next))[0] == 0
    assert list(Book.objects.order_by("start").values_list("bank_account", flat=True)) == [POSTAL, POSTAL]


def test_years_are_kept_apart(access: Access, run: Run) -> None:
    assert run(HEADER + GIFT)[0] == 0
    assert run(HEADER + GIFT, "--create", year=str(SchoolYear(2026)))[0] == 0
