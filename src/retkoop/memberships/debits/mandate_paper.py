"""A SEPA mandate on paper: what was signed, by whom, when. The account is told by its last four signs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from django.utils import timezone

from retkoop.domain.elision import of
from retkoop.memberships.ibans import masked_iban
from retkoop.memberships.models import DebitMandate
from retkoop.ui.days import format_long, format_moment
from retkoop.ui.paper.document import pdf

TEMPLATE: Final = Path(__file__).with_suffix(".typ")
_RIGHTS: Final = (
    (
        "Vous bénéficiez du droit d’être remboursé par votre banque selon les conditions décrites dans la convention que vous avez "
        "passée avec elle. Une demande de remboursement doit être présentée dans les 8 semaines suivant la date de débit de votre "
        "compte pour un prélèvement autorisé."
    ),
    "Vos droits concernant le présent mandat sont expliqués dans un document que vous pouvez obtenir auprès de votre banque.",
)


def mandate_words(creditor: str) -> list[str]:
    """Return the wording of a SEPA Core mandate (EPC392-08, French version)."""
    return [
        (
            f"En signant ce formulaire de mandat, vous autorisez (A) {creditor} à envoyer des instructions à votre banque pour débiter "
            f"votre compte, et (B) votre banque à débiter votre compte conformément aux instructions {of(creditor)}."
        ),
        *_RIGHTS,
    ]


def mandate_name(row: DebitMandate) -> str:
    return f"Mandat-{row.rum}.pdf"


def mandate_pdf(row: DebitMandate, today: date) -> bytes:
    """Return the mandate as it was signed, with its end where it has one."""
    return pdf(TEMPLATE, mandate_data(row, today), today)


def mandate_data(row: DebitMandate, today: date) -> dict[str, object]:
    """Return what the template lays out."""
    coop, creditor = row.coop, row.creditor
    ended = f"Ce mandat a pris fin le {format_long(timezone.localdate(row.ended_at))}\u202f: {row.end_reason}." if row.ended_at else ""
    return {
        "title": f"Mandat de prélèvement SEPA {row.rum}",
        "coop": coop.name,
        "running": f"Mandat {row.rum} · {coop.name} · {coop.rne}",
        "made": f"Retkoop, le {format_long(today)}",
        "ended": ended,
        "words": mandate_words(creditor["name"]),
        "mandate": [["Référence unique (RUM)", row.rum], ["Type de paiement", "Paiement récurrent"], ["Schéma", "SEPA Core"]],
        "creditor": [["Nom", creditor["name"]], ["Identifiant créancier SEPA (ICS)", creditor["ics"]], ["Pays", "France"]],
        "debtor": [
            ["Titulaire du compte", row.debtor],
            ["Compte (IBAN)", masked_iban(row.iban)],
            ["Banque (BIC)", row.bic or "non indiqué"],
            ["Coopérative", " · ".join(filter(None, (coop.name, f"RNE {coop.rne}", coop.commune)))],
        ],
        "signature": [["Signé dans Retkoop par", row.signed_by], ["Le", format_moment(row.signed_at)]],
    }
