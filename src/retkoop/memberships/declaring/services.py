"""The verbs of a coop on its adhésion: what it begins, what its mandataires accept, what it declares, what it corrects."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from django.utils import timezone

from retkoop.audit.services import Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.creditor_reference import creditor_reference
from retkoop.domain.elision import of
from retkoop.domain.fees import Declared, fee_lines, total_of
from retkoop.domain.headcount import Doubt, count_refusals, count_surprises
from retkoop.domain.money import Cents
from retkoop.domain.names import words_of
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.tariff_change import tariff_changes
from retkoop.memberships.access import CLOSED, LEFT
from retkoop.memberships.declaring.queries import draft_of, engagement_of, latest_declared
from retkoop.memberships.models import Declaration, EngagementAcceptance, Membership
from retkoop.memberships.pricing.queries import tariff_of
from retkoop.memberships.queries import membership_of
from retkoop.memberships.values import declared_of, fill_declaration, kept_lines
from retkoop.network.access import Access
from retkoop.network.models import Coop, RoleKind

CHANGED: Final = "Quelqu’un d’autre a changé cette déclaration entre-temps\u202f: relisez-la."
DECLARED: Final = "L’adhésion est déjà déclarée\u202f: pour changer vos effectifs, corrigez-la."
UNDECLARED: Final = "L’adhésion n’est pas encore déclarée."
NOTHING: Final = "Indiquez d’abord vos effectifs."
SAME: Final = "Rien n’a changé depuis votre déclaration."
OURS: Final = "L’adhésion se déclare et s’accepte depuis la coopérative."
MOST_REASON: Final = 200


class OverTaken(Refused):
    """Somebody else wrote meanwhile: what is there now is to be read before it is replaced."""


class ChangedTariff(Refused):
    """The AD has changed its prices since the coop read them: it looks at the amount again before it declares."""

    def __init__(self, changes: list[str]) -> None:
        super().__init__(f"Le tarif a changé depuis que vous avez ouvert cette page\u202f: {', '.join(changes)}. Vérifiez le montant.")


class WrongCount(Refused):
    """Effectifs that cannot be declared, or that the coop has to confirm (`surprising`), each with where it stands in the form."""

    def __init__(self, doubts: list[Doubt], *, surprising: bool = False) -> None:
        super().__init__("\n".join(map(str, doubts)))
        self.doubts = doubts
        self.surprising = surprising


def save_draft(  # noqa: PLR0913 -- whose, which year, what, over which version
    *,
    access: Access,
    year: SchoolYear,
    declared: Declared,
    version: int,
    confirmed: bool = False,
    submission: uuid.UUID | None = None,
) -> Declaration:
    """Keep what a coop begins to declare; `version` is that of the draft it was made from (0: none).

    Raises WrongCount, Refused where the adhésion was declared or the draft changed meanwhile, AlreadySubmitted.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        membership = _begun(trail, access.coop, year)
        _refuse_count(access.coop, year, declared, confirmed=confirmed)
        if latest_declared(membership):
            raise Refused(DECLARED)
        draft = draft_of(membership)
        if (draft.version if draft else 0) != version:
            raise OverTaken(CHANGED)
        if draft is None:
            draft = Declaration(membership=membership, number=1)
            fill_declaration(draft, declared)
            draft.save(force_insert=True)
            trail.created(draft, action="declaration.begun", submission=submission)
            return draft
        before = draft.snapshot()
        fill_declaration(draft, declared)
        return _saved(trail, draft, before, "declaration.changed", submission)


def accept_engagement(
    *, access: Access, year: SchoolYear, text: int, holder: str, submission: uuid.UUID | None = None
) -> EngagementAcceptance:
    """Accept a version of the engagement as one of the mandataires, by name. Raises Refused, AlreadySubmitted."""
    _refuse_helper(access)
    with writing(access.coop.chain, access.author, submission) as trail:
        membership = _begun(trail, access.coop, year)
        engagement = engagement_of(access.coop, membership, timezone.localdate(trail.at))
        if engagement.text is None or engagement.text.pk != text:
            raise OverTaken("Une nouvelle version de l’engagement vient d’être publiée\u202f: lisez-la avant d’accepter.")
        mandate = next((one for one in engagement.mandates if words_of(one.holder) == words_of(holder)), None)
        if mandate is None and engagement.mandates:
            raise Refused(f"Écrivez votre nom comme il est sur votre mandat\u202f: {' ou '.join(engagement.holders)}.")
        name = mandate.holder if mandate else holder.strip()
        if any(words_of(one.holder) == words_of(name) for one in engagement.accepted):
            raise Refused(f"L’engagement {of(name)} est déjà accepté.")
        row = EngagementAcceptance.objects.create(
            membership=membership,
            text=engagement.text,
            mandate=mandate,
            holder=name,
            accepted_at=trail.at,
            accepted_by=access.author.name,
        )
        trail.created(row, action="engagement.accepted", submission=submission)
        return row


def declare(
    *, access: Access, year: SchoolYear, version: int, tariff: Mapping[str, Cents] | None = None, submission: uuid.UUID | None = None
) -> Declaration:
    """Declare what was begun: its lines are counted with the AD's prices of today, and change no more.

    `tariff`: the mark of the prices that were read. Raises WrongCount, ChangedTariff, Refused where the engagement lacks a name or the
    draft changed meanwhile, AlreadySubmitted.
    """
    _refuse_helper(access)
    with writing(access.coop.chain, access.author, submission) as trail:
        membership = _begun(trail, access.coop, year)
        if latest_declared(membership):
            raise Refused(DECLARED)
        draft = draft_of(membership)
        if draft is None:
            raise Refused(NOTHING)
        if draft.version != version:
            raise Refused(CHANGED)
        _refuse_count(access.coop, year, declared_of(draft), confirmed=True)
        _refuse_other_tariff(access.coop, year, tariff)
        _refuse_unaccepted(trail, membership)
        before = draft.snapshot()
        _count(trail, draft)
        return _saved(trail, draft, before, "declaration.made", submission)


def correct(  # noqa: PLR0913 -- whose, which year, what, why, after which declaration
    *,
    access: Access,
    year: SchoolYear,
    declared: Declared,
    reason: str,
    number: int,
    confirmed: bool = False,
    tariff: Mapping[str, Cents] | None = None,
    submission: uuid.UUID | None = None,
) -> Declaration:
    """Declare again what was declared as `number`, and say why: what is owed follows (a complement, or money to give back).

    `tariff`: the mark of the prices that were read. Raises WrongCount, ChangedTariff, Refused where nothing changes or somebody corrected
    it meanwhile, AlreadySubmitted.
    """
    _refuse_helper(access)
    with writing(access.coop.chain, access.author, submission) as trail:
        membership = _begun(trail, access.coop, year)
        latest = latest_declared(membership)
        if latest is None:
            raise Refused(UNDECLARED)
        if latest.number != number:
            raise OverTaken(CHANGED)
        _refuse_count(access.coop, year, declared, confirmed=confirmed)
        if not reason.strip():
            raise Refused("Dites pourquoi vos effectifs changent\u202f: l’association départementale le lit.")
        if declared_of(latest) == declared:
            raise Refused(SAME)
        _refuse_other_tariff(access.coop, year, tariff)
        row = Declaration(membership=membership, number=number + 1, reason=reason.strip()[:MOST_REASON])
        fill_declaration(row, declared)
        _count(trail, row)
        row.save(force_insert=True)
        trail.created(row, action="declaration.corrected", submission=submission)
        return row


def _refuse_helper(access: Access) -> None:
    if access.role is not RoleKind.COOP or access.by_merger:
        raise Refused(OURS)


def _begun(trail: Trail, coop: Coop, year: SchoolYear) -> Membership:
    """Return the adhésion of a coop for a year, made where it is missing. Raises Refused where the coop does not adhere any more."""
    if Coop.objects.filter(pk=coop.pk, closed_on__isnull=False).exists():
        raise Refused(CLOSED)
    membership = membership_of(coop, year)
    if membership is None:
        membership = Membership.objects.create(coop=coop, start=year.start, reference=creditor_reference(coop.rne, year))
        trail.created(membership, action="membership.begun")
    elif membership.left_on is not None:
        raise Refused(LEFT)
    membership.coop = coop
    return membership


def _refuse_count(coop: Coop, year: SchoolYear, declared: Declared, *, confirmed: bool) -> None:
    refusals = count_refusals(tariff_of(coop.association, year), declared)
    if refusals:
        raise WrongCount(refusals)
    surprises = count_surprises(declared)
    if surprises and not confirmed:
        raise WrongCount(surprises, surprising=True)


def _refuse_other_tariff(coop: Coop, year: SchoolYear, read: Mapping[str, Cents] | None) -> None:
    changes = tariff_changes(read, tariff_of(coop.association, year)) if read is not None else []
    if changes:
        raise ChangedTariff(changes)


def _refuse_unaccepted(trail: Trail, membership: Membership) -> None:
    engagement = engagement_of(membership.coop, membership, timezone.localdate(trail.at))
    if engagement.is_complete:
        return
    who = " et ".join(map(of, engagement.lacking)) or "d’un mandataire"
    if engagement.acceptances and not engagement.accepted:
        raise Refused(f"Une nouvelle version de l’engagement est publiée\u202f: il y faut l’acceptation {who}. Lisez-la, puis déclarez.")
    raise Refused(f"Il manque encore l’acceptation {who}\u202f: lisez et acceptez l’engagement du mandataire.")


def _count(trail: Trail, row: Declaration) -> None:
    """Freeze the lines of a declaration as the AD's prices make them today."""
    lines = fee_lines(tariff_of(row.membership.coop.association, row.membership.year), declared_of(row))
    row.lines, row.total = kept_lines(lines), total_of(lines)
    row.declared_at, row.declared_by = trail.at, trail.author.name


def _saved(trail: Trail, row: Declaration, before: dict[str, object], action: str, submission: uuid.UUID | None) -> Declaration:
    row.version += 1
    row.save()
    trail.changed(row, before, action=action, submission=submission)
    return row
