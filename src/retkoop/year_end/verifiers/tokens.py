"""The address of a vérificateur's page, and that of the émargement: signed, so that none can be guessed.

A vérificateur's token names a row and its nonce: a new nonce, and the old address shows nothing. That of the émargement names a
book and the moment of its call to sign: another call, and the old sheet of paper shows nothing.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from retkoop.books.models import Book
from retkoop.domain.closing import ClosingState
from retkoop.users.links import public_address
from retkoop.year_end.models import Verifier, YearClosing

_VERIFIER: Final = signing.Signer(salt="retkoop.year_end.verifier")
_TEACHERS: Final = signing.Signer(salt="retkoop.year_end.emargement")
OPEN_STATES: Final = frozenset({ClosingState.PREPARING, ClosingState.SIGNING, ClosingState.TO_CORRECT})
"""The states in which a vérificateur's page can be read; signing waits for SIGNING."""


def new_nonce() -> str:
    return secrets.token_urlsafe(12)


def token_of(verifier: Verifier) -> str:
    """Return the token of an invitation, as it stands in an address."""
    return _VERIFIER.sign(f"{verifier.pk}.{verifier.nonce}")


def verifier_of(token: str) -> Verifier | None:
    """Return whom a token lets in today, with their book and coop; None for any token that opens nothing, and why is not told.

    Those of a closed coop open nothing any more.
    """
    try:
        key, _, nonce = _VERIFIER.unsign(token).partition(".")
    except signing.BadSignature:
        return None
    rows = Verifier.objects.select_related("book__coop__association")
    row = rows.filter(pk=key, nonce=nonce, ended_at=None, until__gte=timezone.localdate(), book__coop__closed_on=None).first()
    if row is not None:
        row.coop = row.book.coop
    return row


def teachers_token(closing: YearClosing) -> str:
    """Return the token of the émargement of a year that waits for signatures."""
    return _TEACHERS.sign(f"{closing.book_id}.{_call_of(closing)}")


def book_to_sign(token: str) -> Book | None:
    """Return the book whose émargement a token opens; None for any that opens none."""
    try:
        key, _, call = _TEACHERS.unsign(token).partition(".")
    except signing.BadSignature:
        return None
    rows = YearClosing.objects.select_related("book__coop__association").filter(state=ClosingState.SIGNING, coop__closed_on=None)
    closing = rows.filter(book=int(key)).first()
    return closing.book if closing is not None and str(_call_of(closing)) == call else None


def _call_of(closing: YearClosing) -> int:
    return int(closing.called_at.timestamp()) if closing.called_at else 0


def address_of(verifier: Verifier) -> str:
    """Return the whole address of a vérificateur's page."""
    return public_address(reverse("verifier", kwargs={"token": token_of(verifier)}))


def teachers_address(closing: YearClosing) -> str:
    return public_address(reverse("emargement", kwargs={"token": teachers_token(closing)}))
