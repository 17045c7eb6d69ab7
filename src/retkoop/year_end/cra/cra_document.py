"""The CRA as a document: what `cra_part.typ` lays out, every answer already in French."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

from retkoop.archive.cleaning import RefusedFile
from retkoop.archive.models import Document
from retkoop.archive.pictures import READING, picture_of
from retkoop.books.models import Book
from retkoop.domain.answers import is_answered
from retkoop.domain.questionnaire import Question, QuestionKind, Section
from retkoop.ui.days import format_long
from retkoop.ui.paper.document import pdf
from retkoop.ui.templates import plural
from retkoop.year_end.cra.queries import Cra, cra_of
from retkoop.year_end.cra.step import photos_of
from retkoop.year_end.cra.words import cells_of, told

TEMPLATE: Final = Path(__file__).with_name("cra.typ")
DRAFT: Final = "Projet\u202f: ce compte rendu d’activités n’est pas terminé. Ses réponses peuvent encore changer."
FIGURES: Final = frozenset({QuestionKind.NUMBER, QuestionKind.AMOUNT})


def cra_pdf(book: Book, day: date) -> bytes:
    """Return the CRA of a book as a PDF: a draft, until it is finished."""
    return pdf(TEMPLATE, cra_data(book, day), day)


def file_name(book: Book) -> str:
    """Return the name under which people keep the document: `CRA-0910000A-2025-2026.pdf`."""
    return f"CRA-{book.coop.rne}-{book.year}.pdf"


def cra_data(book: Book, day: date) -> dict[str, object]:
    """Return what `cra_part.typ` lays out."""
    cra, coop = cra_of(book), book.coop
    heading = f"{cra.questionnaire.title} {book.year}"
    identity = (f"RNE {coop.rne}", coop.commune, f"exercice du 1er septembre {book.start} au 31 août {book.start + 1}")
    return {
        "title": f"{heading}, {coop.name} ({coop.rne})",
        "heading": heading,
        "running": f"{heading} · {coop.name} · {coop.rne}",
        "association": str(coop.association),
        "coop": coop.name,
        "rne": coop.rne,
        "year": str(book.year),
        "identity": " · ".join(filter(None, identity)),
        "draft": not cra.finished,
        "warning": "" if cra.finished else DRAFT,
        "made": f"Édité avec Retkoop le {format_long(day)}",
        "sections": [told for section in cra.questionnaire.sections if (told := _section(cra, section))["answers"]],
    }


def _section(cra: Cra, section: Section) -> dict[str, object]:
    """Return a section with its answers; what nobody answered is left out."""
    answers = [_answer(cra, one) for one in section.questions if is_answered(cra.answers.get(one.key))]
    return {"title": section.title, "answers": answers}


def _answer(cra: Cra, question: Question) -> dict[str, object]:
    value = cra.answers[question.key]
    remark = cra.answers.get(question.remark.key, "") if question.remark else ""
    said: dict[str, object] = {"question": question.label, "kind": question.kind.value, "remark": remark}
    if question.kind is QuestionKind.TABLE:
        return said | {"table": _table(question, value)}
    if question.kind is QuestionKind.PHOTOS:
        return said | _photos(cra.book, value)
    lines = [line for line in value.split("\n") if line.strip()] if question.kind is QuestionKind.LONG else [told(question, value)]
    return said | {"lines": lines}


def _table(question: Question, rows: list[Mapping[str, Any]]) -> dict[str, object]:
    numbers = [column.kind in FIGURES for column in question.columns]
    return {"head": [column.label for column in question.columns], "numbers": numbers, "rows": [cells_of(question, row) for row in rows]}


def _photos(book: Book, keys: list[int]) -> dict[str, object]:
    """Return the photos that are there still, as the bytes of a JPEG, and how many are not."""
    shown = [one for document in photos_of(book) if document.pk in keys and (one := _photo(document))]
    lost = len(keys) - len(shown)
    return {"photos": shown, "lost": f"{plural(lost, 'photo')} manque{'nt' if lost > 1 else ''} parmi les documents." if lost else ""}


def _photo(document: Document) -> dict[str, object] | None:
    with suppress(FileNotFoundError, RefusedFile):
        return {"label": document.label, "picture": list(picture_of(document, 1, READING))}
    return None
