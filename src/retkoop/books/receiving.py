"""Files that a person sends at once: each is kept or refused by itself, and told by its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile

from retkoop.archive.cleaning import RefusedFile
from retkoop.archive.models import Document, DocumentKind
from retkoop.archive.reception import limits_for, received
from retkoop.archive.services import Sent
from retkoop.archive.storage import NoRoom
from retkoop.books.models import Book
from retkoop.books.vouchers import receive_document
from retkoop.books.writable import Refused
from retkoop.network.access import Access
from retkoop.ui.templates import plural


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the files: the documents that are kept, and the refusals as (name, reason)."""

    kept: tuple[Document, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> str:
        """What is kept, in a sentence or two; "" where nothing is."""
        new = [document for document in self.kept if not document.was_there]
        known = [document for document in self.kept if document.was_there]
        received = _named("Reçu", new) if len(new) < 4 else f"{plural(len(new), 'document reçu', 'documents reçus')}."
        there = _named("Déjà là, gardé une seule fois", known) if len(known) < 4 else f"{len(known)} fichiers étaient déjà là."
        return " ".join(filter(None, (received, there)))

    @property
    def refusals(self) -> list[str]:
        return [f"«\u00a0{name}\u00a0» n’a pas été gardé. {reason}" for name, reason in self.refused]

    def as_json(self) -> dict[str, object]:
        """Return what a page that sends its files one by one needs to tell, at the end, what became of them all."""
        return {"kept": len(self.kept), "said": self.said, "refused": self.refusals}


def _named(said: str, documents: Sequence[Document]) -> str:
    names = ", ".join(f"«\u00a0{document.label}\u00a0»" for document in documents)
    return f"{said}\u202f: {names}." if names else ""


NOTHING_SENT = "Choisissez d’abord un fichier\u202f: une photo ou un PDF."


def receive_files(  # noqa: PLR0913 -- who, where, which files, what they are, for which operation
    *,
    access: Access,
    book: Book,
    files: Iterable[UploadedFile[bytes]],
    kind: DocumentKind = DocumentKind.VOUCHER,
    day: date | None = None,
    operation: int | None = None,
) -> Outcome:
    """Keep the files that can be kept, each in a transaction of its own: one that is refused takes no other with it."""
    limits = limits_for(access.coop, book.year)
    kept, refused = [], []
    for file in files:
        name = file.name or "document"
        try:
            with received(file, limits) as clean:
                sent = Sent(kind, name, date=day)
                kept.append(receive_document(access=access, book=book, cleaned=clean, sent=sent, operation=operation))
        except (RefusedFile, NoRoom, Refused) as refusal:
            refused.append((name, str(refusal)))
    return Outcome(tuple(kept), tuple(refused))
