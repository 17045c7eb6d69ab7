"""A direct debit from the mandate to the return, on a server whose clock is moved: the due day comes within the minute."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sepaxml
from django.conf import settings as django_settings
from lxml import etree
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.audit.services import SYSTEM
from retkoop.books.services import open_book
from retkoop.mailing.models import Letter
from retkoop.network.models import Coop
from retkoop.network.services import give_mandate
from retkoop.users.models import User
from tests.cast import a_day, account, logged_in, make_coop
from tests.chromium import LAPTOP
from tests.clock import Clock
from tests.conftest import Listen
from tests.memberships.debits.at_hand import YEAR, can_collect, comptable, declared, iban_of, own_access, told_on_a_statement

SCHEMAS = Path(sepaxml.__file__).parent / "schemas"
COLLECTIONS = "/ad/91/adhesions/prelevements/"


@dataclass
class Cast:
    """Who is at which screen, on one server: each has one, and logs in anew as the clock is moved."""

    new_context: CreateContextCallback
    listen: Listen
    url: str
    folder: Path
    screens: dict[int, Page] = field(default_factory=dict)

    def at(self, user: User, path: str) -> Page:
        if user.pk not in self.screens:
            self.screens[user.pk] = self.new_context(base_url=self.url, viewport=LAPTOP, reduced_motion="reduce").new_page()
            self.listen(self.screens[user.pk])
        page = self.screens[user.pk]
        session = logged_in(user).cookies[django_settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}])
        page.goto(path)
        return page

    def downloaded(self, page: Page, link: str) -> Any:  # noqa: ANN401 -- lxml comes without types; so below
        """Download a file for the bank, and return it once the official schema has taken it."""
        with page.expect_download() as waiting:
            page.get_by_role("link", name=link).click()
        target = self.folder / waiting.value.suggested_filename
        waiting.value.save_as(target)
        root = etree.parse(target).getroot()
        schema = etree.QName(root).namespace.rpartition(":")[2]
        etree.XMLSchema(etree.parse(SCHEMAS / f"{schema}.xsd")).assertValid(root)
        assert target.stem == texts(root, "MsgId")[0]
        return root


def texts(node: Any, name: str) -> list[str]:  # noqa: ANN401 -- idem
    return [one.text for one in node.iter(f"{{*}}{name}")]


def batches(root: Any) -> dict[str, list[list[str]]]:  # noqa: ANN401 -- idem
    """Return by sequence type its number and sum of debits, its day, its mandates and amounts."""
    names = ("NbOfTxs", "CtrlSum", "ReqdColltnDt", "MndtId", "InstdAmt")
    return {texts(one, "SeqTp")[0]: [texts(one, name) for name in names] for one in root.iter("{*}PmtInf")}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock(monkeypatch)
    moved.set(2026, 11, 30, 10)
    return moved


@pytest.fixture
def cast(
    clock: Clock,
    transactional_db: None,
    live_server: LiveServer,
    new_context: CreateContextCallback,
    no_complaint: Listen,
    tmp_path: Path,
    settings: Settings,
) -> Cast:
    settings.CAN_SEND_MAIL = True
    can_collect()
    return Cast(new_context, no_complaint, live_server.url, tmp_path)


def a_coop(rne: str, name: str) -> Coop:
    """Open a coop whose adhésion of 120 € is declared."""
    coop = make_coop(rne, name=name)
    Coop.objects.filter(pk=coop.pk).update(email=f"{rne}@ecole.example")
    coop.refresh_from_db()
    account(coop)
    open_book(access=own_access(coop), year=YEAR)
    give_mandate(author=SYSTEM, coop=coop, holder="Mme Perrin", start=a_day("2025-09-01"))
    declared(coop)
    return coop


def letters_to(coop: Coop) -> list[str]:
    return list(Letter.objects.filter(address=coop.email).order_by("pk").values_list("purpose", flat=True))


def signs(cast: Cast, coop: Coop) -> None:
    page = cast.at(own_access(coop).user, f"/coop/{coop.rne}/{YEAR}/adhesion/prelevement/")
    page.get_by_label("IBAN de la coopérative").fill(iban_of(coop.rne).lower())
    page.get_by_label("J’ai lu le mandat").check()
    page.get_by_role("button", name="Signer le mandat").click()
    expect(page.get_by_role("heading", name="Votre mandat")).to_be_visible()


def prepares(cast: Cast) -> Page:
    page = cast.at(comptable().user, COLLECTIONS)
    page.get_by_role("button", name="Préparer la remise").click()
    expect(page.get_by_text("Il reste à donner le fichier à la banque.")).to_be_visible()
    return page


def hands_in(page: Page) -> str:
    """Note that the bank has the file; return the address of the collection."""
    page.get_by_role("button", name="La banque a le fichier").click()
    expect(page.get_by_text("La remise ne change plus.")).to_be_visible()
    return page.url


def settles(cast: Cast, place: str) -> Page:
    page = cast.at(comptable().user, place)
    page.get_by_role("button", name="Le compte est crédité").click()
    expect(page.get_by_text("sont encaissés.")).to_be_visible()
    return page


def owes(cast: Cast, coop: Coop, words: str) -> Page:
    page = cast.at(own_access(coop).user, f"/coop/{coop.rne}/{YEAR}/adhesion/")
    expect(page.locator("main")).to_contain_text(words)
    return page


def test_signed_collected_credited_come_back_and_paid_by_cheque(cast: Cast, clock: Clock) -> None:
    moulin = a_coop("0910000A", "École « du Moulin & Cie »")
    signs(cast, moulin)
    page = prepares(cast)
    assert letters_to(moulin) == ["mandate_signed", "debit_announced"]
    owes(cast, moulin, "Un prélèvement de 120,00\u202f€ est prévu le 14\u00a0décembre 2026")
    first = cast.downloaded(page, "Télécharger le fichier")
    assert batches(first) == {"FRST": [["1"], ["120.00"], ["2026-12-14"], ["OCCE-0910000A-001"], ["120.00"]]}
    assert (texts(first, "NbOfTxs")[0], texts(first, "CtrlSum")[0]) == ("1", "120.00")
    place = hands_in(page)
    clock.set(2026, 12, 14, 9)
    settles(cast, place)
    owes(cast, moulin, "Reçu")
    _collected_again_with_another(cast, clock, moulin)
    _comes_back_and_is_paid_by_cheque(cast, moulin)


def _collected_again_with_another(cast: Cast, clock: Clock, moulin: Coop) -> None:
    """A complement is recurrent, the neighbour's debit a first one: two batches of one file."""
    declared(moulin, 150_50, number=2)
    voisine = a_coop("0910001B", "École voisine")
    signs(cast, voisine)
    page = prepares(cast)
    again = cast.downloaded(page, "téléchargez le pain.008.001.02")
    day = "2026-12-28"
    assert batches(again) == {
        "RCUR": [["1"], ["30.50"], [day], ["OCCE-0910000A-001"], ["30.50"]],
        "FRST": [["1"], ["120.00"], [day], ["OCCE-0910001B-001"], ["120.00"]],
    }
    assert (texts(again, "NbOfTxs")[0], texts(again, "CtrlSum")[0]) == ("2", "150.50")
    place = hands_in(page)
    clock.set(2026, 12, 28, 9)
    settles(cast, place)
    clock.set(2026, 12, 30, 9)
    names = Counter(texts(again, "EndToEndId"))
    assert names == Counter({f"OCCE91-20261214-0002-{coop.rne}": 1 for coop in (moulin, voisine)})


def _comes_back_and_is_paid_by_cheque(cast: Cast, moulin: Coop) -> None:
    content = told_on_a_statement(
        f"OCCE91-20261214-0002-{moulin.rne}", "AM04", day=date(2026, 12, 30), amount="30.50", root="BkToCstmrStmt"
    )
    page = cast.at(comptable().user, f"{COLLECTIONS}retours/")
    page.get_by_label("Fichier de la banque").set_input_files({"name": "releve.xml", "mimeType": "text/xml", "buffer": content})
    page.get_by_role("button", name="Lire le fichier").click()
    page.get_by_role("button", name="Prendre en compte").click()
    expect(page.get_by_text("1\u00a0retour pris en compte")).to_be_visible()
    assert letters_to(moulin)[-1] == "debit_returned"
    body = Letter.objects.filter(address=moulin.email).latest("pk").body
    assert ("30,50\u202f€" in body, "la provision n’était pas suffisante" in body) == (True, True)
    own = owes(cast, moulin, "Le prélèvement du 28\u00a0décembre 2026 est revenu impayé")
    expect(own.get_by_role("heading", name="Payer 30,50")).to_be_visible()
    own.get_by_label("Numéro du chèque").fill("4455667")
    own.get_by_role("button", name="J’envoie ce chèque").click()
    expect(own.get_by_text("4455667").first).to_be_visible()
    page.goto("/ad/91/adhesions/cheques/")
    page.get_by_role("button", name="Faire le bordereau").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bordereau")
    paid = owes(cast, moulin, "Revenu impayé, Prélèvement revenu\u202f: AM04, la provision n’était pas suffisante")
    expect(paid.get_by_role("heading", name="Payer 30,50")).not_to_be_visible()
