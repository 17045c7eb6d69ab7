"""Who may see what: the one way from a person to a coop, an AD or the federation.

Whoever may not see a thing gets the answer of a thing that does not exist.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler
from django.http import Http404
from django.utils import timezone
from django.utils.module_loading import import_string

from retkoop.audit.services import Author
from retkoop.audit.statements import prepared
from retkoop.network.models import Coop, DepartmentalAssociation, Role, RoleKind, Setting
from retkoop.users.models import User

WRITING_KINDS: Final = frozenset({RoleKind.COOP, RoleKind.ANIMATEUR})
"""Roles that may write in a coop's books: the coop itself, and the animateur who helps it."""

RANK: Final = (RoleKind.COOP, RoleKind.ADMINISTRATEUR, RoleKind.COMPTABLE, RoleKind.ANIMATEUR, RoleKind.FEDERATION)
"""Of several roles in one place, the first acts: one's own there before the federation's, and each may do all that those after it may.

On a coop's pages those that may write come first.
"""


@dataclass(frozen=True, slots=True)
class Access:
    """A person before a coop, in the role that opens it. `by_merger`: it was merged into theirs, whose people read it."""

    user: User
    role: RoleKind
    coop: Coop
    by_merger: bool = False

    @property
    def can_write(self) -> bool:
        return self.role in WRITING_KINDS and not self.by_merger

    @property
    def from_afar(self) -> bool:
        """Someone of the AD or the federation looks at the coop's pages: a banner says so on each."""
        return self.role is not RoleKind.COOP

    @property
    def author(self) -> Author:
        return Author(self.user, self.user.name, self.role.value)


def open_coop(user: User | AnonymousUser, rne: str, *, to_write: bool = False) -> Access:
    """Return the access of a person to a coop, by a coop role, a role in its AD, the federation's, or one in the coop that took it over.

    Raises Http404 where there is none today, or none that may write where that is asked.
    """
    if not isinstance(user, User) or not user.is_active:
        raise Http404
    coop = _coop_of(rne)
    for kind in _kinds_before(user, coop):
        access = Access(user=user, role=kind, coop=coop)
        if access.can_write or not to_write:
            return access
    if not to_write and _keeps_an_heir(user, coop):
        return Access(user=user, role=RoleKind.COOP, coop=coop, by_merger=True)
    raise Http404


def _keeps_an_heir(user: User, coop: Coop) -> bool:
    """Tell whether a person has a role in the coop into which this one was merged, or into which that one was in turn."""
    heir = coop.merged_into_id
    while heir is not None:
        if running_roles(user).filter(coop=heir).exists():
            return True
        heir = Coop.objects.values_list("merged_into", flat=True).get(pk=heir)
    return False


_COOP: Final = [field.attname for field in Coop._meta.concrete_fields]
_ASSOCIATION: Final = [field.attname for field in DepartmentalAssociation._meta.concrete_fields]


@prepared
def _coops(rne: str) -> QuerySet[Coop, tuple[Any, ...]]:
    facts = _facts(settings.COOP_FACTS)
    charts = Setting.objects.filter(Q(association=OuterRef("association")) | Q(association=None), name="chart").order_by()
    listed = charts.values(one=Value(1)).annotate(rows=_Rows("association", "from_year", "name", Cast("value", TextField())))
    coops = Coop.objects.filter(rne=rne).annotate(**facts, charts=Subquery(listed.values("rows")))
    return coops.values_list(*_COOP, *(f"association__{name}" for name in _ASSOCIATION), *facts, "charts")


class _Rows(Aggregate):
    """Rows as one text of JSON, a list each: what a chart is made of comes with the coop, not by a question of its own."""

    output_field = TextField()
    template = "jsonb_agg(jsonb_build_array(%(expressions)s))::text"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> tuple[str, Any]:  # noqa: ANN401 -- Django's
        return self.as_sql(compiler, connection, template="json_group_array(json_array(%(expressions)s))", **extra)


def _facts(name: str) -> dict[str, Any]:
    """Return the columns that a room above, unknown here, adds to a coop or an AD: what the frames of their pages tell of it."""
    facts: dict[str, Any] = import_string(name)()
    return {f"told_{column}": expression for column, expression in facts.items()}


def _coop_of(rne: str) -> Coop:
    """Return a coop with its AD. Raises Http404."""
    for row in _coops(rne):
        coop = Coop.from_db(DEFAULT_DB_ALIAS, _COOP, row[: len(_COOP)])
        last = len(_COOP) + len(_ASSOCIATION)
        coop.association = DepartmentalAssociation.from_db(DEFAULT_DB_ALIAS, _ASSOCIATION, row[len(_COOP) : last])
        coop.told_sequence, coop.told_unread, coop.told_waiting, charts = row[last:]
        coop.association.given["chart"] = [(*side, json.loads(value)) for *side, value in json.loads(charts or "[]")]
        return coop
    raise Http404


class _Held(NamedTuple):
    """A role that a person has today: its kind, and the coop or the AD that is its place (neither: the federation)."""

    kind: str
    coop: int | None
    association: int | None


@prepared
def _roles(user: int, day: date) -> QuerySet[Role, tuple[Any, ...]]:
    return running_roles(user, day).order_by("pk").values_list("kind", "coop", "association")


def _held_by(user: User) -> list[_Held]:
    """Return the roles of a person today, and tell the person in how many places they are: a menu offers the others."""
    held = [_Held(*row) for row in _roles(user.pk, timezone.localdate())]
    user.told_places = len({(one.coop, one.association) for one in held})
    return held


def _kinds_before(user: User, coop: Coop) -> list[RoleKind]:
    """Return the roles in which a person stands before a coop today, the one that may do most first."""
    held = _held_by(user)
    own = [RoleKind(one.kind) for one in held if one.coop == coop.pk]
    kinds = [*own, *_kinds_in(held, coop.association_id)]
    return sorted(kinds, key=lambda kind: (kind not in WRITING_KINDS, RANK.index(kind)))


def _kinds_in(held: list[_Held], association: int) -> list[RoleKind]:
    """Return the roles in which a person stands before an AD: its own staff's, the federation's."""
    return [RoleKind(one.kind) for one in held if one.association == association or one.kind == RoleKind.FEDERATION]


def running_roles(user: User | int, day: date | None = None) -> QuerySet[Role]:
    """Return the roles that a person has on a day (today where none is given)."""
    day = day or timezone.localdate()
    return Role.objects.filter(user=user, start__lte=day).filter(Q(end__isnull=True) | Q(end__gt=day))


@dataclass(frozen=True, slots=True)
class AssociationAccess:
    """A person before an AD, in the role that opens it."""

    user: User
    role: RoleKind
    association: DepartmentalAssociation

    @property
    def can_administer(self) -> bool:
        """Coops, mandates, people and settings are the administrateurs' to change; the others see them."""
        return self.role is RoleKind.ADMINISTRATEUR

    @property
    def author(self) -> Author:
        return Author(self.user, self.user.name, self.role.value)


@prepared
def _associations(department: str) -> QuerySet[DepartmentalAssociation, tuple[Any, ...]]:
    facts = _facts(settings.ASSOCIATION_FACTS)
    return DepartmentalAssociation.objects.filter(department=department).annotate(**facts).values_list(*_ASSOCIATION, *facts)


def _association_of(department: str) -> DepartmentalAssociation | None:
    for row in _associations(department):
        association = DepartmentalAssociation.from_db(DEFAULT_DB_ALIAS, _ASSOCIATION, row[: len(_ASSOCIATION)])
        (association.told_waiting,) = row[len(_ASSOCIATION) :]
        return association
    return None


def open_association(user: User | AnonymousUser, department: str, *, to_administer: bool = False) -> AssociationAccess:
    """Return the access of a person to an AD: staff of that AD, or of the federation.

    Raises Http404 where there is none today, or none that may administer where that is asked.
    """
    association = _association_of(department)
    if association is None or not isinstance(user, User):
        raise Http404
    kinds = sorted(_kinds_in(_held_by(user), association.pk), key=RANK.index)
    access = AssociationAccess(user, kinds[0], association) if kinds else None
    if access is None or (to_administer and not access.can_administer):
        raise Http404
    return access


def open_federation(user: User | AnonymousUser) -> Author:
    """Let the federation's staff pass, and return the author of what they write. Raises Http404 for anyone else."""
    if not isinstance(user, User) or all(one.kind != RoleKind.FEDERATION for one in _held_by(user)):
        raise Http404
    return Author(user, user.name, RoleKind.FEDERATION.value)
