"""Questions of the demonstration's coops, and what their AD answers: one to read, one that waits, one that is settled."""

from __future__ import annotations

import uuid
from typing import Final

from retkoop.assistance.about import About, about_asked
from retkoop.assistance.models import CannedAnswer, Theme, Thread
from retkoop.assistance.services import Said, keep_answer, open_thread, settle_thread, write_message
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.queries import books_of
from retkoop.network.access import Access, open_coop
from retkoop.network.models import DepartmentalAssociation
from retkoop.users.models import User

FROM_ALL: Final = (
    (
        "Dépôt d’espèces à la banque",
        "Un dépôt est un virement interne : une seule ligne, onglet « Banque ↔ caisse ». Rien ne s’ajoute aux recettes.",
    ),
    (
        "Écart de rapprochement",
        "Reprenez le relevé ligne par ligne et cochez ce qui s’y trouve : « D’où vient l’écart ? » propose ce qui l’explique.",
    ),
)
OWN: Final = (
    "Justificatif perdu",
    "Ouvrez l’opération, puis « Il est perdu » : l’attestation sur l’honneur se prépare toute seule. Faites-la signer et joignez-la.",
)


def ask_some(association: DepartmentalAssociation, helper: User) -> None:
    """Have three coops ask, once."""
    if Thread.objects.exists():
        return
    for title, text in FROM_ALL:
        _keep(None, title, text)
    _keep(association, *OWN)
    deposit = _ask(
        "0919001A", "cahier", "Cahier de comptabilité", Theme.ENTRY, "Je dépose à la banque la caisse de la kermesse. Faut-il deux lignes ?"
    )
    if deposit:
        _write(open_coop(helper, "0919001A"), deposit, "Non : une seule, avec l’onglet « Banque ↔ caisse ». Rien ne s’ajoute aux recettes.")
    _ask("0919006F", "findings", "À corriger", Theme.CASH, "La caisse serait négative en mars, je ne comprends pas pourquoi.")
    settled = _ask("0919003C", "documents", "Documents", Theme.EVIDENCE, "Puis-je joindre la photo d’un ticket à moitié effacé ?")
    if settled:
        access = open_coop(helper, "0919003C")
        _write(access, settled, "Oui, avec un mot qui dit ce que c’était.")
        settle_thread(access=open_coop(settled.opened_by, "0919003C"), thread=settled, settled=True)


def _keep(association: DepartmentalAssociation | None, title: str, text: str) -> None:
    if not CannedAnswer.objects.filter(association=association, title=title).exists():
        keep_answer(author=SYSTEM, association=association, key=None, title=title, text=text, submission=uuid.uuid4())


def _ask(rne: str, place: str, title: str, theme: Theme, text: str) -> Thread | None:
    """Ask as the coop, on a page of its latest year; of the gravest finding, where it is on « À corriger »."""
    user = User.objects.filter(username=rne).first()
    access = open_coop(user, rne) if user else None
    book = next((one for one in books_of(access.coop) if one.operation_count), None) if access else None
    if access is None or book is None:
        return None
    about = _about(access, book, place, title)
    topic = about.topic or text.partition(".")[0]
    return open_thread(access=access, book=book, about=about, topic=topic, theme=theme, said=Said(text), submission=uuid.uuid4())


def _about(access: Access, book: Book, place: str, title: str) -> About:
    page = CoopPage(access, book, (book,), book.year.last_day)
    asked = {"adresse": page.url(place), "titre": title}
    gravest = page.findings.gravest[0] if place == "findings" and page.findings.gravest else None
    if gravest:
        asked |= {"controle": gravest.code, "operation": str(gravest.operation_id or "")}
    return about_asked(page, asked)


def _write(access: Access, thread: Thread, text: str) -> None:
    write_message(access=access, thread=thread, said=Said(text), submission=uuid.uuid4())
