"""Why a direct debit comes back: the reason codes of banks in plain words, and what the coop is to do.

Source: ISO 20022 external code list (ExternalStatusReason1Code, ExternalReturnReason1Code), EPC guidance on reason codes (EPC173-14).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DebitReason:
    """A reason: its code, what it says, what the coop does then. `ends`: the mandate serves no more, another one is to be signed."""

    code: str
    label: str
    advice: str
    ends: bool = False

    @property
    def told(self) -> str:
        """Code and words, as a payment keeps them."""
        return f"{self.code}, {self.label}" if self.label else f"code {self.code}"


_SIGN_AGAIN: Final = "Signez un nouveau mandat avec l’IBAN qui figure sur le RIB de la coopérative, ou payez par chèque ou par virement."
_PAY: Final = "Payez par chèque ou par virement, ou dites à votre association départementale quand elle peut représenter le prélèvement."
_ASK: Final = "Demandez à votre banque pourquoi elle l’a refusé. En attendant, vous pouvez payer par chèque ou par virement."
_AD: Final = "Vous n’avez rien à faire\u202f: votre association départementale voit avec sa banque et revient vers vous."

_ALL: Final = (
    DebitReason("AC01", "le numéro de compte n’est pas juste", _SIGN_AGAIN, ends=True),
    DebitReason("AC03", "le numéro de compte n’est pas juste", _SIGN_AGAIN, ends=True),
    DebitReason("AC04", "le compte est clos", _SIGN_AGAIN, ends=True),
    DebitReason("AC06", "le compte est bloqué", _ASK),
    DebitReason("AC13", "le compte n’est pas de ceux que ce prélèvement accepte", _SIGN_AGAIN, ends=True),
    DebitReason("AG01", "ce compte n’accepte pas de prélèvement", _SIGN_AGAIN, ends=True),
    DebitReason("AG02", "le code de l’opération n’est pas admis", _AD),
    DebitReason("AM01", "le montant est de zéro", _AD),
    DebitReason("AM04", "la provision n’était pas suffisante", _PAY),
    DebitReason("AM05", "le prélèvement a été présenté deux fois", _AD),
    DebitReason("BE01", "le titulaire du compte n’est pas celui du mandat", _SIGN_AGAIN, ends=True),
    DebitReason("BE05", "l’identifiant du créancier n’est pas reconnu", _AD),
    DebitReason("CNOR", "la banque du créancier n’est pas connue", _AD),
    DebitReason("DNOR", "la banque du compte n’est pas connue", _SIGN_AGAIN, ends=True),
    DebitReason("ED05", "le règlement entre banques a échoué", _AD),
    DebitReason("FF01", "le format du fichier n’est pas bon", _AD),
    DebitReason("FF05", "le type de prélèvement n’est pas bon", _AD),
    DebitReason("FOCR", "l’association départementale a demandé son annulation", _AD),
    DebitReason("MD01", "la banque ne connaît pas de mandat en cours", _SIGN_AGAIN, ends=True),
    DebitReason("MD02", "les données du mandat sont incomplètes ou fausses", _SIGN_AGAIN, ends=True),
    DebitReason("MD06", "le titulaire a demandé le remboursement d’un prélèvement autorisé", _PAY),
    DebitReason("MD07", "le titulaire du compte est décédé", _SIGN_AGAIN, ends=True),
    DebitReason("MS02", "le titulaire du compte l’a refusé", _PAY),
    DebitReason("MS03", "la banque ne dit pas pourquoi", _ASK),
    DebitReason("RC01", "l’identifiant de la banque (BIC) n’est pas juste", _SIGN_AGAIN, ends=True),
    DebitReason("RR01", "le compte ou l’identité du titulaire manque", _AD),
    DebitReason("RR02", "le nom ou l’adresse du titulaire manque", _AD),
    DebitReason("RR03", "le nom ou l’adresse du créancier manque", _AD),
    DebitReason("RR04", "une règle du pays l’interdit", _ASK),
    DebitReason("SL01", "le compte refuse les prélèvements de ce créancier", _ASK),
    DebitReason("TM01", "le fichier est arrivé après l’heure", _AD),
)
NO_ACCOUNT: Final = frozenset({"AC01", "AC03", "AC04", "AC13", "AG01"})
"""Reasons that are the account's: it is collected from no more, whatever the mandate."""
DEBIT_REASONS: Final = {one.code: one for one in _ALL}


def debit_reason(code: str) -> DebitReason:
    """Return the reason that a code tells; one that we do not know is shown as it is."""
    code = re.sub(r"[^0-9A-Z]", "", code.upper())[:4] or "MS03"
    return DEBIT_REASONS.get(code) or DebitReason(code, "", _ASK)
