"""PDF: its pages and what they show are kept, whatever acts, hides or tells is not."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal

import pikepdf
import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from retkoop.archive.cleaning import Limits, RefusedFile
from tests.archive.cleaning.corpus import KEPT_PACKED, blanks, clean, drawn, exif, invoice, packed, pdf, photograph, refusal, saved, script

DAMAGED = "Ce PDF est abîmé ou incomplet. Ouvrez-le sur votre appareil, imprimez-le en PDF, puis envoyez le résultat."
ENCRYPTED = "Ce PDF est protégé par un mot de passe ou chiffré. Ouvrez-le, imprimez-le de nouveau en PDF, puis envoyez le résultat."
TOO_HEAVY = "Ce fichier est trop lourd à ouvrir. Photographiez le document, ou imprimez-le en PDF, puis envoyez le résultat."
PAGE_KEYS = {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}


def words(made: Pdf) -> Iterator[str]:
    """Yield each key and name that a PDF holds, wherever it stands."""
    for thing in made.objects:
        yield from _words(thing, 20)


def _words(thing: Object, depth: int) -> Iterator[str]:
    if isinstance(thing, Dictionary | Stream) and depth:
        for key in thing.keys():  # noqa: SIM118 -- a pikepdf object iterates over its values
            yield key
            if key != "/Parent":
                yield from _words(thing[key], depth - 1)
    elif isinstance(thing, Array) and depth:
        for item in thing:
            yield from _words(item, depth - 1)
    elif isinstance(thing, Name):
        yield str(thing)


def test_an_invoice_comes_through_with_its_text() -> None:
    made = clean(invoice())
    assert (made.about.media_type, made.about.pages, made.about.size) == ("application/pdf", 2, len(made.content))
    assert made.about.text == "Autocars du Hurepoix\nTotal TTC 184,50 €\nConditions générales"


def test_it_can_be_read_by_others() -> None:
    read = pypdf.PdfReader(io.BytesIO(clean(invoice()).content), strict=True)
    assert [page.extract_text().splitlines()[0] for page in read.pages] == ["Autocars du Hurepoix", "Conditions générales"]


def test_the_same_file_becomes_the_same_file() -> None:
    once, again = clean(invoice()), clean(invoice())
    assert (once.about.digest, once.content) == (again.about.digest, again.content)


def test_text_is_kept_up_to_a_point() -> None:
    def write_much(made: Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        made.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=font))
        line = b"(" + b"a" * 1000 + b") Tj 0 -5 Td "
        made.pages[0].obj.Contents = made.make_stream(b"BT /F1 0.1 Tf 9 800 Td " + line * 120 + b"ET")

    assert len(clean(pdf(write_much)).about.text) == 100_000


def act_everywhere(made: Pdf) -> None:
    """Put a script wherever one can stand."""
    made.Root.OpenAction = script()
    made.Root.AA = Dictionary(WC=script())
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))
    made.attachments["paye.exe"] = b"MZ"
    made.Root.AF = Array([made.attachments["paye.exe"].obj])
    made.Root.Outlines = Dictionary(First=Dictionary(Title=String("a"), A=script()))
    page = made.pages[0].obj
    page.AA = Dictionary(O=script())
    page.PieceInfo = Dictionary(Draw=Dictionary(Private=1))
    page.Metadata = made.make_stream(b"<x:xmpmeta/>")
    made.docinfo["/Author"] = "Alice"
    with made.open_metadata() as told:
        told["dc:title"] = "Chez Alice"


def test_nothing_in_it_acts_carries_or_tells() -> None:
    made = clean(pdf(act_everywhere)).pdf
    assert (set(made.Root.keys()), "/Info" in made.trailer) == ({"/Type", "/Pages"}, False)
    assert set(made.pages[0].obj.keys()) == {*PAGE_KEYS}
    acting = {"/JavaScript", "/JS", "/AA", "/OpenAction", "/EmbeddedFile", "/EF", "/AF", "/PieceInfo", "/Metadata", "/Author"}
    assert acting.intersection(words(made)) == set()


@pytest.mark.parametrize("subtype", ["RichMedia", "FileAttachment", "Movie", "Sound", "Screen", "3D", "Popup", "Redact", "Inconnue"])
def test_annotations_that_play_or_carry_are_gone(subtype: str) -> None:
    def annotate(made: Pdf) -> None:
        looks = made.make_stream(b"0 0 10 10 re f", Subtype=Name.Form, BBox=[0, 0, 10, 10])
        note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=[0, 0, 10, 10], AP=Dictionary(N=looks))
        made.pages[0].obj.Annots = Array([made.make_indirect(note)])

    found = set(words(clean(pdf(annotate)).pdf))
    assert found & {"/Annots", "/Annot", "/AP", "/Form", f"/{subtype}"} == set()


@pytest.mark.parametrize("action", ["JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "URI", "Rendition"])
def test_links_lead_nowhere(action: str) -> None:
    def link(made: Pdf) -> None:
        then = Dictionary(S=Name(f"/{action}"), F=String("cmd.exe"), URI=String("http://x.example"))
        made.pages[0].obj.Annots = Array([made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=then))])

    assert set(words(clean(pdf(link)).pdf)) & {"/Annots", "/A", "/S", f"/{action}"} == set()


def fill_in(made: Pdf) -> None:
    """Add a form with a field that was filled in, and a script to check it."""
    font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    look = String("/Helv 12 Tf 0 g")
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("nom"), V=String("Montant 184,50"), DA=look, F=4)
    field.Rect, field.A, field.AA = Array([100, 700, 300, 720]), script(), Dictionary(K=script())
    shown = made.make_indirect(field)
    made.pages[0].obj.Annots = Array([shown])
    resources = Dictionary(Font=Dictionary(Helv=font))
    made.Root.AcroForm = Dictionary(Fields=Array([shown]), NeedAppearances=True, DA=look, DR=resources, XFA=made.make_stream(b"<xdp/>"))


def test_a_form_keeps_what_was_written_in_it_and_is_no_form_any_more() -> None:
    made = clean(pdf(fill_in))
    assert made.about.text == "Montant 184,50"
    assert set(words(made.pdf)) & {"/AcroForm", "/XFA", "/Annots", "/Widget", "/AA", "/JS"} == set()


def test_a_hidden_layer_stays_hidden() -> None:
    def layer(made: Pdf) -> None:
        group = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("Brouillon")))
        made.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))
        made.pages[0].obj.Resources = Dictionary(Properties=Dictionary(L1=group))
        made.pages[0].obj.Contents = made.make_stream(b"/OC /L1 BDC 0 0 595 842 re f EMC")

    shown = drawn(clean(pdf(layer)).content, "application/pdf", 1, 50).convert("L")
    assert shown.getpixel((25, 35)) == 255


def test_photographs_in_it_forget_where_they_were_taken() -> None:
    def scan(made: Pdf) -> None:
        image = packed(made, saved(photograph(), "JPEG", exif=exif(), comment=b"chez Alice"), Name.DCTDecode)
        image.update(Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=120, Height=80, ColorSpace=Name.DeviceRGB, BitsPerComponent=8))
        made.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Im=image))
        made.pages[0].obj.Contents = made.make_stream(b"595 0 0 842 0 0 cm /Im Do")

    sent = pdf(scan)
    made = clean(sent)
    assert [(b"Telephone" in content, b"chez Alice" in content) for content in (sent, made.content)] == [(True, True), (False, False)]
    red = drawn(made.content, "application/pdf", 1, 100).getpixel((10, 10))
    assert isinstance(red, tuple)
    assert red[0] > 180
    assert red[1] < 90


def photographed(*filters: Name, cut: int | None = None, wrap: Callable[[bytes], bytes] = bytes) -> bytes:
    """Return a PDF with a photograph that tells where it was taken, wrapped in filters."""

    def scan(made: Pdf) -> None:
        image = packed(made, wrap(saved(photograph(), "JPEG", exif=exif())[:cut]), *filters)
        image.update(Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=120, Height=80, ColorSpace=Name.DeviceRGB, BitsPerComponent=8))
        made.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Im=image))
        made.pages[0].obj.Contents = made.make_stream(b"595 0 0 842 0 0 cm /Im Do")

    return pdf(scan, stream_decode_level=KEPT_PACKED)


def hexed(content: bytes) -> bytes:
    return content.hex().encode() + b">"


def everything_in(made: Pdf) -> bytes:
    return b"".join(thing.read_raw_bytes() for thing in made.objects if isinstance(thing, Stream))


@pytest.mark.parametrize(
    ("filters", "wrap"),
    [
        ([Name.FlateDecode, Name.DCTDecode], zlib.compress),
        ([Name.ASCIIHexDecode, Name.DCTDecode], hexed),
        ([Name.AHx, Name.Fl, Name.DCT], lambda content: hexed(zlib.compress(content))),
        ([Name.DCTDecode], lambda content: content + content),
    ],
    ids=["deflated", "in letters", "both, in short", "another after its end"],
)
def test_photographs_that_are_wrapped_forget_it_too(filters: list[Name], wrap: Callable[[bytes], bytes]) -> None:
    made = clean(photographed(*filters, wrap=wrap))
    kept = made.pdf
    image = kept.pages[0].obj.Resources.XObject.Im
    assert (image.Filter, b"Telephone" in image.read_raw_bytes()) == (Name.DCTDecode, False)
    red = drawn(made.content, "application/pdf", 1, 100).getpixel((10, 10))
    assert isinstance(red, tuple)
    assert (red[0] > 180, red[1] < 90) == (True, True)


@pytest.mark.parametrize(
    "content",
    [
        photographed(Name.DCTDecode, cut=-400),
        photographed(Name.FlateDecode, Name.DCTDecode, cut=-400, wrap=zlib.compress),
        photographed(Name.FlateDecode, Name.DCTDecode, wrap=lambda content: zlib.compress(content)[:-40]),
        photographed(Name.DCTDecode, cut=2),
    ],
    ids=["cut", "cut and wrapped", "its wrapping cut", "all but its mark"],
)
def test_one_with_a_photograph_that_is_cut_is_refused(content: bytes) -> None:
    assert refusal(content) == DAMAGED


def box(name: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + name + content


def show_jpeg_2000(told: bytes, cut: int | None = None) -> bytes:
    def scan(made: Pdf) -> None:
        image = packed(made, (saved(photograph(), "JPEG2000") + told)[:cut], Name.JPXDecode)
        image.update(Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=120, Height=80))
        made.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Im=image))

    return pdf(scan)


def test_jpeg_2000_forgets_it_too() -> None:
    told = box(b"xml ", b"<x>48.51N</x>") + box(b"uuid", b"48.51N") + b"\0\0\0\1xml \0\0\0\0\0\0\0\x1648.51N" + b"\0\0\0\0uuid48.51N"
    made = clean(show_jpeg_2000(told)).pdf
    assert made.pages[0].obj.Resources.XObject.Im.read_raw_bytes() == saved(photograph(), "JPEG2000")


def test_jpeg_2000_that_is_cut_is_refused() -> None:
    assert [refusal(show_jpeg_2000(told, cut)) for told, cut in ((b"", -40), (b"\0\0\0\4xml ", None), (b"\0\0", None))] == [DAMAGED] * 3


def carry_by_the_side(made: Pdf) -> None:
    """Put a file and scripts where readers do not look, and fonts under the same names."""
    file = made.make_stream(b"MZ the program", Type=Name.EmbeddedFile)
    carrier = Dictionary(Type=Name.Filespec, F=String("paye.exe"), EF=Dictionary(F=file, UF=file))
    bare = made.make_indirect(Dictionary(F=String("paye.exe"), EF=Dictionary(F=made.make_stream(b"MZ the program"))))
    font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    marks = Dictionary(
        MC0=Dictionary(AF=Array([carrier]), X=file), MC1=Dictionary(AF=bare, Y=Array([1, bare, made.make_indirect(script())]))
    )
    states = Dictionary(GS=Dictionary(Next=Array([Array([script()])]), EF=Dictionary(F=made.make_stream(b"MZ the program"))))
    made.pages[0].obj.Resources = Dictionary(Font=Dictionary(AF=font, EF=font, S=font), Properties=marks, ExtGState=states)
    made.pages[0].obj.Contents = made.make_stream(b"BT /AF 12 Tf 9 800 Td (Total) Tj /EF 12 Tf ( 184,50) Tj ET")
    made.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(OFF=Array(), Z=script()), X=script(), Y=Dictionary(Z=file))


def test_nothing_acts_or_is_carried_by_a_side_door() -> None:
    made = clean(pdf(carry_by_the_side))
    kept = made.pdf
    assert (made.about.text, b"the program" in everything_in(kept)) == ("Total 184,50", False)
    found = set(words(kept))
    assert found & {"/JavaScript", "/JS", "/EmbeddedFile", "/Filespec"} == set()
    assert kept.Root.OCProperties == Dictionary(OCGs=Array(), D=Dictionary(OFF=Array()))
    resources = kept.pages[0].obj.Resources
    assert (set(resources.Font.keys()), resources.Properties) == (
        {"/AF", "/EF", "/S"},
        Dictionary(MC0=Dictionary(), MC1=Dictionary(Y=Array([1]))),
    )
    assert resources.ExtGState == Dictionary(GS=Dictionary(Next=Array([Array()])))


@pytest.mark.parametrize("user", ["", "secret"])
def test_one_that_is_encrypted_is_refused_even_where_it_opens(user: str) -> None:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(invoice())) as made:
        made.save(written, encryption=pikepdf.Encryption(owner="chef", user=user))
    assert refusal(written.getvalue()) == ENCRYPTED


def test_pages_are_counted() -> None:
    assert clean(pdf(pages=30)).about.pages == 30
    assert refusal(pdf(pages=31)) == "Ce PDF a 31 pages\u202f: 30 au plus. Envoyez-le en plusieurs fois."
    assert refusal(pdf(pages=3), Limits(pages=2)) == "Ce PDF a 3 pages\u202f: 2 au plus. Envoyez-le en plusieurs fois."


def test_one_without_a_page_is_refused() -> None:
    assert refusal(pdf(pages=0)) == "Ce PDF n’a aucune page. Imprimez de nouveau le document en PDF."


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("/Collection", Dictionary(), "Ce PDF est un porte-documents. Ouvrez-le, puis envoyez un par un les documents qu’il contient."),
        (
            "/NeedsRendering",
            True,
            "Ce PDF est un formulaire que peu de lecteurs affichent. Ouvrez-le, imprimez-le en PDF, puis envoyez le résultat.",
        ),
    ],
)
def test_one_whose_pages_are_not_what_it_shows_is_refused(key: str, value: object, why: str) -> None:
    assert refusal(pdf(lambda made: made.Root.update({key: value}))) == why


def loop(made: Pdf) -> None:
    made.Root.Pages.Kids.append(made.Root.Pages)


def spoil(made: Pdf) -> None:
    content = bytearray(zlib.compress(b"0 0 m 100 100 l S " * 99 + bytes(range(256))))
    content[30] ^= 0x55  # the library would read it to its end, and say nothing
    made.pages[0].obj.Contents = packed(made, bytes(content), Name.FlateDecode)


def cut(left: slice) -> bytes:
    """Return a PDF whose page was deflated, then cut: its length is the one that it has."""

    def draw_half(made: Pdf) -> None:
        content = zlib.compress(b"0 0 m 100 100 l S " * 99 + bytes(range(256)))
        made.pages[0].obj.Contents = packed(made, content[left], Name.FlateDecode)

    return pdf(draw_half, stream_decode_level=KEPT_PACKED)


def read_another_file(made: Pdf) -> None:
    stream = made.make_stream(b"")
    stream.F = String("/etc/passwd")
    made.pages[0].obj.Contents = stream


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\nstartxref\n0\n%%EOF",
        b"%PDF-1.7\nstartxref\n9999999999\n%%EOF",
        invoice()[:-30],
        invoice()[: len(invoice()) // 2] + b"\nstartxref\n9\n%%EOF",
        invoice().replace(b"startxref", b"startxxxx"),
        invoice() + b"\0" * 2000,
        pdf(loop),
        pdf(spoil, stream_decode_level=KEPT_PACKED),
        cut(slice(120)),
        cut(slice(-4)),
        pdf(read_another_file),
        pdf(lambda made: made.pages[0].obj.update(Dictionary(MediaBox=String("a")))),
    ],
    ids=[
        *("head", "no table", "table out of it", "no end", "half", "no start", "far from its end", "loop", "spoilt"),
        *("cut", "no sum", "elsewhere", "no size"),
    ],
)
def test_one_that_is_damaged_is_refused_and_not_mended(content: bytes) -> None:
    assert refusal(content) == DAMAGED


def unpack_much(made: Pdf) -> None:
    made.pages[0].obj.Contents = packed(made, blanks(500), Name.FlateDecode)


def unpack_twice(made: Pdf) -> None:
    made.pages[0].obj.Contents = packed(made, zlib.compress(blanks(500)), Name.FlateDecode, Name.FlateDecode)


def unpack_often(made: Pdf) -> None:
    made.pages[0].obj.Contents = Array([packed(made, blanks(50), Name.FlateDecode) for _ in range(10)])


def show_a_huge_image(made: Pdf) -> None:
    image = packed(made, b"", Name.JBIG2Decode)
    image.update(Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=60_000, Height=60_000))
    made.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Im=image))


@pytest.mark.parametrize("bomb", [unpack_much, unpack_twice, unpack_often, show_a_huge_image])
def test_a_bomb_goes_off_outside_the_server(bomb: object) -> None:
    content = pdf(bomb, stream_decode_level=KEPT_PACKED)  # type: ignore[arg-type]  # parametrize takes anything
    assert len(content) < 2_000_000
    assert refusal(content) == TOO_HEAVY


def test_pages_are_drawn() -> None:
    made = clean(invoice())
    assert [drawn(made.content, "application/pdf", page, 300).size for page in (1, 2)] == [(300, 425), (300, 425)]


@pytest.mark.parametrize("size", [(10, 14_000), (0.01, 900), (14_000, 14_000)])
def test_a_page_of_any_shape_is_drawn_within_limits(size: tuple[float, float]) -> None:
    content = pdf(lambda made: made.pages[0].obj.update(Dictionary(MediaBox=[0, 0, *map(Decimal, map(str, size))])))
    picture = drawn(content, "application/pdf", 1, 1600)
    assert (picture.width <= 1600, picture.height <= 8001) == (True, True)


@pytest.mark.parametrize("page", [0, 3])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    with pytest.raises(RefusedFile, match=r"^Cette page n’existe pas\.$"):
        drawn(invoice(), "application/pdf", page, 100)


def test_what_is_lost_on_the_disk_cannot_be_drawn() -> None:
    with pytest.raises(RefusedFile) as refused:
        drawn(b"nothing left", "application/pdf", 1, 100)
    assert str(refused.value) == DAMAGED
