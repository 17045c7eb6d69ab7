from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.memberships.debits.accounts import DebitAccount, WrongIban, read_account

NOT_ONE = "Ce n’est pas un IBAN\u202f: il commence par FR et deux chiffres. Vous le trouvez sur le RIB de la coopérative."
WRONG_KEY = "La clé de cet IBAN n’est pas juste\u202f: un chiffre est faux, ou deux sont inversés. Comparez avec le RIB."
ABROAD = (
    "Ce compte est à l’étranger (DE)\u202f: celui d’une coopérative est en France. Vérifiez le RIB, ou demandez "
    "à votre association départementale."
)


@pytest.mark.parametrize(
    "typed", ["FR7630006000011234567890189", "fr76 3000 6000 0112 3456 7890 189", " IBAN FR76-3000-6000-0112-3456-7890-189 "]
)
def test_an_iban_is_read_as_people_type_it(typed: str) -> None:
    assert read_account(typed) == DebitAccount("FR7630006000011234567890189", "AGRIFRPPXXX", "CREDIT AGRICOLE SA")


def test_an_account_in_monaco_is_taken() -> None:
    assert read_account("MC58 1009 6180 7901 2345 6789 085").iban == "MC5810096180790123456789085"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", NOT_ONE),
        ("hello", NOT_ONE),
        ("30006 00001 12345678901 89", NOT_ONE),
        ("FR7630006000011234567890188", WRONG_KEY),
        ("FR7630006000011234567890198", WRONG_KEY),
        ("FR76300060000112345678901", "Cet IBAN est incomplet ou trop long\u202f: un IBAN français a 27 signes, celui-ci en a 25."),
        ("DE8937040044053201300", "Cet IBAN est incomplet ou trop long\u202f: sa longueur n’est pas bonne."),
        ("FR763000600001123456789018O", "Cet IBAN n’est pas juste\u202f: comparez-le avec le RIB, signe par signe."),
        ("DE89370400440532013000", ABROAD),
        ("US64SVBKUS6S3300958879", "Ce compte est hors de la zone SEPA (US)\u202f: il ne peut pas être prélevé."),
        ("TR330006100519786457841326", "Ce compte est hors de la zone SEPA (TR)\u202f: il ne peut pas être prélevé."),
    ],
)
def test_refusals_are_told_apart(typed: str, said: str) -> None:
    with pytest.raises(WrongIban) as refusal:
        read_account(typed)
    assert str(refusal.value) == said


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    with suppress(WrongIban):
        assert read_account(typed).iban[:2] in {"FR", "MC"}
