"""The verbs of a coop on its CRA: two people at once lose nothing, what is finished stays so, photos are those of the year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from retkoop.archive.models import Document, DocumentKind
from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.books.vouchers import remove_document
from retkoop.books.writable import Refused
from retkoop.domain.answers import missing
from retkoop.domain.closing import ClosingState
from retkoop.domain.questionnaire import InvalidAnswer, Questionnaire
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.year_end.cra.queries import CraState, cra_of
from retkoop.year_end.cra.questionnaires import change_draft, new_draft, publish
from retkoop.year_end.cra.services import FINISHED, GONE_PHOTO, Given, answer, fingerprint, finish, reopen
from retkoop.year_end.models import ActivityAnswer, ActivityReport, QuestionnaireKind
from tests.archive.sent import picture_bytes, receive
from tests.year_end.cra.at_hand import NEEDED, begin_cra, finish_cra
from tests.year_end.verifiers.at_hand import in_state

pytestmark = pytest.mark.django_db

COUNT = 21


def events(book: Book) -> list[str]:
    rows = AuditEvent.objects.filter(chain=book.coop.chain, action__startswith="cra.").order_by("sequence")
    return list(rows.values_list("action", flat=True))


def photo(access: Access, book: Book, colour: str = "navy") -> Document:
    return receive(access, book, picture_bytes(colour), name=f"{colour}.png", kind=DocumentKind.PHOTO, day=date(2026, 5, 4))


def test_nothing_is_begun_before_the_first_answer(book: Book) -> None:
    assert (cra_of(book).state, ActivityReport.objects.count()) == (CraState(0, COUNT, finished=False), 0)


def test_answers_are_kept_each_with_its_event(alice: Access, book: Book) -> None:
    kept = answer(access=alice, book=book, answers={"eleves": Given(148), "conseil_fois": Given(0), "formations_autres": Given("")})
    assert (kept.written, dict(kept.others)) == (2, {})
    assert cra_of(book).answers == {"eleves": 148, "conseil_fois": 0}
    assert (cra_of(book).state, events(book)) == (CraState(2, COUNT, finished=False), ["cra.answered", "cra.answered", "cra.begun"])


def test_what_is_answered_again_alike_leaves_nothing_behind(alice: Access, book: Book) -> None:
    begin_cra(alice, book, {"eleves": 148})
    before = events(book)
    assert (begin_cra(alice, book, {"eleves": 148}).rows["eleves"].version, events(book)) == (1, before)


def test_an_answer_is_taken_back(alice: Access, book: Book) -> None:
    begin_cra(alice, book, {"eleves": 148})
    begin_cra(alice, book, {"eleves": None})
    row = ActivityAnswer.objects.get()
    assert (row.value, row.version, cra_of(book).state) == (None, 2, CraState(0, COUNT, finished=False))


def test_two_people_who_answer_different_questions_never_meet(alice: Access, book: Book) -> None:
    answer(access=alice, book=book, answers={"eleves": Given(148)})
    kept = answer(access=alice, book=book, answers={"adultes": Given(9)})
    assert (kept.written, dict(kept.others), cra_of(book).answers) == (1, {}, {"eleves": 148, "adultes": 9})


def test_two_people_who_answer_one_question_lose_nothing(alice: Access, book: Book) -> None:
    """The second one sees the first one's answer, which stays; having seen it, they may write over it."""
    answer(access=alice, book=book, answers={"eleves": Given(148)})
    kept = answer(access=alice, book=book, answers={"eleves": Given(150), "adultes": Given(9)})
    assert (kept.written, [row.value for row in kept.others.values()]) == (1, [148])
    assert cra_of(book).answers == {"eleves": 148, "adultes": 9}
    answer(access=alice, book=book, answers={"eleves": Given(150, kept.others["eleves"].version)})
    assert cra_of(book).answers == {"eleves": 150, "adultes": 9}


def test_what_somebody_did_not_touch_takes_back_nothing(alice: Access, book: Book) -> None:
    """A page sent whole holds what it showed: what another person answered meanwhile stays, without a word."""
    begin_cra(alice, book, {"eleves": 148})
    begin_cra(alice, book, {"eleves": 150})
    kept = answer(access=alice, book=book, answers={"eleves": Given(148, 1, fingerprint(148)), "adultes": Given(9)})
    assert (kept.written, dict(kept.others), cra_of(book).answers) == (1, {}, {"eleves": 150, "adultes": 9})


def test_both_having_answered_alike_is_no_trouble(alice: Access, book: Book) -> None:
    begin_cra(alice, book, {"eleves": 148})
    kept = answer(access=alice, book=book, answers={"eleves": Given(148)})
    assert (kept.written, dict(kept.others)) == (0, {})


def test_empty_answers_have_one_fingerprint() -> None:
    assert {fingerprint(None), fingerprint(""), fingerprint([]), fingerprint({})} == {fingerprint(None)}
    assert fingerprint(0) != fingerprint(None)


def test_what_fits_no_question_is_refused(alice: Access, book: Book) -> None:
    with pytest.raises(InvalidAnswer, match="Écrivez un nombre entier, par exemple 24"):
        answer(access=alice, book=book, answers={"eleves": Given("beaucoup"), "adultes": Given(9)})
    with pytest.raises(InvalidAnswer, match="Cette question n’est pas posée"):
        answer(access=alice, book=book, answers={"meteo": Given("beau")})
    assert (ActivityAnswer.objects.count(), events(book)) == (0, [])


def test_it_is_finished_once_nothing_needed_is_missing(alice: Access, book: Book) -> None:
    with pytest.raises(Refused, match="Il reste 5\u00a0réponses à donner avant de terminer"):
        finish(access=alice, book=book)
    cra = begin_cra(alice, book, {key: value for key, value in NEEDED.items() if key != "projets"})
    assert [(section.key, question.key) for section, question in cra.missing] == [("projets", "projets")]
    with pytest.raises(Refused, match="Il reste 1\u00a0réponse à donner avant de terminer"):
        finish(access=alice, book=book)
    assert finish_cra(alice, book).finished


def test_what_is_finished_stays_as_it_is_until_it_is_taken_up_again(alice: Access, book: Book) -> None:
    finish_cra(alice, book)
    finish(access=alice, book=book)
    with pytest.raises(Refused, match=FINISHED):
        answer(access=alice, book=book, answers={"adultes": Given(10, 1)})
    reopen(access=alice, book=book)
    reopen(access=alice, book=book)
    assert begin_cra(alice, book, {"adultes": 10}).answers["adultes"] == 10
    assert [event for event in events(book) if event != "cra.answered"] == ["cra.begun", "cra.finished", "cra.reopened"]


def test_nothing_is_reopened_that_was_never_begun(alice: Access, book: Book) -> None:
    reopen(access=alice, book=book)
    assert (ActivityReport.objects.count(), events(book)) == (0, [])


@pytest.mark.parametrize("name", ["answer", "finish", "reopen"])
def test_nothing_changes_once_the_year_is_sent(alice: Access, book: Book, name: str) -> None:
    begin_cra(alice, book) if name == "finish" else finish_cra(alice, book)
    before = events(book)
    in_state(book, ClosingState.SENT)
    verbs: dict[str, Callable[[], object]] = {
        "answer": lambda: begin_cra(alice, book, {"adultes": 10}),
        "finish": lambda: finish(access=alice, book=book),
        "reopen": lambda: reopen(access=alice, book=book),
    }
    with pytest.raises(Refused, match="Les comptes de 2025-2026 sont transmis"):
        verbs[name]()
    assert events(book) == before


def test_photos_are_those_of_the_year(alice: Access, book: Book) -> None:
    kept = [photo(alice, book).pk, photo(alice, book, "teal").pk]
    assert begin_cra(alice, book, {"photos": kept}).answers["photos"] == kept
    ticket = receive(alice, book, picture_bytes("red"), name="ticket.png")
    for key in (ticket.pk, ticket.pk + 1000):
        with pytest.raises(Refused, match="Une de ces photos a été retirée entre-temps"):
            begin_cra(alice, book, {"photos": [*kept, key]})
    assert cra_of(book).answers["photos"] == kept
    assert GONE_PHOTO.endswith("rechargez la page.")


def test_a_photo_that_was_thrown_away_does_not_hold_the_others(alice: Access, book: Book) -> None:
    gone, new = photo(alice, book), photo(alice, book, "teal")
    begin_cra(alice, book, {"photos": [gone.pk]})
    remove_document(access=alice, book=book, document=gone.pk)
    assert begin_cra(alice, book, {"photos": [gone.pk, new.pk]}).answers["photos"] == [gone.pk, new.pk]
    assert begin_cra(alice, book, {"photos": []}).answers == {}


def test_a_later_version_asks_those_alone_who_have_not_begun(alice: Access, book: Book) -> None:
    begin_cra(alice, book, {"eleves": 148})
    former = cra_of(book).questionnaire
    draft = new_draft(author=SYSTEM, kind=QuestionnaireKind.CRA)
    shorter = Questionnaire("Compte rendu court", former.sections[:1])
    draft = change_draft(author=SYSTEM, key=draft.pk, version=draft.version, content=shorter)
    publish(author=SYSTEM, key=draft.pk, version=draft.version, year=SchoolYear(2025))
    assert cra_of(book).questionnaire == former
    ActivityReport.objects.all().delete()
    assert cra_of(book).questionnaire == shorter
    assert missing(shorter, {}) == list(former.sections[0].questions[:3])
