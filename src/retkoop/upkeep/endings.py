"""How made-up coops end a year: their CRA told, their accounts signed and sent, what their AD decides.

All but the sending goes through the verbs of its room: a sealed report takes longer than a whole cahier.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from retkoop.audit.services import SYSTEM, writing
from retkoop.books.models import Book
from retkoop.domain.closing import ClosingState, VerifierQuality
from retkoop.domain.questionnaire import read_questionnaire
from retkoop.network.access import Access, AssociationAccess
from retkoop.network.models import Mandate
from retkoop.year_end.closing.services import Reviewing, accept, close, send_back
from retkoop.year_end.cra.services import Given, answer, finish
from retkoop.year_end.models import Verifier, YearClosing
from retkoop.year_end.verifiers.codes import new_code
from retkoop.year_end.verifiers.grid import grid_for
from retkoop.year_end.verifiers.invitations import Invited, invite
from retkoop.year_end.verifiers.signing import Filled, seen_of, sign_as_mandataire, sign_as_verifier
from retkoop.year_end.verifiers.tokens import token_of, verifier_of

VERIFIERS: Final = (Invited("Inès Moreau", VerifierQuality.PARENT), Invited("Paul Girard", VerifierQuality.OTHER))
ACTIVITIES: Final[dict[str, Any]] = {
    "classes": 6,
    "eleves": 148,
    "adultes": 9,
    "conseil_reuni": "Oui",
    "projets": [{"projet": "Sortie au musée", "classes": "CM1, CM2", "depenses": 138_00}],
}
REASON: Final = "Le relevé du 31 août est illisible\u202f: joignez-en une copie, puis transmettez à nouveau."


def tell_activities(*, access: Access, book: Book) -> None:
    """Fill in the CRA of a year, and finish it."""
    answer(access=access, book=book, answers={key: Given(value) for key, value in ACTIVITIES.items()})
    finish(access=access, book=book)


def sign(*, access: Access, book: Book) -> None:
    """Call to sign a year, and have its vérificateurs and its mandataires sign."""
    _pass(book=book, state=ClosingState.SIGNING)
    for invited in VERIFIERS:
        _sign_as(invite(access=access, book=book, invited=invited, submission=uuid.uuid4()), book)
    for mandate in Mandate.objects.filter(coop=access.coop):
        sign_as_mandataire(access=access, book=book, mandate=mandate.pk, seen=seen_of(book))


def _sign_as(verifier: Verifier, book: Book) -> None:
    token, grid = token_of(verifier), grid_for(book)
    opened = verifier_of(token)
    if opened is not None:
        answers = {question.key: "Oui" for question in read_questionnaire(grid.content).questions}
        code = new_code(opened, by_hand=True)
        sign_as_verifier(verifier=opened, token=token, filled=Filled(answers, grid.pk), code=code, seen=seen_of(book))


def send_signed(*, book: Book) -> None:
    """Put the closing of a signed year where it is sent."""
    _pass(book=book, state=ClosingState.SENT)


def _pass(*, book: Book, state: ClosingState) -> None:
    with writing(book.coop.chain, SYSTEM) as trail:
        row = YearClosing.objects.filter(book=book).first()
        closing, before = row or YearClosing(coop=book.coop, book=book), row.snapshot() if row else None
        closing.state = state
        closing.called_at, closing.sample_seed = closing.called_at or trail.at, closing.sample_seed or "5a17c0ffee"
        closing.sent_at = trail.at if state is ClosingState.SENT else None
        closing.save()
        if before is None:
            trail.created(closing, action="closing.called")
        else:
            trail.changed(closing, before, action="closing.sent")


def decide(*, access: AssociationAccess, book: Book, state: ClosingState) -> None:
    """Have the AD decide of a year that was sent, up to a state."""
    reviewing = Reviewing(access, book.coop, book)
    if state is ClosingState.TO_CORRECT:
        send_back(reviewing=reviewing, reason=REASON)
    if state in {ClosingState.ACCEPTED, ClosingState.CLOSED}:
        accept(reviewing=reviewing)
    if state is ClosingState.CLOSED:
        close(reviewing=reviewing)
