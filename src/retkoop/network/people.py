"""The verbs on people that an AD or the federation let in, let out, or give a new link."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from retkoop.audit.services import Author, writing
from retkoop.domain.chart import fold
from retkoop.domain.elision import of
from retkoop.mailing.services import queue_letter
from retkoop.network.models import FEDERATION_CHAIN, Coop, DepartmentalAssociation, Role, RoleKind
from retkoop.network.services import AlreadyThere, create_staff, end_role, give_staff_role, invite_keeper
from retkoop.ui.days import format_long
from retkoop.users import links
from retkoop.users import services as users
from retkoop.users.models import User

MAIL: Final = "network/mail/link.txt"


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


@dataclass(frozen=True, slots=True)
class Opening:
    """How somebody comes to their password: a link sent to the `address` of their account, or handed over by its `token`.

    Both are empty where they have their password, or a link, already. `joined`: a team they are in with the account that they had.
    """

    user: User
    address: str = ""
    token: str = ""
    joined: bool = False

    @property
    def told(self) -> str:
        """What to say of it, where there is no link to show."""
        if self.address:
            return f"Un lien pour choisir son mot de passe part à l’adresse {of(self.user.name)}\u202f: {self.address}."
        joined = f"{self.user.name} fait désormais partie de l’équipe, avec le compte qui est déjà le sien." if self.joined else ""
        return joined if self.user.activated_at else f"{joined} Son compte attend encore son premier mot de passe.".strip()


def let_in(*, author: Author, coop: Coop, email: str, name: str) -> Opening:
    """Let a person keep the books of a coop from today on, and give the account that is new its link.

    An account that was there keeps its password, and its link goes by mail alone. Raises AlreadyThere where the address is somebody
    else's identifier.
    """
    with transaction.atomic():
        there = User.objects.filter(username__iexact=email.strip()).exists()
        user = invite_keeper(author=author, coop=coop, email=email, name=name, start=timezone.localdate())
        if user.activated_at is None and (not there or (user.email and settings.CAN_SEND_MAIL)):
            return give_link(author=author, user=user, chain=coop.chain)
    return Opening(user)


def let_into_team(  # noqa: PLR0913 -- a person and what they may do
    *,
    author: Author,
    username: str,
    name: str,
    kind: RoleKind,
    association: DepartmentalAssociation | None = None,
    email: str = "",
    submission: uuid.UUID | None = None,
) -> Opening:
    """Let a person into the team of an AD, or of the federation where none is named, and give the account that is new its link.

    An account of the same name that another team has made, or that was here before, keeps its password: it opens one place more.
    Raises AlreadyThere where they are in this team already, or the identifier is somebody else's; AlreadySubmitted.
    """
    chain = association.chain if association else FEDERATION_CHAIN
    known = User.objects.filter(username__iexact=username, family=User.Family.STAFF).first()
    with writing(chain, author, submission):
        if known is None or fold(known.name) != fold(name):
            user = create_staff(
                author=author, username=username, name=name, kind=kind, association=association, email=email, submission=submission
            )
            return give_link(author=author, user=user, chain=chain)
        if Role.objects.filter(_running(), user=known, association=association, coop=None).exists():
            raise AlreadyThere(f"{known.name} fait déjà partie de cette équipe.")
        today = timezone.localdate()
        give_staff_role(author=author, user=known, kind=kind, start=today, association=association, submission=submission)
    return Opening(known, joined=True)


@transaction.atomic
def link_again(*, author: Author, role: Role, association: DepartmentalAssociation | None = None) -> Opening:
    """Give the account of a role a new link; one that is activated goes back to its initial state first.

    Raises OfOthersToo where the account opens anything beside that AD; the federation (no AD) looks after all.
    """
    user = role.user
    if association is not None:
        _refuse_others(user, association)
    if user.activated_at is not None:
        users.return_to_initial_state(author=author, user=user)
    return give_link(author=author, user=user, chain=role.chain)


@transaction.atomic
def give_link(*, author: Author, user: User, chain: str) -> Opening:
    """Make the link of an account. Where it has an address and mail leaves, nobody else sees it, least of all who gives the access.

    `chain`: that of the coop, AD or federation that the letter is about.
    """
    mailed = bool(user.email) and settings.CAN_SEND_MAIL
    token = users.make_activation_link(author=author, user=user, mailed=mailed)
    if not mailed:
        return Opening(user, token=token)
    context = {"user": user, "author": author, "address": links.public_address(links.path_of(token)), "days": links.ACTIVATION_LASTS.days}
    queue_letter(template=MAIL, context=context, addresses=[user.email], chain=chain)
    return Opening(user, address=user.email)


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
