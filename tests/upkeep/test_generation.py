from __future__ import annotations

import io
from random import Random

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.utils.timezone import localdate

from retkoop.banking.models import BankStatement, CashCountRecord
from retkoop.books.models import Book, Operation
from retkoop.books.queries import standing_of
from retkoop.domain.board import is_late
from retkoop.domain.closing import ClosingState
from retkoop.domain.membership import MembershipState
from retkoop.domain.rne import has_right_letter
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import LampState, lamps
from retkoop.memberships.models import MembershipAttestation
from retkoop.memberships.queries import facts_of as facts_of_membership
from retkoop.memberships.queries import memberships
from retkoop.network.models import Coop
from retkoop.network.queries import association_of
from retkoop.oversight.board.queries import facts_of, rule_of
from retkoop.upkeep.bookkeeping import notes_and_coins
from retkoop.upkeep.generation import generate
from retkoop.upkeep.schools import made_up_schools
from retkoop.upkeep.verification import faults
from retkoop.year_end.models import YearClosing
from tests.books.test_import_book import run_command

YEAR = SchoolYear(2025)


def facts() -> list[object]:
    """Return what a seed decides, keys and moments left out."""
    fates = list(YearClosing.objects.order_by("coop").values_list("coop__rne", "state", "sent_at", "decided_at"))
    columns = ("coop__rne", "piece", "date", "label", "tiers", "cheque", "bank", "cash", "regie", "accounts", "pointed_year")
    coops = list(Coop.objects.values_list("rne", "name", "commune", "circonscription"))
    return [coops, list(Operation.objects.order_by("pk").values_list(*columns)), fates]


@pytest.mark.django_db
def test_a_network_is_made_whole_and_sound() -> None:
    assert list(generate(coops=30, operations=30, seed=1, year=YEAR)) == [25, 30]
    assert Coop.objects.count() == Book.objects.filter(start=2025).count() == 30
    assert set(Book.objects.filter(direct=False).annotate(number=Count("operations")).values_list("number", flat=True)) == {30}
    assert set(Book.objects.filter(direct=True).annotate(number=Count("operations")).values_list("number", flat=True)) == {2}
    assert all(has_right_letter(rne) for rne in Coop.objects.values_list("rne", flat=True))
    assert list(faults()) == []


@pytest.mark.django_db
def test_boards_are_alive() -> None:
    list(generate(coops=60, operations=30, seed=4, year=YEAR, department="91"))
    facts = facts_of(association_of("91"), YEAR)
    assert len(facts) == Coop.objects.filter(association__department="91").count() == 60
    found = {
        "not activated": any(not one.activated for one in facts),
        "without mandate": any(not one.has_mandate for one in facts),
        "with errors": any(one.errors for one in facts),
        "direct": any(one.direct for one in facts),
        "sent": any(one.closing is ClosingState.SENT and one.sent_on is not None for one in facts),
        "accepted": any(one.closing is ClosingState.ACCEPTED and one.decided_on is not None for one in facts),
        "late": any(is_late(one, localdate(), rule_of(association_of("91"), YEAR)) for one in facts),
    }
    assert found == dict.fromkeys(found, True)
    assert {one.circonscription for one in facts} > {"Beaulieu", "Villeneuve Nord", "Villeneuve Sud"}
    assert list(faults()) == []


@pytest.mark.django_db
def test_coops_have_joined_as_far_as_coops_do() -> None:
    list(generate(coops=60, operations=0, seed=4, year=YEAR, department="91"))
    states = [facts_of_membership(row).state for row in memberships()]
    assert set(states) == {MembershipState.DECLARED, MembershipState.PART_PAID, MembershipState.PAID, MembershipState.VALIDATED}
    assert 30 < len(states) < 60
    assert MembershipAttestation.objects.count() == states.count(MembershipState.VALIDATED)
    assert all(one.facts["rne"] == one.membership.coop.rne for one in MembershipAttestation.objects.select_related("membership__coop"))
    assert list(faults()) == []


@pytest.mark.django_db
def test_nobody_joins_on_a_day_to_come() -> None:
    list(generate(coops=10, operations=0, seed=4, year=SchoolYear.containing(localdate()).next))
    assert memberships().count() == 0


@pytest.mark.django_db
def test_a_year_that_runs_is_sent_by_nobody() -> None:
    list(generate(coops=20, operations=3, seed=4, year=SchoolYear.containing(localdate())))
    assert YearClosing.objects.count() == 0


@pytest.mark.django_db
def test_coops_that_gave_their_statement_and_their_count_have_three_green_lamps() -> None:
    list(generate(coops=12, operations=40, seed=2, year=YEAR))
    done = Book.objects.filter(statements__isnull=False)
    assert 0 < done.count() < 12
    assert BankStatement.objects.count() == CashCountRecord.objects.count() == done.count()
    assert {lamp.state for book in done for lamp in lamps(standing_of(book))} == {LampState.GOOD}


@pytest.mark.django_db
def test_a_seed_adds_to_what_is_there() -> None:
    list(generate(coops=3, operations=30, seed=5, year=YEAR))
    first = facts()
    list(generate(coops=2, operations=10, seed=5, year=YEAR))
    assert Coop.objects.count() == 5
    assert facts()[1][:90] == first[1]  # type: ignore[index]  # lists, by construction


@pytest.mark.django_db
def test_a_seed_makes_the_same_network_from_nothing() -> None:
    made = []
    for _ in range(2):
        with transaction.atomic():
            list(generate(coops=2, operations=30, seed=9, year=YEAR))
            made.append(facts())
            transaction.set_rollback(True)
    assert made[0] == made[1]


@pytest.mark.django_db
def test_the_command() -> None:
    out = io.StringIO()
    call_command("generate", "--coops", "2", "--operations", "5", stdout=out)
    year = SchoolYear.containing(localdate()).previous
    assert out.getvalue() == f"Coopératives fabriquées pour {year} : 2, avec 5 opérations chacune.\n"
    assert set(Book.objects.values_list("start", flat=True)) == {year.start}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--coops", "-1", "--operations", "5"), "Indiquez un nombre de coopératives et d’opérations positif ou nul.\n"),
        (
            ("--coops", "1", "--operations", "1", "--year", "2025"),
            "« 2025 » n’est pas une année scolaire. Écrivez par exemple 2025-2026.\n",
        ),
        (("--coops", "1", "--operations", "1", "--department", "99"), "Aucune association départementale ne porte le numéro 99.\n"),
        (
            ("--coops", "3001", "--operations", "1", "--department", "91"),
            "Il n’y a pas assez de numéros : 3000 coopératives fictives au plus par département.\n",
        ),
    ],
)
def test_what_cannot_be_made_is_told(options: tuple[str, ...], why: str) -> None:
    assert run_command("generate", *options) == (1, "", why)


@pytest.mark.django_db
def test_empty_coops_can_be_made() -> None:
    list(generate(coops=2, operations=0, seed=1, year=YEAR))
    assert Operation.objects.count() == 0
    assert list(faults()) == []


def test_schools_pass_over_numbers_that_are_taken() -> None:
    schools = made_up_schools(Random(1), ["091", "092"], {"0917000Z", "0927000N"})  # noqa: S311 -- made-up figures
    first = [next(schools).rne for _ in range(3)]
    assert "0917000Z" not in first
    assert len({rne[:3] for rne in first}) == 2


@pytest.mark.parametrize("amount", [0, 1, 88, 123_45, 999_99])
def test_notes_and_coins_make_the_amount(amount: int) -> None:
    assert sum(denomination * number for denomination, number in notes_and_coins(amount).items()) == amount
