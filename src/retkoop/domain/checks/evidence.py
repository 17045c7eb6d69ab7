"""Evidence (justificatifs): every operation has its voucher, the year its last bank statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from retkoop.domain.checks.check import GoodNews, check
from retkoop.domain.checks.finding import Place, Remark, Severity
from retkoop.domain.checks.scope import Scope, Terms
from retkoop.domain.dates import days_after
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import Standing

AUGUST: Final = 8


@check(
    code="justificatif-manquant",
    severity=Severity.ALERTE,
    scope=Scope.TOTALS,
    rule="Chaque opération a son justificatif : joint, sur papier (avec sa place), ou une attestation s’il est perdu.",
    source="OCCE, cahier de comptabilité ; Code de commerce, art. R123-174",
    good_news=GoodNews("Bravo, chaque opération a son justificatif.", lambda standing: standing.operation_count > 0),
)
def voucher_missing(standing: Standing, _: Terms) -> Iterator[Remark]:
    """One remark for the book: one a line would hide all the others."""
    count = standing.unproven_count
    if count:
        who = "Une opération n’a" if count == 1 else f"{count} opérations n’ont"
        yield Remark(f"{who} pas de justificatif : joignez-le, ou dites où il est.", "Voir ce qui manque", Place.MISSING_VOUCHERS)


def statement_wanted(standing: Standing, year: SchoolYear) -> date | None:
    """Return the day from which the last bank statement of a year is dated; None where the bank never moved.

    August, or July where the bank did not move in August. Source: OCCE, pièces jointes au compte rendu financier.
    """
    if standing.last_bank_move is None:
        return None
    august = date(year.last_day.year, AUGUST, 1)
    return august if standing.last_bank_move >= august else date(year.last_day.year, AUGUST - 1, 1)


@check(
    code="releve-manquant",
    severity=Severity.ALERTE,
    scope=Scope.TOTALS,
    rule="Le dernier relevé bancaire de l’année (août, ou juillet si la banque n’a pas bougé en août) est dans les documents.",
    source="OCCE, pièces jointes au compte rendu financier",
)
def statement_missing(standing: Standing, terms: Terms) -> Iterator[Remark]:
    """From 1 September on; a book without any move of the bank owes nothing. Sending without it is refused."""
    wanted = statement_wanted(standing, terms.year)
    if wanted is not None and (standing.statement_document is None or standing.statement_document < wanted):
        month = "d’août" if wanted.month == AUGUST else "de juillet"
        message = f"Le relevé bancaire {month} n’est pas dans les documents : il accompagne le compte rendu financier."
        yield Remark(message, "Joindre le relevé", Place.DOCUMENTS, since=days_after(terms.year.last_day, 1))


@check(
    code="depots-repetes",
    severity=Severity.CONSEIL,
    scope=Scope.TOTALS,
    rule="Les espèces ne se déposent pas plus souvent que la banque ne le fait gratuitement (paramètre, 12 fois par an par défaut).",
    source="Conventions bancaires des associations départementales",
)
def deposited_too_often(standing: Standing, terms: Terms) -> Iterator[Remark]:
    free = terms.rules.free_deposits
    if standing.deposit_count > free:
        message = (
            f"Vous avez déposé des espèces {standing.deposit_count} fois : au-delà de {free}, la banque peut faire payer. Regroupez-les."
        )
        yield Remark(message, "Voir le cahier", Place.CAHIER)
