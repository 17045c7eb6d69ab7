"""What the board shows as a sheet: a row a coop, dates as dates, numbers as numbers, texts never formulas."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple, TypeAlias

import xlsxwriter

from retkoop.books.cells import guarded
from retkoop.domain.board import READINESS_LABELS, CoopFacts, missing_label
from retkoop.domain.closing import STATE_LABELS
from retkoop.domain.membership import MEMBERSHIP_LABELS
from retkoop.oversight.board.drawing import CRA_WORDS, LAMP_WORDS
from retkoop.oversight.board.page import BoardPage
from retkoop.oversight.board.selection import Row

Cell: TypeAlias = str | int | date | None


class Column(NamedTuple):
    """A column of the sheet: its title, its width in characters, and what it holds of a row."""

    title: str
    width: int
    cell: Callable[[Row], Cell]


def _of(name: str) -> Callable[[Row], Cell]:
    def cell(row: Row) -> Cell:
        value: Cell = getattr(row.facts, name)
        return guarded(value) if isinstance(value, str) else value

    return cell


def _yes(test: Callable[[CoopFacts], bool]) -> Callable[[Row], Cell]:
    return lambda row: "oui" if test(row.facts) else "non"


def _lamp(place: int) -> Callable[[Row], Cell]:
    return lambda row: LAMP_WORDS[row.facts.lamps[place]]


COLUMNS: Final = (
    Column("RNE", 11, _of("rne")),
    Column("École", 36, _of("name")),
    Column("Commune", 22, _of("commune")),
    Column("Circonscription", 22, _of("circonscription")),
    Column("État", 10, lambda row: READINESS_LABELS[row.readiness]),
    Column("En retard", 10, lambda row: "oui" if row.late else "non"),
    Column("Ce qui manque", 50, lambda row: ", ".join(missing_label(one, row.facts) for one in row.missing)),
    Column("CRF", 16, lambda row: STATE_LABELS[row.facts.closing]),
    Column("Transmis le", 12, _of("sent_on")),
    Column("Répondu le", 12, _of("decided_on")),
    Column("Adhésion", 20, lambda row: MEMBERSHIP_LABELS[row.facts.adhesion] if row.facts.adhesion else ""),
    Column("CRA", 12, lambda row: CRA_WORDS[row.facts.cra]),
    Column("Quitus", 10, lambda row: "signé" if row.facts.is_signed else "à signer"),
    Column("Signatures", 11, _of("signatures")),
    Column("Signatures attendues", 20, _of("signatures_needed")),
    Column("Bilan", 10, _lamp(0)),
    Column("Rapprochement", 15, _lamp(1)),
    Column("Caisse", 10, _lamp(2)),
    Column("Opérations", 11, _of("operation_count")),
    Column("Dernière opération", 18, _of("last_operation")),
    Column("Erreurs", 9, _of("errors")),
    Column("Alertes à expliquer", 18, _of("unexplained")),
    Column("Justificatifs manquants", 22, _of("unproven")),
    Column("Mandataire", 28, _of("mandataire")),
    Column("Fin du mandat", 14, _of("mandate_end")),
    Column("Compte activé", 14, _yes(lambda facts: facts.activated)),
    Column("Dernière connexion", 18, _of("last_login")),
    Column("Saisie fermée", 14, _yes(lambda facts: facts.entry_blocked)),
    Column("Demandes d’aide", 16, _of("open_help")),
    Column("Dernier contact", 15, _of("last_contact")),
    Column("Suivie par", 24, _of("followed_by")),
    Column("Adresse", 32, _of("email")),
    Column("Fermée le", 12, _of("closed_on")),
)


def xlsx_of(page: BoardPage) -> bytes:
    """Return the coops that the board shows, in its order, as an XLSX workbook with its heads in sight and its filters ready."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet(f"Coopératives {page.year}")
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, [column.title for column in COLUMNS], workbook.add_format({"bold": True, "bottom": 1}))
        sheet.freeze_panes(1, 2)
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, column.width)
        for number, row in enumerate(page.shown, start=1):
            for place, column in enumerate(COLUMNS):
                match column.cell(row):
                    case None | "":
                        continue
                    case date() as value:
                        sheet.write_datetime(number, place, value, day)
                    case int() as value:
                        sheet.write_number(number, place, value)
                    case value:
                        sheet.write_string(number, place, value)
        sheet.autofilter(0, 0, len(page.shown), len(COLUMNS) - 1)
    return written.getvalue()
