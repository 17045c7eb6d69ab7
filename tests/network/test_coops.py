from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from retkoop.audit.services import SYSTEM
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import give_mandate
from retkoop.upkeep.models import UpkeepRun
from retkoop.users.models import User
from tests.cast import ALICE, FAR_AWAY, account, logged_in, make_coop, make_staff
from tests.clock import Clock
from tests.pages import links, main_text, notices, title


def rows(text: str) -> list[str]:
    return [word for word in text.split() if word.startswith("091") and len(word) == 8]


def test_it_works(coop: Coop, bob: User) -> None:
    account(coop)
    give_mandate(author=SYSTEM, coop=coop, holder="Alice Martin", start=timezone.localdate())
    make_coop("0910620E", "École des Tilleuls", "Massy")
    make_coop(FAR_AWAY, "École du Port", "Bordeaux")
    page = logged_in(bob).get("/ad/91/")
    text = main_text(page)
    assert title(page) == "Coopératives"
    assert rows(text) == ["0910000A", "0910620E"]
    assert "École Jean-Jaurès Évry-Courcouronnes · fiche Alice Martin activé" in text
    assert "École des Tilleuls Massy · fiche à activer" in text
    assert {"/coop/0910000A/annee/", "/ad/91/coops/0910000A/"} <= set(links(page))


@pytest.mark.parametrize(
    ("searched", "found"),
    [
        ("0910620", ["0910620E"]),
        ("tilleuls", ["0910620E"]),
        ("EVRY", ["0910000A"]),
        ("jean jaurès", ["0910000A"]),
        ("école", ["0910000A", "0910620E"]),
        ("massy tilleuls", ["0910620E"]),
        ("massy jaurès", []),
        ("%", ["0910000A", "0910620E"]),
    ],
)
def test_it_is_searched_by_number_school_or_commune(coop: Coop, bob: User, searched: str, found: list[str]) -> None:
    make_coop("0910620E", "École des Tilleuls", "Massy")
    assert rows(main_text(logged_in(bob).get("/ad/91/", {"q": searched}))) == found


def test_nothing_found_says_what_to_try(coop: Coop, bob: User) -> None:
    text = main_text(logged_in(bob).get("/ad/91/", {"q": "<b>Lyon"}))
    assert "Aucune coopérative pour «\u202f<b>Lyon\u202f»" in text


def test_an_empty_ad_says_what_to_do_first(bob: User, adele: User) -> None:
    assert "Un administrateur de votre association les ajoutera ici." in main_text(logged_in(bob).get("/ad/91/"))
    assert "Ajoutez la première\u202f: son RNE suffit pour créer son compte." in main_text(logged_in(adele).get("/ad/91/"))


def test_it_is_paged_in_a_fixed_number_of_queries(bob: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(60):
        make_coop(f"0910{number:03d}A")
    client = logged_in(bob)
    with django_assert_max_num_queries(10):
        first = client.get("/ad/91/")
    assert len(rows(main_text(first))) == 50
    assert rows(main_text(client.get("/ad/91/?page=2"))) == [f"0910{number:03d}A" for number in range(50, 60)]
    assert "/ad/91/?q=%C3%A9cole&page=2".removeprefix("/ad/91/") in links(client.get("/ad/91/?q=école"))


def test_a_search_without_end_is_answered(bob: User) -> None:
    make_coop(ALICE)
    client = logged_in(bob)
    searches = (" ".join(f"m{number}" for number in range(1_500)), f"{ALICE} " * 30 + "Tilleuls")
    found = [f"/ad/91/coops/{ALICE}/" in links(client.get("/ad/91/", {"q": typed})) for typed in searches]
    assert found == [False, True]


def test_only_the_administrateur_adds(bob: User, adele: User, federation: User) -> None:
    offered = ["/ad/91/coops/nouvelle/" in links(logged_in(user).get("/ad/91/")) for user in (bob, adele, federation)]
    assert offered == [False, True, False]


def test_the_federation_finds_its_way_back(federation: User) -> None:
    assert "/federation/" in links(logged_in(federation).get("/ad/91/"))


def test_corsica_too(db: None) -> None:
    make_coop("6200001A", "École de Bastia", "Bastia")
    page = logged_in(make_staff("corse", RoleKind.ANIMATEUR, "2A")).get("/ad/2A/")
    assert "École de Bastia" in main_text(page)


@pytest.mark.parametrize(("who", "address"), [("adele", "/ad/91/"), ("fanny", "/federation/")])
def test_backups_are_told_over_the_list(coop: Coop, adele: User, federation: User, clock: Clock, who: str, address: str) -> None:
    clock.at(14, 5)
    client = logged_in({"adele": adele, "fanny": federation}[who])
    run = {"started": timezone.now(), "ended": timezone.now()}
    UpkeepRun.objects.create(kind="backup", ok=True, **run)
    UpkeepRun.objects.create(kind="verification", ok=True, **run)
    page = client.get(address)
    good = "Dernière sauvegarde réussie\u202f: aujourd’hui à 14\u00a0h\u00a005. Dernière vérification\u202f: aujourd’hui"
    content = page.content.decode()
    assert good in main_text(page)
    assert (content.index("Dernière vérification") < content.index("<table"), notices(page)) == (True, [])
    UpkeepRun.objects.create(kind="backup", ok=False, started=timezone.now() + timedelta(minutes=1), ended=timezone.now())
    page = client.get(address)
    assert 'class="notice notice--bad"' in page.content.decode()
    assert [one.startswith("La sauvegarde a échoué") for one in notices(page)] == [True]
