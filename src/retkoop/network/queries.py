"""Reading the network: what is set for an AD in a year, its coops and its people, the mandataires of a coop."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.module_loading import import_string

from retkoop.audit.statements import prepared
from retkoop.domain.chart import Account, Chart, Nature, national_chart, national_code, sub_account
from retkoop.domain.rules import Rules
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import RANK, running_roles
from retkoop.network.figures import DEFAULTS, FIGURES, RULE_NAMES, Figure
from retkoop.network.models import Coop, DepartmentalAssociation, Mandate, Role, RoleKind, Setting
from retkoop.users.models import User

NATIONAL: Final = {"national": True}
"""Kept as the value of a setting of an AD: from this year on the federation's stands again."""


@dataclass(frozen=True, slots=True)
class GivenSettings:
    """What is set for a year: by the federation, by the AD itself. What nobody sets stands in `figures.DEFAULTS`."""

    national: Mapping[str, Any]
    own: Mapping[str, Any]

    @property
    def in_force(self) -> dict[str, Any]:
        return {**self.national, **self.own}

    def value(self, name: str) -> Any:  # noqa: ANN401 -- what JSON holds
        return self.in_force.get(name, DEFAULTS[name])

    def national_value(self, name: str) -> Any:  # noqa: ANN401 -- what JSON holds
        return self.national.get(name, DEFAULTS[name])


@prepared
def _settings(association: int) -> QuerySet[Setting, tuple[Any, ...]]:
    given = Setting.objects.filter(Q(association=association) | Q(association=None))
    return given.values_list("association", "from_year", "name", "value")


def given_settings(association: DepartmentalAssociation | None, year: SchoolYear) -> GivenSettings:
    """Return what is set for an AD (or, without one, by the federation) in a year; one query reads all years of the same AD."""
    known = association.given if association else {}
    if year.start not in known:
        if "all" not in known:
            known["all"] = _settings(association.pk if association else 0)
        known[year.start] = _in_force(known["all"], year)
    given: GivenSettings = known[year.start]
    return given


def _in_force(rows: Iterable[Sequence[Any]], year: SchoolYear) -> GivenSettings:
    """Return what rows of settings (AD, first year, name, value) say of a year: the latest of each side."""
    latest = {(owner is not None, name): value for owner, start, name, value in sorted(rows, key=itemgetter(1)) if start <= year.start}
    sides = ({name: value for (own, name), value in latest.items() if own is side and value != NATIONAL} for side in (False, True))
    return GivenSettings(*sides)


def settings_of(association: DepartmentalAssociation, year: SchoolYear, names: Container[str]) -> dict[str, object]:
    """Return what is set for an AD in a year: its own settings over the federation's, the latest year first."""
    return {name: value for name, value in given_settings(association, year).in_force.items() if name in names}


def rules_of(given: GivenSettings) -> Rules:
    """Return the rules that settings make."""
    told = {name: value for name, value in given.in_force.items() if name in RULE_NAMES}
    kept: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return Rules(**kept)


def rules_for(association: DepartmentalAssociation, year: SchoolYear) -> Rules:
    """Return the rules of an AD in a year."""
    return rules_of(given_settings(association, year))


@dataclass(frozen=True, slots=True)
class FigureInForce:
    """A figure of an AD in a year: its `value`, and the `national` one that stands where the AD sets none."""

    figure: Figure
    value: int
    national: int

    @property
    def is_own(self) -> bool:
        return self.value != self.national


def figures_of(association: DepartmentalAssociation | None, year: SchoolYear) -> list[FigureInForce]:
    """Return every figure of an AD, or of the federation, in a year, in one query."""
    given = given_settings(association, year)
    return [FigureInForce(one, given.value(one.name), given.national_value(one.name)) for one in FIGURES]


@dataclass(frozen=True, slots=True)
class InitialPassword:
    """What an AD says of the initial password of its coops: whether it starts activations, and until which day."""

    allowed: bool = True
    until: date | None = None

    def works_on(self, day: date) -> bool:
        return self.allowed and (self.until is None or day <= self.until)


def initial_password_of(association: DepartmentalAssociation, day: date) -> InitialPassword:
    given = given_settings(association, SchoolYear.containing(day))
    until = given.value("initial_password_until")
    return InitialPassword(bool(given.value("initial_password")), date.fromisoformat(until) if until else None)


def initial_password_allowed(*, rne: str, day: date) -> bool:
    """Tell whether the initial password of a coop starts its activation on a day, by what its AD has set."""
    coop = Coop.objects.select_related("association").filter(rne=rne).first()
    return coop is not None and initial_password_of(coop.association, day).works_on(day)


@lru_cache(maxsize=512)
def _chart(federation: str, own: str) -> Chart:
    """Return the national chart as the federation, then an AD, change it: each by what it sets, as JSON text, so that equals are one."""
    chart = national_chart()
    for text in filter(None, (federation, own)):
        changes = json.loads(text)
        added = [added_account(chart, one) for one in changes.get("added", ())]
        chart = chart.extended(changes.get("labels", {}), added)
    return chart


def added_account(chart: Chart, row: Mapping[str, Any]) -> Account:
    """Return an account that is kept as {code, label, examples, hidden}: a sub-account, or one that the federation adds."""
    code, examples, hidden = str(row["code"]), tuple(row.get("examples", ())), bool(row.get("hidden"))
    parent = chart.by_name.get(national_code(code))
    if parent and parent.code != code:
        return sub_account(parent, int(code[5:7]), str(row["label"]), examples=examples, hidden=hidden)
    nature = Nature.CHARGE if code.startswith("6") else Nature.PRODUIT
    return Account(code, code[:3], nature, str(row["label"]), examples, hidden)


def chart_of_settings(given: GivenSettings) -> Chart:
    """Return the chart that settings make."""
    return _chart(*(json.dumps(side["chart"], sort_keys=True) if side.get("chart") else "" for side in (given.national, given.own)))


def chart_for(association: DepartmentalAssociation, year: SchoolYear) -> Chart:
    """Return the chart of an AD in a year: the federation's, with the AD's own labels and sub-accounts."""
    known = association.given
    if "chart" in known and year.start not in known:
        return chart_of_settings(_in_force(known["chart"], year))
    return chart_of_settings(given_settings(association, year))


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


def held_beside(mandate: Mandate) -> list[str]:
    """Return who holds a mandate of the same rank beside one that has no last day: nobody has said when theirs ends."""
    if mandate.end is not None:
        return []
    others = Mandate.objects.filter(coop=mandate.coop, rank=mandate.rank, end=None).exclude(pk=mandate.pk)
    return list(others.order_by("start", "pk").values_list("holder", flat=True))


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
    running = Role.objects.filter(coop=coop).exclude(user__family=User.Family.COOP).filter(Q(end__isnull=True) | Q(end__gt=today))
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
    """Return what a person may open today: the federation, then ADs, then coops; each once, in the role that acts there."""
    rank = {RoleKind.FEDERATION: 0, RoleKind.COOP: 2}
    found = sorted(running_roles(user).select_related("coop", "association"), key=lambda role: (RANK.index(RoleKind(role.kind)), role.pk))
    roles = sorted(found, key=lambda role: rank.get(RoleKind(role.kind), 1))
    once: dict[tuple[int | None, int | None], Role] = {}
    for role in roles:
        once.setdefault((role.coop_id, role.association_id), role)
    return list(once.values())


def upkeep_remarks() -> list[tuple[str, str]]:
    """Return what is to be said of backups and verifications: a tone of the interface and a sentence each."""
    remarks: list[tuple[str, str]] = import_string(settings.UPKEEP_REMARKS)()
    return remarks
