"""Pictures of the pages of documents, drawn once and kept beside the data: they can be drawn again at any time."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings

from retkoop.archive import storage
from retkoop.archive.cleaning import draw_page
from retkoop.archive.models import Document

THUMBNAIL: Final = 160
READING: Final = 800
CLOSE: Final = 1600
WIDTHS: Final = (THUMBNAIL, READING, CLOSE)
"""The widths in which a page is drawn: any other would fill the disk with pictures that nobody asks for twice."""


def picture_of(document: Document, page: int, width: int) -> bytes:
    """Return a page of a document as a JPEG.

    Raises FileNotFoundError where its content is lost, RefusedFile where it cannot be drawn, ValueError for another width.
    """
    if width not in WIDTHS:
        raise ValueError(width)
    kept = _place(document.digest, page, width)
    with contextlib.suppress(FileNotFoundError):
        return kept.read_bytes()
    with storage.at_hand(document.digest) as content:
        if not content.exists():
            raise FileNotFoundError(document.digest)
        drawn = draw_page(content, document.media_type, page, width)
    with contextlib.suppress(OSError):  # no room to keep it: it is shown all the same
        _keep(kept, drawn)
    return drawn


def throw_away_pictures(digest: str) -> None:
    """Delete the pictures of a content that is thrown away."""
    kept = _place(digest, 1, THUMBNAIL)
    for picture in kept.parent.glob(f"{digest}-*.jpg"):
        picture.unlink(missing_ok=True)


def _place(digest: str, page: int, width: int) -> Path:
    folder, name = storage.place_of(digest).split("/")
    return Path(settings.HOME) / "apercus" / folder / f"{name}-{int(page)}-{int(width)}.jpg"


def _keep(place: Path, content: bytes) -> None:
    """Write a whole picture or none: another request may be reading."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as new:
        try:
            new.write(content)
            new.flush()
            Path(new.name).replace(place)
        except OSError:
            Path(new.name).unlink(missing_ok=True)
            raise
