"""Reception: what a browser sends comes by way of the disk, is scanned and cleaned, and only then is it a document."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase

from retkoop.archive.antivirus import scan
from retkoop.archive.cleaning import Cleaned, Limits, RefusedFile, cleaned
from retkoop.archive.cleaning.refusals import too_big
from retkoop.archive.cleaning.workspace import swept, workspace
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop
from retkoop.network.queries import settings_of
from retkoop.ui.errors import Trouble, error_page

LARGEST_REQUEST: Final = 100_000_000
"""Bytes of one request, all its files together; what a file may weigh, each AD says."""

ACCEPTED: Final = "image/*,application/pdf,.heic,.heif"
"""What pickers of files propose; what is taken, the bytes alone decide."""

TOO_LARGE: Final = Trouble(
    "L’envoi est trop volumineux",
    "Retkoop reçoit 100 Mo au plus à la fois. Rien n’a été enregistré.",
    "Envoyez les fichiers un par un, ou photographiez le document avec votre téléphone.",
)


def limits_for(coop: Coop, year: SchoolYear) -> Limits:
    """Return what a document may weigh and how many pages it may have, by what the AD has set."""
    given = settings_of(coop.association, year, ("document_megabytes", "document_pages"))
    return Limits(int(str(given.get("document_megabytes", 20))), int(str(given.get("document_pages", 30))))


@contextmanager
def received(upload: UploadedFile[bytes], limits: Limits) -> Iterator[Cleaned]:
    """Yield what can be kept of a file that was sent. Raises RefusedFile."""
    if (upload.size or 0) > limits.megabytes * 1_000_000:
        raise RefusedFile(too_big(limits.megabytes))
    with _on_disk(upload) as source:
        scan(source)
        with cleaned(source, limits) as clean:
            yield clean


@contextmanager
def _on_disk(upload: UploadedFile[bytes]) -> Iterator[Path]:
    """Yield the path of an upload: a large one is a file already, a small one becomes one."""
    if isinstance(upload, TemporaryUploadedFile):
        yield Path(upload.temporary_file_path())
        return
    with workspace() as folder:
        copy = folder / "sent"
        with copy.open("wb") as stream:
            stream.writelines(upload.chunks())
        yield copy


class SweptUploads(TemporaryFileUploadHandler):
    """Has Django write a large file of a request where all that comes in waits, locked while in use: a kill -9 leaves it to be swept."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        with swept(Path(settings.FILE_UPLOAD_TEMP_DIR)):
            super().new_file(*args, **kwargs)
            fcntl.flock(self.file.fileno(), fcntl.LOCK_EX)


class RefuseLargeRequests:
    """Middleware: a request far too large is refused by what it announces, before anything of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        if announced.isdecimal() and int(announced[:20]) > LARGEST_REQUEST:
            return error_page(request, 413, TOO_LARGE)
        return self.get_response(request)
