"""The pages of help as the coop and its AD see them: what a question speaks of, live; what is refused; what is hostile."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from retkoop.assistance.models import Message, Thread
from retkoop.assistance.services import see_thread, settle_thread
from retkoop.books.models import Book, KeptFinding
from retkoop.books.services import delete_operation
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from retkoop.network.services import end_role
from retkoop.users.models import User
from tests.archive.sent import picture_bytes, receive
from tests.assistance.about_at_hand import about
from tests.assistance.at_hand import asked, helper, kept_answer, wrote
from tests.books.coops import a_book, at, client_of, keeper, note, plain, queries_of, said
from tests.cast import ALICE, CHARLIE, association
from tests.pages import errors, links, notices, posts

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} \"'"


def sent(text: str = "Comment faire ?", **more: str) -> dict[str, str]:
    return {"text": text, "theme": "entry", "submission": str(uuid.uuid4()), **more}


def ask(client: Client, book: Book, **more: str) -> Thread:
    answer = client.post(at(book, "help"), sent(**more))
    thread = Thread.objects.latest("pk")
    assert (answer.status_code, answer.headers.get("Location")) == (302, at(book, "help_thread", key=thread.pk))
    return thread


def test_every_page_leads_to_a_question_about_itself(alice: Access, book: Book) -> None:
    client = client_of(alice)
    page = client.get(at(book, "findings"))
    address = f"{at(book, 'help')}?adresse=%2Fcoop%2F0910000A%2F2025-2026%2Fa-corriger%2F&titre=%C3%80+corriger"
    assert [link for link in links(page) if "adresse=" in link] == [address]
    assert "Page À corriger" in said(client.get(address))


def test_from_afar_nobody_asks(alice: Access, julie: Access, book: Book) -> None:
    client = client_of(julie)
    assert "adresse=" not in client.get(at(book, "findings")).content.decode()
    assert said(client.get(at(book, "help"))).endswith("Aucune question Cette coopérative n’a encore rien demandé.")
    assert client.post(at(book, "help"), sent()).status_code == 404


def test_a_question_is_called_as_it_begins(alice: Access, book: Book) -> None:
    thread = ask(client_of(alice), book, text="Bonjour,\nje ne sais pas.")
    assert (thread.topic, thread.path, thread.place, thread.operation) == ("Bonjour,", "", "", 0)
    assert ask(client_of(alice), book, topic="La kermesse").topic == "La kermesse"


def test_a_question_without_words_is_not_sent(alice: Access, book: Book) -> None:
    answer = client_of(alice).post(at(book, "help"), sent(text=" "))
    assert (answer.status_code, errors(answer)) == (422, ["Écrivez votre question."])
    assert errors(client_of(alice).post(at(book, "help"), sent(text="a" * 4001))) == ["C’est trop long\u202f: dites-le plus brièvement."]


def test_it_speaks_of_an_operation_as_that_stands_now(alice: Access, book: Book) -> None:
    row, client = note(alice, book, "D1", "2025-10-02", "Musée", -184_50, 0, ("61800008", 180_00)), client_of(alice)
    found = KeptFinding.objects.get(operation=row, code="ventilation")
    finding_link = next(link for link in links(client.get(at(book, "findings"))) if "controle=ventilation" in link)
    assert "Opération D1 Musée" in said(client.get(finding_link))
    thread = ask(client, book, **about(finding_link))
    assert (thread.place, thread.operation, thread.code, thread.message) == ("findings", row.pk, "ventilation", found.message)
    page = client.get(at(book, "help_thread", key=thread.pk))
    assert "L’opération, telle qu’elle est D1 Musée 2 octobre 2025 · banque − 184,50" in said(page)
    assert {at(book, "findings"), at(book, "operation", key=row.pk)} <= set(links(page))
    delete_operation(access=alice, book=book, key=row.pk, version=row.version)
    told = said(client.get(at(book, "help_thread", key=thread.pk)))
    assert "Elle a été supprimée depuis. Voir la corbeille" in told
    assert f"Le contrôle réglé Il disait : {plain(found.message)}" in told


def test_a_check_that_is_still_there_says_what_it_says_today(alice: Access, book: Book) -> None:
    row, client = note(alice, book, "D1", "2025-10-02", "Musée", -184_50, 0, ("61800008", 180_00)), client_of(alice)
    thread = ask(client, book, operation=str(row.pk), controle="ventilation")
    assert "Le contrôle Erreur : Il manque 4,50 €" in said(client.get(at(book, "help_thread", key=thread.pk)))
    Thread.objects.filter(pk=thread.pk).update(message="Il manque 9,00 €.")
    assert "Quand la question a été posée : Il manque 9,00 €." in said(client.get(at(book, "help_thread", key=thread.pk)))


def test_the_page_of_an_operation_says_of_which_one(alice: Access, book: Book) -> None:
    row = note(alice, book, "D1", "2025-10-02", "Musée", -184_50)
    thread = ask(client_of(alice), book, adresse=at(book, "operation", key=row.pk), titre="Dépense D1")
    assert (thread.operation, thread.place, thread.title) == (row.pk, "operation", "Dépense D1")


def test_what_is_not_this_coops_is_absent(alice: Access, book: Book) -> None:
    charlie, client = keeper(CHARLIE), client_of(alice)
    theirs = a_book(charlie)
    row = note(charlie, theirs, "D1", "2025-10-02", "Musée", -10_00)
    others = [
        {"operation": str(row.pk)},
        {"operation": "n"},
        {"adresse": at(theirs, "cahier")},
        {"adresse": "https://ailleurs.example/coop/0910000A/2025-2026/"},
        {"adresse": "//ailleurs.example/coop/0910000A/2025-2026/"},
        {"adresse": "javascript:alert(1)"},
        {"adresse": "//["},
        {"adresse": "/nulle-part/"},
    ]
    assert [client.post(at(book, "help"), sent(**other)).status_code for other in others] == [404] * len(others)
    assert [client.get(at(book, "help"), other).status_code for other in others] == [404] * len(others)
    assert Thread.objects.count() == 0
    thread = asked(charlie, theirs)
    assert client.get(at(book, "help_thread", key=thread.pk)).status_code == 404


def test_an_unknown_check_is_no_check(alice: Access, book: Book) -> None:
    assert ask(client_of(alice), book, controle="n-importe").code == ""


def test_hostile_text_is_text(alice: Access, julie: Access, book: Book) -> None:
    thread = ask(client_of(alice), book, text=HOSTILE, topic=HOSTILE, adresse=at(book, "home"), titre=HOSTILE)
    for client, address in ((client_of(alice), at(book, "help_thread", key=thread.pk)), (client_of(julie), "/ad/91/aide/")):
        page = client.get(address).content.decode()
        assert ("<script>alert" in page, "{{ 7 * 7 }}" in page) == (False, True)
    unreadable = client_of(alice).post(at(book, "help"), sent(text="a\u202eb"))
    assert errors(unreadable) == ["Ce texte contient des caractères invisibles\u202f: tapez-le plutôt que de le coller."]


def test_the_ad_answers_on_the_same_page_and_the_coop_settles_it(alice: Access, julie: Access, book: Book) -> None:
    thread = ask(client_of(alice), book)
    address, ad, coop = at(book, "help_thread", key=thread.pk), client_of(julie), client_of(alice)
    answer = ad.post(address, sent("Une seule ligne."))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{address}#dernier")
    assert notices(ad.get(address)) == ["Votre message est envoyé."]
    assert "À lire" not in said(coop.get(address))
    assert "à lire&nbsp;: </span>1" in coop.get(address).content.decode()
    assert "à lire&nbsp;" not in coop.post(at(book, "see_thread", key=thread.pk)).content.decode()
    assert "à lire&nbsp;" not in coop.get(address).content.decode()
    assert "Vu par École Jean-Jaurès" in said(ad.get(address))
    coop.post(at(book, "settle_thread", key=thread.pk), {"regle": "oui"})
    assert notices(coop.get(address)) == ["C’est noté\u202f: la question est réglée."]
    assert "Rouvrir la question" in said(coop.get(address))
    coop.post(at(book, "settle_thread", key=thread.pk), {"regle": "non"})
    assert notices(coop.get(address)) == ["La question est rouverte."]


def test_an_answer_sent_twice_is_written_once(alice: Access, book: Book) -> None:
    thread, form = asked(alice, book), sent("Alors ?")
    for _ in range(2):
        assert client_of(alice).post(at(book, "help_thread", key=thread.pk), form).status_code == 302
    assert Message.objects.count() == 2
    form = sent()
    for _ in range(2):
        assert client_of(alice).post(at(book, "help"), form).status_code == 302
    assert Thread.objects.count() == 2


def test_an_empty_answer_is_not_sent(alice: Access, book: Book) -> None:
    answer = client_of(alice).post(at(book, "help_thread", key=asked(alice, book).pk), sent(""))
    assert (answer.status_code, errors(answer)) == (422, ["Écrivez votre message."])


def test_a_document_is_joined_and_may_go(alice: Access, book: Book) -> None:
    own = receive(alice, book, picture_bytes())
    thread = ask(client_of(alice), book, document=str(own.pk))
    assert at(book, "document", key=own.pk) in links(client_of(alice).get(at(book, "help_thread", key=thread.pk)))
    Message.objects.update(document=own.pk + 1)
    assert "Le document joint a été supprimé depuis." in said(client_of(alice).get(at(book, "help_thread", key=thread.pk)))


def test_an_answer_kept_ready_goes_into_what_is_typed(alice: Access, julie: Access, book: Book) -> None:
    answer, thread = kept_answer(association()), asked(alice, book)
    kept_answer(association("92"), "D’ailleurs")
    kept_answer(None, "De tous")
    page = client_of(julie).get(at(book, "help_thread", key=thread.pk)).content.decode()
    assert [words in page for words in (">Dépôt<", ">De tous (fédération)<", "D’ailleurs")] == [True, True, False]
    shown = client_of(julie).post(at(book, "help_thread", key=thread.pk), sent("Bonjour,", inserer="1", modele=str(answer.pk)))
    assert "Bonjour,\n\nNotez un virement interne.</textarea>" in shown.content.decode()
    assert Message.objects.count() == 1
    assert "Réponse type" not in said(client_of(alice).get(at(book, "help_thread", key=thread.pk)))


def test_the_coop_s_list_says_what_it_has_not_read(alice: Access, julie: Access, book: Book) -> None:
    first, second = asked(alice, book, topic="Une"), asked(alice, book, topic="Deux")
    wrote(julie, first)
    settle_thread(access=alice, thread=second, settled=True)
    page = said(client_of(alice).get(at(book, "help")))
    assert "Une non lu" in page
    assert ("répondue" in page, "réglée" in page, "Deux non lu" in page) == (True, True, False)
    see_thread(access=alice, thread=first)
    assert "non lu" not in said(client_of(alice).get(at(book, "help")))


def test_a_role_that_ends_ends_the_page_in_sight(alice: Access, julie: Access, book: Book) -> None:
    thread, client = asked(alice, book), client_of(julie)
    addresses = [at(book, "cahier"), at(book, "help_thread", key=thread.pk), "/ad/91/aide/"]
    assert [client.get(address).status_code for address in addresses] == [200] * 3
    end_role(author=alice.author, role=julie.user.roles.get())
    assert [client.get(address).status_code for address in addresses] == [404] * 3
    assert client.post(at(book, "presence")).status_code == 404
    assert client.post(at(book, "help_thread", key=thread.pk), sent()).status_code == 404
    assert Message.objects.count() == 1


@pytest.mark.parametrize("name", ["help", "help_thread"])
def test_pages_cost_the_same_at_any_size(alice: Access, julie: Access, book: Book, name: str) -> None:
    thread = asked(alice, book)
    address = at(book, name, **({"key": thread.pk} if name == "help_thread" else {}))
    few = queries_of(client_of(alice), address)
    for _ in range(20):
        wrote(julie, asked(alice, book))
        wrote(alice, thread)
    row = note(alice, book, "D1", "2025-10-02", "Musée", -184_50, 0, ("61800008", 180_00))
    Thread.objects.update(operation=row.pk, code="ventilation", message="Il manque 4,50 €.")
    Message.objects.update(document=receive(alice, book, picture_bytes()).pk)
    kept_answer(None)
    assert queries_of(client_of(alice), address) <= max(few, 12)
    assert queries_of(client_of(julie), address) <= 12


def test_those_of_the_ad_who_only_read_may_write_here(alice: Access, book: Book) -> None:
    client, thread = client_of(helper(ALICE, RoleKind.COMPTABLE, "carole")), asked(alice, book)
    address = at(book, "help_thread", key=thread.pk)
    assert address in posts(client.get(address))
    assert client.post(address, sent()).status_code == 302
    assert User.objects.get(username="carole").pk == Message.objects.latest("pk").author_id
