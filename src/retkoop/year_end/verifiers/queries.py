"""Reading what concerns the vérificateurs and the signatures of a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from retkoop.audit.statements import prepared
from retkoop.books.models import Book
from retkoop.domain.closing import Signed, SignerKind, VerifierQuality, VerifierRule, signatures_missing
from retkoop.network.models import Mandate
from retkoop.network.queries import running_mandates, settings_of
from retkoop.year_end.closing.changes import Change, changes_since
from retkoop.year_end.models import Signature, Verifier, YearClosing
from retkoop.year_end.verifiers.people import KEPT, holders_during, is_among

RULE_SETTINGS = frozenset({"verifier_count", "verifier_parents", "verifier_teachers", "verifier_others"})


def verifier_rule(book: Book) -> VerifierRule:
    """Return whom the AD wants as vérificateurs in the year of a book."""
    return rule_in(settings_of(book.coop.association, book.year, RULE_SETTINGS))


def rule_in(given: Mapping[str, object]) -> VerifierRule:
    """Return the rule that some settings tell."""
    usual = VerifierRule()
    return VerifierRule(
        verifiers=int(str(given.get("verifier_count", usual.verifiers))),
        parents=int(str(given.get("verifier_parents", usual.parents))),
        teachers=int(str(given.get("verifier_teachers", usual.teachers))),
        others=int(str(given.get("verifier_others", usual.others))),
    )


@prepared
def _holders(coop: int, day: date) -> QuerySet[Mandate, tuple[Any, ...]]:
    return running_mandates(coop, day).values_list("holder")


def mandataires_of(book: Book) -> list[str]:
    """Return the names of those whose mandate runs today, each once: each of them signs."""
    return list(dict.fromkeys(holder for (holder,) in _holders(book.coop_id, timezone.localdate())))


@dataclass(frozen=True, slots=True)
class HeldSignature:
    """A signature against what the chain says since: the changes that made it void, none where it holds."""

    signature: Signature
    changes: Sequence[Change] = ()

    @property
    def holds(self) -> bool:
        return not self.changes


def signatures_of(book: Book) -> list[HeldSignature]:
    """Return the signatures of the current round, in their order, each with what made it void."""
    closing = YearClosing.objects.filter(book=book).first()
    rows = list(Signature.objects.filter(book=book, round=closing.round if closing else 1).select_related("verifier", "scan"))
    if not rows or not changes_since(book, min(row.sequence for row in rows)):
        return [HeldSignature(row) for row in rows]
    return [HeldSignature(row, tuple(changes_since(book, row.sequence))) for row in rows]


def valid_signatures(book: Book) -> list[Signature]:
    """Return the signatures of the current round that nothing has made void since."""
    return [one.signature for one in signatures_of(book) if one.holds]


def counted_signatures(book: Book) -> tuple[list[Signature], list[Signature]]:
    """Return the valid signatures that count, and those that do not.

    Whoever verified and was given a mandate of that year since has kept these accounts: their signature does not count.
    """
    rows, holders = valid_signatures(book), holders_during(book)
    out = [row for row in rows if row.kind == SignerKind.VERIFIER and is_among(row.name, holders)]
    return [row for row in rows if row not in out], out


def missing_signatures(book: Book) -> list[str]:
    """Say in French which signatures a sending still waits for, and which do not count; nothing where all are there."""
    counted, out = counted_signatures(book)
    missing = signatures_missing([_signed(row) for row in counted], mandataires_of(book), verifier_rule(book))
    return missing and missing + [KEPT.format(name=row.name) for row in out]


def _signed(row: Signature) -> Signed:
    return Signed(SignerKind(row.kind), row.name, VerifierQuality(row.verifier.quality) if row.verifier else None)


def verifiers_of(book: Book) -> list[Verifier]:
    """Return those who were invited, in the order in which they were."""
    return list(Verifier.objects.filter(book=book))


def verifier_in(book: Book, key: int) -> Verifier:
    """Return somebody who was invited to verify a book. Raises Http404 for anybody else."""
    row = Verifier.objects.filter(book=book, pk=key).first()
    if row is None:
        raise Http404
    row.book = book
    return row
