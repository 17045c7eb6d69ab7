"""A handover from the plan to the day after: what is refused, what changes hands, what can be undone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from retkoop.archive.cleaning import Limits, cleaned
from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState
from retkoop.domain.handover import HandoverFacts
from retkoop.network.access import Access
from retkoop.network.models import Coop, Mandate, MandateRank
from retkoop.network.services import end_mandate, invite_keeper
from retkoop.upkeep.verification import faults
from retkoop.users.models import User
from retkoop.users.services import activate
from retkoop.year_end.handover.models import Handover, HandoverWay
from retkoop.year_end.handover.queries import facts_on
from retkoop.year_end.handover.services import (
    CANCELLED,
    CHANGED,
    DONE,
    GONE,
    INCOMING,
    LEAVING,
    MOVED,
    SIGNED,
    Filled,
    Plan,
    cancel_handover,
    fill_handover,
    plan_handover,
    sign_handover,
    sign_handover_on_paper,
    take_back_handover,
)
from retkoop.year_end.verifiers.queries import valid_signatures
from tests.archive.sent import picture_bytes
from tests.banking.books_at_hand import now
from tests.books.coops import note
from tests.cast import ALICE, PASSWORD
from tests.clock import Clock
from tests.year_end.handover.at_hand import ALL, FILLED, LAST_DAY, LEAVER, SUCCESSOR, filled, mandate_of, planned, signed
from tests.year_end.verifiers.at_hand import all_signed, in_state

pytestmark = pytest.mark.django_db

FIRST_DAY = LAST_DAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2026, 8, 20, 10, 0)
    return clock


@pytest.fixture
def camille(alice: Access) -> User:
    """Somebody who keeps the coop's books with an account of their own."""
    user = invite_keeper(author=SYSTEM, coop=alice.coop, email="lea.perrin@exemple.fr", name=LEAVER, start=date(2025, 9, 1))
    return activate(user=user, password=PASSWORD)


def refused(verb: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        verb()
    return str(refusal.value).replace("\u202f", " ")


class TestPlan:
    def test_it_is_noted_and_told(self, alice: Access, book: Book) -> None:
        row = planned(alice, book, incoming_email="camille@exemple.fr")
        assert (row.leaving.holder, row.incoming_name, row.day, row.done) == (LEAVER, SUCCESSOR, LAST_DAY, False)
        event = AuditEvent.objects.get(subject=row.subject)
        assert (event.action, event.actor_id, event.after) == ("handover.planned", alice.user.pk, row.snapshot())

    def test_nothing_changes_hands_yet(self, alice: Access, book: Book) -> None:
        filled(alice, book)
        assert list(Mandate.objects.values_list("holder", "end")) == [(LEAVER, None)]

    def test_sent_twice_it_is_made_once(self, alice: Access, book: Book) -> None:
        plan, submission = Plan(mandate_of(alice).pk, LAST_DAY, SUCCESSOR), uuid.uuid4()
        plan_handover(access=alice, book=book, plan=plan, submission=submission)
        with pytest.raises(AlreadySubmitted):
            plan_handover(access=alice, book=book, plan=plan, submission=submission)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"leaving": 0}, "Ce mandat n’est plus en cours."),
            ({"day": date(2026, 9, 1)}, "Choisissez un jour de l’année 2025-2026 : ce sont ses comptes que vous passez."),
            ({"day": date(2025, 8, 31)}, "Choisissez un jour de l’année 2025-2026 : ce sont ses comptes que vous passez."),
            ({"day": date(2025, 9, 30)}, "Le mandat de Mme Perrin ne commence que le 1er octobre 2025."),
            ({"day": date(2026, 8, 31)}, "Le mandat de Mme Perrin se termine déjà le 30 août 2026."),
            ({"incoming_name": "PERRIN"}, "Celui qui part et celui qui arrive portent le même nom : indiquez qui arrive."),
            (
                {"incoming_email": "école"},
                "Cette adresse est celle de l’école : indiquez celle de la personne, ou laissez vide.",
            ),
            ({"incoming_email": ALICE}, "Cette adresse ouvre déjà un autre compte : indiquez-en une autre, ou laissez vide."),
        ],
    )
    def test_what_cannot_be_is_refused(self, alice: Access, book: Book, change: dict[str, Any], said: str) -> None:
        Coop.objects.filter(pk=alice.coop.pk).update(email="école")
        alice = Access(alice.user, alice.role, Coop.objects.get(pk=alice.coop.pk))
        mandate = mandate_of(alice, start=date(2025, 10, 1), end=date(2026, 8, 30))
        given = {"day": date(2026, 8, 30), **change}
        assert refused(lambda: planned(alice, book, mandate, **given)) == said
        assert Handover.objects.count() == 0

    def test_one_at_a_time_for_a_mandate(self, alice: Access, book: Book) -> None:
        row = planned(alice, book)
        assert refused(lambda: planned(alice, book, row.leaving)) == "La passation de Mme Perrin est déjà commencée."
        cancel_handover(access=alice, book=book, key=row.pk)
        assert planned(alice, book, row.leaving).pk != row.pk


class TestFill:
    def test_it_is_kept(self, alice: Access, book: Book) -> None:
        row = filled(alice, book)
        kept = Handover.objects.get(pk=row.pk)
        assert (kept.answers, kept.counted, kept.note, kept.version) == (ALL, 21_50, FILLED.note, 2)

    def test_the_second_writer_is_told(self, alice: Access, book: Book) -> None:
        row = filled(alice, book)
        assert refused(lambda: fill_handover(access=alice, book=book, key=row.pk, version=1, filled=Filled({}))) == CHANGED.replace(
            "\u202f", " "
        )

    def test_nothing_is_filled_in_after_a_signature(self, alice: Access, book: Book) -> None:
        row = signed(alice, book, filled(alice, book), LEAVING)
        assert refused(lambda: filled(alice, book, row)) == SIGNED.replace("\u202f", " ")


class TestFacts:
    def test_they_are_those_of_the_day(self, alice: Access, book: Book) -> None:
        assert facts_on(book, LAST_DAY) == HandoverFacts(
            1_028_20, 21_50, regies=0, missing_vouchers=0, unpointed=facts_on(book, LAST_DAY).unpointed, subsidies=1
        )
        before = facts_on(book, date(2025, 9, 1))
        assert (before.bank, before.cash) == (book.opening_bank, book.opening_cash)

    def test_a_missing_voucher_counts_from_its_day_on(self, alice: Access, book: Book) -> None:
        note(alice, book, "D90", "2026-05-04", "Livres", -10_00)
        book = now(book)
        days = (date(2026, 5, 3), date(2026, 5, 4))
        assert [facts_on(book, day).missing_vouchers for day in days] == [0, 1]
        assert facts_on(book, days[1]).bank - facts_on(book, days[0]).bank == -10_00

    @hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(ordinal=st.integers(date(2025, 9, 1).toordinal(), LAST_DAY.toordinal()))
    def test_they_are_the_sum_of_what_moved_until_then(self, alice: Access, book: Book, ordinal: int) -> None:
        day = date.fromordinal(ordinal)
        rows = [row for row in book.operations.all() if row.opening or row.date <= day]
        facts = facts_on(book, day)
        sums = (sum(row.bank for row in rows), sum(row.cash for row in rows), sum(row.regie for row in rows))
        assert (facts.bank, facts.cash, facts.regies) == sums


class TestSign:
    def test_both_sign_and_the_mandates_change_hands(self, alice: Access, book: Book) -> None:
        row = signed(alice, book, filled(alice, book))
        assert (row.done, row.leaving_way, row.incoming_way) == (True, HandoverWay.ACCOUNT, HandoverWay.ACCOUNT)
        told = list(Mandate.objects.order_by("start").values_list("holder", "rank", "start", "end"))
        assert told == [
            (LEAVER, MandateRank.MANDATAIRE, date(2025, 9, 1), LAST_DAY),
            (SUCCESSOR, MandateRank.MANDATAIRE, FIRST_DAY, None),
        ]
        assert row.incoming is not None
        assert row.incoming.holder == SUCCESSOR
        actions = ["handover.planned", "handover.filled", "handover.signed", "handover.signed", "handover.completed"]
        assert [event.action for event in AuditEvent.objects.filter(subject=row.subject)] == actions
        assert list(faults()) == []

    def test_the_order_does_not_matter(self, alice: Access, book: Book) -> None:
        row = signed(alice, book, filled(alice, book), INCOMING)
        assert (row.done, Mandate.objects.count()) == (False, 1)
        assert signed(alice, book, row, LEAVING).done is True

    def test_case_accents_and_titles_of_a_name_do_not_matter(self, alice: Access, book: Book) -> None:
        row = filled(alice, book)
        assert sign_handover(access=alice, book=book, key=row.pk, side=LEAVING, name="perrin").leaving_signed_at is not None

    def test_another_name_is_refused(self, alice: Access, book: Book) -> None:
        row = filled(alice, book)
        said = refused(lambda: sign_handover(access=alice, book=book, key=row.pk, side=LEAVING, name=SUCCESSOR))
        assert said == "Écrivez votre nom comme il est indiqué : Mme Perrin."
        assert refused(lambda: sign_handover(access=alice, book=book, key=row.pk, side="?", name="")) == "Dites qui signe."

    def test_what_is_not_answered_is_said(self, alice: Access, book: Book) -> None:
        row = planned(alice, book)
        some = Filled({key: said for key, said in ALL.items() if key != "inventory"})
        row = fill_handover(access=alice, book=book, key=row.pk, version=1, filled=some)
        said = refused(lambda: signed(alice, book, row))
        assert said == "À répondre : l’inventaire est vu.\nÉcrivez combien il y avait dans la caisse."

    @pytest.mark.parametrize("side", [LEAVING, INCOMING])
    def test_a_mandate_that_the_ad_has_ended_meanwhile_is_not_lengthened(self, alice: Access, book: Book, side: str) -> None:
        row = filled(alice, book)
        if side == INCOMING:
            row = signed(alice, book, row, LEAVING)
        end_mandate(author=SYSTEM, mandate=row.leaving, last_day=date(2026, 7, 1))
        assert refused(lambda: signed(alice, book, row, side)) == (
            "Le mandat de Mme Perrin s’est terminé le 1er juillet 2026, avant le jour de cette passation : annulez-la. "
            "L’association départementale donne le mandat suivant."
        )
        assert list(Mandate.objects.values_list("holder", "end")) == [(LEAVER, date(2026, 7, 1))]
        assert cancel_handover(access=alice, book=book, key=row.pk).cancelled_at is not None

    def test_nobody_signs_twice(self, alice: Access, book: Book) -> None:
        row = signed(alice, book, filled(alice, book), LEAVING)
        assert refused(lambda: signed(alice, book, row, LEAVING)) == "Mme Perrin a déjà signé."

    def test_accounts_that_change_between_the_two_ask_to_look_again(self, alice: Access, book: Book) -> None:
        row = signed(alice, book, filled(alice, book), LEAVING)
        note(alice, book, "D90", "2026-05-04", "Livres", -10_00)
        book = now(book)
        assert refused(lambda: signed(alice, book, row, INCOMING)) == MOVED.replace("\u202f", " ")
        row = take_back_handover(access=alice, book=book, key=row.pk)
        assert (row.signed_by_one, row.facts, row.answers) == (False, {}, ALL)
        assert signed(alice, book, row).facts["bank"] == 1_018_20

    def test_what_was_signed_stays_whatever_comes_later(self, alice: Access, book: Book) -> None:
        row = signed(alice, book, filled(alice, book))
        note(alice, book, "D90", "2026-05-04", "Livres", -10_00)
        assert Handover.objects.get(pk=row.pk).facts["bank"] == 1_028_20

    def test_the_mandate_that_the_ad_gave_already_is_taken(self, alice: Access, book: Book) -> None:
        given = mandate_of(alice, SUCCESSOR, start=FIRST_DAY)
        row = signed(alice, book, filled(alice, book))
        assert row.incoming == given
        assert Mandate.objects.count() == 2

    def test_an_adjoint_hands_over_as_an_adjoint(self, alice: Access, book: Book) -> None:
        adjoint = mandate_of(alice, rank=MandateRank.ADJOINT)
        row = signed(alice, book, filled(alice, book, planned(alice, book, adjoint)))
        assert row.incoming is not None
        assert row.incoming.rank == MandateRank.ADJOINT

    def test_signatures_of_the_accounts_still_hold(self, alice: Access, finished: Book) -> None:
        all_signed(alice, finished)
        mandate = Mandate.objects.get()
        before = len(valid_signatures(finished))
        signed(alice, finished, filled(alice, finished, planned(alice, finished, mandate)))
        assert (before, len(valid_signatures(finished))) == (4, 4)

    def test_a_year_that_is_sent_can_be_handed_over(self, alice: Access, book: Book) -> None:
        in_state(book, ClosingState.SENT)
        assert signed(alice, book, filled(alice, book)).done is True


class TestPaper:
    def scan(self, alice: Access, book: Book, row: Handover, tmp_path: Path, *sides: str) -> Handover:
        file = tmp_path / "recu.png"
        file.write_bytes(picture_bytes())
        with cleaned(file, Limits(20, 30)) as clean:
            return sign_handover_on_paper(access=alice, book=book, key=row.pk, sides=sides, cleaned=clean, file_name="recu.png")

    def test_a_scan_shows_both(self, alice: Access, book: Book, tmp_path: Path) -> None:
        row = self.scan(alice, book, filled(alice, book), tmp_path, LEAVING, INCOMING)
        assert (row.done, row.on_paper, row.scan and row.scan.label) == (True, True, "Reçu de passation signé, Mme Perrin")
        assert Mandate.objects.filter(holder=SUCCESSOR).count() == 1
        assert list(faults()) == []

    def test_one_signs_here_the_other_on_paper(self, alice: Access, book: Book, tmp_path: Path) -> None:
        row = signed(alice, book, filled(alice, book), LEAVING)
        row = self.scan(alice, book, row, tmp_path, INCOMING)
        assert (row.leaving_way, row.incoming_way) == (HandoverWay.ACCOUNT, HandoverWay.PAPER)

    def test_somebody_is_ticked(self, alice: Access, book: Book, tmp_path: Path) -> None:
        row = filled(alice, book)
        assert refused(lambda: self.scan(alice, book, row, tmp_path)) == "Cochez qui a signé sur ce papier."


class TestUndo:
    def test_it_is_given_up(self, alice: Access, book: Book) -> None:
        row = signed(alice, book, filled(alice, book), LEAVING)
        assert cancel_handover(access=alice, book=book, key=row.pk).cancelled_at is not None
        for verb in (cancel_handover, take_back_handover):
            assert refused(lambda verb=verb: verb(access=alice, book=book, key=row.pk)) == CANCELLED  # type: ignore[misc]  # a default
        assert list(Mandate.objects.values_list("end", flat=True)) == [None]

    def test_what_both_signed_stays(self, alice: Access, book: Book) -> None:
        row = signed(alice, book, filled(alice, book))
        for verb in (cancel_handover, take_back_handover):
            assert refused(lambda verb=verb: verb(access=alice, book=book, key=row.pk)) == DONE.replace("\u202f", " ")  # type: ignore[misc]  # a default

    def test_what_is_not_there(self, alice: Access, book: Book) -> None:
        assert refused(lambda: cancel_handover(access=alice, book=book, key=0)) == GONE
