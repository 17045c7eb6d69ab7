"""`retkoop verify` reads the stored documents too."""

from __future__ import annotations

import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from retkoop.archive import storage
from retkoop.archive.models import Document
from retkoop.archive.services import bring_back_document, destroy_document, remove_document
from retkoop.audit.services import SYSTEM, writing
from retkoop.network.services import change_setting
from retkoop.upkeep.evidence import faults_of_documents, sweep
from retkoop.upkeep.verification import faults
from tests.cast import association, make_coop
from tests.upkeep.installations import add_document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf(settings: Settings, tmp_path: Path) -> Path:
    documents = {"BACKEND": settings.STORAGES["documents"]["BACKEND"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "documents": documents}
    return tmp_path


@pytest.fixture
def document() -> Document:
    return add_document(make_coop(), b"a voucher", "Facture du car")


def path_of(shelf: Path, document: Document) -> Path:
    return shelf / storage.place_of(document.digest)


def grow_old(file: Path) -> None:
    before = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(file, (before, before))


def test_documents_as_they_were_stored_are_no_fault(document: Document) -> None:
    add_document(document.coop, b"another")
    assert list(faults()) == []


@pytest.mark.parametrize("place", range(9))
def test_one_flipped_byte_is_found(shelf: Path, document: Document, place: int) -> None:
    content = bytearray(b"a voucher")
    content[place] ^= 1
    path_of(shelf, document).write_bytes(content)
    assert list(faults_of_documents()) == [f"document {document.digest} (« Facture du car », 0910000A 2025-2026) : modifié"]


def test_a_document_that_is_not_there_is_found(shelf: Path, document: Document) -> None:
    path_of(shelf, document).unlink()
    told = [f"document {document.digest} (« Facture du car », 0910000A 2025-2026) : absent"]
    assert list(faults_of_documents()) == told
    assert list(faults()) == told


def test_a_name_that_is_none_is_found(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(digest="../../etc/passwd")
    assert "document ../../etc/passwd (« Facture du car », 0910000A 2025-2026) : absent" in list(faults())


def test_what_nobody_names_is_found_after_a_day_and_swept_away(shelf: Path, document: Document) -> None:
    digest = "ab" * 32
    (shelf / "ab").mkdir(exist_ok=True)
    left = shelf / "ab" / digest
    left.write_bytes(b"left by a crash")
    assert list(faults_of_documents()) == []  # its record may be on its way
    grow_old(left)
    assert list(faults_of_documents()) == [f"document {digest} : personne ne le nomme"]
    sweep()
    assert list(faults_of_documents()) == []
    assert (left.exists(), path_of(shelf, document).exists()) == (False, True)


def test_the_image_of_a_signature_is_somebodys(shelf: Path) -> None:
    digest = sha256(b"a signature").hexdigest()
    (shelf / digest[:2]).mkdir()
    image = shelf / storage.place_of(digest)
    image.write_bytes(b"a signature")
    grow_old(image)
    change_setting(author=SYSTEM, association=association(), from_year=2026, name="signature", value=digest)
    assert list(faults_of_documents()) == []
    sweep()
    assert image.exists()
    image.unlink()
    assert list(faults_of_documents()) == [f"signature {digest}\u202f: absent"]


def test_what_was_removed_may_come_back(shelf: Path, document: Document) -> None:
    file = path_of(shelf, document)
    grow_old(file)
    with writing(document.coop.chain, SYSTEM) as trail:
        remove_document(trail, document)
    sweep()
    assert (list(faults()), file.exists()) == ([], True)


def test_what_was_removed_and_brought_back_goes_once_it_is_destroyed(shelf: Path, document: Document) -> None:
    file, state = path_of(shelf, document), document.snapshot()
    grow_old(file)
    with writing(document.coop.chain, SYSTEM) as trail:
        remove_document(trail, document)
        back = bring_back_document(trail, state)
        destroy_document(trail, back)
    assert list(faults_of_documents()) == [f"document {state['digest']} : personne ne le nomme"]
    sweep()
    assert (list(faults()), file.exists()) == ([], False)
