"""Open data: published once by the federation, for everybody; nothing of a coop to be told from it."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, writing
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.oversight.national.models import NationalTotal, Publication
from retkoop.oversight.national.publishing import publish, withdraw
from retkoop.ui.days import format_moment
from retkoop.upkeep.verification import faults
from tests.oversight.national.at_hand import START, summed_up
from tests.pages import links, main_text, notices

YEAR = SchoolYear(START)
PHOTOS = "70700008"
FILE = "/donnees-ouvertes/2025-2026.csv"
PUBLISH = "/federation/donnees-ouvertes/2025-2026/publier/"


def country() -> None:
    summed_up("91", coops=40)
    for department, coops in (("33", 4), ("48", 2), ("15", 3)):
        summed_up(department, coops=coops)
    summed_up("91", account=PHOTOS, coops=3, amount=-50_00)
    summed_up("91", account="512", coops=40)


@pytest.mark.django_db
def test_a_year_is_published_and_everybody_reads_it(client: Client) -> None:
    country()
    stranger = Client()
    assert "Aucune année n’est publiée" in main_text(stranger.get("/donnees-ouvertes/"))
    assert stranger.get(FILE).status_code == 404
    assert notices(client.post(PUBLISH, follow=True)) == ["Les totaux 2025-2026 sont publiés."]
    assert FILE in links(stranger.get("/donnees-ouvertes/"))
    answer = stranger.get(FILE)
    assert answer.content.decode() == (
        "annee,departement,compte,libelle,nature,cooperatives,montant\r\n"
        "2025-2026,91,61800008,Charges des activités éducatives,charge,40,4000.00\r\n"
        "2025-2026,,61800008,Charges des activités éducatives,charge,9,900.00\r\n"
    )
    assert answer["Cache-Control"] == "public, max-age=3600"
    book = CalamineWorkbook.from_filelike(io.BytesIO(stranger.get("/donnees-ouvertes/2025-2026.xlsx").content))
    assert book.sheet_names == ["Totaux", "Dictionnaire"]
    assert book.get_sheet_by_name("Totaux").to_python()[1][1:] == ["91", "61800008", "Charges des activités éducatives", "charge", 40, 4000]


@pytest.mark.django_db
def test_what_is_published_stays_as_it_was_until_it_is_taken_back(client: Client) -> None:
    country()
    client.post(PUBLISH)
    before = client.get(FILE).content
    NationalTotal.objects.filter(association__department="91").update(coops=41)
    client.post(PUBLISH)
    assert (client.get(FILE).content, Publication.objects.count()) == (before, 1)
    assert f"2025-2026 Publiée le {format_moment(timezone.now())}, par Fanny" in main_text(client.get("/federation/donnees-ouvertes/"))
    said = notices(client.post("/federation/donnees-ouvertes/2025-2026/retirer/", follow=True))
    assert (said, client.get(FILE).status_code) == (["Les totaux 2025-2026 ne sont plus publiés."], 404)
    assert FILE not in links(Client().get("/donnees-ouvertes/"))
    withdraw(author=SYSTEM, year=YEAR)
    page = main_text(client.get("/federation/donnees-ouvertes/"))
    assert f"2025-2026 Retirée le {format_moment(timezone.now())}\u202f; publiée le" in page
    NationalTotal.objects.filter(association__department="91").update(coops=39, debit=3900_00)
    client.post(PUBLISH)
    assert (client.get(FILE).content, list(faults())) == (before, [])
    actions = AuditEvent.objects.filter(chain="federation", action__startswith="publication").order_by("sequence")
    assert list(actions.values_list("action", flat=True)) == [
        "publication.made",
        "publication.withdrawn",
        "publication.restored",
    ]


@pytest.mark.django_db
def test_a_year_that_was_withdrawn_before_figures_were_kept_is_published_as_it_was_or_not_at_all(client: Client) -> None:
    country()
    row = publish(author=SYSTEM, year=YEAR)
    with writing("federation", SYSTEM) as trail:
        subject, told = row.subject, row.snapshot()
        row.delete()
        trail.deleted(subject, told, action="publication.withdrawn")
    photos = NationalTotal.objects.filter(account=PHOTOS)
    photos.update(coops=5, largest=20_00)
    refusal = "Les totaux 2025-2026 ont été publiés puis retirés\u202f: d’autres chiffres diraient ce qui a changé entre les deux."
    assert notices(client.post(PUBLISH, follow=True)) == [refusal]
    photos.update(coops=3)
    assert notices(client.post(PUBLISH, follow=True)) == ["Les totaux 2025-2026 sont publiés."]


@pytest.mark.django_db
def test_what_cannot_be_published(client: Client) -> None:
    with pytest.raises(Refused, match="L’année 2026-2027 n’est pas finie"):
        publish(author=SYSTEM, year=YEAR.next)
    summed_up("91", coops=4)
    refusal = "Il n’y a pas encore assez de coopératives pour que leurs totaux ne disent rien d’aucune."
    assert notices(client.post(PUBLISH, follow=True)) == [refusal]
    assert "Pas encore assez de coopératives." in main_text(client.get("/federation/donnees-ouvertes/"))
    assert client.post("/federation/donnees-ouvertes/2025/publier/").status_code == 404


@pytest.mark.django_db
def test_figures_that_were_altered_since_are_found() -> None:
    country()
    row = publish(author=SYSTEM, year=YEAR)
    assert list(faults()) == []
    row.figures[0][3] += 1
    Publication.objects.update(figures=row.figures)
    assert list(faults()) == ["données ouvertes 2025-2026 : les chiffres ne sont plus ceux qui ont été publiés"]


@pytest.mark.django_db
def test_a_workbook_is_made_once_for_all_who_ask() -> None:
    country()
    publish(author=SYSTEM, year=YEAR)
    sheet, stranger = FILE.replace("csv", "xlsx"), Client()
    first = stranger.get(sheet).content
    Publication.objects.update(figures=[])
    assert stranger.get(sheet).content == first
