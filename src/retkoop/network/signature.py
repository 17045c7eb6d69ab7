"""The signature of an AD, as it stands under whatever the AD writes on paper (`signed` in ui/paper/look.typ)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation


def signature_image(association: DepartmentalAssociation, day: date) -> dict[str, object] | None:
    """Return the image of an AD's signature on a day, byte by byte, and its format; None where it has none."""
    found: tuple[bytes, str] | None = import_string(settings.SIGNATURE)(association, SchoolYear.containing(day))
    return {"image": list(found[0]), "format": "png" if found[1] == "image/png" else "jpg"} if found else None
