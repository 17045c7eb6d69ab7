"""What comes back unpaid: found again among the AD's debits, shown, then taken into account once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils import timezone

from retkoop.audit.services import Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.debit_reasons import DebitReason, debit_reason
from retkoop.domain.direct_debit import edition_of, sequence_type
from retkoop.domain.money import format_amount
from retkoop.memberships.access import refuse_others
from retkoop.memberships.debits.mails import tell_coop
from retkoop.memberships.debits.mandates import end_running
from retkoop.memberships.debits.return_files import ReturnedLine
from retkoop.memberships.models import Collection, CollectionState, Debit, PaymentState
from retkoop.memberships.queries import facts_of, memberships
from retkoop.memberships.undoing import take_validation_back
from retkoop.network.access import AssociationAccess
from retkoop.network.models import DepartmentalAssociation


class ReturnFate(StrEnum):
    """What a line of a file of returns is for this AD."""

    NEW = "new"
    KNOWN = "known"
    FOREIGN = "foreign"
    NEVER_SENT = "never_sent"
    OLDER_FILE = "older_file"


FATE_LABELS: Final = {
    ReturnFate.NEW: "À prendre en compte",
    ReturnFate.KNOWN: "Déjà pris en compte",
    ReturnFate.FOREIGN: "Pas un de vos prélèvements",
    ReturnFate.NEVER_SENT: "Retiré de la remise",
    ReturnFate.OLDER_FILE: "Fichier remplacé depuis",
}

FATE_REMARKS: Final = {
    ReturnFate.NEVER_SENT: "Il a été retiré avant la remise\u202f: si la banque l’a présenté, c’est qu’elle a un fichier d’avant.",
    ReturnFate.OLDER_FILE: "La banque parle d’un fichier remplacé depuis. Si c’est celui qu’elle a pris, notez le retour sur la remise.",
}


@dataclass(frozen=True, slots=True)
class DebitReturn:
    """A debit (its key) that came back on a day, for a reason."""

    debit: int
    day: date
    code: str


@dataclass(frozen=True, slots=True)
class FoundReturn:
    """A line of a file before the AD's debits."""

    line: ReturnedLine
    fate: ReturnFate
    day: date
    debit: Debit | None = None

    @property
    def reason(self) -> DebitReason:
        return debit_reason(self.line.code)

    @property
    def label(self) -> str:
        return FATE_LABELS[self.fate]

    @property
    def remark(self) -> str:
        """What whoever reads the line should know, or look at; empty where all is plain."""
        if self.debit is not None and self.line.amount not in {None, self.debit.amount}:
            said, ours = format_amount(self.line.amount or 0), format_amount(self.debit.amount)
            return f"La banque dit {said}, avec ses frais peut-être : c’est notre prélèvement de {ours} qui revient, en entier."
        return FATE_REMARKS.get(self.fate, "")

    @property
    def asked(self) -> DebitReturn | None:
        """What is to be taken into account."""
        return DebitReturn(self.debit.pk, self.day, self.line.code) if self.debit and self.fate is ReturnFate.NEW else None


def found_returns(association: DepartmentalAssociation, lines: Iterable[ReturnedLine], today: date) -> list[FoundReturn]:
    """Find the debits of an AD of which a file speaks, each once, in four queries whatever its size."""
    lines = list(lines)
    debits = _named(association, lines)
    found: dict[int, FoundReturn] = {}
    foreign = []
    for line in lines:
        mine = _by_name(debits, line) if line.of_one else [one for one in debits if _is_in(line, one)]
        for one in mine:
            if one.pk not in found:
                found[one.pk] = FoundReturn(line, _fate(one, line), min(line.day or today, today), one)
        if not mine:
            foreign.append(FoundReturn(line, ReturnFate.FOREIGN, min(line.day or today, today)))
    return [*found.values(), *foreign]


def _named(association: DepartmentalAssociation, lines: Sequence[ReturnedLine]) -> list[Debit]:
    """Return the debits that lines may mean."""
    ours = Debit.objects.filter(collection__association=association).select_related("collection", "mandate", "payment", "membership__coop")
    wanted = {
        "end_to_end__in": {line.end_to_end for line in lines if line.end_to_end},
        "mandate__rum__in": {line.mandate for line in lines if line.mandate},
        "collection__message__in": {edition_of(line.message)[0] for line in lines if not line.of_one and line.message},
    }
    rows = {one.pk: one for field, names in wanted.items() if names for one in ours.filter(**{field: names})}
    return sorted(rows.values(), key=lambda one: one.pk, reverse=True)


def _by_name(debits: Sequence[Debit], line: ReturnedLine) -> list[Debit]:
    """Return the one debit that a line names; by mandate and amount alone, the latest that was there on its day."""
    named = [one for one in debits if one.end_to_end == line.end_to_end]
    return (
        named or [one for one in debits if (one.mandate.rum, one.amount) == (line.mandate, line.amount) and _was_there(one, line.day)][:1]
    )


def _was_there(debit: Debit, day: date | None) -> bool:
    return day is None or timezone.localdate(debit.collection.prepared_at) <= day


def _is_in(line: ReturnedLine, debit: Debit) -> bool:
    """Tell whether a debit is in the file or batch of which a line without any debit speaks."""
    kind = sequence_type(first=debit.first)
    return edition_of(line.message)[0] == debit.collection.message and line.batch in {"", f"{line.message}-{kind}"}


def _fate(debit: Debit, line: ReturnedLine | None = None) -> ReturnFate:
    if debit.returned_on is not None:
        return ReturnFate.KNOWN
    if debit.payment.state == PaymentState.CANCELLED:
        return ReturnFate.NEVER_SENT
    return ReturnFate.OLDER_FILE if line is not None and _of_older_file(line, debit.collection) else ReturnFate.NEW


def _of_older_file(line: ReturnedLine, collection: Collection) -> bool:
    message, edition = edition_of(line.message)
    return message == collection.message and edition != collection.edition


def take_returns(*, access: AssociationAccess, returns: Sequence[DebitReturn], submission: uuid.UUID | None = None) -> int:
    """Take debits that came back into account: unpaid again, the validation taken back, the coop told; return how many were new.

    One that came back before changes nothing. Raises Refused, AlreadySubmitted.
    """
    refuse_others(access)
    asked = {one.debit: one for one in returns}
    with writing(access.association.chain, access.author, submission) as trail:
        rows = Debit.objects.select_for_update(of=("self",)).filter(collection__association=access.association, pk__in=asked)
        told = list(
            rows.select_related("collection", "mandate", "payment", "membership__coop__association").order_by("membership__coop__rne")
        )
        new = [one for one in told if _fate(one) is ReturnFate.NEW]
        _refuse_kept_here(new)
        for number, one in enumerate(new):
            _came_back(trail, one, asked[one.pk], submission if number == 0 else None)
        for one in new:
            _undo_in_coop(access=access, debit=one)
        return len(new)


def _refuse_kept_here(debits: Sequence[Debit]) -> None:
    """Refuse returns of a collection that still may change: its debits would be asked for again while its file holds them."""
    kept = {f"n°\u00a0{one.collection.number}" for one in debits if one.collection.state == CollectionState.PREPARED}
    if kept:
        raise Refused(
            f"Notez d’abord que la banque a le fichier de la remise {' et '.join(sorted(kept))}, puis donnez de nouveau ce fichier."
        )


def _came_back(trail: Trail, debit: Debit, said: DebitReturn, submission: uuid.UUID | None) -> None:
    """Note that a debit came back; one that the bank refused before its day has no day of receipt, and moved no money."""
    if not timezone.localdate(debit.collection.prepared_at) <= said.day <= timezone.localdate(trail.at):
        raise Refused("Le jour du retour est entre la préparation de la remise et aujourd’hui.")
    payment, reason = debit.payment, debit_reason(said.code)
    before, paid_before = debit.snapshot(), payment.snapshot()
    debit.pending, debit.returned_on, debit.return_code = False, said.day, reason.code
    debit.save(update_fields=["pending", "returned_on", "return_code"])
    trail.changed(debit, before, action="debit.returned", submission=submission)
    was_received = payment.state == PaymentState.RECEIVED or said.day >= debit.collection.collected_on
    payment.state = PaymentState.RETURNED
    payment.received_on = payment.received_on or (debit.collection.collected_on if was_received else None)
    payment.returned_on, payment.reason = said.day, f"Prélèvement revenu\u202f: {reason.told}"[:200]
    payment.version += 1
    payment.save()
    trail.changed(payment, paid_before, action="payment.returned")


def _undo_in_coop(*, access: AssociationAccess, debit: Debit) -> None:
    """In the coop's own chain: the validation is taken back, a mandate that serves no more ends; the coop is told what to do."""
    reason, coop = debit_reason(debit.return_code), debit.membership.coop
    take_validation_back(author=access.author, membership=debit.membership, reason=f"Prélèvement revenu\u202f: {reason.told}")
    if reason.ends:
        with writing(coop.chain, access.author) as trail:
            end_running(trail, coop, f"Prélèvement revenu\u202f: {reason.told}", key=debit.mandate_id)
    owed = facts_of(memberships().get(pk=debit.membership_id)).owed
    tell_coop(coop, debit.membership.year, "debit_returned", debit=debit, collection=debit.collection, reason=reason, owed=owed)


def return_debit(*, access: AssociationAccess, said: DebitReturn) -> None:
    """Take one debit that came back into account by hand. Raises Refused where it cannot have."""
    row = Debit.objects.filter(collection__association=access.association, pk=said.debit).select_related("collection", "payment").first()
    if row is None or _fate(row) is ReturnFate.NEVER_SENT:
        raise Refused("Ce prélèvement n’est pas parti à la banque.")
    if row.collection.state == CollectionState.PREPARED:
        raise Refused("La banque n’a pas encore ce fichier\u202f: retirez plutôt ce prélèvement de la remise.")
    if not take_returns(access=access, returns=[said]):
        raise Refused("Ce retour est déjà pris en compte.")
