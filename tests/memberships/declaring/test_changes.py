"""What changes while a coop fills in its adhésion, and what its last compte rendu tells: nothing is declared that was not read."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.test import Client

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.memberships.models import Declaration
from retkoop.memberships.pricing.services import draft_engagement, publish_engagement
from retkoop.network.access import Access
from retkoop.network.services import give_mandate
from retkoop.year_end.models import ActivityAnswer
from tests.books.coops import YEAR, a_book, at, plain, queries_of, said
from tests.clock import Clock
from tests.memberships.at_hand import HOLDER, declared_membership, drafted, engaged
from tests.memberships.declaring.at_hand import CM1, EXTRAS, set_asked, typed
from tests.pages import controls, notices


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 10, 6, 17, 30)
    return clock


class TestWhatChangesMeanwhile:
    def test_the_tariff_between_the_page_and_the_button(self, alice: Access, client: Client, book: Book) -> None:
        set_asked(alice, extra_fees=EXTRAS[:1])
        drafted(alice)
        engaged(alice)
        read = controls(client.get(at(book, "membership")), "tariff")[0]["value"]
        set_asked(alice, member_price=2_10, extra_fees=EXTRAS[1:2])
        told = {"version": "1", "tariff": read, "submission": str(uuid.uuid4())}
        answer = client.post(at(book, "declare_membership"), told, follow=True)
        told_so = (
            "Le tarif a changé depuis que vous avez ouvert cette page : cotisation 2,10 € par coopérateur au lieu de 2,05 €, "
            "Malles 2,00 € par classe, une ligne n’est plus demandée. Vérifiez le montant."
        )
        assert [plain(one) for one in notices(answer)] == [told_so]
        assert "Déclarer l’adhésion, 126,20 €" in said(answer)
        told |= {"tariff": controls(answer, "tariff")[0]["value"]}
        answer = client.post(at(book, "declare_membership"), told, follow=True)
        assert [plain(one) for one in notices(answer)] == ["L’adhésion est déclarée, merci ! Il reste à payer 126,20 €."]

    def test_the_tariff_while_a_correction_is_typed(self, alice: Access, client: Client, book: Book) -> None:
        declared_membership(alice)
        read = controls(client.get(at(book, "membership_form")), "tariff_read")[0]["value"]
        set_asked(alice, insurance_rule="compulsory")
        given = typed(CM1, version="1", reason="Une classe ferme", tariff_read=read)
        answer = client.post(at(book, "membership_form"), given)
        assert (answer.status_code, Declaration.objects.count()) == (422, 1)
        assert (
            "Le tarif a changé depuis que vous avez ouvert cette page : assurance, toujours comprise 0,25 € par coopérateur. "
            "Vérifiez le montant."
        ) in said(answer)
        assert controls(answer, "reason")[0]["value"] == "Une classe ferme"
        given |= {"tariff_read": controls(answer, "tariff_read")[0]["value"]}
        assert client.post(at(book, "membership_form"), given).status_code == 302
        assert Declaration.objects.count() == 2

    def test_the_tariff_while_effectifs_are_typed(self, alice: Access, client: Client, book: Book) -> None:
        read = controls(client.get(at(book, "membership_form")), "tariff_read")[0]["value"]
        set_asked(alice, magazine_price=32_00)
        answer = client.post(at(book, "membership_form"), typed(CM1, tariff_read=read), follow=True)
        assert [plain(one) for one in notices(answer)] == [
            "Vos effectifs sont enregistrés.",
            "Le tarif a changé depuis que vous avez ouvert cette page : abonnement à Animation & Éducation 32,00 €. Vérifiez le montant.",
        ]

    @pytest.mark.parametrize("mark", ["[1]", '{"member": "x"}', "{"])
    def test_a_mark_that_is_none_asks_to_load_the_page_again(self, alice: Access, client: Client, book: Book, mark: str) -> None:
        answer = client.post(at(book, "membership_form"), typed(CM1, tariff_read=mark))
        assert (answer.status_code, "Rechargez la page." in said(answer), Declaration.objects.count()) == (422, True, 0)

    def test_the_engagement_is_published_anew_while_it_is_read(self, alice: Access, client: Client, book: Book) -> None:
        give_mandate(author=SYSTEM, coop=alice.coop, holder=HOLDER, start=date(2025, 9, 1))
        drafted(alice)
        told = {"text": controls(client.get(at(book, "membership_engagement")), "text")[0]["value"], "holder": HOLDER}
        own = draft_engagement(author=SYSTEM, association=alice.coop.association)
        publish_engagement(author=SYSTEM, association=alice.coop.association, key=own.pk, version=1)
        answer = client.post(at(book, "membership_engagement"), told | {"submission": str(uuid.uuid4())}, follow=True)
        assert [plain(one) for one in notices(answer)] == [
            "Une nouvelle version de l’engagement vient d’être publiée : lisez-la avant d’accepter."
        ]
        assert ("data-read" in answer.content.decode(), controls(answer, "text")[0]["value"]) == (False, str(own.pk))
        client.post(at(book, "membership_engagement"), told | {"text": str(own.pk), "submission": str(uuid.uuid4())})
        assert "Accepté par Mme Perrin." in said(client.get(at(book, "membership")))

    def test_a_line_to_fill_in_that_is_asked_since_leads_back_to_the_form(self, alice: Access, client: Client, book: Book) -> None:
        drafted(alice)
        engaged(alice)
        set_asked(alice, extra_fees=[EXTRAS[2] | {"optional": False}])
        answer = client.post(at(book, "declare_membership"), {"submission": str(uuid.uuid4()), "version": "1"}, follow=True)
        assert [plain(one) for one in notices(answer)] == ["Don au festival : Indiquez un montant."]
        assert controls(answer, "extra-gift") != []


class TestReportedByTheCra:
    def told(self, access: Access, *answers: tuple[str, int]) -> None:
        former = a_book(access, YEAR.previous)
        for key, value in answers:
            ActivityAnswer.objects.create(coop=access.coop, book=former, question=key, label=key, value=value)

    def test_totals_are_a_hint(self, alice: Access, client: Client, book: Book) -> None:
        self.told(alice, ("classes", 6), ("eleves", 132), ("adultes", 7))
        page = client.get(at(book, "membership_form"))
        assert "L’an dernier, votre compte rendu d’activité annonçait 132 élèves et 7 adultes dans 6 classes." in said(page)
        assert controls(page, "classes-0-pupils")[0].get("value") is None
        assert queries_of(client, at(book, "membership_form")) <= 12

    def test_the_only_class_is_proposed(self, alice: Access, client: Client, book: Book) -> None:
        self.told(alice, ("classes", 1), ("eleves", 22), ("adultes", 2))
        page = client.get(at(book, "membership_form"))
        assert "22 élèves et 2 adultes dans 1 classe. Ils sont déjà là : choisissez le niveau" in said(page)
        assert [controls(page, f"classes-0-{name}")[0]["value"] for name in ("pupils", "adults")] == ["22", "2"]

    def test_what_the_cra_does_not_tell_whole_is_left_out(self, alice: Access, client: Client, book: Book) -> None:
        self.told(alice, ("classes", 6), ("eleves", 132))
        assert "compte rendu d’activité" not in said(client.get(at(book, "membership_form")))
