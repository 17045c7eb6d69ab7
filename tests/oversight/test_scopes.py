"""What an AD does to many coops is its own: whoever administers another one finds nothing of it, by whatever key."""

from __future__ import annotations

import uuid

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.network.models import RoleKind
from retkoop.oversight.board.services import keep_view
from retkoop.oversight.bulk.models import BulkAction
from tests.assistance.at_hand import kept_answer
from tests.cast import association, logged_in, make_staff
from tests.oversight.bulk.at_hand import ENTRY, comptable, coops_with_books, rnes
from tests.oversight.bulk.at_hand import started as begun
from tests.oversight.reminders.at_hand import planned, staff, started

ANSWER = {"title": "Dépôt", "text": "Autrement.", "submission": str(uuid.uuid4())}


@pytest.mark.django_db
def test_another_ad_reaches_nothing_by_its_key() -> None:
    books = coops_with_books(1)
    karim = staff()
    run, campaign, later = begun(comptable(), rnes(books), BulkAction.ENTRY, ENTRY), started(karim), planned(karim)
    view, answer = keep_view(access=karim, name="Un", query="retard=oui"), kept_answer(association())
    national, role = kept_answer(None, "National"), karim.user.roles.get()
    stranger = logged_in(make_staff("adele", RoleKind.ADMINISTRATEUR, "92"))
    seen = [f"relances/{campaign.pk}/", f"relances/{later.pk}/modifier/", f"lots/{run.pk}/", f"lots/{run.pk}/rapport.xlsx"]
    seen += [f"aide/reponses/{answer.pk}/", f"aide/reponses/{national.pk}/", f"coops/{rnes(books)[0]}/"]
    done = [f"relances/{campaign.pk}/arreter/", f"relances/{later.pk}/interrupteur/", f"relances/{later.pk}/modifier/"]
    done += [f"lots/{run.pk}/arreter/", f"vues/{view.pk}/", f"vues/{view.pk}/supprimer/", f"coops/{rnes(books)[0]}/suivi/"]
    done += [f"aide/reponses/{answer.pk}/", f"aide/reponses/{answer.pk}/supprimer/", f"aide/reponses/{national.pk}/supprimer/"]
    done += [f"equipe/{role.pk}/fin/", f"equipe/{role.pk}/role/", f"equipe/{role.pk}/lien/"]
    before = AuditEvent.objects.count()
    assert {path: stranger.get(f"/ad/92/{path}").status_code for path in seen} == dict.fromkeys(seen, 404)
    assert {path: stranger.post(f"/ad/92/{path}", ANSWER).status_code for path in done} == dict.fromkeys(done, 404)
    assert AuditEvent.objects.count() == before


@pytest.mark.django_db
def test_coops_of_another_ad_are_not_chosen_by_their_rne() -> None:
    [book] = coops_with_books(1)
    stranger = logged_in(make_staff("nadia", RoleKind.ADMINISTRATEUR, "92"))
    sent = {"rne": book.coop.rne, "action": "faire", "blocked": "oui", "until": "", "reason": "x", "submission": str(uuid.uuid4())}
    answers = [stranger.post(f"/ad/92/lot/{action}/", sent | {"user": "personne"}) for action in ("valider", "saisie", "confier")]
    assert [answer.headers["Location"] for answer in answers] == ["/ad/92/"] * 3
