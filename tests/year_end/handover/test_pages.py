"""The pages of handovers, mandates and the end of a coop, as people use them."""

from __future__ import annotations

import uuid
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from retkoop.archive.models import Document
from retkoop.audit.services import SYSTEM
from retkoop.banking.services import point_until
from retkoop.books.models import Book
from retkoop.books.years import open_due_years
from retkoop.network.access import Access
from retkoop.network.models import Coop, Mandate, RoleKind
from retkoop.network.services import invite_keeper
from retkoop.users.models import User
from retkoop.users.services import activate, return_to_initial_state
from retkoop.year_end.handover.ending import CoopEnd, end_coop
from retkoop.year_end.handover.models import Handover
from retkoop.year_end.handover.passing import pass_access
from retkoop.year_end.handover.queries import A_PAGE
from retkoop.year_end.handover.services import INCOMING, LEAVING
from tests.archive.sent import picture_bytes
from tests.banking.books_at_hand import statement
from tests.books.coops import a_book, animateur, at, client_of, comptable, keeper, plain, queries_of, said
from tests.cast import CHARLIE, PASSWORD, logged_in, make_coop, make_staff
from tests.clock import Clock
from tests.pages import errors, links, notices
from tests.year_end.handover.at_hand import ALL, LAST_DAY, LEAVER, SUCCESSOR, administrateur, filled, mandate_of, planned, signed
from tests.year_end.papers import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2026, 8, 20, 10, 0)
    return clock


def told(client: Client, book: Book, name: str, data: dict[str, Any], **parts: object) -> list[str]:
    return [plain(one) for one in notices(client.post(at(book, name, **parts), data, follow=True))]


def plan_of(mandate: Mandate, **more: str) -> dict[str, str]:
    return {
        "submission": str(uuid.uuid4()),
        "leaving": str(mandate.pk),
        "day": "31/08/2026",
        "incoming_name": SUCCESSOR,
        "renews_account": "on",
        **more,
    }


def answers_of(row: Handover, **more: str) -> dict[str, str]:
    given = {"version": str(row.version), **ALL, "counted": "21,50", "note": "La clé est au secrétariat.", **more}
    return {f"passation-{row.pk}-{name}": value for name, value in given.items()}


class TestHandover:
    def test_from_the_plan_to_both_signatures(self, alice: Access, client: Client, book: Book) -> None:
        assert "Aucune passation cette année" in said(client.get(at(book, "handovers")))
        mandate = mandate_of(alice)
        assert told(client, book, "handovers", plan_of(mandate)) == [
            "La passation est commencée. Faites le tour de la liste ensemble, puis signez."
        ]
        row = Handover.objects.get()
        page = said(client.get(at(book, "handovers")))
        assert "De Mme Perrin à Camille Durand En préparation" in page
        assert "Solde de la banque 1 028,20 € Solde de la caisse 21,50 €" in page
        assert "Avant de signer, il reste à répondre à 8 points de la liste." in page
        assert told(client, book, "fill_handover", answers_of(row), key=row.pk) == [
            "C’est noté. La liste est complète : vous pouvez signer tous les deux."
        ]
        sign = {f"signer-{row.pk}-side": LEAVING, f"signer-{row.pk}-name": LEAVER}
        assert told(client, book, "sign_handover", sign, key=row.pk) == ["La signature est enregistrée. Il manque encore l’autre."]
        page = said(client.get(at(book, "handovers")))
        assert "Une signature donnée" in page
        assert "Caisse comptée : 21,50 €, comme le cahier." in page
        sign = {f"signer-{row.pk}-side": INCOMING, f"signer-{row.pk}-name": "Durand Camille"}
        assert told(client, book, "sign_handover", sign, key=row.pk) == [
            "La passation est signée des deux côtés. Bienvenue à Camille Durand, et merci à Mme Perrin !"
        ]
        page = said(client.get(at(book, "handovers")))
        assert "Mme Perrin tenait les comptes jusqu’au 31 août 2026." in page
        assert "Le mot de passe commun de l’école se fermera de lui-même au soir du 31 août 2026." in page

    def test_what_is_wrong_in_a_plan_is_said_beside_it(self, alice: Access, client: Client, book: Book) -> None:
        mandate = mandate_of(alice)
        answer = client.post(at(book, "handovers"), plan_of(mandate, leaving="", day="", incoming_name="", incoming_email="x"))
        assert answer.status_code == 422
        assert errors(answer) == [
            "Choisissez qui part.",
            "Indiquez le dernier jour.",
            "Indiquez le nom et le prénom.",
            "Cette adresse n’est pas complète. Écrivez par exemple camille.durand@exemple.fr.",
        ]
        answer = client.post(at(book, "handovers"), plan_of(mandate, day="01/09/2026"))
        assert "Choisissez un jour de l’année 2025-2026 : ce sont ses comptes que vous passez." in said(answer)

    def test_a_double_click_begins_it_once(self, alice: Access, client: Client, book: Book) -> None:
        plan = plan_of(mandate_of(alice))
        for _ in range(2):
            assert client.post(at(book, "handovers"), plan).status_code == 302
        assert Handover.objects.count() == 1

    def test_what_is_typed_in_the_list_is_shown_again_with_the_reason(self, alice: Access, client: Client, book: Book) -> None:
        row = planned(alice, book)
        answer = client.post(at(book, "fill_handover", key=row.pk), answers_of(row, counted="abc"))
        assert (answer.status_code, len(errors(answer))) == (422, 1)
        answer = client.post(at(book, "fill_handover", key=row.pk), answers_of(row, version="9"))
        assert "Quelqu’un d’autre a changé cette passation entre-temps : relisez-la." in said(answer)
        assert told(client, book, "fill_handover", answers_of(row, inventory=""), key=row.pk) == ["C’est noté."]

    def test_the_own_account_of_who_leaves_is_offered(self, alice: Access, client: Client, book: Book) -> None:
        mandate = mandate_of(alice)
        assert "Son compte à son nom" not in said(client.get(at(book, "handovers")))
        invite_keeper(author=SYSTEM, coop=alice.coop, email="lea@exemple.fr", name=LEAVER, start=date(2025, 9, 1))
        assert "Son compte à son nom" in said(client.get(at(book, "handovers")))
        client.post(at(book, "handovers"), plan_of(mandate, leaving_role=str(alice.coop.roles.get(user__name=LEAVER).pk)))
        assert Handover.objects.get().leaving_role == alice.coop.roles.get(user__name=LEAVER)

    def test_a_signature_that_cannot_be(self, alice: Access, client: Client, book: Book) -> None:
        row = filled(alice, book)
        sign = {f"signer-{row.pk}-side": LEAVING, f"signer-{row.pk}-name": ""}
        assert told(client, book, "sign_handover", sign, key=row.pk) == ["Indiquez le nom et le prénom."]
        sign = {f"signer-{row.pk}-side": LEAVING, f"signer-{row.pk}-name": "Quelqu’un"}
        assert told(client, book, "sign_handover", sign, key=row.pk) == ["Écrivez votre nom comme il est indiqué : Mme Perrin."]

    def test_on_paper(self, alice: Access, client: Client, book: Book) -> None:
        row = filled(alice, book)
        assert told(client, book, "handover_on_paper", {"sides": [LEAVING]}, key=row.pk) == ["Choisissez le scan : un PDF ou une photo."]
        scan = {"fichiers": SimpleUploadedFile("recu.txt", b"bonjour"), "sides": [LEAVING]}
        assert len(told(client, book, "handover_on_paper", scan, key=row.pk)) == 1
        assert Document.objects.filter(label__startswith="Reçu").count() == 0
        scan = {"fichiers": SimpleUploadedFile("recu.png", picture_bytes()), "sides": [LEAVING, INCOMING]}
        assert told(client, book, "handover_on_paper", scan, key=row.pk) == [
            "La passation est signée des deux côtés. Bienvenue à Camille Durand, et merci à Mme Perrin !"
        ]
        page = client.get(at(book, "handovers"))
        assert "Signée Sur papier" in said(page)
        key = Handover.objects.get().scan_id
        assert at(book, "document_file", key=key) in links(page)

    def test_it_is_taken_back_and_given_up(self, alice: Access, client: Client, book: Book) -> None:
        row = signed(alice, book, filled(alice, book), LEAVING)
        assert told(client, book, "take_back_handover", {}, key=row.pk) == ["La passation peut être corrigée."]
        assert told(client, book, "cancel_handover", {}, key=row.pk) == ["La passation est annulée."]
        assert told(client, book, "cancel_handover", {}, key=row.pk) == ["Cette passation est annulée."]
        assert "Passations annulées : de Mme Perrin à Camille Durand." in said(client.get(at(book, "handovers")))

    def test_the_password_of_the_school_is_said_to_be_closed(self, alice: Access, client: Client, book: Book, clock: Clock) -> None:
        row = signed(alice, book, filled(alice, book))
        clock.set(2026, 9, 1, 8, 0)
        Handover.objects.filter(pk=row.pk).update(passed_at="2026-09-01T06:00Z")
        assert "a été fermé le 1er septembre 2026" in said(comptable().get(at(book, "handovers")))

    def test_a_day_that_is_past_says_so(self, alice: Access, client: Client, book: Book, clock: Clock) -> None:
        filled(alice, book, planned(alice, book, renews_account=True))
        warned = "Le 31 août 2026 est passé"
        assert warned not in said(client.get(at(book, "handovers")))
        clock.set(2026, 9, 2, 9)
        assert warned in said(client_of(alice).get(at(book, "handovers")))

    def test_the_animateur_prepares_and_does_not_sign(self, alice: Access, book: Book) -> None:
        row = filled(alice, book)
        helper = animateur()
        page = said(helper.get(at(book, "handovers")))
        assert ("Faites le tour ensemble" in page, "Signer en tant que" in page) == (True, False)
        assert helper.post(at(book, "sign_handover", key=row.pk), {}).status_code == 404

    def test_the_receipt(self, alice: Access, client: Client, book: Book) -> None:
        row = filled(alice, book)
        answer = client.get(at(book, "handover_receipt", key=row.pk))
        assert answer.headers["Content-Disposition"] == 'attachment; filename="Passation-0910000A-2026-08-31.pdf"'
        text = plain(words(answer.content))
        assert "Mme Perrin, mandataire jusqu’au 31 août 2026 compris" in " ".join(text.split())
        assert "Date et signature" in text
        signed(alice, book, row)
        text = plain(words(client.get(at(book, "handover_receipt", key=row.pk)).content))
        assert text.count("Signé dans Retkoop le 20 août 2026") == 2
        assert ("Date et signature" in text, "La clé de la caisse est au secrétariat." in text) == (False, True)

    def test_its_cost(self, alice: Access, client: Client, book: Book) -> None:
        planned(alice, book)
        one = queries_of(client, at(book, "handovers"))
        signed(alice, book, filled(alice, book, planned(alice, book, mandate_of(alice, "M. Martin"))))
        assert (one <= 24, queries_of(client, at(book, "handovers")) <= one) == (True, True)


class TestMandates:
    def page(self, client: Client, number: int = 1) -> str:
        return said(client.get(reverse("mandates_due", kwargs={"department": "91"}), {"page": number}))

    def test_those_without_one_then_those_that_end_soon(self, alice: Access) -> None:
        lacking, soon, later, followed, closed = (make_coop(f"0910{n}0X", f"École {n}") for n in range(10, 15))
        access = {coop: Access(alice.user, RoleKind.COOP, coop) for coop in (soon, later, followed)}
        mandate_of(alice)
        mandate_of(access[soon], "M. Bientôt", end=date(2026, 10, 18))
        mandate_of(access[later], "M. Tard", end=date(2026, 10, 19))
        mandate_of(access[followed], "M. Avant", end=date(2026, 9, 30))
        mandate_of(access[followed], "Mme Après", start=date(2026, 10, 1))
        Coop.objects.filter(pk=closed.pk).update(closed_on=date(2026, 8, 1))
        page = self.page(comptable())
        head = (
            "2 coopératives à suivre : sans mandat, dont le mandat se termine dans les soixante jours, "
            "ou dont personne ne peut ouvrir les comptes."
        )
        rows = (
            f"{lacking.rne} École 10 Évry-Courcouronnes sans mandat {soon.rne} École 11 Évry-Courcouronnes M. Bientôt jusqu’au 18/10/2026"
        )
        assert head in page
        assert " ".join(page.split()).endswith(rows)

    def test_all_in_order(self, alice: Access) -> None:
        mandate_of(alice)
        assert "Tous les mandats sont à jour" in self.page(comptable())

    def test_a_password_that_was_passed_on_and_not_chosen_again(self, alice: Access, book: Book, clock: Clock) -> None:
        """Until somebody can log in again, by the school's account or by their own."""
        row = signed(alice, book, filled(alice, book, renews_account=True))
        clock.set(2026, 9, 1, 8, 0)
        pass_access(key=row.pk)
        reader, shut = (
            comptable(),
            "Son mot de passe s’est arrêté avec la passation, le 1er septembre 2026, et le nouveau n’est pas choisi.",
        )
        page = self.page(reader)
        assert (shut in page, "personne ne se connecte" in page, "sans mandat " in page) == (True, True, False)
        own = invite_keeper(author=SYSTEM, coop=alice.coop, email="c.durand@exemple.fr", name=SUCCESSOR, start=date(2026, 9, 1))
        assert shut in self.page(reader)
        activate(user=own, password=PASSWORD)
        assert "Tous les mandats sont à jour" in self.page(reader)

    def test_a_password_that_the_ad_took_back(self, alice: Access) -> None:
        mandate_of(alice)
        return_to_initial_state(author=SYSTEM, user=alice.user)
        reader = comptable()
        assert "Son mot de passe est réinitialisé, et le nouveau n’est pas choisi. Donnez-lui un lien d’activation" in self.page(reader)
        activate(user=User.objects.get(pk=alice.user.pk), password=PASSWORD)
        assert "Tous les mandats sont à jour" in self.page(reader)

    def test_it_is_a_link_away_and_costs_the_same_for_any_number(self, alice: Access) -> None:
        reader = comptable()
        address = reverse("mandates_due", kwargs={"department": "91"})
        assert address in links(reader.get(reverse("association", kwargs={"department": "91"})))
        few = queries_of(reader, address)
        for number in range(A_PAGE + 5):
            make_coop(f"091{number + 2000:04d}X", f"École {number}")
        assert (queries_of(reader, address), few <= 10) == (few, True)
        assert self.page(reader, 2).count("sans mandat ") == 6


class TestEnd:
    @pytest.fixture(autouse=True)
    def _september(self, clock: Clock) -> None:
        clock.set(2026, 9, 10, 9, 5)

    def address(self, rne: str) -> str:
        return reverse("end_of_coop", kwargs={"department": "91", "rne": rne})

    def send(self, client: Client, rne: str, **more: str) -> Any:  # noqa: ANN401 -- Django's answer
        given = {"submission": str(uuid.uuid4()), "day": "31/08/2026", "heir": "", "reason": "L’école ferme.", **more}
        given.setdefault("sure", f"2026-08-31 {given['heir'].strip().upper()}".strip())
        return client.post(self.address(rne), given, follow=True)

    @pytest.fixture
    def ready(self, alice: Access, book: Book) -> Book:
        point_until(access=alice, statement=statement(alice, book, 1_028_20), day=LAST_DAY)
        return book

    def admin(self) -> Client:
        return logged_in(administrateur().user)

    def test_what_stands_in_the_way_is_said_before_and_after(self, alice: Access, book: Book) -> None:
        client = self.admin()
        reason = "1 opération n’est pas pointée : pointez d’abord le dernier relevé."
        page = said(client.get(self.address(alice.coop.rne)))
        assert "Cahier 2025-2026 : 1 028,20 € en banque, 21,50 € en caisse. Avant de fermer" in page
        assert reason in page
        answer = self.send(client, alice.coop.rne)
        assert (answer.status_code, said(answer).count(reason)) == (422, 2)

    def test_closed(self, alice: Access, ready: Book) -> None:
        client = self.admin()
        assert "Prête Rien ne s’oppose à sa fin." in said(client.get(self.address(alice.coop.rne)))
        answer = self.send(client, alice.coop.rne)
        assert [plain(one) for one in notices(answer)] == [
            "École Jean-Jaurès est fermée. Ses comptes se lisent encore dix ans, et ne changent plus."
        ]
        page = said(answer)
        assert "Fermée depuis le 31 août 2026 Motif : L’école ferme. Son solde est revenu à l’association." in page
        assert "Elle se lit jusqu’au 31 août 2036." in page
        assert "Fermer la coopérative" not in page
        coop = client_of(alice)
        shown = plain(coop.get(at(ready, "cahier")).content.decode())
        assert "La coopérative est fermée depuis le 31 août 2026 : rien ne s’y écrit plus." in shown
        assert ("coopérative fermée" in shown, "année validée" in shown) == (True, False)
        assert "fermée" in said(client.get(reverse("association", kwargs={"department": "91"})))
        assert "Donner un mandat" not in said(client.get(reverse("coop_file", kwargs={"department": "91", "rne": alice.coop.rne})))

    def test_its_last_year_is_closed_and_stays_so(self, alice: Access, ready: Book) -> None:
        client = self.admin()
        self.send(client, alice.coop.rne)
        year = {"department": "91", "rne": alice.coop.rne, "year": ready.year}
        page = said(client.get(reverse("review", kwargs=year)))
        assert "La coopérative est fermée depuis le 31 août 2026 : rien ne s’y écrit plus." in page
        assert ("Clos Ouvrir les pages de la coopérative" in page, "Rouvrir l’année" in page) == (True, False)
        given = {"submission": str(uuid.uuid4()), "decision": "rouvrir", "reason": "Une erreur."}
        answer = client.post(reverse("review_decision", kwargs=year), given, follow=True)
        assert [plain(one) for one in notices(answer)] == ["Cette coopérative est fermée : ses comptes ne se rouvrent plus."]
        listed = said(client.get(reverse("reviews", kwargs={"department": "91"}), {"annee": str(ready.year), "etat": "closed"}))
        assert alice.coop.rne in listed

    def test_after_1_september_the_day_is_that_of_the_year_that_ends(self, alice: Access, ready: Book) -> None:
        open_due_years(today=date(2026, 9, 1), most=10)
        client = self.admin()
        page = client.get(self.address(alice.coop.rne))
        assert "Cahier 2025-2026 : 1 028,20 € en banque, 21,50 € en caisse." in said(page)
        assert 'value="31/08/2026"' in page.content.decode()
        answer = self.send(client, alice.coop.rne, day="05/09/2026")
        told = "Les comptes 2025-2026 ne sont pas encore validés : la coopérative les transmet, puis vous les validez."
        assert (answer.status_code, told in said(answer)) == (422, True)
        assert self.send(client, alice.coop.rne).status_code == 200

    def test_merged_and_read_by_the_other(self, alice: Access, ready: Book) -> None:
        charlie = keeper(CHARLIE)
        heir = a_book(charlie)
        answer = self.send(self.admin(), alice.coop.rne, heir=f" {CHARLIE.lower()} ")
        assert f"Reprise par École Jean-Jaurès, {CHARLIE}, qui lit ses comptes et ses documents." in said(answer)
        client = client_of(charlie)
        page = client.get(at(heir, "handovers"))
        assert "Coopératives reprises Leurs comptes et leurs documents se lisent ici, sans rien changer." in said(page)
        assert reverse("change_year", kwargs={"rne": alice.coop.rne}) in links(page)
        shown = plain(unescape(client.get(at(ready, "documents")).content.decode()))
        assert "Votre coopérative a repris « École Jean-Jaurès » : vous pouvez tout lire, rien changer." in shown
        assert client.post(at(ready, "cahier"), {}).status_code == 404

    def test_it_is_read_once_more_before_it_is_done(self, alice: Access, ready: Book) -> None:
        client, coop = self.admin(), alice.coop
        a_book(keeper(CHARLIE))
        page = said(self.send(client, coop.rne, heir=CHARLIE, sure=""))
        told = "École Jean-Jaurès, 0910000A, ferme le 31 août 2026. Ses 1 028,20 € en banque et 21,50 € en caisse vont à École Jean-Jaurès,"
        assert (told.replace("0910000A", coop.rne) in page, "Cette fin ne se défait pas." in page) == (True, True)
        again = self.send(client, coop.rne, sure=f"2026-08-31 {CHARLIE}")
        assert "vont à l’OCCE 91. Cette fin ne se défait pas. Oui, fermer pour de bon" in said(again)
        coop.refresh_from_db()
        assert coop.closed_on is None

    def test_an_unknown_heir_and_what_is_missing(self, alice: Access, ready: Book) -> None:
        client = self.admin()
        answer = self.send(client, alice.coop.rne, heir="0919999Z")
        assert errors(answer) == ["Aucune coopérative de votre association ne porte ce RNE."]
        answer = self.send(client, alice.coop.rne, day="", reason="", heir="091000000A")
        assert [plain(one) for one in errors(answer)] == [
            "Indiquez le dernier jour.",
            "Un RNE a sept chiffres et une lettre.",
            "Dites pourquoi, en une phrase : fermeture d’école, fusion…",
        ]

    def test_a_double_click_does_it_once(self, alice: Access, ready: Book) -> None:
        client, key = self.admin(), str(uuid.uuid4())
        for _ in range(2):
            assert self.send(client, alice.coop.rne, submission=key).status_code == 200
        assert ready.operations.filter(piece="FIN").count() == 1

    def test_without_a_book(self, alice: Access) -> None:
        assert "Elle n’a encore aucun cahier." in said(self.admin().get(self.address(alice.coop.rne)))

    def test_the_comptable_reads(self, alice: Access, ready: Book) -> None:
        page = said(comptable().get(self.address(alice.coop.rne)))
        assert ("Prête" in page, "Fermer la coopérative" in page) == (True, False)

    def test_it_is_a_link_away(self, alice: Access) -> None:
        page = self.admin().get(reverse("coop_file", kwargs={"department": "91", "rne": alice.coop.rne}))
        assert self.address(alice.coop.rne) in links(page)

    def test_another_ad_finds_nothing(self, alice: Access) -> None:
        assert logged_in(make_staff("gaston", RoleKind.ADMINISTRATEUR, "92")).get(self.address(alice.coop.rne)).status_code == 404

    def test_a_coop_that_is_closed_hands_nothing_over(self, alice: Access, ready: Book) -> None:
        admin = administrateur()
        end_coop(access=admin, coop=alice.coop, end=CoopEnd(LAST_DAY, "Fin."), today=date(2026, 9, 10))
        assert "Commencer une passation" not in said(client_of(alice).get(at(ready, "handovers")))
