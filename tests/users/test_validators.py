from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from retkoop.users.models import User
from retkoop.users.validators import advice

ALICE = User(username="0910000A", name="École Jean-Jaurès", family=User.Family.COOP, own_words=["0910000A", "École Jean-Jaurès", "Massy"])
BOB = User(username="b.moreau", name="Bob Moreau", family=User.Family.STAFF)
SHORT = "Choisissez au moins {} caractères\u202f: quelques mots mis bout à bout conviennent très bien."
GUESSED = "Ce mot de passe est fait de mots que l’on devine (RNE, école, commune, coop, OCCE…). Ajoutez-y d’autres mots."


def problems(password: str, user: User | None) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        return refusal.messages
    return []


@pytest.mark.parametrize(
    ("user", "password", "expected"),
    [
        (ALICE, "dix girafes.", []),
        (ALICE, "dix girafes", [SHORT.format(12)]),
        (ALICE, "JeanJaures-Massy", [GUESSED]),
        (BOB, "dix girafes bleues", []),
        (BOB, "dix girafes.", [SHORT.format(16)]),
        (BOB, "bobmoreau-bmoreau", [GUESSED]),
        (None, "dix girafes.", []),
    ],
)
def test_rules_go_by_whose_password_it_is(user: User | None, password: str, expected: list[str]) -> None:
    assert problems(password, user) == expected


def test_what_is_asked_is_said_first() -> None:
    assert advice(BOB).startswith("Au moins 16 caractères. Quelques mots")
    assert password_validators_help_texts() == [advice(None)]
    assert advice(None).startswith("Au moins 12 caractères")
