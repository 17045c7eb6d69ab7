"""Journal (livre-journal): the operations in the order of the book, each with its balanced lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from retkoop.domain.chart import BANK, Chart
from retkoop.domain.entry import Operation, lines_of
from retkoop.domain.ledger import book_order
from retkoop.domain.money import Cents


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One debit or credit, in cents, with the label of its account."""

    account: str
    account_label: str
    debit: Cents
    credit: Cents


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One operation (écriture); `operation` is its key. An operation that moved nothing has no lines."""

    operation: int
    date: date
    piece: str
    label: str
    lines: tuple[JournalLine, ...]

    @property
    def total(self) -> Cents:
        """The debits of the entry, which are its credits too."""
        return sum(line.debit for line in self.lines)


def journal(operations: Iterable[Operation], chart: Chart, bank_account: str = BANK) -> tuple[JournalEntry, ...]:
    """Write the journal of some operations, a whole book or a page of it; `bank_account` is 512 or 514."""
    return tuple(_entry(operation, chart, bank_account) for operation in sorted(operations, key=book_order))


def _entry(operation: Operation, chart: Chart, bank_account: str) -> JournalEntry:
    lines = (JournalLine(line.account, chart.label(line.account), line.debit, line.credit) for line in lines_of(operation, bank_account))
    return JournalEntry(operation.key, operation.date, operation.piece, operation.label, tuple(lines))
