"""The verbs of a coop on its CRA: answer, say that it is finished, take it up again.

Each question has a version of its own: two people at once lose nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from retkoop.archive.models import Document, DocumentKind
from retkoop.audit.services import Trail, writing
from retkoop.books.models import Book
from retkoop.books.writable import Refused, writable
from retkoop.domain.answers import check_answers, is_answered
from retkoop.domain.questionnaire import InvalidAnswer, QuestionKind
from retkoop.network.access import Access
from retkoop.ui.templates import plural
from retkoop.year_end.cra.queries import Cra, cra_of
from retkoop.year_end.models import ActivityAnswer, ActivityReport

FINISHED: Final = "Ce compte rendu d’activités est terminé. Pour le modifier, reprenez-le d’abord."
GONE_PHOTO: Final = "Une de ces photos a été retirée entre-temps\u202f: rechargez la page."


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that somebody gives; `version` and `seen` tell the answer that they had before them (see `fingerprint`)."""

    value: Any
    version: int = 0
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the answers: how many were written, and those where somebody else has answered otherwise meanwhile."""

    written: int = 0
    others: Mapping[str, ActivityAnswer] = field(default_factory=dict)


def fingerprint(value: object) -> str:
    """Return a short digest of an answer: an empty one has the same, whatever its kind."""
    plain = value if is_answered(value) else None
    return sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def answer(*, access: Access, book: Book, answers: Mapping[str, Given]) -> Kept:
    """Keep some answers of a year.

    What nobody else has touched since it was seen is written; what the giver has not touched themselves stays as it is now; where both
    have, the other answer stays and is told. Raises Refused where the year takes no writing or the CRA is finished, InvalidAnswer for
    what fits no question (forms say so beside the field before).
    """
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        cra = cra_of(book)
        if cra.finished:
            raise Refused(FINISHED)
        for refusal in check_answers(cra.questionnaire, {key: one.value for key, one in answers.items()}).values():
            raise InvalidAnswer(refusal)
        kept = {key: _keep(trail, access, cra, key, one) for key, one in answers.items()}
        if True in kept.values():
            _begin(trail, access, cra)
        return Kept(sum(done is True for done in kept.values()), {key: cra.rows[key] for key, done in kept.items() if done is None})


def _keep(trail: Trail, access: Access, cra: Cra, key: str, given: Given) -> bool | None:
    """Write an answer; tell whether it was: None where somebody else has answered otherwise."""
    row = cra.rows.get(key)
    value = given.value if is_answered(given.value) else None
    if value == (row.value if row else None):
        return False
    if (row.version if row else 0) != given.version:
        return False if fingerprint(value) == given.seen else None
    _refuse_gone_photos(cra, key, value, row.value if row else None)
    before = row.snapshot() if row else None
    question = cra.questionnaire.question(key)
    row = row or ActivityAnswer(coop=access.coop, book=cra.book, question=key, label=question.label if question else "", version=0)
    row.value, row.version = value, row.version + 1
    row.save()
    if before is None:
        trail.created(row, action="cra.answered")
    else:
        trail.changed(row, before, action="cra.answered")
    return True


def _refuse_gone_photos(cra: Cra, key: str, value: object, former: object) -> None:
    """Raise Refused for a photo that is none of this year's documents; those that were there already may stay named."""
    question = cra.questionnaire.question(key)
    if question is None or question.kind is not QuestionKind.PHOTOS:
        return
    added = set(value if isinstance(value, list) else ()) - set(former if isinstance(former, list) else ())
    pictures = Document.objects.filter(coop=cra.book.coop_id, start=cra.book.start, kind=DocumentKind.PHOTO, pk__in=added)
    if added and pictures.count() < len(added):
        raise Refused(GONE_PHOTO)


def _begin(trail: Trail, access: Access, cra: Cra) -> None:
    """Tie the CRA to the version that asks: a later one does not change the questions of those who have begun."""
    if cra.report is None:
        cra.report = ActivityReport(coop=access.coop, book=cra.book, questionnaire=cra.version)
        cra.report.save(force_insert=True)
        trail.created(cra.report, action="cra.begun")


def finish(*, access: Access, book: Book) -> None:
    """Say that the CRA of a year is finished. Raises Refused where the year takes no writing, or a needed answer is missing."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        cra = cra_of(book)
        if cra.finished:
            return
        if cra.missing:
            raise Refused(f"Il reste {plural(len(cra.missing), 'réponse')} à donner avant de terminer.")
        _begin(trail, access, cra)
        _set_finished(trail, cra, "cra.finished")


def reopen(*, access: Access, book: Book) -> None:
    """Take a finished CRA up again. Raises Refused where the year takes no writing."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        cra = cra_of(book)
        if cra.finished:
            _set_finished(trail, cra, "cra.reopened")


def _set_finished(trail: Trail, cra: Cra, action: str) -> None:
    report = cra.report
    if report is None:
        return
    before = report.snapshot()
    report.finished_at = trail.at if action == "cra.finished" else None
    report.version += 1
    report.save()
    trail.changed(report, before, action=action)
