"""Who follows a coop, the views that people keep: done, told in the right chain, refused."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop, RoleKind
from retkoop.oversight.board.models import Follow, SavedView
from retkoop.oversight.board.services import MOST_VIEWS, delete_view, follow, keep_view, rename_view
from retkoop.users.models import User
from tests.cast import FAR_AWAY, logged_in, make_coop, make_staff
from tests.pages import links, main_text


def told(chain: str) -> list[str]:
    events = AuditEvent.objects.filter(chain=chain, action__regex="^(follow|view)").order_by("sequence")
    return list(events.values_list("action", flat=True))


@pytest.fixture
def coop(db: None) -> Coop:
    return make_coop()


def test_one_person_follows_a_coop_then_another_then_nobody(staff: AssociationAccess, coop: Coop, bob: User, adele: User) -> None:
    follow(access=staff, coop=coop, user=None)
    follow(access=staff, coop=coop, user=bob)
    follow(access=staff, coop=coop, user=bob)
    follow(access=staff, coop=coop, user=adele)
    assert list(Follow.objects.values_list("coop", "user")) == [(coop.pk, adele.pk)]
    follow(access=staff, coop=coop, user=None)
    assert (Follow.objects.count(), told(coop.chain)) == (0, ["follow.begun", "follow.passed", "follow.ended"])


def test_whom_nobody_can_be_asked_to_follow(staff: AssociationAccess, coop: Coop, bob: User) -> None:
    far = make_coop(FAR_AWAY)
    Coop.objects.filter(pk=coop.pk).update(closed_on=date(2026, 8, 31))
    closed = Coop.objects.get(pk=coop.pk)
    reasons = []
    for one, who in ((far, bob), (closed, bob), (make_coop("0910620E"), make_staff("gaston", RoleKind.ANIMATEUR, "92"))):
        with pytest.raises(Refused) as refusal:
            follow(access=staff, coop=one, user=who)
        reasons.append(str(refusal.value))
    assert reasons == [
        "Cette coopérative n’est pas de votre association.",
        "Cette coopérative est fermée\u202f: personne n’a plus à la suivre.",
        "Gaston n’a pas de rôle dans votre association aujourd’hui.",
    ]


def test_the_federation_does_not_say_who_follows(coop: Coop, bob: User) -> None:
    fanny = make_staff("fanny", RoleKind.FEDERATION, None)
    looking = AssociationAccess(fanny, RoleKind.FEDERATION, coop.association)
    for user in (bob, None):
        with pytest.raises(Refused, match="L’association départementale dit elle-même qui suit ses coopératives"):
            follow(access=looking, coop=coop, user=user)
    assert logged_in(fanny).post(f"/ad/91/coops/{coop.rne}/suivi/", {"user": str(bob.pk)}).status_code == 404
    assert Follow.objects.count() == 0


def test_a_view_is_kept_under_its_name_and_once(staff: AssociationAccess) -> None:
    submission = uuid.uuid4()
    keep_view(access=staff, name="  Les  miennes ", query="suivi=moi", submission=submission)
    with pytest.raises(AlreadySubmitted):
        keep_view(access=staff, name="Les miennes", query="suivi=moi", submission=submission)
    keep_view(access=staff, name="Les miennes", query="suivi=moi&retard=oui")
    assert list(SavedView.objects.values_list("name", "query")) == [("Les miennes", "suivi=moi&retard=oui")]
    assert told("ad 91") == ["view.kept", "view.kept"]


def test_a_view_is_renamed_and_taken_away(staff: AssociationAccess) -> None:
    view, other = (keep_view(access=staff, name=name, query="retard=oui") for name in ("Un", "Deux"))
    for name, reason in (("Deux", "Une autre de vos vues s’appelle déjà «\u00a0Deux\u00a0»."), (" ", "Donnez un nom à cette vue.")):
        with pytest.raises(Refused) as refusal:
            rename_view(access=staff, view=view, name=name)
        assert str(refusal.value) == reason
    rename_view(access=staff, view=view, name="Trois")
    delete_view(access=staff, view=other)
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Trois"]
    assert told("ad 91") == ["view.kept", "view.kept", "view.renamed", "view.deleted"]


def test_nobody_keeps_more_than_the_tabs_can_hold(staff: AssociationAccess) -> None:
    for number in range(MOST_VIEWS):
        keep_view(access=staff, name=f"Vue {number}", query="retard=oui")
    with pytest.raises(Refused) as refusal:
        keep_view(access=staff, name="Une de trop", query="retard=oui")
    assert str(refusal.value) == "Vous gardez déjà 20 vues\u202f: supprimez-en une."


class TestPages:
    def test_a_view_becomes_a_tab_of_ones_own(self, bob: User, adele: User, coop: Coop) -> None:
        client = logged_in(bob)
        assert "Garder cette vue" in main_text(client.get("/ad/91/?circo=Massy&retard=oui"))
        sent = {
            "name": "Massy en retard",
            "query": "circo=Massy&retard=oui&autre=1",
            "submission": uuid.uuid4(),
            "retour": "/ad/91/?retard=oui",
        }
        answer = client.post("/ad/91/vues/", sent)
        page = client.get("/ad/91/?circo=Massy&retard=oui")
        assert (answer.headers["Location"], "/ad/91/?circo=Massy&retard=oui" in links(page)) == ("/ad/91/?retard=oui", True)
        assert "Renommer ou supprimer cette vue" in main_text(page)
        assert "La vue est gardée\u202f: elle est dans les onglets." in main_text(page)
        assert "Massy en retard" not in main_text(logged_in(adele).get("/ad/91/"))

    def test_it_is_renamed_then_deleted_on_the_page(self, bob: User, coop: Coop, staff: AssociationAccess) -> None:
        client, view = logged_in(bob), keep_view(access=staff, name="Un", query="retard=oui&circo=Massy")
        client.post(f"/ad/91/vues/{view.pk}/", {"name": "Deux", "submission": uuid.uuid4()})
        assert SavedView.objects.get().name == "Deux"
        assert client.post(f"/ad/91/vues/{view.pk}/supprimer/").headers["Location"] == "/ad/91/"
        text = main_text(client.get("/ad/91/"))
        assert "La vue a un nouveau nom." in text
        assert "La vue est supprimée. Les coopératives ne bougent pas." in text

    def test_a_view_without_a_name_is_asked_for_one(self, bob: User, coop: Coop) -> None:
        client = logged_in(bob)
        client.post("/ad/91/vues/", {"name": "", "query": "retard=oui", "submission": uuid.uuid4()})
        assert "Donnez un nom à cette vue." in main_text(client.get("/ad/91/"))

    @pytest.mark.parametrize("retour", ["https://ailleurs.fr/", "//ailleurs.fr", "/ad/../../x", ""])
    def test_it_leads_nowhere_else(self, bob: User, coop: Coop, retour: str) -> None:
        sent = {"name": "Un", "query": "", "submission": uuid.uuid4(), "retour": retour}
        expected = retour if retour.startswith("/ad/") else "/ad/91/"
        assert logged_in(bob).post("/ad/91/vues/", sent).headers["Location"] == expected

    def test_a_view_that_asks_for_too_much_is_refused(self, staff: AssociationAccess, bob: User) -> None:
        sent = {"name": "Un", "query": f"circo={'é' * 100}", "submission": uuid.uuid4()}
        logged_in(bob).post("/ad/91/vues/", sent)
        assert SavedView.objects.count() == 0

    def test_somebody_else_s_view_is_absent(self, staff: AssociationAccess, adele: User) -> None:
        view = keep_view(access=staff, name="Un", query="retard=oui")
        client = logged_in(adele)
        answers = [client.post(f"/ad/91/vues/{view.pk}/{end}") for end in ("", "supprimer/")]
        assert [answer.status_code for answer in answers] == [404, 404]

    def test_a_coop_is_given_to_somebody_and_taken_back(self, bob: User, coop: Coop) -> None:
        client, address = logged_in(bob), f"/ad/91/coops/{coop.rne}/suivi/"
        client.post(address, {"user": bob.pk})
        assert "Bob suit maintenant École Jean-Jaurès." in main_text(client.get("/ad/91/?suivi=moi"))
        assert client.post(address, {"user": make_staff("gaston", RoleKind.ANIMATEUR, "92").pk}).status_code == 404
        assert [client.post(address, {"user": key}).status_code for key in ("tous", "9" * 20, "0")] == [404, 404, 404]
        assert "Bob" in main_text(client.get("/ad/91/?suivi=moi"))
        client.post(address, {"user": ""})
        assert "Personne ne suit plus École Jean-Jaurès." in main_text(client.get("/ad/91/"))
