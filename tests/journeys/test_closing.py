"""A year ends without paper: five people, each before their own screen, from the last operation to the first page of the next year."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from retkoop.domain.money import format_number
from tests.journeys import closing as step
from tests.journeys import elsewhere as outside
from tests.journeys.closing import BOOKS, NEIGHBOUR, PARENT, PAST, SUCCESSOR, TELEPHONE, then
from tests.journeys.conftest import OpenPage
from tests.journeys.mailbox import Mailbox
from tests.journeys.people import YEAR, choose_password, import_year
from tests.journeys.server import Server, run_retkoop, serving
from tests.worked_examples import WorkedExample

MUSEE = WorkedExample("musee")
CORRECTED = "62,40"
"""What the bookshop's bill says, where the mandataire had typed 64,20."""

LATE = "Le libraire n’a pas encore porté le chèque à sa banque."


@pytest.fixture
def home(demonstration: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demonstration, tmp_path / "home"))


@pytest.fixture
def mailbox(home: Path) -> Mailbox:
    folder = home / "mail"
    folder.mkdir()
    return Mailbox(folder)


def with_mail(home: Path, mailbox: Mailbox) -> Iterator[Server]:
    """Serve with a worker, which sends the letters and opens the years."""
    with serving(home, RETKOOP_EMAIL_URL=f"file://{mailbox.folder}", RETKOOP_WORKER="1") as running:
        yield running


@pytest.fixture
def imported(home: Path, mailbox: Mailbox) -> Iterator[Server]:
    """0910000A has last year's cahier, but for one line."""
    import_year(home, MUSEE, PAST, without=BOOKS.piece)
    yield from with_mail(home, mailbox)


@pytest.fixture
def elsewhere(home: Path, mailbox: Mailbox) -> Iterator[Server]:
    """0910000A has last year open, and nothing in it."""
    import_year(home, MUSEE, PAST)
    run_retkoop(home, "undo-import", "1")
    yield from with_mail(home, mailbox)


class Cast:
    """Who is before which screen."""

    def __init__(self, server: Server, open_page: OpenPage, mailbox: Mailbox) -> None:
        self.server, self.mailbox = server, mailbox
        self.mandataire, self.ad, self.successor = open_page(server), open_page(server), open_page(server)
        self.parent, self.neighbour = open_page(server, **TELEPHONE), open_page(server, **TELEPHONE)

    def invite_both(self) -> None:
        step.invite(self.mandataire, PARENT)
        step.invite(self.mandataire, NEIGHBOUR)

    def all_sign(self, letter: str) -> None:
        """The parent signs with a code by mail, the neighbour with one given by hand, the mandataire with the coop's password."""
        email = PARENT[2]
        step.look_and_answer(self.parent, self.mailbox.wait_for(email, letter).address)
        step.ask_for_a_code(self.parent)
        step.sign_with(self.parent, self.mailbox.wait_for(email, "votre code pour signer").code)
        step.look_and_answer(self.neighbour, step.square_of(self.mandataire, NEIGHBOUR[0]))
        step.sign_with(self.neighbour, step.hand_a_code(self.mandataire, NEIGHBOUR[0]))
        step.sign_as_mandataire(self.mandataire)


def test_a_year_ends_and_the_next_one_begins(imported: Server, open_page: OpenPage, mailbox: Mailbox, tmp_path: Path) -> None:
    cast = Cast(imported, open_page, mailbox)
    prepare(cast)
    cast.invite_both()
    step.call_to_sign(cast.mandataire)
    cast.all_sign("vérifier les comptes")
    step.send(cast.mandataire)
    assert figures_of(step.sealed_report(cast.mandataire, tmp_path)) == the_figures(books=64_20)
    come_back(cast)
    cast.all_sign("signer de nouveau")
    step.send(cast.mandataire)
    step.open_the_review(cast.ad)
    step.accept(cast.ad)
    report = step.sealed_report(cast.mandataire, tmp_path)
    assert figures_of(report) == the_figures(books=62_40)
    is_sealed(imported, report)
    take_over(cast)
    imported.retkoop("verify")


def test_a_year_that_was_kept_elsewhere(elsewhere: Server, open_page: OpenPage, mailbox: Mailbox, tmp_path: Path) -> None:
    cast = Cast(elsewhere, open_page, mailbox)
    page = cast.mandataire
    step.activate(page, mailbox)
    outside.choose(page)
    outside.tell_the_start(page)
    outside.tell_the_subsidy(page)
    outside.tell_the_totals(page)
    outside.tell_what_was_spent(page)
    outside.tell_the_bank(page)
    outside.count_the_cash(page)
    step.join_the_statement(page)
    step.tell_the_activities(page)
    cast.invite_both()
    step.call_to_sign(page)
    cast.all_sign("vérifier les comptes")
    step.send(page)
    step.enter_the_ad(cast.ad)
    step.open_the_review(cast.ad)
    step.accept(cast.ad)
    report = step.sealed_report(page, tmp_path)
    assert figures_of(report) == told([250_00], [300_00, 199_70], bank=1028_20, cash=21_50, opening=800_00)
    is_sealed(elsewhere, report)
    elsewhere.retkoop("verify")


def prepare(cast: Cast) -> None:
    """Do what the list asks, until nothing is left."""
    page = cast.mandataire
    step.activate(page, cast.mailbox)
    step.note_the_last_line(page)
    page.goto(then("cloture/"))
    expect(page.get_by_role("heading", name="Ce qu’il reste à faire")).to_be_visible()
    step.give_the_statement(page)
    step.count_the_cash(page)
    step.join_the_statement(page)
    step.say_where_the_vouchers_are(page)
    step.tell_the_activities(page, project="Jardin")
    step.explain(page, "R04", "La mairie donne chaque année, sans rien demander en retour.")
    step.explain(page, BOOKS.piece, LATE)


def come_back(cast: Cast) -> None:
    """The AD sends the accounts back with one remark on a line; the coop corrects, answers, and asks all to sign again."""
    page = cast.mandataire
    step.enter_the_ad(cast.ad)
    step.open_the_review(cast.ad)
    step.write_a_remark(cast.ad, BOOKS.piece, "La facture du libraire dit 62,40.")
    step.send_back(cast.ad, "Une somme est à revoir.")
    page.goto(then("cloture/"))
    remarks = page.locator("#remarques")
    expect(remarks).to_contain_text("La facture du libraire dit 62,40.")
    remarks.get_by_role("link", name=BOOKS.piece).click()
    page.locator("#id_amount").fill(CORRECTED)
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.get_by_text(f"C’est enregistré : Dépense {BOOKS.piece}, {CORRECTED}\u202f€.")).to_be_visible()
    step.explain(page, BOOKS.piece, LATE)  # the cheque has another amount: what was said of it is to be read again
    remarks.get_by_role("textbox").fill("Corrigé, merci.")
    remarks.get_by_role("button", name="Répondre").click()
    expect(remarks).to_contain_text("Corrigé, merci.")
    step.call_to_sign(page)
    page.goto(then("verificateurs/"))
    expect(page.get_by_text("À signer de nouveau")).to_have_count(3)
    page.get_by_role("button", name="Redemander les signatures").click()
    expect(page.get_by_text("La signature est redemandée à")).to_be_visible()


def take_over(cast: Cast) -> None:
    """The next mandataire enters by the letter that she had, and the year that has begun starts with what the former one left."""
    step.hand_over(cast.mandataire)
    page = cast.successor
    page.goto(cast.mailbox.wait_for(SUCCESSOR[1], "votre compte dans Retkoop").address)
    choose_password(page)
    page.wait_for_url("**/coop/**")
    page.goto(then(year=YEAR))
    expect(step.heading(page)).to_be_visible()
    owned = page.get_by_role("region", name="Ce que la coopérative possède")
    expect(owned).to_contain_text("1 051,50\u202f€")  # of which 21,50 in cash
    page.goto(then("cloture/"))
    expect(page.get_by_text("Bravo, vos comptes sont validés.")).to_be_visible()


def the_figures(books: int) -> list[str]:
    """Return what the report must say, worked out here from the rows of the cahier; `books`: what the last line comes to, in cents."""
    totals: defaultdict[str, int] = defaultdict(int)
    bank = cash = opening = 0
    for row in MUSEE.rows():
        last = row["piece"] == BOOKS.piece
        bank += cents(row["banque_entree"]) - (books if last else cents(row["banque_sortie"]))
        cash += cents(row["caisse_entree"]) - cents(row["caisse_sortie"])
        if row["piece"] == "RAN":
            opening = bank + cash
        if row["compte"]:
            totals[row["compte"][:3]] += books if last else cents(row["montant"])
    charges, produits = ([total for key, total in sorted(totals.items()) if key.startswith(kind)] for kind in "67")
    return told(charges, produits, bank=bank, cash=cash, opening=opening)


def told(charges: list[int], produits: list[int], *, bank: int, cash: int, opening: int) -> list[str]:
    """Return the amounts of a compte de fonctionnement and of a bilan, as they are printed."""
    result = sum(produits) - sum(charges)
    assert bank + cash == opening + result
    assets, liabilities = (bank, cash, 0, bank + cash), (opening, result, opening + result)
    amounts = (*charges, sum(charges), *produits, sum(produits), result, *assets, *liabilities)
    return [format_number(amount).replace("\u202f", " ") for amount in amounts]


def cents(text: str) -> int:
    return int(Decimal(text.replace(",", ".") or "0") * 100)


def figures_of(report: Path) -> list[str]:
    """Return the amounts of the compte de fonctionnement and of the bilan of a sealed report, in their order."""
    text = re.sub(r"\s", " ", " ".join(page.extract_text() for page in PdfReader(report).pages))
    start, end = text.index("1. Compte de fonctionnement"), text.index("3. Rapprochement bancaire")
    return re.findall(r"−?\d{1,3}(?: \d{3})*,\d\d", text[start:end])


def is_sealed(server: Server, report: Path) -> None:
    """The house knows its seal; an independent tool finds the signature valid, over the whole document."""
    assert server.retkoop("verify-seal", str(report)).startswith("Ce compte rendu est authentique")
    pdfsig = shutil.which("pdfsig")
    if pdfsig:
        told = subprocess.run([pdfsig, "-nocert", str(report)], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid." in told
        assert "Total document signed" in told
