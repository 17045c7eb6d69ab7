"""The verbs of a handover (passation): planned, filled in together, signed by both; then the mandates and the accesses change hands.

Until both have signed it can be taken back or given up; after that it is what it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone

from retkoop.archive.cleaning import Cleaned
from retkoop.archive.models import DocumentKind
from retkoop.archive.services import Sent, add_document
from retkoop.audit.services import Author, Trail, writing
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.dates import format_date
from retkoop.domain.elision import of
from retkoop.domain.handover import HandoverFacts, first_day_after, handover_missing
from retkoop.domain.money import Cents
from retkoop.domain.names import words_of
from retkoop.network.access import Access
from retkoop.network.models import Coop, Mandate, MandateRank, Role
from retkoop.network.queries import keepers_of, running_mandates
from retkoop.network.services import end_mandate, end_role, give_mandate, invite_keeper, is_of_another
from retkoop.year_end.handover.mails import tell_association
from retkoop.year_end.handover.models import Handover, HandoverWay
from retkoop.year_end.handover.passing import plan_passing
from retkoop.year_end.handover.queries import facts_on

LEAVING: Final = "leaving"
INCOMING: Final = "incoming"
GONE: Final = "Cette passation n’est plus là."
DONE: Final = "Cette passation est signée des deux côtés\u202f: elle ne change plus."
CANCELLED: Final = "Cette passation est annulée."
CHANGED: Final = "Quelqu’un d’autre a changé cette passation entre-temps\u202f: relisez-la."
SIGNED: Final = "Une signature est déjà donnée\u202f: reprenez d’abord la passation."
MOVED: Final = (
    "Les comptes ont changé depuis la première signature\u202f: reprenez la passation, relisez les chiffres, puis signez de nouveau."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who leaves (the key of the mandate), on what last day, who comes; `leaving_role` is that of an account of their own (0: none)."""

    leaving: int
    day: date
    incoming_name: str
    incoming_email: str = ""
    leaving_role: int = 0
    renews_account: bool = True


@dataclass(frozen=True, slots=True)
class Filled:
    """What was looked at together: the answers to the list, what was in the cash box (cents), what else is to be known."""

    answers: Mapping[str, str]
    counted: Cents | None = None
    note: str = ""


def plan_handover(*, access: Access, book: Book, plan: Plan, submission: uuid.UUID | None = None) -> Handover:
    """Begin a handover. Raises Refused, AlreadySubmitted."""
    with writing(access.coop.chain, access.author, submission) as trail:
        _refuse_ended(access.coop)
        mandate = _leaver(access.coop, book, plan)
        _refuse_incoming(access.coop, mandate, plan)
        role = keepers_of(access.coop).filter(pk=plan.leaving_role).first() if plan.leaving_role else None
        row = Handover.objects.create(
            coop=access.coop,
            book=book,
            leaving=mandate,
            leaving_role=role,
            incoming_name=plan.incoming_name.strip(),
            incoming_email=plan.incoming_email,
            day=plan.day,
            renews_account=plan.renews_account,
            made_at=trail.at,
        )
        trail.created(row, action="handover.planned", submission=submission)
        return row


def _refuse_ended(coop: Coop) -> None:
    if Coop.objects.filter(pk=coop.pk, closed_on__isnull=False).exists():
        raise Refused("Cette coopérative est fermée\u202f: il n’y a plus rien à passer.")


def _leaver(coop: Coop, book: Book, plan: Plan) -> Mandate:
    mandate = running_mandates(coop, timezone.localdate()).filter(pk=plan.leaving).first()
    if mandate is None:
        raise Refused("Ce mandat n’est plus en cours.")
    if Handover.objects.filter(leaving=mandate, cancelled_at=None).exists():
        raise Refused(f"La passation {of(mandate.holder)} est déjà commencée.")
    if not book.year.first_day <= plan.day <= book.year.last_day:
        raise Refused(f"Choisissez un jour de l’année {book.year}\u202f: ce sont ses comptes que vous passez.")
    if plan.day < mandate.start:
        raise Refused(f"Le mandat {of(mandate.holder)} ne commence que le {format_date(mandate.start)}.")
    if mandate.end is not None and mandate.end < plan.day:
        raise Refused(f"Le mandat {of(mandate.holder)} se termine déjà le {format_date(mandate.end)}.")
    return mandate


def _refuse_incoming(coop: Coop, mandate: Mandate, plan: Plan) -> None:
    if words_of(plan.incoming_name) == words_of(mandate.holder):
        raise Refused("Celui qui part et celui qui arrive portent le même nom\u202f: indiquez qui arrive.")
    email = plan.incoming_email.casefold()
    if email and email == coop.email.casefold():
        raise Refused("Cette adresse est celle de l’école\u202f: indiquez celle de la personne, ou laissez vide.")
    if email and is_of_another(email=email, name=plan.incoming_name):
        raise Refused("Cette adresse ouvre déjà un autre compte\u202f: indiquez-en une autre, ou laissez vide.")


def _open(book: Book, key: int) -> Handover:
    """Return a handover that may still change. Raises Refused."""
    row = Handover.objects.select_for_update().filter(book=book, pk=key).first()
    if row is None:
        raise Refused(GONE)
    if row.cancelled_at is not None:
        raise Refused(CANCELLED)
    if row.done:
        raise Refused(DONE)
    row.book, row.coop = book, book.coop
    return row


def _saved(trail: Trail, row: Handover, before: dict[str, object], action: str) -> Handover:
    row.version += 1
    row.save()
    trail.changed(row, before, action=action)
    return row


def fill_handover(*, access: Access, book: Book, key: int, version: int, filled: Filled) -> Handover:
    """Keep what was answered so far. Raises Refused once somebody has signed, or where it has changed since `version`."""
    with writing(access.coop.chain, access.author) as trail:
        row = _open(book, key)
        if row.signed_by_one:
            raise Refused(SIGNED)
        if row.version != version:
            raise Refused(CHANGED)
        before = row.snapshot()
        row.answers, row.counted, row.note = dict(filled.answers), filled.counted, filled.note.strip()
        return _saved(trail, row, before, "handover.filled")


def take_back_handover(*, access: Access, book: Book, key: int) -> Handover:
    """Take the first signature back, so that what was looked at can be corrected. Raises Refused once both have signed."""
    with writing(access.coop.chain, access.author) as trail:
        row = _open(book, key)
        before = row.snapshot()
        row.leaving_signed_at = row.incoming_signed_at = row.scan = None
        row.leaving_way = row.incoming_way = ""
        row.facts = {}
        return _saved(trail, row, before, "handover.taken_back")


def cancel_handover(*, access: Access, book: Book, key: int) -> Handover:
    """Give a handover up. Raises Refused once both have signed."""
    with writing(access.coop.chain, access.author) as trail:
        row = _open(book, key)
        before = row.snapshot()
        row.cancelled_at = trail.at
        return _saved(trail, row, before, "handover.cancelled")


@transaction.atomic
def sign_handover(*, access: Access, book: Book, key: int, side: str, name: str) -> Handover:
    """Sign as who leaves, or as who comes (`side`), under one's own name; with the second signature all changes hands.

    Raises Refused where something is not answered, the name is another, or the accounts have changed since the first signature.
    """
    with writing(access.coop.chain, access.author) as trail:
        row = _open(book, key)
        signer = _signer(row, side)
        if words_of(name) != words_of(signer):
            raise Refused(f"Écrivez votre nom comme il est indiqué\u202f: {signer}.")
        before = row.snapshot()
        _mark(trail, row, side, HandoverWay.ACCOUNT)
        _saved(trail, row, before, "handover.signed")
    return _completed(author=access.author, row=row)


@transaction.atomic
def sign_handover_on_paper(*, access: Access, book: Book, key: int, sides: Collection[str], cleaned: Cleaned, file_name: str) -> Handover:  # noqa: PLR0913 -- which handover, who signed, the scan
    """Keep the scan of a receipt that was signed on paper, and the signatures that it shows. Raises NoRoom, Refused."""
    if not sides:
        raise Refused("Cochez qui a signé sur ce papier.")
    with writing(access.coop.chain, access.author) as trail:
        row = _open(book, key)
        before = row.snapshot()
        for side in sorted(sides):
            _mark(trail, row, side, HandoverWay.PAPER)
        sent = Sent(DocumentKind.OTHER, file_name, f"Reçu de passation signé, {row.leaving.holder}", timezone.localdate(trail.at))
        row.scan = add_document(trail, coop=access.coop, year=book.year, cleaned=cleaned, sent=sent)
        _saved(trail, row, before, "handover.signed")
    return _completed(author=access.author, row=row)


def _signer(row: Handover, side: str) -> str:
    if side == LEAVING:
        return row.leaving.holder
    if side == INCOMING:
        return row.incoming_name
    raise Refused("Dites qui signe.")


def _refuse_gone(row: Handover) -> None:
    """Refuse where the AD has ended the mandate meanwhile: to sign would lengthen it."""
    end = row.leaving.end
    if end is not None and end < row.day:
        raise Refused(
            f"Le mandat {of(row.leaving.holder)} s’est terminé le {format_date(end)}, avant le jour de cette passation\u202f: "
            "annulez-la. L’association départementale donne le mandat suivant."
        )


def _mark(trail: Trail, row: Handover, side: str, way: HandoverWay) -> None:
    _refuse_ended(row.coop)
    _refuse_gone(row)
    signer = _signer(row, side)
    missing = handover_missing(row.answers, row.counted)
    if missing:
        raise Refused("\n".join(missing))
    if getattr(row, f"{side}_signed_at") is not None:
        raise Refused(f"{signer} a déjà signé.")
    facts = asdict(facts_on(row.book, row.day))
    if row.signed_by_one and row.facts != facts:
        raise Refused(MOVED)
    row.facts = facts
    setattr(row, f"{side}_signed_at", trail.at)
    setattr(row, f"{side}_way", way)


def facts_of(row: Handover) -> HandoverFacts:
    """Return the facts of a handover: those that were signed, else those of the book now."""
    return HandoverFacts(**row.facts) if row.facts else facts_on(row.book, row.day)


def _completed(*, author: Author, row: Handover) -> Handover:
    """Once both have signed: end the mandate and the access of who leaves, give theirs to who comes, tell the AD."""
    if not row.done:
        return row
    first = first_day_after(row.day)
    end_mandate(author=author, mandate=row.leaving, last_day=row.day)
    incoming = _mandate_of(author, row, first)
    role = Role.objects.filter(pk=row.leaving_role_id, end=None).first() if row.leaving_role_id else None
    if role is not None:
        end_role(author=author, role=role, first_day_without=first)
    if row.incoming_email:
        invite_keeper(author=author, coop=row.coop, email=row.incoming_email, name=row.incoming_name, start=first)
    with writing(row.coop.chain, author) as trail:
        before = row.snapshot()
        row.incoming = incoming
        _saved(trail, row, before, "handover.completed")
    tell_association(row)
    plan_passing(row, first)
    return row


def _mandate_of(author: Author, row: Handover, first: date) -> Mandate:
    """Return the mandate of who comes: the one that the AD gave already, else a new one of the same rank."""
    rank = MandateRank(row.leaving.rank)
    given = running_mandates(row.coop, first).filter(holder=row.incoming_name, rank=rank).first()
    return given or give_mandate(author=author, coop=row.coop, holder=row.incoming_name, start=first, rank=rank)
