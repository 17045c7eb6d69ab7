"""`script/notices`: take the pictures of the notices anew, from the pages of a demonstration of their own."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import LAPTOP, find_chromium
from tests.journeys import closing as step
from tests.journeys import elsewhere as outside
from tests.journeys.closing import PAST, then
from tests.journeys.mailbox import Mailbox
from tests.journeys.people import import_year
from tests.journeys.server import Server, run_retkoop, serving
from tests.worked_examples import WorkedExample

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "src/retkoop/year_end/static/year_end/notices"
LARGEST: Final = 60_000
"""Bytes of a picture: a notice holds nine of them, and schools have slow lines."""


class Studio:
    """A browser, the accounts before it, and where the pictures go."""

    def __init__(self, browser: Browser, server: Server, mailbox: Mailbox) -> None:
        self._browser, self._server, self.mailbox = browser, server, mailbox
        self.laptop = self.opened(viewport=LAPTOP)

    def opened(self, **options: object) -> Page:
        more = {"base_url": self._server.url, "locale": "fr-FR", "timezone_id": "Europe/Paris", "reduced_motion": "reduce"}
        return self._browser.new_context(**more, **options).new_page()  # type: ignore[arg-type]  # what Playwright's new_context takes

    def take(self, name: str, page: Page | None = None, top: str = "") -> None:
        """Keep what a page shows, from an element on where one is named (`top`)."""
        page = page or self.laptop
        if top:
            page.locator(top).first.evaluate("element => element.scrollIntoView({block: 'start'})")
        picture = Image.open(io.BytesIO(page.screenshot()))
        for quality in (80, 60, 40):
            kept = io.BytesIO()
            picture.convert("RGB").save(kept, "WEBP", quality=quality, method=6)
            if kept.tell() <= LARGEST:
                break
        (FOLDER / f"{name}.webp").write_bytes(kept.getvalue())


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="retkoop-notices-") as folder, sync_playwright() as playwright:
        chromium = find_chromium()
        if chromium is None:
            sys.exit("Chromium manque. Lancez : sudo apt-get install chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        made = Path(folder) / "demonstration"
        made.mkdir()
        run_retkoop(made, "demo", "--no-serve")
        import_year(made, WorkedExample("musee"), PAST, without=step.BOOKS.piece)
        with _studio(made, browser, "cahier") as studio:
            of_a_cahier(studio)
        run_retkoop(made, "undo-import", "1")
        with _studio(made, browser, "tableur") as studio:
            of_a_spreadsheet(studio)
        browser.close()


@contextmanager
def _studio(made: Path, browser: Browser, name: str) -> Iterator[Studio]:
    home = Path(shutil.copytree(made, made.parent / name))
    mailbox = Mailbox(home / "mail")
    mailbox.folder.mkdir()
    with serving(home, RETKOOP_EMAIL_URL=f"file://{mailbox.folder}", RETKOOP_WORKER="1") as server:
        yield Studio(browser, server, mailbox)


def of_a_cahier(studio: Studio) -> None:
    page = studio.laptop
    step.activate(page, studio.mailbox)
    step.note_the_last_line(page)
    step.give_the_statement(page)
    studio.take("rapprochement")
    step.count_the_cash(page)
    studio.take("caisse")
    step.join_the_statement(page)
    studio.take("documents")
    step.say_where_the_vouchers_are(page)
    page.goto(then("activites/1/"))
    studio.take("activites")
    step.tell_the_activities(page, project="Jardin")
    page.goto(then("cloture/"))
    studio.take("preparation")
    step.explain(page, "R04", "La mairie donne chaque année, sans rien demander en retour.")
    step.explain(page, step.BOOKS.piece, "Le libraire n’a pas encore porté le chèque à sa banque.")
    step.invite(page, step.PARENT)
    step.invite(page, step.NEIGHBOUR)
    studio.take("verificateurs", top="#people")
    step.call_to_sign(page)
    of_the_signatures(studio)


def of_the_signatures(studio: Studio) -> None:
    page, phone = studio.laptop, studio.opened(**step.TELEPHONE)
    name, _, email = step.PARENT
    address = studio.mailbox.wait_for(email, "vérifier les comptes").address
    phone.goto(address)
    studio.take("telephone", phone)
    step.look_and_answer(phone, address)
    studio.take("signer", phone, top="main section")
    step.sign_with(phone, step.hand_a_code(page, name))
    step.look_and_answer(phone, step.square_of(page, step.NEIGHBOUR[0]))
    step.sign_with(phone, step.hand_a_code(page, step.NEIGHBOUR[0]))
    step.sign_as_mandataire(page)
    page.goto(then("cloture/"))
    studio.take("transmettre")
    step.send(page)
    ad = studio.opened(viewport=LAPTOP)
    step.enter_the_ad(ad)
    step.open_the_review(ad)
    step.accept(ad)
    page.goto(then("cloture/"))
    studio.take("valide")


def of_a_spreadsheet(studio: Studio) -> None:
    page = studio.laptop
    step.activate(page, studio.mailbox)
    page.goto(then("compte-rendu-direct/"))
    studio.take("choisir")
    outside.choose(page)
    outside.tell_the_start(page)
    outside.tell_the_subsidy(page)
    outside.tell_the_totals(page)
    outside.tell_what_was_spent(page)
    studio.take("subventions")
    outside.tell_the_bank(page)
    studio.take("banque")
    page.goto(then("compte-rendu-direct/totaux/"))
    studio.take("totaux")
    outside.count_the_cash(page)
    studio.take("caisse-directe")
