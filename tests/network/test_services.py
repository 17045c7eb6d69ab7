from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.domain.rne import InvalidRne
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop, DepartmentalAssociation, Mandate, MandateRank, Role, RoleKind, Setting
from retkoop.network.queries import initial_password_of, rules_for, running_mandates
from retkoop.network.services import (
    AlreadyThere,
    NoAssociation,
    change_setting,
    create_coop,
    create_staff,
    end_mandate,
    end_role,
    give_mandate,
    install_associations,
    reset_coop_account,
    rule_initial_password,
)
from retkoop.users.links import account_of
from retkoop.users.models import User
from tests.cast import association, make_coop


def actions(chain: str) -> list[str]:
    return list(AuditEvent.objects.filter(chain=chain).order_by("sequence").values_list("action", flat=True))


def test_a_coop_comes_with_its_account_and_its_role(db: None) -> None:
    coop = create_coop(author=SYSTEM, rne="0910000A", name="École Jean-Jaurès", commune="Évry")
    user = User.objects.get(username="0910000A")
    assert (coop.association.department, coop.email, user.email) == ("91", "ce.0910000a@ac-versailles.fr", "ce.0910000a@ac-versailles.fr")
    assert (user.family, user.own_words, user.activated_at) == ("coop", ["0910000A", "École Jean-Jaurès", "Évry"], None)
    assert [role.kind for role in user.roles.all()] == [RoleKind.COOP]
    assert actions("coop 0910000A") == ["coop.created", "account.created", "role.given"]
    assert list(faults()) == []


@pytest.mark.parametrize(("rne", "department"), [("6200001A", "2A"), ("7200001A", "2B"), ("9740001A", "974"), ("0750001A", "75")])
def test_its_number_tells_its_ad(db: None, rne: str, department: str) -> None:
    assert make_coop(rne).association.department == department


def test_a_coop_without_a_name_bears_its_number(db: None) -> None:
    assert create_coop(author=SYSTEM, rne="0910000A").name == "École 0910000A"


def test_a_coop_is_created_once(coop: Coop) -> None:
    with pytest.raises(AlreadyThere, match=r"^La coopérative 0910000A existe déjà\.$"):
        make_coop()


def test_a_number_that_is_none_is_refused(db: None) -> None:
    with pytest.raises(InvalidRne):
        make_coop("0910000a")


def test_a_territory_without_an_ad_is_refused(db: None) -> None:
    with pytest.raises(NoAssociation, match=r"^Aucune association départementale ne correspond au RNE 9830001A\.$"):
        make_coop("9830001A")


def test_there_are_101_associations_installed_once(db: None) -> None:
    install_associations()
    assert DepartmentalAssociation.objects.count() == 101
    assert str(association("2A")) == "OCCE 2A"
    assert [action for action in actions("federation") if action.startswith("association.")] == ["association.created"] * 101


def test_mandates_are_given_and_ended(coop: Coop) -> None:
    mandate = give_mandate(author=SYSTEM, coop=coop, holder="Alice Martin", start=date(2026, 9, 1))
    give_mandate(author=SYSTEM, coop=coop, holder="Denis Roy", start=date(2026, 9, 1), rank=MandateRank.ADJOINT)
    assert [one.holder for one in running_mandates(coop, date(2026, 10, 1))] == ["Alice Martin", "Denis Roy"]
    end_mandate(author=SYSTEM, mandate=mandate, last_day=date(2026, 12, 31))
    assert [one.holder for one in running_mandates(coop, date(2026, 12, 31))] == ["Alice Martin", "Denis Roy"]
    assert [one.holder for one in running_mandates(coop, date(2027, 1, 1))] == ["Denis Roy"]
    assert actions("coop 0910000A")[-3:] == ["mandate.given", "mandate.given", "mandate.ended"]
    assert list(faults()) == []


def test_a_mandate_sent_twice_is_given_once(coop: Coop) -> None:
    submission = uuid.uuid4()
    for _ in range(2):
        try:
            give_mandate(author=SYSTEM, coop=coop, holder="Alice Martin", start=date(2026, 9, 1), submission=submission)
        except AlreadySubmitted:
            continue
    assert Mandate.objects.count() == 1


def test_staff_come_with_their_account_and_their_role(ad: DepartmentalAssociation) -> None:
    user = create_staff(author=SYSTEM, username="a.durand", name="Adèle Durand", kind=RoleKind.COMPTABLE, association=ad)
    assert (user.family, user.has_usable_password(), user.roles.get().association) == ("staff", False, ad)
    assert (actions("account a.durand"), actions("ad 91")) == (["account.created"], ["role.given"])
    assert list(faults()) == []


@pytest.mark.parametrize("username", ["bob", "BOB"])
def test_an_identifier_is_taken_once_whatever_its_case(bob: User, username: str) -> None:
    with pytest.raises(AlreadyThere, match=rf"^L’identifiant {username} est déjà pris\.$"):
        create_staff(author=SYSTEM, username=username, name="Bob bis", kind=RoleKind.ANIMATEUR, association=association())


def test_every_kind_of_role_can_be_ended_in_its_own_trail(coop: Coop, bob: User, federation: User) -> None:
    for role in Role.objects.all():
        end_role(author=SYSTEM, role=role)
    assert [actions(chain)[-1] for chain in ("coop 0910000A", "ad 91", "federation")] == ["role.ended"] * 3
    assert list(faults()) == []


def test_a_reset_gives_a_link_to_the_account(coop: Coop, alice: User) -> None:
    token = reset_coop_account(author=SYSTEM, coop=coop)
    user = account_of(token)
    assert user is not None
    assert (user.pk, user.activated_at, user.has_usable_password()) == (alice.pk, None, False)
    assert actions("coop 0910000A")[-2:] == ["account.reset", "account.link_made"]


def test_settings_of_the_ad_stand_over_those_of_the_federation(ad: DepartmentalAssociation) -> None:
    year = SchoolYear(2026)
    for scope, start, value in ((None, 2024, 100_00), (None, 2025, 120_00), (ad, 2024, 80_00), (ad, 2027, 1_00), (None, 2028, 2_00)):
        change_setting(author=SYSTEM, association=scope, from_year=start, name="regie_ceiling", value=value)
    assert rules_for(ad, year).regie_ceiling == 80_00
    assert rules_for(association("92"), year).regie_ceiling == 120_00
    assert rules_for(association("92"), SchoolYear(2024)).regie_ceiling == 100_00
    assert rules_for(association("92"), SchoolYear(2023)).regie_ceiling == 150_00


def test_a_list_of_words_is_a_setting_too(ad: DepartmentalAssociation) -> None:
    change_setting(author=SYSTEM, association=ad, from_year=2026, name="vague_labels", value=["truc"])
    assert rules_for(ad, SchoolYear(2026)).vague_labels == ("truc",)


def test_setting_a_value_again_changes_nothing_and_tells_nothing(ad: DepartmentalAssociation) -> None:
    for value in (1, 1, 2):
        change_setting(author=SYSTEM, association=ad, from_year=2026, name="cash_ceiling", value=value)
    assert (Setting.objects.get().value, actions("ad 91")) == (2, ["setting.set", "setting.set"])
    assert list(faults()) == []


def test_the_initial_password_is_ruled_by_the_ad(ad: DepartmentalAssociation) -> None:
    day = date(2027, 1, 15)
    assert initial_password_of(ad, day).works_on(day)
    rule_initial_password(author=SYSTEM, association=ad, allowed=True, until=day)
    ruled = initial_password_of(ad, day)
    assert [ruled.works_on(date(2027, 1, 15)), ruled.works_on(date(2027, 1, 16))] == [True, False]
    rule_initial_password(author=SYSTEM, association=ad, allowed=False, until=None)
    assert not initial_password_of(ad, day).works_on(day)


def test_the_database_refuses_what_cannot_be(coop: Coop, alice: User, ad: DepartmentalAssociation) -> None:
    start = date(2026, 9, 1)
    impossible: list[Callable[[], object]] = [
        lambda: Mandate.objects.create(coop=coop, holder="X", start=start, end=date(2026, 8, 31)),
        lambda: Role.objects.create(user=alice, kind=RoleKind.COOP, start=start),
        lambda: Role.objects.create(user=alice, kind=RoleKind.COOP, start=start, coop=coop, association=ad),
        lambda: Role.objects.create(user=alice, kind=RoleKind.ANIMATEUR, start=start, coop=coop),
        lambda: Role.objects.create(user=alice, kind=RoleKind.FEDERATION, start=start, association=ad),
        lambda: Role.objects.create(user=alice, kind=RoleKind.COOP, start=start, coop=coop),
        lambda: Role.objects.create(user=alice, kind=RoleKind.ANIMATEUR, start=start, association=ad, end=date(2026, 8, 31)),
        lambda: Setting.objects.bulk_create([Setting(association=ad, from_year=2026, name="a", value=1) for _ in range(2)]),
        lambda: Setting.objects.bulk_create([Setting(from_year=2026, name="a", value=1) for _ in range(2)]),
        lambda: Coop(association=ad, rne="0910000A", name="Autre école").save(),
    ]
    for write in impossible:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
