"""The sheet holds what the page shows, in its order, with the types that a spreadsheet knows."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from retkoop.audit.services import SYSTEM
from retkoop.network.models import Coop
from retkoop.network.services import give_mandate
from retkoop.oversight.board.exporting import COLUMNS
from retkoop.users.models import User
from tests.cast import logged_in, make_coop
from tests.oversight.board.at_hand import JAURES, NEW, PORT, TILLEULS, an_association
from tests.oversight.board.test_board import rows
from tests.pages import main_text

Cells = list[dict[str, object]]


@pytest.fixture
def client(bob: User) -> Client:
    return logged_in(bob)


def sheet(client: Client, query: str = "") -> Cells:
    answer = client.get(f"/ad/91/tableau.xlsx{query}")
    [heads, *lines] = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert heads == [column.title for column in COLUMNS]
    return [dict(zip(map(str, heads), line, strict=True)) for line in lines]


def test_it_is_the_page(client: Client) -> None:
    an_association()
    for asked in ("", "?tri=-rne", "?etat=pas-pret", "?circo=%C3%89vry&tri=ecole", "?q=lyon"):
        page = rows(main_text(client.get(f"/ad/91/{asked}")).partition("Suivie par")[2])
        assert [line["RNE"] for line in sheet(client, asked)] == page


def test_each_cell_has_its_type(client: Client) -> None:
    keepers = an_association()
    give_mandate(author=SYSTEM, coop=keepers[PORT].coop, holder="Mme Long", start=date(2025, 9, 1), end=date(2026, 12, 31))
    jaures, tilleuls, port, new = sheet(client)
    assert [line["RNE"] for line in (jaures, tilleuls, port, new)] == [JAURES, TILLEULS, PORT, NEW]
    assert (jaures["Dernière opération"], jaures["Opérations"], jaures["Justificatifs manquants"]) == (date(2025, 10, 2), 1, 1)
    assert (port["Fin du mandat"], port["État"], port["CRF"], port["En retard"]) == (date(2026, 12, 31), "Fini", "Validé", "non")
    assert (tilleuls["État"], tilleuls["Mandataire"], tilleuls["Compte activé"]) == ("Prêt", "M. Petit", "oui")
    assert (port["CRA"], port["Quitus"], port["Signatures attendues"]) == ("à remplir", "à signer", 3)
    assert (new["Dernière opération"], new["Compte activé"], new["Ce qui manque"]) == (
        "",
        "non",
        "Aucun mandat, Compte à activer, Rien de saisi, CRA à remplir, 2 signatures manquent",
    )


def test_nothing_in_it_is_run_as_a_formula(client: Client) -> None:
    make_coop(NEW, '=HYPERLINK("http://ailleurs.fr")', "+33")
    coop = Coop.objects.get(rne=NEW)
    give_mandate(author=SYSTEM, coop=coop, holder="@SOMME(A1)", start=date(2025, 9, 1))
    [line] = sheet(client)
    assert (line["École"], line["Commune"], line["Mandataire"]) == ('\'=HYPERLINK("http://ailleurs.fr")', "'+33", "'@SOMME(A1)")


def test_its_heads_stay_in_sight_and_its_filters_are_ready(client: Client) -> None:
    an_association()
    answer = client.get("/ad/91/tableau.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        xml = file.read("xl/worksheets/sheet1.xml").decode()
    assert ('state="frozen"' in xml, '<autoFilter ref="A1:AG5"' in xml, "<f>" in xml) == (True, True, False)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cooperatives-91-2025-2026.xlsx"'
