"""The quitus: what was looked at, what was said, who signed and how."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from retkoop.books.models import Book
from retkoop.domain.closing import ClosingState
from retkoop.domain.sampling import RULE
from retkoop.network.access import Access
from retkoop.year_end.models import Verifier
from retkoop.year_end.verifiers.paper import invitation_pdf, quitus_data, quitus_name, quitus_pdf
from retkoop.year_end.verifiers.signing import Filled
from retkoop.year_end.verifiers.tokens import address_of
from tests.books.coops import plain
from tests.year_end.papers import words
from tests.year_end.verifiers.at_hand import OTHER, SEED, all_signed, in_state, invited, mandate, signed, today

pytestmark = pytest.mark.django_db


def test_before_anything(book: Book) -> None:
    data = quitus_data(book)
    assert (data["verifiers"], data["mandataires"], data["teachers"], data["asked"], data["on_paper"]) == ([], [], [], [], False)
    assert plain(str(data["intro"])) == "Aucun vérificateur n’a encore signé les comptes 2025-2026 tels qu’ils sont."
    assert data["sample"] == {"told": "L’échantillon sera tiré au sort quand la coopérative appellera à signer.", "seed": "", "rows": []}


def test_all_that_was_said_and_signed(alice: Access, book: Book) -> None:
    all_signed(alice, book)
    told = words(quitus_pdf(book, today()))
    for sentence in (
        "donnent quitus au mandataire, avec les réserves ci-dessous.",
        "Inès Moreau · Parent d’élève Signé le ",
        "avec un code reçu par courriel",
        "Commentaire Comptes très clairs.",
        "Réserves Il manque le ticket D12.",
        "Paul Girard · Autre adulte",
        "avec un code remis par le mandataire",
        "Aucune réserve.",
        "10 opérations sur 11.",
        plain(RULE),
        f"Graine du tirage : {SEED}",
        "12/03/2026 D03 Entrées et car, musée 341,80 plus forte dépense",
        "Mme Perrin",
        "avec le compte de la coopérative",
        "Émargement de l’équipe enseignante",
        "Léo Petit",
    ):
        assert sentence in told
    assert "À signer" not in told
    assert quitus_name(book) == "Quitus-0910000A-2025-2026.pdf"


def test_one_alone_without_reserve(alice: Access, book: Book) -> None:
    in_state(book, ClosingState.SIGNING)
    signed(invited(alice, book), Filled())
    assert plain(str(quitus_data(book)["intro"])) == (
        "Le vérificateur soussigné a contrôlé les comptes 2025-2026 de la coopérative scolaire, leurs justificatifs et l’argent qu’elle "
        "possède, et donne quitus au mandataire, sans réserve."
    )


def test_whoever_was_given_a_mandate_since_gives_no_quitus(alice: Access, book: Book) -> None:
    in_state(book, ClosingState.SIGNING)
    signed(invited(alice, book, OTHER), Filled(comment="Bien tenu."), by_hand=True)
    mandate(alice, "GIRARD Paul")
    data = quitus_data(book)
    assert data["verifiers"] == []
    assert plain(str(data["intro"])) == "Aucun vérificateur n’a encore signé les comptes 2025-2026 tels qu’ils sont."
    assert "Mandataire GIRARD Paul" in (told := words(quitus_pdf(book, today())))
    assert "Paul Girard" not in told


def test_operations_asked_for_are_told_with_who_asked(alice: Access, book: Book) -> None:
    in_state(book, ClosingState.SIGNING)
    row = invited(alice, book)
    drawn = {line[1] for line in quitus_data(book)["sample"]["rows"]}  # type: ignore[index]  # as quitus_data makes it
    (piece, key) = next(
        (piece, key) for piece, key in book.operations.filter(opening=False).values_list("piece", "pk") if piece not in drawn
    )
    Verifier.objects.filter(pk=row.pk).update(asked=[key, 99999])
    asked = quitus_data(book)["asked"]
    assert [(line[1], line[4]) for line in asked] == [(piece, "Inès Moreau")]  # type: ignore[attr-defined]  # idem


def test_marks_in_a_text_stay_text(alice: Access, book: Book) -> None:
    in_state(book, ClosingState.SIGNING)
    signed(invited(alice, book), Filled(comment="#pagebreak() *gras* $x$", reserves="[1] 😀"))
    told = words(quitus_pdf(book, today()))
    assert "#pagebreak() *gras* $x$" in told


def test_the_address_of_an_invitation_is_copied_as_it_is(alice: Access, book: Book) -> None:
    verifier = invited(alice, book, OTHER)
    (page,) = PdfReader(io.BytesIO(invitation_pdf(verifier, today()))).pages
    address = address_of(verifier)
    assert address in page.extract_text().replace("\n", "")
    annotations: list[Any] = list(page.annotations or [])
    assert {link.get_object()["/A"]["/URI"] for link in annotations} == {address}
