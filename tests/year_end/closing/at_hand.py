"""A year on its way from the coop to its AD."""

from __future__ import annotations

from datetime import date
from typing import Final

from retkoop.archive.models import DocumentKind
from retkoop.audit.services import SYSTEM, writing
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.queries import books_of
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access, AssociationAccess
from retkoop.network.models import DepartmentalAssociation, RoleKind
from retkoop.network.services import give_staff_role
from retkoop.users.models import User
from retkoop.users.services import create_account
from retkoop.year_end.closing.preparation import Preparation
from retkoop.year_end.closing.services import (
    Reviewing,
    accept,
    call_to_sign,
    explain,
    rule_entry,
    send,
    send_back,
    write_remark,
)
from retkoop.year_end.models import YearClosing
from retkoop.year_end.seal.services import seal
from retkoop.year_end.verifiers.queries import verifiers_of
from retkoop.year_end.verifiers.signing import seen_of, sign_as_mandataire
from tests.archive.sent import picture_bytes, receive
from tests.year_end.cra.at_hand import finish_cra
from tests.year_end.verifiers.at_hand import OTHER, in_state, invited, mandate, opened, signed

AFTER: Final = date(2026, 9, 10)


def page_of(access: Access, book: Book, today: date = AFTER) -> CoopPage:
    books = tuple(books_of(access.coop))
    return CoopPage(access, next(one for one in books if one.pk == book.pk), books, today)


def ready(access: Access, book: Book) -> None:
    """Join the statement of 31 August, finish the CRA, and explain each alerte."""
    finish_cra(access, book)
    receive(access, book, picture_bytes("navy"), name="releve.png", kind=DocumentKind.STATEMENT, day=date(2026, 8, 31))
    for one in Preparation(page_of(access, book)).alertes:
        explain(access=access, book=book, code=one.told.code, operation=one.operation, message=one.told.message, text="C’est normal.")


def called(access: Access, book: Book) -> YearClosing:
    ready(access, book)
    row = mandate(access)
    assert row.holder == "Mme Perrin"
    return call_to_sign(access=access, book=book, today=AFTER)


def all_sign(access: Access, book: Book) -> None:
    invitations = [opened(row) for row in verifiers_of(book)] or [invited(access, book), invited(access, book, OTHER)]
    signed(invitations[0])
    signed(invitations[1], by_hand=True)
    sign_as_mandataire(access=access, book=book, mandate=access.coop.mandates.get().pk, seen=seen_of(book))


def sent(access: Access, book: Book) -> YearClosing:
    called(access, book)
    all_sign(access, book)
    return send(access=access, book=book, today=AFTER)


def reviewing(access: Access, book: Book, kind: RoleKind = RoleKind.COMPTABLE, username: str = "comptable91") -> Reviewing:
    """Somebody of the AD before the year of a coop."""
    association = DepartmentalAssociation.objects.get(pk=access.coop.association_id)
    user = User.objects.filter(username=username).first()
    if user is None:
        user = create_account(author=SYSTEM, username=username, name="Mme Blanc", family=User.Family.STAFF)
        give_staff_role(author=SYSTEM, user=user, kind=kind, start=date(2025, 9, 1), association=association)
    return Reviewing(AssociationAccess(user, kind, association), access.coop, book)


def in_review(access: Access, book: Book) -> None:
    """Put a year through all that can be done to it, whatever it still waits for: each table of a closing then holds two rows."""
    mandate(access)
    in_state(book, ClosingState.SIGNING)
    all_sign(access, book)
    who = reviewing(access, book)
    for number in (1, 2):
        with writing(access.coop.chain, access.author) as trail:
            closing = YearClosing.objects.get(book=book)
            closing.book, closing.round = book, number
            seal(trail, page_of(access, book), closing)
    in_state(book, ClosingState.SENT)
    for line in ("bilan", "caisse"):
        write_remark(reviewing=who, line=line, line_label=line.capitalize(), text="À revoir.")
    send_back(reviewing=who, reason="Deux remarques.")
    in_state(book, ClosingState.SENT)
    accept(reviewing=who)
    for until in (None, date(2026, 12, 31)):
        rule_entry(
            access=who.access, coop=access.coop, start=book.start, blocked=until is None, until=until, reason="Le 30 septembre est passé."
        )
