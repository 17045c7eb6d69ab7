"""PDF: its pages are carried over to a new document, and nothing else: what acts, hides or tells of its author stays behind.

Runs in the process of `child`, never in the server.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pikepdf
import pypdfium2

from retkoop.archive.cleaning import refusals
from retkoop.archive.cleaning.camera import jpeg_without, jpx_without
from retkoop.archive.cleaning.kinds import MOST_PIXELS
from retkoop.archive.cleaning.refusals import RefusedFile

MOST_TEXT: Final = 100_000
_LARGEST_UNPACKED: Final = 400_000_000
_PIECE: Final = 1 << 24
_PACKED_IMAGES: Final = frozenset({"/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode"})
_SHORT: Final = {
    f"/{short}": f"/{name}Decode"
    for short, name in (
        *(("AHx", "ASCIIHex"), ("A85", "ASCII85"), ("LZW", "LZW"), ("Fl", "Flate"), ("RL", "RunLength")),
        *(("CCF", "CCITTFax"), ("DCT", "DCT")),
    )
}
"""Names of filters that belong inside a page, and that readers take elsewhere, too."""
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
_ACTIONS: Final = frozenset(
    f"/{name}"
    for name in (
        *("JavaScript", "Launch", "URI", "GoToR", "GoToE", "GoTo3DView", "Thread", "Named", "Hide"),
        *("SubmitForm", "ResetForm", "ImportData", "Sound", "Movie", "Rendition", "RichMediaExecute", "SetOCGState", "Trans"),
    )
)
_LAYERS: Final = ("/Name", "/BaseState", "/ON", "/OFF", "/Intent", "/AS")
"""What says which layers show. The rest is for the panel of a reader."""
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
            _drop_what_acts(pdf)
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
    """Return how large a stream is when unpacked. Raises RefusedFile or a pikepdf error where it is damaged."""
    content, layers = stream.read_raw_bytes(), _filters(stream)
    if not (layers and content):  # some programs write what is empty without packing it, and say that they did
        return len(content)
    *around, (name, how) = layers
    for outer in around:
        content = _decoded(content, *outer)
    if name in _PACKED_IMAGES:  # drawn later, in a process of its own, too
        _forget_the_camera(stream, content, name, how)
        return len(content)
    return _inflated(content) if name == "/FlateDecode" else len(_decoded(content, name, how))


def _filters(stream: pikepdf.Stream) -> list[tuple[str, pikepdf.Dictionary | None]]:
    """Return the filters of a stream, the outermost first, each with its parameters."""
    names, hows = (_listed(stream.get(key)) for key in ("/Filter", "/DecodeParms"))
    full = [_SHORT.get(str(name), str(name)) for name in names]
    return [(name, how if isinstance(how, pikepdf.Dictionary) else None) for name, how in zip_longest(full, hows[: len(full)])]


def _listed(given: pikepdf.Object | None) -> list[pikepdf.Object]:
    if isinstance(given, pikepdf.Array):
        return list(given)
    return [] if given is None else [given]


def _decoded(content: bytes, name: str, how: pikepdf.Dictionary | None) -> bytes:
    """Take off one filter. Raises a pikepdf error where that cannot be done."""
    if name == "/FlateDecode":
        _inflated(content)
    with pikepdf.new() as scratch:
        layer = scratch.make_stream(content, Filter=pikepdf.Name(name))
        if how is not None:
            layer.DecodeParms = pikepdf.Dictionary({key: value for key, value in how.items() if isinstance(value, int)})
        return layer.read_bytes()


def _inflated(packed: bytes) -> int:
    """Unpack by ourselves, piece by piece: the library takes a stream that is cut, and a bomb would take all memory first."""
    unpacking, size = zlib.decompressobj(), 0
    try:
        while not unpacking.eof:
            got = len(unpacking.decompress(packed, _PIECE))
            packed, size = unpacking.unconsumed_tail, size + got
            if not (got or packed or unpacking.eof):
                raise RefusedFile(refusals.DAMAGED_PDF)
            if size > _LARGEST_UNPACKED:
                raise RefusedFile(refusals.TOO_HEAVY_TO_OPEN)
    except zlib.error:
        raise RefusedFile(refusals.DAMAGED_PDF) from None
    return size


def _forget_the_camera(stream: pikepdf.Stream, content: bytes, name: str, how: pikepdf.Dictionary | None) -> None:
    """Take out of an image its place, its date and its camera, whatever it was wrapped in."""
    without = {"/DCTDecode": jpeg_without, "/JPXDecode": jpx_without}.get(name)
    if without is None:
        return
    try:
        kept = without(content)
    except (IndexError, struct.error, RefusedFile):
        raise RefusedFile(refusals.DAMAGED_PDF) from None
    if kept != stream.read_raw_bytes():
        stream.write(kept, filter=pikepdf.Name(name), decode_parms=how)


def _drop_what_acts(pdf: pikepdf.Pdf) -> None:
    """Take out actions and files wherever they stand: pages lead to places where no reader looks, and the curious do."""
    waiting = list(pdf.objects)
    while waiting:
        thing = waiting.pop()
        for place, child in reversed(_children(thing)):  # from the last: places in an array move
            if _acts_or_carries(child) or (place == "/AF" and _is_a_list(child)) or (place == "/EF" and _is_loose(child, thing)):
                del thing[place]
            elif isinstance(child, pikepdf.Dictionary | pikepdf.Array) and not child.is_indirect:
                waiting.append(child)


def _children(thing: pikepdf.Object) -> list[tuple[Any, Any]]:
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return list(thing.items())
    return list(enumerate(thing)) if isinstance(thing, pikepdf.Array) else []


def _acts_or_carries(thing: pikepdf.Object) -> bool:
    """Tell what is to go by what it is: the key alone may be the name of a font."""
    if isinstance(thing, pikepdf.Stream):
        return thing.get("/Type") == "/EmbeddedFile"
    if not isinstance(thing, pikepdf.Dictionary):
        return False
    does = thing.get("/S")
    return (isinstance(does, pikepdf.Name) and str(does) in _ACTIONS) or _is_a_file(thing)


def _is_a_file(thing: pikepdf.Dictionary) -> bool:
    return thing.get("/Type") == "/Filespec" or (_are_contents(thing.get("/EF")) and ("/F" in thing or "/UF" in thing))


def _is_a_list(thing: pikepdf.Object) -> bool:
    return isinstance(thing, pikepdf.Array) and all(isinstance(item, pikepdf.Dictionary) for item in thing)


def _is_loose(files: pikepdf.Object, holder: pikepdf.Object) -> bool:
    """Tell contents of files that are held by something else than a file; a file goes as a whole, from whatever leads to it."""
    return _are_contents(files) and not (isinstance(holder, pikepdf.Dictionary) and _is_a_file(holder))


def _are_contents(thing: pikepdf.Object | None) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and all(isinstance(content, pikepdf.Stream) for _name, content in thing.items())


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
            clean.Root.OCProperties = clean.copy_foreign(pdf.make_indirect(_shown_or_not(layers)))
        clean.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _shown_or_not(layers: pikepdf.Dictionary) -> pikepdf.Dictionary:
    usual = layers.get("/D", pikepdf.Dictionary())
    shown = pikepdf.Dictionary({key: usual[key] for key in _LAYERS if key in usual})
    return pikepdf.Dictionary(OCGs=layers.get("/OCGs", pikepdf.Array()), D=shown)


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
