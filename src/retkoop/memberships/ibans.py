"""IBANs that people type: read, checked by schwifty, and shown with their last four signs alone where they need not be whole."""

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

FRENCH: Final = frozenset({"FR", "MC"})
"""Where coops have their account: the French Republic, overseas included, and Monaco, whose banks are those of France."""
LENGTH: Final = 27


class InvalidIban(ValueError):
    """No IBAN that euros can be moved with, or none that a coop has; the message says why in French."""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of the SEPA zone: its IBAN without spaces, BIC and name of its bank where the list of banks tells them (else empty)."""

    iban: str
    bic: str = ""
    bank: str = ""

    @property
    def written(self) -> str:
        return written_iban(self.iban)


def read_iban(text: str, *, of_coop: bool = False) -> BankAccount:
    """Return the account that an IBAN names, typed with spaces, dots and small letters or without; a coop's is French.

    Raises InvalidIban.
    """
    typed = re.sub(r"[\s.:\u200b\u2010\u2011-]", "", text).upper().removeprefix("IBAN")
    if not typed:
        raise InvalidIban("Indiquez l’IBAN\u202f: il est sur le relevé d’identité bancaire (RIB).")
    if not re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{4,30}", typed, re.ASCII):
        raise InvalidIban("Ce n’est pas un IBAN\u202f: il commence par FR et deux chiffres. Vous le trouvez sur le RIB.")
    found = _checked(typed)
    if of_coop and found.country_code not in FRENCH:
        raise InvalidIban(
            f"Ce compte est à l’étranger ({found.country_code})\u202f: celui d’une coopérative est en France. Vérifiez le RIB, ou demandez "
            "à votre association départementale."
        )
    return BankAccount(str(found), str(found.bic or ""), found.bank_name or "")


def _checked(typed: str) -> IBAN:
    """Return an IBAN whose keys are right, in the SEPA zone. Raises InvalidIban."""
    french = typed[:2] in FRENCH
    try:
        found = IBAN(typed, validate_bban=french)
    except InvalidCountryCode:
        raise InvalidIban(_outside(typed[:2])) from None
    except InvalidLength:
        told = f"un IBAN français a {LENGTH} signes, celui-ci en a {len(typed)}" if french else "sa longueur n’est pas bonne"
        raise InvalidIban(f"Cet IBAN est incomplet ou trop long\u202f: {told}.") from None
    except (InvalidChecksumDigits, InvalidBBANChecksum):
        raise InvalidIban(
            "La clé de cet IBAN n’est pas juste\u202f: un chiffre est faux, ou deux sont inversés. Comparez avec le RIB."
        ) from None
    except SchwiftyException:
        raise InvalidIban("Cet IBAN n’est pas juste\u202f: comparez-le avec le RIB, signe par signe.") from None
    if not found.in_sepa_zone:
        raise InvalidIban(_outside(typed[:2]))
    return found


def _outside(country: str) -> str:
    return f"Ce compte est hors de la zone SEPA ({country})\u202f: ni prélèvement ni virement simple n’y sont possibles."


def written_iban(iban: str) -> str:
    """Write an IBAN by fours, as the RIB does."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def masked_iban(iban: str) -> str:
    """Write of an IBAN its country and its last four signs alone."""
    return f"{iban[:2]}•• •••• {iban[-4:]}" if iban else ""
