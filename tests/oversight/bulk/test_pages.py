"""The pages of an action on many coops: before it is done, while it is, its report."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import load_workbook

from retkoop.domain.board import CoopFacts
from retkoop.domain.closing import ClosingState
from retkoop.network.access import AssociationAccess, open_coop
from retkoop.network.models import RoleKind
from retkoop.oversight.board.models import Follow
from retkoop.oversight.bulk.models import BulkAction, BulkRun
from retkoop.oversight.bulk.page import eyes_for
from retkoop.oversight.bulk.questions import BulkCase, cases_of
from retkoop.oversight.bulk.services import do_next, do_run
from retkoop.users.models import User
from retkoop.year_end.closing.services import Reviewing, write_remark
from retkoop.year_end.models import EntryRule, Review
from tests.books.coops import YEAR, note, plain
from tests.cast import logged_in, make_staff
from tests.memberships.validating.at_hand import declared
from tests.memberships.validating.at_hand import ready as ready_membership
from tests.oversight.bulk.at_hand import ENTRY, comptable, coops_with_books, done, rnes, sent, started
from tests.oversight.reminders.at_hand import staff
from tests.pages import Answer, errors, main_text, notices, title
from tests.year_end.verifiers.at_hand import in_state

pytestmark = pytest.mark.django_db

LOT, RUNS, BOARD = "/ad/91/lot/", "/ad/91/lots/", "/ad/91/"


@pytest.fixture
def nadine(db: None) -> AssociationAccess:
    return comptable()


@pytest.fixture
def client(nadine: AssociationAccess) -> Client:
    return logged_in(nadine.user)


def text(answer: Answer) -> str:
    return plain(main_text(answer))


def ask(client: Client, bulk: str, coops: list[str], **more: object) -> Any:  # noqa: ANN401 -- an answer of the client
    return client.post(f"{LOT}{bulk}/", {"rne": coops, "year": "2025-2026", **more})


def preview(answer: Answer) -> str:
    """Return what a preview foresees."""
    return text(answer).split("dans le courriel. ", 1)[-1]


def test_each_is_foreseen_with_its_reason(client: Client) -> None:
    books = coops_with_books(4)
    sent(books[:2])
    in_state(books[2], ClosingState.ACCEPTED)
    answer = ask(client, "valider", [*rnes(books), "0330000X"])
    assert title(answer) == "Valider les comptes"
    assert preview(answer) == (
        "Mettre l’aperçu à jour 2 seront validées Voir lesquelles École 0 0910000A École 1 0910001A "
        "1 ne pourra pas l’être 1 · Pas encore transmis : « en préparation ». École 3 0910003A · Évry "
        "1 déjà ainsi Voir lesquelles École 2 0910002A · Ces comptes sont déjà validés. "
        "Valider les comptes de 2 coopératives Annuler"
    )
    assert BulkRun.objects.count() == 0


def with_an_alerte(number: int) -> str:
    """Make a coop that has sent a year in which something is to be looked at; return its RNE."""
    (book,) = coops_with_books(1, number)
    access = open_coop(User.objects.get(username=book.coop.rne), book.coop.rne)
    note(access, book, "D1", "2025-10-02", "Achat sans pièce", -500_00)
    in_state(book, ClosingState.SENT)
    return book.coop.rne


def test_those_with_alertes_are_apart_and_taken_by_choice(client: Client) -> None:
    (book,), odd, other = sent(coops_with_books(1)), with_an_alerte(7), with_an_alerte(8)
    chosen = [book.coop.rne, odd, other]
    proposed = ask(client, "valider", chosen)
    assert "2 à regarder d’abord Elles ne sont pas prises, sauf celles que vous cochez." in text(proposed)
    assert text(proposed).endswith("Valider les comptes de 1 coopérative Annuler")
    one = ask(client, "valider", chosen, action="apercu", reason="", submission=uuid.uuid4(), malgre=odd)
    assert text(one).endswith("Valider les comptes de 2 coopératives Annuler")
    every = ask(client, "valider", chosen, action="faire", reason="Merci", submission=uuid.uuid4(), malgre="toutes")
    assert every.status_code == 302
    assert BulkRun.objects.get().rnes == chosen


def test_those_set_aside_are_not_in_the_run(client: Client) -> None:
    (book,), odd = sent(coops_with_books(1)), with_an_alerte(7)
    ask(client, "valider", [book.coop.rne, odd], action="faire", reason="", submission=uuid.uuid4())
    assert BulkRun.objects.get().rnes == [book.coop.rne]


def a_case(*, has_drafts: bool = False) -> BulkCase:
    (book,) = coops_with_books(1, 50)
    case = cases_of(book.coop.association, YEAR, [book.coop.rne])[0]
    return BulkCase(case.coop, YEAR, case.book, case.state, has_drafts, case.rule, case.follower)


@pytest.mark.parametrize(
    ("facts", "has_drafts", "said"),
    [
        ({}, False, ""),
        ({"errors": 1}, False, "1 erreur"),
        ({"warnings": 3, "unexplained": 1}, False, "3 alertes, dont 1 sans explication"),
        ({"warnings": 2, "open_help": 1}, False, "2 alertes · une demande d’aide est ouverte"),
        ({}, True, "Des remarques de relecture ne sont pas encore envoyées"),
    ],
)
def test_why_one_should_look_first(facts: dict[str, int], has_drafts: bool, said: str) -> None:  # noqa: FBT001 -- a parameter of the table above
    assert plain(eyes_for(a_case(has_drafts=has_drafts), CoopFacts(1, "0910050A", "École 50", **facts))) == said  # type: ignore[arg-type]  # counts


def test_a_remark_that_is_not_sent_wants_eyes(nadine: AssociationAccess) -> None:
    (book,) = sent(coops_with_books(1))
    write_remark(reviewing=Reviewing(nadine, book.coop, book), line="bilan", line_label="Bilan", text="À revoir.")
    assert [case.has_drafts for case in cases_of(nadine.association, YEAR, rnes([book]))] == [True]


def test_a_double_click_makes_one_run_and_shows_it(client: Client) -> None:
    books, submission = sent(coops_with_books(2)), uuid.uuid4()
    given = {"action": "faire", "reason": "Merci à tous", "submission": submission}
    answers = [ask(client, "valider", rnes(books), **given) for _ in range(2)]
    run = BulkRun.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {f"{RUNS}{run.pk}/"}
    assert (run.choice, run.made_by, run.start, run.rnes) == ({"reason": "Merci à tous"}, "Nadine", 2025, rnes(books))
    do_run.func(run.pk)
    assert set(Review.objects.values_list("reason", flat=True)) == {"Merci à tous"}


def test_all_that_is_ready_from_the_page_of_the_reviews(client: Client) -> None:
    books = coops_with_books(3)
    sent(books[:2])
    assert "Tout valider ce qui est prêt" in text(client.get("/ad/91/revue/?annee=2025-2026"))
    answer = client.post(f"{LOT}valider/", {"year": "2025-2026", "prets": "oui"})
    assert text(answer).endswith("Valider les comptes de 2 coopératives Annuler")


@pytest.mark.parametrize(("more", "said"), [({}, "Cochez d’abord les coopératives."), ({"prets": "oui"}, "Rien n’attend d’être validé.")])
def test_nothing_chosen_leads_back_to_the_board(client: Client, more: dict[str, str], said: str) -> None:
    answer = client.post(f"{LOT}valider/", {"year": "2025-2026", **more}, follow=True)
    assert (answer.redirect_chain, notices(answer)) == ([(BOARD, 302)], [said])
    assert client.get(f"{LOT}valider/").headers["Location"] == BOARD


def test_entry_is_opened_again_where_it_is_mostly_closed(client: Client, nadine: AssociationAccess) -> None:
    books = coops_with_books(2)
    first = ask(client, "saisie", rnes(books))
    assert text(first).endswith("Fermer la saisie de 2 coopératives Annuler")
    done(started(nadine, rnes(books), BulkAction.ENTRY, ENTRY))
    again = ask(client, "saisie", rnes(books))
    assert text(again).endswith("Rouvrir la saisie de 2 coopératives Annuler")
    until = ask(client, "saisie", rnes(books), action="faire", submission=uuid.uuid4(), blocked="non", until="15/02/2027", reason="")
    run = BulkRun.objects.latest("pk")
    assert (until.status_code, run.choice) == (302, {"blocked": False, "until": "2027-02-15", "reason": ""})
    do_run.func(run.pk)
    assert EntryRule.objects.filter(blocked=False).count() == 2
    assert "Saisie ouverte jusqu’au 15 février 2027" in text(client.get(f"{RUNS}{run.pk}/"))


def test_a_wrong_day_is_said_and_nothing_begins(client: Client) -> None:
    books = coops_with_books(1)
    answer = ask(client, "saisie", rnes(books), action="faire", submission=uuid.uuid4(), blocked="oui", until="32/13/2027", reason="")
    assert (answer.status_code, len(errors(answer)), BulkRun.objects.count()) == (422, 1, 0)
    assert text(answer).endswith("Fermer la saisie de 1 coopérative Annuler")


def test_coops_are_entrusted_to_a_colleague(client: Client, nadine: AssociationAccess) -> None:
    books, karim = coops_with_books(2), staff()
    asked = ask(client, "confier", rnes(books))
    assert [part in text(asked) for part in ("À qui Choisissez…", "2 coopératives à confier", "Confier 2 coopératives")] == [True] * 3
    unsaid = ask(client, "confier", rnes(books), action="faire", submission=uuid.uuid4(), user="")
    assert (unsaid.status_code, errors(unsaid), BulkRun.objects.count()) == (422, ["Choisissez à qui les confier."], 0)
    answer = ask(client, "confier", rnes(books), action="faire", submission=uuid.uuid4(), user=karim.user.pk)
    run = BulkRun.objects.get()
    assert (answer.status_code, run.choice) == (302, {"user": karim.user.pk, "name": "Karim"})
    do_run.func(run.pk)
    assert set(Follow.objects.values_list("user", flat=True)) == {karim.user.pk}
    nobody = ask(client, "confier", rnes(books), action="faire", submission=uuid.uuid4(), user="personne")
    assert (nobody.status_code, BulkRun.objects.latest("pk").choice) == (302, {"user": None, "name": ""})


def test_relances_are_handed_over_with_the_choice(client: Client) -> None:
    answer = ask(client, "relance", rnes(coops_with_books(1)))
    assert (answer.status_code, answer.headers["Location"]) == (307, "/ad/91/relances/nouvelle/")


@pytest.mark.parametrize(
    ("view", "kind"),
    [("retard=oui", "crf"), ("compte=non", "activation"), ("mandat=non", "mandat"), ("", "")],
)
def test_a_relance_is_about_what_the_coops_on_show_have_in_common(client: Client, view: str, kind: str) -> None:
    coops_with_books(1)
    shown = client.get(f"{BOARD}?{view}").content.decode()
    asked = re.findall('name="sujet" value="([a-z]*)"', shown)
    assert asked == ([kind] if kind else [])


def test_the_report_tells_what_could_not_be_done_and_tries_again(client: Client, nadine: AssociationAccess) -> None:
    books = coops_with_books(3)
    sent(books[:2])
    run = started(nadine, rnes(books), choice={"reason": "Merci"})
    do_next(key=run.pk)
    running = client.get(f"{RUNS}{run.pk}/")
    assert 'hx-trigger="every 1s"' in running.content.decode()
    assert "1 sur 3 traitées." in text(running)
    do_run.func(run.pk)
    report = client.get(f"{RUNS}{run.pk}/")
    assert "hx-trigger" not in report.content.decode().split('id="suivi"')[1].split(">")[0]
    assert text(report).endswith(
        "Message : « Merci » 3 sur 3 traitées, 1 non faites : c’est fini. Faites 2 Non faites 1 Réessayer pour celle-là Tableur "
        "RNE École Résultat 0910002A École 2 Pas encore transmis : « en préparation ». non faite "
        "0910000A École 0 Évry faite 0910001A École 1 Évry faite"
    )
    sent(books[2:])
    again = client.post(f"{LOT}valider/", {"year": "2025-2026", "action": "apercu", "rne": rnes(books[2:]), "reason": "Merci"})
    assert text(again).endswith("Valider les comptes de 1 coopérative Annuler")
    only = text(client.get(f"{RUNS}{run.pk}/?voir=refusees"))
    assert only.endswith("Tout montrer RNE École Résultat 0910002A École 2 Pas encore transmis : « en préparation ». non faite")


def test_the_report_as_a_sheet(client: Client, nadine: AssociationAccess) -> None:
    books = coops_with_books(2)
    sent(books[1:])
    run = started(nadine, rnes(books))
    done(run)
    answer = client.get(f"{RUNS}{run.pk}/rapport.xlsx")
    rows = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [[plain(str(cell)) for cell in row[:5]] for row in rows] == [
        ["RNE", "École", "Commune", "Résultat", "Raison"],
        ["0910000A", "École 0", "Évry", "Non faites", "Pas encore transmis : « en préparation »."],
        ["0910001A", "École 1", "Évry", "Faites", ""],
    ]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="action-groupee-{run.pk}.xlsx"'


def test_a_run_is_stopped_and_the_rest_can_be_taken_up(client: Client, nadine: AssociationAccess) -> None:
    books = sent(coops_with_books(3))
    run = started(nadine, rnes(books))
    do_next(key=run.pk)
    answer = client.post(f"{RUNS}{run.pk}/arreter/", follow=True)
    assert notices(answer)[0] == "L’action est arrêtée. Ce qui est fait reste fait."
    assert "Arrêtée par Nadine. 1 sur 3 ont été traitées." in text(answer)
    assert "Réessayer pour ces 2" in text(answer)


def test_the_runs_of_an_association(client: Client, nadine: AssociationAccess) -> None:
    assert "Aucune action groupée encore" in text(client.get(RUNS))
    books = coops_with_books(2)
    done(started(nadine, rnes(books), BulkAction.ENTRY, ENTRY))
    started(nadine, rnes(books))
    told = text(client.get(RUNS))
    assert "Valider les comptes 2025-2026 · Nadine 0 en cours" in told
    assert "Fermer ou rouvrir la saisie 2025-2026 · Nadine · Saisie fermée jusqu’au 15 janvier 2027 : Contrôle 2 finie" in told


def test_federation_staff_read_and_stop_nothing(nadine: AssociationAccess) -> None:
    run = started(nadine, rnes(sent(coops_with_books(1))))
    fanny = logged_in(make_staff("fanny", RoleKind.FEDERATION, None))
    assert "Arrêter" not in text(fanny.get(f"{RUNS}{run.pk}/"))
    answer = fanny.post(f"{RUNS}{run.pk}/arreter/", follow=True)
    assert notices(answer)[0] == "Votre rôle ne permet pas d’arrêter cette action."


def test_an_animateur_entrusts_but_decides_nothing(nadine: AssociationAccess) -> None:
    karim, coops = logged_in(staff().user), rnes(sent(coops_with_books(1)))
    found = {action: ask(karim, action, coops).status_code for action in ("valider", "saisie", "confier", "relance", "effacer")}
    assert found == {"valider": 404, "saisie": 404, "confier": 200, "relance": 307, "effacer": 404}
    board = karim.get(f"{BOARD}?annee=2025-2026").content.decode()
    assert ("/lot/relance/" in board, "/lot/confier/" in board, "/lot/valider/" in board) == (True, True, False)


@pytest.mark.parametrize("action", ["valider", "saisie", "confier"])
def test_a_preview_asks_as_much_of_three_coops_as_of_thirty(client: Client, action: str) -> None:
    few = rnes(sent(coops_with_books(3)))
    many = few + rnes(sent(coops_with_books(27, 100)))
    ask(client, action, few)
    counts = []
    for chosen in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(client, action, chosen)
        counts.append(len(queries))
    assert (counts[0] == counts[1], counts[1] <= 12) == (True, True), counts


def test_a_report_asks_as_much_of_three_coops_as_of_thirty(client: Client, nadine: AssociationAccess) -> None:
    counts = []
    for first, size in ((0, 3), (100, 30)):
        run = started(nadine, rnes(coops_with_books(size, first)))
        done(run)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{RUNS}{run.pk}/")
        counts.append(len(queries))
    assert (counts[0] == counts[1], counts[1] <= 12) == (True, True), counts


def test_all_adhesions_that_are_paid_are_foreseen_and_validated(client: Client) -> None:
    books = coops_with_books(3)
    for book in books[:2]:
        ready_membership(book.coop)
    declared(books[2].coop)
    answer = client.post(f"{LOT}adhesions/", {"prets": "oui", "year": "2025-2026"})
    assert title(answer) == "Valider les adhésions"
    assert "2 seront validées Voir lesquelles" in text(answer)
    assert text(answer).endswith("Valider l’adhésion de 2 coopératives Annuler")
    sent_form = ask(client, "adhesions", rnes(books[:2]), action="faire", submission=uuid.uuid4())
    run = BulkRun.objects.get()
    do_run.func(run.pk)
    report = text(client.get(sent_form["Location"]))
    assert "C’est fait pour 2 coopératives." in report
    assert notices(client.post(f"{LOT}adhesions/", {"prets": "oui", "year": "2025-2026"}, follow=True)) == ["Rien n’attend d’être validé."]


def test_the_preview_of_adhesions_costs_the_same_for_many(client: Client) -> None:
    costs = []
    for first in (0, 10):
        books = coops_with_books(2 + first, first)
        for book in books:
            ready_membership(book.coop)
        ask(client, "adhesions", rnes(books))
        with CaptureQueriesContext(connection) as asked:
            ask(client, "adhesions", rnes(books))
        costs.append(len(asked))
    assert (costs[0] <= 12, costs) == (True, [costs[0]] * 2)
