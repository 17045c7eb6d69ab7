"""The verbs of an AD on the map of its own workbook: show an example, point at cells, publish, throw a draft away.

Its coops read by what is published alone; a version that was published never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final

from retkoop.audit.services import Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.workbook import UNKNOWN, InvalidMap, WorkbookMap, faults_of_map, read_map
from retkoop.network.access import AssociationAccess
from retkoop.network.queries import chart_for
from retkoop.year_end.closing.services import REVIEWERS
from retkoop.year_end.direct.models import WorkbookVersion

NOT_YOURS: Final = "Le classeur de l’association est l’affaire de ses comptables et de ses administrateurs."
PUBLISHED: Final = "Cette version est publiée\u202f: elle ne change plus. Faites un nouveau brouillon."
GONE: Final = "Ce brouillon a été supprimé entre-temps."
CHANGED: Final = "Quelqu’un a modifié ce brouillon entre-temps\u202f: rien n’a été changé. Relisez-le, puis refaites votre changement."
NOTHING: Final = "Montrez d’abord un classeur."


def show_example(*, access: AssociationAccess, name: str, example: Mapping[str, Any]) -> WorkbookVersion:
    """Keep a workbook as the example of the draft, which begins where there is none. Raises Refused."""
    with _writing(access=access) as trail:
        row = _draft_of(access) or _begun(trail, access, name, example)
        if (row.name, row.example) != (name, example):
            before = row.snapshot()
            row.name, row.example = name, dict(example)
            _save(trail, row, before, "workbook.shown")
        return row


def new_draft(*, access: AssociationAccess) -> WorkbookVersion:
    """Return the draft of an AD, made from its latest version where there is none. Raises Refused where it has neither."""
    with _writing(access=access) as trail:
        return _draft_of(access) or _begun(trail, access)


def change_map(*, access: AssociationAccess, key: int, version: int, content: WorkbookMap) -> WorkbookVersion:
    """Give a draft another map; `version` is that of the draft from which it was made. Raises Refused, InvalidMap."""
    with _writing(access=access) as trail:
        row = _draft(access, key, version)
        told = content.as_json()
        _refuse_strange(access, content, trail.at.year)
        if row.content != told:
            before = row.snapshot()
            row.content = told
            _save(trail, row, before, "workbook.pointed")
        return row


def publish(*, access: AssociationAccess, key: int, version: int, year: SchoolYear) -> WorkbookVersion:
    """Publish a draft: coops send this workbook from `year` on. Raises Refused, also for a map that lacks something."""
    with _writing(access=access) as trail:
        row = _draft(access, key, version)
        faults = faults_of_map(read_map(row.content))
        if faults:
            raise Refused("\n".join(faults))
        before = row.snapshot()
        row.from_year, row.published_at = year.start, trail.at
        _save(trail, row, before, "workbook.published")
        return row


def delete_draft(*, access: AssociationAccess, key: int) -> None:
    """Throw a draft away; one that is gone already is no trouble. Raises Refused for a published version."""
    with _writing(access=access) as trail:
        row = WorkbookVersion.objects.filter(association=access.association, pk=key).first()
        if row is None:
            return
        if row.published_at is not None:
            raise Refused(PUBLISHED)
        subject, before = row.subject, row.snapshot()
        row.delete()
        trail.deleted(subject, before, action="workbook.deleted")


def _writing(*, access: AssociationAccess) -> AbstractContextManager[Trail]:
    if access.role not in REVIEWERS:
        raise Refused(NOT_YOURS)
    return writing(access.association.chain, access.author)


def _draft_of(access: AssociationAccess) -> WorkbookVersion | None:
    return WorkbookVersion.objects.filter(association=access.association, published_at__isnull=True).first()


def _begun(trail: Trail, access: AssociationAccess, name: str = "", example: Mapping[str, Any] | None = None) -> WorkbookVersion:
    """Begin a draft: the map of the latest version, on its example or another one."""
    latest = WorkbookVersion.objects.filter(association=access.association).order_by("-number").first()
    if latest is None and example is None:
        raise Refused(NOTHING)
    row = WorkbookVersion(association=access.association, number=1, name=name, example=dict(example or {}))
    if latest is not None:
        row.number, row.content = latest.number + 1, latest.content
        if example is None:
            row.name, row.example = latest.name, latest.example
    row.save(force_insert=True)
    trail.created(row, action="workbook.drafted")
    return row


def _draft(access: AssociationAccess, key: int, version: int) -> WorkbookVersion:
    row = WorkbookVersion.objects.filter(association=access.association, pk=key).first()
    if row is None:
        raise Refused(GONE)
    if row.published_at is not None:
        raise Refused(PUBLISHED)
    if row.version != version:
        raise Refused(CHANGED)
    return row


def _refuse_strange(access: AssociationAccess, content: WorkbookMap, year: int) -> None:
    """Raise InvalidMap for the total of an account that the chart does not have."""
    known = {account.code for account in chart_for(access.association, SchoolYear(year)).accounts}
    if not set(content.accounts) <= known:
        raise InvalidMap(UNKNOWN)


def _save(trail: Trail, row: WorkbookVersion, before: dict[str, object], action: str) -> None:
    row.version += 1
    row.save()
    trail.changed(row, before, action=action)
