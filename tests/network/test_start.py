from __future__ import annotations

from django.utils import timezone

from retkoop.audit.services import SYSTEM
from retkoop.network.access import open_coop
from retkoop.network.models import Coop, Role, RoleKind
from retkoop.network.services import end_role, give_staff_role
from retkoop.users.models import User
from tests.books.coops import a_book
from tests.cast import account, association, logged_in
from tests.pages import Answer, links, main_text, title

CHANGE = "Changer d’espace"


def menu(page: Answer) -> str:
    return page.content.decode().partition("<main")[0]


def test_a_coop_lands_on_its_accounts(alice: User) -> None:
    assert logged_in(alice).get("/")["Location"] == "/coop/0910000A/annee/"


def test_staff_land_on_their_ad(bob: User) -> None:
    assert logged_in(bob).get("/")["Location"] == "/ad/91/"


def test_the_federation_lands_on_its_page(federation: User) -> None:
    assert logged_in(federation).get("/")["Location"] == "/federation/"


def test_two_roles_in_one_ad_are_one_place(bob: User) -> None:
    give_staff_role(author=SYSTEM, user=bob, kind=RoleKind.COMPTABLE, start=timezone.localdate(), association=association())
    assert logged_in(bob).get("/")["Location"] == "/ad/91/"


def test_whoever_has_several_places_chooses(bob: User, coop: Coop) -> None:
    give_staff_role(author=SYSTEM, user=bob, kind=RoleKind.ANIMATEUR, start=timezone.localdate(), association=association("92"))
    Role.objects.create(user=bob, kind=RoleKind.COOP, coop=coop, start=timezone.localdate())
    page = logged_in(bob).get("/")
    assert title(page) == "Que voulez-vous ouvrir\u202f?"
    assert [href for href in links(page) if href.startswith(("/ad/", "/coop/"))] == ["/ad/91/", "/ad/92/", "/coop/0910000A/annee/"]
    assert "OCCE 91, animateur OCCE 92, animateur École Jean-Jaurès (0910000A)" in main_text(page)


def test_whoever_has_several_places_changes_from_the_menu_of_each(bob: User, federation: User, coop: Coop) -> None:
    give_staff_role(author=SYSTEM, user=bob, kind=RoleKind.ANIMATEUR, start=timezone.localdate(), association=association("92"))
    give_staff_role(author=SYSTEM, user=federation, kind=RoleKind.ANIMATEUR, start=timezone.localdate(), association=association("92"))
    alice = account(coop)
    cahier = f"/coop/0910000A/{a_book(open_coop(alice, coop.rne)).year}/"
    several = [(bob, "/ad/91/"), (bob, "/ad/92/equipe/"), (bob, cahier), (federation, "/federation/"), (federation, "/ad/91/")]
    assert [CHANGE in menu(logged_in(user).get(place)) for user, place in several] == [True] * 5
    assert CHANGE not in menu(logged_in(alice).get(cahier))


def test_whoever_has_none_is_told_whom_to_ask(bob: User) -> None:
    end_role(author=SYSTEM, role=bob.roles.get())
    page = logged_in(bob).get("/")
    assert title(page) == "Rien à ouvrir"
    assert "Demandez à votre association départementale." in main_text(page)
