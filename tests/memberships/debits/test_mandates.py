from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.mailing.models import Letter
from retkoop.memberships.debits.mandate_paper import mandate_data, mandate_pdf, mandate_words
from retkoop.memberships.debits.mandates import MandateFacts, end_debit_mandate, sign_debit_mandate
from retkoop.memberships.debits.queries import mandate_in
from retkoop.memberships.debits.selection import OTHER_CREDITOR, selection_of
from retkoop.memberships.ibans import read_iban
from retkoop.memberships.models import DebitMandate, Membership
from retkoop.network.access import open_coop
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import change_setting
from tests.cast import make_coop, make_staff
from tests.clock import Clock
from tests.memberships.debits.at_hand import (
    CREDITOR,
    YEAR,
    can_collect,
    comptable,
    declared,
    iban_of,
    own_access,
    prepared,
    sent,
    signed,
)

pytestmark = pytest.mark.django_db
LONG_AFTER = (2029, 11, 30, 10)


@pytest.fixture
def coop() -> Coop:
    can_collect()
    coop = make_coop()
    coop.email = "ecole@ecole.example"
    coop.save()
    return coop


def test_a_mandate_is_signed(coop: Coop, settings: Settings) -> None:
    settings.CAN_SEND_MAIL = True
    row = signed(coop, "FR14 2004 1010 0505 0001 3M02 606")
    assert (row.rum, row.iban, row.bic, row.signed_by) == ("OCCE-0910000A-001", "FR1420041010050500013M02606", "PSSTFRPP", "Mme Perrin")
    assert row.creditor == {"name": CREDITOR["name"], "ics": CREDITOR["ics"]}
    letter = Letter.objects.get()
    assert (letter.address, letter.purpose) == ("ecole@ecole.example", "mandate_signed")
    assert "FR•• •••• 2606" in letter.body
    assert row.iban not in letter.body
    assert AuditEvent.objects.get(action="debit_mandate.signed").chain_id == "coop 0910000A"


def test_signing_another_ends_the_first(coop: Coop) -> None:
    first, second = signed(coop), signed(coop, "FR1420041010050500013M02606")
    first.refresh_from_db()
    assert (first.end_reason, second.rum, second.ended_at) == ("Remplacé par un autre mandat", "OCCE-0910000A-002", None)


def test_a_mandate_is_ended(coop: Coop) -> None:
    row = signed(coop)
    given: dict[str, Any] = {"access": own_access(coop), "year": YEAR, "key": row.pk}
    assert end_debit_mandate(**given).end_reason == "Révoqué par la coopérative"
    with pytest.raises(Refused, match="a déjà pris fin"):
        end_debit_mandate(**given)


def test_sent_twice_one_is_signed(coop: Coop) -> None:
    row = signed(coop)
    key = uuid.uuid4()
    facts = MandateFacts(read_iban(iban_of(coop.rne)), "Coop", coop.mandates.get().pk)
    given: dict[str, Any] = {"access": own_access(coop), "year": YEAR, "facts": facts, "submission": key}
    sign_debit_mandate(**given)
    with pytest.raises(AlreadySubmitted):
        sign_debit_mandate(**given)
    assert [one.rum for one in DebitMandate.objects.order_by("pk")] == [row.rum, "OCCE-0910000A-002"]


def test_the_account_of_the_ad_is_not_the_coops(coop: Coop) -> None:
    with pytest.raises(Refused, match="C’est le compte de l’association départementale"):
        signed(coop, CREDITOR["iban"])


def test_without_a_creditor_nothing_is_signed(coop: Coop) -> None:
    change_setting(author=SYSTEM, association=coop.association, from_year=2026, name="creditor", value={"iban": CREDITOR["iban"]})
    with pytest.raises(Refused, match="n’a pas encore ouvert le prélèvement"):
        signed(coop)


def test_only_a_mandataire_in_office_signs(coop: Coop) -> None:
    facts = MandateFacts(read_iban(iban_of(coop.rne)), "Coop", 0)
    with pytest.raises(Refused, match="n’est plus en fonction"):
        sign_debit_mandate(access=own_access(coop), year=YEAR, facts=facts)


def test_who_helps_does_not_sign(coop: Coop) -> None:
    bob = open_coop(make_staff("bob", RoleKind.ANIMATEUR), coop.rne)
    facts = MandateFacts(read_iban(iban_of(coop.rne)), "Coop", 0)
    with pytest.raises(Refused, match="Seule la coopérative"):
        sign_debit_mandate(access=bob, year=YEAR, facts=facts)


def test_a_coop_that_ended_signs_nothing(coop: Coop) -> None:
    Coop.objects.filter(pk=coop.pk).update(closed_on=date(2026, 8, 31))
    with pytest.raises(Refused, match="est fermée"):
        signed(coop)


def test_a_coop_that_leaves_signs_nothing(coop: Coop) -> None:
    declared(coop)
    signed(coop)
    Membership.objects.update(left_on=date(2026, 11, 1))
    with pytest.raises(Refused, match="ne renouvelle pas"):
        signed(coop)
    assert DebitMandate.objects.filter(ended_at=None).count() == 1


def test_unused_for_three_years_a_mandate_lapses(coop: Coop, clock: Clock) -> None:
    signed(coop)
    declared(coop)
    clock.set(2029, 11, 29, 10)
    assert len(selection_of(coop.association, YEAR, timezone.localdate()).ready) == 1
    clock.set(*LONG_AFTER)
    found = selection_of(coop.association, YEAR, timezone.localdate())
    assert [one.refusal for one in found.others] == ["Son mandat n’a pas servi depuis 36 mois\u202f: il n’est plus valable."]


def test_a_debit_prolongs_it(coop: Coop, clock: Clock) -> None:
    signed(coop)
    declared(coop)
    sent()
    declared(coop, year=YEAR.next)
    clock.set(*LONG_AFTER)
    assert len(selection_of(coop.association, YEAR.next, timezone.localdate()).ready) == 1


@pytest.mark.parametrize(
    ("prepare", "said"), [(True, "Un prélèvement est déjà en cours."), (False, "Elle n’a pas de mandat de prélèvement.")]
)
def test_why_nothing_is_collected(coop: Coop, prepare: bool, said: str) -> None:  # noqa: FBT001 -- a case
    declared(coop)
    if prepare:
        signed(coop)
        prepared(comptable())
    found = selection_of(coop.association, YEAR, timezone.localdate())
    assert ([one.refusal for one in found.others], found.all_under_way) == ([said], prepare)


def test_the_paper_says_what_was_signed(coop: Coop) -> None:
    row = mandate_in(coop, signed(coop).pk)
    data = mandate_data(row, date(2026, 12, 1))
    assert mandate_words("OCCE de l’Essonne")[0].endswith("conformément aux instructions d’OCCE de l’Essonne.")
    assert data["ended"] == ""
    assert ["Référence unique (RUM)", "OCCE-0910000A-001"] in data["mandate"]  # type: ignore[operator]  # a list
    assert row.iban not in str(data)
    assert mandate_pdf(row, date(2026, 12, 1)).startswith(b"%PDF")
    end_debit_mandate(access=own_access(coop), year=YEAR, key=row.pk)
    row = mandate_in(coop, row.pk)
    assert (
        mandate_data(row, date(2026, 12, 1))["ended"] == "Ce mandat a pris fin le 30\u00a0novembre 2026\u202f: Révoqué par la coopérative."
    )


def test_a_mandate_signed_for_another_creditor_collects_nothing() -> None:
    association = can_collect()
    coop = make_coop()
    declared(coop)
    signed(coop)
    told = CREDITOR | {"ics": "FR72ZZZ654321"}
    change_setting(author=SYSTEM, association=association, from_year=YEAR.start, name="creditor", value=told)
    found = selection_of(association, YEAR, date(2026, 11, 30))
    assert [one.refusal for one in found.others] == [OTHER_CREDITOR]
    assert found.ready == []
