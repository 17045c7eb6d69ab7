"""A made-up network by bulk, for trials and measures: each coop with its mandataire, its year, its statement and its count.

Everything goes through the verbs of each room: what is made up is as sound as what is typed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from itertools import islice
from random import Random
from typing import Final

from django.db import transaction

from retkoop.audit.services import SYSTEM
from retkoop.banking.services import record_cash_count, record_statement
from retkoop.books.models import Book
from retkoop.books.queries import standing_of
from retkoop.books.services import record_operations
from retkoop.domain.entry import Moves
from retkoop.domain.rne import department_of
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import Coop, DepartmentalAssociation, RoleKind
from retkoop.network.services import create_coop, give_mandate
from retkoop.upkeep.bookkeeping import notes_and_coins
from retkoop.upkeep.schools import PREFIXES, MadeUpSchool, made_up_schools
from retkoop.upkeep.seasons import made_up_year
from retkoop.users.models import User

AT_ONCE: Final = 25
"""Coops made in one transaction: a durable commit each would take longer than the rest."""
_RECONCILED: Final = 0.7
"""Of ten coops, seven have given their last statement and their cash count."""


def generate(*, coops: int, operations: int, seed: int, year: SchoolYear) -> Iterator[int]:
    """Add a network of so many coops with so many operations each, and yield how many there are after each transaction.

    The same seed adds the same coops to the same network.
    """
    chance = Random(seed)  # noqa: S311 -- chance for made-up figures, not for secrets
    departments = set(DepartmentalAssociation.objects.values_list("department", flat=True))
    prefixes = [prefix for prefix in PREFIXES if department_of(prefix) in departments]
    schools = islice(made_up_schools(chance, prefixes, set(Coop.objects.values_list("rne", flat=True))), coops)
    made = 0
    while several := list(islice(schools, AT_ONCE)):
        with transaction.atomic():
            for school in several:
                _make_coop(chance, school, year, operations)
        made += len(several)
        yield made


def _make_coop(chance: Random, school: MadeUpSchool, year: SchoolYear, operations: int) -> None:
    coop = create_coop(author=SYSTEM, rne=school.rne, name=school.name, commune=school.commune)
    give_mandate(author=SYSTEM, coop=coop, holder=school.mandataire, start=date(year.start, 9, 1))
    opening = Moves(bank=chance.randrange(300_00, 3000_00), cash=chance.randrange(5_00, 60_00))
    book = record_operations(author=SYSTEM, coop=coop, year=year, operations=list(made_up_year(chance, year, operations, opening)))
    if operations and chance.random() < _RECONCILED:
        _reconcile(book, coop)


def _reconcile(book: Book, coop: Coop) -> None:
    """Give the statement of 31 August and the count of the box that the book expects."""
    standing = standing_of(book)
    access = Access(user=User.objects.get(username=coop.rne), role=RoleKind.COOP, coop=coop)
    expected = standing.bank - standing.reconciliation.unpointed
    last_day = book.year.last_day
    record_statement(access=access, book=book, number="8", day=last_day, account_balance=expected, submission=uuid.uuid4())
    record_cash_count(access=access, book=book, day=last_day, quantities=notes_and_coins(standing.cash), submission=uuid.uuid4())
