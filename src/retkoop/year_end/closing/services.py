"""The verbs of a closing. Each is one transition, one transaction, its event in the coop's chain, its letter in the queue."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from retkoop.audit.services import Trail, writing
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.queries import books_of
from retkoop.books.writable import Refused, writable
from retkoop.books.years import catch_up, settle_next
from retkoop.domain.closing import STATE_LABELS, ClosingState, OutOfTurn, Transition, after
from retkoop.network.access import Access, AssociationAccess
from retkoop.network.models import Coop, RoleKind
from retkoop.ui.days import format_moment
from retkoop.year_end.closing.mails import tell_association, tell_coop
from retkoop.year_end.closing.preparation import Preparation
from retkoop.year_end.models import EntryRule, Explanation, Review, ReviewOutcome, ReviewRemark, YearClosing
from retkoop.year_end.seal.services import seal

REVIEWERS: Final = frozenset({RoleKind.COMPTABLE, RoleKind.ADMINISTRATEUR})
"""Who decides for the AD: an animateur helps, and reads."""

ACTIONS: Final = {
    Transition.CALL_TO_SIGN: "closing.called",
    Transition.RESUME: "closing.resumed",
    Transition.SEND: "closing.sent",
    Transition.SEND_BACK: "closing.sent_back",
    Transition.ACCEPT: "closing.accepted",
    Transition.CLOSE: "closing.closed",
    Transition.REOPEN: "closing.reopened",
    Transition.END: "closing.closed",
}
MOST_MESSAGE: Final = 2000


class Unexplained(Refused):
    """The decision wants a word to the coop, and has none."""


class DecidedMeanwhile(Refused):
    """Somebody else decided first; the message tells who, what and when."""


@dataclass(frozen=True, slots=True)
class Reviewing:
    """A reviewer of an AD before a year of one of its coops."""

    access: AssociationAccess
    coop: Coop
    book: Book


@contextmanager
def _passing(trail: Trail, book: Book, transition: Transition, submission: uuid.UUID | None) -> Iterator[YearClosing]:
    """Yield the closing of a book in the state to which a transition leads; it is saved, and told, once all else is done.

    Raises DecidedMeanwhile where it is not its turn.
    """
    closing = YearClosing.objects.select_for_update().filter(book=book).first() or YearClosing(coop=book.coop, book=book)
    closing.book = book
    before = closing.snapshot() if closing.pk else None
    try:
        closing.state = after(ClosingState(closing.state), transition)
    except OutOfTurn as refusal:
        raise DecidedMeanwhile(_told_meanwhile(book, refusal.state)) from None
    yield closing
    closing.version = closing.version + 1 if before else 1
    closing.save()
    if before is None:
        trail.created(closing, action=ACTIONS[transition], submission=submission)
    else:
        trail.changed(closing, before, action=ACTIONS[transition], submission=submission)


def _told_meanwhile(book: Book, state: ClosingState) -> str:
    told = f"Ces comptes sont maintenant « {STATE_LABELS[state].lower()} »\u202f: rechargez la page."
    review = Review.objects.filter(book=book).first()
    if review is None:
        return told
    return f"{review.by} a décidé le {format_moment(review.at)}\u202f: {review.get_outcome_display().lower()}. {told}"


def _current(book: Book) -> Book:
    """Return a book as it is now that the chain is ours."""
    return next(one for one in books_of(book.coop) if one.pk == book.pk)


def call_to_sign(*, access: Access, book: Book, today: date, submission: uuid.UUID | None = None) -> YearClosing:
    """Ask for the signatures of a year: from now on, each change makes those that were given void.

    Raises Refused with the first thing that is not ready, AlreadySubmitted.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable(access.coop, book)
        _refuse_unready(Preparation(_page(access, book, today)).before_signing)
        with _passing(trail, book, Transition.CALL_TO_SIGN, submission) as closing:
            closing.sample_seed = closing.sample_seed or secrets.token_hex(8)
            closing.called_at = trail.at
        return closing


def resume(*, access: Access, book: Book) -> YearClosing:
    """Go back to work on a year that waited for signatures."""
    with writing(access.coop.chain, access.author) as trail:
        with _passing(trail, _current(book), Transition.RESUME, None) as closing:
            closing.called_at = None
        return closing


def send(*, access: Access, book: Book, today: date, submission: uuid.UUID | None = None) -> YearClosing:
    """Send the accounts of a year to the AD: sealed, they change no more until it answers.

    Raises Refused with each thing that is missing, NoRoom, AlreadySubmitted.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable(access.coop, book)
        page = _page(access, book, today)
        _refuse_unready(Preparation(page).before_sending)
        with _passing(trail, book, Transition.SEND, submission) as closing:
            closing.sent_at = trail.at
            seal(trail, page, closing)
        tell_association(closing, "sent")
        return closing


def _page(access: Access, book: Book, today: date) -> CoopPage:
    """Return the page of a book as it is inside this transaction."""
    books = tuple(book if one.pk == book.pk else one for one in books_of(access.coop))
    return CoopPage(access, book, books, today)


def _refuse_unready(reasons: list[str]) -> None:
    if reasons:
        raise Refused("\n".join(reasons))


@contextmanager
def _reviewing(*, reviewing: Reviewing, submission: uuid.UUID | None = None) -> Iterator[tuple[Trail, Book]]:
    if reviewing.access.role not in REVIEWERS or reviewing.coop.association_id != reviewing.access.association.pk:
        raise Refused("Seuls le comptable et les administrateurs de l’association départementale décident des comptes.")
    with writing(reviewing.coop.chain, reviewing.access.author, submission) as trail:
        yield trail, _current(reviewing.book)


def refusal_to_accept(book: Book) -> str | None:
    """Say why a year that was sent cannot be accepted yet; None where it can."""
    if not book.opening_follows:
        return None
    return f"Le report à nouveau de cette année est encore provisoire\u202f: validez d’abord les comptes {book.year.previous}."


def accept(*, reviewing: Reviewing, reason: str = "", submission: uuid.UUID | None = None) -> YearClosing:
    """Accept the accounts of a year: no verb writes in it any more. The remarks that were written go with the message.

    Raises Refused, AlreadySubmitted.
    """
    with _reviewing(reviewing=reviewing, submission=submission) as (trail, book):
        if refusal := refusal_to_accept(book):
            raise Refused(refusal)
        with _passing(trail, book, Transition.ACCEPT, submission) as closing:
            closing.decided_at = trail.at
            review = _decided(trail, closing, reviewing, ReviewOutcome.ACCEPTED, reason)
            remarks = _sent_with(trail, review, _drafts(book))
            _mark(trail, book, sealed=True)
            settle_next(trail, book, accepted=True, frozen=_next_is_sent(book))
        tell_coop(closing, "accepted", reason=reason, remarks=remarks)
        return closing


def send_back(*, reviewing: Reviewing, reason: str, submission: uuid.UUID | None = None) -> YearClosing:
    """Send the accounts of a year back, with the remarks that were written and a message. Raises Refused without either."""
    with _reviewing(reviewing=reviewing, submission=submission) as (trail, book):
        remarks = _drafts(book)
        if not reason.strip() and not remarks:
            raise Unexplained("Dites à la coopérative ce qu’elle doit corriger\u202f: un message, ou une remarque sur une ligne.")
        with _passing(trail, book, Transition.SEND_BACK, submission) as closing:
            closing.decided_at = trail.at
            review = _decided(trail, closing, reviewing, ReviewOutcome.TO_CORRECT, reason)
            _sent_with(trail, review, remarks)
        catch_up(trail, book)
        tell_coop(closing, "sent_back", reason=reason, remarks=remarks)
        return closing


def close(*, reviewing: Reviewing, submission: uuid.UUID | None = None) -> YearClosing:
    """Close an accepted year: the AD has made its own accounts with it. Raises Refused, AlreadySubmitted."""
    opened = _reviewing(reviewing=reviewing, submission=submission)
    with opened as (trail, book), _passing(trail, book, Transition.CLOSE, submission) as closing:
        return closing


def close_for_good(trail: Trail, book: Book) -> YearClosing:
    """Seal and close the last year of a coop that ends; it is sent no more. To be called inside a `writing`. Raises Refused."""
    with _passing(trail, book, Transition.END, None) as closing:
        closing.decided_at = trail.at
        _mark(trail, book, sealed=True)
    return closing


def reopen(*, reviewing: Reviewing, reason: str, submission: uuid.UUID | None = None) -> YearClosing:
    """Reopen an accepted year: its CRF will be another version, the sealed one stays.

    Raises Refused without a reason, or where the coop has ended: it could not write in it.
    """
    if not reason.strip():
        raise Unexplained("Dites pourquoi vous rouvrez ces comptes\u202f: la coopérative et l’historique le liront.")
    with _reviewing(reviewing=reviewing, submission=submission) as (trail, book):
        _refuse_reopening(book)
        with _passing(trail, book, Transition.REOPEN, submission) as closing:
            closing.decided_at = trail.at
            _decided(trail, closing, reviewing, ReviewOutcome.REOPENED, reason)
            closing.round += 1
            _mark(trail, book, sealed=False)
            settle_next(trail, book, accepted=False)
        tell_coop(closing, "reopened", reason=reason)
        return closing


def _refuse_reopening(book: Book) -> None:
    """Raise Refused where nobody could bring the year to its end again, or the accounts of the year after stand on it."""
    if Coop.objects.filter(pk=book.coop_id, closed_on__isnull=False).exists():
        raise Refused("Cette coopérative est fermée\u202f: ses comptes ne se rouvrent plus.")
    if _next_is_sent(book) or Book.objects.filter(coop=book.coop_id, start=book.start + 1, sealed_at__isnull=False).exists():
        raise Refused(
            f"Les comptes {book.year.next} sont déjà transmis et partent de ceux-ci\u202f: renvoyez-les d’abord à la coopérative."
        )


def _next_is_sent(book: Book) -> bool:
    return YearClosing.objects.filter(coop=book.coop_id, book__start=book.start + 1, state=ClosingState.SENT).exists()


def _decided(trail: Trail, closing: YearClosing, reviewing: Reviewing, outcome: ReviewOutcome, reason: str) -> Review:
    review = Review.objects.create(
        coop=closing.coop,
        book=closing.book,
        round=closing.round,
        outcome=outcome,
        reason=reason.strip()[:MOST_MESSAGE],
        by=reviewing.access.user.name,
        at=trail.at,
    )
    trail.created(review, action=f"review.{outcome.value}")
    return review


def _drafts(book: Book) -> list[ReviewRemark]:
    return list(ReviewRemark.objects.filter(book=book, review=None))


def _sent_with(trail: Trail, review: Review, remarks: list[ReviewRemark]) -> list[ReviewRemark]:
    for remark in remarks:
        before = remark.snapshot()
        remark.review = review
        remark.save()
        trail.changed(remark, before, action="remark.sent")
    return remarks


def _mark(trail: Trail, book: Book, *, sealed: bool) -> None:
    before = book.snapshot()
    book.sealed_at = trail.at if sealed else None
    book.save(update_fields=["sealed_at"])
    trail.changed(book, before, action="book.sealed" if sealed else "book.unsealed")


def explain(  # noqa: PLR0913 -- which alerte, and what is said of it
    *, access: Access, book: Book, code: str, operation: int, message: str, text: str
) -> Explanation | None:
    """Explain an alerte in a sentence; without text, take the explanation away. The last one who writes is read.

    `message` is what the alerte said when it was read: where it says something else now, the page asks to read it again.
    Raises Refused where the year takes no writing.
    """
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        row = Explanation.objects.filter(book=book, code=code, operation=operation).first()
        if not text.strip():
            if row is not None:
                subject, before = row.subject, row.snapshot()
                row.delete()
                trail.deleted(subject, before, action="explanation.removed")
            return None
        former = row.snapshot() if row else None
        row = row or Explanation(coop=access.coop, book=book, code=code, operation=operation)
        row.message, row.text = message, text.strip()[:500]
        row.version = row.version + 1 if former else 1
        row.save()
        if former is None:
            trail.created(row, action="explanation.written")
        else:
            trail.changed(row, former, action="explanation.written")
        return row


def write_remark(*, reviewing: Reviewing, line: str, line_label: str, text: str, key: int | None = None) -> ReviewRemark | None:
    """Write a remark on a line, or correct one that was not sent yet (`key`); without text, take it away. Raises Refused."""
    with _reviewing(reviewing=reviewing) as (trail, book):
        row = ReviewRemark.objects.filter(book=book, review=None, pk=key).first() if key else None
        if not text.strip():
            if row is not None:
                subject, before = row.subject, row.snapshot()
                row.delete()
                trail.deleted(subject, before, action="remark.removed")
            return None
        former = row.snapshot() if row else None
        row = row or ReviewRemark(coop=reviewing.coop, book=book, line=line[:40], line_label=line_label[:200])
        row.text = text.strip()[:500]
        row.version = row.version + 1 if former else 1
        row.save()
        if former is None:
            trail.created(row, action="remark.written")
        else:
            trail.changed(row, former, action="remark.written")
        return row


def answer_remark(*, access: Access, book: Book, key: int, text: str) -> ReviewRemark:
    """Answer a remark of the AD. Raises Refused where it is none of this year's."""
    with writing(access.coop.chain, access.author) as trail:
        writable(access.coop, book)
        row = ReviewRemark.objects.filter(book=book, pk=key, review__isnull=False).first()
        if row is None:
            raise Refused("Cette remarque n’est plus là.")
        before = row.snapshot()
        row.answer = text.strip()[:500]
        row.version += 1
        row.save()
        trail.changed(row, before, action="remark.answered")
        return row


def rule_entry(  # noqa: PLR0913 -- a rule is these facts
    *, access: AssociationAccess, coop: Coop | None, start: int, blocked: bool, until: date | None, reason: str = ""
) -> EntryRule:
    """Block entry in a year, or unblock it, for a coop or for all (None), until a day (None: no end). Raises Refused."""
    if access.role not in REVIEWERS or (coop is not None and coop.association_id != access.association.pk):
        raise Refused("Seuls le comptable et les administrateurs de l’association départementale ferment ou rouvrent la saisie.")
    with writing(coop.chain if coop else access.association.chain, access.author) as trail:
        rule = EntryRule.objects.create(
            association=access.association,
            coop=coop,
            start=start,
            blocked=blocked,
            until=until,
            reason=reason.strip()[:300],
            made_at=trail.at,
        )
        trail.created(rule, action="entry.blocked" if blocked else "entry.unblocked")
        return rule
