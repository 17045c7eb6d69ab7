"""Images: what a telephone, a scanner or a screen gives becomes one plain picture."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from retkoop.archive.cleaning import RefusedFile
from tests.archive.cleaning.corpus import clean, drawn, exif, photograph, picture, refusal, saved

RED = (254, 0, 0)
TOO_HEAVY = "Ce fichier est trop lourd à ouvrir. Photographiez le document, ou imprimez-le en PDF, puis envoyez le résultat."
SEVERAL = "Ce fichier contient plusieurs images. Enregistrez-le en PDF, ou envoyez une photo par image."
CUT = "Cette image est incomplète\u202f: sa fin manque. Copiez-la de nouveau depuis l’appareil qui l’a prise."


def is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    pixel = image.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return pixel[0] > 180 and max(pixel[1:3]) < 90


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "HEIF"])
def test_each_kind_of_photograph_becomes_a_jpeg(kind: str) -> None:
    made = clean(saved(photograph(), kind))
    assert (made.about.media_type, made.picture.format, made.picture.mode, made.picture.size) == ("image/jpeg", "JPEG", "RGB", (120, 80))
    assert (made.about.pages, made.about.text, made.about.size) == (1, "", len(made.content))
    assert is_red(made.picture, (4, 4))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_few_colours_stays_one(mode: str) -> None:
    made = clean(picture("PNG", mode))
    assert (made.about.media_type, made.picture.format, made.picture.mode, made.picture.size) == ("image/png", "PNG", "RGB", (120, 80))


def test_inks_for_printing_become_colours_of_a_screen() -> None:
    made = clean(saved(photograph().convert("CMYK"), "JPEG"))
    assert (made.picture.mode, is_red(made.picture, (4, 4))) == ("RGB", True)


def test_sixteen_bits_of_a_scanner_keep_their_greys() -> None:
    deep = Image.new("I;16", (10, 10), 32_768)
    assert clean(saved(deep, "PNG")).picture.getpixel((5, 5)) == (127, 127, 127)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_it_is_turned_upright(kind: str) -> None:
    made = clean(saved(photograph(), kind, exif=exif(orientation=6)))  # held a quarter of a turn to the left
    assert (made.picture.size, is_red(made.picture, (76, 4)), is_red(made.picture, (4, 4))) == ((80, 120), True, False)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_nothing_tells_where_or_by_whom_it_was_taken(kind: str) -> None:
    sent = saved(photograph(), kind, exif=exif())
    assert b"Telephone de la maitresse" in sent
    made = clean(sent)
    assert (b"Telephone" in made.content, dict(made.picture.getexif()), made.picture.info.get("xmp")) == (False, {}, None)


def test_comments_and_text_go_too() -> None:
    assert b"chez Alice" not in clean(saved(photograph(), "JPEG", comment=b"chez Alice")).content
    assert b"chez Alice" not in clean(saved(photograph(), "GIF", comment=b"chez Alice")).content


def test_a_profile_is_applied_and_left_behind() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = clean(saved(photograph(), "JPEG", icc_profile=profile))
    assert ("icc_profile" in made.picture.info, is_red(made.picture, (4, 4))) == (False, True)


def test_a_profile_that_cannot_be_read_changes_nothing() -> None:
    assert is_red(clean(saved(photograph(), "JPEG", icc_profile=b"nonsense")).picture, (4, 4))


@pytest.mark.parametrize(("size", "becomes"), [((4000, 1000), (2400, 600)), ((1000, 4000), (600, 2400)), ((2400, 2400), (2400, 2400))])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_it_is_no_larger_than_needed(kind: str, size: tuple[int, int], becomes: tuple[int, int]) -> None:
    assert clean(picture(kind, "RGB", size)).picture.size == becomes


def test_what_is_transparent_lies_on_white() -> None:
    made = clean(saved(Image.new("RGBA", (10, 10), (255, 0, 0, 0)), "PNG"))
    assert made.picture.getpixel((5, 5)) == (255, 255, 255)


def test_a_transparent_colour_of_a_palette_lies_on_white() -> None:
    made = clean(saved(Image.new("P", (10, 10), 0), "GIF", transparency=0))
    assert made.picture.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "HEIF"])
def test_several_images_in_one_file_are_refused(kind: str) -> None:
    later = [Image.new("RGB", (120, 80), colour) for colour in ("blue", "green")]
    assert refusal(saved(photograph(), kind, save_all=True, append_images=later)) == SEVERAL


def test_the_second_view_of_a_telephone_is_left_behind() -> None:
    made = clean(saved(photograph(), "MPO", save_all=True, append_images=[Image.new("RGB", (120, 80), "blue")]))
    assert (made.about.media_type, is_red(made.picture, (4, 4))) == ("image/jpeg", True)


def png(rows: int, size: tuple[int, int], *, interlaced: bool = False) -> bytes:
    """Return a grey PNG in which so many rows of bytes are packed, whatever its head says."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")

    width, height = size
    head = struct.pack(">2I5B", width, height, 8, 0, 0, 0, interlaced)
    data = zlib.compress((b"\0" + b"\x80" * width) * rows)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data[:9]) + chunk(b"IDAT", data[9:]) + chunk(b"IEND", b"")


def test_a_png_that_has_not_all_its_rows_is_refused() -> None:
    assert [refusal(png(rows, (50, 100))) for rows in (40, 99)] == [CUT, CUT]
    assert clean(png(100, (50, 100))).picture.size == (50, 100)


def test_an_interlaced_png_is_counted_by_its_passes() -> None:
    """Of one pixel's width, it has a byte of filter and one of grey for each pixel: as many as without passes."""
    assert (refusal(png(99, (1, 100), interlaced=True)), clean(png(100, (1, 100), interlaced=True)).picture.size) == (CUT, (1, 100))


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"restart_marker_rows": 1}], ids=["usual", "progressive", "restarts"])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_that_was_cut_and_closed_is_refused(mode: str, how: dict[str, object]) -> None:
    whole = saved(photograph((640, 480)).convert(mode), "JPEG", **how)
    assert clean(whole).picture.size == (640, 480)
    assert [refusal(whole[: len(whole) * share // 10] + b"\xff\xd9") for share in (5, 9)] == [CUT, CUT]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_small_file_that_becomes_huge_is_refused(kind: str) -> None:
    bomb = saved(Image.new("1", (12_000, 8_000)), kind, **({"compression": "group4"} if kind == "TIFF" else {}))
    assert len(bomb) < 100_000
    assert refusal(bomb) == TOO_HEAVY


def test_one_that_takes_too_much_memory_is_refused() -> None:
    """Below our limit of pixels, above what the process may take: it ends there, and the server goes on."""
    bomb = saved(Image.new("RGB", (8_900, 8_900)), "WEBP", lossless=True, quality=0, method=0)
    assert len(bomb) < 100
    assert refusal(bomb) == TOO_HEAVY


def test_a_page_is_drawn() -> None:
    made = clean(saved(photograph(), "JPEG"))
    small = drawn(made.content, made.about.media_type, 1, 30)
    assert (small.format, small.size, is_red(small, (2, 2))) == ("JPEG", (30, 20), True)


def test_it_is_not_drawn_larger_than_it_is() -> None:
    assert drawn(clean(picture("PNG")).content, "image/png", 1, 800).size == (120, 80)


@pytest.mark.parametrize("page", [0, 2])
def test_an_image_has_one_page(page: int) -> None:
    with pytest.raises(RefusedFile, match=r"^Cette page n’existe pas\.$"):
        drawn(picture(), "image/jpeg", page, 100)


def test_cleaning_what_is_clean_loses_nothing_that_tells() -> None:
    once = clean(saved(photograph(), "PNG"))
    assert Image.open(io.BytesIO(clean(once.content).content)).size == once.picture.size
