from __future__ import annotations

import re
import uuid
from datetime import date

import pytest
from django.test import Client

from retkoop.banking.services import point_until, record_cash_count, record_statement
from retkoop.books.home import meaning
from retkoop.books.models import Book
from retkoop.domain.standing import Lamp, LampState
from retkoop.network.access import Access
from tests.books.coops import (
    FORMER,
    YEAR,
    a_book,
    animateur,
    at,
    client_of,
    comptable,
    line,
    note,
    note_all,
    open_with,
    plain,
    prove,
    queries_of,
    said,
    some_months,
    stranger,
)
from tests.clock import Clock
from tests.pages import Answer, links, notices, title
from tests.swap import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def home(access: Access, book: Book) -> Answer:
    return client_of(access).get(at(book, "home"))


def headline(answer: Answer) -> tuple[str, str]:
    """Return the heading of the page, and the sentence under it."""
    html = answer.content.decode()
    found = re.search(r"<h1>(.*?)</h1>", html), re.search(r'<p class="lead">(.*?)</p>', html)
    return tuple(plain(one[1]) if one else "" for one in found)  # type: ignore[return-value]  # two of them


def finish(access: Access, book: Book) -> None:
    """Point and count everything: the three lamps are green."""
    statement = record_statement(
        access=access, book=book, number="12", day=book.year.last_day, account_balance=1300_00, submission=uuid.uuid4()
    )
    point_until(access=access, statement=statement, day=book.year.last_day)
    record_cash_count(access=access, book=book, day=date(2025, 11, 20), quantities={20_00: 1}, submission=uuid.uuid4())


def test_strangers_are_told_that_nothing_is_there(book: Book) -> None:
    assert stranger().get(at(book, "home")).status_code == 404


def test_nobody_sees_it_without_being_logged_in(book: Book) -> None:
    assert Client().get(at(book, "home")).headers["Location"] == f"/connexion/?next={at(book, 'home')}"


def test_it_is_only_looked_at(alice: Access, book: Book) -> None:
    assert client_of(alice).post(at(book, "home")).status_code == 405


class TestEmptyBook:
    def test_it_says_where_to_begin(self, alice: Access, book: Book) -> None:
        answer = home(alice, book)
        assert title(answer) == "Accueil"
        assert headline(answer) == ("Bienvenue dans l’année 2025-2026", "Le cahier est ouvert. Voici par où commencer.")
        steps = re.findall(r'<li class="(step.*?)">.*?<h2>(.*?)</h2>\s*<p>(.*?)</p>.*?href="(.*?)"', answer.content.decode(), re.DOTALL)
        assert [tuple(map(plain, step)) for step in steps] == [
            (
                "step",
                "Notez le report à nouveau",
                "Ce que la coopérative avait en banque et en caisse le 31 août 2025. Si elle vient de naître, passez à la suite.",
                at(book, "opening"),
            ),
            (
                "step",
                "Notez une première opération",
                "Une dépense ou une recette, avec sa pièce. Le compte se cherche par un mot.",
                at(book, "cahier"),
            ),
            (
                "step",
                "Pointez le relevé de la banque",
                "Dès qu’il arrive : son solde, puis une coche par opération.",
                at(book, "reconciliation"),
            ),
            (
                "step",
                "Comptez la caisse",
                "Combien de billets, combien de pièces ? Vous saurez aussitôt si le compte y est.",
                at(book, "cash"),
            ),
        ]

    def test_nothing_else_but_the_lamps_is_there(self, alice: Access, book: Book) -> None:
        words = said(home(alice, book))
        assert "À corriger d’abord" not in words
        assert "Ce que la coopérative possède" not in words
        assert "L’argent au fil de l’année" not in words
        assert "Noter une opération" not in words

    def test_last_year_s_figure_waits(self, alice: Access, book: Book) -> None:
        open_with(alice, a_book(alice, FORMER), 1200_00, 34_56)
        expected = "2024-2025 s’est terminée avec 1 234,56 € : c’est déjà rempli, il reste à vérifier."
        assert expected in said(home(alice, book))

    def test_an_opening_that_is_noted_is_a_step_done(self, alice: Access, book: Book) -> None:
        open_with(alice, book, 1200_00, 34_56)
        words = said(home(alice, book))
        assert "Fait : Notez le report à nouveau C’est fait : l’année commence avec 1 234,56 €. Revoir" in words
        assert "En tout 1 234,56 € Aucune opération pour l’instant En banque 1 200,00 € En caisse 34,56 €" in words

    def test_readers_get_no_invitation_to_write(self, book: Book) -> None:
        answer = comptable().get(at(book, "home"))
        assert headline(answer) == ("Bienvenue dans l’année 2025-2026", "Le cahier est ouvert, rien n’y est encore noté.")
        assert said(answer) == plain(
            "École Jean-Jaurès · 0910000A · 2025-2026 Bienvenue dans l’année 2025-2026 "
            "Le cahier est ouvert, rien n’y est encore noté. "
            "L’adhésion est à déclarer L’association départementale l’attend pour le 30 novembre 2025. Deux minutes suffisent. "
            "Adhésion 2025-2026 "
            "Bilan : rien de saisi Il s’allumera avec la première saisie. "
            "Rapprochement : à faire Il compare le relevé de la banque au cahier. "
            "Caisse : rien de saisi Elle compare les billets et les pièces au cahier. "
            "À corriger d’abord Tout voir (1) "
            "Conseil : Rien n’est noté depuis le 1er septembre 2025 : le cahier est-il à jour ? Voir"
        )

    def test_those_who_help_get_the_steps(self, book: Book) -> None:
        assert "Noter le report" in said(animateur().get(at(book, "home")))

    def test_a_former_year_stayed_empty(self, alice: Access) -> None:
        former = a_book(alice, FORMER)
        assert headline(home(alice, former)) == ("Rien n’est noté en 2024-2025", "Le cahier de cette année est resté vide.")


class TestHeadline:
    def test_one_error(self, alice: Access, book: Book) -> None:
        note(alice, book, "D1", "2025-10-02", "Entrées au musée", 0, -50_00)
        assert headline(home(alice, book)) == ("Une erreur à corriger", "Elle fausse les comptes : corrigez-la d’abord.")

    def test_many_errors(self, alice: Access, book: Book) -> None:
        note(alice, book, "D1", "2025-10-02", "Entrées au musée", -50_00, 0, ("61800008", 45_00))
        assert headline(home(alice, book)) == ("2 erreurs à corriger", "Elles faussent les comptes : corrigez-les d’abord.")

    def test_more_errors_than_are_counted(self, alice: Access, book: Book) -> None:
        open_with(alice, book, 90_000_00)
        note_all(
            alice, book, (line(f"D{n}", "2025-10-02", f"Entrées au musée {n}", -50_00 - n, 0, ("61800008", 45_00)) for n in range(101))
        )
        assert headline(home(alice, book))[0] == "Plus de 99 erreurs à corriger"

    def test_points_to_look_at(self, alice: Access, book: Book) -> None:
        note(alice, book, "R1", "2025-11-02", "Divers", 50_00)
        prove(alice, book)
        sentence = "Rien ne presse : regardez-{} quand vous aurez un moment."
        assert headline(home(alice, book)) == ("Aucune erreur, un point à regarder", sentence.format("le"))
        note(alice, book, "R2", "2025-11-03", "Achat", 51_00)
        prove(alice, book)
        assert headline(home(alice, book)) == ("Aucune erreur, 2 points à regarder", sentence.format("les"))

    def test_nothing_wrong_yet(self, alice: Access, book: Book) -> None:
        note(alice, book, "R1", "2025-11-02", "Kermesse", 50_00)
        prove(alice, book)
        expected = ("Tout va bien", "Rien à corriger dans le cahier. Les voyants disent ce qu’il reste à faire.")
        assert headline(home(alice, book)) == expected

    def test_all_is_right(self, alice: Access, book: Book) -> None:
        open_with(alice, book, 1200_00, 20_00)
        note(alice, book, "R1", "2025-11-02", "Kermesse", 100_00)
        prove(alice, book)
        finish(alice, book)
        answer = home(alice, book)
        assert headline(answer) == ("Bravo, tout est en ordre", "Le bilan, la banque et la caisse sont d’accord.")
        assert at(book, "crf") not in links_of_the_head(answer)

    def test_when_the_year_is_over_the_crf_comes_next(self, alice: Access, book: Book, clock: Clock) -> None:
        open_with(alice, book, 1200_00, 20_00)
        note(alice, book, "R1", "2025-11-02", "Kermesse", 100_00)
        finish(alice, book)
        clock.set(2026, 9, 3, 9)
        assert links_of_the_head(home(alice, book)) == [at(book, "crf"), at(book, "cahier")]


def links_of_the_head(answer: Answer) -> list[str]:
    """Return where the head leads, beside the one that asks for help, which stands on every page."""
    found = re.search(r'<div class="head">.*?<p class="lead">', answer.content.decode(), re.DOTALL)
    return re.findall(r'href="([^"?]*)"', found[0]) if found else []


class TestHalfWay:
    @pytest.fixture
    def half_way(self, alice: Access, book: Book) -> Book:
        open_with(alice, book, 1000_00, 20_00)
        note(alice, book, "R1", "2025-09-14", "Participations de rentrée", 300_00, 0, ("75600008", 300_00))
        note(alice, book, "D1", "2025-10-02", "Entrées au musée", -184_50)
        note(alice, book, "R2", "2025-11-05", "Vente de gâteaux", 0, 96_40)
        return book

    def test_it_tells_what_the_coop_owns(self, alice: Access, half_way: Book) -> None:
        assert (
            "Ce que la coopérative possède En tout 1 231,90 € 3 opérations, la dernière du 5 novembre 2025 "
            "En banque 1 115,50 € En caisse 116,40 € Résultat de l’année 211,90 € plus de recettes que de dépenses"
        ) in said(home(alice, half_way))

    def test_a_loss_and_a_zero_are_told_as_they_are(self, alice: Access, half_way: Book) -> None:
        note(alice, half_way, "D2", "2025-11-06", "Car", -211_90)
        assert "Résultat de l’année 0,00 € autant de recettes que de dépenses" in said(home(alice, half_way))
        note(alice, half_way, "D3", "2025-11-07", "Car du retour", -100_00)
        assert "Résultat de l’année −100,00 € plus de dépenses que de recettes" in said(home(alice, half_way))

    def test_it_draws_the_money_of_the_year(self, alice: Access, half_way: Book) -> None:
        answer = home(alice, half_way)
        drawn = re.findall(r"<desc.*?>(.*?)</desc>", plain(answer.content.decode()))
        assert drawn == ["Le 24 novembre 2025, Banque : 1 115,50 €, Caisse : 116,40 €."]
        assert ("Fin de mois Banque Caisse 30 septembre 2025 1 300,00 € 20,00 € 31 octobre 2025 1 115,50 € 20,00 €") in said(answer)

    def test_it_draws_recettes_and_depenses_by_account(self, alice: Access, half_way: Book) -> None:
        assert (
            "Recettes : 396,40 € Compte Montant "
            "756 · Participations volontaires des familles 300,00 € 708 · Produits des activités éducatives 96,40 € "
            "Dépenses : 184,50 € Compte Montant 618 · Charges des activités éducatives 184,50 €"
        ) in said(home(alice, half_way))

    def test_writers_may_note_an_operation_at_once(self, alice: Access, half_way: Book) -> None:
        assert "Noter une opération" in said(home(alice, half_way))
        words = said(comptable().get(at(half_way, "home")))
        assert "Noter une opération" not in words
        assert "Ouvrir le cahier" in words


def test_open_regies_are_part_of_what_the_coop_owns(alice: Access, book: Book) -> None:
    open_with(alice, book, 1000_00, 20_00, 30_00)
    assert "Dans les régies 30,00 € confié à des enseignants" in said(home(alice, book))


def test_five_things_to_mend_stand_there_and_lead_where_they_are_mended(alice: Access, book: Book) -> None:
    open_with(alice, book, 1000_00)
    rows = [note(alice, book, f"D{n}", f"2025-11-{n:02}", f"Entrées au musée {n}", -50_00 - n, 0, ("61800008", 45_00)) for n in range(1, 7)]
    answer = home(alice, book)
    assert "À corriger d’abord Tout voir (8)" in said(answer)
    addresses = [f"{at(book, 'operation', key=row.pk)}#id_parts-0-account" for row in rows]
    assert [link for link in links(answer) if link in addresses] == addresses[:5]


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize("name", ["bilan", "rapprochement", "caisse"])
@pytest.mark.parametrize("state", LampState)
def test_each_lamp_has_its_sentence_and_readers_get_no_advice(name: str, state: LampState, direct: bool) -> None:  # noqa: FBT001 -- a case of the table
    told, advised = (meaning(Lamp(name, state, ""), can_write=can_write, direct=direct) for can_write in (False, True))
    assert not direct or "cahier" not in advised
    assert advised.startswith(told)
    assert told.count(".") == 1
    assert (advised != told) == ((name, state) != ("bilan", LampState.TODO) and state is not LampState.GOOD)


def test_a_bad_lamp_says_what_to_do(alice: Access, book: Book) -> None:
    note(alice, book, "D1", "2025-11-02", "Entrées au musée", -50_00, 0, ("61800008", 45_00))
    assert ("Bilan : écart de 5,00 € Une opération n’est pas entièrement ventilée. La liste à corriger dit laquelle.") in said(
        home(alice, book)
    )


class TestYears:
    def test_the_current_year_can_be_opened_where_it_is_missing(self, alice: Access) -> None:
        former = a_book(alice, FORMER)
        assert (
            "L’année 2025-2026 n’est pas encore ouverte. L’ouvrir ne change rien à celle-ci : "
            "vous passez de l’une à l’autre quand vous voulez. Ouvrir l’année 2025-2026"
        ) in said(home(alice, former))

    def test_readers_are_not_asked_to_open_it(self, alice: Access) -> None:
        former = a_book(alice, FORMER)
        assert "Ouvrir l’année" not in said(comptable().get(at(former, "home")))

    def test_nothing_is_offered_where_it_is_there(self, alice: Access, book: Book) -> None:
        a_book(alice, FORMER)
        assert "Ouvrir l’année" not in said(home(alice, book))

    def test_a_coop_that_is_new_here_may_open_the_year_that_ended(self, alice: Access, book: Book, clock: Clock) -> None:
        assert "L’année 2024-2025 n’est pas encore ouverte." in said(home(alice, book))
        clock.set(2026, 1, 8, 9)
        assert "Ouvrir l’année" not in said(home(alice, book))

    def test_a_former_year_says_so(self, alice: Access, book: Book) -> None:
        answer = home(alice, a_book(alice, FORMER))
        adhesion = "L’adhésion est à déclarer L’association départementale l’attend pour le 30 novembre 2025. Deux minutes suffisent."
        assert notices(answer) == [
            f"{adhesion} Adhésion 2025-2026",
            "Vous regardez l’année 2024-2025 Aller à l’année 2025-2026",
        ]
        assert at(book, "home") in links(answer)

    def test_in_summer_the_next_year_can_be_prepared(self, alice: Access, book: Book, clock: Clock) -> None:
        clock.set(2026, 6, 30, 9)
        assert "Ouvrir l’année" not in said(home(alice, book))
        clock.set(2026, 7, 1, 9)
        assert "Ouvrir l’année 2026-2027" in said(home(alice, book))


def test_it_costs_the_same_at_any_size(alice: Access, book: Book) -> None:
    open_with(alice, a_book(alice, FORMER), 10_00)
    small, large = book, a_book(alice, YEAR.next)
    some_months(alice, small, 3)
    some_months(alice, large, 90)
    client = client_of(alice)
    counts = [queries_of(client, at(one, "home")) for one in (small, large)]
    assert counts[0] == counts[1] <= 12
    assert len(client.get(at(large, "home")).content) < 60_000


class TestFromAfar:
    def test_people_of_the_ad_are_told_their_role_and_find_the_way_back(self, book: Book) -> None:
        page = animateur().get(at(book, "home")).content.decode()
        banner = read(page[page.index('<aside class="banner"') : page.index("</aside>")]).text
        assert plain(banner) == (
            "Vous regardez cette coopérative en tant qu’animateur : Animateur . Ce que vous changez porte votre nom. "
            "Les coopératives de l’OCCE 91"
        )
        assert '<a href="/ad/91/">Les coopératives de l’OCCE 91</a>' in page


class TestCount:
    def count(self, access: Access, book: Book) -> str | None:
        return next(
            node for node in read(home(access, book).content.decode()).walk() if "count" in (node.attributes.get("class") or "").split()
        ).attributes["class"]

    def test_it_is_red_for_errors_alone(self, alice: Access, book: Book) -> None:
        note(alice, book, "R1", "2025-11-02", "Divers", 50_00)
        assert self.count(alice, book) == "count count--plain"
        note(alice, book, "D1", "2025-10-02", "Entrées au musée", -50_00, 0, ("61800008", 45_00))
        assert self.count(alice, book) == "count count--bad"
