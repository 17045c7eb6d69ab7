"""What verification says, word for word; `tests/upkeep` holds that no column of any table escapes it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.models import F

from retkoop.audit.models import AuditEvent, Chain
from retkoop.audit.queries import faults
from retkoop.audit.services import SYSTEM, writing
from retkoop.domain.trail import digest
from retkoop.network.models import Coop, Mandate
from retkoop.network.services import give_mandate

CHAIN = "coop 0910000A"


def event(sequence: int) -> Any:  # noqa: ANN401 -- a queryset of one
    return AuditEvent.objects.filter(chain=CHAIN, sequence=sequence)


def test_nothing_is_wrong_where_nobody_meddled(coop: Coop) -> None:
    give_mandate(author=SYSTEM, coop=coop, holder="Alice", start=date(2026, 9, 1))
    assert list(faults()) == []


@pytest.mark.parametrize(
    "changed",
    [{"actor_name": "Bob"}, {"role": "animateur"}, {"action": "coop.closed"}, {"subject": "network.coop:99"}, {"after_digest": "0" * 64}],
)
def test_a_link_that_was_changed(coop: Coop, changed: dict[str, str]) -> None:
    event(2).update(**changed)
    assert f"piste {CHAIN}, maillon 2\u202f: il a été modifié" in list(faults())


def test_a_content_that_was_changed(coop: Coop) -> None:
    row = event(1).get()
    event(1).update(after=row.after | {"name": "Autre école"})
    assert list(faults()) == [f"piste {CHAIN}, maillon 1\u202f: son contenu a été modifié"]


def test_a_content_changed_with_its_digest(coop: Coop) -> None:
    after = event(1).get().after | {"name": "Autre école"}
    event(1).update(after=after, after_digest=digest(after))
    assert f"piste {CHAIN}, maillon 1\u202f: il a été modifié" in list(faults())


def test_a_link_made_anew_from_a_changed_content(coop: Coop) -> None:
    row = event(1).get()
    row.after = row.after | {"name": "Autre école"}
    row.after_digest = digest(row.after)
    row.hash = row.link().hash()
    row.save()
    assert f"piste {CHAIN}, maillon 2\u202f: il ne suit pas le maillon précédent" in list(faults())


def test_a_link_that_was_taken_out(coop: Coop) -> None:
    event(2).delete()
    assert f"piste {CHAIN}, maillon 3\u202f: le maillon 2 manque" in list(faults())


def test_the_end_that_was_cut_off(coop: Coop) -> None:
    event(3).delete()
    assert f"piste {CHAIN}\u202f: elle ne finit pas où elle devrait" in list(faults())


def test_a_link_that_was_put_behind(coop: Coop) -> None:
    row = event(3).get()
    row.pk, row.sequence, row.previous_hash, row.action = None, 4, row.hash, "role.given"
    row.hash = row.link().hash()
    row.save()
    assert f"piste {CHAIN}\u202f: elle ne finit pas où elle devrait" in list(faults())


def test_two_links_that_changed_places(coop: Coop) -> None:
    event(2).update(sequence=F("sequence") + 100)
    event(3).update(sequence=2)
    event(102).update(sequence=3)
    assert f"piste {CHAIN}, maillon 2\u202f: il a été modifié" in list(faults())


@pytest.mark.parametrize("changed", [{"sequence": 9}, {"head": "0" * 64}])
def test_a_head_that_was_changed(coop: Coop, changed: dict[str, object]) -> None:
    Chain.objects.filter(pk=CHAIN).update(**changed)
    assert list(faults()) == [f"piste {CHAIN}\u202f: elle ne finit pas où elle devrait"]


def test_a_record_that_was_changed(coop: Coop) -> None:
    Coop.objects.update(commune="Massy")
    assert list(faults()) == [f"network.coop:{coop.pk}\u202f: modifié en dehors de l’application"]


def test_a_record_that_was_deleted(coop: Coop) -> None:
    mandate = give_mandate(author=SYSTEM, coop=coop, holder="Alice", start=date(2026, 9, 1))
    subject = mandate.subject
    Mandate.objects.all().delete()
    assert list(faults()) == [f"{subject}\u202f: l’enregistrement a disparu"]


def test_a_record_that_was_added(coop: Coop) -> None:
    [mandate] = Mandate.objects.bulk_create([Mandate(coop=coop, holder="Mallory", start=date(2026, 9, 1))])
    assert list(faults()) == [f"{mandate.subject}\u202f: la piste ne connaît pas cet enregistrement"]


def test_a_record_that_came_back(coop: Coop) -> None:
    mandate = give_mandate(author=SYSTEM, coop=coop, holder="Alice", start=date(2026, 9, 1))
    with writing(CHAIN, SYSTEM) as trail:
        subject, before = mandate.subject, mandate.snapshot()
        key = mandate.pk
        mandate.delete()
        trail.deleted(subject, before, action="mandate.deleted")
    Mandate.objects.bulk_create([Mandate(pk=key, coop=coop, holder="Alice", start=date(2026, 9, 1))])
    assert list(faults()) == [f"{subject}\u202f: la piste dit cet enregistrement supprimé"]


def test_a_content_emptied_in_silence(coop: Coop) -> None:
    AuditEvent.objects.filter(chain=CHAIN, sequence=2).update(before=None, after=None)
    assert list(faults()) == [f"piste {CHAIN}, maillon 2\u202f: son contenu a été effacé sans que la piste le dise"]


class TestOlderRecords:
    """A later version adds a column: the trail of an older record does not name it."""

    @pytest.fixture
    def mandate(self, coop: Coop, monkeypatch: pytest.MonkeyPatch) -> Mandate:
        monkeypatch.setattr(Mandate, "unaudited", frozenset({"rank"}))
        mandate = give_mandate(author=SYSTEM, coop=coop, holder="Alice", start=date(2026, 9, 1))
        monkeypatch.undo()
        return mandate

    def test_as_the_column_came(self, mandate: Mandate) -> None:
        assert list(faults()) == []

    def test_a_newer_column_that_was_changed(self, mandate: Mandate) -> None:
        Mandate.objects.filter(pk=mandate.pk).update(rank="adjoint")
        assert list(faults()) == [f"{mandate.subject}\u202f: modifié en dehors de l’application"]

    def test_an_older_column_that_was_changed(self, mandate: Mandate) -> None:
        Mandate.objects.filter(pk=mandate.pk).update(holder="Bob")
        assert list(faults()) == [f"{mandate.subject}\u202f: modifié en dehors de l’application"]
