"""How made-up coops end a year: their CRA told, their accounts signed and sent, what their AD decides.

By the verbs of each room, so that what an AD reads is what a coop would have sent: the sealed report, the last statement.
"""

from __future__ import annotations

import uuid
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import typst

from retkoop.archive.cleaning import Cleaned
from retkoop.archive.models import DocumentKind
from retkoop.archive.services import Sent
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.queries import books_of
from retkoop.books.vouchers import receive_document
from retkoop.domain.closing import ClosingState, VerifierQuality
from retkoop.domain.questionnaire import read_questionnaire
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access, AssociationAccess
from retkoop.network.models import Mandate
from retkoop.ui.days import format_full
from retkoop.year_end.closing.preparation import Preparation
from retkoop.year_end.closing.services import Reviewing, accept, call_to_sign, close, explain, send_back
from retkoop.year_end.cra.services import Given, answer, finish
from retkoop.year_end.models import Verifier
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
WORD: Final = "Nous l’avons vu, et en avons parlé au conseil de coopérative."
REASON: Final = "Le relevé du 31 août est illisible\u202f: joignez-en une copie, puis transmettez à nouveau."


def tell_activities(*, access: Access, book: Book) -> None:
    """Fill in the CRA of a year, and finish it."""
    answer(access=access, book=book, answers={key: Given(value) for key, value in ACTIVITIES.items()})
    finish(access=access, book=book)


def join_statement(*, access: Access, book: Book) -> None:
    """Put a last statement among the documents of a year: made here, it has nothing to be cleaned of."""
    day = SchoolYear(book.start).last_day
    content = typst.compile(f"= Relevé de compte\nCoopérative {access.coop.rne}, arrêté au {format_full(day)}".encode(), format="pdf")
    digest = sha256(content).hexdigest()
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        cleaned = Cleaned(Path(file.name), "application/pdf", source_digest=digest, digest=digest, size=len(content), pages=1, text="")
        sent = Sent(DocumentKind.STATEMENT, "releve-aout.pdf", "Relevé d’août", day)
        receive_document(access=access, book=book, cleaned=cleaned, sent=sent)


def explain_alertes(*, access: Access, book: Book, today: date) -> None:
    """Say a word of each alerte of a year: which ones there are depends on the day."""
    books = tuple(books_of(access.coop))
    kept = next(one for one in books if one.pk == book.pk)
    for one in Preparation(CoopPage(access, kept, books, today)).alertes:
        explain(access=access, book=kept, code=one.told.code, operation=one.operation, message=one.told.message, text=WORD)


def sign(*, access: Access, book: Book, today: date) -> None:
    """Call to sign a year, and have its vérificateurs and its mandataires sign."""
    call_to_sign(access=access, book=book, today=today)
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


def decide(*, access: AssociationAccess, book: Book, state: ClosingState) -> None:
    """Have the AD decide of a year that was sent, up to a state."""
    reviewing = Reviewing(access, book.coop, book)
    if state is ClosingState.TO_CORRECT:
        send_back(reviewing=reviewing, reason=REASON)
    if state in {ClosingState.ACCEPTED, ClosingState.CLOSED}:
        accept(reviewing=reviewing)
    if state is ClosingState.CLOSED:
        close(reviewing=reviewing)
