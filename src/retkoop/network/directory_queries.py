"""Reading the directory: schools to open a coop for, what differs between a coop and its school, the last import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, F, OuterRef, Q

from retkoop.domain.chart import fold, search_words
from retkoop.domain.directory import SchoolState
from retkoop.network.models import Coop, DepartmentalAssociation, DirectoryImport, School

SHOWN: Final = 40
"""So many schools of a search; whoever wants another one types another word."""

TOLD: Final[dict[str, str]] = {"name": "Nom", "commune": "Commune", "email": "Adresse", "circonscription": "Circonscription"}
"""What both the directory and the AD say of a school."""


@dataclass(frozen=True, slots=True)
class Found:
    """A school of the directory; `coop` bears its UAI already, or None."""

    school: School
    coop: Coop | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """The schools that are ticked, those that were found, and whether there are more."""

    ticked: tuple[Found, ...] = ()
    found: tuple[Found, ...] = ()
    more: bool = False


def search_schools(association: DepartmentalAssociation, searched: str, ticked: list[str]) -> Search:
    """Return the schools of an AD's directory that have each word searched, open ones alone, beside those that are ticked."""
    schools = School.objects.filter(department=association.department).order_by("commune", "name", "uai")
    chosen = list(schools.filter(uai__in=ticked))
    wanted = schools.exclude(state=SchoolState.CLOSED).exclude(uai__in=[one.uai for one in chosen])
    words = search_words(searched)
    for word in words:
        wanted = wanted.filter(words__contains=word)
    found = list(wanted[: SHOWN + 1]) if words else []
    coops = {coop.rne: coop for coop in Coop.objects.filter(rne__in=[one.uai for one in (*chosen, *found)])}
    told = [tuple(Found(one, coops.get(one.uai)) for one in rows) for rows in (chosen, found[:SHOWN])]
    return Search(told[0], told[1], more=len(found) > SHOWN)


@dataclass(frozen=True, slots=True)
class Difference:
    """What an AD says of a coop, and the directory says otherwise."""

    field: str
    label: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class SchoolTold:
    """The school of a coop as the directory has it (None: it has none), and where the AD says otherwise."""

    school: School | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def is_shut(self) -> bool:
        return self.school is not None and self.school.state in {SchoolState.CLOSED, SchoolState.CLOSING}


def school_of(coop: Coop) -> SchoolTold:
    """Return what the directory says of a coop's school; accents and case make no difference."""
    school = School.objects.filter(uai=coop.rne).first()
    return SchoolTold(school, differences(coop, school)) if school else SchoolTold()


def differences(coop: Coop, school: School) -> tuple[Difference, ...]:
    pairs = ((name, label, getattr(coop, name), getattr(school, name)) for name, label in TOLD.items())
    return tuple(
        Difference(name, label, ours, theirs)
        for name, label, ours, theirs in pairs
        if theirs and (ours.casefold() != theirs.casefold() if name == "email" else fold(ours) != fold(theirs))
    )


@dataclass(frozen=True, slots=True)
class DirectoryKnown:
    """How an AD, or the federation, knows the directory: its schools, those without a coop, and the last file."""

    schools: int
    without_coop: int
    last: DirectoryImport | None


def directory_known(association: DepartmentalAssociation | None) -> DirectoryKnown:
    """Return how the directory stands for an AD, or for the federation where none is named."""
    schools = School.objects.exclude(state=SchoolState.CLOSED)
    imports = DirectoryImport.objects.filter(association=association)
    if association is not None:
        schools = schools.filter(department=association.department)
        imports = DirectoryImport.objects.filter(Q(association=association) | Q(association=None))
    alone = schools.filter(~Exists(Coop.objects.filter(rne=OuterRef("uai"))))
    return DirectoryKnown(schools.count(), alone.count(), imports.order_by("-made_at", "-pk").first())


@dataclass(frozen=True, slots=True)
class Differing:
    """A coop of which the directory says otherwise, or whose school is closed in it."""

    coop: Coop
    told: SchoolTold


def differing_coops(association: DepartmentalAssociation) -> list[Differing]:
    """Return the coops of an AD of which the directory says something else, by commune and name."""
    schools = School.objects.filter(department=association.department).in_bulk(field_name="uai")
    coops = Coop.objects.filter(association=association, closed_on=None, rne__in=School.objects.values("uai")).order_by(
        F("commune"), F("name"), F("rne")
    )
    told = (Differing(coop, SchoolTold(schools[coop.rne], differences(coop, schools[coop.rne]))) for coop in coops if coop.rne in schools)
    return [one for one in told if one.told.differences or one.told.is_shut]


def circonscriptions_of(association: DepartmentalAssociation) -> list[str]:
    """Return the circonscriptions that an AD's coops and its directory name, by name."""
    coops = Coop.objects.filter(association=association).order_by().values_list("circonscription", flat=True)
    schools = School.objects.filter(department=association.department).values_list("circonscription", flat=True)
    return sorted(filter(None, coops.union(schools)), key=fold)
