"""Signatures: the code that gives them, what makes them void, and who cannot give one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from pytest_django import Settings

from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access
from retkoop.year_end.models import Signature, SigningCode, SigningWay, Verifier
from retkoop.year_end.verifiers import codes
from retkoop.year_end.verifiers.codes import WrongCode, keep_draft, new_code
from retkoop.year_end.verifiers.invitations import ask_again, give_code
from retkoop.year_end.verifiers.queries import missing_signatures, signatures_of, valid_signatures
from retkoop.year_end.verifiers.signing import (
    CHANGED,
    CLOSED,
    GONE,
    Filled,
    digest_of,
    seen_of,
    send_code,
    sign_as_mandataire,
    sign_as_teacher,
    sign_as_verifier,
)
from retkoop.year_end.verifiers.tokens import token_of
from tests.books.coops import note, plain
from tests.clock import Clock
from tests.year_end.verifiers.at_hand import OTHER, all_signed, answered, code_in, in_state, invited, letters, mandate, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2026, 9, 14, 18)
    return clock


@pytest.fixture
def verifier(clock: Clock, alice: Access, book: Book) -> Verifier:
    in_state(book, ClosingState.SIGNING)
    return invited(alice, book)


def sign(verifier: Verifier, code: str, seen: str = "") -> Signature:
    filled = answered(verifier.book, Filled(comment="Bravo"))
    return sign_as_verifier(verifier=verifier, token=token_of(verifier), filled=filled, code=code, seen=seen or seen_of(verifier.book))


def refusal(verifier: Verifier, code: str, seen: str = "") -> str:
    with pytest.raises((WrongCode, Refused)) as told:
        sign(verifier, code, seen)
    return str(told.value)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


class TestCode:
    def test_it_signs_once(self, verifier: Verifier) -> None:
        code = new_code(verifier, by_hand=False)
        signature = sign(verifier, code)
        assert (signature.name, signature.way, signature.comment, signature.round) == ("Inès Moreau", SigningWay.MAIL, "Bravo", 1)
        assert (SigningCode.objects.count(), refusal(verifier, code)) == (0, codes.NO_CODE)

    def test_without_one_nothing_is_signed(self, verifier: Verifier) -> None:
        assert refusal(verifier, "000000") == codes.NO_CODE
        keep_draft(verifier, {"comment": "Bravo"})
        assert refusal(verifier, "") == codes.NO_CODE

    def test_it_lives_fifteen_minutes(self, verifier: Verifier, clock: Clock) -> None:
        code = new_code(verifier, by_hand=False)
        clock.advance(minutes=15)
        assert refusal(verifier, code) == codes.EXPIRED

    def test_five_wrong_tries_end_it(self, verifier: Verifier) -> None:
        code = new_code(verifier, by_hand=False)
        tries = [refusal(verifier, wrong(code)) for _ in range(5)]
        assert tries == [codes.WRONG] * 4 + [codes.SPENT]
        assert refusal(verifier, code) == codes.SPENT

    def test_a_later_one_ends_it(self, verifier: Verifier, monkeypatch: pytest.MonkeyPatch) -> None:
        former, latest = new_code(verifier, by_hand=False), new_code(verifier, by_hand=False)
        while latest == former:
            latest = new_code(verifier, by_hand=False)
        assert refusal(verifier, former) == codes.WRONG
        assert sign(verifier, latest).way == SigningWay.MAIL

    def test_that_of_another_does_not_sign(self, alice: Access, book: Book, verifier: Verifier) -> None:
        other = invited(alice, book, OTHER)
        code = new_code(other, by_hand=False)
        assert refusal(verifier, code) == codes.NO_CODE

    def test_only_its_digest_is_kept(self, verifier: Verifier) -> None:
        code = new_code(verifier, by_hand=False)
        kept = SigningCode.objects.values().get()
        assert code not in str(kept)
        assert code not in str(list(AuditEvent.objects.values_list("before", "after")))

    def test_by_hand_it_is_told_so(self, alice: Access, book: Book, verifier: Verifier) -> None:
        row, code = give_code(access=alice, book=book, key=verifier.pk)
        assert (row, sign(verifier, code).way) == (verifier, SigningWay.HAND)
        event = AuditEvent.objects.get(action="verifier.code_given")
        assert (event.actor_name, event.subject) == ("École Jean-Jaurès", verifier.subject)

    def test_by_mail_it_comes_with_what_was_filled_in_kept(self, verifier: Verifier, settings: Settings) -> None:
        settings.CAN_SEND_MAIL = True
        assert send_code(verifier=verifier, draft={"comment": "Presque fini"}, seen=seen_of(verifier.book)) is True
        letter = letters()[-1]
        assert (letter.to, letter.subject[:-6]) == (["ines@exemple.fr"], "Retkoop : votre code pour signer est ")
        assert codes.draft_of(verifier) == {"comment": "Presque fini"}
        assert sign(verifier, code_in(letter)).way == SigningWay.MAIL

    def test_without_mail_none_leaves_and_nothing_breaks(self, verifier: Verifier) -> None:
        assert send_code(verifier=verifier, draft={"comment": "Presque fini"}, seen=seen_of(verifier.book)) is False
        assert (letters(), mail.outbox, codes.draft_of(verifier)) == ([], [], {"comment": "Presque fini"})


class TestRefusals:
    @pytest.mark.parametrize("state", [state for state in ClosingState if state is not ClosingState.SIGNING])
    def test_one_signs_only_while_signatures_are_asked_for(
        self, alice: Access, book: Book, verifier: Verifier, state: ClosingState
    ) -> None:
        code, row = new_code(verifier, by_hand=False), mandate(alice)
        in_state(book, state)
        seen = seen_of(book)
        verbs: list[Callable[[], object]] = [
            lambda: sign(verifier, code),
            lambda: send_code(verifier=verifier, draft={}, seen=seen),
            lambda: sign_as_mandataire(access=alice, book=book, mandate=row.pk, seen=seen),
            lambda: sign_as_teacher(book=book, name="Léo", author=alice.author, way=SigningWay.ACCOUNT, seen=seen),
        ]
        for verb in verbs:
            with pytest.raises(Refused, match=f"^{CLOSED}$"):
                verb()
        assert Signature.objects.count() == 0

    def test_what_changed_while_one_read_is_read_again(self, alice: Access, book: Book, verifier: Verifier) -> None:
        code, seen, digest = new_code(verifier, by_hand=False), seen_of(book), digest_of(book)
        note(alice, book, "D9", "2026-05-04", "Livre", -10_00)
        assert refusal(verifier, code, seen) == CHANGED
        assert sign(verifier, code).crf_digest == digest_of(book) != digest

    def test_a_mandataire_named_since_does_not_sign(self, alice: Access, verifier: Verifier) -> None:
        code = new_code(verifier, by_hand=False)
        mandate(alice, "Mme MOREAU Ines")
        said = "Inès Moreau est mandataire de la coopérative : on ne vérifie pas ses propres comptes. Invitez une autre personne."
        assert plain(refusal(verifier, code)) == said

    def test_whoever_signed_does_not_sign_twice(self, verifier: Verifier) -> None:
        signed(verifier)
        assert refusal(verifier, new_code(verifier, by_hand=False)) == "Inès Moreau a déjà signé."

    def test_an_invitation_that_was_ended_meanwhile_signs_nothing(self, verifier: Verifier) -> None:
        code, token = new_code(verifier, by_hand=False), token_of(verifier)
        seen = seen_of(verifier.book)
        Verifier.objects.filter(pk=verifier.pk).update(nonce="another")
        with pytest.raises(Refused, match=GONE):
            sign_as_verifier(verifier=verifier, token=token, filled=answered(verifier.book), code=code, seen=seen)

    def test_a_mandate_that_has_ended_does_not_sign(self, alice: Access, book: Book, verifier: Verifier) -> None:
        with pytest.raises(Refused, match="Ce mandat n’est plus en cours"):
            sign_as_mandataire(access=alice, book=book, mandate=99999, seen=seen_of(book))

    def test_a_mandataire_signs_once(self, alice: Access, book: Book, verifier: Verifier) -> None:
        row = mandate(alice)
        sign_as_mandataire(access=alice, book=book, mandate=row.pk, seen=seen_of(book))
        with pytest.raises(Refused, match="Mme Perrin a déjà signé"):
            sign_as_mandataire(access=alice, book=book, mandate=row.pk, seen=seen_of(book))

    def test_a_teacher_signs_once_however_they_write_their_name(self, alice: Access, book: Book, verifier: Verifier) -> None:
        sign_as_teacher(book=book, name="Léo Petit", author=alice.author, way=SigningWay.ACCOUNT, seen=seen_of(book))
        with pytest.raises(Refused, match=r"M\. PETIT Leo a déjà signé l’émargement"):
            sign_as_teacher(book=book, name="M. PETIT Leo", author=alice.author, way=SigningWay.ACCOUNT, seen=seen_of(book))


class TestHolding:
    def test_all_signed_nothing_is_missing(self, alice: Access, book: Book) -> None:
        all_signed(alice, book)
        assert missing_signatures(book) == []
        ways = [(one.name, one.kind, one.way) for one in valid_signatures(book)]
        assert ways == [
            ("Inès Moreau", "verifier", "mail"),
            ("Paul Girard", "verifier", "hand"),
            ("Mme Perrin", "mandataire", "account"),
            ("Léo Petit", "teacher", "account"),
        ]

    def test_one_does_not_make_another_void(self, alice: Access, book: Book) -> None:
        all_signed(alice, book)
        assert [len(one.changes) for one in signatures_of(book)] == [0, 0, 0, 0]

    def test_a_change_makes_all_void_and_they_sign_again(self, alice: Access, book: Book, settings: Settings) -> None:
        settings.CAN_SEND_MAIL = True
        all_signed(alice, book)
        note(alice, book, "D9", "2026-05-04", "Livre", -10_00)
        assert [len(one.changes) for one in signatures_of(book)] == [1, 1, 1, 1]
        assert (valid_signatures(book), len(missing_signatures(book))) == ([], 3)
        before = len(letters())
        rows = ask_again(access=alice, book=book)
        sent = letters()[before:]
        assert [row.name for row in rows] == ["Inès Moreau", "Paul Girard"]
        told = [(letter.to, letter.subject) for letter in sent]
        assert told == [(["ines@exemple.fr"], "École Jean-Jaurès : les comptes 2025-2026 ont changé, merci de signer de nouveau")]
        assert "École Jean-Jaurès : " in str(sent[0].body)
        signed(rows[0])
        assert [one.name for one in valid_signatures(book)] == ["Inès Moreau"]

    def test_a_signature_of_a_former_round_counts_no_more(self, alice: Access, book: Book) -> None:
        all_signed(alice, book)
        closing = in_state(book, ClosingState.SIGNING)
        closing.round = 2
        closing.save()
        assert (valid_signatures(book), Signature.objects.count()) == ([], 4)
