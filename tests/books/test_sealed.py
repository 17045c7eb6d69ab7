"""A sealed year is written no more, whatever the verb: nothing of its book, of its documents, of its trail changes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from retkoop.archive.models import Document, DocumentKind
from retkoop.audit.models import AuditEvent, Chain
from retkoop.audit.services import SYSTEM, writing
from retkoop.banking import services as banking
from retkoop.banking.models import BankStatement, CashCountRecord
from retkoop.books import opening, services, vouchers
from retkoop.books.models import Book, ImportBatch, Operation, Proof
from retkoop.books.values import operation_value, with_lines
from retkoop.books.writable import Refused
from retkoop.domain.chart import POSTAL
from retkoop.domain.entry import Moves
from retkoop.network.access import Access
from tests.archive.sent import picture_bytes, receive
from tests.banking.books_at_hand import count, musee, now, statement
from tests.books.coops import keeper, note
from tests.upkeep.sample import example, rows_of

pytestmark = pytest.mark.django_db

SEALED = "Les comptes de 2025-2026 sont validés et scellés : corrigez par une opération de l’année suivante."


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def book(alice: Access) -> Book:
    """A year with one of everything, sealed."""
    book = musee(alice)
    first = Operation.objects.filter(book=book, opening=False).order_by("pk")[0]
    receive(alice, book, operation=first.pk)
    receive(alice, book, picture_bytes())
    note(alice, book, "D90", "2026-03-02", "Livres", -5_00)
    services.delete_operation(access=alice, book=book, key=Operation.objects.get(piece="D90").pk, version=1)
    statement(alice, book, 1092_40, number="8")
    count(alice, book, date(2026, 8, 31), {20_00: 1, 1_00: 1, 50: 1})
    with writing(alice.coop.chain, SYSTEM) as trail:
        current = now(book)
        before = current.snapshot()
        current.sealed_at = timezone.now()
        current.save()
        trail.changed(current, before, action="book.sealed")
    return now(book)


Verbs = dict[str, Callable[[], object]]
"""Verbs that write in a year, with arguments that an open one takes."""


def of_the_cahier(alice: Access, book: Book) -> Verbs:
    row = with_lines(Operation.objects.filter(book=book, piece="D03")).get()
    bare = Operation.objects.filter(book=book, vouchers=None, opening=False).order_by("pk")[0]
    removed = int(AuditEvent.objects.get(action="operation.deleted").subject.partition(":")[2])
    batch = ImportBatch.objects.filter(book=book).first()
    mine: Any = {"access": alice, "book": book}
    return {
        "record": partial(services.record_operation, **mine, operation=operation_value(row), submission=uuid.uuid4()),
        "record many": partial(
            services.record_operations, author=SYSTEM, coop=alice.coop, year=book.year, operations=[operation_value(row)]
        ),
        "import": partial(
            services.import_book, author=SYSTEM, coop=alice.coop, year=book.year, file_name="x.csv", rows=rows_of(example("musee"))
        ),
        "edit": partial(services.edit_operation, **mine, key=row.pk, version=row.version, operation=operation_value(row)),
        "delete": partial(services.delete_operation, **mine, key=bare.pk, version=bare.version),
        "restore": partial(services.restore_operation, **mine, key=removed),
        **({"undo import": partial(services.undo_import, author=SYSTEM, batch=batch)} if batch else {}),
        "account": partial(opening.choose_bank_account, **mine, bank_account=POSTAL),
        "opening": partial(opening.keep_opening, **mine, moves=Moves(1_00), version=1, submission=uuid.uuid4()),
    }


def of_the_evidence(alice: Access, book: Book) -> Verbs:
    bare = Operation.objects.filter(book=book, vouchers=None, opening=False).order_by("pk")[0]
    proven = Operation.objects.exclude(vouchers=None).get()
    joined = proven.vouchers.all()[0].document_id
    loose = Document.objects.get(vouchers=None)
    mine: Any = {"access": alice, "book": book}
    return {
        "join": partial(vouchers.join_document, **mine, document=loose.pk, operation=bare.pk),
        "part": partial(vouchers.part_document, **mine, document=joined, operation=proven.pk),
        "proof": partial(vouchers.say_proof, **mine, operation=bare.pk, proof=Proof.LOST),
        "all on paper": partial(vouchers.say_all_on_paper, **mine, place="Classeur"),
        "describe": partial(
            vouchers.describe, **mine, document=loose.pk, version=loose.version, kind=DocumentKind.OTHER, label="Autre", day=None
        ),
        "remove document": partial(vouchers.remove_document, **mine, document=loose.pk),
        "restore document": partial(vouchers.restore_document, **mine, document=loose.pk),
    }


def of_the_bank(alice: Access, book: Book) -> Verbs:
    row = Operation.objects.get(book=book, piece="D03")
    closing = BankStatement.objects.get(book=book)
    a_count = CashCountRecord.objects.get(book=book)
    mine: Any = {"access": alice, "book": book}
    return {
        "statement": partial(
            banking.record_statement, **mine, number="9", day=date(2026, 9, 2), account_balance=1_00, submission=uuid.uuid4()
        ),
        "edit statement": partial(
            banking.edit_statement,
            access=alice,
            statement=closing,
            version=closing.version,
            number="9",
            day=closing.date,
            account_balance=1,
        ),
        "remove statement": partial(banking.remove_statement, access=alice, statement=closing),
        "close statement": partial(banking.close_statement, access=alice, statement=closing),
        "reopen statement": partial(banking.reopen_statement, access=alice, statement=closing),
        "tick": partial(banking.point, access=alice, statement=closing, operations=[row.pk]),
        "tick until": partial(banking.point_until, access=alice, statement=closing, day=closing.date),
        "untick": partial(banking.unpoint, access=alice, operations=[row.pk]),
        "count": partial(banking.record_cash_count, **mine, day=date(2026, 8, 30), quantities={1_00: 1}, submission=uuid.uuid4()),
        "remove count": partial(banking.remove_cash_count, **mine, key=a_count.pk),
    }


def test_every_verb_is_refused_and_nothing_is_written(alice: Access, book: Book) -> None:
    heads = list(Chain.objects.values_list("pk", "sequence", "head"))
    said = {}
    for name, verb in (of_the_cahier(alice, book) | of_the_evidence(alice, book) | of_the_bank(alice, book)).items():
        with pytest.raises(Refused) as refusal:
            verb()
        said[name] = str(refusal.value)
    assert {name: words for name, words in said.items() if words != SEALED} == {}
    assert list(Chain.objects.values_list("pk", "sequence", "head")) == heads


def test_a_document_cannot_be_added_either(alice: Access, book: Book) -> None:
    with pytest.raises(Refused, match=SEALED):
        receive(alice, book, picture_bytes("green"))
