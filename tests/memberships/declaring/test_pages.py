"""The pages of a coop's adhésion, as a teacher uses them."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.test import Client

from retkoop.audit.services import SYSTEM, writing
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.queries import books_of
from retkoop.memberships.debits.returning import DebitReturn, take_returns
from retkoop.memberships.declaring.call import call_data
from retkoop.memberships.declaring.home import home_words
from retkoop.memberships.declaring.page import MembershipBoard
from retkoop.memberships.declaring.services import correct
from retkoop.memberships.models import Declaration, EngagementText, Membership, Payment, PaymentState, PaymentWay
from retkoop.memberships.values import declared_of
from retkoop.network.access import Access
from retkoop.network.models import Coop
from retkoop.network.services import give_mandate
from tests.books.coops import YEAR, animateur, at, comptable, plain, queries_of, said
from tests.cast import logged_in
from tests.clock import Clock
from tests.memberships.at_hand import EFFECTIFS, HOLDER, declared_membership, drafted, engaged
from tests.memberships.debits.at_hand import can_collect, only_debit, sent, settled, signed
from tests.memberships.debits.at_hand import comptable as debiting
from tests.memberships.declaring.at_hand import CM1, CM2, CREDITOR, EXTRAS, set_asked, typed
from tests.memberships.receipts.at_hand import announced
from tests.pages import controls, errors, notices


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 10, 6, 17, 30)
    return clock


class TestPath:
    def test_from_the_effectifs_to_the_way_to_pay(self, alice: Access, client: Client, book: Book) -> None:
        set_asked(alice, creditor=CREDITOR)
        give_mandate(author=SYSTEM, coop=alice.coop, holder=HOLDER, start=date(2025, 9, 1))
        hub = said(client.get(at(book, "membership")))
        assert "À déclarer et à payer au plus tard le 30 novembre 2025." in hub
        assert "Remplir mes effectifs" in hub
        answer = client.post(at(book, "membership_form"), typed(CM1, CM2), follow=True)
        assert [plain(one) for one in notices(answer)] == ["Vos effectifs sont enregistrés."]
        assert "2 classes, 50 élèves et 2 adultes : 119,60 €." in said(answer)
        assert "À lire et à accepter par Mme Perrin." in said(answer)
        page = said(client.get(at(book, "membership_engagement")))
        assert "Texte de la fédération, version 1" in page
        assert page.index("Vos données") < page.index("J’ai lu ce texte et je l’accepte")
        text = EngagementText.objects.get()
        told = {"submission": str(uuid.uuid4()), "text": str(text.pk)}
        wrong = client.post(at(book, "membership_engagement"), {**told, "holder": "Zoé"})
        assert (wrong.status_code, errors(wrong)) == (422, ["Écrivez votre nom comme il est sur votre mandat\u202f: Mme Perrin."])
        answer = client.post(at(book, "membership_engagement"), {**told, "holder": "perrin"}, follow=True)
        assert "Accepté par Mme Perrin." in said(answer)
        assert "Déclarer l’adhésion, 119,60 €" in said(answer)
        answer = client.post(at(book, "declare_membership"), {"submission": str(uuid.uuid4()), "version": "1"}, follow=True)
        assert [plain(one) for one in notices(answer)] == ["L’adhésion est déclarée, merci ! Il reste à payer 119,60 €."]
        page = said(answer)
        assert "IBAN FR76 3000 6000 0112 3456 7890 189" in page
        assert "Motif, à recopier tel quel RF16 0910 000A 2025" in page
        assert "À l’ordre de OCCE de l’Essonne" in page

    def test_what_was_declared_last_year_is_proposed(self, alice: Access, client: Client, book: Book, clock: Clock) -> None:
        declared_membership(alice, year=YEAR.previous)
        page = client.get(at(book, "membership_form"))
        assert "Vos classes de 2024-2025 sont déjà là" in said(page)
        assert 'value="Mme Perrin"' in page.content.decode()
        assert "Total 119,60" in said(page)

    def test_the_amount_is_told_while_typing_and_nothing_is_written(self, alice: Access, client: Client, book: Book) -> None:
        set_asked(alice, extra_fees=EXTRAS, magazine_price=32_00)
        more = {"magazines": "1", "contribution": "10", "extra-solidarity": "on", "extra-gift": "7,50"}
        fragment = client.post(at(book, "membership_amount"), typed(CM1, ("", "", "x", ""), **more))
        assert plain(fragment.content.decode()).count("<tr>") == 8
        assert "114,00" in plain(fragment.content.decode())
        assert Membership.objects.count() == 0

    def test_rows_come_and_go_without_script(self, client: Client, book: Book) -> None:
        page = client.post(at(book, "membership_form"), typed(CM1, CM2, add="1", contribution="12,30"))
        assert page.status_code == 200
        content = page.content.decode()
        assert 'name="classes-2-level"' in content
        assert 'value="12,30"' in content
        assert "Total 131,90" in said(page)
        page = client.post(at(book, "membership_form"), typed(CM1, CM2, remove="0"))
        assert 'value="Mme Perrin"' not in page.content.decode()
        assert Membership.objects.count() == 0


class TestRefusals:
    @pytest.mark.parametrize(
        ("row", "told"),
        [
            (("CM1", "", "0", "0"), ["Indiquez des élèves ou des adultes, ou retirez cette classe."]),
            (("CM1", "", "12,5", "1"), ["Indiquez un nombre entier."]),
            (("CM1", "", "9" * 30, "1"), ["C’est trop grand : 9 999 au plus."]),
            (
                ("CM1", "", "", "2"),
                [
                    "Aucun élève : est-ce bien une ligne d’adultes seulement ?",
                    "Relisez ces nombres, puis cochez cette case s’ils sont justes.",
                ],
            ),
            (("", "", "24", "1"), ["Choisissez le niveau."]),
            (("CM1", "", "-3", "1"), ["Indiquez un nombre, sans signe moins."]),
            (("CM1", "", "deux", "1"), ["Indiquez un nombre entier."]),
            (("CM9", "", "24", "1"), ["Choisissez le niveau dans la liste."]),
            (
                ("CM1", "", "61", "1"),
                [
                    "61 élèves : c’est beaucoup pour une seule classe.",
                    "Relisez ces nombres, puis cochez cette case s’ils sont justes.",
                ],
            ),
        ],
    )
    def test_at_the_field(self, client: Client, book: Book, row: tuple[str, str, str, str], told: list[str]) -> None:
        answer = client.post(at(book, "membership_form"), typed(row))
        assert (answer.status_code, [plain(one) for one in errors(answer)]) == (422, told)
        assert Declaration.objects.count() == 0

    def test_three_thousand_are_refused_with_what_to_do(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "membership_form"), typed(("CM1", "", "3000", "0"), confirmed="on"))
        assert answer.status_code == 422
        assert "3 000 coopérateurs : c’est plus que 2 000. Relisez chaque ligne" in said(answer)

    def test_what_is_large_is_kept_once_confirmed(self, client: Client, book: Book) -> None:
        client.post(at(book, "membership_form"), typed(("CM1", "", "61", "1"), confirmed="on"))
        assert Declaration.objects.get().pupils == 61

    def test_the_second_of_two_hands_keeps_what_it_typed(self, alice: Access, client: Client, book: Book) -> None:
        drafted(alice)
        answer = client.post(at(book, "membership_form"), typed(CM1))
        assert answer.status_code == 422
        assert (
            "Quelqu’un d’autre a changé cette déclaration entre-temps : relisez-la. Il y a maintenant 2 classes, 50 élèves et 2 adultes. "
            "Enregistrez de nouveau pour mettre les vôtres à la place."
        ) in said(answer)
        [version] = controls(answer, "version")
        client.post(at(book, "membership_form"), typed(CM1, version=version["value"]))
        assert Declaration.objects.get().pupils == 24

    def test_the_summary_names_the_class(self, client: Client, book: Book) -> None:
        rows = (("CE1", "Mme Petit", "x", "1"), ("", "", "12", "1"), ("CP", "bleu", "0", "0"))
        answer = client.post(at(book, "membership_form"), typed(*rows))
        assert "Il y a 2 choses à corriger CE1 de Mme Petit, élèves : Indiquez un nombre entier. Classe n° 2, niveau : Choisissez" in said(
            answer
        )
        answer = client.post(at(book, "membership_form"), typed(rows[2]))
        assert "CP bleu, élèves : Indiquez des élèves ou des adultes, ou retirez cette classe." in said(answer)

    def test_a_row_that_nobody_filled_in_is_none(self, client: Client, book: Book) -> None:
        client.post(at(book, "membership_form"), typed(CM1, ("", "", "", "1")))
        assert Declaration.objects.get().classes == [["CM1", 24, 1, "Mme Perrin"]]
        Declaration.objects.all().delete()
        answer = client.post(at(book, "membership_form"), typed(("", "", "", "1")))
        assert "Indiquez au moins une classe : son niveau, ses élèves, ses adultes." in said(answer)

    @pytest.mark.parametrize(("count", "status"), [(60, 302), (80, 302), (90, 422)])
    def test_many_classes_are_all_shown_again(self, client: Client, book: Book, count: int, status: int) -> None:
        rows = [("CM1", f"Classe {number}", "10", "1") for number in range(count)]
        answer = client.post(at(book, "membership_form"), typed(*rows))
        assert answer.status_code == status
        if status == 422:
            assert "80 classes au plus : réunissez celles d’un même niveau." in said(answer)
            assert controls(answer, "classes-89-name")[0]["value"] == "Classe 89"

    def test_a_coop_that_leaves_finds_the_form_closed(self, alice: Access, client: Client, book: Book) -> None:
        drafted(alice)
        Membership.objects.update(left_on=date(2025, 10, 1), left_reason="Elle rejoint une autre association")
        told = "L’association départementale a noté que la coopérative ne renouvelle pas son adhésion."
        assert told in said(client.get(at(book, "membership")))
        assert "Motif : Elle rejoint une autre association" in said(client.get(at(book, "membership")))
        assert told in said(client.get(at(book, "membership_form")))

    def test_a_declaration_without_engagement_waits(self, alice: Access, client: Client, book: Book) -> None:
        drafted(alice)
        answer = client.post(at(book, "declare_membership"), {"submission": str(uuid.uuid4()), "version": "1"}, follow=True)
        assert [plain(one) for one in notices(answer)] == [
            "Il manque encore l’acceptation d’un mandataire : lisez et acceptez l’engagement du mandataire."
        ]
        answer = client.post(at(book, "declare_membership"), {"version": "1"}, follow=True)
        assert [plain(one) for one in notices(answer)] == ["Rechargez la page."]

    def test_an_animateur_fills_in_and_neither_accepts_nor_declares(self, alice: Access, book: Book) -> None:
        helper = animateur()
        assert helper.post(at(book, "membership_form"), typed(CM1), follow=True).status_code == 200
        assert Declaration.objects.get().pupils == 24
        assert "Seuls les mandataires acceptent l’engagement" in said(helper.get(at(book, "membership_engagement")))
        assert "La coopérative déclare elle-même" in said(helper.get(at(book, "membership")))
        assert helper.post(at(book, "declare_membership")).status_code == 404
        Declaration.objects.all().delete()
        declared_membership(alice)
        page = said(helper.get(at(book, "membership_form")))
        assert "Les effectifs déclarés se corrigent depuis la coopérative." in page

    def test_the_comptable_reads(self, alice: Access, book: Book) -> None:
        declared_membership(alice)
        reader = comptable()
        assert "Corriger mes effectifs" not in said(reader.get(at(book, "membership")))
        assert reader.get(at(book, "fee_call")).status_code == 200
        assert reader.post(at(book, "membership_form"), typed(CM1)).status_code == 404


class TestCorrection:
    def test_the_difference_is_told_before_and_after(self, alice: Access, client: Client, book: Book) -> None:
        declared_membership(alice)
        fragment = client.post(at(book, "membership_amount"), typed(CM1, version="1"))
        assert "<b>62,10 € de moins</b> que votre déclaration, qui est de 119,60 €." in plain(fragment.content.decode())
        missing = client.post(at(book, "membership_form"), typed(CM1, version="1"))
        assert [plain(one) for one in errors(missing)] == ["Dites pourquoi vos effectifs changent : l’association départementale le lit."]
        answer = client.post(at(book, "membership_form"), typed(CM1, version="1", reason="Une classe ferme"), follow=True)
        assert [plain(one) for one in notices(answer)] == ["Vos effectifs sont corrigés. Il y a 62,10 € de moins à payer."]
        assert "Une classe ferme" in said(answer)
        more = typed(CM1, CM2, version="2", reason="Elle rouvre")
        answer = client.post(at(book, "membership_form"), more, follow=True)
        assert [plain(one) for one in notices(answer)] == ["Vos effectifs sont corrigés. Il y a 62,10 € de plus à payer."]

    def test_what_was_paid_too_much_is_to_be_given_back(self, alice: Access, client: Client, book: Book) -> None:
        membership = declared_membership(alice)
        paid(alice, membership, 119_60)
        assert "Tout est payé, merci !" in said(client.get(at(book, "membership")))
        fewer = declared_of(Declaration.objects.get())
        correct(access=alice, year=YEAR, declared=type(fewer)(fewer.classes[:1]), reason="Une classe ferme", number=1)
        page = said(client.get(at(book, "membership")))
        assert "L’association départementale vous doit 62,10 €" in page
        assert "Virement Reçu 03/10/2025 119,60" in page


def paid(access: Access, membership: Membership, amount: int) -> None:
    association = access.coop.association
    with writing(association.chain, SYSTEM) as trail:
        row = Payment.objects.create(
            association=association,
            membership=membership,
            way=PaymentWay.TRANSFER,
            amount=amount,
            state=PaymentState.RECEIVED,
            received_on=date(2025, 10, 3),
        )
        trail.created(row, action="payment.received")


class TestPaying:
    def test_a_cheque_and_a_transfer_are_announced(self, alice: Access, client: Client, book: Book) -> None:
        told = {"submission": str(uuid.uuid4()), "number": "4567890", "amount": "100", "payer": "Mme Perrin"}
        early = client.post(at(book, "announce_membership_cheque"), told, follow=True)
        assert [plain(one) for one in notices(early)] == ["L’adhésion n’est pas encore déclarée."]
        set_asked(alice, creditor=CREDITOR)
        declared_membership(alice)
        for _ in range(2):
            answer = client.post(at(book, "announce_membership_cheque"), told, follow=True)
        assert ("100,00 € sont déjà annoncés" in said(answer), "Payer 19,60 €" in said(answer)) == (True, True)
        beyond = client.post(at(book, "announce_membership_cheque"), told | {"submission": str(uuid.uuid4()), "number": "4567891"})
        assert [plain(one) for one in errors(beyond)] == ["Il reste 19,60 € à payer : ce montant est plus grand."]
        assert [one["value"] for name in ("number", "payer") for one in controls(beyond, name)] == ["4567891", "Mme Perrin"]
        assert "Chèque n° 4567890 Annoncé Je me suis trompé : ne plus annoncer ce paiement de 100,00 € 06/10/2025 100,00" in said(answer)
        other = {"submission": str(uuid.uuid4()), "amount": "19,60"}
        answer = client.post(at(book, "announce_membership_transfer"), other, follow=True)
        assert (
            "J’envoie ce chèque" in said(answer),
            "Rien de plus à payer" in said(answer),
            "Carré à viser" in answer.content.decode(),
        ) == (
            False,
            True,
            False,
        )
        assert [(one.way, one.amount) for one in Payment.objects.all()] == [("cheque", 100_00), ("transfer", 19_60)]

    def test_what_was_announced_by_mistake_is_taken_back(self, alice: Access, client: Client, book: Book) -> None:
        row = announced(alice, declared_membership(alice))
        place = at(book, "withdraw_membership_payment", key=row.pk)
        answer = client.post(place, follow=True)
        assert [plain(one) for one in notices(answer)] == ["C’est repris : l’association départementale n’attend plus ce paiement."]
        assert "Je me suis trompé" not in said(answer)
        assert "J’envoie ce chèque" in said(answer)
        answer = client.post(place, follow=True)
        assert [plain(one) for one in notices(answer)] == ["L’association a déjà ce paiement : demandez-lui de le changer."]
        assert comptable().post(place).status_code == 404

    def test_the_debit_under_way_then_the_one_that_came_back(self, alice: Access, client: Client, book: Book, clock: Clock) -> None:
        association = can_collect(from_year=YEAR.start)
        declared_membership(alice)
        told = "Votre mandat de prélèvement est signé : vous n’avez rien à faire."
        assert told not in said(client.get(at(book, "membership")))
        signed(alice.coop, year=YEAR)
        assert told in said(client.get(at(book, "membership")))
        assert queries_of(client, at(book, "membership")) <= 12
        row = sent(year=YEAR)
        page = said(client.get(at(book, "membership")))
        assert "Un prélèvement de 119,60 € est prévu le 20 octobre 2025 Vous n’avez rien à faire" in page
        assert ("Payer 119,60 €" in page, "Je me suis trompé" in page) == (False, False)
        clock.set(2025, 10, 22, 9)
        client = logged_in(alice.user)
        settled(debiting(), row)
        assert "Tout est payé, merci !" in said(client.get(at(book, "membership")))
        take_returns(access=debiting(), returns=[DebitReturn(only_debit().pk, date(2025, 10, 22), "AC04")])
        page = said(client.get(at(book, "membership")))
        assert "Le prélèvement du 20 octobre 2025 est revenu impayé" in page
        assert "La banque l’a renvoyé le 22 octobre 2025 : le compte est clos (code AC04). Signez un nouveau mandat" in page
        assert ("Payer 119,60 €" in page, "Signer un autre mandat" in page) == (True, True)
        announced(alice, Membership.objects.get(coop__association=association))
        assert "est revenu impayé" not in said(client.get(at(book, "membership"))).replace("Revenu impayé", "")

    def test_a_cheque_has_a_number(self, alice: Access, client: Client, book: Book) -> None:
        declared_membership(alice)
        answer = client.post(at(book, "announce_membership_cheque"), {"submission": str(uuid.uuid4()), "amount": "5"}, follow=True)
        assert [plain(one) for one in errors(answer)] == ["Indiquez le numéro du chèque : il est imprimé en bas, à gauche."]


class TestCall:
    def test_it_is_there_from_the_declaration_on(self, alice: Access, client: Client, book: Book) -> None:
        drafted(alice)
        assert client.get(at(book, "fee_call")).status_code == 404

    def test_what_it_says(self, alice: Access, client: Client, book: Book) -> None:
        set_asked(alice, creditor=CREDITOR)
        declared_membership(alice)
        answer = client.get(at(book, "fee_call"))
        assert answer.headers["Content-Disposition"] == 'attachment; filename="Appel-de-cotisation-0910000A-2025-2026.pdf"'
        assert answer.content.startswith(b"%PDF-")
        own = books_of(alice.coop)
        data = call_data(MembershipBoard(CoopPage(alice, own[0], tuple(own), date(2025, 10, 6))))
        assert [[plain(str(cell)) for cell in line] for line in data["lines"]] == [  # type: ignore[attr-defined]  # a list
            ["Cotisation à l’OCCE", "52", "2,05", "106,60"],
            ["Assurance", "52", "0,25", "13,00"],
        ]
        assert plain(str(data["total"])) == "119,60"
        assert plain(data["left"]["text"]) == "Reste à payer : 119,60 €, au plus tard le 30 novembre 2025."  # type: ignore[index]  # a dict
        assert [way["title"] for way in data["ways"]] == ["Par virement", "Par chèque", "Par prélèvement"]  # type: ignore[attr-defined]  # a list
        assert [plain(one) for one in data["accepted"]] == ["Mme Perrin, le 6 octobre 2025 à 17 h 30, version 1"]  # type: ignore[attr-defined]  # a list


class TestHome:
    def words(self, access: Access, day: date) -> list[tuple[str, bool]]:
        return [(plain(word.title), word.wrong) for word in home_words(books_of(access.coop), day)]

    def test_it_says_what_to_do_and_by_when(self, alice: Access, client: Client, book: Book) -> None:
        assert self.words(alice, date(2025, 10, 6)) == [("L’adhésion est à déclarer", False)]
        assert self.words(alice, date(2025, 12, 1)) == [("L’adhésion est à déclarer", True)]
        assert self.words(alice, date(2026, 10, 6)) == []
        assert "L’association départementale l’attend pour le 30 novembre 2025." in said(client.get(at(book, "home")))
        membership = declared_membership(alice)
        assert self.words(alice, date(2025, 10, 6)) == [("Il reste 119,60 € à payer pour l’adhésion", False)]
        paid(alice, membership, 119_60)
        assert self.words(alice, date(2025, 10, 6)) == []

    def test_a_coop_that_leaves_or_has_ended_is_left_alone(self, alice: Access, book: Book) -> None:
        drafted(alice)
        Membership.objects.update(left_on=date(2025, 10, 1))
        assert self.words(alice, date(2025, 10, 6)) == []
        Membership.objects.update(left_on=None)
        Coop.objects.update(closed_on=date(2025, 10, 1))
        alice.coop.refresh_from_db()
        assert self.words(alice, date(2025, 10, 6)) == []


@pytest.mark.parametrize("name", ["membership", "membership_form", "membership_engagement"])
def test_pages_ask_few_queries(alice: Access, client: Client, book: Book, name: str) -> None:
    set_asked(alice, creditor=CREDITOR, extra_fees=EXTRAS)
    drafted(alice, EFFECTIFS)
    assert queries_of(client, at(book, name)) <= 12
    engaged(alice)
    client.post(at(book, "declare_membership"), {"submission": str(uuid.uuid4()), "version": "1"})
    assert queries_of(client, at(book, name)) <= 12
