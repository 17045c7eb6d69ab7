"""Years that wait for signatures, people who verify them, and what their tokens open."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from retkoop.audit.services import SYSTEM, writing
from retkoop.books.models import Book
from retkoop.domain.closing import ClosingState, VerifierQuality
from retkoop.domain.questionnaire import read_questionnaire
from retkoop.network.access import Access
from retkoop.network.models import Mandate
from retkoop.network.services import give_mandate
from retkoop.year_end.models import Signature, SigningWay, Verifier, YearClosing
from retkoop.year_end.verifiers.codes import new_code
from retkoop.year_end.verifiers.grid import grid_for
from retkoop.year_end.verifiers.invitations import Invited, invite
from retkoop.year_end.verifiers.signing import Filled, seen_of, sign_as_mandataire, sign_as_teacher, sign_as_verifier
from retkoop.year_end.verifiers.tokens import token_of, verifier_of

SEED: Final = "5a17c0ffee"
PARENT: Final = Invited("Inès Moreau", VerifierQuality.PARENT, "ines@exemple.fr")
OTHER: Final = Invited("Paul Girard", VerifierQuality.OTHER)


def in_state(book: Book, state: ClosingState, *, seed: str = SEED) -> YearClosing:
    """Put the closing of a book in a state, whatever way leads there."""
    with writing(book.coop.chain, SYSTEM) as trail:
        closing = YearClosing.objects.filter(book=book).first()
        before = closing.snapshot() if closing else None
        closing = closing or YearClosing(coop=book.coop, book=book)
        closing.state, closing.sample_seed, closing.called_at = state, seed, trail.at
        closing.save()
        if before is None:
            trail.created(closing, action="closing.called")
        else:
            trail.changed(closing, before, action="closing.called")
    return closing


def mandate(access: Access, holder: str = "Mme Perrin", start: date = date(2025, 9, 1)) -> Mandate:
    return give_mandate(author=SYSTEM, coop=access.coop, holder=holder, start=start)


def invited(access: Access, book: Book, who: Invited = PARENT) -> Verifier:
    row = invite(access=access, book=book, invited=who, submission=uuid.uuid4())
    return opened(row)


def opened(row: Verifier) -> Verifier:
    """Return a vérificateur as their token opens them."""
    found = verifier_of(token_of(row))
    assert found is not None
    return found


def answered(book: Book, filled: Filled | None = None, answers: Mapping[str, str] | None = None) -> Filled:
    """Return what a vérificateur says, with « Oui » to each question of the grid that they answer in no other way."""
    version = grid_for(book)
    usual = {question.key: "Oui" for question in read_questionnaire(version.content).questions}
    return replace(filled or Filled(), answers={**usual, **(answers or {})}, grid=version.pk)


def signed(verifier: Verifier, filled: Filled | None = None, *, by_hand: bool = False) -> Signature:
    code = new_code(verifier, by_hand=by_hand)
    token, seen = token_of(verifier), seen_of(verifier.book)
    filled = filled if filled is not None and filled.grid else answered(verifier.book, filled)
    return sign_as_verifier(verifier=verifier, token=token, filled=filled, code=code, seen=seen)


def all_signed(access: Access, book: Book) -> None:
    """Have two vérificateurs, the mandataire and a teacher sign a year."""
    row = mandate(access)
    in_state(book, ClosingState.SIGNING)
    signed(invited(access, book), Filled(comment="Comptes très clairs.", reserves="Il manque le ticket D12."))
    signed(invited(access, book, OTHER), by_hand=True)
    sign_as_mandataire(access=access, book=book, mandate=row.pk, seen=seen_of(book))
    sign_as_teacher(book=book, name="Léo Petit", author=access.author, way=SigningWay.ACCOUNT, seen=seen_of(book))


def letters() -> list[EmailMessage]:
    """Run what waits in the queue, and return the letters that left, the oldest first."""
    for waiting in DBTaskResult.objects.ready().order_by("enqueued_at"):
        waiting.task.func(*waiting.args_kwargs["args"], **waiting.args_kwargs["kwargs"])
        waiting.delete()
    return list(mail.outbox)


def code_in(letter: EmailMessage) -> str:
    found = re.search(r"\b\d{6}\b", str(letter.body))
    assert found is not None
    return found[0]


def telephone() -> Client:
    """A browser on which nobody is logged in; it minds forged forms."""
    return Client(enforce_csrf_checks=True)


def today() -> date:
    return timezone.localdate()
