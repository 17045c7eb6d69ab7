"""Handovers on their way, and coops that end."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.domain.handover import HandoverItem
from retkoop.network.access import Access, AssociationAccess, open_association
from retkoop.network.models import Mandate, RoleKind
from retkoop.network.services import give_mandate
from retkoop.users.models import User
from retkoop.year_end.handover.models import Handover
from retkoop.year_end.handover.services import INCOMING, LEAVING, Filled, Plan, fill_handover, plan_handover, sign_handover
from tests.cast import make_staff

LAST_DAY: Final = date(2026, 8, 31)
LEAVER: Final = "Mme Perrin"
SUCCESSOR: Final = "Camille Durand"
ALL: Final = {item.value: "done" for item in HandoverItem}
FILLED: Final = Filled(ALL, 21_50, "La clé de la caisse est au secrétariat.")


def mandate_of(access: Access, holder: str = LEAVER, start: date = date(2025, 9, 1), **more: Any) -> Mandate:  # noqa: ANN401 -- as give_mandate takes them
    return give_mandate(author=SYSTEM, coop=access.coop, holder=holder, start=start, **more)


def planned(access: Access, book: Book, mandate: Mandate | None = None, **more: Any) -> Handover:  # noqa: ANN401 -- the facts of a plan
    given = {"leaving": (mandate or mandate_of(access)).pk, "day": LAST_DAY, "incoming_name": SUCCESSOR, **more}
    return plan_handover(access=access, book=book, plan=Plan(**given), submission=uuid.uuid4())


def filled(access: Access, book: Book, row: Handover | None = None, **more: Any) -> Handover:  # noqa: ANN401 -- idem
    row = row or planned(access, book, **more)
    return fill_handover(access=access, book=book, key=row.pk, version=row.version, filled=FILLED)


def signed(access: Access, book: Book, row: Handover, *sides: str) -> Handover:
    names = {LEAVING: row.leaving.holder, INCOMING: row.incoming_name}
    for side in sides or (LEAVING, INCOMING):
        row = sign_handover(access=access, book=book, key=row.pk, side=side, name=names[side])
    return row


def administrateur(department: str = "91") -> AssociationAccess:
    username = f"administrateur{department}"
    user = User.objects.filter(username=username).first() or make_staff(username, RoleKind.ADMINISTRATEUR, department)
    return open_association(user, department, to_administer=True)
