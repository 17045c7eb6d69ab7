"""The ministry's directory: taken in by a command and by two pages, coops opened from it, what differs told."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from retkoop.audit.models import AuditEvent
from retkoop.audit.queries import faults
from retkoop.audit.services import SYSTEM
from retkoop.domain.directory import UnreadableDirectory
from retkoop.domain.rne import control_letter
from retkoop.network import directory
from retkoop.network.directory_queries import differing_coops
from retkoop.network.models import Coop, DepartmentalAssociation, DirectoryImport, School
from retkoop.network.services import create_coop
from retkoop.users.models import User
from tests.cast import association, logged_in, make_coop
from tests.directory import EXTRACT
from tests.pages import controls, links, main_text, notices, title

HEADER = "Identifiant_de_l_etablissement;Nom_etablissement;Nom_commune;Mail;nom_circonscription;etat"
TILLEULS = "0910620E;Ecole des Tilleuls;Massy;ce.0910620E@ac-versailles.fr;Circonscription d'inspection du 1er degré de Massy;OUVERT"


def uai(number: int, department: str = "091") -> str:
    digits = f"{department}{number:04d}"
    return digits + control_letter(digits)


def row(number: int, name: str = "École du Parc", commune: str = "Évry", state: str = "OUVERT", department: str = "091") -> str:
    return f"{uai(number, department)};{name};{commune};;Évry 1;{state}"


def taken(*rows: str, header: str = HEADER, encoding: str = "utf-8", association: DepartmentalAssociation | None = None) -> dict[str, int]:
    content = "\r\n".join([header, *rows]).encode(encoding)
    told = directory.import_schools(author=SYSTEM, file=io.BytesIO(content), file_name="annuaire.csv", association=association)
    return dict(told.counts)


def sent(*rows: str, header: str = HEADER) -> dict[str, object]:
    return {"annuaire": SimpleUploadedFile("annuaire.csv", "\n".join([header, *rows]).encode())}


def test_the_real_extract_by_the_command(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_schools", str(EXTRACT))
    assert capsys.readouterr() == ("Annuaire repris de annuaire-094-2026.csv : 613\u00a0nouvelles écoles.\n", "")
    school = School.objects.get(uai="0940176F")
    assert (school.department, school.name, school.commune, school.circonscription, school.state) == (
        "94",
        "École élémentaire Robert Doisneau",
        "Fresnes",
        "Fresnes",
        "open",
    )
    call_command("import_schools", str(EXTRACT))
    assert capsys.readouterr().out == "Annuaire repris de annuaire-094-2026.csv : 613\u00a0écoles inchangées.\n"
    assert School.objects.count() == 613


def test_five_broken_rows_are_told_and_the_rest_is_taken_in(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = EXTRACT.read_bytes().split(b"\r\n")
    rows[1] = rows[1].replace(b"0940176F", b"0940176G", 1)
    rows[3] = b";".join(rows[3].split(b";")[:20])
    rows[5] = rows[5].replace("é".encode(), b"\xe9")
    rows[7] = rows[7].replace(b"094", b"94", 1)
    rows[9] = b'"' + rows[9]
    file = tmp_path / "annuaire.csv"
    file.write_bytes(b"\r\n".join(rows))
    call_command("import_schools", str(file))
    out, told = capsys.readouterr()
    assert out == "Annuaire repris de annuaire.csv : 608\u00a0nouvelles écoles, 5\u00a0lignes refusées.\n"
    assert told.splitlines() == [
        "Attention : 5\u00a0lignes refusées, le reste est repris.",
        "  ligne 2 : la clé du numéro 0940176G est fausse\u202f: d’après ses chiffres, ce serait F",
        "  ligne 4 : elle a 20 colonnes au lieu de 71",
        "  ligne 6 : des caractères y sont illisibles",
        f"  ligne 8 : «\u00a0{rows[7].split(b';')[0].decode()}\u00a0» n’est pas un numéro d’établissement",
        "  ligne 10 : ses guillemets ne sont pas fermés",
    ]
    assert (School.objects.count(), [line for line, _ in DirectoryImport.objects.get().refusals]) == (608, [2, 4, 6, 8, 10])


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", "Ce fichier est vide."),
        (b"PK\x03\x04\x14\x00", "Ce fichier est un classeur ou une archive\u202f: enregistrez-le en CSV, ou décompressez-le."),
        (b"\x1f\x8b\x08", "Ce fichier est compressé\u202f: décompressez-le d’abord."),
        (b"uai;nom\n\0\0", "Ce fichier n’est pas du texte\u202f: prenez l’annuaire au format CSV."),
        (b"uai;nom\n" + b"x" * 30_000, "Une ligne de ce fichier n’a pas de fin\u202f: ce n’est pas l’annuaire des établissements."),
        (b"uai;nom\n12;x\n", "Aucune ligne n’a pu être lue. Ligne 2\u202f: «\u00a012\u00a0» n’est pas un numéro d’établissement."),
        (b"uai;nom\n", "Ce fichier n’a aucune école."),
    ],
)
def test_a_file_of_which_nothing_can_be_read(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, refusal: str
) -> None:
    file = tmp_path / "annuaire.csv"
    file.write_bytes(content)
    with pytest.raises(SystemExit) as stop:
        call_command("import_schools", str(file))
    assert (stop.value.code, capsys.readouterr().err, DirectoryImport.objects.count()) == (1, f"{refusal}\n", 0)


def test_files_that_are_none(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(SystemExit):
            call_command("import_schools", str(file))
    assert capsys.readouterr().err == (
        f"Le fichier « {tmp_path}/absent.csv » n’existe pas.\n"
        f"« {tmp_path} » ne peut pas être lu : ce n’est pas un fichier, ou il vous est fermé.\n"
    )


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_encodings(db: None, encoding: str) -> None:
    assert taken(row(1, "École d’Évry"), encoding=encoding) == {"new": 1}
    assert School.objects.get().name == "École d’Évry"


def test_a_year_with_other_columns(db: None) -> None:
    header = "Etat établissement;Commune;numero_uai;Appellation officielle;Secteur Public/Privé;date_ouverture"
    assert taken(f"Ouvert;Évry;{uai(1)};École du Parc;Public;1990-09-01", header=header) == {"new": 1}
    school = School.objects.get()
    assert (school.name, school.commune, school.sector, str(school.opened_on)) == ("École du Parc", "Évry", "public", "1990-09-01")


def test_what_became_of_the_rows(db: None) -> None:
    taken(row(1), row(2), row(3), row(4))
    counts = taken(row(1), row(2, name="École Freinet"), row(3, state="FERME"), row(5), row(5), "12;x;;;;")
    assert counts == {"new": 1, "changed": 2, "unchanged": 1, "closed": 1, "twice": 1, "refused": 1, "missing": 1}
    assert {one.uai: (one.name, one.state) for one in School.objects.filter(uai__in=[uai(2), uai(3)])} == {
        uai(2): ("École Freinet", "open"),
        uai(3): ("École du Parc", "closed"),
    }
    assert School.objects.count() == 5


def test_an_import_is_one_event_of_its_chain(ad: DepartmentalAssociation) -> None:
    taken(row(1), row(2, department="092"))
    taken(row(1), row(2, department="092"), association=ad)
    events = AuditEvent.objects.filter(action="directory.imported").order_by("pk")
    assert [event.chain_id for event in events] == ["federation", "ad 91"]
    last = events[1].after
    assert last is not None
    assert (last["file_name"], len(last["sha256"]), last["counts"]) == ("annuaire.csv", 64, {"unchanged": 1, "elsewhere": 1})
    assert list(faults()) == []


def test_an_import_never_renames_a_coop_and_tells_its_circonscription(
    coop: Coop, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    make_coop("0910620E", "Les Tilleuls", "Massy")
    known = make_coop(uai(1))
    Coop.objects.filter(pk=known.pk).update(circonscription="À nous")
    file = tmp_path / "annuaire.csv"
    file.write_text("\n".join([HEADER, TILLEULS, row(1)]), encoding="utf-8")
    call_command("import_schools", str(file))
    assert capsys.readouterr().out.splitlines()[1] == "Circonscription indiquée à 1\u00a0coopérative."
    told = Coop.objects.order_by("rne").values_list("rne", "name", "circonscription")
    assert set(told) == {("0910000A", coop.name, ""), ("0910620E", "Les Tilleuls", "Massy"), (uai(1), coop.name, "À nous")}
    assert "massy" in Coop.objects.get(rne="0910620E").words


def test_a_new_coop_knows_the_circonscription_of_its_school(db: None) -> None:
    taken(TILLEULS)
    coop = create_coop(author=SYSTEM, rne="0910620E", name="Tilleuls")
    assert (coop.circonscription, coop.words) == ("Massy", "0910620e tilleuls massy")


def test_an_ad_takes_in_its_own_schools(adele: User, coop: Coop) -> None:
    client = logged_in(adele)
    answer = client.post("/ad/91/annuaire/", sent(TILLEULS, row(7, department="092"), "12;x;;;;"), follow=True)
    assert notices(answer) == [
        "L’annuaire est repris\u202f: 1\u00a0nouvelle école, 1\u00a0école d’un autre département laissée de côté, 1\u00a0ligne refusée."
    ]
    assert [school.uai for school in School.objects.all()] == ["0910620E"]
    assert "Ligne 4\u202f: «\u00a012\u00a0» n’est pas un numéro d’établissement" in main_text(answer)


def test_the_federation_takes_in_the_country_and_the_worker_tells_the_circonscriptions(federation: User, coop: Coop) -> None:
    make_coop("0910620E", "Les Tilleuls", "Massy")
    answer = logged_in(federation).post("/federation/annuaire/", sent(TILLEULS, row(7, department="092")), follow=True)
    assert (title(answer), School.objects.count()) == ("Annuaire des écoles", 2)
    assert Coop.objects.get(rne="0910620E").circonscription == ""
    directory.fill_later.call("91")
    assert Coop.objects.get(rne="0910620E").circonscription == "Massy"


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        ({}, "Choisissez le fichier de l’annuaire."),
        (sent(row(7, department="092")), "Ce fichier n’a aucune école du département 91."),
        ({"annuaire": SimpleUploadedFile("a.csv", b"date;montant\n")}, "Ce fichier n’est pas l’annuaire des établissements"),
    ],
)
def test_a_file_that_is_refused_is_told_on_the_page(adele: User, data: dict[str, object], refusal: str) -> None:
    answer = logged_in(adele).post("/ad/91/annuaire/", data)
    assert (answer.status_code, School.objects.count(), [refusal in said for said in notices(answer)]) == (422, 0, [True])


def test_a_huge_file_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "LARGEST_FILE", 100)
    with pytest.raises(UnreadableDirectory, match="ce n’est pas l’annuaire des établissements"):
        taken(TILLEULS, TILLEULS)
    monkeypatch.undo()
    monkeypatch.setattr(directory, "MOST_ROWS", 1)
    with pytest.raises(UnreadableDirectory, match="Ce fichier a plus de 1 lignes"):
        taken(TILLEULS, row(1))


class Cut(io.BytesIO):
    """A file that its disk does not give to the end, the second time that it is read."""

    def read1(self, size: int | None = -1) -> bytes:
        if self.tell() > 200_000:
            raise OSError("le disque ne répond pas")
        return super().read1(size)


def test_it_is_taken_in_by_short_transactions_and_cut_short_it_goes_on_anew(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "BATCH", 50)
    with pytest.raises(OSError, match="ne répond pas"):
        directory.import_schools(author=SYSTEM, file=Cut(EXTRACT.read_bytes()), file_name="annuaire.csv")
    there = School.objects.count()
    assert (there % 50, 0 < there < 613, DirectoryImport.objects.count()) == (0, True, 0)
    told = directory.import_schools(author=SYSTEM, file=io.BytesIO(EXTRACT.read_bytes()), file_name="annuaire.csv")
    assert told.counts == {"new": 613 - there, "unchanged": there}


def test_what_differs_is_listed_and_taken_over(adele: User, coop: Coop) -> None:
    create_coop(author=SYSTEM, rne="0910620E", name="Les Tilleuls", commune="MASSY")
    taken(TILLEULS)
    client = logged_in(adele)
    assert "0910620E Les Tilleuls MASSY Nom\u202f: École des Tilleuls" in main_text(client.get("/ad/91/annuaire/"))
    page = client.get("/ad/91/coops/0910620E/")
    assert "Nom École des Tilleuls au lieu de Les Tilleuls Reprendre ce nom" in main_text(page)
    client.post("/ad/91/coops/0910620E/annuaire/", {"champ": "name"})
    event = AuditEvent.objects.get(action="coop.renamed")
    assert event.after is not None
    assert (event.after["name"], event.after["change_reason"]) == ("École des Tilleuls", "Repris de l’annuaire du ministère")
    assert User.objects.get(username="0910620E").name == "École des Tilleuls"
    assert [[each.field for each in one.told.differences] for one in differing_coops(association())] == [["circonscription"]]


@pytest.fixture
def search(adele: User) -> Callable[..., str]:
    """Type something on the page of a new coop; return what is proposed."""
    taken(
        TILLEULS,
        row(1, "École Pasteur", "Massy"),
        row(2, "École Freinet", "Évry", state="FERME"),
        row(3, "École Ailleurs", department="092"),
    )
    client = logged_in(adele)

    def typed(words: str, *ticked: str) -> str:
        answer = client.get("/ad/91/coops/nouvelle/", {"q": words, "rne": ticked}, headers={"HX-Request": "true"})
        return " ".join(f"{'x' if 'checked' in one else '-'}{one['value']}" for one in controls(answer, "rne"))

    return typed


def test_schools_are_proposed_while_typing(search: Callable[..., str]) -> None:
    first = uai(1)
    found = [search(words) for words in ("massy", "tilleuls massy", "0910620", "EVRY", "ailleurs", "")]
    assert found == [f"-{first} -0910620E", "-0910620E", "-0910620E", "", "", ""]
    assert search("tilleuls", first) == f"x{first} -0910620E"


def test_all_those_ticked_are_opened_and_those_there_are_told(adele: User) -> None:
    taken(TILLEULS, row(1, "École Pasteur", "Massy"), row(3, department="092"))
    create_coop(author=SYSTEM, rne=uai(1), name="Pasteur")
    client = logged_in(adele)
    answer = client.post("/ad/91/coops/annuaire/", {"rne": ["0910620E", uai(1), uai(3, "092"), "x"]}, follow=True)
    assert notices(answer) == [f"Elle était déjà là\u202f: {uai(1)}.", "1\u00a0coopérative est ouverte et attend d’être activée."]
    coop = Coop.objects.get(rne="0910620E")
    assert (coop.name, coop.commune, coop.email, coop.circonscription) == (
        "École des Tilleuls",
        "Massy",
        "ce.0910620e@ac-versailles.fr",
        "Massy",
    )
    assert (title(answer), Coop.objects.count()) == ("Activations", 2)


def test_nothing_ticked_is_told(adele: User) -> None:
    answer = logged_in(adele).post("/ad/91/coops/annuaire/", follow=True)
    assert (title(answer), notices(answer)) == ("Ajouter une coopérative", ["Cochez d’abord une école de l’annuaire."])


def test_few_queries_whatever_the_size(adele: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    taken(*(row(number, f"École {number}") for number in range(1, 60)))
    client = logged_in(adele)
    client.post("/ad/91/coops/annuaire/", {"rne": [uai(number) for number in range(1, 30)]})
    Coop.objects.update(name="Autre")
    for address in ("/ad/91/annuaire/", "/ad/91/coops/nouvelle/?q=ecole", f"/ad/91/coops/{uai(3)}/", "/ad/91/activations/"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_the_way_to_it(adele: User, bob: User) -> None:
    assert "/ad/91/coops/nouvelle/" in links(logged_in(adele).get("/ad/91/annuaire/"))
    page = logged_in(bob).get("/ad/91/annuaire/")
    assert (controls(page, "annuaire"), logged_in(bob).post("/ad/91/annuaire/").status_code) == ([], 404)
