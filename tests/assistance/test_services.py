"""The verbs of help: what each keeps, what it tells by mail, what it refuses, and that the books do not change by it."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone
from pytest_django import Settings

from retkoop.assistance.about import About
from retkoop.assistance.models import CannedAnswer, Message, Thread, ThreadSight
from retkoop.assistance.queries import messages_of
from retkoop.assistance.services import Said, keep_answer, open_thread, remove_answer, see_thread, settle_thread, write_message
from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.mailing.models import Letter
from retkoop.network.access import Access, open_coop
from retkoop.network.models import RoleKind
from retkoop.network.services import end_role, invite_keeper
from retkoop.users.models import User
from retkoop.year_end.closing.changes import changes_since
from tests.archive.sent import picture_bytes, receive
from tests.assistance.at_hand import asked, helper, kept_answer, wrote
from tests.books.coops import a_book, keeper, plain
from tests.cast import ALICE, CHARLIE, association

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(settings: Settings, alice: Access, julie: Access) -> None:
    """Mail leaves, and everybody has an address."""
    settings.CAN_SEND_MAIL, settings.PUBLIC_URL = True, "https://retkoop.exemple.fr"
    User.objects.filter(pk=julie.user.pk).update(email="julie@exemple.fr")


def actions() -> list[str]:
    return list(AuditEvent.objects.filter(action__startswith="help.").order_by("pk").values_list("action", flat=True))


def told() -> list[tuple[str, str, list[str]]]:
    """Return the letters: to whom, how they are called, what they say, paragraph by paragraph."""
    rows = Letter.objects.order_by("pk")
    return [(row.address, plain(row.subject), plain(row.body).strip().split("\n\n")) for row in rows]


def test_a_question_its_answer_and_its_end(alice: Access, julie: Access, book: Book) -> None:
    thread = asked(alice, book)
    wrote(julie, thread)
    settle_thread(access=alice, thread=thread, settled=True)
    settle_thread(access=alice, thread=thread, settled=True)
    assert [(one.row.name, one.row.text, one.row.from_afar) for one in messages_of(thread)] == [
        ("École Jean-Jaurès", "Comment faire ?", False),
        ("Julie (OCCE 91)", "Une seule ligne.", True),
    ]
    assert actions() == ["help.opened", "help.written", "help.written", "help.closed"]
    assert Thread.objects.get().closed_at is not None
    assert list(faults()) == []


def test_writing_opens_a_settled_question_again(alice: Access, book: Book) -> None:
    thread = asked(alice, book)
    settle_thread(access=alice, thread=thread, settled=True)
    wrote(alice, thread, "Encore une chose.")
    assert Thread.objects.get().closed_at is None
    assert actions()[-2:] == ["help.written", "help.reopened"]


def test_asked_twice_by_a_double_click_it_is_asked_once(alice: Access, book: Book) -> None:
    given = {"access": alice, "book": book, "about": About(), "topic": "Dépôt", "theme": "entry", "submission": uuid.uuid4()}
    thread = open_thread(**given, said=Said("Comment ?"))  # type: ignore[arg-type]  # values of a form
    with pytest.raises(AlreadySubmitted) as done:
        open_thread(**given, said=Said("Comment ?"))  # type: ignore[arg-type]  # idem
    assert done.value.subject == f"assistance.thread:{thread.pk}"
    again = {"access": alice, "thread": thread, "said": Said("Alors ?"), "submission": uuid.uuid4()}
    write_message(**again)  # type: ignore[arg-type]  # idem
    with pytest.raises(AlreadySubmitted):
        write_message(**again)  # type: ignore[arg-type]  # idem
    assert (Thread.objects.count(), Message.objects.count()) == (1, 2)


def test_those_who_only_read_the_books_answer_too(alice: Access, book: Book) -> None:
    comptable = helper(ALICE, RoleKind.COMPTABLE, "carole")
    assert comptable.can_write is False
    assert wrote(comptable, asked(alice, book)).name == "Carole (OCCE 91)"


def test_a_document_of_another_coop_cannot_be_joined(alice: Access, book: Book) -> None:
    charlie = keeper(CHARLIE)
    theirs = receive(charlie, a_book(charlie), picture_bytes())
    thread = asked(alice, book)
    with pytest.raises(Refused, match="Ce document a été retiré entre-temps"):
        wrote(alice, thread, document=theirs.pk)
    assert Message.objects.count() == 1


def test_a_document_of_the_coop_goes_along(alice: Access, book: Book) -> None:
    own = receive(alice, book, picture_bytes())
    thread = asked(alice, book)
    wrote(alice, thread, document=own.pk)
    assert [(one.document, one.lost_document) for one in messages_of(thread)] == [(None, False), (own, False)]


def test_a_question_changes_nothing_that_was_signed(alice: Access, julie: Access, book: Book) -> None:
    before = AuditEvent.objects.filter(chain=alice.coop.chain).count()
    thread = asked(alice, book)
    wrote(julie, thread)
    settle_thread(access=alice, thread=thread, settled=True)
    assert changes_since(book, before) == []


def test_who_has_read_what(alice: Access, julie: Access, book: Book) -> None:
    thread = asked(alice, book)
    see_thread(access=julie, thread=thread)
    first, *_ = messages_of(thread)
    assert [sight.name for sight in first.seen_by] == ["Julie (OCCE 91)"]
    wrote(julie, thread)
    assert [[sight.name for sight in one.seen_by] for one in messages_of(thread)] == [[], []]
    see_thread(access=alice, thread=thread)
    see_thread(access=alice, thread=thread)
    assert [[sight.name for sight in one.seen_by] for one in messages_of(thread)] == [[], ["École Jean-Jaurès"]]
    assert ThreadSight.objects.count() == 2


@pytest.mark.usefixtures("mail")
def test_the_ad_is_told_of_a_question_and_of_what_follows(alice: Access, julie: Access, book: Book) -> None:
    other = helper(ALICE, RoleKind.COMPTABLE, "carole")
    User.objects.filter(pk=other.user.pk).update(email="carole@exemple.fr")
    thread = asked(alice, book, "Mme Petit me doit 12,50 €.")
    address = f"https://retkoop.exemple.fr/coop/0910000A/2025-2026/aide/{thread.pk}/"
    end = "Retkoop, la comptabilité des coopératives scolaires"
    said = ["La coopérative « École Jean-Jaurès », 0910000A, vous a posé une question.", "Pour la lire et y répondre :", address, end]
    assert told() == [(to, "École Jean-Jaurès (0910000A) demande de l’aide", said) for to in ("carole@exemple.fr", "julie@exemple.fr")]
    Letter.objects.all().delete()
    see_thread(access=julie, thread=thread)
    wrote(alice, thread, "Alors ?")
    [(to, subject, paragraphs)] = told()
    assert (to, subject, paragraphs[2:]) == ("julie@exemple.fr", "École Jean-Jaurès (0910000A) vous a écrit", [address, end])


@pytest.mark.usefixtures("mail")
def test_the_coop_is_told_of_an_answer_and_of_no_word_of_it(alice: Access, julie: Access, book: Book) -> None:
    thread = asked(alice, book)
    Letter.objects.all().delete()
    wrote(julie, thread, "Mme Petit vous doit 12,50 €.")
    [(to, subject, paragraphs)] = told()
    assert (to, subject) == (alice.coop.email, "Votre association a répondu à votre question")
    assert [paragraphs[0].partition(" a répondu")[0], *paragraphs[1:3]] == [
        "Julie (OCCE 91)",
        "Pour lire la réponse :",
        f"https://retkoop.exemple.fr/coop/0910000A/2025-2026/aide/{thread.pk}/",
    ]
    assert "12,50" not in "".join(paragraphs)
    assert Letter.objects.get().chain == alice.coop.chain


@pytest.mark.usefixtures("mail")
def test_whoever_asked_and_left_is_told_no_more(alice: Access, julie: Access, book: Book) -> None:
    user = invite_keeper(author=SYSTEM, coop=alice.coop, email="nadia@exemple.fr", name="Nadia Benali", start=timezone.localdate())
    thread = asked(open_coop(user, alice.coop.rne), book)
    wrote(julie, thread)
    end_role(author=SYSTEM, role=user.roles.get())
    wrote(julie, thread, "Encore un mot.")
    answers = Letter.objects.filter(purpose="answered").order_by("pk")
    assert [row.address for row in answers] == [alice.coop.email, "nadia@exemple.fr", alice.coop.email]


def test_answers_kept_ready(alice: Access) -> None:
    answer = kept_answer(association())
    given = {"author": SYSTEM, "association": association(), "key": answer.pk, "submission": uuid.uuid4()}
    keep_answer(**given, title="Dépôt", text="Autrement.")  # type: ignore[arg-type]  # values of a form
    keep_answer(**{**given, "submission": uuid.uuid4()}, title="Dépôt", text="Autrement.")  # type: ignore[arg-type]  # idem
    remove_answer(author=SYSTEM, association=association(), key=answer.pk)
    assert actions() == ["help.answer_kept", "help.answer_changed", "help.answer_removed"]
    assert CannedAnswer.objects.count() == 0
    with pytest.raises(Refused, match="Cette réponse a été supprimée entre-temps"):
        remove_answer(author=SYSTEM, association=association(), key=answer.pk)
    assert list(faults()) == []
