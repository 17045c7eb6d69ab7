"""Letters about a closing, to the coop or to its AD."""

from __future__ import annotations

from django.conf import settings

from retkoop.mailing.services import queue_letter
from retkoop.network.models import RoleKind
from retkoop.network.queries import staff_of
from retkoop.year_end.models import YearClosing


def tell_coop(closing: YearClosing, letter: str, **more: object) -> None:
    """Queue a letter to the official address of a coop; nothing where it has none, or no mail can leave."""
    coop = closing.book.coop
    _queue(closing, letter, [coop.email], f"/coop/{coop.rne}/{closing.book.year}/cloture/", more)


def tell_association(closing: YearClosing, letter: str) -> None:
    """Queue a letter to those of the AD who decide."""
    coop, association = closing.book.coop, closing.book.coop.association
    decide = [role.user.email for role in staff_of(association) if role.kind in (RoleKind.COMPTABLE, RoleKind.ADMINISTRATEUR)]
    _queue(closing, letter, decide, f"/ad/{association.department}/revue/{coop.rne}/{closing.book.year}/", {})


def _queue(closing: YearClosing, letter: str, addresses: list[str], path: str, more: dict[str, object]) -> None:
    context = {"closing": closing, "book": closing.book, "coop": closing.book.coop, "address": f"{settings.PUBLIC_URL}{path}", **more}
    queue_letter(template=f"year_end/closing/mail/{letter}.txt", context=context, addresses=addresses, chain=closing.book.coop.chain)
