"""The board as a page: what it says of each coop, where it leads, what it costs."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from retkoop.audit.services import SYSTEM
from retkoop.books.vouchers import say_all_on_paper
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import AssociationAccess
from retkoop.network.models import Coop, RoleKind
from retkoop.network.services import give_mandate
from retkoop.oversight.board.page import year_asked
from retkoop.oversight.board.services import follow, keep_view
from retkoop.upkeep.models import UpkeepRun
from retkoop.users.models import User
from tests.books.coops import a_book, keeper, note, queries_of
from tests.cast import ALICE, FAR_AWAY, logged_in, make_coop, make_staff
from tests.clock import Clock
from tests.oversight.board.at_hand import JAURES, NEW, PORT, TILLEULS, an_association
from tests.pages import links, main_text, notices, title


def rows(text: str) -> list[str]:
    return [word for word in text.split() if word.startswith("091") and len(word) == 8]


def shown(client: Client, **asked: str) -> list[str]:
    return rows(main_text(client.get("/ad/91/", asked)).partition("Suivie par")[2])


@pytest.fixture
def client(bob: User) -> Client:
    return logged_in(bob)


def test_each_coop_at_a_glance(client: Client) -> None:
    an_association()
    make_coop(FAR_AWAY, "École du Large", "Bordeaux")
    page = client.get("/ad/91/")
    assert (title(page), rows(main_text(page))) == ("Coopératives", [JAURES, TILLEULS, PORT, NEW])
    text = main_text(page)
    assert "2 pas prêt" in text
    assert "1 prêt" in text
    assert "1 fini" in text
    assert "École Jean-Jaurès Évry · 0910000A 1 justificatif manque +" in text
    assert "École des Tilleuls Massy · 0910620E Prêt relire CRF transmis CRA à remplir Quitus 0\u00a0sur\u00a03" in text
    assert "École du Port Évry · 0911111C Fini validé CRF validé CRA à remplir Quitus 0\u00a0sur\u00a02" in text
    assert "École Neuve Massy · 0912222D Aucun mandat +" in text
    assert "aucun compte à activer" in text


def test_its_rows_lead_to_books_files_and_reviews(client: Client) -> None:
    an_association()
    found = set(links(client.get("/ad/91/")))
    assert {
        f"/coop/{JAURES}/2025-2026/",
        f"/coop/{NEW}/annee/",
        f"/ad/91/coops/{JAURES}/",
        f"/ad/91/revue/{TILLEULS}/2025-2026/",
        "/ad/91/circonscriptions/",
        "/ad/91/tableau.xlsx",
    } <= found
    assert f"/ad/91/revue/{JAURES}/2025-2026/" not in found


def test_who_is_late_is_said_from_the_day_after(bob: User, clock: Clock) -> None:
    an_association()
    clock.set(2026, 9, 30, 9)
    assert "En retard 1 justificatif" not in main_text(logged_in(bob).get("/ad/91/"))
    clock.set(2026, 10, 1, 9)
    text = main_text(logged_in(bob).get("/ad/91/"))
    assert "En retard 1 justificatif manque" in text
    assert "2 en retard" in text


def test_before_the_end_of_the_year_nothing_else_is_missing(bob: User, clock: Clock) -> None:
    clock.set(2027, 3, 1, 9)
    alice = keeper()
    give_mandate(author=SYSTEM, coop=alice.coop, holder="Mme Perrin", start=date(2025, 9, 1))
    client = logged_in(bob)
    assert "0910000A Rien de saisi" in main_text(client.get("/ad/91/"))
    book = a_book(alice, SchoolYear(2026))
    note(alice, book, "R1", "2026-10-02", "Vente de gâteaux à la sortie", 100_00)
    say_all_on_paper(access=alice, book=book, place="Classeur bleu")
    assert "0910000A rien pour l’instant" in main_text(client.get("/ad/91/"))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "jean jaurès"}, [JAURES]),
        ({"q": "petit"}, [TILLEULS]),
        ({"q": "%"}, [JAURES, TILLEULS, PORT, NEW]),
        ({"etat": "pret"}, [TILLEULS]),
        ({"manque": "mandat"}, [NEW]),
        ({"circo": "Évry"}, [JAURES, PORT]),
        ({"circo": "-"}, [NEW]),
        ({"mandat": "non"}, [PORT, NEW]),
        ({"compte": "non"}, [NEW]),
        ({"tri": "-rne"}, [NEW, PORT, TILLEULS, JAURES]),
        ({"annee": "2024-2025", "etat": "pas-pret"}, [JAURES, TILLEULS, PORT, NEW]),
    ],
)
def test_the_address_says_what_is_shown(client: Client, asked: dict[str, str], expected: list[str]) -> None:
    an_association()
    assert shown(client, **asked) == expected


def test_filters_that_are_on_can_be_taken_away(client: Client) -> None:
    an_association()
    asked = {"circo": "Évry", "mandat": "non", "suivi": "personne", "manque": "cra", "silence": "60", "q": "ecole"}
    page = client.get("/ad/91/", asked)
    chips = re.findall(r"Retirer le filtre\u202f: </span>(.*?) <svg", page.content.decode())
    expected = ["«\u00a0ecole\u00a0»", "Manque\u202f: CRA", "Évry", "Suivies par personne", "Sans mandat", "Sans nouvelle depuis 60 jours"]
    assert chips == expected
    assert "/ad/91/?q=ecole&manque=cra&suivi=personne&mandat=non&silence=60" in links(page)


def test_the_bar_leads_to_a_state_and_back(client: Client) -> None:
    an_association()
    assert "/ad/91/?etat=pret" in links(client.get("/ad/91/"))
    page = client.get("/ad/91/?etat=pret&circo=Massy")
    assert "/ad/91/?circo=Massy" in links(page)
    assert "/ad/91/?etat=fini&circo=Massy" in links(page)


def test_a_head_sorts_one_way_then_the_other(client: Client) -> None:
    an_association()
    assert {"/ad/91/?tri=ecole", "/ad/91/?tri=-operation"} <= set(links(client.get("/ad/91/")))
    assert {"/ad/91/?tri=-ecole"} <= set(links(client.get("/ad/91/?tri=ecole")))
    assert 'aria-sort="ascending"' in client.get("/ad/91/?tri=ecole").content.decode()
    assert 'aria-sort="descending"' in client.get("/ad/91/?tri=-operation").content.decode()


@pytest.mark.parametrize(
    ("today", "asked", "expected"),
    [
        (date(2026, 12, 31), None, "2025-2026"),
        (date(2027, 1, 1), "", "2026-2027"),
        (date(2027, 1, 1), "2023-2024", "2023-2024"),
    ],
)
def test_the_year_is_the_one_that_matters_or_the_one_asked_for(today: date, asked: str | None, expected: str) -> None:
    assert str(year_asked(asked, today)) == expected


def test_a_year_that_is_none_is_not_found(client: Client) -> None:
    assert client.get("/ad/91/?annee=2025-2027").status_code == 404


def test_another_year_goes_along_with_each_link(client: Client) -> None:
    an_association()
    page = client.get("/ad/91/?annee=2024-2025&q=ecole")
    assert {"/ad/91/?annee=2024-2025&q=ecole&etat=pret", "/ad/91/?q=ecole"} <= set(links(page))


def test_nothing_found_says_what_to_try(client: Client) -> None:
    an_association()
    text = main_text(client.get("/ad/91/", {"q": "<b>Lyon"}))
    assert "Aucune coopérative pour «\u00a0<b>Lyon\u00a0»" in text
    assert "Aucune ne répond à tous ces filtres." in main_text(client.get("/ad/91/?aide=oui"))


def test_what_people_have_written_is_no_markup(client: Client) -> None:
    make_coop(NEW, "École <b>Neuve</b>", "<i>Massy</i>")
    give_mandate(author=SYSTEM, coop=Coop.objects.get(rne=NEW), holder="<script>", start=date(2025, 9, 1))
    html = client.get("/ad/91/").content.decode()
    assert [bad for bad in ("<b>Neuve", "<i>Massy", "<script>") if bad in html] == []


def test_an_empty_ad_says_what_to_do_first(client: Client, adele: User) -> None:
    assert "Un administrateur de votre association les ajoutera ici." in main_text(client.get("/ad/91/"))
    assert "Ajoutez la première\u202f: son RNE suffit pour créer son compte." in main_text(logged_in(adele).get("/ad/91/"))


def test_a_search_without_end_is_answered(client: Client) -> None:
    make_coop(ALICE)
    searches = (" ".join(f"m{number}" for number in range(1_500)), f"{ALICE} " * 30 + "Tilleuls")
    assert [shown(client, q=typed) for typed in searches] == [[], [ALICE]]


def test_only_the_administrateur_adds(bob: User, adele: User) -> None:
    fanny = make_staff("fanny", RoleKind.FEDERATION, None)
    offered = ["/ad/91/coops/nouvelle/" in links(logged_in(user).get("/ad/91/")) for user in (bob, adele, fanny)]
    assert offered == [False, True, False]


def test_the_federation_finds_its_way_back(db: None) -> None:
    assert "/federation/" in links(logged_in(make_staff("fanny", RoleKind.FEDERATION, None)).get("/ad/91/"))


def test_corsica_too(db: None) -> None:
    make_coop("6200001A", "École de Bastia", "Bastia")
    page = logged_in(make_staff("corse", RoleKind.ANIMATEUR, "2A")).get("/ad/2A/")
    assert "École de Bastia" in main_text(page)


def test_all_stand_on_one_page_in_a_fixed_number_of_queries(client: Client, staff: AssociationAccess, bob: User) -> None:
    for number in range(3):
        follow(access=staff, coop=make_coop(f"0910{number:03d}A"), user=bob)
    keep_view(access=staff, name="Les miennes", query="suivi=moi")
    few = queries_of(client, "/ad/91/")
    for number in range(3, 60):
        follow(access=staff, coop=make_coop(f"0910{number:03d}A"), user=bob)
    assert few == queries_of(client, "/ad/91/?tri=ecole&suivi=moi&q=ecole") <= 12
    assert len(shown(client)) == 60


def test_a_page_shows_a_hundred_and_the_others_follow(client: Client) -> None:
    rnes = [f"0910{number:03d}A" for number in range(103)]
    for rne in rnes:
        make_coop(rne)
    page = client.get("/ad/91/?tri=rne")
    assert (rows(main_text(page)), "Afficher les 3 autres" in main_text(page)) == (rnes[:100], True)
    assert "/ad/91/?tri=rne&suite=oui" in links(page)
    assert rows(main_text(client.get("/ad/91/?tri=rne&suite=oui"))) == rnes
    following = client.get("/ad/91/?tri=rne&suite=oui", headers={"HX-Request": "true"}).content.decode()
    assert (re.findall(r'value="(\w+)"', following), following.count("<tbody>")) == (rnes[100:], 1)
    ticked = client.get("/ad/91/?tri=rne&cocher=tout").content.decode()
    assert re.findall(r'name="rne" value="(\w+)" aria-label="\w+" checked', ticked) == rnes


@pytest.mark.parametrize(("who", "address"), [("adele", "/ad/91/"), ("fanny", "/federation/")])
def test_backups_are_told_over_the_list(adele: User, clock: Clock, who: str, address: str) -> None:
    make_coop()
    clock.at(14, 5)
    client = logged_in({"adele": adele}.get(who) or make_staff("fanny", RoleKind.FEDERATION, None))
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


class TestByCirconscription:
    def test_those_where_help_is_needed_most_come_first(self, bob: User, clock: Clock) -> None:
        an_association()
        clock.set(2026, 10, 1, 9)
        page = logged_in(bob).get("/ad/91/circonscriptions/")
        said = main_text(page).rpartition("Fini ")[2]
        assert said == "Sans circonscription 1 1 1 Évry 2 1 1 1 Massy 1 1"
        assert {"/ad/91/?circo=Massy", "/ad/91/?circo=-&retard=oui", "/ad/91/?etat=fini&circo=%C3%89vry"} <= set(links(page))

    def test_an_ad_that_knows_none_says_where_they_come_from(self, client: Client) -> None:
        make_coop()
        assert "Aucune circonscription n’est connue" in main_text(client.get("/ad/91/circonscriptions/"))
