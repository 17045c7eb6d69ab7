"""The federation's pages: all the ADs, the totals of the country, what is in force."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from retkoop.network.models import RoleKind
from retkoop.oversight.national.models import Summing
from retkoop.oversight.national.summing import sum_up
from retkoop.ui.days import format_moment
from tests.books.coops import queries_of
from tests.cast import account, logged_in, make_coop, make_staff
from tests.oversight.board.at_hand import an_association
from tests.oversight.national.at_hand import booked
from tests.pages import links, main_text, title

EXPENSES, PHOTOS = "61800008", "70700008"


def country() -> None:
    """Make coops in two ADs, with a year before, and sum them up."""
    booked("91", {EXPENSES: [100_00, 50_00], PHOTOS: [-300_00], "512": [150_00]})
    booked("91", {EXPENSES: [100_00]}, start=2024)
    booked("33", {EXPENSES: [7_00]})
    sum_up(whole=True)


def numbers(page: object) -> list[str]:
    """Return the départements that a page shows, in its order."""
    return [word for word in main_text(page).replace("·", " ").split() if word in {"33", "91"}]  # type: ignore[arg-type]  # an answer


@pytest.mark.django_db
def test_before_the_first_count_it_says_so(client: Client) -> None:
    page = client.get("/federation/")
    assert title(page) == "Associations départementales"
    assert "Ces chiffres n’ont pas encore été calculés" in main_text(page)
    assert len([href for href in links(page) if href.startswith("/ad/")]) == 101


@pytest.mark.django_db
def test_each_association_at_a_glance(client: Client) -> None:
    an_association()
    booked("33", {EXPENSES: [7_00], PHOTOS: [-10_00], "530": [3_00]})
    sum_up(whole=True)
    text = main_text(client.get("/federation/"))
    assert f"Chiffres du {format_moment(timezone.now())}." in text
    assert "91 · Essonne 4 75\u00a0% activées 1\u00a0fini · 1\u00a0prêt · 2\u00a0pas\u00a0prêts 2 " in text
    assert "33 · Gironde 1 0\u00a0% activées 0\u00a0fini · 0\u00a0prêt · 1\u00a0pas\u00a0prêt 1 0\u00a0% attendus le 30/09 7 10 3 3" in text
    assert "75 · Paris aucune coopérative" in text
    assert "Total 5 60\u00a0% activées" in text


@pytest.mark.django_db
def test_it_is_searched_sorted_and_leads_to_boards(client: Client) -> None:
    country()
    assert numbers(client.get("/federation/?q=gironde")) == ["33"]
    assert numbers(client.get("/federation/?tri=-charges"))[:2] == ["91", "33"]
    assert numbers(client.get("/federation/?tri=ad"))[:2] == ["33", "91"]
    assert "/ad/91/?retard=oui" in links(client.get("/federation/"))
    assert "/ad/91/?annee=2024-2025" in links(client.get("/federation/?annee=2024-2025"))
    assert "Aucune association pour «" in main_text(client.get("/federation/?q=nulle+part"))
    assert client.get("/federation/?tri=n-importe").status_code == 200
    assert client.get("/federation/?annee=2025").status_code == 404


@pytest.mark.django_db
def test_figures_are_asked_for_and_the_page_follows(client: Client) -> None:
    answer = client.post("/federation/recalculer/", {"retour": "/federation/totaux/?annee=2025-2026"})
    assert answer["Location"] == "/federation/totaux/?annee=2025-2026"
    page = client.get("/federation/")
    assert "Le calcul est demandé" in main_text(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    Summing.objects.update(begun_at="2026-10-05T07:00:00Z", beat_at="2026-10-05T07:00:00Z", done=3, total=101)
    assert "3 sur 101" in main_text(client.get("/federation/"))
    assert client.post("/federation/recalculer/", {"retour": "//ailleurs.fr/federation/"})["Location"] == "/federation/"


@pytest.mark.django_db
def test_totals_of_the_country_beside_those_of_the_year_before(client: Client) -> None:
    country()
    text = main_text(client.get("/federation/totaux/?annee=2025-2026"))
    assert "618 · Charges des activités éducatives 3 157,00 100,00 +\u202f57,00 +\u202f57\u00a0%" in text
    assert "Total des produits 300,00 0,00 +\u202f300,00" in text
    assert "Résultat 143,00 −100,00 +\u202f243,00" in text
    assert "Total de la trésorerie 150,00 0,00" in text
    assert "Rien n’est écrit pour 2019-2020" in main_text(client.get("/federation/totaux/?annee=2019-2020"))


@pytest.mark.django_db
def test_one_account_by_association(client: Client) -> None:
    country()
    page = client.get(f"/federation/totaux/{EXPENSES}/?annee=2025-2026")
    assert title(page) == "618 · Charges des activités éducatives"
    assert "91 · Essonne 2 150,00 100,00 +\u202f50,00 +\u202f50\u00a0% 33 · Gironde 1 7,00 0,00 +\u202f7,00 Total 157,00" in main_text(page)
    assert "Ce compte n’a pas servi" in main_text(client.get("/federation/totaux/77000008/"))
    assert client.get("/federation/totaux/99999999/").status_code == 404


@pytest.mark.django_db
def test_totals_as_files(client: Client) -> None:
    country()
    lines = client.get("/federation/totaux.csv?annee=2025-2026").content.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Partie;Compte;Libellé;Coopératives;Montant;Année précédente;Écart"
    assert "Charges;61800008;Charges des activités éducatives;3;157,00;100,00;57,00" in lines
    by_association = client.get("/federation/totaux.csv?annee=2025-2026&detail=ad").content.decode("utf-8-sig").split("\r\n")
    assert by_association[1] == "33;Gironde;61800008;Charges des activités éducatives;1;7,00"
    answer = client.get("/federation/totaux.xlsx?annee=2025-2026")
    assert answer["Content-Disposition"] == 'attachment; filename="totaux-2025-2026.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["Par compte", "Par association"]
    assert book.get_sheet_by_name("Par association").to_python()[1] == ["33", "Gironde", EXPENSES, "Charges des activités éducatives", 1, 7]


@pytest.mark.django_db
def test_what_is_in_force_year_by_year(client: Client) -> None:
    text = main_text(client.get("/federation/versions/"))
    assert text.count("Nomenclature 2022") == 3
    assert "2027-2028 Nomenclature 2022 Version 1" in text
    assert "618 61800008 Charges des activités éducatives charge" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/federation/", 12),
        ("/federation/totaux/", 7),
        (f"/federation/totaux/{EXPENSES}/", 8),
        ("/federation/versions/", 12),
        ("/federation/donnees-ouvertes/", 9),
        ("/federation/annonces/", 6),
    ],
)
def test_a_fixed_number_of_queries(client: Client, address: str, most: int) -> None:
    country()
    few = queries_of(client, address)
    booked("75", {EXPENSES: [5_00] * 30})
    sum_up(whole=True)
    assert (queries_of(client, address), few <= most) == (few, True)


@pytest.mark.django_db
def test_nobody_else_finds_it() -> None:
    users = [account(make_coop()), make_staff("adele", RoleKind.ADMINISTRATEUR)]
    assert [logged_in(user).get("/federation/").status_code for user in users] == [404, 404]
