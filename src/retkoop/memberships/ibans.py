"""IBANs that people type: read, checked by schwifty, and shown with their last four signs alone where they need not be whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException


class InvalidIban(ValueError):
    """No IBAN that euros can be moved with; the message says why in French."""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of the SEPA zone: its IBAN without spaces, the BIC of its bank where the list of banks tells it (else empty)."""

    iban: str
    bic: str = ""

    @property
    def written(self) -> str:
        return written_iban(self.iban)


def read_iban(text: str) -> BankAccount:
    """Return the account that an IBAN names, typed with or without spaces. Raises InvalidIban."""
    compact = re.sub(r"[\s.\u200b-]", "", text).upper()
    if not compact:
        raise InvalidIban("Indiquez l’IBAN\u202f: il est sur le relevé d’identité bancaire (RIB).")
    if compact.startswith("FR") and len(compact) != 27:
        raise InvalidIban(f"Un IBAN français a 27 signes\u202f: celui-ci en a {len(compact)}. Recopiez-le depuis le RIB.")
    try:
        found = IBAN(compact, validate_bban=compact.startswith("FR"))
    except SchwiftyException:
        raise InvalidIban("Cet IBAN n’est pas juste\u202f: sa clé ne correspond pas. Relisez-le signe par signe sur le RIB.") from None
    if not found.in_sepa_zone:
        raise InvalidIban("Ce compte est hors de la zone SEPA\u202f: indiquez un compte en France, ou d’un pays de cette zone.")
    return BankAccount(str(found), str(found.bic or ""))


def written_iban(iban: str) -> str:
    """Write an IBAN by fours, as the RIB does."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def masked_iban(iban: str) -> str:
    """Write of an IBAN its country and its last four signs alone."""
    return f"{iban[:2]}•• •••• {iban[-4:]}" if iban else ""
