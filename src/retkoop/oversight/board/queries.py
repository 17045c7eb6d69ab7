"""What is known of every coop of an AD in one year: a fixed number of queries, none over operations."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, Count, Exists, F, Field, FilteredRelation, Func, OuterRef, Q, QuerySet, Subquery, Sum, When
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
from retkoop.domain.membership import MembershipFacts, MembershipState
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import LampState
from retkoop.memberships.follow_up.queries import membership_due
from retkoop.memberships.queries import fact_columns
from retkoop.network.access import AssociationAccess
from retkoop.network.models import AD_KINDS, Coop, DepartmentalAssociation, Role
from retkoop.network.queries import settings_of, staff_of
from retkoop.oversight.board.models import SavedView
from retkoop.oversight.board.selection import Row, row_of
from retkoop.oversight.reminders.models import Reminder
from retkoop.users.models import User
from retkoop.year_end.closing.preparation import STATEMENT
from retkoop.year_end.closing.queries import DUE_SETTING, due_in
from retkoop.year_end.models import EntryRule, Explanation, Signature
from retkoop.year_end.verifiers.queries import RULE_SETTINGS, rule_in


def rule_of(association: DepartmentalAssociation, year: SchoolYear) -> BoardRule:
    """Return what an AD sets for a year that its board depends on, in one query."""
    given = settings_of(association, year, RULE_SETTINGS | {DUE_SETTING})
    return BoardRule(year, due_in(given, year), rule_in(given).needed, membership_due(association, year))


def facts_of(association: DepartmentalAssociation, year: SchoolYear, rule: BoardRule | None = None) -> tuple[CoopFacts, ...]:
    """Return what is known of each coop of an AD in a year, by RNE; without those that had ended before it.

    `rule` spares its query to a caller who has it at hand.
    """
    return tuple([row.facts for row in rows_of(association, year, rule)])


def rows_of(association: DepartmentalAssociation, year: SchoolYear, rule: BoardRule | None = None) -> list[Row]:
    """Return the coops of `facts_of` with what follows from each today."""
    today = timezone.localdate()
    rule = rule or rule_of(association, year)
    found: dict[int | None, _Found] = {row[0]: _Found(*row[1:]) for row in _findings(association.pk, year.start, today)}
    read = list(map(_Row._make, _coops(association.pk, year.start, year.first_day, today)))
    joins = today in year or any(row.validated is not None for row in read)
    day = _Day(timezone.get_current_timezone(), rule.verifiers, joins, over=rule.is_over(today), late=today > rule.due)
    coops = (tuple(held) for _, held in groupby(read, key=itemgetter(0)))
    return [_told(held, found.get(held[0].book, _NOTHING), day) for held in coops]


class _Day(NamedTuple):
    """What holds for all coops of a board: `joins`: the adhésions of the year are awaited; `over`, `late`: of `row_of`."""

    here: tzinfo
    verifiers: int
    joins: bool
    over: bool
    late: bool


def views_of(access: AssociationAccess) -> list[SavedView]:
    """Return the views of the board that a person keeps in an AD, by name."""
    return [SavedView.from_db(DEFAULT_DB_ALIAS, _VIEW, row) for row in _views(access.association.pk, access.user.pk)]


_VIEW: Final = [field.attname for field in SavedView._meta.concrete_fields]


@prepared
def _views(association: int, user: int) -> QuerySet[SavedView, tuple[Any, ...]]:
    return SavedView.objects.filter(association=association, user=user).values_list(*_VIEW)


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
    """A coop, its account, its book of the year and one of the mandates that run, as the database gives them."""

    coop: int
    rne: str
    name: str
    commune: str
    circonscription: str
    words: str
    email: str
    closed_on: Any
    last_login: Any
    """None as long as the account is not activated."""
    blocked: int | None
    book: int | None
    operation_count: int | None
    last_operation: Any
    unproven_count: int | None
    statement_balance: int | None
    cash: int | None
    count_total: int | None
    count_book: int | None
    state: str | None
    sent_at: Any
    decided_at: Any
    direct: int
    has_opening: int
    cra: int
    signatures: int | None
    explained: int | None
    follower: int | None
    followed_by: str | None
    follower_stays: int
    help: int | None
    reminded_at: Any
    holder: str | None
    mandate_end: Any
    declared: int
    due: int
    received: int
    validated: int | None
    """None where there is no adhésion."""
    left_on: Any


_COLUMNS: Final = (
    *("pk", "rne", "name", "commune", "circonscription", "words", "email", "closed", "login", "blocked", "its__pk"),
    *("its__operation_count", "latest", "its__unproven_count", "its__statement_balance", "its__cash", "its__count_total"),
    *("its__count_book", "its__closing__state", "sent", "decided", "direct", "has_opening", "cra", "signed", "explained"),
    *("follow__user", "follow__user__name", "stays", "help", "reminded_at", "held__holder", "ending"),
    *("declared", "due", "received", "joined__validated", "leaving"),
)
_AS_THEY_COME: Final = {
    "closed": "closed_on",
    "latest": "its__last_operation",
    "sent": "its__closing__sent_at",
    "decided": "its__closing__decided_at",
    "ending": "held__end",
    "leaving": "joined__left_on",
    "declared": "told_declared",
    "due": "told_due",
    "received": "told_received",
}


def _truth(condition: Q | Exists) -> Case:
    """Return 1 where something holds, else 0."""
    return Case(When(condition, then=1), default=0, output_field=_PLAIN)


_PLAIN: Final = Field[Any, Any]()
"""What no converter of Django's looks at: what the driver itself gives will do, and 650 rows have a dozen such columns each."""
_LATEST: Final = Func(F("made_at"), function="MAX", output_field=_PLAIN)
"""Of all the rows of a subquery: sorting them, or grouping, makes SQLite a table a coop, which costs more than all the rest."""
_CRA: Final = Case(
    When(its__activity_report__finished_at__isnull=False, then=2),
    When(its__activity_report__isnull=False, then=1),
    default=0,
    output_field=_PLAIN,
)
"""The place of what the CRA is in CraProgress."""


@prepared
def _coops(association: int, start: int, first_day: date, day: date) -> QuerySet[Coop, tuple[Any, ...]]:
    account = User.objects.filter(username=OuterRef("rne"), activated_at__isnull=False)
    login = account.annotate(login=Coalesce("last_login", "activated_at", output_field=_PLAIN)).values("login")[:1]
    rules = EntryRule.objects.filter(Q(until=None) | Q(until__gte=day), association=association, start=start).order_by("-id")
    said = rules.annotate(said=_truth(Q(blocked=True)))
    blocked = Coalesce(*(Subquery(said.filter(coop=coop).values("said")[:1]) for coop in (OuterRef("pk"), None)), output_field=_PLAIN)
    coops = Coop.objects.filter(Q(closed_on=None) | Q(closed_on__gte=first_day), association=association)
    running = Q(mandates__start__lte=day) & (Q(mandates__end=None) | Q(mandates__end__gte=day))
    reminders = Reminder.objects.filter(coop=OuterRef("pk"), reason="").order_by()
    return (
        coops.annotate(its=FilteredRelation("books", condition=Q(books__start=start)), held=FilteredRelation("mandates", condition=running))
        .annotate(joined=FilteredRelation("memberships", condition=Q(memberships__start=start)), **fact_columns("joined__pk"))
        .annotate(direct=_truth(Q(its__direct=True)), has_opening=_truth(Q(its__has_opening=True)), cra=_CRA, login=Subquery(login))
        .annotate(blocked=blocked, signed=Subquery(_signed(), _PLAIN), explained=Subquery(_explained(day), _PLAIN))
        .annotate(stays=_truth(Exists(_in_the_team(association, day))), help=Subquery(_open_threads(), _PLAIN))
        .annotate(reminded_at=Subquery(reminders.values(latest=_LATEST), _PLAIN))
        .annotate(**{name: Coalesce(column, None, output_field=_PLAIN) for name, column in _AS_THEY_COME.items()})
        .order_by("rne", F("held__rank").desc(), "held__start", "held__pk")
        .values_list(*_COLUMNS)
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

    total: int
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
            count=Count("pk", output_field=_PLAIN),
            errors=Count("pk", filter=of_severity(Severity.ERREUR), output_field=_PLAIN),
            to_explain=Count(one, filter=explained, distinct=True, output_field=_PLAIN),
            flags=Sum(Case(*(When(rank=rank_of(code), then=flag) for code, flag in _FLAGS.items()), default=0), output_field=_PLAIN),
        )
    )


@lru_cache(maxsize=4096)
def _told(held: tuple[_Row, ...], found: _Found, day: _Day) -> Row:
    """Return what the rows of a coop say, one a mandate that runs, or one alone, and what follows from it.

    Rows are read at each visit; what the same ones say is not worked out again, and from one visit to the next few have changed.
    """
    return row_of(_facts(held, found, day), over=day.over, late=day.late)


def _facts(held: tuple[_Row, ...], found: _Found, day: _Day) -> CoopFacts:
    row = held[0]
    names = list(dict.fromkeys([one.holder for one in held if one.holder]))
    return CoopFacts(
        *row[:7],
        closed_on=_date(row.closed_on),
        activated=row.last_login is not None,
        last_login=_day(row.last_login, day.here),
        mandataire=", ".join(names),
        mandate_end=_until(held),
        has_mandate=bool(names),
        adhesion=_adhesion(row) if day.joins else None,
        book=row.book,
        direct=bool(row.direct),
        has_opening=bool(row.has_opening),
        operation_count=row.operation_count or 0,
        last_operation=_date(row.last_operation),
        lamps=_lamps(row, found),
        errors=found.errors,
        warnings=found.total - found.errors,
        unexplained=found.to_explain - (row.explained or 0),
        unproven=row.unproven_count or 0,
        lacks_statement=bool(found.flags & _RELEVE),
        closing=_STATES[row.state],
        sent_on=_day(row.sent_at, day.here),
        decided_on=_day(row.decided_at, day.here),
        cra=_PROGRESS[row.cra],
        signatures=row.signatures or 0,
        signatures_needed=day.verifiers + len(names),
        entry_blocked=bool(row.blocked),
        open_help=row.help or 0,
        last_contact=_day(row.reminded_at, day.here),
        follower=row.follower if row.follower_stays else None,
        followed_by=(row.follower_stays and row.followed_by) or "",
    )


def _adhesion(row: _Row) -> MembershipState:
    """Return where the adhésion of a coop stands; of one that has ended and declared nothing, nothing is awaited."""
    left = _date(row.left_on or (None if row.declared else row.closed_on))
    return MembershipFacts(row.declared, row.due, row.received, row.validated or 0, left).state


def _until(held: tuple[_Row, ...]) -> date | None:
    """Return the last day on which a mandate runs, None where one has no end."""
    if len(held) == 1:
        return _date(held[0].mandate_end)
    ends = [_date(one.mandate_end) for one in held]
    return None if None in ends else max(filter(None, ends))


_PROGRESS: Final = tuple(CraProgress)
_STATES: Final[dict[str | None, ClosingState]] = {None: ClosingState.PREPARING} | {one.value: one for one in ClosingState}


def _date(day: date | str | None) -> date | None:
    """Return a day as the driver gives it: SQLite's are text where no column of a table says otherwise."""
    return date.fromisoformat(day) if isinstance(day, str) else day


@lru_cache(maxsize=8192)
def _day(moment: datetime | str | None, here: tzinfo) -> date | None:
    """Return the day of a moment as the driver gives it: SQLite's are text or without zone."""
    if moment is None:
        return None
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(here).date()


def _lamps(row: _Row, found: _Found) -> tuple[LampState, LampState, LampState]:
    """Say what `domain.standing.lamps` says, of what is kept: a gap is a finding of its check."""
    empty = not (row.operation_count or row.has_opening)
    valid = row.count_total is not None and row.count_book == row.cash
    return (
        _lamp(found.flags & _BILAN, known=not empty),
        _lamp(found.flags & _RAPPROCHEMENT, known=row.statement_balance is not None),
        _lamp(found.flags & _CAISSE, known=valid),
    )


def _lamp(gap: int, *, known: bool) -> LampState:
    if not known:
        return LampState.TODO
    return LampState.BAD if gap else LampState.GOOD
