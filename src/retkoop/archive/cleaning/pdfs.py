"""PDF: its pages are carried over to a new document, and nothing else: what acts, hides or tells of its author stays behind.

Runs in the process of `child`, never in the server.
"""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path
from typing import Final

import pikepdf
import pypdfium2

from retkoop.archive.cleaning import refusals
from retkoop.archive.cleaning.ends import jpeg_segments
from retkoop.archive.cleaning.kinds import MOST_PIXELS
from retkoop.archive.cleaning.refusals import RefusedFile

MOST_TEXT: Final = 100_000
_LARGEST_UNPACKED: Final = 400_000_000
_PIECE: Final = 1 << 24
_PACKED_IMAGES: Final = frozenset({"/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode"})
_LONGEST_DRAWN: Final = 8_000
_END: Final = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")
_TABLE: Final = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
_PAGE_KEYS: Final = frozenset({"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group"})
_SHOWN: Final = frozenset(
    f"/{name}"
    for name in (
        *("Widget", "FreeText", "Stamp", "Ink", "Highlight", "Underline", "StrikeOut", "Squiggly"),
        *("Line", "Square", "Circle", "Polygon", "PolyLine", "Caret"),
    )
)
"""Annotations that are part of what one sees: the fields of a form that was filled in, a stamp, what was written by hand."""
_TOLD_BY_STREAMS: Final = ("/Metadata", "/PieceInfo", "/AF", "/OPI", "/Ref", "/LastModified")
_CONTROL: Final = dict.fromkeys((*range(9), *range(11, 32), 0xFFFE, 0xFFFF))


def clean_pdf(source: Path, most_pages: int, target: Path) -> tuple[int, str]:
    """Write the pages of a PDF to a new one; return their number and the text that they hold. Raises RefusedFile."""
    _refuse_cut_off(source.read_bytes())
    try:
        with pikepdf.open(source, attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise RefusedFile(refusals.ENCRYPTED)
            _refuse_an_empty_shell(pdf)
            _refuse_number_of_pages(len(pdf.pages), most_pages)
            _look_into_streams(pdf)
            _keep_what_is_seen(pdf)
            content = _carried_over(pdf)
            if pdf.get_warnings():
                raise RefusedFile(refusals.DAMAGED_PDF)
    except pikepdf.PasswordError:
        raise RefusedFile(refusals.ENCRYPTED) from None
    pages, text = _checked(content)
    target.write_bytes(content)
    return pages, text


def _refuse_cut_off(content: bytes) -> None:
    """Look for the end by ourselves: libraries rebuild what is missing without a word."""
    ends = list(_END.finditer(content, max(0, len(content) - 1024)))
    if not ends or not _TABLE.match(content, int(ends[-1][1])):
        raise RefusedFile(refusals.DAMAGED_PDF)


def _refuse_an_empty_shell(pdf: pikepdf.Pdf) -> None:
    """Refuse what shows something else than its pages: they would be kept, and the document lost without a word."""
    if "/Collection" in pdf.Root:
        raise RefusedFile(refusals.PORTFOLIO)
    if pdf.Root.get("/NeedsRendering", False):
        raise RefusedFile(refusals.LIVING_FORM)


def _refuse_number_of_pages(pages: int, most: int) -> None:
    if not pages:
        raise RefusedFile(refusals.NO_PAGE)
    if pages > most:
        raise RefusedFile(refusals.too_many_pages(pages, most))


def _look_into_streams(pdf: pikepdf.Pdf) -> None:
    """Unpack each stream once, so that bombs go off here, and take out what streams tell besides their content."""
    unpacked = 0
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Stream):
            continue
        if "/F" in thing:  # its content would be read from another file
            raise RefusedFile(refusals.DAMAGED_PDF)
        if thing.get("/Subtype") == "/Image" and int(thing.get("/Width", 0)) * int(thing.get("/Height", 0)) > MOST_PIXELS:
            raise RefusedFile(refusals.TOO_HEAVY_TO_OPEN)
        for key in _TOLD_BY_STREAMS:
            if key in thing:
                del thing[key]
        unpacked += _unpacked(thing)
        if unpacked > _LARGEST_UNPACKED:
            raise RefusedFile(refusals.TOO_HEAVY_TO_OPEN)


def _unpacked(stream: pikepdf.Stream) -> int:
    """Return how large a stream is when unpacked. Raises RefusedFile or pikepdf.DataDecodingError where it is damaged."""
    match _filters(stream):
        case ["/DCTDecode"]:
            _forget_the_camera(stream)
        case ["/FlateDecode"]:
            return _inflated(stream.read_raw_bytes())
        case names if not _PACKED_IMAGES.intersection(names):
            return len(stream.read_bytes())
    return 0  # an image is drawn later, in a process of its own, too


def _filters(stream: pikepdf.Stream) -> list[str]:
    given = stream.get("/Filter", pikepdf.Array())
    return [str(name) for name in given] if isinstance(given, pikepdf.Array) else [str(given)]


def _inflated(packed: bytes) -> int:
    """Unpack by ourselves, piece by piece: the library leaves the checksum unread, and a bomb would take all memory first."""
    unpacking, size = zlib.decompressobj(), 0
    try:
        while packed and not unpacking.eof:
            size += len(unpacking.decompress(packed, _PIECE))
            packed = unpacking.unconsumed_tail
            if size > _LARGEST_UNPACKED:
                raise RefusedFile(refusals.TOO_HEAVY_TO_OPEN)
    except zlib.error:
        raise RefusedFile(refusals.DAMAGED_PDF) from None
    return size


def _forget_the_camera(stream: pikepdf.Stream) -> None:
    """Take out of a JPEG its place, its date and its camera (EXIF, XMP, comments); colours need the other segments."""
    content = stream.read_raw_bytes()
    try:
        told = [(start, end) for marker, start, end in jpeg_segments(content) if marker in {0xE1, 0xED, 0xFE}]
    except (IndexError, ValueError, RefusedFile):
        return  # whoever draws it will do what they can
    for start, end in reversed(told):
        content = content[:start] + content[end:]
    if told:
        how = stream.get("/DecodeParms")
        stream.write(
            content, filter=pikepdf.Name.DCTDecode, decode_parms=how if isinstance(how, pikepdf.Dictionary | pikepdf.Array) else None
        )


def _keep_what_is_seen(pdf: pikepdf.Pdf) -> None:
    """Paint on the page what forms and notes show; whatever acts or carries goes with the annotations."""
    for page in pdf.pages:
        notes = page.obj.get("/Annots")
        if isinstance(notes, pikepdf.Array):
            page.obj.Annots = pikepdf.Array([note for note in notes if _is_shown(note)])
    if isinstance(pdf.Root.get("/AcroForm"), pikepdf.Dictionary):
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")


def _is_shown(note: pikepdf.Object) -> bool:
    return isinstance(note, pikepdf.Dictionary) and note.get("/Subtype") in _SHOWN


def _carried_over(pdf: pikepdf.Pdf) -> bytes:
    written = io.BytesIO()  # the library crashes where a disk is full
    for page in pdf.pages:
        for key in set(page.obj.keys()) - _PAGE_KEYS:
            del page.obj[key]
    with pikepdf.new() as clean:
        clean.pages.extend(pdf.pages)
        layers = pdf.Root.get("/OCProperties")
        if isinstance(layers, pikepdf.Dictionary):  # or layers that are hidden would show
            clean.Root.OCProperties = clean.copy_foreign(layers if layers.is_indirect else pdf.make_indirect(layers))
        clean.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _checked(content: bytes) -> tuple[int, str]:
    """Open what was written as a reader will; return its number of pages and its text."""
    with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as clean:
        pages = len(clean.pages)
    pieces: list[str] = []
    with pypdfium2.PdfDocument(content) as pdf:
        for number in range(pages):
            page = pdf[number]
            if sum(map(len, pieces)) < MOST_TEXT:
                pieces.append(page.get_textpage().get_text_bounded())
            page.close()
    text = "\n".join(pieces).replace("\r\n", "\n").replace("\r", "\n")
    return pages, text.translate(_CONTROL).encode("utf-8", "ignore").decode()[:MOST_TEXT]


def draw_pdf(content: Path, number: int, width: int) -> bytes:
    """Return a page (from 1) as a JPEG, at most so wide. Raises RefusedFile."""
    from retkoop.archive.cleaning.images import jpeg  # noqa: PLC0415 -- cleaning does without

    with pypdfium2.PdfDocument(content) as pdf:
        if not 1 <= number <= len(pdf):
            raise RefusedFile(refusals.NO_SUCH_PAGE)
        page = pdf[number - 1]
        across, down = page.get_size()
        scale = min(width / across, _LONGEST_DRAWN / down)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        picture.thumbnail((width, picture.height))
        return jpeg(picture)
