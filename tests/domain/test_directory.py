from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from retkoop.domain.directory import BrokenRow, DirectoryEntry, Reading, SchoolState, StrangeRow, UnreadableDirectory, read_directory
from tests.directory import EXTRACT

HEADER = "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Nom_commune;Mail;etat"
ROW = "0940176F;Ecole Robert Doisneau;Ecole;Fresnes;ce.0940176F@ac-creteil.fr;OUVERT"
DOISNEAU = DirectoryEntry("0940176F", "École Robert Doisneau", "École", commune="Fresnes", email="ce.0940176f@ac-creteil.fr")


def read(*lines: str) -> list[Reading]:
    return list(read_directory(f"{line}\n" for line in lines))


def lines_of(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8-sig").splitlines(keepends=True)


def test_a_row_is_a_school() -> None:
    assert read(HEADER, ROW, "", ROW) == [DOISNEAU, DOISNEAU]


def test_the_real_extract_is_read_whole() -> None:
    rows = list(read_directory(lines_of(EXTRACT)))
    assert [type(row) for row in rows] == [DirectoryEntry] * 613
    assert rows[0] == DirectoryEntry(
        uai="0940176F",
        name="École élémentaire Robert Doisneau",
        kind="École élémentaire",
        sector="public",
        address="Allée du Puits",
        postcode="94260",
        commune="Fresnes",
        academy="Créteil",
        circonscription="Fresnes",
        email="ce.0940176f@ac-creteil.fr",
        phone="0172045505",
        opened_on=date(1965, 5, 1),
    )
    inspections = {row.circonscription for row in rows if isinstance(row, DirectoryEntry)}
    assert (len(inspections), {"Orly", "Arcueil", "Champigny-sur-Marne 2"} <= inspections) == (24, True)


def test_another_year_has_other_columns_in_another_order() -> None:
    header = "Etat établissement,Secteur Public/Privé,Commune,Code établissement,Appellation officielle,Nature,Date ouverture"
    row = '3,Privé,"Évry, centre",0910620E,École des Tilleuls,ECOLE DE NIVEAU ELEMENTAIRE,01/09/1998'
    assert read(header, row) == [
        DirectoryEntry(
            uai="0910620E",
            name="École des Tilleuls",
            kind="École élémentaire",
            sector="privé",
            commune="Évry, centre",
            state=SchoolState.CLOSED,
            opened_on=date(1998, 9, 1),
        )
    ]


@pytest.mark.parametrize(
    "header", ["numero_uai;nom", "UAI;NOM", "N° UAI;Nom de l’établissement", "\ufeffRNE\tLibellé établissement", "rne,nom"]
)
def test_headers_are_known_by_any_of_their_names(header: str) -> None:
    mark = next(mark for mark in ";\t," if mark in header)
    assert read(header, f"0940176f{mark}Doisneau") == [DirectoryEntry("0940176F", "Doisneau")]


def test_the_line_that_excel_writes_first_is_passed_over() -> None:
    assert read("sep=;", "uai;nom", "0940176F;Doisneau") == [DirectoryEntry("0940176F", "Doisneau")]


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        (
            ROW.replace("0940176F", "0940176A"),
            BrokenRow(2, "la clé du numéro 0940176A est fausse\u202f: d’après ses chiffres, ce serait F"),
        ),
        (ROW.replace("0940176F", "94176F"), BrokenRow(2, "«\u00a094176F\u00a0» n’est pas un numéro d’établissement")),
        (ROW.replace("0940176F", " "), BrokenRow(2, "le numéro de l’établissement manque")),
        (ROW.replace("Ecole Robert Doisneau", ""), BrokenRow(2, "l’établissement 0940176F n’a pas de nom")),
        ("0940176F;Doisneau", BrokenRow(2, "elle a 2 colonnes au lieu de 6")),
        ("0940176F", BrokenRow(2, "elle a 1 colonne au lieu de 6")),
        (f"{ROW};trop", BrokenRow(2, "elle a 7 colonnes au lieu de 6")),
        (ROW.replace("Doisneau", "Doisn\udce9au"), BrokenRow(2, "des caractères y sont illisibles")),
        (ROW.replace("Fresnes", '"Fresnes'), BrokenRow(2, "ses guillemets ne sont pas fermés")),
    ],
)
def test_a_broken_row_is_told_and_the_next_one_read(row: str, broken: BrokenRow) -> None:
    good = [ROW] * 6
    assert read(HEADER, row, *good) == [broken, *[DOISNEAU] * 6]


def test_quotes_that_two_rows_left_open_swallow_nothing_between_them() -> None:
    wrong = ROW.replace("Fresnes", '"Fresnes')
    rows = read(HEADER, wrong, ROW, wrong)
    assert rows == [BrokenRow(2, "ses guillemets ne sont pas fermés"), DOISNEAU, BrokenRow(4, "ses guillemets ne sont pas fermés")]


def test_a_cell_may_hold_a_line_end_and_quotes() -> None:
    cell = ROW.replace("Ecole Robert Doisneau", '"Ecole ""Robert""\nDoisneau"')
    assert read(HEADER, *cell.split("\n")) == [
        DirectoryEntry("0940176F", 'École "Robert" Doisneau', "École", commune="Fresnes", email=DOISNEAU.email)
    ]


def test_cells_too_many_that_are_empty_are_no_harm() -> None:
    assert read(HEADER, f"{ROW}; ;") == [DOISNEAU]


def test_signs_that_cannot_be_seen_are_left_out() -> None:
    assert read("uai;nom", "0940176F;École\u202e\u00a0 des  Tilleuls") == [DirectoryEntry("0940176F", "École des Tilleuls")]


@pytest.mark.parametrize(
    ("kind", "nature", "found"),
    [
        ("Ecole", "ECOLE MATERNELLE D APPLICATION", "École maternelle d’application"),
        ("Collège", "", "Collège"),
        ("Lycée", "LYCEE POLYVALENT", "Lycée"),
        ("Médico-social", "ETABLISSEMENT MEDICAL", "Médico-social"),
        ("", "ETABLISSEMENT SCOLAIRE", "Etablissement scolaire"),
        ("", "", ""),
    ],
)
def test_what_a_school_is(kind: str, nature: str, found: str) -> None:
    assert read("uai;nom;type etablissement;libelle nature", f"0940176F;Doisneau;{kind};{nature}") == [
        DirectoryEntry("0940176F", "Doisneau", found)
    ]


@pytest.mark.parametrize(
    "row",
    [
        "0940927X;Inspection de Fresnes;Service Administratif;",
        "0940879V;CIO de Créteil;Information et orientation;",
        "0940879V;CIO de Créteil;;CENTRE D INFORMATION ET D ORIENTATION",
        "9990001K;École française de Rome;Ecole;",
    ],
)
def test_what_is_no_school_of_the_network_is_set_aside(row: str) -> None:
    from retkoop.domain.rne import control_letter  # noqa: PLC0415 -- the right letter of whatever number

    digits = row[:7]
    assert read("uai;nom;type etablissement;libelle nature", digits + control_letter(digits) + row[8:]) == [StrangeRow(2)]


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ("OUVERT", SchoolState.OPEN),
        ("", SchoolState.OPEN),
        ("A FERMER", SchoolState.CLOSING),
        ("A OUVRIR", SchoolState.OPENING),
        ("Fermé", SchoolState.CLOSED),
        ("3", SchoolState.CLOSED),
    ],
)
def test_the_state_of_a_school(told: str, state: SchoolState) -> None:
    assert read("uai;nom;etat", f"0940176F;Doisneau;{told}") == [DirectoryEntry("0940176F", "Doisneau", state=state)]


@pytest.mark.parametrize("told", ["2024-02-30", "hier", ""])
def test_a_day_that_is_none_is_left_out(told: str) -> None:
    assert read("uai;nom;date_ouverture", f"0940176F;Doisneau;{told}") == [DirectoryEntry("0940176F", "Doisneau")]


def test_what_is_no_address_is_left_out() -> None:
    assert read("uai;nom;mail", "0940176F;Doisneau;sans objet") == [DirectoryEntry("0940176F", "Doisneau")]


@pytest.mark.parametrize("told", ["Vincennes", "Circonscription de Vincennes", "Circonscription d'inspection du 1er degré de Vincennes"])
def test_a_circonscription_is_called_by_its_place(told: str) -> None:
    assert read("uai;nom;nom_circonscription", f"0940176F;Doisneau;{told}") == [
        DirectoryEntry("0940176F", "Doisneau", circonscription="Vincennes")
    ]


@pytest.mark.parametrize("lines", [[], ["", "  "]])
def test_an_empty_file_is_refused(lines: list[str]) -> None:
    with pytest.raises(UnreadableDirectory, match="Ce fichier est vide"):
        read(*lines)


@pytest.mark.parametrize("header", ["date;libellé;montant", 'uai;"nom', "uai"])
def test_a_file_without_these_columns_is_refused(header: str) -> None:
    with pytest.raises(UnreadableDirectory, match="Ce fichier n’est pas l’annuaire des établissements"):
        read(header, ROW)
