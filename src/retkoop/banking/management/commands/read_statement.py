"""`retkoop read-statement FILE [--json]`: what a bank statement file says (docs/commandes.md)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from retkoop.banking.statement_files import StatementFile, UnreadableStatement, read_statement_file
from retkoop.domain.money import format_amount
from retkoop.ui.commands import RetkoopCommand
from retkoop.ui.days import format_full


class Command(RetkoopCommand):
    help = "Lit un relevé de banque (OFX, CSV ou camt.053) et dit ses lignes\u202f: en texte, ou en JSON (montants en centimes)."
    refusals = (UnreadableStatement,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help="le relevé, comme la banque l’a donné")
        parser.add_argument("--json", action="store_true", help="donne un objet JSON")

    def handle(self, *, file: Path, json: bool, **_: object) -> None:
        try:
            data = file.read_bytes()
        except OSError:
            self.refuse(f"«\u202f{file}\u202f» ne peut pas être lu\u202f: vérifiez son nom et vos droits.")
        statement = read_statement_file(file.name, data)
        self.stdout.write(_json(statement) if json else _text(statement))


def _json(statement: StatementFile) -> str:
    return json.dumps(statement.as_json(), ensure_ascii=False, indent=2)


def _text(statement: StatementFile) -> str:
    told = [f"Relevé {statement.format}, compte {statement.account or 'non nommé'}, {len(statement.lines)} lignes"]
    told += [f"{format_full(line.date)}  {format_amount(line.amount):>16}  {line.label}" for line in statement.lines]
    soldes = (("Ancien solde", statement.opening), ("Nouveau solde", statement.closing))
    return "\n".join([*told, *(f"{words}\u202f: {format_amount(amount)}" for words, amount in soldes if amount is not None)])
