"""Open data: a year of totals is published once, as it is then, and served as it was; the federation may take it back.

Published again, it is the same: who kept the first file would take one from the other, and read what a single coop changed.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Final

from django.db.models import F
from django.utils import timezone

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import Author, Trail, writing
from retkoop.books.tables import FileCell
from retkoop.books.writable import Refused
from retkoop.domain.open_data import ELSEWHERE, OpenFigure, told_figures
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import FEDERATION_CHAIN
from retkoop.oversight.national.models import NationalTotal, Publication
from retkoop.oversight.national.queries import as_read, known_years, summing
from retkoop.oversight.national.totals import chart_of

LICENCE: Final = "Licence Ouverte 2.0 (Etalab)"
LICENCE_URL: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
DICTIONARY: Final = (
    ("annee", "texte", "Année scolaire, du 1er septembre au 31 août", "2025-2026"),
    ("departement", "texte", "Numéro du département\u202f; vide pour les départements réunis", "91"),
    ("compte", "texte", "Numéro du compte dans la nomenclature de l’OCCE", "61800008"),
    ("libelle", "texte", "Nom du compte", "Charges des activités éducatives"),
    ("nature", "texte", "charge ou produit", "charge"),
    ("cooperatives", "entier", "Nombre de coopératives qui ont utilisé ce compte", "412"),
    ("montant", "décimal", "Total de l’année, en euros", "183250.40"),
)
"""What each column of the file holds: its name, its type, its meaning, an example."""
COLUMNS: Final = tuple(name for name, *_ in DICTIONARY)


@dataclass(frozen=True)
class OpenYear:
    """A year that has ended, as the federation sees it before and after it is published."""

    year: SchoolYear
    publication: Publication | None

    @property
    def is_public(self) -> bool:
        return self.publication is not None and self.publication.withdrawn_at is None

    @cached_property
    def cells(self) -> int:
        """How many figures there are: departments by accounts."""
        return len(figures_of(self.year))

    @cached_property
    def told(self) -> list[OpenFigure]:
        """The figures as they are published, or as they would be now."""
        if self.publication is None:
            return told_figures(figures_of(self.year))
        figures = self.publication.figures
        return [OpenFigure(place, account, coops, amount, largest=0) for place, account, coops, amount in figures]

    @property
    def together(self) -> int:
        """How many figures stand for several départements."""
        return sum(one.department == ELSEWHERE for one in self.told)

    @property
    def coops(self) -> int:
        """Over how many uses of an account by a coop."""
        return sum(one.coops for one in self.told)


def figures_of(year: SchoolYear) -> list[OpenFigure]:
    """Return the charges and produits of each département in a year, as they are kept: nothing that may be shown as it is."""
    rows = NationalTotal.objects.filter(start=year.start, account__regex="^[67]").order_by("association__department", "account")
    told = rows.values_list("association__department", "account", "coops", F("debit") - F("credit"), "largest")
    return [OpenFigure(place, account, coops, as_read(account, net), most) for place, account, coops, net, most in told]


def open_years() -> list[OpenYear]:
    """Return the years that have ended, the latest first, published or not."""
    today, published = timezone.localdate(), {row.start: row for row in Publication.objects.defer("figures")}
    ended = {year.start for year in known_years() if year.last_day < today}
    return [OpenYear(SchoolYear(start), published.get(start)) for start in sorted(ended | set(published), reverse=True)]


def open_year(year: SchoolYear) -> OpenYear:
    return OpenYear(year, publication_of(year))


def publication_of(year: SchoolYear) -> Publication | None:
    return Publication.objects.filter(start=year.start).first()


def publish(*, author: Author, year: SchoolYear, submission: uuid.UUID | None = None) -> Publication:
    """Publish the totals of a year that has ended, as they are kept now; those of a year that was withdrawn, as they were.

    Done already, nothing is written. Raises Refused, AlreadySubmitted.
    """
    if year.last_day >= timezone.localdate():
        raise Refused(f"L’année {year} n’est pas finie\u202f: ses totaux changent encore.")
    with writing(FEDERATION_CHAIN, author, submission) as trail:
        row = publication_of(year)
        if row is None:
            return _first(trail, year, author, submission)
        if row.withdrawn_at is not None:
            _show(trail, row, withdrawn_at=None, action="publication.restored")
    return row


def _first(trail: Trail, year: SchoolYear, author: Author, submission: uuid.UUID | None) -> Publication:
    figures = [[one.department, one.account, one.coops, one.amount] for one in told_figures(figures_of(year))]
    of, digest = summing().ended_at, _digest(figures)
    if not figures or of is None:
        raise Refused("Il n’y a pas encore assez de coopératives pour que leurs totaux ne disent rien d’aucune.")
    if _told_otherwise(year, digest):
        raise Refused(f"Les totaux {year} ont été publiés puis retirés\u202f: d’autres chiffres diraient ce qui a changé entre les deux.")
    row = Publication.objects.create(start=year.start, made_at=trail.at, made_by=author.name, figures_of=of, figures=figures, digest=digest)
    trail.created(row, action="publication.made", submission=submission)
    return row


def _told_otherwise(year: SchoolYear, digest: str) -> bool:
    """Whether other figures of a year were public once: what was withdrawn before figures were kept is told by the trail alone."""
    gone = AuditEvent.objects.filter(chain=FEDERATION_CHAIN, action="publication.withdrawn").values_list("before", flat=True)
    return any(before and before.get("start") == year.start and before.get("digest") != digest for before in gone)


def _show(trail: Trail, row: Publication, *, withdrawn_at: datetime | None, action: str) -> None:
    before = row.snapshot()
    row.withdrawn_at = withdrawn_at
    row.save(update_fields=["withdrawn_at"])
    trail.changed(row, before, action=action)


def _digest(figures: object) -> str:
    return sha256(json.dumps(figures).encode()).hexdigest()


def faults_of_publications() -> Iterator[str]:
    """Yield the years whose files are no longer what was published: the trail holds their digest alone."""
    for row in Publication.objects.order_by("start"):
        if _digest(row.figures) != row.digest:
            yield f"données ouvertes {row.year} : les chiffres ne sont plus ceux qui ont été publiés"


def withdraw(*, author: Author, year: SchoolYear) -> None:
    """Take a published year back: its files are served no more. Not published, nothing is written."""
    with writing(FEDERATION_CHAIN, author) as trail:
        row = publication_of(year)
        if row is not None and row.withdrawn_at is None:
            _show(trail, row, withdrawn_at=trail.at, action="publication.withdrawn")


def lines_of(publication: Publication) -> list[list[FileCell]]:
    """Return the figures of a published year, a row each, the titles first."""
    natures, chart = {"6": "charge", "7": "produit"}, chart_of(publication.year)
    return [
        list(COLUMNS),
        *(
            [str(publication.year), place, account, chart.label(account), natures[account[0]], coops, Decimal(amount) / 100]
            for place, account, coops, amount in publication.figures
        ),
    ]


def dictionary_lines() -> list[list[FileCell]]:
    """Return what the columns mean, as a sheet."""
    lines: list[list[FileCell]] = [["colonne", "type", "signification", "exemple"]]
    lines.extend([*row] for row in DICTIONARY)
    return [*lines, ["", "", f"Licence\u202f: {LICENCE}", LICENCE_URL]]


def open_csv(publication: Publication) -> str:
    """Return a published year as machines read it: commas, points, UTF-8 without mark (RFC 4180)."""
    written = io.StringIO()
    csv.writer(written).writerows([f"{cell:.2f}" if isinstance(cell, Decimal) else cell for cell in line] for line in lines_of(publication))
    return written.getvalue()
