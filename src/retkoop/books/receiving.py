"""Files that a person sends at once: each is kept or refused by itself, and told by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from retkoop.archive.cleaning import RefusedFile
from retkoop.archive.models import Document, DocumentKind
from retkoop.archive.reception import limits_for, received
from retkoop.archive.services import Sent
from retkoop.archive.storage import NoRoom
from retkoop.books.documents import documents_of
from retkoop.books.models import Book
from retkoop.books.vouchers import receive_document
from retkoop.books.writable import Refused
from retkoop.network.access import Access
from retkoop.ui.templates import plural

_SEALED: Final = "retkoop.books.receiving"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the files: the documents that are kept, and the refusals as (name, reason)."""

    kept: tuple[Document, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def new(self) -> list[Document]:
        return [document for document in self.kept if not document.was_there]

    @property
    def known(self) -> list[Document]:
        """The documents that the year held already."""
        return [document for document in self.kept if document.was_there]

    @property
    def said(self) -> str:
        """What is kept, in a sentence or two; "" where nothing is."""
        new, known = self.new, self.known
        received = _named("Reçu", new) if len(new) < 4 else f"{plural(len(new), 'document reçu', 'documents reçus')}."
        there = _named("Déjà là, gardé une seule fois", known) if len(known) < 4 else f"{len(known)} fichiers étaient déjà là."
        return " ".join(filter(None, (received, there)))

    @property
    def refusals(self) -> list[str]:
        return [f"«\u00a0{name}\u00a0» n’a pas été gardé. {reason}" for name, reason in self.refused]

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.kept + other.kept, self.refused + other.refused)

    def as_json(self) -> dict[str, str]:
        """Return what a page that sends its files one by one brings back with its last request, for `told_before`.

        It is sealed: no one has the title of a document told to them that they have not sent.
        """
        kept = [(document.pk, document.was_there) for document in self.kept]
        return {"told": signing.dumps((kept, self.refused), salt=_SEALED)}


def told_before(book: Book, sealed: str) -> Outcome:
    """Return what became of the files that a page has sent one by one, of which it brings back the answers (`as_json`)."""
    answers = list(_unsealed(sealed))
    documents = documents_of(book).in_bulk([key for kept, _ in answers for key, _ in kept]) if answers else {}
    found = []
    for key, was_there in (one for kept, _ in answers for one in kept if one[0] in documents):
        document = copy(documents[key])
        document.was_there = was_there
        found.append(document)
    return Outcome(tuple(found), tuple((name, reason) for _, refused in answers for name, reason in refused))


def _unsealed(sealed: str) -> Iterator[tuple[list[tuple[int, bool]], list[tuple[str, str]]]]:
    for one in sealed.split():
        with suppress(signing.BadSignature):
            yield signing.loads(one, salt=_SEALED)


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
