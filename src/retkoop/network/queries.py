"""Reading the network: what is set for an AD in a year, its coops and its people, the mandataires of a coop."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.module_loading import import_string

from retkoop.audit.statements import prepared
from retkoop.domain.chart import Chart, national_chart
from retkoop.domain.rules import Rules
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import running_roles
from retkoop.network.figures import FIGURES, Figure
from retkoop.network.models import Coop, DepartmentalAssociation, Mandate, Role, RoleKind, Setting
from retkoop.users.models import User

RULE_NAMES = frozenset(field.name for field in fields(Rules))


@prepared
def _settings(association: int, start: int) -> QuerySet[Setting, tuple[Any, ...]]:
    given = Setting.objects.filter(Q(association=association) | Q(association=None), from_year__lte=start)
    return given.values_list("association", "from_year", "name", "value")


def settings_of(association: DepartmentalAssociation, year: SchoolYear, names: Container[str]) -> dict[str, object]:
    """Return what is set for an AD in a year: its own settings over the federation's, the latest year first."""
    ranked = sorted(_settings(association.pk, year.start), key=lambda row: (row[0] is not None, row[1]))
    return {name: value for _, _, name, value in ranked if name in names}


def rules_for(association: DepartmentalAssociation, year: SchoolYear) -> Rules:
    """Return the rules of an AD in a year."""
    given = settings_of(association, year, RULE_NAMES)
    return Rules(**{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})  # type: ignore[arg-type]  # as kept by `change_setting`


@dataclass(frozen=True, slots=True)
class FigureInForce:
    """A figure of an AD in a year: its `value`, and the `national` one that stands where the AD sets none."""

    figure: Figure
    value: int
    national: int

    @property
    def is_own(self) -> bool:
        return self.value != self.national


def figures_of(association: DepartmentalAssociation, year: SchoolYear) -> list[FigureInForce]:
    """Return every figure of an AD in a year, in one query."""
    rows = sorted(_settings(association.pk, year.start), key=lambda row: (row[0] is not None, row[1]))
    national = {name: value for owner, _, name, value in rows if owner is None}
    given = {name: value for _, _, name, value in rows}
    return [
        FigureInForce(one, int(str(given.get(one.name, one.default))), int(str(national.get(one.name, one.default)))) for one in FIGURES
    ]


@dataclass(frozen=True, slots=True)
class InitialPassword:
    """What an AD says of the initial password of its coops: whether it starts activations, and until which day."""

    allowed: bool = True
    until: date | None = None

    def works_on(self, day: date) -> bool:
        return self.allowed and (self.until is None or day <= self.until)


def initial_password_of(association: DepartmentalAssociation, day: date) -> InitialPassword:
    given = settings_of(association, SchoolYear.containing(day), ("initial_password", "initial_password_until"))
    until = given.get("initial_password_until")
    return InitialPassword(bool(given.get("initial_password", True)), date.fromisoformat(str(until)) if until else None)


def initial_password_allowed(*, rne: str, day: date) -> bool:
    """Tell whether the initial password of a coop starts its activation on a day, by what its AD has set."""
    coop = Coop.objects.select_related("association").filter(rne=rne).first()
    return coop is not None and initial_password_of(coop.association, day).works_on(day)


@cache
def _chart() -> Chart:
    return national_chart()


def chart_for(_association: DepartmentalAssociation, _year: SchoolYear) -> Chart:
    """Return the chart of an AD in a year: the federation's, until an AD may relabel or add."""
    return _chart()


def running_mandates(coop: Coop | int, day: date) -> QuerySet[Mandate]:
    """Return the mandates that run on a day, the mandataire before the adjoint."""
    return Mandate.objects.filter(coop=coop, start__lte=day).filter(Q(end__isnull=True) | Q(end__gte=day))


def coop_of(association: DepartmentalAssociation, rne: str) -> Coop:
    """Return a coop of an AD. Raises Http404 for any other."""
    coop = Coop.objects.filter(association=association, rne=rne).first()
    if coop is None:
        raise Http404
    coop.association = association
    return coop


def account_of(coop: Coop) -> User:
    """Return the account that bears the coop's RNE."""
    return User.objects.get(username=coop.rne)


def mandates_of(coop: Coop) -> QuerySet[Mandate]:
    """Return all the mandates of a coop, the latest first."""
    return Mandate.objects.filter(coop=coop).order_by("-start", "-pk")


def mandate_of(coop: Coop, key: int) -> Mandate:
    """Return a mandate of a coop. Raises Http404 for any other."""
    mandate = Mandate.objects.filter(coop=coop, pk=key).first()
    if mandate is None:
        raise Http404
    mandate.coop = coop
    return mandate


def role_of(association: DepartmentalAssociation, key: int) -> Role:
    """Return a role that runs today in an AD. Raises Http404 for any other."""
    role = staff_of(association).filter(pk=key).first()
    if role is None:
        raise Http404
    role.association = association
    return role


def keepers_of(coop: Coop) -> QuerySet[Role]:
    """Return the roles of people who keep the books of a coop with an account of their own, by name."""
    today = timezone.localdate()
    running = Role.objects.filter(coop=coop, user__family=User.Family.PERSON).filter(Q(end__isnull=True) | Q(end__gt=today))
    return running.select_related("user").order_by("user__name", "pk")


def staff_of(association: DepartmentalAssociation) -> QuerySet[Role]:
    """Return the roles that run today in an AD, by name."""
    today = timezone.localdate()
    running = Role.objects.filter(association=association).filter(Q(end__isnull=True) | Q(end__gt=today))
    return running.select_related("user").order_by("user__name", "pk")


class UnknownAssociation(ValueError):
    """No AD has this number; the message says so in French."""


def association_of(department: str) -> DepartmentalAssociation:
    """Return the AD of a département ("91", "2A"). Raises UnknownAssociation."""
    association = DepartmentalAssociation.objects.filter(department=department).first()
    if association is None:
        raise UnknownAssociation(f"Aucune association départementale ne porte le numéro {department}.")
    return association


def associations() -> QuerySet[DepartmentalAssociation]:
    """Return the ADs, each with its `coop_count`."""
    return DepartmentalAssociation.objects.annotate(coop_count=Count("coops")).order_by("department")


def roles_today(user: User) -> list[Role]:
    """Return what a person may open today: the federation, then ADs, then coops; each once."""
    rank = {RoleKind.FEDERATION: 0, RoleKind.COOP: 2}
    roles = sorted(running_roles(user).select_related("coop", "association"), key=lambda role: (rank.get(RoleKind(role.kind), 1), role.pk))
    once: dict[tuple[int | None, int | None], Role] = {}
    for role in roles:
        once.setdefault((role.coop_id, role.association_id), role)
    return list(once.values())


def upkeep_remarks() -> list[tuple[str, str]]:
    """Return what is to be said of backups and verifications: a tone of the interface and a sentence each."""
    remarks: list[tuple[str, str]] = import_string(settings.UPKEEP_REMARKS)()
    return remarks
