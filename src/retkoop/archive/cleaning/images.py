"""Images: whatever came, a new picture is painted and the old one left behind, with all that it carried.

Runs in the process of `child`, never in the server.
"""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path
from typing import Final

from PIL import Image, ImageCms, ImageOps

from retkoop.archive.cleaning import refusals
from retkoop.archive.cleaning.kinds import MOST_PIXELS, Kind
from retkoop.archive.cleaning.refusals import RefusedFile
from retkoop.archive.cleaning.wholeness import pixels_missing_from_png, scan_and_more

LONGEST_SIDE: Final = 2400
_QUALITY: Final = 85
_FEW_COLOURS: Final = 256
_MAY_HOLD_SEVERAL: Final = frozenset({Kind.TIFF, Kind.GIF, Kind.WEBP, Kind.PNG, Kind.HEIF})
"""All but JPEG: the second view that a telephone adds to its photograph is one more of the same."""
_DEEP: Final = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I", "F"})

Image.MAX_IMAGE_PIXELS = None  # our own limit is stricter, and says so in French


def clean_image(content: bytes, kind: Kind, target: Path) -> str:
    """Paint an image anew, upright and no larger than needed; return the media type of what was written."""
    with _opened(content, kind) as image:
        _refuse_missing_pixels(content, kind)
        picture = _flat(ImageOps.exif_transpose(_reduced(image, LONGEST_SIDE, LONGEST_SIDE)))
    if kind is Kind.PNG and picture.getcolors(_FEW_COLOURS):
        target.write_bytes(_saved(picture, "PNG"))
        return "image/png"
    target.write_bytes(jpeg(picture, _QUALITY))
    return "image/jpeg"


def draw_image(content: bytes, kind: Kind, page: int, width: int) -> bytes:
    """Return a cleaned image as a JPEG, at most so wide. Raises RefusedFile: it has one page."""
    if page != 1:
        raise RefusedFile(refusals.NO_SUCH_PAGE)
    with _opened(content, kind) as image:
        return jpeg(_flat(_reduced(image, width, 4 * width)))


def jpeg(picture: Image.Image, quality: int = 80) -> bytes:
    return _saved(picture, "JPEG", quality)


def _saved(picture: Image.Image, kind: str, quality: int = 0) -> bytes:
    """Return a picture as a file: in memory, since a disk that is full would end its encoder without a reason."""
    written = io.BytesIO()
    picture.save(written, kind, quality=quality, optimize=True)
    return written.getvalue()


def _opened(content: bytes, kind: Kind) -> Image.Image:
    if kind is Kind.HEIF:
        import pillow_heif  # noqa: PLC0415 -- slow to import, and few images need it

        pillow_heif.options.DECODE_THREADS = 1  # each thread would reserve memory that the limit counts
        pillow_heif.register_heif_opener()
    image = Image.open(io.BytesIO(content), formats=[kind.value])
    if image.width * image.height > MOST_PIXELS:
        raise RefusedFile(refusals.TOO_HEAVY_TO_OPEN)
    if kind in _MAY_HOLD_SEVERAL and _has_another(image):
        raise RefusedFile(refusals.SEVERAL_IMAGES)
    return image


def _refuse_missing_pixels(content: bytes, kind: Kind) -> None:
    """Refuse an image that was cut and closed again: what is missing would be painted grey or black, and kept as if it were whole."""
    if kind is Kind.PNG and pixels_missing_from_png(content):
        raise RefusedFile(refusals.TRUNCATED)
    if kind is Kind.JPEG and len({_sketch(file) for file in (content, scan_and_more(content))}) > 1:
        raise RefusedFile(refusals.TRUNCATED)


def _sketch(content: bytes) -> bytes:
    """Return a digest of the pixels of a JPEG, at the size in which it is kept."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        return sha256(image.tobytes()).digest()


def _has_another(image: Image.Image) -> bool:
    """Tell whether a second image follows, without counting them: there could be a million."""
    try:
        image.seek(1)
    except EOFError:
        return False
    return True


def _reduced(image: Image.Image, width: int, height: int) -> Image.Image:
    """Return an image no larger than asked, its EXIF and profile still with it: reduced first, the rest costs little."""
    image.draft(None, (width, height))  # a JPEG is read at a half, a quarter or an eighth of its size
    image.load()
    exif = image.getexif()
    small = image if image.mode in {"L", "RGB", "RGBA", "LA", "CMYK"} else _plain(image)
    if small.width > width or small.height > height:
        small.thumbnail((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    small.getexif().update(exif)
    return small


def _plain(image: Image.Image) -> Image.Image:
    """Return a palette, sixteen bits or another rare mode as one that can be reduced smoothly."""
    if image.mode in _DEEP:
        _lowest, highest = image.getextrema()
        scale = 255 / 65535 if isinstance(highest, float | int) and highest > 255 else 1
        return image.convert("F").point(lambda value: value * scale).convert("L")
    return image.convert("RGBA" if image.mode in {"PA", "La", "RGBa"} or "transparency" in image.info else "RGB")


def _flat(image: Image.Image) -> Image.Image:
    """Return the pixels alone, in sRGB, on white: nothing of what the image carried comes along."""
    image = _in_srgb(image)
    canvas = Image.new("RGB", image.size, "white")
    if "A" in image.mode or "transparency" in image.info:
        image = image.convert("RGBA")
        canvas.paste(image, mask=image.getchannel("A"))
    else:
        canvas.paste(image.convert("RGB"))
    return canvas


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the colours as the screen shows them where a profile says so; one that cannot be read changes nothing."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
