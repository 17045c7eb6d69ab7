"""Questions and answers at hand."""

from __future__ import annotations

import uuid

from retkoop.assistance.about import About
from retkoop.assistance.models import CannedAnswer, Message, Theme, Thread
from retkoop.assistance.services import Said, keep_answer, open_thread, write_message
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.network.access import Access, open_coop
from retkoop.network.models import DepartmentalAssociation, RoleKind
from tests.cast import make_staff

NOTHING = About()


def asked(
    access: Access, book: Book, text: str = "Comment faire ?", about: About = NOTHING, topic: str = "Le dépôt", theme: Theme = Theme.ENTRY
) -> Thread:
    said = Said(text)
    return open_thread(access=access, book=book, about=about, topic=topic, theme=theme, said=said, submission=uuid.uuid4())


def wrote(access: Access, thread: Thread, text: str = "Une seule ligne.", document: int | None = None) -> Message:
    return write_message(access=access, thread=thread, said=Said(text, document), submission=uuid.uuid4())


def helper(rne: str, kind: RoleKind = RoleKind.ANIMATEUR, username: str = "julie") -> Access:
    """Return the access of somebody of the AD to a coop."""
    return open_coop(make_staff(username, kind), rne)


def kept_answer(association: DepartmentalAssociation | None, title: str = "Dépôt") -> CannedAnswer:
    given = {"title": title, "text": "Notez un virement interne."}
    return keep_answer(author=SYSTEM, association=association, key=None, submission=uuid.uuid4(), **given)
