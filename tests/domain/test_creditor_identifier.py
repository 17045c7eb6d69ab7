from __future__ import annotations

import pytest

from retkoop.domain.creditor_identifier import compact_identifier, is_creditor_identifier


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("FR72ZZZ123456", True),  # the example of the Banque de France
        ("FR72ABC123456", True),  # the business code is not checked
        ("DE98ZZZ09999999999", True),  # the example of the Bundesbank
        ("FR73ZZZ123456", False),
        ("FR72ZZZ123465", False),
        ("FR72ZZZ1234567", False),
        ("FR72ZZZ", False),
        ("7272ZZZ123456", False),
        ("", False),
    ],
)
def test_the_check_digits_of_a_creditor_identifier(text: str, right: bool) -> None:  # noqa: FBT001 -- a table
    assert is_creditor_identifier(text) is right


def test_what_is_typed_is_read_without_its_spaces() -> None:
    assert compact_identifier(" fr72 zzz 123456 ") == "FR72ZZZ123456"
