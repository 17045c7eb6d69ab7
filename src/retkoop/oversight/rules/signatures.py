"""The image of an AD's signature: cleaned as any document is, stored under its SHA-256, named by a setting."""

from __future__ import annotations

from typing import Final

from django.core.files.uploadedfile import UploadedFile

from retkoop.archive import storage
from retkoop.archive.cleaning.receive import Limits
from retkoop.archive.cleaning.refusals import RefusedFile
from retkoop.archive.reception import received
from retkoop.audit.services import Author
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import given_settings
from retkoop.network.services import set_values

NAME: Final = "signature"
_LIMITS: Final = Limits(megabytes=2, pages=1)
_PNG: Final = b"\x89PNG"


def set_signature(*, author: Author, association: DepartmentalAssociation, year: SchoolYear, image: UploadedFile[bytes]) -> None:
    """Keep the image of a signature from a school year on. Raises RefusedFile, storage.NoRoom."""
    with received(image, _LIMITS) as clean:
        if not clean.media_type.startswith("image/"):
            raise RefusedFile("Ce fichier n’est pas une image\u202f: envoyez un PNG ou un JPEG.")
        storage.keep(clean.content, clean.digest)
        set_values(author=author, association=association, year=year, values={NAME: clean.digest})


def remove_signature(*, author: Author, association: DepartmentalAssociation, year: SchoolYear) -> None:
    """Take the image away, from a school year on."""
    set_values(author=author, association=association, year=year, values={NAME: ""})


def signature_of(association: DepartmentalAssociation, year: SchoolYear) -> tuple[bytes, str] | None:
    """Return the image of an AD's signature and its media type; None where there is none, or where its file is lost."""
    digest = given_settings(association, year).value(NAME)
    try:
        with storage.opened(digest) as stream:
            content = stream.read()
    except (FileNotFoundError, ValueError):
        return None
    return content, "image/png" if content.startswith(_PNG) else "image/jpeg"
