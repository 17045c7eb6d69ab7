"""Whatever comes in, the answer is a clean file or a sentence, and it comes in time."""

from __future__ import annotations

from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st

from retkoop.archive.cleaning import RefusedFile
from tests.archive.cleaning.corpus import SAMPLES, clean, invoice

FEW = settings(max_examples=15)  # each starts a process
HEADS = (
    b"",
    b"%PDF-1.7\n",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"RIFF\x80\0\0\0WEBP",
    b"\0\0\0\x18ftypheic",
)
KINDS = st.sampled_from(sorted(SAMPLES))
PLACES = st.floats(0, 1, exclude_max=True)


@cache
def sample(kind: str) -> bytes:
    return SAMPLES[kind]()


def outcome(content: bytes) -> str:
    try:
        return clean(content).about.media_type
    except RefusedFile as refusal:
        return str(refusal)


@FEW
@given(st.sampled_from(HEADS), st.binary(max_size=400))
@example(b"GIF89a", b"\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;")
def test_bytes_without_order(head: bytes, rest: bytes) -> None:
    assert outcome(head + rest)


@FEW
@given(KINDS, PLACES)
def test_a_file_cut_anywhere(kind: str, place: float) -> None:
    whole = sample(kind)
    said = outcome(whole[: int(place * len(whole))])
    assert said.startswith(("C", "image/" if kind == "TIFF" else "C"))  # a TIFF may hold something after its image


@FEW
@given(KINDS, PLACES, st.integers(0, 7))
def test_a_byte_flipped_anywhere(kind: str, place: float, bit: int) -> None:
    content = bytearray(sample(kind))
    content[int(place * len(content))] ^= 1 << bit
    assert outcome(bytes(content))


@FEW
@given(st.integers(0, len(invoice()) - 40), st.binary(min_size=1, max_size=40))
def test_a_stretch_of_a_pdf_overwritten(at: int, by: bytes) -> None:
    content = invoice()
    assert outcome(content[:at] + by + content[at + len(by) :])
