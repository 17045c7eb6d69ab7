"""The verbs of invitations: the mandataire asks people to check the accounts of a year. Each is one transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from retkoop.audit.services import writing
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.closing import STATE_LABELS, ClosingState, VerifierQuality
from retkoop.network.access import Access
from retkoop.year_end.closing.queries import closing_of
from retkoop.year_end.models import SigningCode, Verifier
from retkoop.year_end.verifiers import codes, mails
from retkoop.year_end.verifiers.people import refuse_closed_coop, refuse_mandataire, refuse_twice
from retkoop.year_end.verifiers.queries import signatures_of
from retkoop.year_end.verifiers.tokens import OPEN_STATES, new_nonce

LASTS: Final = timedelta(days=45)
GONE: Final = "Cette invitation n’existe plus."
ENDED: Final = "Cette invitation est retirée. Invitez de nouveau la personne."
NOT_SIGNING: Final = "On ne signe pas encore\u202f: demandez d’abord les signatures, à la page «\u202fFin d’année\u202f»."


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom the mandataire invites; without an address they get a square on paper."""

    name: str
    quality: VerifierQuality
    email: str = ""


def invite(*, access: Access, book: Book, invited: Invited, submission: uuid.UUID) -> Verifier:
    """Invite a vérificateur, by mail where an address is given and mail can be sent.

    Raises AlreadySubmitted, and Refused for a mandataire, for somebody invited already, or where the year is sent or the coop closed.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        _refuse_sent(book)
        refuse_mandataire(book, invited.name, invited.email)
        refuse_twice(book, invited.name, invited.email)
        row = Verifier(coop=access.coop, book=book, name=invited.name, quality=invited.quality, email=invited.email)
        row.nonce, row.invited_at, row.until = new_nonce(), trail.at, timezone.localdate(trail.at) + LASTS
        row.save()
        trail.created(row, action="verifier.invited", submission=submission)
        mails.tell(row, mails.INVITATION)
        return row


def resend(*, access: Access, book: Book, key: int) -> Verifier:
    """Send an invitation again: its address opens the page for as long as a new one's. Raises Refused where it is ended."""
    with writing(access.coop.chain, access.author) as trail:
        _refuse_sent(book)
        row = _running(book, key)
        refuse_mandataire(book, row.name, row.email)
        before = row.snapshot()
        row.invited_at, row.until = trail.at, timezone.localdate(trail.at) + LASTS
        row.version += 1
        row.save()
        trail.changed(row, before, action="verifier.invited_again")
        mails.tell(row, mails.INVITATION)
        return row


def end_invitation(*, access: Access, book: Book, key: int) -> Verifier:
    """End an invitation: its address shows nothing any more. Raises Refused where it is ended, or they have signed."""
    with writing(access.coop.chain, access.author) as trail:
        _refuse_sent(book)
        row = _running(book, key)
        if any(one.holds and one.signature.verifier_id == row.pk for one in signatures_of(book)):
            raise Refused(f"{row.name} a signé\u202f: son invitation reste.")
        before = row.snapshot()
        row.nonce, row.ended_at = new_nonce(), trail.at
        row.version += 1
        row.save()
        SigningCode.objects.filter(verifier=row).delete()
        trail.changed(row, before, action="verifier.ended")
        return row


def give_code(*, access: Access, book: Book, key: int) -> tuple[Verifier, str]:
    """Make the code that the mandataire hands to a vérificateur who has no mail; the trail keeps who did so.

    Raises Refused where nobody signs now.
    """
    with writing(access.coop.chain, access.author) as trail:
        _refuse_not_signing(book)
        row = _running(book, key)
        code = codes.new_code(row, by_hand=True)
        trail.changed(row, row.snapshot(), action="verifier.code_given")
        return row, code


def ask_again(*, access: Access, book: Book) -> list[Verifier]:
    """Ask all those whose signature is void to sign again, by mail where they have an address; return them.

    Raises Refused where nobody signs now.
    """
    with writing(access.coop.chain, access.author) as trail:
        _refuse_not_signing(book)
        held = signatures_of(book)
        holding = {one.signature.verifier_id for one in held if one.holds}
        void = {one.signature.verifier_id: one for one in held if not one.holds}
        rows = [row for row in Verifier.objects.filter(book=book, ended_at=None) if row.pk in void and row.pk not in holding]
        for row in rows:
            row.book = book
            before = row.snapshot()
            row.invited_at, row.until = trail.at, timezone.localdate(trail.at) + LASTS
            row.version += 1
            row.save()
            trail.changed(row, before, action="verifier.asked_again")
            mails.tell(row, mails.AGAIN, changes=void[row.pk].changes)
        return rows


def _running(book: Book, key: int) -> Verifier:
    row = Verifier.objects.filter(book=book, pk=key).first()
    if row is None:
        raise Refused(GONE)
    if row.ended_at is not None:
        raise Refused(ENDED)
    row.book = book
    return row


def _refuse_not_signing(book: Book) -> None:
    refuse_closed_coop(book)
    if closing_of(book).state != ClosingState.SIGNING:
        raise Refused(NOT_SIGNING)


def _refuse_sent(book: Book) -> None:
    refuse_closed_coop(book)
    state = closing_of(book).state
    if state not in OPEN_STATES:
        raise Refused(
            f"Le compte rendu de {book.year} est déjà parti ({STATE_LABELS[ClosingState(state)].lower()})\u202f: on n’invite plus."
        )
