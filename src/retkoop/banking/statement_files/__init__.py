"""Bank statement files: OFX, CSV and camt.053 as French banks write them, read to the same values."""

from __future__ import annotations

from retkoop.banking.statement_files.camt import read_camt
from retkoop.banking.statement_files.csv_file import read_csv
from retkoop.banking.statement_files.ofx import is_ofx, read_ofx
from retkoop.banking.statement_files.values import (
    LARGEST_FILE,
    BankLine,
    StatementFile,
    UnreadableStatement,
    decoded,
)

__all__ = ["LARGEST_FILE", "BankLine", "StatementFile", "UnreadableStatement", "read_statement_file"]


def read_statement_file(name: str, data: bytes) -> StatementFile:
    """Return what a statement file says. Its bytes tell the format; `name` only words the refusal. Raises UnreadableStatement."""
    if len(data) > LARGEST_FILE:
        raise UnreadableStatement(f"Ce fichier dépasse {LARGEST_FILE // 1_000_000} Mo\u202f: ce n’est pas un relevé.")
    if not data.strip():
        raise UnreadableStatement("Ce fichier est vide.")
    if data.startswith(b"%PDF") or name.lower().endswith(".pdf"):
        raise UnreadableStatement("Un PDF ne se lit pas ligne à ligne\u202f: demandez à votre banque un export OFX ou CSV.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableStatement("Ceci est un classeur\u202f: enregistrez-le en CSV, ou demandez à votre banque un export OFX.")
    text = decoded(data)
    if is_ofx(text):
        return read_ofx(text)
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return read_camt(data.strip())
    return read_csv(text)
