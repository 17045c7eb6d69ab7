from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book, Operation
from retkoop.books.services import delete_operation
from retkoop.domain.entry import Moves, Part
from retkoop.network.access import Access
from tests.books.coops import (
    FORMER,
    a_book,
    animateur,
    at,
    client_of,
    comptable,
    keeper,
    line,
    note,
    note_all,
    open_with,
    plain,
    stranger,
)
from tests.books.lines import MUSEE, REGIONS, beside, by_htmx, entry_form, filled, lines, region, typed, without_tokens, words
from tests.clock import Clock
from tests.pages import Answer, links, notices, title
from tests.swap import read, swap

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def said_notices(answer: Answer) -> list[str]:
    return [plain(notice) for notice in notices(answer)]


NOTED = ("D01", "Entrées au musée", Moves(bank=-184_50), (Part("61800008", 184_50),))


class TestWhoMay:
    @pytest.mark.parametrize("name", ["cahier", "print_cahier", "trash"])
    def test_strangers_are_told_that_nothing_is_there(self, book: Book, name: str) -> None:
        assert stranger().get(at(book, name)).status_code == 404

    @pytest.mark.parametrize("name", ["cahier", "redraw", "check_operation"])
    def test_nor_may_strangers_or_readers_send_anything(self, book: Book, name: str) -> None:
        assert [who().post(at(book, name), MUSEE).status_code for who in (stranger, comptable)] == [404, 404]
        assert lines(book) == []

    def test_nobody_sees_it_without_being_logged_in(self, book: Book) -> None:
        assert Client().get(at(book, "cahier")).headers["Location"] == f"/connexion/?next={at(book, 'cahier')}"

    @pytest.mark.parametrize("name", ["redraw", "check_operation"])
    def test_what_is_asked_while_typing_is_no_page(self, client: Client, book: Book, name: str) -> None:
        assert client.get(at(book, name)).status_code == 405

    @pytest.mark.parametrize("name", ["print_cahier", "trash"])
    def test_what_is_only_looked_at(self, client: Client, book: Book, name: str) -> None:
        assert client.post(at(book, name)).status_code == 405

    def test_readers_see_the_lines_and_no_form(self, alice: Access, book: Book) -> None:
        reader = comptable()
        empty = "Le cahier attend sa première ligne Rien n’est encore noté cette année."
        assert words(reader.get(at(book, "cahier")), "liste") == empty
        row = note(alice, book, "D1", "2025-11-14", "Entrées au musée", -184_50)
        answer = reader.get(at(book, "cahier"), {"supprimee": str(row.pk)})
        assert [node.attributes.get("id") for node in read(answer.content.decode()).walk() if node.attributes.get("id") == "saisie"] == []
        assert f"{at(book, 'operation', key=row.pk)}" in links(answer)

    def test_those_who_help_may_note_lines(self, book: Book) -> None:
        client = animateur()
        client.post(at(book, "cahier"), filled(client, book, **MUSEE))
        assert lines(book) == [NOTED]

    def test_looking_writes_nothing(self, alice: Access, client: Client, book: Book) -> None:
        row = note(alice, book, "D1", "2025-11-14", "Entrées au musée", -184_50)
        before = AuditEvent.objects.count()
        asked = ("cahier", "print_cahier", "trash", "home", "findings", "history")
        answers = [client.get(at(book, name)) for name in asked]
        assert [answer.status_code for answer in (*answers, client.get(at(book, "operation", key=row.pk)))] == [200] * 7
        assert AuditEvent.objects.count() == before


class TestBlank:
    def test_an_empty_cahier_says_where_to_begin(self, clock: Clock) -> None:
        clock.set(2025, 9, 3, 9)
        alice = keeper()
        client, book = client_of(alice), a_book(alice)
        answer = client.get(at(book, "cahier"))
        assert title(answer) == "Cahier de comptabilité"
        assert typed(answer, "nature", "date", "piece", "label", "means", "cheque", "amount") == [
            "depense",
            "03/09/2025",
            "D01",
            "",
            "cheque",
            "",
            "",
        ]
        assert words(answer, "a-corriger") == "À corriger Ce qui ne va pas se dira ici, au fil de la saisie."
        assert words(answer, "liste") == (
            "Le cahier attend sa première ligne Commencez par le report à nouveau : ce que la coopérative possédait le 31 août. "
            "Puis notez chaque somme reçue ou payée, une par ligne."
        )

    def test_the_address_keeps_the_intention_and_the_day(self, client: Client, book: Book) -> None:
        answer = client.get(at(book, "cahier"), {"noter": "recette", "le": "2025-11-03"})
        assert typed(answer, "nature", "date", "piece", "means") == ["recette", "03/11/2025", "R01", "bank"]
        nothing = client.get(at(book, "cahier"), {"noter": "troc", "le": "hier"})
        assert typed(nothing, "nature", "date") == ["depense", "24/11/2025"]

    def test_names_already_known_are_proposed_whatever_they_hold(self, client: Client, book: Book) -> None:
        client.post(at(book, "cahier"), filled(client, book, **{**MUSEE, "tiers": '"><b>Musée</b>', "project": "L’art & nous"}))
        html = client.get(at(book, "cahier")).content.decode()
        assert '<option value="&#34;&gt;&lt;b&gt;Musée&lt;/b&gt;">' in html
        assert '<option value="L’art &amp; nous">' in html
        assert "<b>Musée" not in html


class TestNoting:
    def test_a_plain_form_notes_a_line_and_opens_the_next(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "cahier"), filled(client, book, **MUSEE), follow=True)
        assert lines(book) == [NOTED]
        assert answer.redirect_chain == [(f"{at(book, 'cahier')}?noter=depense&le=2025-11-14", 302)]
        assert said_notices(answer) == ["C’est noté : Dépense D01, 184,50 €."]
        assert typed(answer, "date", "piece", "means", "label", "amount", "parts-0-account") == ["14/11/2025", "D02", "bank", "", "", ""]

    @pytest.mark.parametrize(
        ("intention", "given", "expected"),
        [
            ("recette", {"means": "cash", "parts-0-account": "70800008"}, Moves(cash=184_50)),
            ("depot", {}, Moves(bank=184_50, cash=-184_50)),
            ("retrait", {}, Moves(bank=-184_50, cash=184_50)),
            ("avance", {"means": "cash"}, Moves(cash=-184_50, regie=184_50)),
            ("reliquat", {"means": "bank"}, Moves(bank=184_50, regie=-184_50)),
            ("justificatifs", {"parts-0-account": "61800008"}, Moves(regie=-184_50)),
        ],
    )
    def test_each_intention_has_its_moves(self, client: Client, book: Book, intention: str, given: dict[str, str], expected: Moves) -> None:
        form = filled(client, book, intention, amount="184,50", label="Selon la pièce", **given)
        assert client.post(at(book, "cahier"), form).status_code == 302
        assert [moves for _, _, moves, _ in lines(book)] == [expected]

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"date": "31/11"}, {"id_date": "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."}),
            ({"label": ""}, {"id_label": "Indiquez un libellé : en quelques mots, ce que c’était."}),
            ({"piece": "x" * 31}, {"id_piece": "30 caractères au plus."}),
            ({"means": "troc"}, {"id_means": "Choisissez un moyen de la liste."}),
            ({"amount": "douze"}, {"id_amount": "Ce montant n’est pas un nombre. Écrivez par exemple 12,50."}),
            ({"amount": "0"}, {"id_amount": "Indiquez un montant différent de zéro."}),
            ({"parts-0-account": "999"}, {"id_parts-0-account": "« 999 » n’est pas dans la liste."}),
            ({"parts-0-account": "", "parts-0-amount": "5"}, {"id_parts-0-account": "Choisissez le compte de cette part."}),
        ],
    )
    @pytest.mark.parametrize("htmx", [False, True])
    def test_what_is_wrong_is_said_beside_its_field_and_stays_typed(
        self, client: Client, book: Book, given: dict[str, str], expected: dict[str, str], *, htmx: bool
    ) -> None:
        form, address = filled(client, book, **{**MUSEE, **given}), at(book, "cahier")
        answer = by_htmx(client, address, form, address) if htmx else client.post(address, form)
        assert answer.status_code == 422
        assert beside(answer) == expected
        kept = {name: value for name, value in without_tokens(form).items() if name != "means" or "means" not in given}
        if given.get("parts-0-account") == "999":
            kept["parts-0-account"] = ""  # a list shows what is in it alone
        assert {name: value for name, value in entry_form(answer).items() if name in kept} == kept
        assert lines(book) == []

    def test_refusals_are_counted_over_the_form(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "cahier"), filled(client, book, **{**MUSEE, "label": "", "amount": ""}))
        [told] = said_notices(answer)
        assert told == (
            "Il y a 2 choses à corriger Libellé : Indiquez un libellé : en quelques mots, ce que c’était. "
            "Montant : Indiquez un montant, par exemple 12,50."
        )

    @pytest.mark.parametrize("htmx", [False, True])
    def test_a_sealed_year_takes_no_line_and_says_why(self, client: Client, book: Book, *, htmx: bool) -> None:
        form, address = filled(client, book, **MUSEE), at(book, "cahier")
        Book.objects.update(sealed_at=timezone.now())
        answer = by_htmx(client, address, form, address) if htmx else client.post(address, form)
        assert answer.status_code == 422
        assert said_notices(answer) == [
            "Il y a une chose à corriger Les comptes de 2025-2026 sont validés et scellés : corrigez par une opération de l’année suivante."
        ]
        assert typed(answer, *MUSEE) == [*MUSEE.values()]
        assert lines(book) == []

    def test_a_form_that_is_no_longer_readable_says_so(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "cahier"), filled(client, book, **MUSEE, submission="x"))
        assert said_notices(answer) == ["Il y a une chose à corriger Rechargez la page : ce formulaire n’est plus lisible."]


class TestNotingByHtmx:
    def noted(self, client: Client, page: str, form: dict[str, str]) -> None:
        """Note a line from a page, and hold what it changes there against the page that its address shows."""
        before = client.get(page).content.decode()
        answer = by_htmx(client, page, form, page)
        assert answer.status_code == 200
        swapped = swap(before, answer.content.decode(), "saisie")
        fresh = read(client.get(answer.headers["HX-Replace-Url"]).content.decode())
        for name in REGIONS:
            assert region(swapped, name) == region(fresh, name)
        assert plain(swapped.find("toasts").text).startswith("C’est noté : ")

    def test_the_page_in_sight_becomes_the_page_as_it_is_now(self, alice: Access, client: Client, book: Book) -> None:
        address = at(book, "cahier")
        self.noted(client, address, filled(client, book, **MUSEE))
        self.noted(client, address, filled(client, book, "recette", **{**MUSEE, "means": "cash", "parts-0-account": "70800008"}))
        self.noted(client, address, filled(client, book, **{**MUSEE, "date": "2/9/2025", "label": "Divers"}))
        assert len(lines(book)) == 3

    @pytest.mark.parametrize("query", ["?q=musee", "?mois=2025-09", "?ordre=ancien", "?ordre=piece&nature=depenses", "?page=2"])
    def test_whatever_the_list_in_sight_asks_for(self, alice: Access, client: Client, book: Book, query: str) -> None:
        open_with(alice, book, 1000_00)
        note_all(alice, book, (line(f"D{n}", f"2025-09-{n % 20 + 1:02}", f"Cahiers {n}", -5_00 - n) for n in range(51)))
        self.noted(client, f"{at(book, 'cahier')}{query}", filled(client, book, **MUSEE))

    def test_a_full_page_lets_its_last_line_go(self, alice: Access, client: Client, book: Book) -> None:
        note_all(alice, book, (line(f"R{n}", "2025-09-14", f"Kermesse {n}", 5_00 + n) for n in range(51)))
        self.noted(client, at(book, "cahier"), filled(client, book, **MUSEE))

    def test_the_toast_takes_it_back(self, client: Client, book: Book) -> None:
        page = at(book, "cahier")
        here = by_htmx(client, page, filled(client, book, **MUSEE), page).headers["HX-Replace-Url"]
        before = client.get(here).content.decode()
        [row] = Operation.objects.filter(book=book)
        undone = by_htmx(client, at(book, "delete_operation", key=row.pk), {"version": "1"}, here, "")
        assert lines(book) == []
        swapped, fresh = swap(before, undone.content.decode()), read(client.get(here).content.decode())
        for name in REGIONS[1:]:
            assert region(swapped, name) == region(fresh, name)
        assert plain(swapped.find("toasts").text).startswith("Supprimée : Dépense D01, 184,50 €.")
        redone = by_htmx(client, at(book, "restore_operation", key=row.pk), {}, here, "")
        assert lines(book) == [NOTED]
        assert words(redone, "liste").endswith("14/11 Entrées au musée Musée de l’Essonne 618 − 184,50 −184,50")

    @pytest.mark.parametrize("query", ["?q=musee", "?q=kermesse", "?ordre=piece", "?page=2"])
    def test_a_search_changes_the_list_and_where_it_is_printed(self, alice: Access, client: Client, book: Book, query: str) -> None:
        note(alice, book, "D1", "2025-11-14", "Entrées au musée", -184_50)
        page = at(book, "cahier")
        answer = client.get(f"{page}{query}", headers={"HX-Request": "true", "HX-Target": "liste"})
        swapped = swap(client.get(page).content.decode(), answer.content.decode(), "liste")
        fresh = read(client.get(f"{page}{query}").content.decode())
        assert region(swapped, "liste") == region(fresh, "liste")
        assert swapped.find("imprimer").attributes == fresh.find("imprimer").attributes

    @pytest.mark.parametrize("target", ["liste", "saisie"])
    def test_a_region_comes_by_itself(self, alice: Access, client: Client, book: Book, target: str) -> None:
        note(alice, book, "D1", "2025-11-14", "Entrées au musée", -184_50)
        page = f"{at(book, 'cahier')}?q=musee"
        answer = client.get(page, headers={"HX-Request": "true", "HX-Target": target})
        fresh = read(client.get(page).content.decode())
        assert region(swap(client.get(at(book, "cahier")).content.decode(), answer.content.decode(), target), target) == region(
            fresh, target
        )
        assert answer.headers.get("HX-Push-Url") == (page if target == "liste" else None)


class TestRedraw:
    def redrawn(self, client: Client, book: Book, form: dict[str, str], intention: str) -> Answer:
        headers = {"HX-Request": "true", "HX-Target": "saisie", "HX-Current-URL": f"http://testserver{at(book, 'cahier')}"}
        return client.post(at(book, "redraw"), form, query_params={"noter": intention}, headers=headers)

    def test_another_tab_keeps_what_was_typed_and_says_nothing_of_it(self, client: Client, book: Book) -> None:
        form = filled(client, book, **MUSEE, **{"parts-0-amount": "5", "project": "Musée"})
        answer = self.redrawn(client, book, {**form, "amount": "douze"}, "recette")
        assert typed(answer, "nature", "date", "label", "tiers", "amount", "project", "parts-0-account", "parts-0-amount") == [
            "recette",
            "14/11/2025",
            "Entrées au musée",
            "Musée de l’Essonne",
            "douze",
            "Musée",
            "61800008",
            "5",
        ]
        assert beside(answer) == {}
        assert typed(answer, "submission") == [form["submission"]]

    def test_proposals_follow_the_tab_where_nobody_changed_them(self, client: Client, book: Book) -> None:
        answer = self.redrawn(client, book, filled(client, book), "depot")
        assert typed(answer, "piece", "label", "means", "parts-0-account") == ["V01", "Dépôt d’espèces", None, None]
        answer = self.redrawn(client, book, entry_form(answer), "recette")
        assert typed(answer, "piece", "label", "means") == ["R01", "", "bank"]
        answer = self.redrawn(client, book, {**entry_form(answer), "piece": "12", "label": "Loto"}, "avance")
        assert typed(answer, "piece", "label", "means") == ["12", "Loto", "cheque"]

    def test_a_means_that_the_other_intention_does_not_know_gives_way(self, client: Client, book: Book) -> None:
        assert typed(self.redrawn(client, book, filled(client, book, means="cheque"), "recette"), "means") == ["bank"]

    def test_the_open_tab_is_told(self, client: Client, book: Book) -> None:
        root = read(self.redrawn(client, book, filled(client, book), "reliquat").content.decode())
        current = [node.text for node in root.walk() if node.tag == "a" and node.attributes.get("aria-current") == "true"]
        assert current == ["Régie d’avance", "Reliquat rendu"]


class TestSplitWithoutScript:
    def test_rows_come_and_go(self, client: Client, book: Book) -> None:
        page = at(book, "cahier")
        form = filled(client, book, **MUSEE)
        two = client.post(page, {**form, "add": "1"})
        assert two.status_code == 200
        assert typed(two, "label", "parts-TOTAL_FORMS", "parts-0-account", "parts-1-account") == ["Entrées au musée", "2", "61800008", ""]
        split = {**entry_form(two), "parts-0-amount": "100", "parts-1-account": "61681008"}
        one = client.post(page, {**split, "remove": "0"})
        assert typed(one, "parts-TOTAL_FORMS", "parts-0-account", "parts-1-account") == ["1", "61681008", None]
        assert typed(client.post(page, {**entry_form(one), "remove": "0"}), "parts-TOTAL_FORMS", "parts-0-account") == ["1", ""]
        client.post(page, split)
        assert [parts for *_, parts in lines(book)] == [(Part("61800008", 100_00), Part("61681008", 84_50))]

    def test_two_accounts_without_a_share_are_one_too_many(self, client: Client, book: Book) -> None:
        split = {"parts-TOTAL_FORMS": "2", "parts-1-account": "61681008"}
        answer = client.post(at(book, "cahier"), filled(client, book, **MUSEE, **split))
        assert beside(answer) == {"id_parts-1-amount": "Indiquez la part de ce compte : un seul peut prendre le reste."}

    def test_a_split_that_does_not_explain_all_is_noted_and_said(self, client: Client, book: Book) -> None:
        split = {"parts-TOTAL_FORMS": "2", "parts-0-amount": "100", "parts-1-account": "61681008", "parts-1-amount": "80"}
        answer = client.post(at(book, "cahier"), filled(client, book, **MUSEE, **split), follow=True)
        assert "Il manque 4,50 € dans la ventilation de la pièce D01. Compléter la ventilation" in words(answer, "a-corriger")


def test_what_another_year_holds_is_not_shown(alice: Access, client: Client, book: Book) -> None:
    note(alice, a_book(alice, FORMER), "D9", "2025-03-14", "Sortie d’autrefois", -50_00)
    assert words(client.get(at(book, "cahier")), "liste").startswith("Le cahier attend sa première ligne")


def test_a_line_that_was_just_deleted_can_be_brought_back(alice: Access, client: Client, book: Book) -> None:
    row = note(alice, book, "D1", "2025-11-14", "Entrées au musée", -184_50)
    other = note(alice, a_book(alice, FORMER), "D9", "2025-03-14", "Sortie", -50_00)
    for one, held in ((row, book), (other, other.book)):
        delete_operation(access=alice, book=held, key=one.pk, version=1)
    assert said_notices(client.get(at(book, "cahier"), {"supprimee": str(row.pk)})) == [
        "Supprimée : Dépense D1, 184,50 € Annuler la suppression"
    ]
    nothing = [client.get(at(book, "cahier"), {"supprimee": key}) for key in (str(other.pk), str(uuid.uuid4()))]
    assert [said_notices(answer) for answer in nothing] == [[], []]
