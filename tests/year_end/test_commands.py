"""`retkoop crf` and `retkoop check`: the figures, the refusals, the exit status."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError

from retkoop.books.models import Book
from retkoop.domain.reports.crf import findings_as_json
from retkoop.network.access import Access
from retkoop.year_end.crf import findings_of
from tests.banking.books_at_hand import YEAR, open_year
from tests.books.test_import_book import run_command
from tests.worked_examples import WORKED_EXAMPLES, WorkedExample
from tests.year_end.papers import words

OPTIONS = ("--coop", "0910000A", "--year", "2025-2026")
CHEQUE = "Le chèque n° 2000104 du 2 juillet 2026 (64,20 €) n’est sur aucun relevé depuis 60 jours : relancez son bénéficiaire."
STATEMENT = "Le relevé bancaire de juillet n’est pas dans les documents : il accompagne le compte rendu financier."


IN_WORDS = [
    "Compte rendu financier 2025-2026 (projet)",
    "École Jean-Jaurès (0910000A), OCCE 91 · Essonne",
    "",
    "CHARGES",
    "616 Assurances versées 16,25 €",
    "618 Charges des activités éducatives 464,70 €",
    "628 Cotisations versées à l’OCCE 133,25 €",
    "Total des charges 614,20 €",
    "PRODUITS",
    "741 Subventions de l’État et des collectivités 300,00 €",
    "756 Participations volontaires des familles 526,50 €",
    "Total des produits 826,50 €",
    "Résultat 212,30 €",
    "",
    "BILAN (équilibré)",
    "Banque 1 028,20 €",
    "Caisse 21,50 €",
    "Régies d’avance 0,00 €",
    "Total de l’actif 1 049,70 €",
    "Report à nouveau 837,40 €",
    "Résultat 212,30 €",
    "Total du passif 1 049,70 €",
    "",
    "RAPPROCHEMENT (1 opération non pointée)",
    "02/07/2026 D05 Livres pour la bibliothèque −64,20 €",
    "Solde du relevé 1 092,40 €",
    "Solde comptable 1 028,20 €",
    "Écart 0,00 €",
    "",
    "CAISSE (comptée le 31 août 2026)",
    "Espèces comptées 21,50 €",
    "Solde comptable 21,50 €",
    "Écart 0,00 €",
    "",
    "SUBVENTIONS",
    "20/01/2026 Mairie, Subvention, projet musée 300,00 €",
    "",
    "CONTRÔLES",
    f"Alerte D05 : {CHEQUE}",
    f"Alerte : {STATEMENT}",
]


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.django_db
@pytest.mark.parametrize("example", WORKED_EXAMPLES, ids=lambda example: example.name)
def test_an_imported_worked_example_gives_exactly_its_crf(example: WorkedExample) -> None:
    options = ("--coop", example.rne, "--year", example.year)
    assert run_command("import_book", str(example.file), *options, "--create")[0] == 0
    status, out, err = run_command("crf", *options, "--json", "--date", f"{example.year[5:]}-09-20")
    said = json.loads(out)
    findings = said.pop("findings")
    assert (status, err, said) == (0, "", example.crf)
    assert list(said) == list(example.crf)
    book = Book.objects.select_related("coop__association").get(coop__rne=example.rne)
    assert findings == findings_as_json(findings_of(book, date(int(example.year[5:]), 9, 20)))


@pytest.mark.usefixtures("book")
def test_json_is_one_readable_object_with_its_keys_in_order() -> None:
    _, out, _ = run_command("crf", *OPTIONS, "--json", "--date", "2026-09-20")
    assert "Participations" not in out
    assert '"libelle": "Livres pour la bibliothèque"' in out
    assert json.loads(out)["findings"] == [
        {
            "code": "cheque-non-pointe",
            "severity": "alerte",
            "message": CHEQUE.replace(" :", "\u202f:").replace(" €", "\u202f€"),
            "piece": "D05",
        },
        {"code": "releve-manquant", "severity": "alerte", "message": STATEMENT.replace(" :", "\u202f:"), "piece": None},
    ]


@pytest.mark.usefixtures("book")
def test_findings_are_those_of_today_unless_a_day_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retkoop.year_end.management.commands.check.localdate", lambda: date(2026, 7, 3))
    monkeypatch.setattr("retkoop.year_end.management.commands.crf.localdate", lambda: date(2026, 7, 3))
    assert run_command("check", *OPTIONS, "--json") == (0, "[]\n", "")
    assert json.loads(run_command("crf", *OPTIONS, "--json")[1])["findings"] == []
    assert len(json.loads(run_command("check", *OPTIONS, "--json", "--date", "20/09/2026")[1])) == 2


@pytest.mark.usefixtures("book")
def test_check_in_words() -> None:
    status, out, err = run_command("check", *OPTIONS, "--date", "2026-09-20")
    assert (status, plain(out), err) == (0, f"Alerte D05 : {CHEQUE}\nAlerte : {STATEMENT}\n", "")
    assert run_command("check", *OPTIONS, "--date", "2026-07-03")[1] == "Bravo, les contrôles ne trouvent rien à corriger.\n"


@pytest.mark.usefixtures("finished")
def test_crf_in_words() -> None:
    status, out, err = run_command("crf", *OPTIONS, "--date", "2026-09-20")
    lines = [" ".join(plain(line).split()) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert lines == IN_WORDS


@pytest.mark.usefixtures("finished")
def test_crf_on_paper(tmp_path: Path) -> None:
    file = tmp_path / "crf.pdf"
    assert run_command("crf", *OPTIONS, "--pdf", str(file), "--date", "2026-09-20") == (0, "", "")
    assert "Édité avec Retkoop le 20 septembre 2026" in words(file.read_bytes())


@pytest.mark.usefixtures("book")
def test_paper_and_json_together(tmp_path: Path) -> None:
    file = tmp_path / "crf.pdf"
    _, out, _ = run_command("crf", *OPTIONS, "--json", "--pdf", str(file))
    assert (json.loads(out)["coop"], file.exists()) == ("0910000A", True)


@pytest.mark.usefixtures("book")
def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "absent" / "crf.pdf"
    status, out, err = run_command("crf", *OPTIONS, "--pdf", str(file))
    assert (status, out, plain(err)) == (1, "", f"« {file} » ne peut pas être écrit : vérifiez le dossier et vos droits.\n")


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize("command", ["crf", "check"])
def test_a_coop_or_a_year_that_is_not_there(command: str) -> None:
    for coop in ("0910000A", "0000000X"):
        status, out, err = run_command(command, "--coop", coop, "--year", "2025-2026", "--json")
        assert (status, out, plain(err)) == (1, "", f"La coopérative « {coop} » n’a pas de cahier 2025-2026.\n")
    status, _, err = run_command(command, "--coop", "0910000A", "--year", "2025-2027")
    assert (status, plain(err)) == (1, "« 2025-2027 » n’est pas une année scolaire. Écrivez par exemple 2025-2026.\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("crf", "--coop", "0910000A"), "Error: the following arguments are required: --year"),
        (("crf", *OPTIONS, "--date", "demain"), "Error: argument --date: Cette date n’est pas lisible. Écrivez par exemple 14/11/2025."),
        (
            ("check", *OPTIONS, "--date", "31/02/2026"),
            "Error: argument --date: Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois.",
        ),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], expected: str) -> None:
    with pytest.raises(CommandError) as refusal:
        run_command(*arguments)
    assert plain(str(refusal.value)) == expected


@pytest.mark.parametrize("alone", [("--coop", "0910000A"), ("--year", "2025-2026")])
def test_a_coop_goes_with_its_year(alone: tuple[str, str]) -> None:
    with pytest.raises(CommandError) as refusal:
        run_command("check", *alone)
    assert (str(refusal.value), refusal.value.returncode) == ("--coop et --year vont ensemble.", 2)


def test_check_alone_is_that_of_the_installation() -> None:
    status, out, err = run_command("check")
    assert (status, err) == (0, "")
    assert out.startswith("System check identified no issues")


def test_an_empty_book_in_words(alice: Access) -> None:
    open_year(alice, YEAR)
    out = run_command("crf", *OPTIONS, "--date", "2025-09-02")[1]
    assert "CAISSE (à compter)\nEspèces comptées" in out
    assert "SUBVENTIONS (aucune)" in out
    assert "Solde du relevé" in out
    assert out.count("non donné") == 4
