"""What an action would do to a coop, asked before it is done and again when it is: done, already so, or refused and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone

from retkoop.books.models import Book
from retkoop.domain.closing import SEALED_STATES, STATE_LABELS, ClosingState, OutOfTurn, Transition, after
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.access import MONEY
from retkoop.memberships.validating.queries import MembershipCase
from retkoop.memberships.validating.queries import cases_of as memberships_of
from retkoop.memberships.validating.services import ALREADY as VALIDATED
from retkoop.memberships.validating.services import validate
from retkoop.network.access import AssociationAccess
from retkoop.network.models import AD_KINDS, Coop, DepartmentalAssociation, RoleKind
from retkoop.oversight.board.models import Follow
from retkoop.oversight.board.services import follow, following_refusal
from retkoop.oversight.bulk.models import BulkAction, BulkFate
from retkoop.users.models import User
from retkoop.year_end.closing.queries import entry_facts
from retkoop.year_end.closing.services import REVIEWERS, Reviewing, accept, refusal_to_accept, rule_entry
from retkoop.year_end.models import ReviewRemark

Choice = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BulkCase:
    """A coop before an action: its book of the year, where its closing stands, the rule of entry in force, who follows it (a key).

    `has_drafts`: the AD has written remarks that it has not sent. `memberships`: the adhésions of all cases, read once where asked for.
    """

    coop: Coop
    year: SchoolYear
    book: Book | None
    state: ClosingState
    has_drafts: bool
    rule: tuple[bool, date | None, str]
    follower: int | None
    memberships: Callable[[], Mapping[int, MembershipCase]] = field(compare=False, default=dict)

    @property
    def membership(self) -> MembershipCase:
        return self.memberships()[self.coop.pk]


class BulkAnswer(NamedTuple):
    """What becomes of a coop, and why where nothing is done."""

    fate: BulkFate
    reason: str = ""


TO_DO: Final = BulkAnswer(BulkFate.DONE)


def cases_of(association: DepartmentalAssociation, year: SchoolYear, rnes: Collection[str]) -> list[BulkCase]:
    """Return the coops of an AD that are named, in the order of their names there, in three queries."""
    coops = {coop.rne: coop for coop in Coop.objects.filter(association=association, rne__in=rnes)}
    drafts = Exists(ReviewRemark.objects.filter(book=OuterRef("pk"), review=None))
    rows = Book.objects.filter(coop__association=association, coop__rne__in=rnes, start=year.start)
    books = {book.coop_id: book for book in rows.annotate(**entry_facts(timezone.localdate()), drafts=drafts)}
    followers = dict(Follow.objects.filter(coop__association=association, coop__rne__in=rnes).values_list("coop", "user"))
    chosen = [coops[rne] for rne in dict.fromkeys(rnes) if rne in coops]
    memberships = cache(lambda: memberships_of(association, year, chosen))
    return [replace(case, memberships=memberships) for case in _cases(chosen, year, books, followers)]


def _cases(coops: list[Coop], year: SchoolYear, books: Mapping[int, Any], followers: Mapping[int, int]) -> Iterator[BulkCase]:
    for coop in coops:
        book = books.get(coop.pk)
        follower = followers.get(coop.pk)
        if book is None:
            yield BulkCase(coop, year, None, ClosingState.PREPARING, has_drafts=False, rule=(False, None, ""), follower=follower)
            continue
        book.coop = coop
        state = ClosingState(book.closing_state or ClosingState.PREPARING)
        rule = (bool(book.rule_blocked), book.rule_until, book.rule_reason or "")
        yield BulkCase(coop, year, book, state, has_drafts=book.drafts, rule=rule, follower=follower)


def _ask_acceptance(case: BulkCase, _: Choice) -> BulkAnswer:
    if case.state in SEALED_STATES:
        return BulkAnswer(BulkFate.ALREADY, "Ces comptes sont déjà validés.")
    try:
        after(case.state, Transition.ACCEPT)
    except OutOfTurn:
        return BulkAnswer(BulkFate.REFUSED, f"Pas encore transmis\u202f: «\u00a0{STATE_LABELS[case.state].lower()}\u00a0».")
    refusal = refusal_to_accept(case.book) if case.book else None
    return BulkAnswer(BulkFate.REFUSED, refusal) if refusal else TO_DO


def _ask_entry(case: BulkCase, choice: Choice) -> BulkAnswer:
    """Where no rule could change what the coop may write, nothing is done and it is said."""
    blocked, until = choice["blocked"], choice["until"]
    if case.coop.closed_on is not None:
        return BulkAnswer(BulkFate.REFUSED, "La coopérative est fermée\u202f: rien ne s’y écrit plus.")
    if case.book is None:
        return BulkAnswer(BulkFate.REFUSED, f"L’année {case.year} n’est pas ouverte.")
    if case.state in SEALED_STATES:
        return (
            BulkAnswer(BulkFate.ALREADY, "Comptes validés\u202f: rien ne s’y écrit.")
            if blocked
            else BulkAnswer(BulkFate.REFUSED, "Comptes validés\u202f: rouvrez-les d’abord.")
        )
    if case.state is ClosingState.SENT and not blocked:
        return BulkAnswer(BulkFate.REFUSED, "Comptes transmis\u202f: renvoyez-les d’abord à la coopérative.")
    wanted = (blocked, date.fromisoformat(until) if until else None, choice["reason"])
    never_closed = not case.rule[0] and case.rule[1] is None
    if case.rule == wanted or (not blocked and until is None and never_closed):
        return BulkAnswer(BulkFate.ALREADY, f"La saisie est déjà {'fermée' if blocked else 'ouverte'}.")
    return TO_DO


def _ask_following(case: BulkCase, choice: Choice) -> BulkAnswer:
    if "user" not in choice:  # nobody is chosen yet: the page says which coops wait for it
        return TO_DO
    if case.follower == choice["user"]:
        return BulkAnswer(BulkFate.ALREADY, f"Déjà suivie par {choice['name']}." if choice["user"] else "Personne ne la suit.")
    refusal = following_refusal(case.coop) if choice["user"] else None
    return BulkAnswer(BulkFate.REFUSED, refusal) if refusal else TO_DO


def _ask_membership(case: BulkCase, _: Choice) -> BulkAnswer:
    membership = case.membership
    if membership.is_validated:
        return BulkAnswer(BulkFate.ALREADY, VALIDATED)
    return BulkAnswer(BulkFate.REFUSED, membership.refusal) if membership.refusal else TO_DO


def _accept(access: AssociationAccess, case: BulkCase, choice: Choice) -> None:
    if case.book is not None:
        accept(reviewing=Reviewing(access, case.coop, case.book), reason=choice["reason"])


def _rule_entry(access: AssociationAccess, case: BulkCase, choice: Choice) -> None:
    until = date.fromisoformat(choice["until"]) if choice["until"] else None
    given = {"start": case.year.start, "blocked": choice["blocked"], "until": until, "reason": choice["reason"]}
    rule_entry(access=access, coop=case.coop, **given)


def _follow(access: AssociationAccess, case: BulkCase, choice: Choice) -> None:
    follow(access=access, coop=case.coop, user=User.objects.get(pk=choice["user"]) if choice["user"] else None)


def _validate(access: AssociationAccess, case: BulkCase, _: Choice) -> None:
    validate(access=access, coop=case.coop, year=case.year)


class BulkRule(NamedTuple):
    """Who may do an action, what it asks of a coop, and the verb that does it."""

    roles: frozenset[RoleKind]
    ask: Callable[[BulkCase, Choice], BulkAnswer]
    do: Callable[[AssociationAccess, BulkCase, Choice], None]


RULES: Final = {
    BulkAction.ACCEPT: BulkRule(REVIEWERS, _ask_acceptance, _accept),
    BulkAction.ENTRY: BulkRule(REVIEWERS, _ask_entry, _rule_entry),
    BulkAction.FOLLOW: BulkRule(frozenset(AD_KINDS), _ask_following, _follow),
    BulkAction.JOIN: BulkRule(MONEY, _ask_membership, _validate),
}
