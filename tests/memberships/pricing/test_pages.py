"""What an AD asks, as its administrateur says it; the engagement, from the draft to its publication."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from retkoop.audit.services import SYSTEM
from retkoop.books.writable import Refused
from retkoop.domain.fees import Basis, ExtraFee, InsuranceRule, Tariff
from retkoop.memberships.models import EngagementText, PaymentWay
from retkoop.memberships.pricing import queries, services
from retkoop.memberships.pricing.changes import changes_of
from retkoop.memberships.pricing.queries import Creditor, creditor_of, engagement_in_force, payment_ways_of, tariff_of
from retkoop.network.models import RoleKind
from retkoop.network.queries import NATIONAL, given_settings
from retkoop.network.services import change_setting
from retkoop.users.models import User
from tests.books.coops import YEAR, plain, queries_of, said
from tests.cast import association, logged_in, make_staff
from tests.clock import Clock
from tests.memberships.at_hand import faults_of_rows
from tests.pages import errors, notices

pytestmark = pytest.mark.django_db

ADDRESS = "/ad/91/adhesions/tarifs/"
NAMES = ("insurance_rule", "payment_ways", "book_on_validation", "extra_fees", "creditor", "receipt_accounts")

CREDITOR = Creditor(
    "OCCE de l’Essonne",
    "FR7630006000011234567890189",
    "AGRIFRPPXXX",
    "FR72ZZZ123456",
    "OCCE de l’Essonne",
    "12 rue des Écoles\r\n91000 Évry",
)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 9, 8, 10, 0)
    return clock


@pytest.fixture
def adele() -> Client:
    return logged_in(make_staff("adele", RoleKind.ADMINISTRATEUR))


def typed(**more: Any) -> dict[str, Any]:  # noqa: ANN401 -- what a form sends
    given = given_settings(association(), YEAR)
    seen = json.dumps({name: given.value(name) for name in NAMES})
    return {
        "seen": seen,
        "insurance_rule": "proposed",
        "payment_ways": ["cheque", "transfer"],
        "extras-TOTAL_FORMS": "0",
        **more,
    }


def extra(number: int, **more: str) -> dict[str, str]:
    given = {"label": "Solidarité", "basis": "member", "price": "0,50", "account": "62810008", "optional": "on", **more}
    return {f"extras-{number}-{name}": value for name, value in given.items()}


class TestHistory:
    def test_who_changed_what_is_told(self, adele: Client, clock: Clock) -> None:
        assert "Qui a changé quoi" not in said(adele.get(ADDRESS))
        clock.set(2025, 9, 8, 11, 0)
        adele = logged_in(User.objects.get(username="adele"))
        adele.post(ADDRESS, typed(**{**extra(0), "extras-TOTAL_FORMS": "1", "iban": CREDITOR.iban, "account-bank": "512100"}))
        clock.set(2025, 9, 8, 12, 0)
        change_setting(author=SYSTEM, association=None, from_year=2025, name="insurance_rule", value="none")
        back = change_setting(author=SYSTEM, association=association(), from_year=2025, name="extra_fees", value=NATIONAL)
        assert back is not None
        assert {(one.label, one.written, one.national) for one in changes_of(association())} == {
            ("Assurance de la coopérative", "pas d’assurance", True),
            ("Lignes en plus", "la valeur nationale", False),
            ("Lignes en plus", "Solidarité (0,50\u202f€ par coopérateur)", False),
            ("Comment payer", "chèque, virement", False),
            ("Noter le paiement dans le cahier à la validation", "non", False),
            ("Compte et adresse de l’association", "FR•• •••• 0189", False),
            ("Comptes du journal des encaissements", "Banque 512100", False),
        }
        page = said(adele.get(ADDRESS))
        assert "Comment payer : chèque, virement Dès 2025-2026, par Adele, le 8 septembre 2025 à 11 h 00" in page
        assert CREDITOR.iban not in page[page.index("Qui a changé quoi") :]


class TestAsked:
    def test_all_of_it_is_kept_and_read(self, adele: Client) -> None:
        assert said(adele.get(ADDRESS)).startswith("OCCE 91 · Essonne Tarifs et textes de l’adhésion")
        given = typed(
            **extra(0),
            **extra(1, label="Don", basis="free", price="", optional=""),
            **{"extras-TOTAL_FORMS": "3", "account-bank": "512100"},
            payment_ways=["cheque", "transfer", "debit"],
            insurance_rule="compulsory",
            name="OCCE de l’Essonne",
            iban="fr76 3000 6000 0112 3456 7890 189",
            ics="fr72 zzz 123456",
            address="12 rue des Écoles\r\n91000 Évry",
        )
        answer = adele.post(ADDRESS, given, follow=True)
        assert [plain(one) for one in notices(answer)] == ["C’est enregistré. Les adhésions déjà déclarées gardent leurs montants."]
        tariff = tariff_of(association(), YEAR)
        keys = [one.key for one in tariff.extras]
        assert tariff == Tariff(
            2_05,
            25,
            0,
            InsuranceRule.COMPULSORY,
            (
                ExtraFee(keys[0], "Solidarité", Basis.MEMBER, 50, "62810008", optional=True),
                ExtraFee(keys[1], "Don", Basis.FREE, 0, "62810008"),
            ),
        )
        assert creditor_of(association(), YEAR) == CREDITOR
        assert payment_ways_of(association(), YEAR) == tuple(PaymentWay)
        assert queries.receipt_accounts_of(association(), YEAR) == {"bank": "512100"}
        assert queries.books_on_validation(association(), YEAR) is False
        again = {**typed(**extra(0, key=keys[0], label="Entraide"), iban="FR7630006000011234567890189"), "extras-TOTAL_FORMS": "1"}
        adele.post(ADDRESS, again)
        assert [(one.key, one.label) for one in tariff_of(association(), YEAR).extras] == [(keys[0], "Entraide")]
        assert faults_of_rows() == []

    def test_without_an_account_coops_pay_by_cheque_to_the_ad(self) -> None:
        own = association()
        assert creditor_of(own, YEAR) == Creditor(name="OCCE 91", order="OCCE 91")
        assert payment_ways_of(own, YEAR) == (PaymentWay.CHEQUE,)
        assert queries.kept_extras(tariff_of(own, YEAR).extras) == []

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            (
                {"iban": "FR7630006000011234567890188"},
                ["La clé de cet IBAN n’est pas juste : un chiffre est faux, ou deux sont inversés. Comparez avec le RIB."],
            ),
            (
                {"ics": "FR73ZZZ123456"},
                ["Cet identifiant n’est pas juste : sa clé ne correspond pas. Recopiez-le depuis le contrat de prélèvement."],
            ),
            (
                {"iban": "FR7630006000011234567890189", "payment_ways": ["debit"]},
                ["Pour prélever, il faut cet identifiant. Sinon, décochez le prélèvement."],
            ),
            ({"account-bank": "512 / 1"}, ["Un numéro de compte n’a que des chiffres et des lettres."]),
            ({**extra(0, price=""), "extras-TOTAL_FORMS": "1"}, ["Indiquez un prix."]),
            ({**extra(0, price="1000,01"), "extras-TOTAL_FORMS": "1"}, ["1 000,00 € au plus."]),
            ({**extra(0, account=""), "extras-TOTAL_FORMS": "1"}, ["Choisissez le compte."]),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, adele: Client, more: dict[str, Any], told: list[str]) -> None:
        answer = adele.post(ADDRESS, typed(**more))
        assert (answer.status_code, [plain(one) for one in errors(answer)]) == (422, told)

    def test_who_collects_keeps_an_account(self, adele: Client) -> None:
        money = {"iban": "FR7630006000011234567890189", "ics": "FR72ZZZ123456", "payment_ways": ["debit"]}
        adele.post(ADDRESS, typed(**money))
        answer = adele.post(ADDRESS, typed(**{**money, "iban": ""}))
        assert [plain(one) for one in errors(answer)] == ["Pour prélever, il faut cet IBAN. Sinon, décochez le prélèvement."]
        adele.post(ADDRESS, typed(payment_ways=["cheque"]))
        assert creditor_of(association(), YEAR).iban == ""

    def test_the_second_of_two_hands_writes_over_nobody(self, adele: Client) -> None:
        given = typed(insurance_rule="none")
        change_setting(author=SYSTEM, association=association(), from_year=2025, name="insurance_rule", value="compulsory")
        assert "Quelqu’un a changé ces réglages pendant que vous les lisiez." in said(adele.post(ADDRESS, given, follow=True))
        assert tariff_of(association(), YEAR).insurance_rule is InsuranceRule.COMPULSORY

    def test_rows_come_and_go_without_script(self, adele: Client) -> None:
        page = adele.post(ADDRESS, {**typed(**extra(0)), "extras-TOTAL_FORMS": "1", "add": "1"})
        assert 'name="extras-1-label"' in page.content.decode()
        page = adele.post(ADDRESS, {**typed(**extra(0)), "extras-TOTAL_FORMS": "1", "remove": "0"})
        assert 'value="Solidarité"' not in page.content.decode()

    def test_a_year_that_is_over_is_read(self, adele: Client) -> None:
        assert "Cette année ne se règle pas ici" in said(adele.get(f"{ADDRESS}?annee=2023-2024"))
        assert adele.post(f"{ADDRESS}?annee=2023-2024", typed()).status_code == 404
        assert adele.get(f"{ADDRESS}?annee=bientot").status_code == 404

    def test_the_federation_sets_what_stands_for_all(self) -> None:
        fanny = logged_in(make_staff("fanny", RoleKind.FEDERATION, None))
        given = typed(insurance_rule="none")
        answer = fanny.post(reverse("federation_pricing"), given, follow=True)
        assert [plain(one) for one in notices(answer)] == ["C’est enregistré. Les adhésions déjà déclarées gardent leurs montants."]
        assert tariff_of(association(), YEAR).insurance_rule is InsuranceRule.NONE

    def test_few_queries(self, adele: Client) -> None:
        assert queries_of(adele, ADDRESS) <= 12


class TestEngagement:
    def test_the_federation_s_own_is_installed_once(self) -> None:
        services.install_engagement()
        row = EngagementText.objects.get()
        assert (row.association, row.number, row.text) == (None, 1, services.default_engagement())
        assert engagement_in_force(association()) == row
        row.delete()
        services.install_engagement()
        assert EngagementText.objects.count() == 1

    def test_from_the_draft_to_its_publication(self, adele: Client) -> None:
        answer = adele.post(reverse("membership_new_engagement", kwargs={"department": "91"}), follow=True)
        assert "Brouillon Personne ne le voit tant qu’il n’est pas publié." in said(answer)
        row = EngagementText.objects.get(association=association())
        place = {"department": "91", "key": row.pk}
        address = reverse("membership_engagement_text", kwargs=place)
        assert adele.post(address, {"version": "1", "text": ""}).status_code == 422
        answer = adele.post(address, {"version": "1", "text": "# Chez nous\n\n1. On compte juste."}, follow=True)
        assert "Chez nous 1. On compte juste." in said(answer)
        assert [plain(one) for one in notices(adele.post(address, {"version": "1", "text": "Autre"}, follow=True))] == [
            plain(services.CHANGED)
        ]
        publish = reverse("membership_publish_engagement", kwargs=place)
        assert [plain(one) for one in notices(adele.post(publish, {"version": "1"}, follow=True))] == [plain(services.CHANGED)]
        assert [plain(one) for one in notices(adele.post(publish, follow=True))] == ["Rechargez la page."]
        adele.post(publish, {"version": "2"}, follow=True)
        found = engagement_in_force(association())
        assert found is not None
        assert (found.pk, found.text) == (row.pk, "# Chez nous\n\n1. On compte juste.")
        delete = reverse("membership_delete_engagement", kwargs=place)
        assert [plain(one) for one in notices(adele.post(delete, follow=True))] == [plain(services.PUBLISHED)]
        assert "Elle ne change plus" in said(adele.get(address))
        assert faults_of_rows() == []

    def test_a_draft_is_thrown_away(self, adele: Client) -> None:
        row = services.draft_engagement(author=SYSTEM, association=association())
        assert services.draft_engagement(author=SYSTEM, association=association()) == row
        place = {"department": "91", "key": row.pk}
        answer = adele.post(reverse("membership_delete_engagement", kwargs=place), follow=True)
        assert [plain(one) for one in notices(answer)] == ["Le brouillon est supprimé."]
        assert adele.get(reverse("membership_engagement_text", kwargs=place)).status_code == 404
        with pytest.raises(Refused):
            services.publish_engagement(author=SYSTEM, association=association(), key=row.pk, version=1)
