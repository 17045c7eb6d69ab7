from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.memberships.ibans import BankAccount, InvalidIban, masked_iban, read_iban

NOT_ONE = "Ce n’est pas un IBAN\u202f: il commence par FR et deux chiffres. Vous le trouvez sur le RIB."
WRONG_KEY = "La clé de cet IBAN n’est pas juste\u202f: un chiffre est faux, ou deux sont inversés. Comparez avec le RIB."
OUTSIDE = "Ce compte est hors de la zone SEPA ({})\u202f: ni prélèvement ni virement simple n’y sont possibles."
ABROAD = (
    "Ce compte est à l’étranger (DE)\u202f: celui d’une coopérative est en France. Vérifiez le RIB, ou demandez "
    "à votre association départementale."
)
AGRICOLE = BankAccount("FR7630006000011234567890189", "AGRIFRPPXXX", "CREDIT AGRICOLE SA")


@pytest.mark.parametrize(
    ("typed", "account"),
    [
        ("FR7630006000011234567890189", AGRICOLE),
        ("FR76 3000 6000 0112 3456 7890 189", AGRICOLE),
        (" IBAN FR76-3000-6000-0112-3456-7890-189 ", AGRICOLE),
        ("fr76.3000.6000.0112.3456.7890.189", AGRICOLE),
        ("iban\u00a0: fr76\u202f3000\u202f6000\u202f0112\u202f3456\u202f7890\u202f189", AGRICOLE),
        ("fr1420041010050500013m02606", BankAccount("FR1420041010050500013M02606", "PSSTFRPP", "LA BANQUE POSTALE")),
        ("MC58-1122-2000-0101-2345-6789-030", BankAccount("MC5811222000010123456789030")),
    ],
)
def test_an_iban_is_read_however_it_is_typed(typed: str, account: BankAccount) -> None:
    assert (read_iban(typed), read_iban(typed, of_coop=True)) == (account, account)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (" ", "Indiquez l’IBAN\u202f: il est sur le relevé d’identité bancaire (RIB)."),
        ("bonjour", NOT_ONE),
        ("30006 00001 12345678901 89", NOT_ONE),
        ("FR76 3000 6000", "Cet IBAN est incomplet ou trop long\u202f: un IBAN français a 27 signes, celui-ci en a 12."),
        ("FR763000600001123456789018999", "Cet IBAN est incomplet ou trop long\u202f: un IBAN français a 27 signes, celui-ci en a 29."),
        ("DE8937040044053201300", "Cet IBAN est incomplet ou trop long\u202f: sa longueur n’est pas bonne."),
        ("FR7630006000011234567890188", WRONG_KEY),
        ("FR7630006000011234567890198", WRONG_KEY),
        ("FR763000600001123456789018O", "Cet IBAN n’est pas juste\u202f: comparez-le avec le RIB, signe par signe."),
        ("TN5910006035183598478831", OUTSIDE.format("TN")),
        ("US64SVBKUS6S3300958879", OUTSIDE.format("US")),
        ("TR330006100519786457841326", OUTSIDE.format("TR")),
    ],
)
def test_what_is_no_iban_is_refused(typed: str, said: str) -> None:
    for of_coop in (False, True):
        with pytest.raises(InvalidIban) as refusal:
            read_iban(typed, of_coop=of_coop)
        assert str(refusal.value) == said


def test_an_account_abroad_is_an_ads_alone() -> None:
    assert read_iban("DE89 3704 0044 0532 0130 00").iban == "DE89370400440532013000"
    with pytest.raises(InvalidIban) as refusal:
        read_iban("DE89370400440532013000", of_coop=True)
    assert str(refusal.value) == ABROAD


def test_an_iban_is_written_by_fours_or_with_its_end_alone() -> None:
    assert AGRICOLE.written == "FR76 3000 6000 0112 3456 7890 189"
    assert masked_iban(AGRICOLE.iban) == "FR•• •••• 0189"
    assert masked_iban("") == ""


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    with suppress(InvalidIban):
        assert read_iban(typed, of_coop=True).iban[:2] in {"FR", "MC"}
