"""The process that opens what was sent: little memory, little time, no secret of the server in its environment.

    python -m retkoop.archive.cleaning.child clean SOURCE FOLDER KIND PAGES
    python -m retkoop.archive.cleaning.child draw SOURCE FOLDER KIND PAGE WIDTH

What it makes is `FOLDER/content`; what it has to say, `FOLDER/answer.json`. It imports the libraries that it needs, and never Django.
"""

from __future__ import annotations

import errno
import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

from retkoop.archive.cleaning import refusals
from retkoop.archive.cleaning.kinds import Kind
from retkoop.archive.cleaning.refusals import RefusedFile

SECONDS: Final = 20
_MEMORY: Final = 1 << 30
_LARGEST_WRITTEN: Final = 200_000_000
_LIMITS: Final = {
    resource.RLIMIT_AS: _MEMORY,
    resource.RLIMIT_CPU: SECONDS,
    resource.RLIMIT_FSIZE: _LARGEST_WRITTEN,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
}


def main() -> None:
    for limit, most in _LIMITS.items():
        resource.setrlimit(limit, (most, most))
    task, source, folder, kind, *figures = sys.argv[1:]
    work = _clean if task == "clean" else _draw
    try:
        answer = work(Path(source), Path(folder) / "content", Kind(kind), *map(int, figures))
    except Exception as trouble:  # noqa: BLE001 -- a parser may fail in any way: none of them takes the file for good
        answer = {"refused": _reason(trouble, Kind(kind))}
    try:
        Path(folder, "answer.json").write_text(json.dumps(answer), encoding="ascii")
    except OSError:
        sys.exit(refusals.EXIT_NO_ROOM)


def _reason(trouble: Exception, kind: Kind) -> str:
    """Return why the file is refused. Ends the process where there is nothing left to say it with."""
    if isinstance(trouble, MemoryError) or "bad_alloc" in str(trouble):
        sys.exit(refusals.EXIT_TOO_HEAVY)
    if isinstance(trouble, OSError) and trouble.errno in {errno.ENOSPC, errno.EDQUOT}:
        sys.exit(refusals.EXIT_NO_ROOM)
    if isinstance(trouble, RefusedFile):
        return str(trouble)
    return refusals.DAMAGED_PDF if kind is Kind.PDF else refusals.DAMAGED


def _clean(source: Path, target: Path, kind: Kind, most_pages: int) -> dict[str, Any]:
    from retkoop.archive.cleaning.disguises import refuse_disguise  # noqa: PLC0415 -- drawing does without

    content = source.read_bytes()
    refuse_disguise(content, kind)
    if kind is Kind.PDF:
        from retkoop.archive.cleaning.pdfs import clean_pdf  # noqa: PLC0415 -- slow to import, and images do without

        pages, text = clean_pdf(source, most_pages, target)
        return {"media_type": "application/pdf", "pages": pages, "text": text}
    from retkoop.archive.cleaning.images import clean_image  # noqa: PLC0415 -- idem, and PDFs do without

    return {"media_type": clean_image(content, kind, target), "pages": 1, "text": ""}


def _draw(source: Path, target: Path, kind: Kind, page: int, width: int) -> dict[str, Any]:
    if kind is Kind.PDF:
        from retkoop.archive.cleaning.pdfs import draw_pdf  # noqa: PLC0415 -- idem

        target.write_bytes(draw_pdf(source, page, width))
    else:
        from retkoop.archive.cleaning.images import draw_image  # noqa: PLC0415 -- idem

        target.write_bytes(draw_image(source.read_bytes(), kind, page, width))
    return {}


if __name__ == "__main__":
    main()
