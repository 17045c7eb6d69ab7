"""`retkoop generate --coops N --operations M --seed S [--year YEAR] [--department D]`: a made-up network (docs/commandes.md)."""

from __future__ import annotations

from argparse import ArgumentParser

from django.utils.timezone import localdate

from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.network.queries import UnknownAssociation, association_of
from retkoop.ui.commands import RetkoopCommand
from retkoop.upkeep.generation import NoNumbersLeft, generate


class Command(RetkoopCommand):
    help = "Fabrique un réseau de coopératives fictives, pour essayer ou mesurer. Une même graine donne le même réseau."
    refusals = (InvalidSchoolYear, UnknownAssociation, NoNumbersLeft)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--coops", type=int, required=True, metavar="N")
        parser.add_argument("--operations", type=int, required=True, metavar="M", help="par coopérative, report à nouveau compris")
        parser.add_argument("--seed", type=int, default=1, metavar="GRAINE")
        parser.add_argument("--year", metavar="ANNÉE", help="par exemple 2025-2026 ; la dernière année finie si rien n’est indiqué")

        parser.add_argument("--department", metavar="DÉPARTEMENT", help="par exemple 91 : toutes les coopératives dans cette association")

    def handle(self, *, coops: int, operations: int, seed: int, year: str | None, department: str | None, **_: object) -> None:
        if coops < 0 or operations < 0:
            self.refuse("Indiquez un nombre de coopératives et d’opérations positif ou nul.")
        school_year = SchoolYear.parse(year) if year else SchoolYear.containing(localdate()).previous
        place = association_of(department).department if department else ""
        made = 0
        for made in generate(coops=coops, operations=operations, seed=seed, year=school_year, department=place):
            if self.stderr.isatty():
                self.stderr.write(f"\r{made} / {coops}", ending="\n" if made == coops else "")
        self.stdout.write(f"Coopératives fabriquées pour {school_year} : {made}, avec {operations} opérations chacune.")
