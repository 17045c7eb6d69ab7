"""Whatever coop and AD do, in whatever order: no way seals another year than the one that was signed, none loses an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from retkoop.audit.models import Chain
from retkoop.books.models import Book, Operation
from retkoop.books.services import delete_operation, edit_operation
from retkoop.books.values import operation_value, with_lines
from retkoop.books.writable import Refused
from retkoop.domain.closing import SEALED_STATES, ClosingState
from retkoop.network.access import Access
from retkoop.upkeep.verification import faults
from retkoop.year_end.closing import services
from retkoop.year_end.closing.queries import closing_of, explanations_of, remarks_of
from retkoop.year_end.models import SealedReport
from retkoop.year_end.verifiers.signing import digest_of
from tests.banking.books_at_hand import now
from tests.books.coops import note
from tests.year_end.closing.at_hand import AFTER, all_sign, ready, reviewing
from tests.year_end.verifiers.at_hand import mandate

pytestmark = pytest.mark.django_db

OUTING: Final = "D02"
ACCOUNTS: Final = ("61800008", "65000008")
PHASES: Final = (Phase.explicit, Phase.reuse, Phase.generate)
"""To make a failing way shorter takes minutes here: each step is real, down to the sealed PDF."""
AWAY: Final = frozenset({ClosingState.SENT, ClosingState.ACCEPTED, ClosingState.CLOSED})
WORDS: Final = st.sampled_from(["Quel musée ?", "Et le ticket ?", "Oui.", "C’est normal."])


class Year(RuleBasedStateMachine):
    """A year that is ready but for its signatures, its coop and its AD; what they should have at each moment beside what they have."""

    def __init__(self, alice: Access, book: Book) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.alice, self.book, self.who = alice, book, reviewing(alice, book)
        self.state, self.round, self.sends = ClosingState.PREPARING, 1, 0
        self.signed = self.blocked = False
        self.faulty: Operation | None = None
        self.account = 0
        self.explained = {key: row.text for key, row in explanations_of(book).items()}
        self.alertes = dict(explanations_of(book))
        self.drafts: list[str] = []
        self.answers: dict[int, tuple[str, str]] = {}

    def teardown(self) -> None:
        found = list(faults())
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)
        assert found == []

    @property
    def writable(self) -> bool:
        return self.state not in AWAY and not self.blocked

    @property
    def complete(self) -> bool:
        return self.faulty is None and len(self.explained) == len(self.alertes)

    def tried(self, verb: Callable[[], object], *, allowed: bool) -> bool:
        """Do what is allowed; what is not is refused and writes nothing."""
        head = Chain.objects.get(pk=self.alice.coop.chain).head
        try:
            with transaction.atomic():
                verb()
        except Refused:
            assert (allowed, Chain.objects.get(pk=self.alice.coop.chain).head) == (False, head)
            return False
        assert allowed
        return True

    def passed(self, verb: Callable[[], object], state: ClosingState, *, allowed: bool) -> bool:
        done = self.tried(verb, allowed=allowed)
        if done:
            self.state = state
        return done

    @rule()
    def call(self) -> None:
        allowed = self.writable and self.complete and self.state is not ClosingState.SIGNING
        self.passed(lambda: services.call_to_sign(access=self.alice, book=self.book, today=AFTER), ClosingState.SIGNING, allowed=allowed)

    @rule()
    def resume(self) -> None:
        allowed = self.state is ClosingState.SIGNING
        self.passed(lambda: services.resume(access=self.alice, book=self.book), ClosingState.PREPARING, allowed=allowed)

    @precondition(lambda self: not self.signed)
    @rule()
    def sign(self) -> None:
        if self.tried(lambda: all_sign(self.alice, self.book), allowed=self.state is ClosingState.SIGNING):
            self.signed = True

    @rule()
    def send(self) -> None:
        allowed = self.state is ClosingState.SIGNING and self.writable and self.complete and self.signed
        if self.passed(lambda: services.send(access=self.alice, book=self.book, today=AFTER), ClosingState.SENT, allowed=allowed):
            self.sends += 1

    @rule()
    def go_on(self) -> None:
        """Take the next step of the usual way: at random alone, years would seldom arrive."""
        steps = {ClosingState.SIGNING: self.send if self.signed else self.sign, ClosingState.SENT: self.accept}
        steps.get(self.state, self.call)()

    @rule()
    def go_on_to_the_end(self) -> None:
        """Take the next three steps."""
        for _ in range(3):
            self.go_on()

    @rule()
    def move_to_another_account(self) -> None:
        row = with_lines(Operation.objects.filter(book=self.book, piece=OUTING)).get()
        value = operation_value(row)
        account = ACCOUNTS[1 - self.account]
        changed = replace(value, parts=tuple(replace(part, account=account) for part in value.parts))
        verb = lambda: edit_operation(access=self.alice, book=self.book, key=row.pk, version=row.version, operation=changed)  # noqa: E731 -- short
        if self.tried(verb, allowed=self.writable):
            self.account, self.signed = 1 - self.account, False

    @precondition(lambda self: self.faulty is None)
    @rule()
    def make_an_erreur(self) -> None:
        kept = []
        verb = lambda: kept.append(note(self.alice, self.book, "D99", "2026-03-02", "Timbres", 0, -10_00, (ACCOUNTS[1], 7_00)))  # noqa: E731 -- idem
        if self.tried(verb, allowed=self.writable):
            self.faulty, self.signed = kept[0], False

    @precondition(lambda self: self.faulty is not None)
    @rule()
    def mend_it(self) -> None:
        row = self.faulty
        assert row is not None
        verb = lambda: delete_operation(access=self.alice, book=self.book, key=row.pk, version=row.version)  # noqa: E731 -- idem
        if self.tried(verb, allowed=self.writable):
            self.faulty, self.signed = None, False

    @precondition(lambda self: self.alertes)
    @rule(data=st.data(), text=st.one_of(st.just(""), WORDS))
    def explain(self, data: st.DataObject, text: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.alertes)))
        given: Any = {"code": key[0], "operation": key[1], "message": self.alertes[key].message, "text": text}
        if not self.tried(lambda: services.explain(access=self.alice, book=self.book, **given), allowed=self.writable):
            return
        if text or key in self.explained:
            self.signed = False
        self.explained.pop(key, None)
        if text:
            self.explained[key] = text

    @rule(text=WORDS)
    def remark(self, text: str) -> None:
        services.write_remark(reviewing=self.who, line="bilan", line_label="Bilan", text=text)
        self.drafts.append(text)

    @rule(reason=st.sampled_from(["", "À revoir."]))
    def send_back(self, reason: str) -> None:
        allowed = self.state is ClosingState.SENT and bool(reason or self.drafts)
        verb = lambda: services.send_back(reviewing=self.who, reason=reason)  # noqa: E731 -- idem
        if self.passed(verb, ClosingState.TO_CORRECT, allowed=allowed):
            self._remarks_leave()

    @rule()
    def accept(self) -> None:
        verb = lambda: services.accept(reviewing=self.who)  # noqa: E731 -- idem
        if self.passed(verb, ClosingState.ACCEPTED, allowed=self.state is ClosingState.SENT):
            self._remarks_leave()

    def _remarks_leave(self) -> None:
        left = [row for row in remarks_of(self.book, sent=True) if row.pk not in self.answers]
        assert [row.text for row in left] == self.drafts
        self.answers |= {row.pk: (row.text, "") for row in left}
        self.drafts = []

    @rule()
    def close(self) -> None:
        allowed = self.state is ClosingState.ACCEPTED
        self.passed(lambda: services.close(reviewing=self.who), ClosingState.CLOSED, allowed=allowed)

    @rule(reason=st.sampled_from(["", "Un relevé manque."]))
    def reopen(self, reason: str) -> None:
        allowed = self.state in SEALED_STATES and bool(reason)
        verb = lambda: services.reopen(reviewing=self.who, reason=reason)  # noqa: E731 -- idem
        if self.passed(verb, ClosingState.TO_CORRECT, allowed=allowed):
            self.round, self.signed = self.round + 1, False

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), text=WORDS)
    def answer(self, data: st.DataObject, text: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.answers)))
        verb = lambda: services.answer_remark(access=self.alice, book=self.book, key=key, text=text)  # noqa: E731 -- idem
        if self.tried(verb, allowed=self.writable):
            self.answers[key] = (self.answers[key][0], text)

    @rule(blocked=st.booleans())
    def rule_entry(self, blocked: bool) -> None:  # noqa: FBT001 -- drawn by Hypothesis
        services.rule_entry(access=self.who.access, coop=self.alice.coop, start=self.book.start, blocked=blocked, until=None)
        self.blocked = blocked

    @invariant()
    def each_is_where_it_should_be(self) -> None:
        book, closing = now(self.book), closing_of(self.book)
        assert (closing.state, closing.round, book.sealed_at is not None) == (self.state, self.round, self.state in SEALED_STATES)

    @invariant()
    def what_is_away_is_what_was_sealed(self) -> None:
        reports = list(SealedReport.objects.filter(book=self.book))
        assert len(reports) == self.sends
        if self.state in AWAY:
            assert (reports[0].crf_digest, reports[0].round) == (digest_of(self.book), self.round)
            assert self.complete

    @invariant()
    def nothing_that_was_said_is_lost(self) -> None:
        said = {key: row.text for key, row in explanations_of(self.book).items()}
        answers = {row.pk: (row.text, row.answer) for row in remarks_of(self.book, sent=True)}
        drafts = [row.text for row in remarks_of(self.book, sent=False)]
        assert (said, answers, drafts) == (self.explained, self.answers, self.drafts)


def test_no_way_seals_a_wrong_year_or_loses_an_answer(alice: Access, finished: Book) -> None:
    note(alice, finished, "D98", "2026-03-03", "Timbres", 0, -1_00)
    note(alice, finished, "R98", "2026-03-03", "Vente", 0, 1_00)
    mandate(alice)
    ready(alice, finished)
    assert explanations_of(finished)
    checked = settings(max_examples=10, stateful_step_count=15, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))

    class Ready(Year):
        def __init__(self) -> None:
            super().__init__(alice, finished)

    run_state_machine_as_test(Ready, settings=checked)
