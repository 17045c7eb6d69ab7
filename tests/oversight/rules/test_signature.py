from __future__ import annotations

import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from retkoop.archive import storage
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import given_settings
from retkoop.oversight.rules.signatures import signature_of
from retkoop.users.models import User
from tests.archive.sent import pdf_bytes, picture_bytes
from tests.cast import association, logged_in, make_coop
from tests.pages import errors, main_text, notices

SIGNATURE = "/ad/91/reglages/signature/"
YEAR = SchoolYear(2026)


def upload(content: bytes, name: str = "signature.png") -> dict[str, SimpleUploadedFile]:
    return {"image": SimpleUploadedFile(name, content)}


def test_an_image_is_kept_shown_and_taken_away(adele: User, bob: User, ad: DepartmentalAssociation) -> None:
    client = logged_in(adele)
    answer = client.post(SIGNATURE, upload(picture_bytes()), follow=True)
    assert (notices(answer), f'src="{SIGNATURE}image/"' in answer.content.decode()) == (["La signature est enregistrée."], True)
    image = logged_in(bob).get(f"{SIGNATURE}image/")
    kept = signature_of(association(), YEAR)
    assert kept == (image.content, image.headers["Content-Type"])
    assert (signature_of(association(), YEAR.previous), signature_of(association("92"), YEAR)) == (None, None)
    assert storage.has(given_settings(association(), YEAR).value("signature"))
    assert notices(client.post(SIGNATURE, {"enlever": "oui"}, follow=True)) == ["La signature est enlevée."]
    assert "Aucune signature pour l’année 2026-2027." in main_text(client.get(SIGNATURE))


def test_what_is_no_image_is_refused_at_the_field(adele: User) -> None:
    client = logged_in(adele)
    refused = [errors(client.post(SIGNATURE, sent)) for sent in ({}, upload(b""), upload(b"bonjour"), upload(pdf_bytes("Signature")))]
    assert [len(one) for one in refused] == [1, 1, 1, 1]
    assert (refused[0], refused[1]) == (["Choisissez une image, PNG ou JPEG."], ["Ce fichier est vide."])
    assert refused[3] == ["Ce fichier n’est pas une image\u202f: envoyez un PNG ou un JPEG."]


def test_the_letters_of_the_association_bear_it(adele: User) -> None:
    make_coop()
    client = logged_in(adele)

    def images() -> int:
        letters = client.post("/ad/91/activations/lettres/")
        return sum(len(page.get_images()) for page in pikepdf.open(io.BytesIO(letters.content)).pages)

    without = images()
    client.post(SIGNATURE, upload(picture_bytes()))
    assert images() - without == 1
