"""The report of an action on many coops as a sheet: a row a coop, those that were refused first."""

from __future__ import annotations

import io
from typing import Final

import xlsxwriter
from django.utils import timezone

from retkoop.books.cells import guarded
from retkoop.oversight.bulk.models import BulkFate, BulkRun
from retkoop.oversight.bulk.queries import outcomes_of

_COLUMNS: Final = (("RNE", 11), ("École", 36), ("Commune", 22), ("Résultat", 12), ("Raison", 70), ("Le", 17))


def xlsx_of(run: BulkRun) -> bytes:
    """Return what became of each coop of a run as an XLSX workbook."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("Action groupée")
        moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_row(0, 0, [title for title, _ in _COLUMNS], workbook.add_format({"bold": True, "bottom": 1}))
        sheet.freeze_panes(1, 2)
        for place, (_, width) in enumerate(_COLUMNS):
            sheet.set_column(place, place, width)
        for number, one in enumerate(outcomes_of(run), start=1):
            coop = one.coop
            texts = (coop.rne, coop.name, coop.commune, str(BulkFate(one.fate).label), one.reason)
            sheet.write_row(number, 0, [guarded(text) for text in texts])
            sheet.write_datetime(number, len(texts), timezone.make_naive(one.at), moment)
        sheet.autofilter(0, 0, len(run.rnes), len(_COLUMNS) - 1)
    return written.getvalue()
