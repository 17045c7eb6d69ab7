"""The account of a coop that its AD may collect from: read from an IBAN that somebody types, and refused in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from schwifty import IBAN
from schwifty.exceptions import (
    InvalidBBANChecksum,
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    SchwiftyException,
)

COUNTRIES: Final = frozenset({"FR", "MC"})
"""Where coops have their account: the French Republic, overseas included, and Monaco, whose banks are those of France."""
LENGTH: Final = 27


class WrongIban(ValueError):
    """What was typed is no account that can be collected from; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class DebitAccount:
    """An account: IBAN without spaces, BIC and name of its bank where they are known."""

    iban: str
    bic: str = ""
    bank: str = ""


def read_account(text: str) -> DebitAccount:
    """Return the account of an IBAN as typed, with spaces and small letters. Raises WrongIban."""
    typed = re.sub(r"[\s.\-\u200b]", "", text).upper().removeprefix("IBAN")
    if not re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{8,30}", typed):
        raise WrongIban("Ce n’est pas un IBAN\u202f: il commence par FR et deux chiffres. Vous le trouvez sur le RIB de la coopérative.")
    found = _checked(typed)
    if found.country_code not in COUNTRIES:
        raise WrongIban(
            f"Ce compte est à l’étranger ({found.country_code})\u202f: celui d’une coopérative est en France. Vérifiez le RIB, ou demandez "
            "à votre association départementale."
        )
    return DebitAccount(str(found), str(found.bic or ""), found.bank_name or "")


def _checked(typed: str) -> IBAN:
    """Return an IBAN whose keys are right, in the SEPA zone. Raises WrongIban."""
    try:
        found = IBAN(typed, validate_bban=typed[:2] in COUNTRIES)
    except InvalidCountryCode:
        raise WrongIban(_outside(typed[:2])) from None
    except InvalidLength:
        told = (
            f"un IBAN français a {LENGTH} signes, celui-ci en a {len(typed)}" if typed[:2] in COUNTRIES else "sa longueur n’est pas bonne"
        )
        raise WrongIban(f"Cet IBAN est incomplet ou trop long\u202f: {told}.") from None
    except (InvalidChecksumDigits, InvalidBBANChecksum):
        raise WrongIban(
            "La clé de cet IBAN n’est pas juste\u202f: un chiffre est faux, ou deux sont inversés. Comparez avec le RIB."
        ) from None
    except SchwiftyException:
        raise WrongIban("Cet IBAN n’est pas juste\u202f: comparez-le avec le RIB, signe par signe.") from None
    if not found.in_sepa_zone:
        raise WrongIban(_outside(typed[:2]))
    return found


def _outside(country: str) -> str:
    return f"Ce compte est hors de la zone SEPA ({country})\u202f: il ne peut pas être prélevé."
