"""A made-up network by bulk, for trials and measures: boards on which each coop has come to another place of its year.

All but the ends of years and the adhésions goes through the verbs of each room: what is made up is as sound as what is typed. The same seed
makes the same network.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from random import Random
from typing import Final

from django.db import transaction
from django.utils import timezone

from retkoop.audit.services import SYSTEM
from retkoop.banking.services import record_cash_count, record_statement
from retkoop.books.models import Book
from retkoop.books.queries import standing_of
from retkoop.books.services import record_operations
from retkoop.domain.entry import Moves, Operation
from retkoop.domain.rne import department_of
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import Coop, DepartmentalAssociation, RoleKind, School
from retkoop.network.services import create_coop, give_mandate
from retkoop.upkeep.bookkeeping import notes_and_coins
from retkoop.upkeep.fates import FEWEST, MISTAKES, RECONCILED, Calendar, Fate, drawn_fate, open_account, send_accounts, tell_totals
from retkoop.upkeep.joining import join
from retkoop.upkeep.schools import MOST, PREFIXES, MadeUpSchool, made_up_schools
from retkoop.upkeep.seasons import made_up_year
from retkoop.users.models import User

AT_ONCE: Final = 25
"""Coops made in one transaction: a durable commit each would take longer than the rest."""


class NoNumbersLeft(ValueError):
    """A département has no more made-up numbers; the message says so in French."""


def generate(*, coops: int, operations: int, seed: int, year: SchoolYear, department: str = "") -> Iterator[int]:
    """Add a network of so many coops with so many operations each, and yield how many there are after each transaction.

    In all the départements in turn, or in one. The same seed adds the same coops to the same network. Raises NoNumbersLeft.
    """
    chance = Random(seed)  # noqa: S311 -- chance for made-up figures, not for secrets
    there = {department} if department else set(DepartmentalAssociation.objects.values_list("department", flat=True))
    prefixes = [prefix for prefix in PREFIXES if department_of(prefix) in there]
    taken = set(Coop.objects.filter(association__department__in=there).values_list("rne", flat=True))
    if coops > MOST * len(prefixes) - len(taken):
        raise NoNumbersLeft(f"Il n’y a pas assez de numéros : {MOST} coopératives fictives au plus par département.")
    schools = islice(made_up_schools(chance, prefixes, taken), coops)
    made = 0
    while several := list(islice(schools, AT_ONCE)):
        with transaction.atomic():
            _list_schools(several)
            for school in several:
                _Coop(chance, school, year, operations).make()
        made += len(several)
        yield made


def _list_schools(schools: list[MadeUpSchool]) -> None:
    """Put schools in the directory, which tells the circonscription of a coop."""
    now = timezone.now()
    School.objects.bulk_create(
        [
            School(
                uai=one.rne,
                department=department_of(one.rne),
                name=one.name,
                commune=one.commune,
                circonscription=one.circonscription,
                seen_at=now,
                updated_at=now,
            )
            for one in schools
        ],
        ignore_conflicts=True,
    )


@dataclass
class _Coop:
    """A coop that is being made up, and the chance that says what becomes of it."""

    chance: Random
    school: MadeUpSchool
    year: SchoolYear
    operations: int

    def make(self) -> None:
        school, fate = self.school, drawn_fate(self.chance)
        coop = create_coop(author=SYSTEM, rne=school.rne, name=school.name, commune=school.commune)
        mandate = None
        if fate is not Fate.WITHOUT_MANDATE:
            mandate = give_mandate(author=SYSTEM, coop=coop, holder=school.mandataire, start=date(self.year.start, 9, 1))
        user = User.objects.get(username=coop.rne)
        calendar = Calendar(self.year, timezone.now())
        if fate is not Fate.SILENT:
            open_account(user=user, at=calendar.after_the_end(self.chance, -300, 60))
            join(coop=coop, year=self.year, mandate=mandate, now=calendar.now)
        access = Access(user=user, role=RoleKind.COOP, coop=coop)
        if fate is Fate.DIRECT and self.operations:
            tell_totals(access=access, year=self.year, chance=self.chance)
            return
        book = record_operations(author=SYSTEM, coop=coop, year=self.year, operations=self._cahier(fate))
        if self.operations and self.chance.random() < RECONCILED.get(fate, 0):
            _reconcile(book, access)
        self._send(book, fate, calendar)

    def _cahier(self, fate: Fate) -> list[Operation]:
        """Return the operations of the year, some mistakes among them where that is the coop's fate."""
        room = fate is Fate.WITH_FINDINGS and self.operations >= FEWEST
        wrong = self.chance.choice(MISTAKES)(self.year) if room else []
        opening = Moves(bank=self.chance.randrange(300_00, 3000_00), cash=self.chance.randrange(5_00, 60_00))
        return [*made_up_year(self.chance, self.year, self.operations - len(wrong), opening), *wrong]

    def _send(self, book: Book, fate: Fate, calendar: Calendar) -> None:
        if fate in {Fate.SENT, Fate.ACCEPTED} and calendar.is_over:
            sent = calendar.after_the_end(self.chance, 2, 45)
            accepted = calendar.after_the_end(self.chance, 46, 80) if fate is Fate.ACCEPTED else None
            book.refresh_from_db()
            send_accounts(book=book, sent_at=sent, accepted_at=accepted)


def _reconcile(book: Book, access: Access) -> None:
    """Give the statement of 31 August and the count of the box that the book expects."""
    standing = standing_of(book)
    expected = standing.bank - standing.reconciliation.unpointed
    last_day = book.year.last_day
    record_statement(access=access, book=book, number="8", day=last_day, account_balance=expected, submission=uuid.uuid4())
    record_cash_count(access=access, book=book, day=last_day, quantities=notes_and_coins(standing.cash), submission=uuid.uuid4())
