"""The AD shows its own workbook: by its pages and verbs, who may, what is refused."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.books.sheets import UnreadableFile
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.workbook import InvalidMap, read_map
from retkoop.network.access import AssociationAccess
from retkoop.network.models import RoleKind
from retkoop.year_end.direct import workbooks
from retkoop.year_end.direct.example import example_of, sheets_in, shown
from retkoop.year_end.direct.models import WorkbookVersion
from retkoop.year_end.direct.received import FREE_SENDINGS, count_sending
from tests.books.coops import plain, queries_of, said
from tests.cast import logged_in
from tests.pages import Answer, notices
from tests.year_end.direct.test_sheet import workbook
from tests.year_end.direct.workbooks_at_hand import MAP, accountant, drafted, own_grid, published

pytestmark = pytest.mark.django_db

YEAR = SchoolYear(2026)


@pytest.fixture
def carole() -> AssociationAccess:
    return accountant()


@pytest.fixture
def browser(carole: AssociationAccess) -> Client:
    return logged_in(carole.user)


def to(name: str = "workbook", query: str = "") -> str:
    return reverse(name, kwargs={"department": "91"}) + query


def show(browser: Client, content: bytes | None = None) -> Answer:
    sent = SimpleUploadedFile("classeur.xlsx", workbook(own_grid()) if content is None else content)
    return browser.post(to("show_workbook"), {"classeur": sent}, follow=True)


def sent(row: WorkbookVersion, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- what a form sends
    return {"key": row.pk, "version": row.version, **more}


def draft() -> WorkbookVersion:
    return WorkbookVersion.objects.get(published_at=None)


def told(answer: Answer) -> list[str]:
    return [plain(one) for one in notices(answer)]


def cells(answer: Answer) -> list[dict[str, str]]:
    """Return the attributes of the cells that can be pointed at."""
    tags = re.findall(r'<button name="cell"[^>]*>', answer.content.decode())
    return [{key: unescape(value) for key, value in re.findall(r'([\w-]+)="([^"]*)"', tag)} for tag in tags]


class TestPages:
    def test_an_example_is_shown_and_its_cells_stand_in_a_grid(self, browser: Client) -> None:
        assert "Vos coopératives remplissent votre propre classeur ?" in said(browser.get(to()))
        answer = show(browser)
        assert told(answer) == ["Voici votre classeur. Montrez où se trouve chaque montant."]
        found = cells(answer)
        assert (len(found), found[13]["value"], found[13]["aria-label"]) == (60 * 12, "CRF!B2", "B2, 790")
        assert "Où se trouve « En banque au départ » ?" in said(answer)
        assert [cell["value"] for cell in cells(browser.get(to(query="?feuille=Aides")))][:2] == ["Aides!A1", "Aides!B1"]

    def test_a_click_points_at_a_cell_and_comes_back_to_it(self, browser: Client) -> None:
        show(browser)
        clicked = sent(draft(), figure="61800008", cell="CRF!B7", feuille="CRF")
        answer = browser.post(to("point_cell"), clicked)
        assert answer.headers["Location"] == "/ad/91/classeur/?montant=61800008&feuille=CRF#case-B7"
        browser.post(to("point_cell"), sent(draft(), figure="61800008", cell="CRF!B8"))
        assert draft().content == {"61800008": ["CRF!B7", "CRF!B8"]}
        page = browser.get(to(query="?montant=61800008"))
        assert "250,00 € CRF!B7 ; CRF!B8" in said(page)
        assert [cell["value"] for cell in cells(page) if cell["aria-pressed"] == "true"] == ["CRF!B7", "CRF!B8"]
        browser.post(to("point_cell"), sent(draft(), figure="61800008", cell="CRF!B8"))
        assert draft().content == {"61800008": ["CRF!B7"]}

    def test_cells_are_typed(self, browser: Client) -> None:
        show(browser)
        browser.post(to("point_cell"), sent(draft(), figure="statement_number", cells="'CRF'!$C$11"))
        assert draft().content == {"statement_number": ["CRF!C11"]}
        browser.post(to("point_cell"), sent(draft(), figure="opening_bank", cells="Autre!Z200"))
        answer = browser.get(to())
        assert "Des feuilles ne sont pas dans cet exemple Autre" in said(answer)
        browser.post(to("point_cell"), sent(draft(), figure="opening_bank", cells=""))
        assert draft().content == {"statement_number": ["CRF!C11"]}

    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            ({"figure": "opening_bank", "cells": "C12"}, "« C12 » n’est pas une case : écrivez par exemple CRF!C12."),
            ({"figure": "statement_day", "cells": "CRF!A1 ; CRF!A2"}, "Ce renseignement tient en une seule case."),
            ({"figure": "69900008", "cells": "CRF!A1"}, "Ce renseignement n’est pas de ceux que Retkoop lit."),
            ({"figure": "n’importe", "cells": "CRF!A1"}, "Ce renseignement n’est pas de ceux que Retkoop lit."),
            ({"figure": "opening_bank", "cell": "?"}, "Ce n’est pas la correspondance d’un classeur."),
            ({"figure": ""}, "Choisissez d’abord un renseignement."),
            ({"figure": "opening_bank", "version": "x"}, "Rechargez la page."),
        ],
    )
    def test_what_cannot_be_pointed_at_is_told(self, browser: Client, typed: dict[str, str], why: str) -> None:
        show(browser)
        assert told(browser.post(to("point_cell"), {**sent(draft()), **typed}, follow=True)) == [why]
        assert draft().content == {}

    def test_what_the_example_reads_is_told_and_what_it_does_not_hold(self, browser: Client, carole: AssociationAccess) -> None:
        drafted(carole)
        text = said(browser.get(to()))
        for figure in (
            "En banque au départ 790,00 € CRF!B2",
            "En caisse à la fin 21,50 € CRF!B5",
            "Numéro de ce relevé « 8 » CRF!C11",
            "Reçue le 1er décembre 2025 Aides!D2",
            "Combien de 20,00 € 1 Aides!B6",
            "Date de ce relevé nulle part",
        ):
            assert figure in text
        assert "renseignements ne sont nulle part dans ce classeur : vos coopératives les saisiront elles-mêmes." in text

    def test_a_cell_that_the_example_spoils_is_named(self, browser: Client, carole: AssociationAccess) -> None:
        drafted(carole, {**MAP, "opening_bank": ["CRF!A1"], "statement_day": ["CRF!A1"], "closing_cash": ["CRF!F60"]})
        text = said(browser.get(to()))
        assert "Feuille CRF, case A1 : « OCCE 91, compte rendu ». Ce montant n’est pas un nombre." in text
        assert "Feuille CRF, case A1 : « OCCE 91, compte rendu ». Cette date n’est pas lisible." in text
        assert "En caisse à la fin CRF!F60 · vide dans l’exemple" in text

    def test_a_draft_is_published_once_it_lacks_nothing(self, browser: Client, carole: AssociationAccess) -> None:
        show(browser)
        answer = browser.post(to("publish_workbook"), sent(draft(), year="2026-2027"), follow=True)
        assert told(answer)[0] == "Montrez « En banque au départ »."
        row = drafted(carole)
        answer = browser.post(to("publish_workbook"), sent(row, year="2025-2026"), follow=True)
        assert told(answer) == ["Vos coopératives peuvent envoyer ce classeur à partir de l’année 2025-2026."]
        assert "lu à partir de l’année 2025-2026. Cette version ne change plus." in said(answer)
        assert cells(answer) == []
        browser.post(to("show_workbook"), {"reprendre": "1"}, follow=True)
        assert (draft().number, draft().content, draft().example) == (2, row.content, row.example)
        assert told(browser.post(to("delete_workbook"), sent(draft()), follow=True)) == ["Le brouillon est supprimé."]

    def test_what_is_no_workbook_is_told(self, browser: Client) -> None:
        assert told(browser.post(to("show_workbook"), follow=True)) == ["Choisissez d’abord un classeur (XLSX, ODS)."]
        assert told(show(browser, b"un;texte")) == ["Ce fichier n’est pas un classeur (XLSX, ODS)."]
        assert told(browser.post(to("show_workbook"), {"reprendre": "1"}, follow=True)) == ["Montrez d’abord un classeur."]

    def test_whoever_shows_one_after_another_waits(self, browser: Client, carole: AssociationAccess) -> None:
        for _ in range(FREE_SENDINGS):
            count_sending(carole.association.chain)
        (refusal,) = told(show(browser))
        assert refusal.startswith("Trop d’essais. Attendez ")

    def test_what_stands_in_a_cell_is_no_code(self, browser: Client) -> None:
        show(browser, workbook({"<b>": [["<script>alert(1)</script>"]]}))
        answer = browser.get(to())
        assert (b"<script>alert" in answer.content, b"<b>!A1" in answer.content) == (False, False)

    def test_the_page_asks_as_much_whatever_the_map_holds(self, browser: Client, carole: AssociationAccess) -> None:
        show(browser)
        few = queries_of(browser, to())
        drafted(carole)
        assert queries_of(browser, to()) == few


class TestVerbs:
    def test_others_see_and_change_nothing(self, carole: AssociationAccess) -> None:
        row = drafted(carole)
        helper = accountant(RoleKind.ANIMATEUR, "bob")
        text = said(logged_in(helper.user).get(to()))
        assert ("Publier" in text, "790,00 €" in text) == (False, True)
        given: dict[str, Any] = {"access": helper, "key": row.pk, "version": row.version}
        for verb in (
            lambda: workbooks.show_example(access=helper, name="a", example={}),
            lambda: workbooks.new_draft(access=helper),
            lambda: workbooks.change_map(**given, content=read_map({})),
            lambda: workbooks.publish(**given, year=YEAR),
            lambda: workbooks.delete_draft(access=helper, key=row.pk),
        ):
            with pytest.raises(Refused, match="l’affaire de ses comptables"):
                verb()
        assert told(show(logged_in(helper.user))) == [plain(workbooks.NOT_YOURS)]

    def test_a_published_version_never_changes(self, carole: AssociationAccess) -> None:
        row = published(carole)
        given: dict[str, Any] = {"access": carole, "key": row.pk, "version": row.version}
        for verb in (
            lambda: workbooks.change_map(**given, content=read_map({})),
            lambda: workbooks.publish(**given, year=YEAR),
            lambda: workbooks.delete_draft(access=carole, key=row.pk),
        ):
            with pytest.raises(Refused) as refused:
                verb()
            assert str(refused.value) == workbooks.PUBLISHED

    def test_two_people_at_once(self, carole: AssociationAccess) -> None:
        row = drafted(carole)
        given: dict[str, Any] = {"access": carole, "key": row.pk}
        with pytest.raises(Refused) as refused:
            workbooks.change_map(**given, version=row.version - 1, content=read_map({}))
        assert str(refused.value) == workbooks.CHANGED
        workbooks.delete_draft(**given)
        workbooks.delete_draft(**given)
        with pytest.raises(Refused) as refused:
            workbooks.publish(**given, version=row.version, year=YEAR)
        assert str(refused.value) == workbooks.GONE

    def test_another_association_reaches_nothing(self, carole: AssociationAccess) -> None:
        row = drafted(carole)
        with pytest.raises(InvalidMap):
            workbooks.change_map(access=carole, key=row.pk, version=row.version, content=read_map({"69900008": ["CRF!A1"]}))
        WorkbookVersion.objects.filter(pk=row.pk).update(association_id=carole.association.pk + 1)
        with pytest.raises(Refused) as refused:
            workbooks.publish(access=carole, key=row.pk, version=row.version, year=YEAR)
        assert str(refused.value) == workbooks.GONE

    def test_each_change_is_in_the_trail_once(self, carole: AssociationAccess) -> None:
        row = published(carole)
        workbooks.new_draft(access=carole)
        again = workbooks.show_example(access=carole, name="autre.ods", example=row.example)
        workbooks.show_example(access=carole, name="autre.ods", example=row.example)
        workbooks.change_map(access=carole, key=again.pk, version=again.version, content=read_map(row.content))
        workbooks.delete_draft(access=carole, key=again.pk)
        events = AuditEvent.objects.filter(chain="ad 91", action__startswith="workbook.").order_by("sequence")
        assert list(events.values_list("action", flat=True)) == [
            *("workbook.drafted", "workbook.pointed", "workbook.published"),
            *("workbook.drafted", "workbook.shown", "workbook.deleted"),
        ]
        assert list(faults()) == []


class TestExample:
    def test_only_the_first_cells_are_kept(self) -> None:
        kept = sheets_in(
            example_of({"A": [["x"] * 40] * 300, "vide": [["", ""]], "L\u0000": [["y"]], "n": [[float("inf"), "a\u0000" + "b" * 99]]})
        )
        assert (len(kept["A"]), len(kept["A"][0]), kept["vide"], list(kept)) == (200, 26, [], ["A", "vide", "n"])
        assert kept["n"] == [["inf", "a " + "b" * 78]]

    def test_a_workbook_without_a_sheet_is_refused(self) -> None:
        with pytest.raises(UnreadableFile):
            example_of({})

    def test_cells_are_shown_as_people_read_them(self) -> None:
        kept = sheets_in(example_of({"A": [[True, False, 12.5, 3.0, "x"]]}))
        assert shown(kept["A"])[0][:6] == ["VRAI", "FAUX", "12,50", "3", "x", ""]
