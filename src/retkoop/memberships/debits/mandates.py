"""The verbs of a SEPA mandate: signed on line by a mandataire of the coop, ended at any time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from retkoop.audit.services import Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.dates import format_date
from retkoop.domain.debit_reasons import debit_reason
from retkoop.domain.direct_debit import mandate_reference
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.access import LEFT
from retkoop.memberships.debits.mails import tell_coop
from retkoop.memberships.debits.queries import collects, refused_account
from retkoop.memberships.ibans import BankAccount
from retkoop.memberships.models import DebitMandate, Membership
from retkoop.memberships.pricing.queries import creditor_of
from retkoop.network.access import Access
from retkoop.network.models import Coop, RoleKind
from retkoop.network.queries import running_mandates

REPLACED: Final = "Remplacé par un autre mandat"
ENDED_BY_COOP: Final = "Révoqué par la coopérative"
COOP_ALONE: Final = "Seule la coopérative signe ou révoque son mandat."


class WrongAccount(Refused):
    """An account that nothing can be collected from."""


@dataclass(frozen=True, slots=True)
class MandateFacts:
    """What a coop signs: its account and in whose name it is; who signs (the key of their mandate of mandataire)."""

    account: BankAccount
    debtor: str
    signer: int


def sign_debit_mandate(*, access: Access, year: SchoolYear, facts: MandateFacts, submission: uuid.UUID | None = None) -> DebitMandate:
    """Sign a mandate; the one that ran ends. Raises WrongAccount, Refused, AlreadySubmitted."""
    coop = access.coop
    with writing(coop.chain, access.author, submission) as trail:
        _refuse_others(access)
        if Membership.objects.filter(coop=coop, start=year.start, left_on__isnull=False).exists():
            raise Refused(LEFT)
        creditor = creditor_of(coop.association, year)
        if not collects(coop.association, year):
            raise Refused("Votre association départementale n’a pas encore ouvert le prélèvement. Payez par chèque ou par virement.")
        if refusal := _account_refusal(coop, facts.account.iban, creditor.iban):
            raise WrongAccount(refusal)
        signer = running_mandates(coop, timezone.localdate()).filter(pk=facts.signer).first()
        if signer is None:
            raise Refused("Ce mandataire n’est plus en fonction\u202f: choisissez qui signe.")
        end_running(trail, coop, REPLACED)
        row = DebitMandate.objects.create(
            coop=coop,
            rum=mandate_reference(coop.rne, DebitMandate.objects.filter(coop=coop).count() + 1),
            iban=facts.account.iban,
            bic=facts.account.bic,
            debtor=facts.debtor.strip()[:70],
            signed_at=trail.at,
            signed_by=signer.holder,
            creditor={"name": creditor.name, "ics": creditor.ics},
        )
        trail.created(row, action="debit_mandate.signed", submission=submission)
        tell_coop(coop, year, "mandate_signed", mandate=row)
        return row


def end_debit_mandate(*, access: Access, year: SchoolYear, key: int) -> DebitMandate:
    """End the mandate of a coop: nothing more is collected with it. Raises Refused where it runs no more."""
    with writing(access.coop.chain, access.author) as trail:
        _refuse_others(access)
        row = end_running(trail, access.coop, ENDED_BY_COOP, key=key)
        if row is None:
            raise Refused("Ce mandat a déjà pris fin.")
        tell_coop(access.coop, year, "mandate_ended", mandate=row)
        return row


def end_running(trail: Trail, coop: Coop, reason: str, *, key: int | None = None) -> DebitMandate | None:
    """End the mandate that runs (the one of that key alone), inside a `writing` of the coop's chain; return it."""
    running = DebitMandate.objects.select_for_update().filter(coop=coop, ended_at=None)
    row = (running if key is None else running.filter(pk=key)).first()
    if row is None:
        return None
    before = row.snapshot()
    row.ended_at, row.end_reason = trail.at, reason[:200]
    row.save(update_fields=["ended_at", "end_reason"])
    trail.changed(row, before, action="debit_mandate.ended")
    return row


def _account_refusal(coop: Coop, iban: str, theirs: str) -> str:
    """Say why a coop cannot be collected from an account; empty where it may."""
    if iban == theirs:
        return "C’est le compte de l’association départementale\u202f: indiquez celui de la coopérative."
    back = refused_account(coop, iban)
    if back is None or back.returned_on is None:
        return ""
    told = debit_reason(back.return_code).label
    return f"La banque a répondu le {format_date(back.returned_on)} pour ce compte\u202f: {told}. Indiquez-en un autre, ou payez autrement."


def _refuse_others(access: Access) -> None:
    if access.role is not RoleKind.COOP or access.by_merger:
        raise Refused(COOP_ALONE)
    if Coop.objects.filter(pk=access.coop.pk, closed_on__isnull=False).exists():
        raise Refused("Cette coopérative est fermée\u202f: elle ne signe plus de mandat.")
