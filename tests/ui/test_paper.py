"""Documents: archivable, accessible, and deaf to whatever a label tries."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from retkoop.domain.checks.finding import Finding, Place, Remark, Severity
from retkoop.ui.paper.document import DRAWABLE, drawable
from tests.year_end.papers import paper, printed, read, relabelled, words

PART = "{http://www.aiim.org/pdfa/ns/id/}part"
CONFORMANCE = "{http://www.aiim.org/pdfa/ns/id/}conformance"
UA_PART = "{http://www.aiim.org/pdfua/ns/id/}part"

HOSTILE = [
    '#panic("x") #sys.inputs.data #let x = 1',
    "\\ *gras* _it_ $x^2$ <etiquette> @ref [crochets] `code` // /* -- --- ~",
    '"), (), #read("/etc/passwd")',
    "= Titre\n- liste\n+ 1",
    "{{ 7 * 7 }} {% raw %} <script>alert(1)</script>",
]


@pytest.fixture(scope="module")
def document() -> PdfReader:
    return read(printed(paper()))


def root_of(document: PdfReader) -> Any:  # noqa: ANN401 -- pypdf types no entry of a dictionary
    return document.trailer["/Root"]


def xmp(document: PdfReader) -> ET.Element:
    metadata = root_of(document)["/Metadata"].get_object()
    return ET.fromstring(metadata.get_data())  # noqa: S314 -- our own document


def described(document: PdfReader, name: str) -> str | None:
    return next((node.text for node in xmp(document).iter(name)), None)


def test_it_is_pdf_a_2a_and_pdf_ua_1(document: PdfReader) -> None:
    assert [described(document, name) for name in (PART, CONFORMANCE, UA_PART)] == ["2", "A", "1"]


def test_it_is_tagged_french_and_titled(document: PdfReader) -> None:
    root = root_of(document)
    title = "Compte rendu financier 2025-2026, École Jean-Jaurès (0910000A)"
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("fr", True, True)
    assert document.metadata is not None
    assert (document.metadata.title, document.metadata.author) == (title, "École Jean-Jaurès")
    assert str(document.metadata.creation_date) == "2026-09-20 12:00:00+00:00"


def test_its_fonts_are_ours_and_embedded(document: PdfReader) -> None:
    fonts = {}
    pages: list[Any] = list(document.pages)
    for page in pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[descendant["/BaseFont"].split("+")[1]] = "/FontFile2" in descendant["/FontDescriptor"].get_object()
    assert fonts == {"AtkinsonHyperlegible-Regular": True, "AtkinsonHyperlegible-Bold": True}


def test_the_same_data_make_the_same_document() -> None:
    assert printed(paper()) == printed(paper())


def test_several_threads_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        documents = list(threads.map(lambda _: printed(paper()), range(8)))
    assert len(set(documents)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Livres, CE1", "Livres, CE1"),
        ("1\u202f234,50\u00a0€", "1\u202f234,50\u00a0€"),
        ("E\u0301cole", "École"),
        ("Łódź, Ελλάδα, Москва", "Łódź, Ελλάδα, Москва"),
        ("Noël 🎄🎁 !", "Noël � !"),
        ("👨\u200d👩\u200d👧", "�"),
        ("a\u202egro.elpmexe", "a�gro.elpmexe"),
        ("\u0600\u0601 مرحبا", "� �"),
        ("a\x00b\x1bc\ud800", "a�b�c�"),
        ("une\tligne\r\nde plus", "une ligne de plus"),
        ("W" * 28, "\u200b".join("W" * 28)),
        ("W" * 27, "W" * 27),
        ("", ""),
    ],
)
def test_what_can_be_drawn(text: str, expected: str) -> None:
    assert drawable(text) == expected


def test_every_character_kept_can_be_drawn() -> None:
    kept = [chr(code) for code in range(0x20, 0x10000) if drawable(chr(code)) == chr(code) and re.match(f"[{DRAWABLE}]", chr(code))]
    lines = [" ".join(kept[start : start + 80]) for start in range(0, len(kept), 80)]
    findings = [Finding("libelle-vague", Severity.CONSEIL, Remark(line, "Voir", Place.CAHIER)) for line in lines]
    assert len(kept) > 1500
    assert len(printed(paper(findings=findings))) > 100_000


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_text_and_nothing_else(label: str) -> None:
    document = printed(paper(relabelled(label)))
    assert " ".join(label.split()).replace(" ", "") in words(document).replace(" ", "")


@pytest.mark.parametrize("label", ["🎉🎉", "\u202eabc", "مرحبا", "\x07", "�" * 200, "W" * 200, "\u0301\u0301", "\u200b" * 50, "\ud83c"])
def test_no_label_stops_the_document(label: str) -> None:
    assert len(read(printed(paper(relabelled(label)))).pages) >= 2


def test_a_word_of_two_hundred_letters_stays_in_its_column() -> None:
    word = "Mississippi" * 18
    document = printed(paper(relabelled(word)))
    longest = max(len(line) for page in read(document).pages for line in page.extract_text().replace("\u200b", "").splitlines())
    assert longest < 150
    assert word in words(document).replace(" ", "")
