from __future__ import annotations

import pytest

from retkoop.memberships.ibans import BankAccount, InvalidIban, masked_iban, read_iban


@pytest.mark.parametrize(
    ("typed", "account"),
    [
        ("FR76 3000 6000 0112 3456 7890 189", BankAccount("FR7630006000011234567890189", "AGRIFRPPXXX")),
        ("fr1420041010050500013m02606", BankAccount("FR1420041010050500013M02606", "PSSTFRPP")),
        ("MC58-1122-2000-0101-2345-6789-030", BankAccount("MC5811222000010123456789030")),
    ],
)
def test_an_iban_is_read_however_it_is_typed(typed: str, account: BankAccount) -> None:
    assert read_iban(typed) == account


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (" ", "Indiquez l’IBAN\u202f: il est sur le relevé d’identité bancaire (RIB)."),
        ("FR76 3000 6000", "Un IBAN français a 27 signes\u202f: celui-ci en a 12. Recopiez-le depuis le RIB."),
        (
            "FR7630006000011234567890188",
            "Cet IBAN n’est pas juste\u202f: sa clé ne correspond pas. Relisez-le signe par signe sur le RIB.",
        ),
        ("bonjour", "Cet IBAN n’est pas juste\u202f: sa clé ne correspond pas. Relisez-le signe par signe sur le RIB."),
        (
            "TN5910006035183598478831",
            "Ce compte est hors de la zone SEPA\u202f: indiquez un compte en France, ou d’un pays de cette zone.",
        ),
    ],
)
def test_what_is_no_iban_to_pay_with_is_refused(typed: str, said: str) -> None:
    with pytest.raises(InvalidIban) as refusal:
        read_iban(typed)
    assert str(refusal.value) == said


def test_an_iban_is_written_by_fours_or_with_its_end_alone() -> None:
    assert read_iban("FR7630006000011234567890189").written == "FR76 3000 6000 0112 3456 7890 189"
    assert masked_iban("FR7630006000011234567890189") == "FR•• •••• 0189"
    assert masked_iban("") == ""
