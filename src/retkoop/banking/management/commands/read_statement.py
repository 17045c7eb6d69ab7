"""`retkoop read-statement FILE [--account NUMBER] [--json]`: what a bank statement file says (docs/commandes.md)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from retkoop.banking.statement_files import LARGEST_FILE, SeveralAccounts, StatementFile, UnreadableStatement, read_statement_file
from retkoop.domain.money import format_amount
from retkoop.ui.commands import RetkoopCommand
from retkoop.ui.days import format_full


class Command(RetkoopCommand):
    help = "Lit un relevé de banque (OFX, QIF, CSV, classeur, camt.053) et dit ses lignes, en texte ou en JSON (montants en centimes)."
    refusals = (UnreadableStatement,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help="le relevé, comme la banque l’a donné")
        parser.add_argument(
            "--account", default="", metavar="COMPTE", help="le compte à lire, où le fichier en a plusieurs\u202f: numéro ou IBAN"
        )
        parser.add_argument("--json", action="store_true", help="donne un objet JSON")

    def handle(self, *, file: Path, account: str, json: bool, **_: object) -> None:
        try:
            with file.open("rb") as opened:
                data = opened.read(LARGEST_FILE + 1)  # one byte more than is taken: what is larger is told, and never read whole
        except OSError:
            self.refuse(f"«\u202f{file}\u202f» ne peut pas être lu\u202f: vérifiez son nom et vos droits.")
        try:
            statement = read_statement_file(file.name, data, account)
        except SeveralAccounts as several:
            self.refuse("\n".join([f"{several} Ajoutez --account avec l’un d’eux\u202f:", *map(_choice, several.found)]))
        self.stdout.write(_json(statement) if json else _text(statement))
        for remark in filter(None, (*statement.remarks, statement.told_gap)):
            self.stderr.write(remark)


def _choice(statement: StatementFile) -> str:
    days = sorted(line.date for line in statement.lines)
    return f"  {statement.account}  {len(statement.lines)} lignes, du {format_full(days[0])} au {format_full(days[-1])}"


def _json(statement: StatementFile) -> str:
    return json.dumps(statement.as_json(), ensure_ascii=False, indent=2)


def _text(statement: StatementFile) -> str:
    told = [f"Relevé {statement.format}, compte {statement.account or 'non nommé'}, {len(statement.lines)} lignes"]
    told += [f"{format_full(line.date)}  {format_amount(line.amount):>16}  {line.label}" for line in statement.lines]
    soldes = (("Ancien solde", statement.opening), ("Nouveau solde", statement.closing))
    return "\n".join([*told, *(f"{words}\u202f: {format_amount(amount)}" for words, amount in soldes if amount is not None)])
