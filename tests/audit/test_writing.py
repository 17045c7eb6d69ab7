from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from retkoop.audit.models import AuditEvent, Chain
from retkoop.audit.queries import faults, history
from retkoop.audit.services import SYSTEM, AlreadySubmitted, Author, erase_content, writing
from retkoop.domain.trail import ABSENT, GENESIS, digest
from retkoop.network.models import Coop, Mandate
from retkoop.users.models import User
from tests.cast import account, make_coop

CHAIN = "coop 0910000A"


def rename(coop: Coop, name: str, author: Author = SYSTEM, submission: uuid.UUID | None = None) -> None:
    with writing(coop.chain, author, submission) as trail:
        before = coop.snapshot()
        coop.name = name
        coop.save()
        trail.changed(coop, before, action="coop.renamed", submission=submission)


def test_events_stand_one_behind_the_other(coop: Coop) -> None:
    rename(coop, "École Pasteur")
    events = list(AuditEvent.objects.filter(chain=CHAIN).order_by("sequence"))
    assert [event.sequence for event in events] == [1, 2, 3, 4]
    assert [event.previous_hash for event in events] == [GENESIS, *(event.hash for event in events[:-1])]
    assert [event.hash for event in events] == [event.link().hash() for event in events]
    assert (Chain.objects.get(pk=CHAIN).sequence, Chain.objects.get(pk=CHAIN).head) == (4, events[-1].hash)


def test_an_event_tells_who_what_when_and_the_state_before_and_after(coop: Coop) -> None:
    alice = account(coop)
    started = timezone.now()
    rename(coop, "École Pasteur", Author(alice, "Alice Martin", "coop"))
    event = history(CHAIN)[0]
    assert (event.actor, event.actor_name, event.role) == (alice, "Alice Martin", "coop")
    assert (event.action, event.subject) == ("coop.renamed", f"network.coop:{coop.pk}")
    assert [state and state["name"] for state in (event.before, event.after)] == ["École Jean-Jaurès", "École Pasteur"]
    assert (event.before_digest, event.after_digest) == (digest(event.before), digest(event.after))
    assert started <= event.at <= timezone.now()


def test_a_state_holds_every_column_but_those_set_apart(coop: Coop) -> None:
    assert set(coop.snapshot()) == {
        *("id", "association_id", "rne", "name", "commune", "email"),
        *("circonscription", "change_reason", "closed_on", "end_reason", "merged_into_id"),
    }
    assert {"password", "last_login"}.isdisjoint(User.objects.get(username=coop.rne).snapshot())


def test_nothing_stands_before_a_creation_nor_after_a_deletion(coop: Coop) -> None:
    with writing(CHAIN, SYSTEM) as trail:
        mandate = Mandate.objects.create(coop=coop, holder="Alice", start=date(2026, 9, 1))
        trail.created(mandate, action="mandate.given")
    subject, before = mandate.subject, mandate.snapshot()
    with writing(CHAIN, SYSTEM) as trail:
        mandate.delete()
        trail.deleted(subject, before, action="mandate.deleted")
    deleted, created = history(CHAIN)[:2]
    assert (created.before, created.before_digest, created.after) == (None, ABSENT, before)
    assert (deleted.before, deleted.after, deleted.after_digest) == (before, None, ABSENT)
    assert list(faults()) == []


def test_a_name_stays_as_it_was_when_the_person_wrote(coop: Coop) -> None:
    alice = account(coop)
    rename(coop, "École Pasteur", Author(alice, "Alice Martin", "coop"))
    alice.name = "Alice Bernard"
    alice.save()
    assert history(CHAIN)[0].actor_name == "Alice Martin"


def test_a_form_sent_again_writes_nothing_and_names_what_it_made(coop: Coop) -> None:
    submission = uuid.uuid4()
    rename(coop, "École Pasteur", submission=submission)
    with pytest.raises(AlreadySubmitted) as refusal:
        rename(coop, "École Curie", submission=submission)
    assert refusal.value.subject == f"network.coop:{coop.pk}"
    assert (Coop.objects.get().name, Chain.objects.get(pk=CHAIN).sequence) == ("École Pasteur", 4)


def test_the_same_form_on_another_chain_is_refused_too(coop: Coop) -> None:
    submission = uuid.uuid4()
    other = make_coop("0910620E")
    rename(coop, "École Pasteur", submission=submission)
    with pytest.raises(AlreadySubmitted):
        rename(other, "École Curie", submission=submission)


def test_what_fails_leaves_neither_row_nor_event(coop: Coop) -> None:
    def fail() -> None:
        with writing(CHAIN, SYSTEM) as trail:
            mandate = Mandate.objects.create(coop=coop, holder="Alice", start=date(2026, 9, 1))
            trail.created(mandate, action="mandate.given")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (Mandate.objects.count(), Chain.objects.get(pk=CHAIN).sequence) == (0, 3)


def test_writing_nothing_tells_nothing(coop: Coop) -> None:
    head = Chain.objects.get(pk=CHAIN).head
    with writing(CHAIN, SYSTEM):
        pass
    assert Chain.objects.get(pk=CHAIN).head == head


def test_each_coop_has_its_own_chain(coop: Coop) -> None:
    make_coop("0910620E")
    assert [chain.sequence for chain in Chain.objects.filter(name__startswith="coop ")] == [3, 3]


def test_history_tells_the_latest_first(coop: Coop) -> None:
    rename(coop, "École Pasteur")
    assert [event.action for event in history(CHAIN)] == ["coop.renamed", "role.given", "account.created", "coop.created"]


def test_a_content_can_be_erased_and_the_chain_still_holds(coop: Coop) -> None:
    """RGPD: the digest stays, and proves what was erased to whoever still has it."""
    rename(coop, "École Pasteur")
    told = history(CHAIN)[0]
    erase_content(author=SYSTEM, event=told)
    assert list(faults()) == []
    told.refresh_from_db()
    assert (told.before, told.after, told.after_digest) == (None, None, digest(Coop.objects.get().snapshot()))
    assert (history(CHAIN)[0].action, history(CHAIN)[0].subject) == ("content.erased", f"audit.auditevent:{told.pk}")


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_queue_on_the_chain() -> None:
    coop = make_coop()

    def one(number: int) -> None:
        try:
            with writing(CHAIN, SYSTEM) as trail:
                mandate = Mandate.objects.create(coop=coop, holder=f"Alice {number}", start=date(2026, 9, 1))
                trail.created(mandate, action="mandate.given")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(one, range(18)))
    assert list(AuditEvent.objects.filter(chain=CHAIN).order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 22))
    assert list(faults()) == []


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_once_makes_one_thing() -> None:
    coop, submission = make_coop(), uuid.uuid4()

    def one(_: int) -> bool:
        try:
            with writing(CHAIN, SYSTEM, submission) as trail:
                mandate = Mandate.objects.create(coop=coop, holder="Alice", start=date(2026, 9, 1))
                trail.created(mandate, action="mandate.given", submission=submission)
        except AlreadySubmitted:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as crowd:
        assert sum(crowd.map(one, range(6))) == 1
    assert Mandate.objects.count() == 1
