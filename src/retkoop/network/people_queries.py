"""Reading people: who opens a coop with an account of their own, who works for the federation, which AD has no administrateur."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from retkoop.network.models import Coop, DepartmentalAssociation, Role, RoleKind
from retkoop.users.models import User


def _running() -> Q:
    return Q(end__isnull=True) | Q(end__gt=timezone.localdate())


def people_of(coop: Coop) -> QuerySet[Role]:
    """Return the roles that people have, or had, in a coop with an account of their own, the latest first."""
    roles = Role.objects.filter(coop=coop).exclude(user__family=User.Family.COOP)
    return roles.select_related("user").order_by("-start", "-pk")


def person_of(coop: Coop, key: int) -> Role:
    """Return a role that runs, or will, in a coop. Raises Http404 for any other."""
    role = people_of(coop).filter(_running(), pk=key).first()
    if role is None:
        raise Http404
    role.coop = coop
    return role


def federation_staff() -> QuerySet[Role]:
    """Return the roles that run in the federation, by name."""
    return Role.objects.filter(_running(), kind=RoleKind.FEDERATION).select_related("user").order_by("user__name", "pk")


def federation_role(key: int) -> Role:
    """Return a role that runs in the federation. Raises Http404 for any other."""
    role = federation_staff().filter(pk=key).first()
    if role is None:
        raise Http404
    return role


def associations_without_administrateur() -> list[DepartmentalAssociation]:
    """Return the ADs in which nobody may administer: the federation names their first one."""
    administrateurs = Role.objects.filter(_running(), association=OuterRef("pk"), kind=RoleKind.ADMINISTRATEUR)
    return list(DepartmentalAssociation.objects.filter(~Exists(administrateurs)))
