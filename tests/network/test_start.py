from __future__ import annotations

from django.utils import timezone

from retkoop.audit.services import SYSTEM
from retkoop.network.models import Coop, Role, RoleKind
from retkoop.network.services import end_role, give_staff_role
from retkoop.users.models import User
from tests.cast import association, logged_in
from tests.pages import links, main_text, title


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
    assert "OCCE 91 OCCE 92 École Jean-Jaurès (0910000A)" in main_text(page)


def test_whoever_has_none_is_told_whom_to_ask(bob: User) -> None:
    end_role(author=SYSTEM, role=bob.roles.get())
    page = logged_in(bob).get("/")
    assert title(page) == "Rien à ouvrir"
    assert "Demandez à votre association départementale." in main_text(page)
