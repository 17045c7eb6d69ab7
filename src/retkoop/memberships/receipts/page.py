"""The pages of an AD's receipts: the year they show, what each line of its statement is proposed to pay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest
from django.utils import timezone

from retkoop.domain.matching import MATCH_LABELS, Awaited, AwaitedDeposit, MatchLevel, MatchProposal, match_proposals
from retkoop.domain.money import Cents
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.memberships.models import ReceivedLine
from retkoop.memberships.receipts.awaiting import awaited_of, deposits_awaited, names_of
from retkoop.memberships.receipts.statements import line_words, lines_to_match
from retkoop.network.models import DepartmentalAssociation


def year_asked(request: HttpRequest) -> SchoolYear:
    """Return the year that an address names, the current one where it names none. Raises Http404."""
    if "annee" not in request.GET:
        return SchoolYear.containing(timezone.localdate())
    try:
        return SchoolYear.parse(request.GET["annee"])
    except InvalidSchoolYear:
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal as the page tells it: what it pays in words, what a form sends to accept it."""

    proposal: MatchProposal
    told: list[tuple[str, Cents]]

    @property
    def label(self) -> str:
        return MATCH_LABELS[self.proposal.level]

    @property
    def is_sure(self) -> bool:
        return self.proposal.level is MatchLevel.SURE


class Matching:
    """What the lines of an AD's statement may pay, read once for all of them."""

    def __init__(self, association: DepartmentalAssociation) -> None:
        self.association = association

    @cached_property
    def awaited(self) -> list[Awaited]:
        return awaited_of(self.association)

    @cached_property
    def deposits(self) -> list[AwaitedDeposit]:
        return deposits_awaited(self.association)

    @cached_property
    def _names(self) -> dict[int, str]:
        return names_of(self.awaited)

    def proposals(self, line: ReceivedLine, amount: Cents | None = None) -> list[ShownProposal]:
        """Return what a line may pay, or what is left of it, the surest first."""
        left = line.amount if amount is None else amount
        found = match_proposals(line_words(line), left, self.awaited, self.deposits if left == line.amount else [])
        return [self._shown(one) for one in found]

    def _shown(self, one: MatchProposal) -> ShownProposal:
        if one.deposit is None:
            return ShownProposal(one, [(self._names[key], cents) for key, cents in one.shares])
        deposit = next(each for each in self.deposits if each.key == one.deposit)
        return ShownProposal(one, [(f"Bordereau n°\u00a0{deposit.number}", deposit.total)])

    @cached_property
    def sure(self) -> int:
        """How many of all the lines that wait have a sure proposal."""
        return sum(any(one.is_sure for one in self.proposals(line)[:1]) for line in lines_to_match(self.association))
