"""The federation writes a questionnaire and an AD reads the answers, on a laptop and on a telephone: nothing for axe to find."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from retkoop.audit.services import SYSTEM
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from retkoop.year_end.cra.questionnaires import new_draft
from retkoop.year_end.models import QuestionnaireKind, QuestionnaireVersion
from tests.books.coops import a_book, keeper
from tests.cast import logged_in, make_staff
from tests.conftest import Listen
from tests.year_end.cra.at_hand import NEEDED, begin_cra
from tests.year_end.test_in_a_browser import LAPTOP, PHONE, flaws

ANSWERS = {**NEEDED, "niveaux": ["Maternelle", "Élémentaire"], "conseil_dates": "W" * 300 + "\nLe 14 mars."}


@pytest.fixture
def alice(transactional_db: None) -> Access:
    return keeper()


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(
    request: pytest.FixtureRequest, live_server: LiveServer, new_context: CreateContextCallback, no_complaint: Listen, alice: Access
) -> Page:
    """A browser in which the federation is logged in: it sees its own pages and those of each AD."""
    context = new_context(base_url=live_server.url, reduced_motion="reduce", **request.param)
    session = logged_in(make_staff("fanny", RoleKind.FEDERATION, None)).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    no_complaint(page)
    return page


def to(row: QuestionnaireVersion, name: str = "questionnaire", query: str = "") -> str:
    return reverse(name, kwargs={"key": row.pk}) + query


def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, alice: Access) -> None:
    begin_cra(alice, a_book(alice), ANSWERS)
    draft, grid = (new_draft(author=SYSTEM, kind=kind) for kind in QuestionnaireKind)
    activities = reverse("activities", kwargs={"department": "91"})
    addresses = [
        reverse("questionnaires"),
        to(draft),
        to(QuestionnaireVersion.objects.get(kind="cra", number=1)),
        to(draft, "questionnaire_preview"),
        to(grid, "questionnaire_preview"),
        to(draft, "questionnaire_section", "?partie=conseil"),
        to(draft, "questionnaire_question", "?question=conseil_reuni"),
        to(draft, "questionnaire_question", "?question=projets"),
        f"{activities}?annee=2025-2026",
        f"{activities}?annee=2024-2025",
        f"{activities}reponses/?annee=2025-2026&question=conseil_dates",
        f"{activities}reponses/?annee=2025-2026&question=projets",
    ]
    assert {address: flaws(page, address) for address in addresses} == dict.fromkeys(addresses, ("", False))


def test_by_keyboard_a_question_is_written_moved_and_published(page: Page) -> None:
    page.goto(reverse("questionnaires"))
    page.get_by_role("button", name="Nouveau brouillon, Grille des vérificateurs").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Grille des vérificateurs, version 2")
    page.get_by_label("Ajouter une question").first.select_option(label="Un seul choix")
    page.get_by_role("button", name="Écrire la question").first.press("Enter")
    page.get_by_label("Question", exact=True).fill("Le classeur est-il rangé\u202f?")
    page.get_by_label("Choix proposés, un par ligne").fill("Oui\nNon")
    page.get_by_label("Demander une remarque").press("Space")
    page.get_by_role("button", name="Enregistrer la question").press("Enter")
    page.get_by_role("button", name="Monter «\u00a0Le classeur est-il rangé\u202f?\u00a0»").press("Enter")
    expect(page).to_have_url(re.compile("#question-le_classeur_est_il_range$"))
    page.get_by_label("À partir de l’année").select_option(index=0)
    page.get_by_role("button", name="Publier ces questions").press("Enter")
    expect(page.get_by_text("Ces questions sont posées à partir de l’année")).to_be_visible()
    asked = QuestionnaireVersion.objects.get(kind="grid", number=2).content["sections"][0]["questions"]
    told: dict[str, Any] = asked[1]
    assert told == {
        "key": "le_classeur_est_il_range",
        "label": "Le classeur est-il rangé\u202f?",
        "kind": "choice",
        "choices": ["Oui", "Non"],
        "remarked": True,
    }
