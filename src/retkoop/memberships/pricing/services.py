"""The verbs of what an AD asks: values of a year, and the versions of the engagement (a published one never changes)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

from retkoop.audit.services import SYSTEM, Author, Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import EngagementText
from retkoop.network.models import FEDERATION_CHAIN, DepartmentalAssociation
from retkoop.network.services import SettingsChanged, set_values

PUBLISHED: Final = "Ce texte est publié\u202f: il ne change plus. Commencez une nouvelle version."
GONE: Final = "Ce brouillon a été supprimé entre-temps."
CHANGED: Final = "Quelqu’un a modifié ce brouillon entre-temps\u202f: rien n’a été changé. Relisez-le, puis refaites votre changement."
EMPTY: Final = "Écrivez d’abord le texte de l’engagement."


def ask(
    *, author: Author, association: DepartmentalAssociation | None, year: SchoolYear, values: Mapping[str, Any], seen: Mapping[str, Any]
) -> set[str]:
    """Set what an AD (or the federation, for all) asks from a year on; return the names of what changed. Raises Refused.

    What was declared already keeps the prices of its day.
    """
    try:
        return set_values(author=author, association=association, year=year, values=values, seen=seen)
    except SettingsChanged as refusal:
        raise Refused(str(refusal)) from None


def default_engagement() -> str:
    """Return the text that comes with the house."""
    return resources.files("retkoop.memberships.pricing").joinpath("data/engagement-1.txt").read_text(encoding="utf-8").strip()


def install_engagement() -> None:
    """Publish the federation's first engagement where it has none."""
    if EngagementText.objects.filter(association=None).exists():
        return
    with writing(FEDERATION_CHAIN, SYSTEM) as trail:
        row = EngagementText.objects.create(association=None, number=1, text=default_engagement(), published_at=trail.at)
        trail.created(row, action="engagement.published")


def draft_engagement(*, author: Author, association: DepartmentalAssociation | None) -> EngagementText:
    """Return the draft of an AD, or the federation; where there is none it is made of the latest version."""
    with writing(_chain(association), author) as trail:
        latest = EngagementText.objects.filter(association=association).order_by("-number").first()
        if latest is not None and latest.published_at is None:
            return latest
        national = EngagementText.objects.filter(association=None, published_at__isnull=False).order_by("-number").first()
        model = latest or national
        row = EngagementText.objects.create(
            association=association, number=latest.number + 1 if latest else 1, text=model.text if model else default_engagement()
        )
        trail.created(row, action="engagement.drafted")
        return row


def change_engagement(*, author: Author, association: DepartmentalAssociation | None, key: int, version: int, text: str) -> EngagementText:
    """Give a draft another text. Raises Refused where it was changed, published or deleted meanwhile."""
    with writing(_chain(association), author) as trail:
        row = _draft(association, key, version)
        if row.text != text:
            before = row.snapshot()
            row.text = text
            _saved(trail, row, before, "engagement.changed")
        return row


def publish_engagement(*, author: Author, association: DepartmentalAssociation | None, key: int, version: int) -> EngagementText:
    """Publish a draft: from now on mandataires accept this text. What was accepted before stands. Raises Refused."""
    with writing(_chain(association), author) as trail:
        row = _draft(association, key, version)
        if not row.text.strip():
            raise Refused(EMPTY)
        before = row.snapshot()
        row.published_at = trail.at
        return _saved(trail, row, before, "engagement.published")


def delete_engagement(*, author: Author, association: DepartmentalAssociation | None, key: int, version: int) -> None:
    """Throw a draft away. Raises Refused."""
    with writing(_chain(association), author) as trail:
        row = _draft(association, key, version)
        before, subject = row.snapshot(), row.subject
        row.delete()
        trail.deleted(subject, before, action="engagement.deleted")


def _chain(association: DepartmentalAssociation | None) -> str:
    return association.chain if association else FEDERATION_CHAIN


def _draft(association: DepartmentalAssociation | None, key: int, version: int) -> EngagementText:
    row = EngagementText.objects.filter(association=association, pk=key).first()
    if row is None:
        raise Refused(GONE)
    if row.published_at is not None:
        raise Refused(PUBLISHED)
    if row.version != version:
        raise Refused(CHANGED)
    return row


def _saved(trail: Trail, row: EngagementText, before: dict[str, object], action: str) -> EngagementText:
    row.version += 1
    row.save()
    trail.changed(row, before, action=action)
    return row
