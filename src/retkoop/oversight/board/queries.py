"""What is known of every coop of an AD in one year: a fixed number of queries, none over operations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Case, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from retkoop.assistance.models import Thread
from retkoop.audit.statements import prepared
from retkoop.books.findings import holding_on, of_severity, rank_of
from retkoop.books.models import Book, KeptFinding
from retkoop.domain.board import BoardRule, CoopFacts, CraProgress
from retkoop.domain.checks.finding import Severity
from retkoop.domain.closing import ClosingState
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import LampState
from retkoop.network.access import AssociationAccess
from retkoop.network.models import AD_KINDS, Coop, DepartmentalAssociation, Mandate, Role
from retkoop.network.queries import settings_of, staff_of
from retkoop.oversight.board.models import SavedView
from retkoop.users.models import User
from retkoop.year_end.closing.preparation import STATEMENT
from retkoop.year_end.closing.queries import DUE_SETTING, due_in
from retkoop.year_end.models import EntryRule, Explanation, Signature
from retkoop.year_end.verifiers.queries import RULE_SETTINGS, rule_in


def rule_of(association: DepartmentalAssociation, year: SchoolYear) -> BoardRule:
    """Return what an AD sets for a year that its board depends on, in one query."""
    given = settings_of(association, year, RULE_SETTINGS | {DUE_SETTING})
    return BoardRule(year, due_in(given, year), rule_in(given).verifiers)


def facts_of(association: DepartmentalAssociation, year: SchoolYear, rule: BoardRule | None = None) -> tuple[CoopFacts, ...]:
    """Return what is known of each coop of an AD in a year, by RNE; without those that had ended before it.

    `rule` spares its query to a caller who has it at hand.
    """
    today = timezone.localdate()
    rule = rule or rule_of(association, year)
    mandates = _holders(_mandates(association.pk, today))
    found: dict[int | None, _Found] = {row[0]: _Found(*row[1:]) for row in _findings(association.pk, year.start, today)}
    rows = map(_Row._make, _coops(association.pk, year.start, year.first_day, today))
    return tuple(_facts(row, mandates.get(row.coop, _NOBODY), found.get(row.book, _NOTHING), rule) for row in rows)


def views_of(access: AssociationAccess) -> list[SavedView]:
    """Return the views of the board that a person keeps in an AD, by name."""
    return list(SavedView.objects.filter(association=access.association, user=access.user))


def view_of(access: AssociationAccess, key: int) -> SavedView:
    """Return a view that a person keeps in an AD. Raises Http404 for somebody else's."""
    view = SavedView.objects.filter(association=access.association, user=access.user, pk=key).select_related("association").first()
    if view is None:
        raise Http404
    return view


def person_of(association: DepartmentalAssociation, key: int) -> User:
    """Return somebody of an AD's team of today. Raises Http404 for anybody else."""
    role = staff_of(association).filter(user=key).first()
    if role is None:
        raise Http404
    return role.user


class _Row(NamedTuple):
    """A coop, its account and its book of the year, as the database gives them."""

    coop: int
    rne: str
    name: str
    commune: str
    circonscription: str
    words: str
    email: str
    closed_on: date | None
    activated_at: Any
    last_login: Any
    blocked: bool | None
    book: int | None
    direct: bool | None
    has_opening: bool | None
    operation_count: int | None
    last_operation: date | None
    unproven_count: int | None
    statement_balance: int | None
    cash: int | None
    count_day: date | None
    count_book: int | None
    state: str | None
    sent_at: Any
    decided_at: Any
    report: int | None
    finished_at: Any
    signatures: int | None
    explained: int | None
    follower: int | None
    followed_by: str | None
    follower_stays: bool
    help: int | None


_COOP_COLUMNS: Final = ("pk", "rne", "name", "commune", "circonscription", "words", "email", "closed_on")
_BOOK_COLUMNS: Final = (
    *("pk", "direct", "has_opening", "operation_count", "last_operation", "unproven_count"),
    *("statement_balance", "cash", "count_day", "count_book"),
    *("closing__state", "closing__sent_at", "closing__decided_at", "activity_report__pk", "activity_report__finished_at"),
)

_REST: Final = ("signed", "explained", "follow__user", "follow__user__name", "stays", "help")


@prepared
def _coops(association: int, start: int, first_day: date, day: date) -> QuerySet[Coop, tuple[Any, ...]]:
    account = User.objects.filter(username=OuterRef("rne"))
    rules = EntryRule.objects.filter(Q(until=None) | Q(until__gte=day), association=association, start=start).order_by("-id")
    blocked = Coalesce(*(Subquery(rules.filter(coop=coop).values("blocked")[:1]) for coop in (OuterRef("pk"), None)))
    coops = Coop.objects.filter(Q(closed_on=None) | Q(closed_on__gte=first_day), association=association)
    return (
        coops.annotate(its=FilteredRelation("books", condition=Q(books__start=start)))
        .annotate(activated_at=Subquery(account.values("activated_at")[:1]), login=Subquery(account.values("last_login")[:1]))
        .annotate(blocked=blocked, signed=Subquery(_signed()), explained=Subquery(_explained(day)))
        .annotate(stays=Exists(_in_the_team(association, day)), help=Subquery(_open_threads()))
        .order_by("rne")
        .values_list(*_COOP_COLUMNS, "activated_at", "login", "blocked", *(f"its__{name}" for name in _BOOK_COLUMNS), *_REST)
    )


def _signed() -> QuerySet[Signature, Any]:
    """Count who signed in the round of a book."""
    rows = Signature.objects.filter(book=OuterRef("its__pk"), round=OuterRef("its__closing__round"))
    return rows.order_by().values("book").annotate(count=Count("name", distinct=True)).values("count")


def _in_the_team(association: int, day: date) -> QuerySet[Role]:
    """Return the roles that whoever follows a coop has in its AD: without one, they follow nothing any more."""
    roles = Role.objects.filter(Q(end=None) | Q(end__gt=day), user=OuterRef("follow__user"), kind__in=AD_KINDS)
    return roles.filter(association=association, start__lte=day)


def _open_threads() -> QuerySet[Thread, Any]:
    """Count the threads of help of a coop that nobody has closed."""
    rows = Thread.objects.filter(coop=OuterRef("pk"), closed_at__isnull=True)
    return rows.order_by().values("coop").annotate(count=Count("pk")).values("count")


def _explained(day: date) -> QuerySet[Explanation, Any]:
    """Count the alertes of a book whose explanation still answers what the check says."""
    alertes = KeptFinding.objects.filter(holding_on(day), of_severity(Severity.ALERTE), ~Q(rank__in=_APART))
    said = alertes.filter(book=OuterRef("book"), code=OuterRef("code")).order_by("rank", "operation_id", "pk")
    of_none, of_one = said.filter(operation=None), said.filter(operation=OuterRef("operation"))
    told = Coalesce(Subquery(of_one.values("message")[:1]), Subquery(of_none.values("message")[:1]))
    rows = Explanation.objects.filter(book=OuterRef("its__pk")).annotate(said=told).filter(said=F("message"))
    return rows.order_by().values("book").annotate(count=Count("pk")).values("count")


class _Found(NamedTuple):
    """What the checks found in a book: how many findings, of which how many erreurs; alertes to explain; `flags` of _FLAGS."""

    count: int
    errors: int
    to_explain: int
    flags: int


_NOTHING: Final = _Found(0, 0, 0, 0)
_APART: Final = [rank_of(code) for code in STATEMENT]
"""Alertes that no sentence explains: the statement is to be joined."""
_BILAN, _RAPPROCHEMENT, _CAISSE, _RELEVE = 1, 2, 4, 8
_FLAGS: Final = {"bilan": _BILAN, "rapprochement": _RAPPROCHEMENT, "arrete-de-caisse": _CAISSE, **dict.fromkeys(STATEMENT, _RELEVE)}
"""The checks that say of a whole book, once, what its lamps say, and that its last statement is not joined."""


@prepared
def _findings(association: int, start: int, day: date) -> QuerySet[KeptFinding, tuple[Any, ...]]:
    books = Book.objects.filter(coop__association=association, start=start)
    found = KeptFinding.objects.filter(holding_on(day), book__in=books.values("pk"), rank__lt=Severity.CONSEIL.rank * 1000)
    explained = of_severity(Severity.ALERTE) & ~Q(rank__in=_APART)
    one = F("rank") * 2**40 + Coalesce(F("operation_id"), 0)
    return (
        found.order_by()
        .values_list("book")
        .annotate(
            count=Count("pk"),
            errors=Count("pk", filter=of_severity(Severity.ERREUR)),
            to_explain=Count(one, filter=explained, distinct=True),
            flags=Sum(Case(*(When(rank=rank_of(code), then=flag) for code, flag in _FLAGS.items()), default=0)),
        )
    )


@prepared
def _mandates(association: int, day: date) -> QuerySet[Mandate, tuple[Any, ...]]:
    running = Mandate.objects.filter(Q(end=None) | Q(end__gte=day), coop__association=association, start__lte=day)
    return running.order_by("-rank", "start", "pk").values_list("coop", "holder", "end")


class _Holders(NamedTuple):
    """Who holds the mandates of a coop that run, and until when one does."""

    names: tuple[str, ...] = ()
    until: date | None = None


_NOBODY: Final = _Holders()


def _holders(rows: Iterable[tuple[Any, ...]]) -> dict[int, _Holders]:
    found: defaultdict[int, dict[str, date | None]] = defaultdict(dict)
    ends: defaultdict[int, list[date | None]] = defaultdict(list)
    for coop, holder, end in rows:
        found[coop][holder] = end
        ends[coop].append(end)
    return {coop: _Holders(tuple(names), None if None in ends[coop] else max(filter(None, ends[coop]))) for coop, names in found.items()}


def _facts(row: _Row, holders: _Holders, found: _Found, rule: BoardRule) -> CoopFacts:
    return CoopFacts(
        row.coop,
        row.rne,
        row.name,
        row.commune,
        row.circonscription,
        row.words,
        row.email,
        row.closed_on,
        activated=row.activated_at is not None,
        last_login=row.last_login and timezone.localtime(row.last_login),
        mandataire=", ".join(holders.names),
        mandate_end=holders.until,
        has_mandate=bool(holders.names),
        book=row.book,
        direct=bool(row.direct),
        has_opening=bool(row.has_opening),
        operation_count=row.operation_count or 0,
        last_operation=row.last_operation,
        lamps=_lamps(row, found),
        errors=found.errors,
        warnings=found.count - found.errors,
        unexplained=found.to_explain - (row.explained or 0),
        unproven=row.unproven_count or 0,
        lacks_statement=bool(found.flags & _RELEVE),
        closing=_STATES[row.state],
        sent_on=_day(row.sent_at),
        decided_on=_day(row.decided_at),
        cra=_cra(row),
        signatures=row.signatures or 0,
        signatures_needed=rule.verifiers + len(holders.names),
        entry_blocked=bool(row.blocked),
        open_help=row.help or 0,
        follower=row.follower if row.follower_stays else None,
        followed_by=(row.follower_stays and row.followed_by) or "",
    )


_STATES: Final = {None: ClosingState.PREPARING, **{one.value: one for one in ClosingState}}


def _day(moment: Any) -> date | None:  # noqa: ANN401 -- a row
    return None if moment is None else timezone.localdate(moment)


def _cra(row: _Row) -> CraProgress:
    if row.report is None:
        return CraProgress.NONE
    return CraProgress.BEGUN if row.finished_at is None else CraProgress.DONE


def _lamps(row: _Row, found: _Found) -> tuple[LampState, LampState, LampState]:
    """Say what `domain.standing.lamps` says, of what is kept: a gap is a finding of its check."""
    empty = not (row.operation_count or row.has_opening)
    valid = row.count_day is not None and row.count_book == row.cash
    return (
        _lamp(found.flags & _BILAN, known=not empty),
        _lamp(found.flags & _RAPPROCHEMENT, known=row.statement_balance is not None),
        _lamp(found.flags & _CAISSE, known=valid),
    )


def _lamp(gap: int, *, known: bool) -> LampState:
    if not known:
        return LampState.TODO
    return LampState.BAD if gap else LampState.GOOD
