"""The end of a coop (fermeture, fusion): its book is emptied into the AD's hands or another coop's, then nothing is written in it.

A merger writes in two chains in one transaction; the one whose RNE comes first is taken first: two mergers never wait for each other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Q

from retkoop.audit.services import Trail, writing
from retkoop.books.models import Book, Proof
from retkoop.books.models import Operation as OperationRow
from retkoop.books.posting import set_follows, set_proof
from retkoop.books.services import add_operations, remove_rows
from retkoop.books.values import posted, with_vouchers
from retkoop.books.writable import Refused, writable_cahier
from retkoop.books.years import opened_year
from retkoop.domain.coop_end import coop_end_refusals, handing_out, taking_in
from retkoop.domain.dates import format_date
from retkoop.domain.elision import of
from retkoop.domain.entry import Operation
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop, Mandate
from retkoop.year_end.closing.services import close_for_good
from retkoop.year_end.handover.ending_queries import book_to_end, facts_of_end, refusals_of_heir
from retkoop.year_end.handover.mails import tell_of_end


@dataclass(frozen=True, slots=True)
class CoopEnd:
    """The end of a coop: its last day, why, and the coop that takes it over (None: the AD does)."""

    day: date
    reason: str
    heir: Coop | None = None

    @property
    def told(self) -> str:
        """The day and the heir in one word: what somebody confirms is what they have read."""
        return f"{self.day.isoformat()} {self.heir.rne if self.heir else ''}".strip()


@transaction.atomic
def end_coop(*, access: AssociationAccess, coop: Coop, end: CoopEnd, today: date, submission: uuid.UUID | None = None) -> Coop:
    """Close a coop, or merge it into another one of the same AD. Raises Refused with all that stands in the way, AlreadySubmitted."""
    if not access.can_administer or coop.association_id != access.association.pk:
        raise Refused("Seuls les administrateurs de l’association départementale ferment une coopérative.")
    with _chains(access=access, coops=[coop, *([end.heir] if end.heir else [])], submission=submission) as trails:
        trail = trails[coop.pk]
        coop = _current(coop)
        heir = _current(end.heir) if end.heir else None
        book = book_that_ends(coop, heir, end.day, today)
        _empty_later(trail, book)
        out = _hand_out(trail, access, book, heir, end.day)
        if out is not None and heir is not None:
            _take_in(trails[heir.pk], coop, heir, out)
        close_for_good(trail, book)
        _end_mandates(trail, coop, end.day)
        _close(trail, coop, heir, end, submission)
    tell_of_end(coop, heir)
    return coop


@contextmanager
def _chains(*, access: AssociationAccess, coops: list[Coop], submission: uuid.UUID | None) -> Iterator[dict[int, Trail]]:
    """Take the chains of some coops, always in the order of their RNEs, and yield the trail of each."""
    with ExitStack() as stack:
        ordered = sorted({coop.pk: coop for coop in coops}.values(), key=lambda coop: coop.rne)
        yield {coop.pk: stack.enter_context(writing(coop.chain, access.author, submission)) for coop in ordered}


def _current(coop: Coop) -> Coop:
    """Return a coop as it is now that its chain is ours."""
    return Coop.objects.select_related("association").get(pk=coop.pk)


def book_that_ends(coop: Coop, heir: Coop | None, day: date, today: date) -> Book:
    """Return the book in which a coop would end on a day; nothing is written. Raises Refused with all that stands in the way."""
    if coop.closed_on is not None:
        raise Refused(f"{coop.name} est déjà fermée depuis le {format_date(coop.closed_on)}.")
    if day > today:
        raise Refused("Choisissez un jour passé, ou aujourd’hui\u202f: la fin se note quand elle a eu lieu.")
    book = book_to_end(coop, day)
    refusals = [*coop_end_refusals(facts_of_end(book, day, today)), *(refusals_of_heir(coop, heir) if heir else [])]
    if refusals:
        raise Refused("\n".join(refusals))
    return writable_cahier(coop, book)


def _empty_later(trail: Trail, book: Book) -> None:
    """Take back what the years after this one began with by themselves, the latest first: there is nothing left to begin with."""
    later = Book.objects.filter(coop=book.coop_id, start__gt=book.start, has_opening=True).order_by("-start")
    for each in later.select_related("coop__association"):
        row = with_vouchers(OperationRow.objects.filter(book=each, opening=True)).get()
        row.book = each
        value, subject, before = posted(row, each), row.subject, row.snapshot()
        set_follows(trail, each, follows=False)
        remove_rows(trail, each, [row], [value])
        trail.deleted(subject, before, action="operation.deleted")


def _hand_out(trail: Trail, access: AssociationAccess, book: Book, heir: Coop | None, day: date) -> Operation | None:
    """Write the operation that empties the book; none where there is nothing in it."""
    facts = facts_of_end(book, day, day)
    if not facts.bank and not facts.cash:
        return None
    to = f"{heir.name} ({heir.rne})" if heir else str(access.association)
    label = f"{'Fusion' if heir else 'Fermeture'}\u202f: solde versé à {'' if heir else 'l’'}{to}"
    out = handing_out(day, facts.bank, facts.cash, label=label[:200], tiers=to[:120])
    _write(trail, book, out)
    return out


def _take_in(trail: Trail, coop: Coop, heir: Coop, out: Operation) -> None:
    try:
        book = writable_cahier(heir, opened_year(trail, heir, SchoolYear.containing(out.date)))
    except Refused as refusal:
        raise Refused(f"{heir.name} ne peut rien recevoir. {refusal}") from None
    label = f"Fusion\u202f: solde reçu {of(coop.name)} ({coop.rne})"
    _write(trail, book, taking_in(out, label=label[:200], tiers=coop.name[:120], piece=f"FUSION-{coop.rne}"))


def _write(trail: Trail, book: Book, operation: Operation) -> None:
    """Write an operation whose voucher is the AD's decision."""
    [row] = add_operations(trail, book, [operation])
    trail.created(row, action="operation.recorded")
    place = f"Décision de l’{book.coop.association} du {format_date(operation.date)}"
    set_proof(trail, row, Proof.PAPER, place=place[:120])


def _end_mandates(trail: Trail, coop: Coop, day: date) -> None:
    """End the mandates that go on after the last day of a coop; one that would begin later, which a handover may name, on its first day."""
    for mandate in Mandate.objects.filter(Q(end=None) | Q(end__gt=day), coop=coop).exclude(start__gt=day, end=F("start")):
        before = mandate.snapshot()
        mandate.end = max(day, mandate.start)
        mandate.save()
        trail.changed(mandate, before, action="mandate.ended")


def _close(trail: Trail, coop: Coop, heir: Coop | None, end: CoopEnd, submission: uuid.UUID | None) -> None:
    before = coop.snapshot()
    coop.closed_on, coop.merged_into, coop.end_reason = end.day, heir, end.reason.strip()[:300]
    coop.save()
    trail.changed(coop, before, action="coop.merged" if heir else "coop.closed", submission=submission)
