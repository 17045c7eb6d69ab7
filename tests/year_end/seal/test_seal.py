"""A sealed report: read by other means than those that made it, and found out where one byte of it has changed."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from retkoop.archive import storage
from retkoop.archive.models import Document
from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.domain.closing import VerifierQuality
from retkoop.network.access import Access
from retkoop.network.services import give_mandate
from retkoop.year_end.closing.services import send
from retkoop.year_end.models import SealCertificate, SealedReport
from retkoop.year_end.seal.certificate import der_of, known_certificates
from retkoop.year_end.seal.signing import NotSealed, seal_of
from retkoop.year_end.seal.verification import UNKNOWN, faults_of_seals, verdict_on
from retkoop.year_end.verifiers.invitations import Invited
from retkoop.year_end.verifiers.signing import seen_of, sign_as_mandataire
from tests.archive.sent import a_picture
from tests.books.coops import plain
from tests.year_end.closing.at_hand import AFTER, called, sent
from tests.year_end.verifiers.at_hand import OTHER, PARENT, invited, signed
from tests.year_end.verifiers.test_board import do, mark

pytestmark = pytest.mark.django_db


def content_of(report: SealedReport) -> bytes:
    with storage.opened(report.document.digest) as stream:
        return stream.read()


@pytest.fixture
def content(alice: Access, finished: Book) -> bytes:
    sent(alice, finished)
    return content_of(SealedReport.objects.get())


def test_a_signature_on_paper_that_does_not_count_says_nothing_of_the_report(alice: Access, client: Client, finished: Book) -> None:
    row = called(alice, finished).book
    invitations = [invited(alice, row, who) for who in (PARENT, OTHER)]
    paper: dict[str, object] = {"fichiers": a_picture(name="quitus.png"), "verifiers": [invitations[0].pk], "mark": mark(row)}
    assert do(client, row, "upload_quitus", paper) == ["Le quitus signé sur papier est gardé avec les documents."]
    give_mandate(author=SYSTEM, coop=alice.coop, holder="Inès Moreau", start=date(2025, 9, 1), end=date(2026, 8, 31))
    for one in (invitations[1], invited(alice, row, Invited("Zoé Blanc", VerifierQuality.PARENT))):
        signed(one, by_hand=True)
    sign_as_mandataire(access=alice, book=row, mandate=alice.coop.mandates.get(holder="Mme Perrin").pk, seen=seen_of(row))
    send(access=alice, book=row, today=AFTER)
    assert SealedReport.objects.get().on_paper is False


def signature_in(content: bytes) -> pikepdf.Object:
    with pikepdf.open(io.BytesIO(content)) as read:
        (field,) = read.Root.AcroForm.Fields
        return pikepdf.Object.parse(field.V.unparse(resolved=True))


class TestSignature:
    """Verified with the standard library of cryptography, by the letter of PDF 1.7 (12.8) and of CMS (RFC 5652)."""

    def test_it_covers_every_byte_but_itself(self, content: bytes) -> None:
        start, first, second, last = map(int, signature_in(content).ByteRange)
        assert (start, second + last) == (0, len(content))
        assert (content[first : first + 1], content[second - 1 : second]) == (b"<", b">")
        assert re.fullmatch(rb"[0-9a-fA-F]+", content[first + 1 : second - 1]) is not None

    def test_it_is_that_of_the_certificate_of_the_house(self, content: bytes) -> None:
        signature = signature_in(content)
        start, first, second, last = map(int, signature.ByteRange)
        signed = cms.ContentInfo.load(bytes(signature.Contents))["content"]
        (signer,) = signed["signer_infos"]
        attributes = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
        covered = content[start:first] + content[second : second + last]
        assert attributes["message_digest"][0].native == hashlib.sha256(covered).digest()
        certificate = x509.load_der_x509_certificate(signed["certificates"][0].chosen.dump())
        assert certificate.fingerprint(SHA256()).hex() == SealCertificate.objects.get().fingerprint
        key = certificate.public_key()
        assert isinstance(key, RSAPublicKey)
        key.verify(signer["signature"].native, signer["signed_attrs"].untag().dump(), PKCS1v15(), SHA256())  # raises where it does not hold
        assert (str(signature.SubFilter), signed["encap_content_info"]["content"].native) == ("/ETSI.CAdES.detached", None)

    def test_it_allows_no_change(self, content: bytes) -> None:
        (reference,) = signature_in(content).Reference
        assert (str(reference.TransformMethod), int(reference.TransformParams.P)) == ("/DocMDP", 1)


def test_it_is_made_to_be_kept(content: bytes) -> None:
    """The rules of PDF/A-2 that a program can see: fonts inside, colours told, nothing that runs, nothing from outside."""
    with pikepdf.open(io.BytesIO(content)) as read:
        metadata = read.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert [str(intent.S) for intent in read.Root.OutputIntents] == ["/GTS_PDFA1"]
        assert {"/JavaScript", "/EmbeddedFiles"} & set(read.Root.get("/Names", {})) == set()
        assert ("/OpenAction" in read.Root, "/AA" in read.Root, read.is_encrypted) == (False, False, False)
        fonts = [one for one in read.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"]
        assert [bool({"/FontFile", "/FontFile2", "/FontFile3"} & set(font)) for font in fonts] == [True] * len(fonts)
        assert len(fonts) > 0


def test_its_figures_are_those_of_the_book(content: bytes) -> None:
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    said = plain(text)
    for figure in ("1 028,20", "21,50", "1 092,40", "64,20"):  # bank, cash, statement, the cheque that is not on it
        assert figure in said
    for name in ("Mme Perrin", "Inès Moreau", "Paul Girard"):
        assert name in said
    digests = Document.objects.exclude(kind="sealed").values_list("digest", flat=True)
    assert [digest in text.replace(" ", "") for digest in digests] == [True] * len(digests)


def test_one_byte_more_less_or_other_is_found_out(content: bytes) -> None:
    ders = [der_of(one) for one in known_certificates()]
    assert (seal_of(content, ders).whole, seal_of(content, ders).ours) == (True, True)

    @given(st.integers(0, len(content) - 1), st.integers(1, 255))
    def altered(place: int, other: int) -> None:
        changed = content[:place] + bytes([content[place] ^ other]) + content[place + 1 :]
        assert plain(verdict_on(changed).sentences[0]) == plain(UNKNOWN)
        try:
            seal = seal_of(changed, ders)
        except NotSealed:
            return
        first, second = (int(signature_in(content).ByteRange[index]) for index in (1, 2))
        assert not seal.whole or first < place < second  # inside the signature itself: it says nothing of the accounts

    altered()


def test_the_command_tells_it(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "compte-rendu.pdf"
    file.write_bytes(content)
    call_command("verify_seal", str(file))
    said = plain(capsys.readouterr().out)
    assert said.splitlines()[0] == "Ce compte rendu est authentique : École Jean-Jaurès (0910000A), année 2025-2026."
    file.write_bytes(content + b"\n")
    with pytest.raises(SystemExit) as refused:
        call_command("verify_seal", str(file))
    assert (refused.value.code, plain(capsys.readouterr().err).strip()) == (1, plain(UNKNOWN))


def test_a_link_of_the_chain_that_changed_is_found_out(content: bytes) -> None:
    report = SealedReport.objects.get()
    assert (list(faults_of_seals()), verdict_on(content).genuine) == ([], True)
    AuditEvent.objects.filter(chain=report.coop.chain, sequence=report.anchor_sequence).update(hash="0" * 64)
    assert list(faults_of_seals()) == [f"compte rendu scellé {report.pk} (0910000A) : le maillon sur lequel il s’appuie a changé"]
    assert verdict_on(content).genuine is False
