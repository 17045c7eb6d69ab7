"""What is refused before or while it is opened, and the sentence that says so."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from retkoop.archive.cleaning import Limits, RefusedFile, cleaned
from tests.archive.cleaning.corpus import SAMPLES, archive, clean, invoice, office, photograph, picture, refusal, saved

UNKNOWN = "Ce type de fichier n’est pas accepté. Envoyez un PDF ou une photo (JPEG, PNG, WebP, GIF, HEIC, TIFF)."
SVG = "Une image SVG peut contenir un programme. Envoyez un PDF ou une photo."
HTML = "C’est une page web. Imprimez-la en PDF, puis envoyez le PDF."
OFFICE = "C’est un document bureautique. Exportez-le en PDF, puis envoyez le PDF."
ZIP = "C’est une archive ZIP. Ouvrez-la, puis envoyez en PDF ou en photo les documents qu’elle contient."
DISGUISED = "Ce fichier en cache un autre d’un autre type. Imprimez le document en PDF ou photographiez-le, puis envoyez le résultat."
TRUNCATED = "Cette image est incomplète\u202f: sa fin manque. Copiez-la de nouveau depuis l’appareil qui l’a prise."
DAMAGED = "Ce fichier est abîmé ou incomplet. Ouvrez-le sur votre appareil, enregistrez-le de nouveau, puis renvoyez-le."
EMPTY = "Ce fichier est vide\u202f: vérifiez-le sur votre appareil, puis envoyez-le de nouveau."

NOISE = random.Random(3).randbytes(70_000)  # noqa: S311 -- bytes for a test


def test_an_empty_file() -> None:
    assert refusal(b"") == EMPTY


def test_one_that_is_too_big(tmp_path: Path) -> None:
    sent = tmp_path / "film"
    with sent.open("wb") as stream:
        stream.truncate(20_000_001)
    with pytest.raises(RefusedFile, match=r"^Ce fichier est trop lourd\u202f: 20 Mo au plus\.$"), cleaned(sent, Limits()):
        pass
    assert refusal(b"x" * 1_000_001, Limits(megabytes=1)) == "Ce fichier est trop lourd\u202f: 1 Mo au plus."


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"Bonjour", UNKNOWN),
        (b"\0" * 2000, UNKNOWN),
        (b"MZ" + NOISE[:500], UNKNOWN),
        (b"RIFF\x24\0\0\0WAVEfmt ", UNKNOWN),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", UNKNOWN),
        (b"BM" + b"\0" * 60, UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", SVG),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- -->\n<SVG/>", SVG),
        (b"<!DOCTYPE html><p>Facture</p>", HTML),
        (b"\n <HTML><body>", HTML),
        (b"<script>alert(1)</script>", HTML),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, OFFICE),
        (b"{\\rtf1 Facture}", OFFICE),
        (office(), OFFICE),
        (archive(mimetype="application/vnd.oasis.opendocument.text"), OFFICE),
        (archive(facture="184,50"), ZIP),
        (archive(), ZIP),
    ],
    ids=range(17),
)
def test_what_is_no_document(content: bytes, why: str) -> None:
    assert refusal(content) == why


def test_a_name_that_lies_changes_nothing(tmp_path: Path) -> None:
    sent = tmp_path / "facture.pdf"
    sent.write_bytes(picture("PNG"))
    with cleaned(sent, Limits()) as about:
        assert about.media_type == "image/png"


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_an_archive_behind_it(kind: str) -> None:
    assert refusal(SAMPLES[kind]() + archive(virus="x")) == DISGUISED
    assert refusal(SAMPLES[kind]() + archive(virus="x") + b"and some more") == DISGUISED


def test_the_mark_of_an_archive_may_occur_by_chance() -> None:
    chance = struct.pack("<4s4H2LH", b"PK\x05\x06", 7, 0, 3, 9, 4_000_000_000, 0, 60_000)
    assert clean(picture() + chance).about.media_type == "image/jpeg"
    assert clean(picture() + b"PK\x05\x06").about.media_type == "image/jpeg"


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", b"MZ" + b"\0" * 100, b"<?php ?>", b"x" * 1000])
def test_a_pdf_that_begins_later(before: bytes) -> None:
    assert refusal(before + invoice()) == DISGUISED


@pytest.mark.parametrize(
    "mark", [b"%PDF-1.7", b"<html>", b"<SCRIPT src=x>", b"<?php system('x'); ?>", b"<svg onload=x>", b"<!DOCTYPE html>"]
)
def test_an_image_or_a_pdf_whose_head_is_something_else(mark: bytes) -> None:
    assert refusal(saved(photograph(), "JPEG", comment=mark)) == DISGUISED
    assert refusal(saved(photograph(), "GIF", comment=mark)) == DISGUISED
    assert refusal(invoice().replace(b"\n", b"\n%" + mark + b"\n", 1)) == DISGUISED


@pytest.mark.parametrize(("at", "mark"), [(257, b"ustar"), (0x8001, b"CD001")])
def test_one_that_is_a_tape_or_a_disk_besides(at: int, mark: bytes) -> None:
    content = bytearray(saved(Image.effect_noise((400, 400), 90), "PNG"))
    content[at : at + len(mark)] = mark
    assert refusal(bytes(content)) == DISGUISED


@pytest.mark.parametrize(
    "annex",
    [
        b"Rar!\x1a\x07",
        b"PK\x03\x04" + NOISE[:99],
        b"\0\0\0MZ\x90",
        b"\x7fELF",
        b"#!/bin/sh",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08",
        invoice(),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_something_else_behind_an_image(kind: str, annex: bytes) -> None:
    assert refusal(picture(kind) + annex) == DISGUISED


@pytest.mark.parametrize("annex", [b"..<html><body>", b"..<?php x ?>", b"..%PDF-1.4", NOISE], ids=["html", "php", "pdf", "much"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_too_much_behind_an_image(kind: str, annex: bytes) -> None:
    assert refusal(picture(kind) + annex) == DISGUISED


@pytest.mark.parametrize(
    "annex",
    [b"\0" * 5000, NOISE[:5000], picture(size=(600, 400)) + b"\0" * 70_000, b"\0\0\0\x18ftypmp42" + NOISE, NOISE + b"SEFT"],
    ids=["padding", "notes", "second view", "film", "trailer"],
)
def test_what_telephones_add_to_theirs_is_dropped(annex: bytes) -> None:
    made = clean(saved(photograph(), "JPEG") + annex)
    assert made.content == clean(saved(photograph(), "JPEG")).content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "HEIF"])
@pytest.mark.parametrize("cut", [lambda whole: whole[:-3], lambda whole: whole[: len(whole) * 2 // 3]], ids=["end", "third"])
def test_an_image_that_was_cut_off(kind: str, cut: Callable[[bytes], bytes]) -> None:
    assert refusal(cut(SAMPLES[kind]())) == TRUNCATED


def test_a_tiff_that_was_cut_off() -> None:
    assert refusal(SAMPLES["TIFF"]()[:-900]) == DAMAGED


@pytest.mark.parametrize(
    "content",
    [
        picture("PNG").replace(b"IDAT", b"IDAX"),
        b"\xff\xd8\xff\xd8" + b"\0" * 100,
        b"GIF89a\x01\0\x01\0\0\0\0?",
        b"\0\0\0\x14ftypheic\0\0\0\0mif1\0\0\0\x04meta",
        b"RIFF\x0c\0\0\0WEBPVP8 \0\0\0\0",
        b"II*\0\x08\0\0\0\0\0\0\0\0\0",
    ],
    ids=["png", "jpeg", "gif", "heif", "webp", "tiff"],
)
def test_an_image_without_sense(content: bytes) -> None:
    assert refusal(content) == DAMAGED
