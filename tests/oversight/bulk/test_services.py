"""One action on many coops as it is done: each once, by whoever may, with what became of it."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState
from retkoop.memberships.models import MembershipAttestation
from retkoop.memberships.validating.queries import ready_to_validate
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import end_role
from retkoop.oversight.board.models import Follow
from retkoop.oversight.bulk.models import BulkAction, BulkFate, BulkOutcome, BulkRun
from retkoop.oversight.bulk.queries import not_done
from retkoop.oversight.bulk.questions import RULES
from retkoop.oversight.bulk.services import A_SLICE, do_next, do_run, stop_run, wake
from retkoop.upkeep.verification import faults
from retkoop.upkeep.worker import do_one_task
from retkoop.users.models import User
from retkoop.year_end.models import EntryRule, Review, YearClosing
from tests.books.coops import YEAR, plain
from tests.cast import association
from tests.memberships.validating.at_hand import declared, ready
from tests.oversight.bulk.at_hand import ENTRY, comptable, coops_with_books, done, kept, rnes, sent, started
from tests.oversight.reminders.at_hand import staff
from tests.year_end.verifiers.at_hand import in_state

pytestmark = pytest.mark.django_db

NOT_SENT = "Pas encore transmis : « en préparation »."
ALREADY = "Ces comptes sont déjà validés."


@pytest.fixture
def nadine(db: None) -> AssociationAccess:
    return comptable()


def work() -> None:
    while do_one_task():
        pass


def states() -> Counter[str]:
    return Counter(YearClosing.objects.values_list("state", flat=True))


def test_sixty_of_which_twelve_refuse(nadine: AssociationAccess) -> None:
    books = coops_with_books(60)
    sent(books[12:])
    run = started(nadine, rnes(books))
    work()
    found = kept(run)
    assert found == [(rne, "refusees", NOT_SENT) for rne in rnes(books[:12])] + [(rne, "faites", "") for rne in rnes(books[12:])]
    assert states() == {ClosingState.ACCEPTED: 48}
    assert BulkRun.objects.get().finished_at is not None
    assert not_done(run) == rnes(books[:12])
    assert set(Review.objects.values_list("by", flat=True)) == {nadine.user.name}
    assert list(faults()) == []


def test_other_tasks_pass_between_two_slices(nadine: AssociationAccess) -> None:
    books = sent(coops_with_books(A_SLICE + 1))
    run = started(nadine, rnes(books))
    meanwhile = started(nadine, rnes(books[:1]))
    told = []
    while do_one_task():
        told.append((len(kept(run)), len(kept(meanwhile))))
    assert told == [(A_SLICE, 0), (A_SLICE, 1), (A_SLICE + 1, 1)]
    assert not BulkRun.objects.filter(finished_at=None).exists()


def test_a_second_time_nothing_is_done_again(nadine: AssociationAccess) -> None:
    books = sent(coops_with_books(2))
    done(started(nadine, rnes(books)))
    events = AuditEvent.objects.filter(chain=books[0].coop.chain).count()
    assert done(started(nadine, rnes(books))) == [(rne, "deja", ALREADY) for rne in rnes(books)]
    assert AuditEvent.objects.filter(chain=books[0].coop.chain).count() == events
    assert Review.objects.count() == 2


def test_a_double_click_makes_one_run(nadine: AssociationAccess) -> None:
    books, submission = sent(coops_with_books(1)), uuid.uuid4()
    run = started(nadine, rnes(books), submission=submission)
    with pytest.raises(AlreadySubmitted) as refusal:
        started(nadine, rnes(books), submission=submission)
    assert refusal.value.subject == f"oversight.bulkrun:{run.pk}"
    assert (BulkRun.objects.count(), DBTaskResult.objects.ready().count()) == (1, 1)


def test_killed_in_the_middle_it_goes_on_and_does_nothing_twice(nadine: AssociationAccess) -> None:
    books = sent(coops_with_books(4))
    run = started(nadine, rnes(books))
    assert [do_next(key=run.pk), do_next(key=run.pk)] == [True, True]
    assert kept(run) == [(rne, "faites", "") for rne in rnes(books[:2])]
    assert done(run) == [(rne, "faites", "") for rne in rnes(books)]
    do_run.func(run.pk)
    assert (Review.objects.count(), BulkOutcome.objects.count(), do_next(key=run.pk)) == (4, 4, False)


def test_a_run_that_no_task_does_is_taken_up_again(nadine: AssociationAccess) -> None:
    wake()
    run = started(nadine, rnes(sent(coops_with_books(2))))
    wake()
    assert DBTaskResult.objects.ready().count() == 1
    DBTaskResult.objects.all().delete()
    wake()
    work()
    assert [fate for _, fate, _ in kept(run)] == ["faites", "faites"]
    wake()
    assert DBTaskResult.objects.ready().count() == 0


def test_a_role_that_ends_meanwhile_stops_it_there(nadine: AssociationAccess) -> None:
    books = sent(coops_with_books(3))
    run = started(nadine, rnes(books))
    do_next(key=run.pk)
    end_role(author=SYSTEM, role=nadine.user.roles.get())
    assert done(run) == [(rnes(books)[0], "faites", "")]
    run.refresh_from_db()
    assert plain(run.stop_reason) == "Le rôle qui permettait à Nadine de le faire a pris fin : l’action s’est arrêtée là."
    assert (run.finished_at, run.stopped_at is not None, not_done(run)) == (None, True, rnes(books[1:]))
    assert states() == {ClosingState.ACCEPTED: 1, ClosingState.SENT: 2}


def test_an_account_that_is_closed_meanwhile_stops_it_too(nadine: AssociationAccess) -> None:
    run = started(nadine, rnes(sent(coops_with_books(1))))
    User.objects.filter(pk=nadine.user.pk).update(is_active=False)
    assert (done(run), states()) == ([], {ClosingState.SENT: 1})


def test_it_can_be_stopped(nadine: AssociationAccess) -> None:
    books = sent(coops_with_books(3))
    run = started(nadine, rnes(books))
    do_next(key=run.pk)
    stop_run(access=nadine, key=run.pk)
    assert done(run) == [(rnes(books)[0], "faites", "")]
    run.refresh_from_db()
    assert (run.stop_reason, run.finished_at) == ("Arrêtée par Nadine.", None)
    before = AuditEvent.objects.count()
    stop_run(access=nadine, key=run.pk)
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("action", [BulkAction.ACCEPT, BulkAction.ENTRY])
def test_an_animateur_decides_of_no_accounts(action: BulkAction) -> None:
    books = sent(coops_with_books(1))
    with pytest.raises(Refused, match="Votre rôle dans l’association ne permet pas cette action"):
        started(staff(), rnes(books), action)
    assert RULES[BulkAction.FOLLOW].roles == {RoleKind.ANIMATEUR, RoleKind.COMPTABLE, RoleKind.ADMINISTRATEUR}


def test_nothing_chosen_is_nothing_to_do(nadine: AssociationAccess) -> None:
    with pytest.raises(Refused, match="choisissez au moins une coopérative"):
        started(nadine, [])


def test_federation_staff_stop_nothing(nadine: AssociationAccess) -> None:
    run = started(nadine, rnes(sent(coops_with_books(1))))
    with pytest.raises(Refused, match="ne permet pas d’arrêter"):
        stop_run(access=AssociationAccess(nadine.user, RoleKind.FEDERATION, nadine.association), key=run.pk)


def test_a_provisional_opening_is_refused_as_on_its_own_page(nadine: AssociationAccess) -> None:
    (book,) = sent(coops_with_books(1))
    Book.objects.filter(pk=book.pk).update(opening_follows=True)
    reason = "Le report à nouveau de cette année est encore provisoire : validez d’abord les comptes 2024-2025."
    assert done(started(nadine, rnes([book]))) == [(book.coop.rne, "refusees", reason)]


def test_a_coop_of_another_association_is_none_of_ours(nadine: AssociationAccess) -> None:
    (book,) = sent(coops_with_books(1))
    run = started(nadine, rnes([book]))
    Coop.objects.filter(pk=book.coop.pk).update(association=association("92"))
    assert done(run) == [(book.coop.rne, "refusees", "Cette coopérative n’est plus de votre association.")]


def test_entry_is_closed_then_opened_again(nadine: AssociationAccess) -> None:
    books = coops_with_books(5)
    in_state(books[1], ClosingState.SENT)
    in_state(books[2], ClosingState.ACCEPTED)
    Book.objects.filter(pk=books[3].pk).delete()
    Coop.objects.filter(pk=books[4].coop.pk).update(closed_on="2026-08-31")
    first, second, third, fourth, fifth = rnes(books)
    ended = "La coopérative est fermée : rien ne s’y écrit plus."
    assert done(started(nadine, rnes(books), BulkAction.ENTRY, ENTRY)) == [
        (first, "faites", ""),
        (second, "faites", ""),
        (third, "deja", "Comptes validés : rien ne s’y écrit."),
        (fourth, "refusees", "L’année 2025-2026 n’est pas ouverte."),
        (fifth, "refusees", ended),
    ]
    assert list(EntryRule.objects.values_list("coop__rne", "blocked", "reason").order_by("coop__rne")) == [
        (first, True, "Contrôle"),
        (second, True, "Contrôle"),
    ]
    again = done(started(nadine, [first], BulkAction.ENTRY, ENTRY))
    assert again == [(first, "deja", "La saisie est déjà fermée.")]
    opened = {"blocked": False, "until": None, "reason": ""}
    assert done(started(nadine, rnes(books[:3]), BulkAction.ENTRY, opened)) == [
        (first, "faites", ""),
        (second, "refusees", "Comptes transmis : renvoyez-les d’abord à la coopérative."),
        (third, "refusees", "Comptes validés : rouvrez-les d’abord."),
    ]
    assert done(started(nadine, [first], BulkAction.ENTRY, opened)) == [(first, "deja", "La saisie est déjà ouverte.")]


def test_coops_are_entrusted_to_somebody_and_to_nobody_again(nadine: AssociationAccess) -> None:
    books, karim = coops_with_books(2), staff()
    Coop.objects.filter(pk=books[1].coop.pk).update(closed_on="2020-08-31")
    first, second = rnes(books)
    choice = {"user": karim.user.pk, "name": "Karim"}
    gone = "Cette coopérative est fermée : personne n’a plus à la suivre."
    assert done(started(karim, rnes(books), BulkAction.FOLLOW, choice)) == [(first, "faites", ""), (second, "refusees", gone)]
    assert done(started(karim, [first], BulkAction.FOLLOW, choice)) == [(first, "deja", "Déjà suivie par Karim.")]
    nobody = {"user": None, "name": ""}
    assert done(started(karim, rnes(books), BulkAction.FOLLOW, nobody)) == [
        (first, "faites", ""),
        (second, "deja", "Personne ne la suit."),
    ]
    assert Follow.objects.count() == 0


def test_who_has_left_the_team_follows_nothing(nadine: AssociationAccess) -> None:
    (book,), karim = coops_with_books(1), staff()
    run = started(nadine, rnes([book]), BulkAction.FOLLOW, {"user": karim.user.pk, "name": "Karim"})
    end_role(author=SYSTEM, role=karim.user.roles.get())
    assert done(run) == [(book.coop.rne, "refusees", "Karim n’a pas de rôle dans votre association aujourd’hui.")]


def test_a_coop_that_breaks_keeps_no_other_from_being_done(nadine: AssociationAccess, caplog: pytest.LogCaptureFixture) -> None:
    books = coops_with_books(2)
    run = started(nadine, rnes(books), BulkAction.FOLLOW, {"user": 10**9, "name": "Personne de connu"})
    broken = "Une erreur inattendue est survenue. Réessayez ; si elle revient, prévenez qui s’occupe de l’installation."
    assert done(run) == [(rne, "refusees", broken) for rne in rnes(books)]
    assert [record.getMessage() for record in caplog.records] == [f"action groupée {run.pk}, coopérative {rne}" for rne in rnes(books)]


@pytest.mark.only_on("sqlite")  # a trigger in its words
def test_nor_does_one_that_the_database_refuses(nadine: AssociationAccess) -> None:
    first, second = coops_with_books(2)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER refusing BEFORE INSERT ON oversight_follow WHEN NEW.coop_id = {first.coop_id} "
            "BEGIN SELECT RAISE(ABORT, 'non'); END"
        )
    run = started(nadine, rnes([first, second]), BulkAction.FOLLOW, {"user": nadine.user.pk, "name": "Nadine"})
    assert [fate for _, fate, _ in done(run)] == ["refusees", "faites"]


def test_all_adhesions_that_are_paid_are_validated_and_the_others_say_what_they_miss() -> None:
    paid, owing, idle = coops_with_books(3)
    ready(paid.coop)
    declared(owing.coop)
    access = comptable()
    assert ready_to_validate(access.association, YEAR) == [paid.coop.rne]
    assert done(started(access, rnes([paid, owing, idle]), BulkAction.JOIN, {})) == [
        (paid.coop.rne, BulkFate.DONE, ""),
        (owing.coop.rne, BulkFate.REFUSED, "Il manque 119,60 €."),
        (idle.coop.rne, BulkFate.REFUSED, "Rien n’est encore déclaré."),
    ]
    assert [row.facts["rne"] for row in MembershipAttestation.objects.all()] == [paid.coop.rne]
    assert done(started(access, rnes([paid]), BulkAction.JOIN, {})) == [
        (paid.coop.rne, BulkFate.ALREADY, "Cette adhésion est déjà validée.")
    ]
    assert ready_to_validate(access.association, YEAR) == []


def test_an_animateur_validates_no_adhesion() -> None:
    [book] = coops_with_books(1)
    with pytest.raises(Refused, match="Votre rôle"):
        started(staff(), rnes([book]), BulkAction.JOIN, {})
