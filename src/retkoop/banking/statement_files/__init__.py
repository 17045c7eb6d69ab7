"""Bank statement files: OFX, QIF, CSV, workbooks and camt.053 as French banks write them, read to the same values."""

from __future__ import annotations

from retkoop.banking.statement_files.camt import read_camt
from retkoop.banking.statement_files.choosing import chosen
from retkoop.banking.statement_files.csv_file import read_csv
from retkoop.banking.statement_files.ofx import is_ofx, read_ofx
from retkoop.banking.statement_files.qif import is_qif, read_qif
from retkoop.banking.statement_files.strangers import is_workbook, refuse_strangers
from retkoop.banking.statement_files.values import (
    LARGEST_FILE,
    BankLine,
    SeveralAccounts,
    StatementFile,
    UnreadableStatement,
    decoded,
)
from retkoop.banking.statement_files.workbook import read_workbook

__all__ = ["LARGEST_FILE", "BankLine", "SeveralAccounts", "StatementFile", "UnreadableStatement", "read_statement_file"]


def read_statement_file(name: str, data: bytes, account: str = "") -> StatementFile:
    """Return what a statement file says. Its bytes tell the format; `name` only words a refusal. Raises UnreadableStatement.

    SeveralAccounts where it holds some that moved, and `account` does not say which: a number, or an IBAN.
    """
    refuse_strangers(name, data)
    return chosen(_statements(data), account.strip())


def _statements(data: bytes) -> list[StatementFile]:
    if is_workbook(data):
        return read_workbook(data)
    text = decoded(data)
    if is_ofx(text):
        return read_ofx(text)
    if is_qif(text):
        return read_qif(text)
    return read_camt(data) if text.lstrip().startswith("<") else read_csv(text)
