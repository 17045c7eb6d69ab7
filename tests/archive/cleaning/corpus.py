"""Files, honest and hostile, made here so that nobody has to trust one that was found; and what becomes of them."""

from __future__ import annotations

import io
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pillow_heif
import pytest
import typst
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageDraw

from retkoop.archive.cleaning import Cleaned, Limits, RefusedFile, cleaned, draw_page

ORIENTATION = 0x0112
GPS = 0x8825
USUAL = Limits()
KEPT_PACKED = pikepdf.StreamDecodeLevel.none


@dataclass(frozen=True)
class Made:
    """What cleaning made of a file, once its folder is gone."""

    about: Cleaned
    content: bytes

    @property
    def picture(self) -> Image.Image:
        return Image.open(io.BytesIO(self.content))

    @property
    def pdf(self) -> Pdf:
        return pikepdf.open(io.BytesIO(self.content))


def clean(content: bytes, limits: Limits = USUAL) -> Made:
    with tempfile.NamedTemporaryFile() as sent:
        sent.write(content)
        sent.flush()
        with cleaned(Path(sent.name), limits) as about:
            return Made(about, about.content.read_bytes())


def refusal(content: bytes, limits: Limits = USUAL) -> str:
    with pytest.raises(RefusedFile) as refused:
        clean(content, limits)
    return str(refused.value)


def drawn(content: bytes, media_type: str, page: int, width: int) -> Image.Image:
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(content)
        kept.flush()
        return Image.open(io.BytesIO(draw_page(Path(kept.name), media_type, page, width)))


def saved(image: Image.Image, kind: str, **how: Any) -> bytes:  # noqa: ANN401 -- whatever Pillow's formats take
    pillow_heif.register_heif_opener()
    written = io.BytesIO()
    image.save(written, kind, **how)
    return written.getvalue()


@cache
def picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (120, 80)) -> bytes:
    return saved(Image.new(mode, size, 0), kind)


def photograph(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Return a picture in many colours, red at its top left."""
    down = Image.linear_gradient("L").resize(size)
    image = Image.merge("RGB", (down, down.transpose(Image.Transpose.FLIP_LEFT_RIGHT), Image.radial_gradient("L").resize(size)))
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="red")
    return image


def exif(orientation: int = 1) -> bytes:
    """Return what a telephone tells of a picture: how it was held, its name, and where it was taken."""
    told = Image.Exif()
    told[ORIENTATION] = orientation
    told[0x0110] = "Telephone de la maitresse"
    told.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 7.0)})
    return told.tobytes()


def pdf(edit: Callable[[Pdf], object] = lambda _pdf: None, *, pages: int = 1, **how: Any) -> bytes:  # noqa: ANN401 -- whatever pikepdf takes
    """Return a PDF of blank pages, once `edit` has done its work."""
    written = io.BytesIO()
    with pikepdf.new() as made:
        for _page in range(pages):
            made.add_blank_page(page_size=(595, 842))
        edit(made)
        made.save(written, static_id=True, **how)
    return written.getvalue()


@cache
def invoice() -> bytes:
    return typst.compile("Autocars du Hurepoix \\\nTotal TTC 184,50 €\n#pagebreak()\nConditions générales".encode(), format="pdf")


def packed(made: Pdf, content: bytes, *filters: Name) -> pikepdf.Stream:
    """Make a stream of bytes that are packed already."""
    stream = made.make_stream(content)
    stream.Filter = Array(filters) if len(filters) > 1 else filters[0]
    return stream


@cache
def blanks(megabytes: int) -> bytes:
    """Return so many megabytes of blanks, deflated: one block again and again, to save the time of packing them."""
    packing, block, checksum = zlib.compressobj(9, wbits=-15), b" " * 1_000_000, 1
    once = packing.compress(block) + packing.flush(zlib.Z_FULL_FLUSH)
    for _ in range(megabytes):
        checksum = zlib.adler32(block, checksum)
    return b"\x78\xda" + once * megabytes + b"\x03\x00" + checksum.to_bytes(4, "big")


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def archive(**members: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return written.getvalue()


def office() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
    return written.getvalue()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "PDF": invoice,
    "JPEG": lambda: saved(photograph(), "JPEG", exif=exif(6)),
    "PNG": lambda: saved(photograph(), "PNG", exif=exif(6)),
    "WEBP": lambda: saved(photograph(), "WEBP", exif=exif(6)),
    "GIF": lambda: saved(photograph(), "GIF"),
    "TIFF": lambda: saved(photograph(), "TIFF"),
    "HEIF": lambda: saved(photograph(), "HEIF"),
}
"""One honest file of each kind."""
