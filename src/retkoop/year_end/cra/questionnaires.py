"""The verbs of the federation on its questionnaires: a draft is made from what was published, changed, published, or thrown away."""

from __future__ import annotations

import json
from importlib import resources
from typing import Final

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, Author, Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.questionnaire import QUESTION_KINDS, InvalidQuestionnaire, QuestionKind, Questionnaire, read_questionnaire
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import FEDERATION_CHAIN
from retkoop.year_end.models import QuestionnaireKind, QuestionnaireVersion

FIRST_YEAR: Final = 2000
"""The first versions ask in every year that a coop may open here."""

PUBLISHED: Final = "Cette version est publiée\u202f: elle ne change plus. Faites un nouveau brouillon."
GONE: Final = "Ce brouillon a été supprimé entre-temps."
CHANGED: Final = "Quelqu’un a modifié ce brouillon entre-temps\u202f: rien n’a été changé. Relisez-le, puis refaites votre changement."
EMPTY: Final = "Chaque section a besoin d’une question au moins, et le questionnaire d’une section."

ASKED: Final = {
    QuestionnaireKind.CRA: QUESTION_KINDS,
    QuestionnaireKind.GRID: QUESTION_KINDS - {QuestionKind.TABLE, QuestionKind.PHOTOS},
}
"""The kinds of question that each questionnaire may ask: a grid is answered on a telephone, and printed in one column."""


def install_questionnaires() -> None:
    """Publish what comes with the house where it asks something else than the latest version of its kind, or there is none.

    A version stays as it was: years that were begun go on with theirs. The federation's own versions and drafts are left alone.
    """
    latest = {row.kind: row for row in QuestionnaireVersion.objects.order_by("number")}
    contents = {kind: first_version(kind) for kind in QuestionnaireKind}
    lacking = [kind for kind, content in contents.items() if kind not in latest or _is_outdated(latest[kind], content)]
    if not lacking:
        return
    with writing(FEDERATION_CHAIN, SYSTEM) as trail:
        for kind in lacking:
            number = latest[kind].number + 1 if kind in latest else 1
            content = contents[kind].as_json()
            row = QuestionnaireVersion(kind=kind, number=number, content=content, from_year=FIRST_YEAR, published_at=trail.at)
            row.save(force_insert=True)
            trail.created(row, action="questionnaire.published")


def _is_outdated(row: QuestionnaireVersion, content: Questionnaire) -> bool:
    """Whether a version came with the house, which asks something else by now; nobody at the federation has made another since."""
    if row.published_at is None or read_questionnaire(row.content) == content:
        return False
    published = AuditEvent.objects.filter(chain=FEDERATION_CHAIN, subject=row.subject, action="questionnaire.published")
    return published.filter(role=SYSTEM.role).exists()


def first_version(kind: QuestionnaireKind) -> Questionnaire:
    """Return the questionnaire that comes with the house."""
    text = resources.files("retkoop.year_end.cra").joinpath(f"data/{kind.value}-1.json").read_text(encoding="utf-8")
    return read_questionnaire(json.loads(text))


def new_draft(*, author: Author, kind: QuestionnaireKind) -> QuestionnaireVersion:
    """Return the draft of a kind, made from its latest version where there is none."""
    with writing(FEDERATION_CHAIN, author) as trail:
        latest = QuestionnaireVersion.objects.filter(kind=kind).order_by("-number").first()
        if latest is not None and latest.published_at is None:
            return latest
        content = latest.content if latest else first_version(kind).as_json()
        row = QuestionnaireVersion(kind=kind, number=latest.number + 1 if latest else 1, content=content)
        row.save(force_insert=True)
        trail.created(row, action="questionnaire.drafted")
        return row


def change_draft(*, author: Author, key: int, version: int, content: Questionnaire) -> QuestionnaireVersion:
    """Give a draft another content; `version` is that of the draft which the content was made from.

    Raises Refused where it was changed, published or deleted meanwhile, InvalidQuestionnaire for what is none.
    """
    told = content.as_json()
    read_questionnaire(told)
    with writing(FEDERATION_CHAIN, author) as trail:
        row = _draft(key)
        if row.version != version:
            raise Refused(CHANGED)
        _refuse_misplaced(row, content)
        if row.content != told:
            before = row.snapshot()
            row.content = told
            _save(trail, row, before, "questionnaire.changed")
        return row


def publish(*, author: Author, key: int, version: int, year: SchoolYear) -> QuestionnaireVersion:
    """Publish a draft: it asks from `year` on. Years already begun with another version keep that one. Raises Refused."""
    with writing(FEDERATION_CHAIN, author) as trail:
        row = _draft(key)
        if row.version != version:
            raise Refused(CHANGED)
        content = read_questionnaire(row.content)
        if not content.sections or not all(section.questions for section in content.sections):
            raise Refused(EMPTY)
        before = row.snapshot()
        row.from_year, row.published_at = year.start, trail.at
        _save(trail, row, before, "questionnaire.published")
        return row


def delete_draft(*, author: Author, key: int) -> None:
    """Throw a draft away. Raises Refused for a published version; one that is gone already is no trouble."""
    with writing(FEDERATION_CHAIN, author) as trail:
        row = QuestionnaireVersion.objects.filter(pk=key).first()
        if row is None:
            return
        _refuse_published(row)
        subject, before = row.subject, row.snapshot()
        row.delete()
        trail.deleted(subject, before, action="questionnaire.deleted")


def _draft(key: int) -> QuestionnaireVersion:
    row = QuestionnaireVersion.objects.filter(pk=key).first()
    if row is None:
        raise Refused(GONE)
    _refuse_published(row)
    return row


def _refuse_published(row: QuestionnaireVersion) -> None:
    if row.published_at is not None:
        raise Refused(PUBLISHED)


def _refuse_misplaced(row: QuestionnaireVersion, content: Questionnaire) -> None:
    """Raise InvalidQuestionnaire for a question that this questionnaire cannot ask."""
    for question in content.questions:
        if question.kind not in ASKED[QuestionnaireKind(row.kind)]:
            raise InvalidQuestionnaire(f"«\u202f{question.label}\u202f»\u202f: ce questionnaire ne pose pas de question de cette nature.")
        if question.condition is not None and row.kind != QuestionnaireKind.CRA:
            raise InvalidQuestionnaire(f"«\u202f{question.label}\u202f»\u202f: ce questionnaire pose chacune de ses questions.")


def _save(trail: Trail, row: QuestionnaireVersion, before: dict[str, object], action: str) -> None:
    row.version += 1
    row.save()
    trail.changed(row, before, action=action)
