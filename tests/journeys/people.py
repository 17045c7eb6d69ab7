"""Who is at the screen: how they enter Retkoop, and where they go."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from retkoop.domain.school_year import SchoolYear
from tests.cast import ALICE, PASSWORD
from tests.journeys.server import Server, run_retkoop
from tests.worked_examples import WorkedExample

YEAR = SchoolYear.containing(datetime.now(ZoneInfo("Europe/Paris")).date())
"""The year on which a coop that is activated today lands: the server has the clock of everybody."""

INITIAL_PASSWORD = f"coop{ALICE[-5:]}"


def at(path: str = "", rne: str = ALICE) -> str:
    """Return the address of a page of a coop, this year."""
    return f"/coop/{rne}/{YEAR}/{path}"


def log_in(page: Page, identifier: str = ALICE, password: str = PASSWORD) -> None:
    """Type an identifier and a password where the cursor waits for them."""
    expect(page.get_by_label("Identifiant")).to_be_focused()
    page.keyboard.type(identifier)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def choose_password(page: Page) -> None:
    """Choose the password of an account that is being activated."""
    expect(page.get_by_label("Nouveau mot de passe")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def activate(page: Page, rne: str = ALICE) -> None:
    """Enter a coop for the first time; its year is then in sight."""
    page.goto("/connexion/")
    log_in(page, rne, f"coop{rne[-5:]}")
    choose_password(page)
    page.wait_for_url(f"**{at(rne=rne)}")


def session_of(kept: Server) -> Path:
    """Return the session that waits in a copy of `kept_home`, as `storage_state` of a browser."""
    return kept.home / "session.json"


def import_this_year(home: Path, example: WorkedExample) -> None:
    """Import a worked example into 0910000A, its days brought to this year."""
    import_year(home, example, YEAR)


def import_year(home: Path, example: WorkedExample, to: SchoolYear, *, without: str = "") -> None:
    """Import a worked example into a year of 0910000A, its days brought there; `without` a pièce that somebody will type."""
    start = SchoolYear.parse(example.year).start
    lines = example.file.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not without or not line.startswith(f"{without};"))
    # each day by a sign that no text holds: a year may become the other one
    for year in (start, start + 1):
        text = text.replace(f"/{year};", f"/\0{to.start + year - start};")
    file = home / f"{example.name}.csv"
    file.write_text(text.replace("\0", ""), encoding="utf-8")
    run_retkoop(home, "import-book", str(file), "--coop", ALICE, "--year", str(to), "--create")
