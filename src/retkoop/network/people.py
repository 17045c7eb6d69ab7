"""The verbs on people that an AD or the federation let in, let out, or give a new link."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from retkoop.audit.services import Author
from retkoop.network.models import Coop, DepartmentalAssociation, Role, RoleKind
from retkoop.network.services import AlreadyThere, end_role, give_staff_role, invite_keeper
from retkoop.ui.days import format_long
from retkoop.users import services as users
from retkoop.users.models import User


class OfOthersToo(ValueError):
    """The account opens more than what this AD looks after: a link would open that, too. The message says so in French."""


def _running() -> Q:
    return Q(end__isnull=True) | Q(end__gt=timezone.localdate())


def _refuse_others(user: User, association: DepartmentalAssociation) -> None:
    own = Q(association=association) | Q(coop__association=association)
    if Role.objects.filter(_running(), user=user).exclude(own).exists():
        raise OfOthersToo(
            f"{user.name} a aussi un rôle ailleurs\u202f: son mot de passe se renouvelle par «\u00a0Mot de passe oublié\u00a0»."
        )


@transaction.atomic
def let_in(*, author: Author, coop: Coop, email: str, name: str) -> tuple[User, str]:
    """Let a person keep the books of a coop from today on; return their account, and the token of a link where it was never opened.

    Raises AlreadyThere where the address is somebody else's identifier. Somebody who has a role elsewhere gets no link from here.
    """
    user = invite_keeper(author=author, coop=coop, email=email, name=name, start=timezone.localdate())
    if user.activated_at is not None:
        return user, ""
    try:
        return user, link_again(author=author, user=user, association=coop.association)
    except OfOthersToo:
        return user, ""


@transaction.atomic
def link_again(*, author: Author, user: User, association: DepartmentalAssociation | None = None) -> str:
    """Return the token of a new link for an account; one that is activated goes back to its initial state first.

    Raises OfOthersToo where the account opens anything beside that AD; the federation (no AD) looks after all.
    """
    if association is not None:
        _refuse_others(user, association)
    if user.activated_at is not None:
        users.return_to_initial_state(author=author, user=user)
    return users.make_activation_link(author=author, user=user)


def name_another_role(*, author: Author, role: Role, kind: RoleKind) -> None:
    """Give somebody of an AD another role in it, from today on. Raises AlreadyThere where they have it."""
    if Role.objects.filter(_running(), user=role.user, kind=kind, association=role.association).exists():
        raise AlreadyThere(f"{role.user.name} a déjà ce rôle.")
    give_staff_role(author=author, user=role.user, kind=kind, start=timezone.localdate(), association=role.association)


def end_role_on(*, author: Author, role: Role, last_day: date | None) -> None:
    """Take a role away after its last day; at once where none is said, or where it is past."""
    end_role(author=author, role=role, first_day_without=max(last_day + timedelta(days=1), timezone.localdate()) if last_day else None)


def told_end(role: Role) -> str:
    """Say until when somebody has a role that was just ended."""
    if role.end is None or role.end <= timezone.localdate():
        return f"{role.user.name} n’a plus ce rôle."
    return f"{role.user.name} garde ce rôle jusqu’au {format_long(role.end - timedelta(days=1))}."
