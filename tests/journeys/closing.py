"""The end of a year, step by step, as a mandataire, her vérificateurs, the AD and her successor go through it.

It is always the school year before today's: its last day has passed, whatever the day of the run.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from retkoop.domain.elision import of
from tests.cast import ALICE, PASSWORD
from tests.chromium import PHONE
from tests.journeys.keyboard import Keyboard, Line
from tests.journeys.mailbox import Mailbox
from tests.journeys.people import YEAR, log_in

PAST: Final = YEAR.previous
SCHOOL: Final = f"ce.{ALICE.lower()}@demonstration.invalid"
MANDATAIRE: Final = "Hélène Rousseau"
PARENT: Final = ("Inès Moreau", "Parent d’élève", "ines@exemple.fr")
NEIGHBOUR: Final = ("Paul Girard", "Autre adulte", "")
SUCCESSOR: Final = ("Camille Durand", "camille@exemple.fr")
AD: Final = ("administrateur91", "grande ourse du jeudi")
BOOKS: Final = Line(("Dépense",), "D05", "2/7", "Livres pour la bibliothèque", "64,20", (("livres", ""),), "Librairie", means="Chèque")
"""What the mandataire types by hand; the rest of the year was imported."""
TELEPHONE: Final[dict[str, Any]] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}


def then(path: str = "", year: object = PAST) -> str:
    """Return the address of a page of the year that ends."""
    return f"/coop/{ALICE}/{year}/{path}"


def in_review() -> str:
    return f"/ad/91/revue/{ALICE}/{PAST}/"


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def activate(page: Page, mailbox: Mailbox) -> None:
    """Enter for the first time; the code goes to the school's address."""
    page.goto("/connexion/")
    log_in(page, ALICE, f"coop{ALICE[-5:]}")
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    page.get_by_label("Code reçu par courriel").fill(mailbox.wait_for(SCHOOL, "votre code").code)
    page.get_by_role("button", name="Entrer dans Retkoop").click()
    page.wait_for_url("**/coop/**")


# --- the mandataire, on a laptop


def note_the_last_line(page: Page) -> None:
    page.goto(then("cahier/"))
    Keyboard(page).note(BOOKS)


def give_the_statement(page: Page) -> None:
    """Copy the statement of 31 August; the imported lines arrived pointed, the last cheque is not on it."""
    page.goto(then("rapprochement/"))
    page.locator("#id_date").fill("31/8")
    page.locator("#id_account_balance").fill("1 092,40")
    page.get_by_role("button", name="Enregistrer le relevé").click()
    expect(page.get_by_role("region", name="Écart du rapprochement")).to_contain_text("Bravo, le rapprochement est juste.")


def count_the_cash(page: Page) -> None:
    page.goto(then("caisse/"))
    for field, text in (("day", "31/8"), ("q2000", "1"), ("q100", "1"), ("q50", "1")):
        page.locator(f"#id_{field}").fill(text)
    page.get_by_role("button", name="Vérifier la caisse").click()
    expect(page.get_by_role("heading", name="Bravo, la caisse est juste")).to_be_visible()


def join_the_statement(page: Page) -> None:
    """Drop the bank's last statement among the documents."""
    page.goto(then("documents/"))
    page.get_by_label("C’est", exact=True).select_option(label="Relevé bancaire")
    page.locator("#id_date").fill(f"31/08/{PAST.last_day.year}")
    page.locator("#fichiers").set_input_files({"name": "releve-aout.png", "mimeType": "image/png", "buffer": _a_scan()})
    expect(page.get_by_role("link", name="releve-aout")).to_be_visible()


def say_where_the_vouchers_are(page: Page) -> None:
    page.goto(then("documents/manquants/"))
    page.get_by_text("Tous les justificatifs restants sont sur papier", exact=True).click()
    page.locator("#place-tous").fill("Classeur bleu")
    page.get_by_role("button", name=re.compile("^Noter pour")).click()
    expect(page.get_by_text("Rien ne manque")).to_be_visible()


def _a_scan() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (60, 80), "navy").save(kept, "PNG")
    return kept.getvalue()


def tell_the_activities(page: Page, project: str = "") -> None:
    """Answer what the CRA wants; a project that the cahier names is proposed, else one is typed."""
    page.goto(then("activites/1/"))
    for label, text in (
        ("Combien de classes font partie de la coopérative ?", "6"),
        ("Combien d’élèves sont coopérateurs ?", "148"),
        ("Combien d’adultes sont coopérateurs ?", "9"),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(heading(page)).to_have_text("Le conseil de coopérative")
    page.locator("#question-conseil_reuni").get_by_role("radio", name="Oui").check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(heading(page)).to_have_text("Les projets de l’année")
    name = page.get_by_label("Thème ou nom du projet").first
    if project:
        expect(name).to_have_value(project)
    else:
        name.fill("Musée")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(heading(page)).to_have_text("Avec l’OCCE")
    page.get_by_role("link", name="Toutes les étapes").click()
    page.get_by_role("button", name="Terminer le compte rendu d’activités").click()
    expect(page.get_by_text("Le compte rendu d’activités est terminé. Bravo")).to_be_visible()


def explain(page: Page, what: str, why: str) -> None:
    """Explain an alerte in a sentence."""
    page.goto(then("cloture/"))
    alerte = page.locator("#alertes li", has_text=what)
    alerte.get_by_role("textbox").fill(why)
    alerte.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("L’explication est enregistrée.")).to_be_visible()


def invite(page: Page, who: tuple[str, str, str]) -> None:
    name, quality, email = who
    page.goto(then("verificateurs/"))
    page.get_by_label("Nom et prénom", exact=True).fill(name)
    page.get_by_role("radio", name=quality).check()
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_role("button", name="Inviter", exact=True).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def square_of(page: Page, name: str) -> str:
    """Return the address on the page with the square that is printed for a vérificateur."""
    page.goto(then("verificateurs/"))
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Page avec le carré, pour {name}").click()
    text = "".join(page.extract_text() for page in PdfReader(download.value.path()).pages)
    printed = text.replace("\u200b", "")  # where a line may break
    found = re.search(r"http\S+/verifier/(?:\S|\n)+?/(?=\n)", printed)
    assert found is not None, printed
    return "".join(found[0].split())


def call_to_sign(page: Page) -> None:
    page.goto(then("cloture/"))
    page.get_by_role("button", name="Demander les signatures").click()
    expect(page.get_by_text("Les signatures sont demandées.")).to_be_visible()


def hand_a_code(page: Page, name: str) -> str:
    """Make a code appear, to be given to a vérificateur by hand."""
    page.goto(then("verificateurs/"))
    page.get_by_role("button", name=f"Donner un code à {name}").click()
    expect(heading(page)).to_have_text("Code à remettre")
    return page.get_by_label("Code à remettre").inner_text()


def sign_as_mandataire(page: Page) -> None:
    page.goto(then("verificateurs/"))
    page.get_by_label("Mot de passe du compte").fill(PASSWORD)
    page.get_by_role("button", name=f"Signer en tant que {MANDATAIRE}").click()
    expect(page.get_by_text(f"{MANDATAIRE} a signé.")).to_be_visible()


def send(page: Page) -> None:
    page.goto(then("cloture/"))
    page.get_by_role("button", name="Transmettre à l’association départementale").click()
    expect(page.get_by_text("Vos comptes sont transmis depuis le")).to_be_visible()


def sealed_report(page: Page, folder: Path) -> Path:
    """Download the latest sealed report, as the coop keeps it."""
    page.goto(then("cloture/"))
    link = page.get_by_role("link", name="Compte rendu scellé").first
    answer = page.request.get(str(link.get_attribute("href")))
    assert answer.ok
    file = folder / "compte-rendu.pdf"
    file.write_bytes(answer.body())
    return file


# --- a vérificateur, on a telephone


def look_and_answer(phone: Page, address: str) -> None:
    """Open the page of the invitation, look at an operation that was drawn, answer the grid."""
    phone.goto(address)
    expect(heading(phone)).to_have_text("Vérifier les comptes")
    drawn = phone.get_by_role("region", name="2. Les opérations tirées au sort").get_by_role("link", name=re.compile("^[DJRV]"))
    if drawn.count():  # a year that was kept elsewhere has none
        drawn.first.tap()
        phone.get_by_role("link", name="Retour aux opérations").tap()
    phone.get_by_role("link", name="Répondre et signer").tap()
    expect(heading(phone)).to_have_text("Répondre et signer")
    for yes in phone.get_by_role("radio", name="Oui", exact=True).all():
        yes.check()
    phone.get_by_label("Commentaire").fill("Comptes très clairs.")


def ask_for_a_code(phone: Page) -> None:
    phone.get_by_role("button", name="Recevoir un code par courriel").tap()
    expect(phone.get_by_text("Un code vient d’être donné.")).to_be_visible()
    expect(phone.get_by_label("Commentaire")).to_have_value("Comptes très clairs.")


def sign_with(phone: Page, code: str) -> None:
    phone.get_by_label("Code à six chiffres").fill(code)
    phone.get_by_role("button", name="Signer les comptes").tap()
    expect(heading(phone)).to_have_text("Merci\u202f!")


# --- the AD


def enter_the_ad(page: Page) -> None:
    page.goto("/connexion/")
    log_in(page, *AD)
    page.wait_for_url("**/ad/**")


def open_the_review(page: Page) -> None:
    page.goto(f"/ad/91/revue/?annee={PAST}")
    page.get_by_role("link", name="École Les Tilleuls").click()
    expect(page.get_by_role("heading", name="Votre décision")).to_be_visible()


def write_a_remark(page: Page, piece: str, text: str) -> None:
    """Write a remark on an operation, under its alerte."""
    row = page.get_by_role("region", name="Contrôles et explications").get_by_role("listitem").filter(has_text=piece)
    row.get_by_text("Remarque").first.click()
    row.get_by_label("Votre remarque").fill(text)
    row.get_by_role("button", name="Noter").click()
    expect(page.get_by_role("region", name="Remarques")).to_contain_text(text)


def send_back(page: Page, why: str) -> None:
    decision = page.get_by_role("region", name="Votre décision")
    decision.get_by_role("textbox").fill(why)
    decision.get_by_role("button", name="Renvoyer à corriger").click()
    expect(page.get_by_text("Les comptes sont renvoyés à la coopérative, avec vos remarques.")).to_be_visible()


def accept(page: Page) -> None:
    page.get_by_role("button", name="Valider les comptes").click()
    expect(page.get_by_text("Les comptes sont validés, l’année est scellée.")).to_be_visible()


# --- one goes, another comes


def hand_over(page: Page) -> None:
    """Go through the list with the one who comes, and sign, one after the other."""
    name, email = SUCCESSOR
    page.goto(then("passation/"))
    page.get_by_label("Son dernier jour").fill(f"31/08/{PAST.last_day.year}")
    page.get_by_label("Qui arrive, nom et prénom").fill(name)
    page.get_by_label("Son adresse électronique").fill(email)
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("heading", name=f"De {MANDATAIRE} à {name}")).to_be_visible()
    for done in page.get_by_role("radio", name="Fait").all():
        done.check()
    page.get_by_label("Dans la caisse").fill("21,50")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("La liste est complète")).to_be_visible()
    for signer, told in ((MANDATAIRE, "La signature est enregistrée"), (name, "signée des deux côtés")):
        page.get_by_label(f"Nom et prénom {of(signer)}").fill(signer)
        page.get_by_role("button", name=f"Signer en tant que {signer}").click()
        expect(page.get_by_text(told)).to_be_visible()
