"""What an upgrade does to the questionnaires that came with the house: a new version where nobody has made one, never another content."""

from __future__ import annotations

import json
from typing import Any

import pytest

from retkoop.audit.queries import faults
from retkoop.audit.services import SYSTEM, Author, writing
from retkoop.books.models import Book
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.year_end.cra.queries import cra_of, published_version
from retkoop.year_end.cra.questionnaires import first_version, install_questionnaires, new_draft, publish
from retkoop.year_end.models import QuestionnaireKind, QuestionnaireVersion
from tests.year_end.cra.at_hand import begin_cra

pytestmark = pytest.mark.django_db

CRA = QuestionnaireKind.CRA
YEAR = SchoolYear(2025)
FANNY = Author(None, "Fanny", "federation")


def former_content() -> dict[str, Any]:
    """Return the CRA as the house brought it before a « Non » left anything out."""
    content: dict[str, Any] = json.loads(json.dumps(first_version(CRA).as_json()))
    for section in content["sections"]:
        for question in section["questions"]:
            question.pop("condition", None)
    return content


@pytest.fixture
def former(db: None) -> QuestionnaireVersion:
    """An installation of before."""
    with writing("federation", SYSTEM) as trail:
        row = QuestionnaireVersion.objects.get(kind=CRA)
        before = row.snapshot()
        row.content = former_content()
        row.save()
        trail.changed(row, before, action="questionnaire.changed")
    return row


def numbers() -> list[int]:
    return list(QuestionnaireVersion.objects.filter(kind=CRA).order_by("number").values_list("number", flat=True))


def test_a_new_installation_has_one_version() -> None:
    install_questionnaires()
    assert sorted(QuestionnaireVersion.objects.values_list("kind", "number")) == [("cra", 1), ("grid", 1)]


def test_an_upgrade_publishes_what_the_house_asks_now_once(former: QuestionnaireVersion) -> None:
    install_questionnaires()
    install_questionnaires()
    latest = published_version(CRA, YEAR)
    assert (numbers(), latest.number, latest.content) == ([1, 2], 2, first_version(CRA).as_json())
    assert QuestionnaireVersion.objects.get(pk=former.pk).content == former_content()
    assert list(faults()) == []


def test_a_year_that_was_begun_goes_on_with_its_version(former: QuestionnaireVersion, alice: Access, book: Book) -> None:
    begin_cra(alice, book, {"eleves": 148})
    install_questionnaires()
    cra = cra_of(book)
    assert (cra.version.pk, cra.answers) == (former.pk, {"eleves": 148})


@pytest.mark.parametrize("published", [True, False])
def test_what_the_federation_has_made_is_left_alone(former: QuestionnaireVersion, *, published: bool) -> None:
    draft = new_draft(author=FANNY, kind=CRA)
    if published:
        publish(author=FANNY, key=draft.pk, version=draft.version, year=YEAR)
    install_questionnaires()
    row = QuestionnaireVersion.objects.get(kind=CRA, number=2)
    assert (numbers(), row.content, row.published_at is not None) == ([1, 2], former_content(), published)
