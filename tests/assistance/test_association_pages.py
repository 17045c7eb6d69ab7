"""Help as an AD and the federation see it: what waits, whose turn it is, answers kept ready, statistics."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from retkoop.assistance.models import CannedAnswer, Message
from retkoop.assistance.services import settle_thread
from retkoop.books.models import Book
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from tests.assistance.at_hand import asked, helper, kept_answer, wrote
from tests.books.coops import a_book, client_of, keeper, plain, queries_of, said
from tests.cast import ALICE, CHARLIE, association, logged_in, make_staff
from tests.pages import errors, notices

pytestmark = pytest.mark.django_db

LIST = "/ad/91/aide/"
ANSWERS = "/ad/91/aide/reponses/"


@pytest.fixture
def ad(julie: Access) -> Client:
    return client_of(julie)


@pytest.fixture
def federation(db: None) -> Client:
    return logged_in(make_staff("fanny", RoleKind.FEDERATION, None))


def in_order(page: str, *words: str) -> list[str]:
    return sorted((word for word in words if word in page), key=page.index)


def test_the_one_that_has_waited_longest_comes_first(alice: Access, julie: Access, book: Book, ad: Client) -> None:
    charlie = keeper(CHARLIE)
    old, answered = asked(alice, book, topic="Ancienne"), asked(alice, book, topic="Répondue")
    asked(charlie, a_book(charlie), topic="Récente")
    gone = asked(alice, book, topic="Réglée hier")
    settle_thread(access=alice, thread=gone, settled=True)
    wrote(julie, answered)
    every = ("Ancienne", "Répondue", "Récente", "Réglée hier")
    pages = {view: said(ad.get(f"{LIST}?vue={view}")) for view in ("", "miennes", "ouvertes", "reglees", "n-importe")}
    assert {view: in_order(page, *every) for view, page in pages.items()} == {
        "": ["Ancienne", "Récente"],
        "miennes": ["Répondue"],
        "ouvertes": ["Ancienne", "Récente", "Répondue"],
        "reglees": ["Réglée hier"],
        "n-importe": ["Ancienne", "Récente"],
    }
    assert "À répondre 2 Les miennes Toutes celles ouvertes 3 Réglées" in pages[""]
    assert ("à vous" in pages["miennes"], "à la coopérative" in pages["miennes"]) == (False, True)
    wrote(alice, old, "Encore une chose.")
    assert in_order(said(ad.get(LIST)), *every) == ["Ancienne", "Récente"]


def test_a_question_is_found_by_school_and_by_word(alice: Access, book: Book, ad: Client) -> None:
    asked(alice, book, topic="La kermesse")
    found = {word: "La kermesse" in said(ad.get(LIST, {"q": word})) for word in ("jaures", ALICE, "kermesse", "evry kermesse", "loto", "%")}
    assert found == {"jaures": True, ALICE: True, "kermesse": True, "evry kermesse": True, "loto": False, "%": True}
    assert "Rien ne correspond" in said(ad.get(LIST, {"q": "loto"}))


def test_nobody_waits(ad: Client) -> None:
    assert "Personne n’attend de réponse" in said(ad.get(LIST))
    assert "Aucune question ici" in said(ad.get(f"{LIST}?vue=reglees"))


def test_the_menu_counts_what_waits(alice: Access, book: Book, ad: Client) -> None:
    asked(alice, book)
    asked(alice, book)
    for address in ("/ad/91/", LIST, "/coop/0910000A/2025-2026/"):
        assert "à répondre&nbsp;: </span>2" in ad.get(address).content.decode()
    assert "à répondre&nbsp;: </span>" not in client_of(alice).get("/coop/0910000A/2025-2026/").content.decode()


def test_the_list_costs_the_same_at_any_size(alice: Access, book: Book, ad: Client) -> None:
    asked(alice, book)
    few = queries_of(ad, LIST)
    for _ in range(60):
        asked(alice, book)
    assert (queries_of(ad, LIST), few <= 12) == (few, True)


def form(title: str = "Dépôt", text: str = "Notez un virement.") -> dict[str, str]:
    return {"title": title, "text": text, "submission": str(uuid.uuid4())}


def test_an_ad_keeps_its_answers_beside_the_federation_s(ad: Client, federation: Client) -> None:
    assert "Aucune réponse type" in said(ad.get(ANSWERS))
    sent = form()
    assert [ad.post(ANSWERS, sent).status_code for _ in range(2)] == [302, 302]
    assert notices(ad.get(ANSWERS)) == ["La réponse est enregistrée."]
    assert federation.post("/federation/aide/", form("De tous")).status_code == 302
    own, theirs = CannedAnswer.objects.order_by("pk")
    assert in_order(said(ad.get(ANSWERS)), "Dépôt", "De tous") == ["Dépôt", "De tous"]
    assert "Dépôt" not in said(federation.get("/federation/aide/"))
    assert ad.get(f"{ANSWERS}{theirs.pk}/").status_code == 404
    assert ad.post(f"{ANSWERS}{own.pk}/", form("Dépôt", "Autrement.")).status_code == 302
    assert "Autrement." in ad.get(f"{ANSWERS}{own.pk}/").content.decode()
    assert ad.post(f"{ANSWERS}{own.pk}/supprimer/").status_code == 302
    assert notices(ad.get(ANSWERS)) == ["La réponse est supprimée."]
    assert ad.post(f"{ANSWERS}{own.pk}/supprimer/").status_code == 404
    assert federation.post(f"/federation/aide/{theirs.pk}/", form("De tous", "Oui.")).status_code == 302
    assert federation.post(f"/federation/aide/{theirs.pk}/supprimer/").status_code == 302


def test_an_answer_without_words_is_not_kept(ad: Client) -> None:
    wrong = ["Donnez un titre à cette réponse\u202f: c’est lui que l’on choisit.", "Écrivez la réponse."]
    answer = ad.post(ANSWERS, form("", ""))
    assert (answer.status_code, errors(answer)) == (422, wrong)
    kept = kept_answer(association())
    answer = ad.post(f"{ANSWERS}{kept.pk}/", form("", ""))
    assert (answer.status_code, errors(answer)) == (422, wrong)


def test_statistics_of_an_ad_and_of_the_country(alice: Access, book: Book, ad: Client, federation: Client) -> None:
    assert "Aucune question en 2019-2020" in said(ad.get("/ad/91/aide/statistiques/?annee=2019-2020"))
    wrote(helper(ALICE, username="bob"), asked(alice, book))
    for client, address in ((ad, "/ad/91/aide/statistiques/"), (federation, "/federation/aide/statistiques/")):
        page = plain(said(client.get(address)))
        assert "Questions posées 1 Encore ouvertes 1 Première réponse moins d’une minute" in page
        assert "Par thème Quoi Questions Noter une opération 1" in page
    assert Message.objects.count() == 2


def test_settled_by_the_ad(alice: Access, julie: Access, book: Book, ad: Client) -> None:
    thread = asked(alice, book)
    address = f"/coop/{ALICE}/2025-2026/aide/{thread.pk}/"
    assert "Clore la question" in said(ad.get(address))
    ad.post(f"{address}regle/", {"regle": "oui"})
    assert "Personne n’attend" in said(ad.get(LIST))
