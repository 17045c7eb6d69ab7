"""The pages of direct debits, as a coop and its AD use them."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from retkoop.audit.services import SYSTEM
from retkoop.memberships.debits.files import FORMATS
from retkoop.memberships.models import Collection, DebitMandate
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import change_setting
from tests.cast import a_day, association, logged_in, make_coop, make_staff
from tests.clock import Clock
from tests.memberships.debits.at_hand import (
    CREDITOR,
    comptable,
    declared,
    iban_of,
    only_debit,
    own_access,
    prepared,
    sent,
    signed,
    told,
)
from tests.pages import errors, main_text

pytestmark = pytest.mark.django_db
MANDATE = "/coop/0910000A/2026-2027/adhesion/prelevement/"
COLLECTIONS = "/ad/91/adhesions/prelevements/"


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
            ("account", "us64 svbk us6s 3300 9588 79", "Ce compte est hors de la zone SEPA (US)"),
            ("account", "FR76 3000 6000 0112 3456 7890", "un IBAN français a 27 signes, celui-ci en a 24"),
            ("account", "30006 00001 12345678901 89", "Ce n’est pas un IBAN"),
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

    @pytest.mark.parametrize("typing", ["{}", "iban {}", " {} "])
    @pytest.mark.parametrize("between", [" ", ".", "-", "\u00a0"])
    def test_signs_with_an_iban_as_it_is_typed(self, coop: Coop, alice: Client, typing: str, between: str) -> None:
        iban = iban_of(coop.rne)
        fours = between.join(iban[at : at + 4] for at in range(0, 27, 4)).lower()
        assert alice.post(MANDATE, typed(coop, account=typing.format(fours))).status_code == 302
        assert DebitMandate.objects.get().iban == iban

    def test_does_not_sign_for_an_account_that_its_bank_says_closed(self, coop: Coop, alice: Client, carole: Client) -> None:
        declared(coop)
        signed(coop)
        row = sent()
        carole.post(f"{COLLECTIONS}{row.pk}/retour/{only_debit().pk}/", {"day": "30/11/2026", "code": "AC04"})
        answer = alice.post(MANDATE, typed(coop))
        said = "La banque a répondu le 30 novembre 2026 pour ce compte : le compte est clos. Indiquez-en un autre, ou payez autrement."
        assert (answer.status_code, errors(answer)) == (422, [said.replace(" :", "\u202f:")])
        assert alice.post(MANDATE, typed(coop, account="FR1420041010050500013M02606")).status_code == 302

    def test_signs_again_for_an_account_that_had_not_enough(self, coop: Coop, alice: Client, carole: Client) -> None:
        declared(coop)
        signed(coop)
        row = sent()
        carole.post(f"{COLLECTIONS}{row.pk}/retour/{only_debit().pk}/", {"day": "30/11/2026", "code": "AM04"})
        assert alice.post(MANDATE, typed(coop)).status_code == 302

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

    def test_is_told_that_a_debit_refused_before_its_day_came_back(self, coop: Coop, alice: Client, carole: Client) -> None:
        declared(coop)
        signed(coop)
        row = sent()
        carole.post(f"{COLLECTIONS}{row.pk}/retour/{only_debit().pk}/", {"day": "30/11/2026", "code": "AM04"})
        why = "Prélèvement revenu : AM04, la provision n’était pas suffisante"
        page = main_text(alice.get("/coop/0910000A/2026-2027/adhesion/")).replace("\u202f", " ")
        assert f"Prélèvement Revenu impayé, {why}" in page
        payments = main_text(carole.get("/ad/91/adhesions/paiements/?annee=2026-2027")).replace("\u202f", " ")
        assert f"{why} Prélèvement 120,00 revenu impayé" in payments
        payment = main_text(carole.get(f"/ad/91/adhesions/paiements/{only_debit().payment_id}/")).replace("\u202f", " ")
        assert f"Revenu le 30 novembre 2026 Motif {why}" in payment.replace("\u00a0", " ")

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
        assert (answer.status_code, [said in one for one in errors(answer)]) == (422, [True])

    def test_is_offered_the_next_day_and_takes_it(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        signed(coop)
        answer = carole.post(COLLECTIONS, {"day": "25/12/2026", "submission": str(uuid.uuid4())})
        assert 'name="day" value="28/12/2026">Préparer pour le 28\u00a0décembre 2026</button>' in told(answer)
        carole.post(COLLECTIONS, {"day": ["25/12/2026", "28/12/2026"], "submission": str(uuid.uuid4())})
        assert [one.collected_on for one in Collection.objects.all()] == [a_day("2026-12-28")]

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

    def test_is_told_that_an_older_file_is_void(self, coop: Coop, carole: Client) -> None:
        other = make_coop("0910001B", name="École voisine")
        for one in (coop, other):
            declared(one)
            signed(one)
        row = prepared()
        place = f"{COLLECTIONS}{row.pk}/"
        assert "ne vaut plus" not in told(carole.get(place))
        before = carole.get(f"{place}fichier/{FORMATS[1]}/")
        carole.post(f"{place}retrait/{row.debits.order_by('pk')[0].pk}/")
        page = main_text(carole.get(place)).replace("\u202f", " ").replace("\u00a0", " ")
        assert "Le fichier a changé le 30 novembre 2026 à 10 h 00. Un fichier téléchargé avant ne vaut plus : effacez-le." in page
        assert "Celui à donner à la banque s’appelle OCCE91-20261130-0001-V2.xml." in page
        after = carole.get(f"{place}fichier/{FORMATS[1]}/")
        assert (before["Content-Disposition"], after["Content-Disposition"]) == (
            'attachment; filename="OCCE91-20261130-0001.xml"',
            'attachment; filename="OCCE91-20261130-0001-V2.xml"',
        )
        assert [b"OCCE91-20261130-0001-V2" in one.content for one in (before, after)] == [False, True]

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


def test_keys_beyond_all_keys_leave_nobody_out(carole: Client) -> None:
    answer = carole.post(COLLECTIONS, {"sans": "9" * 5_000, "day": "14/12/2026", "submission": uuid.uuid4()})
    assert (answer.status_code, Collection.objects.exists()) == (422, False)
