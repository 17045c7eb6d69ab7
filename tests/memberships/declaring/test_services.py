"""A declaration from the draft to its correction: what is kept, what is refused, what is owed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, AlreadySubmitted, writing
from retkoop.books.writable import Refused
from retkoop.domain.fees import ClassCount, Declared, Level
from retkoop.domain.membership import MembershipFacts, MembershipState
from retkoop.memberships.access import CLOSED, LEFT
from retkoop.memberships.declaring import services
from retkoop.memberships.declaring.queries import declared_last, draft_of, engagement_of, latest_declared
from retkoop.memberships.declaring.services import WrongCount, accept_engagement, correct, declare, save_draft
from retkoop.memberships.models import Declaration, EngagementAcceptance, Membership
from retkoop.memberships.pricing.services import draft_engagement, publish_engagement
from retkoop.memberships.queries import facts_of, membership_of
from retkoop.memberships.values import declared_of, lines_of
from retkoop.network.access import Access, open_coop
from retkoop.network.models import Coop
from retkoop.network.services import change_setting, give_mandate
from retkoop.users.models import User
from tests.books.coops import YEAR, animateur, keeper
from tests.cast import ALICE, CHARLIE
from tests.clock import Clock
from tests.memberships.at_hand import EFFECTIFS, HOLDER, declared_membership, drafted, engaged, faults_of_rows

NOBODY = "Indiquez au moins une classe\u202f: son niveau, ses élèves, ses adultes."
pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def helper(alice: Access) -> Access:
    """An animateur of the AD before Alice's coop."""
    animateur()
    return open_coop(User.objects.get(username="animateur"), ALICE)


def in_force(access: Access) -> int:
    text = engagement_of(access.coop, None, date(2026, 1, 1)).text
    assert text is not None
    return text.pk


def refused(call: object, **given: object) -> str:
    with pytest.raises(Refused) as refusal:
        call(**given)  # type: ignore[operator]  # a verb
    return str(refusal.value)


class TestDraft:
    def test_it_is_kept_and_changed(self, alice: Access) -> None:
        draft = drafted(alice)
        assert (draft.number, draft.version, draft.pupils, draft.adults, draft.lines, draft.total) == (1, 1, 50, 2, [], 0)
        other = replace(EFFECTIFS, magazines=2)
        draft = save_draft(access=alice, year=YEAR, declared=other, version=1)
        assert (draft.version, declared_of(draft)) == (2, other)
        membership = membership_of(alice.coop, YEAR)
        assert membership is not None
        assert membership.reference == "RF160910000A2025"
        assert facts_of(membership).state is MembershipState.TO_DECLARE
        told = list(AuditEvent.objects.filter(chain=alice.coop.chain).order_by("-sequence").values_list("action", flat=True)[:3])
        assert told == ["declaration.changed", "declaration.begun", "membership.begun"]
        assert faults_of_rows() == []

    def test_the_second_hand_is_refused(self, alice: Access) -> None:
        drafted(alice)
        assert refused(save_draft, access=alice, year=YEAR, declared=EFFECTIFS, version=0) == services.CHANGED

    def test_a_form_that_is_sent_twice_is_kept_once(self, alice: Access) -> None:
        key = uuid.uuid4()
        save_draft(access=alice, year=YEAR, declared=EFFECTIFS, version=0, submission=key)
        with pytest.raises(AlreadySubmitted):
            save_draft(access=alice, year=YEAR, declared=EFFECTIFS, version=0, submission=key)

    def test_nobody_is_refused_and_many_are_to_be_confirmed(self, alice: Access) -> None:
        assert refused(drafted, access=alice, declared=Declared(())) == NOBODY
        assert Membership.objects.count() == 0
        many = Declared((ClassCount(Level.CP, 100),))
        with pytest.raises(WrongCount) as asked:
            drafted(alice, many)
        assert asked.value.surprising
        assert save_draft(access=alice, year=YEAR, declared=many, version=0, confirmed=True).pupils == 100

    def test_a_coop_that_leaves_or_has_ended_does_not_adhere(self, alice: Access) -> None:
        drafted(alice)
        Membership.objects.update(left_on=date(2025, 11, 3))
        assert refused(save_draft, access=alice, year=YEAR, declared=EFFECTIFS, version=1) == LEFT
        Coop.objects.update(closed_on=date(2025, 11, 3))
        assert refused(save_draft, access=alice, year=YEAR, declared=EFFECTIFS, version=1) == CLOSED

    def test_an_animateur_fills_it_in_and_no_more(self, alice: Access, helper: Access) -> None:
        draft = drafted(helper)
        given = {"access": helper, "year": YEAR}
        assert refused(declare, **given, version=draft.version) == services.OURS
        assert refused(accept_engagement, **given, text=in_force(alice), holder=HOLDER) == services.OURS
        assert refused(correct, **given, declared=EFFECTIFS, reason="Une arrivée", number=1) == services.OURS


class TestEngagement:
    def test_each_mandataire_accepts_by_name(self, alice: Access) -> None:
        for holder in (HOLDER, "M. Petit"):
            give_mandate(author=SYSTEM, coop=alice.coop, holder=holder, start=date(2020, 9, 1))
        draft, text = drafted(alice), in_force(alice)
        given = {"access": alice, "year": YEAR}
        assert refused(declare, **given, version=draft.version) == (
            "Il manque encore l’acceptation de Mme Perrin et de M. Petit\u202f: lisez et acceptez l’engagement du mandataire."
        )
        assert refused(accept_engagement, **given, text=text, holder="Alice") == (
            "Écrivez votre nom comme il est sur votre mandat\u202f: Mme Perrin ou M. Petit."
        )
        row = accept_engagement(access=alice, year=YEAR, text=text, holder="PERRIN")
        assert (row.holder, row.accepted_by) == (HOLDER, alice.user.name)
        assert row.mandate is not None
        assert refused(accept_engagement, **given, text=text, holder=HOLDER) == "L’engagement de Mme Perrin est déjà accepté."
        assert refused(declare, **given, version=draft.version) == (
            "Il manque encore l’acceptation de M. Petit\u202f: lisez et acceptez l’engagement du mandataire."
        )
        accept_engagement(access=alice, year=YEAR, text=text, holder="m petit")
        assert declare(access=alice, year=YEAR, version=draft.version).total == 119_60
        assert faults_of_rows() == []

    def test_without_a_mandate_noted_whoever_declares_accepts(self, alice: Access) -> None:
        draft = drafted(alice)
        assert refused(declare, access=alice, year=YEAR, version=draft.version) == (
            "Il manque encore l’acceptation d’un mandataire\u202f: lisez et acceptez l’engagement du mandataire."
        )
        row = accept_engagement(access=alice, year=YEAR, text=in_force(alice), holder=" Alice Martin ")
        assert (row.holder, row.mandate) == ("Alice Martin", None)
        assert declare(access=alice, year=YEAR, version=draft.version).number == 1

    def test_a_new_version_is_read_again_before_declaring(self, alice: Access) -> None:
        draft, old = drafted(alice), in_force(alice)
        engaged(alice)
        own = draft_engagement(author=SYSTEM, association=alice.coop.association)
        publish_engagement(author=SYSTEM, association=alice.coop.association, key=own.pk, version=1)
        assert refused(declare, access=alice, year=YEAR, version=draft.version) == (
            "Une nouvelle version de l’engagement est publiée\u202f: il y faut l’acceptation de Mme Perrin. Lisez-la, puis déclarez."
        )
        assert refused(accept_engagement, access=alice, year=YEAR, text=old, holder=HOLDER) == (
            "Une nouvelle version de l’engagement vient d’être publiée\u202f: lisez-la avant d’accepter."
        )
        engaged(alice)
        assert declare(access=alice, year=YEAR, version=draft.version).number == 1
        assert EngagementAcceptance.objects.count() == 2


class TestDeclaration:
    def test_its_lines_keep_the_prices_of_the_day(self, alice: Access) -> None:
        membership = declared_membership(alice)
        assert facts_of(membership) == MembershipFacts(declared=1, due=119_60)
        change_setting(author=SYSTEM, association=alice.coop.association, from_year=2025, name="member_price", value=3_00)
        row = Declaration.objects.get()
        assert [(line.key, line.quantity, line.price, line.amount) for line in lines_of(row)] == [
            ("member", 52, 2_05, 106_60),
            ("insurance", 52, 25, 13_00),
        ]
        assert (row.declared_by, row.pupils, row.adults) == (alice.user.name, 50, 2)
        assert refused(save_draft, access=alice, year=YEAR, declared=EFFECTIFS, version=2) == services.DECLARED
        assert refused(declare, access=alice, year=YEAR, version=2) == services.DECLARED

    def test_there_must_be_something_to_declare_as_it_was_read(self, alice: Access) -> None:
        assert refused(declare, access=alice, year=YEAR, version=1) == services.NOTHING
        drafted(alice)
        assert refused(declare, access=alice, year=YEAR, version=7) == services.CHANGED

    def test_an_amount_that_the_ad_asks_for_since_is_missing(self, alice: Access) -> None:
        draft = drafted(alice)
        engaged(alice)
        extra = {"key": "solidarity", "label": "Solidarité", "basis": "free", "price": 0, "account": "62810008", "optional": False}
        change_setting(author=SYSTEM, association=alice.coop.association, from_year=2025, name="extra_fees", value=[extra])
        assert refused(declare, access=alice, year=YEAR, version=draft.version) == "Solidarité\u202f: Indiquez un montant."

    def test_the_year_after_it_is_proposed(self, alice: Access, monkeypatch: pytest.MonkeyPatch) -> None:
        assert declared_last(alice.coop, YEAR.next) is None
        declared_membership(alice)
        Clock(monkeypatch).set(2026, 9, 20, 10, 0)
        assert declared_last(alice.coop, YEAR.next) == (YEAR, EFFECTIFS)
        assert declared_last(alice.coop, YEAR) is None
        assert declared_last(keeper(CHARLIE).coop, YEAR.next) is None


class TestCorrection:
    def test_a_complement_is_owed(self, alice: Access) -> None:
        declared_membership(alice)
        more = replace(EFFECTIFS, classes=(*EFFECTIFS.classes, ClassCount(Level.CP, 9, 1)))
        row = correct(access=alice, year=YEAR, declared=more, reason=" Une classe ouvre ", number=1)
        assert (row.number, row.reason, row.total) == (2, "Une classe ouvre", 142_60)
        membership = membership_of(alice.coop, YEAR)
        assert membership is not None
        assert facts_of(membership) == MembershipFacts(declared=2, due=142_60)
        assert latest_declared(membership) == row
        assert draft_of(membership) is None
        assert faults_of_rows() == []

    def test_what_keeps_it_from_being_made(self, alice: Access) -> None:
        given = {"access": alice, "year": YEAR, "reason": "Une arrivée"}
        fewer = replace(EFFECTIFS, classes=EFFECTIFS.classes[:1])
        assert refused(correct, **given, declared=fewer, number=1) == services.UNDECLARED
        declared_membership(alice)
        assert refused(correct, **given, declared=EFFECTIFS, number=1) == services.SAME
        assert refused(correct, **given, declared=Declared(()), number=1) == NOBODY
        assert refused(correct, **given, declared=fewer, number=0) == services.CHANGED
        assert refused(correct, **{**given, "reason": " "}, declared=fewer, number=1) == (
            "Dites pourquoi vos effectifs changent\u202f: l’association départementale le lit."
        )
        correct(**given, declared=fewer, number=1)  # type: ignore[arg-type]  # as above
        assert refused(correct, **given, declared=EFFECTIFS, number=1) == services.CHANGED


def test_a_verb_of_the_ad_may_hold_its_own_chain_meanwhile(alice: Access) -> None:
    with writing(alice.coop.association.chain, SYSTEM):
        assert drafted(alice).number == 1
