"""`retkoop check --coop RNE --year YEAR [--json] [--date DAY]`: what is to be mended in a cahier (docs/commandes.md).

Without `--coop`, Django's own check of the installation.
"""

from __future__ import annotations

import json as json_format
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import check
from django.utils.timezone import localdate

from retkoop.books.queries import NoBook, book_of
from retkoop.domain.reports.crf import findings_as_json
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.ui.commands import RetkoopCommand
from retkoop.year_end.crf import findings_of
from retkoop.year_end.crf_text import findings_text
from retkoop.year_end.options import add_book_options


class Command(RetkoopCommand, check.Command):
    help = "Dit ce qui est à corriger dans le cahier d’une coopérative\u202f; sans --coop, vérifie l’installation elle-même."
    refusals = (InvalidSchoolYear, NoBook)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add_book_options(parser, required=False)

    def handle(self, *app_labels: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's own signature
        if options["coop"] is None and options["year"] is None:
            super().handle(*app_labels, **options)
            return
        if options["coop"] is None or options["year"] is None:
            raise CommandError("--coop et --year vont ensemble.", returncode=2)
        self._tell(**options)

    def _tell(self, *, coop: str, year: str, json: bool, **options: Any) -> None:  # noqa: ANN401 -- idem
        findings = findings_of(book_of(coop, SchoolYear.parse(year)), options["date"] or localdate())
        if json:
            self.stdout.write(json_format.dumps(findings_as_json(findings), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(findings_text(findings))
