"""The verbs of the board: who follows a coop, and the views that people keep."""

from __future__ import annotations

import uuid

from django.utils import timezone

from retkoop.audit.services import writing
from retkoop.books.writable import Refused
from retkoop.network.access import AssociationAccess, running_roles
from retkoop.network.models import AD_KINDS, Coop
from retkoop.oversight.board.models import Follow, SavedView
from retkoop.users.models import User

MOST_VIEWS = 20
LONGEST_QUERY = 500


def follow(*, access: AssociationAccess, coop: Coop, user: User | None) -> Follow | None:
    """Have a person of the AD follow a coop in place of whoever did; nobody (None). Done already, nothing is written.

    Raises Refused for whoever is not of the AD, another AD's coop, a coop that has ended, or somebody without a role in the AD today.
    """
    _refuse_following(access, coop, user)
    with writing(coop.chain, access.author) as trail:
        row = Follow.objects.filter(coop=coop).first()
        if row is None and user is not None:
            row = Follow.objects.create(coop=coop, user=user)
            trail.created(row, action="follow.begun")
        elif row is not None and user is None:
            subject, before = row.subject, row.snapshot()
            row.delete()
            trail.deleted(subject, before, action="follow.ended")
            return None
        elif row is not None and user is not None and row.user_id != user.pk:
            before = row.snapshot()
            row.user = user
            row.save()
            trail.changed(row, before, action="follow.passed")
        return row


def _refuse_following(access: AssociationAccess, coop: Coop, user: User | None) -> None:
    if access.role not in AD_KINDS:
        raise Refused("L’association départementale dit elle-même qui suit ses coopératives.")
    if coop.association_id != access.association.pk:
        raise Refused("Cette coopérative n’est pas de votre association.")
    if user is None:
        return
    if refusal := following_refusal(coop):
        raise Refused(refusal)
    if not running_roles(user).filter(association=access.association, kind__in=AD_KINDS).exists():
        raise Refused(f"{user.name} n’a pas de rôle dans votre association aujourd’hui.")


def following_refusal(coop: Coop) -> str | None:
    """Say why nobody can follow a coop any more; None where somebody can."""
    ended = coop.closed_on is not None and coop.closed_on < timezone.localdate()
    return "Cette coopérative est fermée\u202f: personne n’a plus à la suivre." if ended else None


def keep_view(*, access: AssociationAccess, name: str, query: str, submission: uuid.UUID | None = None) -> SavedView:
    """Keep a view of the board for oneself; one of that name takes the new query. Raises Refused, AlreadySubmitted."""
    name = _named(name)
    if len(query) > LONGEST_QUERY:
        raise Refused("Cette vue demande trop de choses à la fois\u202f: raccourcissez ce que vous cherchez.")
    with writing(access.association.chain, access.author, submission) as trail:
        mine = SavedView.objects.filter(association=access.association, user=access.user)
        row = mine.filter(name=name).first()
        if row is not None:
            before = row.snapshot()
            row.query = query
            row.save()
            trail.changed(row, before, action="view.kept", submission=submission)
            return row
        if mine.count() >= MOST_VIEWS:
            raise Refused(f"Vous gardez déjà {MOST_VIEWS} vues\u202f: supprimez-en une.")
        row = SavedView.objects.create(association=access.association, user=access.user, name=name, query=query)
        trail.created(row, action="view.kept", submission=submission)
        return row


def rename_view(*, access: AssociationAccess, view: SavedView, name: str) -> SavedView:
    """Give a view of one's own another name. Raises Refused where another one bears it."""
    name = _named(name)
    with writing(access.association.chain, access.author) as trail:
        if SavedView.objects.filter(association=access.association, user=access.user, name=name).exclude(pk=view.pk).exists():
            raise Refused(f"Une autre de vos vues s’appelle déjà «\u00a0{name}\u00a0».")
        before = view.snapshot()
        view.name = name
        view.save()
        trail.changed(view, before, action="view.renamed")
        return view


def delete_view(*, access: AssociationAccess, view: SavedView) -> None:
    """Take a view of one's own away."""
    with writing(access.association.chain, access.author) as trail:
        subject, before = view.subject, view.snapshot()
        view.delete()
        trail.deleted(subject, before, action="view.deleted")


def _named(name: str) -> str:
    name = " ".join(name.split())[:40]
    if not name:
        raise Refused("Donnez un nom à cette vue.")
    return name
