"""The verbs of help from afar: ask, answer, close, open again; answers kept ready. Each is one transaction on a chain.

Asking changes nothing in the books: it is possible in a year that takes no writing, and for those of the AD who only read.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from retkoop.archive.models import Document
from retkoop.assistance import letters
from retkoop.assistance.about import About
from retkoop.assistance.models import CannedAnswer, Message, Theme, Thread, ThreadSight, VisitMark
from retkoop.assistance.people import display_name
from retkoop.audit.services import Author, Trail, writing
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.network.access import Access
from retkoop.network.models import FEDERATION_CHAIN, DepartmentalAssociation

NO_DOCUMENT: Final = "Ce document a été retiré entre-temps\u202f: choisissez-en un autre."
NOT_YOURS: Final = "Votre rôle permet de lire, pas d’écrire ici."
GONE: Final = "Cette demande n’existe plus."


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote, and the key of the document of the coop that goes with it."""

    text: str
    document: int | None = None


def open_thread(  # noqa: PLR0913 -- what a question is made of, all named
    *, access: Access, book: Book, about: About, topic: str, theme: Theme, said: Said, submission: uuid.UUID
) -> Thread:
    """Ask for help about something of a book. Raises AlreadySubmitted, Refused where a document is not the coop's."""
    _refuse_readers(access)
    with writing(access.coop.chain, access.author, submission) as trail:
        _refuse_document(access, said.document)
        thread = Thread(
            coop=access.coop,
            book=book,
            path=about.path,
            title=about.title,
            place=about.place,
            operation=about.operation,
            code=about.code,
            message=about.message,
            topic=topic,
            theme=theme,
            opened_by=access.user,
            opener=display_name(access),
            opened_at=trail.at,
        )
        thread.save()
        trail.created(thread, action="help.opened", submission=submission)
        _write(trail, access, thread, said)
        letters.tell_association(thread, "asked")
        return thread


def write_message(*, access: Access, thread: Thread, said: Said, submission: uuid.UUID) -> Message:
    """Answer in a thread; one that was settled is open again. Raises AlreadySubmitted, Refused where a document is not the coop's."""
    _refuse_readers(access)
    with writing(access.coop.chain, access.author, submission) as trail:
        _refuse_document(access, said.document)
        thread = _current(thread)
        message = _write(trail, access, thread, said, submission)
        if thread.closed_at is not None:
            _mark(trail, thread, closed=False)
        if access.from_afar:
            letters.tell_coop(thread, message)
        else:
            letters.tell_association(thread, "written")
        return message


def settle_thread(*, access: Access, thread: Thread, settled: bool) -> None:
    """Say that a question is settled, or is not; once it is so, saying it again changes nothing."""
    _refuse_readers(access)
    with writing(access.coop.chain, access.author) as trail:
        thread = _current(thread)
        if (thread.closed_at is not None) != settled:
            _mark(trail, thread, closed=settled)


def see_thread(*, access: Access, thread: Thread) -> None:
    """Keep how far somebody has read a thread: plumbing, no part of the evidence."""
    last = Message.objects.filter(thread=thread).order_by("-pk").values_list("pk", flat=True).first()
    if last is not None and not access.by_merger:
        seen = {"name": display_name(access), "message": last, "at": timezone.now()}
        ThreadSight.objects.update_or_create(thread=thread, user=access.user, from_afar=access.from_afar, defaults=seen)


def acknowledge_visits(*, access: Access, sequence: int) -> None:
    """Keep that a coop has seen what was changed from afar, as far as a place of its chain; never further than the chain goes."""
    if access.from_afar or access.by_merger:
        raise Refused(NOT_YOURS)
    mark, _ = VisitMark.objects.get_or_create(coop=access.coop)
    mark.seen = max(mark.seen, min(sequence, access.coop.told_sequence))
    mark.save(update_fields=["seen"])


def keep_answer(  # noqa: PLR0913 -- what an answer is made of, all named
    *, author: Author, association: DepartmentalAssociation | None, key: int | None, title: str, text: str, submission: uuid.UUID
) -> CannedAnswer:
    """Keep an answer ready, a new one where no key is given. Raises AlreadySubmitted, Refused where it is gone."""
    chain = association.chain if association else FEDERATION_CHAIN
    with writing(chain, author, submission) as trail:
        answer = CannedAnswer(association=association) if key is None else _answer(association, key)
        before = None if key is None else answer.snapshot()
        answer.title, answer.text = title, text
        answer.save()
        if before is None:
            trail.created(answer, action="help.answer_kept", submission=submission)
        elif before != answer.snapshot():
            trail.changed(answer, before, action="help.answer_changed", submission=submission)
        return answer


def remove_answer(*, author: Author, association: DepartmentalAssociation | None, key: int) -> None:
    """Remove an answer kept ready; what was written with it stays as it is. Raises Refused where it is gone."""
    with writing(association.chain if association else FEDERATION_CHAIN, author) as trail:
        answer = _answer(association, key)
        subject, before = answer.subject, answer.snapshot()
        answer.delete()
        trail.deleted(subject, before, action="help.answer_removed")


def _answer(association: DepartmentalAssociation | None, key: int) -> CannedAnswer:
    found = CannedAnswer.objects.filter(association=association, pk=key).first()
    if found is None:
        raise Refused("Cette réponse a été supprimée entre-temps.")
    return found


def _current(thread: Thread) -> Thread:
    """Return a thread as it is now that the coop's chain is ours, with the coop and the book at hand."""
    current = Thread.objects.get(pk=thread.pk)
    current.coop, current.book = thread.coop, thread.book
    return current


def _write(trail: Trail, access: Access, thread: Thread, said: Said, submission: uuid.UUID | None = None) -> Message:
    message = Message(
        coop=access.coop,
        book_id=thread.book_id,
        thread=thread,
        author=access.user,
        name=display_name(access),
        role=access.role,
        from_afar=access.from_afar,
        text=said.text,
        document_id=said.document,
        at=trail.at,
    )
    message.save()
    trail.created(message, action="help.written", submission=submission)
    see_thread(access=access, thread=thread)
    return message


def _mark(trail: Trail, thread: Thread, *, closed: bool) -> None:
    before = thread.snapshot()
    thread.closed_at = trail.at if closed else None
    thread.save(update_fields=["closed_at"])
    trail.changed(thread, before, action="help.closed" if closed else "help.reopened")


def _refuse_readers(access: Access) -> None:
    if access.by_merger:
        raise Refused(NOT_YOURS)


def _refuse_document(access: Access, document: int | None) -> None:
    if document is not None and not Document.objects.filter(coop=access.coop, pk=document).exists():
        raise Refused(NO_DOCUMENT)
