"""The pages of direct debits, as a coop and its AD use them."""

from __future__ import annotations

import html
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from retkoop.audit.services import SYSTEM
from retkoop.books.services import open_book
from retkoop.memberships.debits.files import FORMATS
from retkoop.memberships.models import Collection, DebitMandate
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import change_setting, give_mandate
from tests.cast import a_day, account, association, logged_in, make_coop, make_staff
from tests.clock import Clock
from tests.memberships.debits.at_hand import (
    CREDITOR,
    YEAR,
    can_collect,
    comptable,
    declared,
    iban_of,
    only_debit,
    own_access,
    prepared,
    rejected,
    sent,
    settled,
    signed,
)
from tests.pages import Answer

pytestmark = pytest.mark.django_db
MANDATE = "/coop/0910000A/2026-2027/adhesion/prelevement/"
COLLECTIONS = "/ad/91/adhesions/prelevements/"


@pytest.fixture
def coop() -> Coop:
    can_collect()
    coop = make_coop()
    open_book(access=own_access(coop), year=YEAR)
    give_mandate(author=SYSTEM, coop=coop, holder="Mme Perrin", start=a_day("2025-09-01"))
    return coop


@pytest.fixture
def alice(coop: Coop) -> Client:
    return logged_in(account(coop))


@pytest.fixture
def carole(coop: Coop) -> Client:
    return logged_in(comptable().user)


def told(response: Answer) -> str:
    return html.unescape(response.content.decode())


def typed(coop: Coop, **more: str) -> dict[str, str]:
    given = {"account": iban_of(coop.rne), "debtor": "Coop des Tilleuls", "signer": str(coop.mandates.get().pk), "agreed": "on"}
    return given | {"submission": str(uuid.uuid4())} | more


class TestTheCoop:
    def test_reads_what_it_will_sign(self, alice: Client) -> None:
        page = told(alice.get(MANDATE))
        for words in ("OCCE de l’Essonne", "FR12ZZZ123456", "conformément aux instructions", "dans les 8 semaines", "Mme Perrin"):
            assert words in page

    def test_signs(self, coop: Coop, alice: Client) -> None:
        page = told(alice.post(MANDATE, typed(coop), follow=True))
        row = DebitMandate.objects.get()
        assert f"Le mandat {row.rum} est signé." in page
        assert row.iban not in page
        assert f"FR•• •••• {row.iban[-4:]}" in page
        assert "LA BANQUE POSTALE" in page

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("account", "FR7630006000011234567890188", "La clé de cet IBAN n’est pas juste"),
            ("account", "DE89370400440532013000", "Ce compte est à l’étranger (DE)"),
            ("account", "", "Indiquez l’IBAN"),
            ("account", "FR7630006000011234567890189", "C’est le compte de l’association départementale"),
            ("debtor", "", "Indiquez le nom qui figure sur le RIB."),
            ("debtor", "a" * 71, "70 caractères au plus."),
            ("signer", "0", "Ce mandataire n’est plus en fonction."),
            ("signer", "", "Choisissez le mandataire qui signe."),
            ("agreed", "", "Cochez cette case pour signer."),
            ("submission", "x", "Rechargez la page."),
        ],
    )
    def test_is_told_what_is_wrong(self, coop: Coop, alice: Client, field: str, value: str, said: str) -> None:
        answer = alice.post(MANDATE, typed(coop, **{field: value}))
        assert answer.status_code == 422
        assert said in told(answer)
        assert DebitMandate.objects.count() == 0

    def test_signs_once_for_two_clicks(self, coop: Coop, alice: Client) -> None:
        form = typed(coop)
        assert [alice.post(MANDATE, form).status_code for _ in range(2)] == [302, 302]
        assert DebitMandate.objects.count() == 1

    def test_ends_it(self, coop: Coop, alice: Client) -> None:
        row = signed(coop)
        assert "Le mandat a pris fin" in told(alice.post(f"{MANDATE}{row.pk}/fin/", follow=True))
        assert "Ce mandat a déjà pris fin." in told(alice.post(f"{MANDATE}{row.pk}/fin/", follow=True))

    def test_gets_the_paper(self, coop: Coop, alice: Client) -> None:
        row = signed(coop)
        answer = alice.get(f"{MANDATE}{row.pk}/mandat.pdf")
        assert (answer["Content-Type"], answer["Content-Disposition"]) == (
            "application/pdf",
            'attachment; filename="Mandat-OCCE-0910000A-001.pdf"',
        )
        assert alice.get(f"{MANDATE}{row.pk + 1}/mandat.pdf").status_code == 404

    def test_is_told_of_a_mandate_that_lapsed(self, coop: Coop, alice: Client, clock: Clock) -> None:
        signed(coop)
        clock.set(2029, 11, 30, 10)
        assert "Il n’a pas servi depuis 36 mois" in told(logged_in(own_access(coop).user).get(MANDATE))

    def test_is_told_of_a_mandate_for_another_creditor(self, coop: Coop, alice: Client) -> None:
        signed(coop)
        assert "(ICS) de votre association départementale a changé" not in told(alice.get(MANDATE))
        other = CREDITOR | {"ics": "FR72ZZZ654321"}
        change_setting(author=SYSTEM, association=association(), from_year=2026, name="creditor", value=other)
        assert "(ICS) de votre association départementale a changé" in told(alice.get(MANDATE))

    def test_is_told_that_its_ad_does_not_collect(self, alice: Client) -> None:
        change_setting(author=SYSTEM, association=association(), from_year=2026, name="creditor", value={})
        assert "Le prélèvement n’est pas ouvert" in told(alice.get(MANDATE))

    def test_is_told_that_a_mandataire_is_missing(self, coop: Coop, alice: Client, clock: Clock) -> None:
        coop.mandates.update(end=a_day("2026-08-31"))
        assert "Aucun mandataire en fonction" in told(alice.get(MANDATE))

    def test_sees_what_came_back(self, coop: Coop, alice: Client) -> None:
        declared(coop)
        signed(coop)
        row = sent()
        carole = logged_in(comptable().user)
        carole.post(f"{COLLECTIONS}{row.pk}/retour/{only_debit().pk}/", {"day": "30/11/2026", "code": "AC04"})
        page = told(alice.get(MANDATE))
        assert "AC04, le compte est clos. Signez un nouveau mandat" in page

    def test_who_helps_reads_and_does_not_sign(self, coop: Coop) -> None:
        signed(coop)
        bob = logged_in(make_staff("bob", RoleKind.ANIMATEUR))
        assert "Mettre fin au mandat" not in told(bob.get(MANDATE))
        assert bob.post(MANDATE, typed(coop)).status_code == 404


class TestTheAssociation:
    def test_sees_what_can_be_collected(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        other = make_coop("0910001B", name="École sans mandat")
        declared(other, 75_50)
        signed(coop)
        page = told(carole.get(COLLECTIONS))
        for words in ("À prélever\u202f: 1\u00a0adhésion, 120,00\u202f€", "Elle n’a pas de mandat de prélèvement.", 'value="14/12/2026"'):
            assert words in page

    def test_prepares_compares_downloads_hands_in_and_settles(self, coop: Coop, carole: Client, clock: Clock) -> None:
        declared(coop)
        signed(coop)
        answer = carole.post(COLLECTIONS, {"day": "14/12/2026", "submission": str(uuid.uuid4())}, follow=True)
        assert "La remise est prête, les coopératives sont prévenues." in told(answer)
        row = Collection.objects.get()
        place = f"{COLLECTIONS}{row.pk}/"
        for schema in FORMATS:
            file = carole.get(f"{place}fichier/{schema}/")
            assert (file["Content-Type"], file["Content-Disposition"]) == ("application/xml", f'attachment; filename="{row.message}.xml"')
        assert "La banque a le fichier" in told(carole.get(place))
        assert "La remise ne change plus." in told(carole.post(f"{place}remise/", follow=True))
        assert "L’échéance est le 14 décembre 2026" in told(carole.post(f"{place}encaissement/", follow=True))
        clock.set(2026, 12, 14, 9)
        carole = logged_in(comptable().user)
        assert "Le compte est crédité" in told(carole.get(place))
        assert "sont encaissés." in told(carole.post(f"{place}encaissement/", follow=True))

    def test_notes_that_the_bank_refused_the_file(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        signed(coop)
        row = sent()
        place = f"{COLLECTIONS}{row.pk}/"
        assert "La banque refuse le fichier" in told(carole.get(place))
        assert "Dites pourquoi la banque l’a refusé" in told(carole.post(f"{place}refus/", follow=True))
        page = told(carole.post(f"{place}refus/", {"reason": "BIC inconnu"}, follow=True))
        assert "C’est noté\u202f: la remise est de nouveau à remettre." in page
        assert "<b>La banque a refusé le fichier\u202f:</b> BIC inconnu" in page
        page = told(carole.post(f"{place}refus/", {"reason": "BIC inconnu"}, follow=True))
        assert "La banque n’a pas ce fichier, ou la remise est déjà encaissée." in page

    @pytest.mark.parametrize(
        ("day", "said"),
        [
            ("", "Indiquez la date du prélèvement."),
            ("25/12/2026", "le jour suivant est le 28 décembre 2026"),
            ("01/12/2026", "La première date possible est le 14 décembre 2026."),
        ],
    )
    def test_is_told_of_a_wrong_day(self, coop: Coop, carole: Client, day: str, said: str) -> None:
        declared(coop)
        signed(coop)
        answer = carole.post(COLLECTIONS, {"day": day, "submission": str(uuid.uuid4())})
        assert answer.status_code == 422
        assert said in told(answer)

    def test_is_told_that_all_is_under_way(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        signed(coop)
        form = {"day": "14/12/2026", "submission": str(uuid.uuid4())}
        carole.post(COLLECTIONS, form)
        assert carole.post(COLLECTIONS, form).status_code == 302
        answer = carole.post(COLLECTIONS, form | {"submission": str(uuid.uuid4())})
        assert answer.status_code == 422
        assert "Rien de plus à prélever" in told(answer)

    def test_leaves_one_out(self, coop: Coop, carole: Client) -> None:
        left_out = declared(coop)
        signed(coop)
        answer = carole.post(COLLECTIONS, {"day": "14/12/2026", "submission": str(uuid.uuid4()), "sans": str(left_out.pk)})
        assert answer.status_code == 422
        assert "Aucune adhésion à prélever" in told(answer)

    def test_takes_one_out_and_gives_up(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        signed(coop)
        row = prepared()
        place = f"{COLLECTIONS}{row.pk}/"
        assert "Le prélèvement est retiré" in told(carole.post(f"{place}retrait/{only_debit().pk}/", follow=True))
        assert "elle ne change plus" in told(carole.post(f"{place}annulation/", follow=True))
        assert "elle ne change plus" in told(carole.post(f"{place}retrait/{only_debit().pk}/", follow=True))
        assert carole.get(f"{place}fichier/{FORMATS[0]}/").status_code == 404

    def test_takes_out_what_has_no_mandate_any_more(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        signed(coop)
        row = prepared()
        signed(coop, "FR1420041010050500013M02606")
        place = f"{COLLECTIONS}{row.pk}/"
        assert "Son mandat a pris fin." in told(carole.get(place))
        assert "Retirez d’abord" in told(carole.get(f"{place}fichier/{FORMATS[0]}/", follow=True))

    def test_other_formats_are_not_there(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        signed(coop)
        assert carole.get(f"{COLLECTIONS}{prepared().pk}/fichier/pain.001.001.03/").status_code == 404

    def test_an_animateur_sees_and_does_not_act(self, coop: Coop) -> None:
        declared(coop)
        signed(coop)
        row = prepared()
        bob = logged_in(make_staff("bob", RoleKind.ANIMATEUR))
        page = told(bob.get(f"{COLLECTIONS}{row.pk}/"))
        assert ("Annuler la remise" in page, "Télécharger le fichier" in page) == (False, False)
        assert bob.get(f"{COLLECTIONS}{row.pk}/fichier/{FORMATS[0]}/").status_code == 404
        assert bob.post(COLLECTIONS, {"day": "14/12/2026"}).status_code == 404

    def test_without_an_identifier_says_what_is_missing(self, carole: Client) -> None:
        change_setting(author=SYSTEM, association=association(), from_year=2026, name="creditor", value={})
        assert "Votre association ne peut pas encore prélever" in told(carole.get(COLLECTIONS))

    def test_a_year_that_is_none_is_not_found(self, carole: Client) -> None:
        assert [carole.get(f"{COLLECTIONS}?annee={year}").status_code for year in ("2025-2026", "x")] == [200, 404]


class TestReturns:
    def test_are_shown_then_taken(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        signed(coop)
        row = sent()
        content = rejected(row.message, (only_debit().end_to_end, "AC04"), ("OTHER", "AM04"))
        answer = carole.post(f"{COLLECTIONS}retours/", {"file": SimpleUploadedFile("rejets.xml", content)})
        page = told(answer)
        assert only_debit().returned_on is None
        for words in ("AC04, le compte est clos", "Pas un de vos prélèvements", "Prendre en compte"):
            assert words in page
        given = {"returns": f'[[{only_debit().pk}, "2026-11-30", "AC04"]]', "submission": str(uuid.uuid4())}
        assert given["returns"] in page
        assert "les coopératives sont prévenues" in told(carole.post(f"{COLLECTIONS}retours/enregistrer/", given, follow=True))
        assert carole.post(f"{COLLECTIONS}retours/enregistrer/", given).status_code == 302
        again = carole.post(f"{COLLECTIONS}retours/", {"file": SimpleUploadedFile("rejets.xml", content)})
        assert "Rien de nouveau" in told(again)
        page = told(carole.get(f"{COLLECTIONS}{row.pk}/?voir=revenus"))
        assert "AC04, le compte est clos" in page

    def test_a_file_without_any_is_told(self, coop: Coop, carole: Client) -> None:
        answer = carole.post(f"{COLLECTIONS}retours/", {"file": SimpleUploadedFile("rejets.xml", rejected("M"))})
        assert "Aucun prélèvement revenu" in told(answer)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"<!DOCTYPE a><a/>", "DOCTYPE"),
            (b"hello", "abîmé"),
            (b"<Document/>", "n’est pas un fichier de retours"),
            (b"", "Ce fichier est vide."),
        ],
    )
    def test_another_file_is_refused(self, carole: Client, content: bytes, said: str) -> None:
        answer = carole.post(f"{COLLECTIONS}retours/", {"file": SimpleUploadedFile("a.xml", content)})
        assert answer.status_code == 422
        assert said in told(answer)

    def test_without_a_file_it_is_asked_for(self, carole: Client) -> None:
        assert "Choisissez le fichier de retours." in told(carole.post(f"{COLLECTIONS}retours/", {}))

    @pytest.mark.parametrize("returns", ["", "x", "[1]", '[[1, "x", "AC04"]]', '{"a": 1}'])
    def test_a_form_that_was_tampered_with_changes_nothing(self, carole: Client, returns: str) -> None:
        answer = carole.post(f"{COLLECTIONS}retours/enregistrer/", {"returns": returns, "submission": str(uuid.uuid4())}, follow=True)
        assert "donnez de nouveau le fichier" in told(answer)

    def test_by_hand(self, coop: Coop, clock: Clock) -> None:
        declared(coop)
        signed(coop)
        row = sent()
        clock.set(2026, 12, 14, 9)
        settled(comptable(), row)
        carole = logged_in(comptable().user)
        place = f"{COLLECTIONS}{row.pk}/retour/{only_debit().pk}/"
        assert "Choisissez le motif" in told(carole.post(place, {"day": "14/12/2026"}, follow=True))
        assert "la coopérative est prévenue" in told(carole.post(place, {"day": "14/12/2026", "code": "AM04"}, follow=True))
        assert "déjà pris en compte" in told(carole.post(place, {"day": "14/12/2026", "code": "AM04"}, follow=True))
        assert carole.post(f"{COLLECTIONS}{row.pk}/retour/0/", {"day": "14/12/2026", "code": "AM04"}).status_code == 404


class TestCosts:
    @pytest.mark.parametrize("name", ["collections", "collection", "mandate"])
    def test_a_page_costs_the_same_whatever_its_size(self, coop: Coop, alice: Client, carole: Client, name: str) -> None:
        declared(coop)
        signed(coop)
        counts = []
        for size in (1, 5):
            for number in range(size):
                other = make_coop(f"09101{size}{number}A", name="École")
                declared(other)
                signed(other)
            place = {"collections": COLLECTIONS, "mandate": MANDATE, "collection": f"{COLLECTIONS}{prepared().pk}/"}[name]
            for visitor in [alice if name == "mandate" else carole] * 2:
                with CaptureQueriesContext(
                    connection,
                ) as asked:
                    assert visitor.get(place).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1]
        assert counts[0] <= 12


@pytest.mark.parametrize("returns", [f'[[{"9" * 24},"2026-11-30","AM04"]]', '[[1e999,"2026-11-30","AM04"]]', "[" * 100_000])
def test_returns_that_no_preview_has_found_are_refused(carole: Client, returns: str) -> None:
    answer = carole.post(f"{COLLECTIONS}retours/enregistrer/", {"returns": returns, "submission": uuid.uuid4()}, follow=True)
    assert "donnez de nouveau le fichier" in told(answer)


def test_keys_beyond_all_keys_leave_nobody_out(carole: Client) -> None:
    answer = carole.post(COLLECTIONS, {"sans": "9" * 5_000, "day": "14/12/2026", "submission": uuid.uuid4()})
    assert (answer.status_code, Collection.objects.exists()) == (422, False)
