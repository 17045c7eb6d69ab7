from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from retkoop.audit.services import SYSTEM
from retkoop.network.access import open_association, open_coop, open_federation, running_roles
from retkoop.network.models import Coop, DepartmentalAssociation, Role, RoleKind
from retkoop.network.queries import roles_today
from retkoop.network.services import end_role, give_staff_role
from retkoop.users.models import User
from tests.cast import account, make_coop, make_staff


@pytest.mark.parametrize(
    ("kind", "may_write", "from_afar"),
    [
        (RoleKind.ANIMATEUR, True, True),
        (RoleKind.COMPTABLE, False, True),
        (RoleKind.ADMINISTRATEUR, False, True),
        (RoleKind.FEDERATION, False, True),
    ],
)
def test_staff_before_a_coop(coop: Coop, kind: RoleKind, may_write: bool, from_afar: bool) -> None:  # noqa: FBT001 -- columns
    user = make_staff("bob", kind, None if kind is RoleKind.FEDERATION else "91")
    access = open_coop(user, coop.rne)
    assert (access.coop, access.role, access.can_write, access.from_afar) == (coop, kind, may_write, from_afar)
    assert (access.author.name, access.author.role) == ("Bob", kind.value)


def test_a_coop_before_itself(coop: Coop, alice: User) -> None:
    access = open_coop(alice, coop.rne, to_write=True)
    assert (access.role, access.can_write, access.from_afar) == (RoleKind.COOP, True, False)


def test_whoever_may_not_write_is_told_that_there_is_nothing(coop: Coop) -> None:
    with pytest.raises(Http404):
        open_coop(make_staff("bob", RoleKind.COMPTABLE), coop.rne, to_write=True)


def test_another_coop_is_nowhere(coop: Coop) -> None:
    stranger = account(make_coop("0910620E"))
    for rne in (coop.rne, "0999999Z", "", "0910000a"):
        with pytest.raises(Http404):
            open_coop(stranger, rne)


def test_another_ad_is_nowhere(coop: Coop, charlie: User) -> None:
    with pytest.raises(Http404):
        open_coop(charlie, coop.rne)
    with pytest.raises(Http404):
        open_association(charlie, "91")


def test_nobody_in_particular_opens_nothing(coop: Coop) -> None:
    for opening in (
        lambda: open_coop(AnonymousUser(), coop.rne),
        lambda: open_association(AnonymousUser(), "91"),
        lambda: open_federation(AnonymousUser()),
    ):
        with pytest.raises(Http404):
            opening()


def test_of_several_roles_the_one_that_may_do_most_counts(coop: Coop, ad: DepartmentalAssociation) -> None:
    user = make_staff("bob", RoleKind.COMPTABLE)
    for kind in (RoleKind.ADMINISTRATEUR, RoleKind.ANIMATEUR):
        give_staff_role(author=SYSTEM, user=user, kind=kind, start=timezone.localdate(), association=ad)
    assert open_coop(user, coop.rne).role is RoleKind.ANIMATEUR
    assert open_association(user, "91").role is RoleKind.ADMINISTRATEUR


@pytest.mark.parametrize("first", [RoleKind.ANIMATEUR, RoleKind.COMPTABLE])
def test_the_order_in_which_roles_were_given_does_not_count(coop: Coop, ad: DepartmentalAssociation, first: RoleKind) -> None:
    user = make_staff("bob", first)
    other = RoleKind.COMPTABLE if first is RoleKind.ANIMATEUR else RoleKind.ANIMATEUR
    give_staff_role(author=SYSTEM, user=user, kind=other, start=timezone.localdate(), association=ad)
    assert (open_association(user, "91").role, open_coop(user, coop.rne).role) == (RoleKind.COMPTABLE, RoleKind.ANIMATEUR)
    assert [role.kind for role in roles_today(user)] == [RoleKind.COMPTABLE]


def test_a_role_in_the_place_itself_comes_before_the_federations(coop: Coop, federation: User, ad: DepartmentalAssociation) -> None:
    give_staff_role(author=SYSTEM, user=federation, kind=RoleKind.COMPTABLE, start=timezone.localdate(), association=ad)
    assert (open_association(federation, "91").role, open_coop(federation, coop.rne).role) == (RoleKind.COMPTABLE, RoleKind.COMPTABLE)
    assert open_association(federation, "33").role is RoleKind.FEDERATION
    assert open_federation(federation).role == RoleKind.FEDERATION


def test_a_person_of_two_ads_acts_in_each_in_the_role_they_have_there(coop: Coop) -> None:
    user = make_staff("bob", RoleKind.COMPTABLE, "33")
    give_staff_role(author=SYSTEM, user=user, kind=RoleKind.ANIMATEUR, start=timezone.localdate(), association=coop.association)
    assert [open_association(user, number).role for number in ("33", "91")] == [RoleKind.COMPTABLE, RoleKind.ANIMATEUR]
    assert open_coop(user, coop.rne).role is RoleKind.ANIMATEUR


def test_a_role_that_ended_stops_at_once(coop: Coop, bob: User) -> None:
    open_coop(bob, coop.rne)
    end_role(author=SYSTEM, role=Role.objects.get(user=bob))
    with pytest.raises(Http404):
        open_coop(bob, coop.rne)


def test_a_role_starts_on_its_first_day(bob: User, ad: DepartmentalAssociation) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    give_staff_role(author=SYSTEM, user=bob, kind=RoleKind.COMPTABLE, start=tomorrow, association=ad)
    assert [role.kind for role in running_roles(bob)] == [RoleKind.ANIMATEUR]
    assert {role.kind for role in running_roles(bob, tomorrow)} == {RoleKind.ANIMATEUR, RoleKind.COMPTABLE}
    assert list(running_roles(bob, date(2020, 1, 1))) == []


def test_an_account_that_is_closed_opens_nothing(coop: Coop, alice: User) -> None:
    alice.is_active = False
    with pytest.raises(Http404):
        open_coop(alice, coop.rne)


def test_only_the_administrateur_administers(bob: User, adele: User, federation: User) -> None:
    assert open_association(adele, "91", to_administer=True).can_administer
    for other in (bob, federation):
        assert open_association(other, "91").can_administer is False
        with pytest.raises(Http404):
            open_association(other, "91", to_administer=True)


def test_an_unknown_departement_is_nowhere(federation: User) -> None:
    with pytest.raises(Http404):
        open_association(federation, "99")


def test_the_federation_is_the_federations(federation: User, adele: User, alice: User) -> None:
    open_federation(federation)
    for other in (adele, alice):
        with pytest.raises(Http404):
            open_federation(other)


def test_two_queries_open_a_coop(coop: Coop, alice: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        open_coop(alice, coop.rne)
