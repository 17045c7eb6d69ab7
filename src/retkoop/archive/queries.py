"""Reading the archive."""

from __future__ import annotations

from django.http import Http404

from retkoop.archive.models import Document
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop


def document_of(coop: Coop, year: SchoolYear, key: int) -> Document:
    """Return a document of a coop's year. Raises Http404 for any other."""
    document = Document.objects.filter(coop=coop, start=year.start, pk=key).first()
    if document is None:
        raise Http404
    return document
