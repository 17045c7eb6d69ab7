"""Reading the archive."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from retkoop.archive.models import Document
from retkoop.audit.models import AuditEvent
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop


def document_of(coop: Coop, year: SchoolYear, key: int) -> Document:
    """Return a document of a coop's year. Raises Http404 for any other."""
    document = Document.objects.filter(coop=coop, start=year.start, pk=key).first()
    if document is None:
        raise Http404
    return document


def removed_documents() -> QuerySet[AuditEvent]:
    """Return the events of the removals of which nothing was said since: what their documents were (`before`) can still come back."""
    later = AuditEvent.objects.filter(chain=OuterRef("chain"), subject=OuterRef("subject"), sequence__gt=OuterRef("sequence"))
    return AuditEvent.objects.filter(~Exists(later), action="document.removed", before__isnull=False)
