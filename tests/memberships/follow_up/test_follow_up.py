"""The adhésions of an AD: who stands where, what it adds up to, the years side by side, the workbook."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from retkoop.domain.membership import MembershipState
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.follow_up.page import LevelCount, counted_by_cycle
from retkoop.memberships.follow_up.queries import YearTotals, followed_in, unsettled_memberships
from retkoop.network.models import Coop, RoleKind
from retkoop.oversight.board.queries import facts_of
from tests.books.coops import queries_of, said
from tests.cast import association, logged_in, make_coop, make_staff
from tests.clock import Clock
from tests.memberships.follow_up.at_hand import COLLEGE, JAURES, NEW, PORT, TILLEULS, YEAR, ZOLA, an_autumn, declared, paid, staff
from tests.pages import links

pytestmark = pytest.mark.django_db
PAGE = "/ad/91/adhesions/"


@pytest.fixture
def client() -> Client:
    return logged_in(make_staff("bob", RoleKind.ANIMATEUR))


def rows(answer: object) -> list[str]:
    text = said(answer).partition("Reste dû")[2]  # type: ignore[arg-type]  # an answer of the client
    return [word for word in text.split() if word.startswith("091") and len(word) == 8]


def test_where_each_coop_stands() -> None:
    an_autumn()
    found = {one.rne: (one.state, one.members, one.facts.owed, one.former) for one in followed_in(association(), YEAR).coops}
    assert found == {
        JAURES: (MembershipState.VALIDATED, 53, 0, 138_00),
        TILLEULS: (MembershipState.PAID, 60, 0, None),
        PORT: (MembershipState.PART_PAID, 53, 71_90, None),
        ZOLA: (MembershipState.LEFT, 0, 0, 121_90),
        NEW: (MembershipState.TO_DECLARE, 0, 0, 138_00),
    }


def test_the_board_tells_the_same_states() -> None:
    an_autumn()
    asked = {one.rne: one.state for one in followed_in(association(), YEAR).coops}
    assert {one.rne: one.adhesion for one in facts_of(association(), YEAR)} == asked


def test_a_year_without_any_that_is_over_awaits_none() -> None:
    an_autumn()
    assert {one.adhesion for one in facts_of(association(), SchoolYear(2024))} == {None}


def test_what_is_not_settled_is_told_before_a_coop_ends() -> None:
    coops = an_autumn()
    assert [unsettled_memberships(coops[rne]) for rne in (JAURES, PORT)] == [[], [(YEAR, 71_90)]]
    paid(declared(coops[NEW], COLLEGE), 150_00)
    assert unsettled_memberships(coops[NEW]) == [(YEAR, -12_00)]


def test_the_latest_declaration_is_the_one_that_counts() -> None:
    coops = an_autumn()
    declared(coops[JAURES], COLLEGE)
    [found] = [one for one in followed_in(association(), YEAR).coops if one.rne == JAURES]
    assert (found.state, found.members, found.facts.owed) == (MembershipState.PAID, 60, 138_00 - 161_90)


def test_the_two_years_before() -> None:
    an_autumn()
    assert followed_in(association(), YEAR).before == (YearTotals(3, 173, 397_90, 276_00), YearTotals())


def test_a_coop_that_has_ended_is_not_awaited() -> None:
    coops = an_autumn()
    Coop.objects.filter(rne=NEW).update(closed_on="2026-10-15")
    Coop.objects.filter(rne=ZOLA).update(closed_on="2026-08-31")
    found = {one.rne: one.state for one in followed_in(association(), YEAR).coops}
    assert (found[NEW], ZOLA in found, len(coops)) == (MembershipState.LEFT, False, 5)


def test_the_totals_of_the_page(client: Client) -> None:
    an_autumn()
    text = said(client.get(PAGE))
    assert "Attendu 544,80 € 4 coopératives" in text
    assert "Déclaré 406,80 € 3 coopératives" in text
    assert "Reçu 334,90 € 2 adhésions payées, 71,90 € à venir" in text
    assert "Validé 161,90 € 1 adhésion validée" in text
    assert "La date limite est le 30 novembre 2026" in text
    assert "1 à déclarer1 payée en partie1 à valider1 validée1 non renouvelée" in text


def test_members_by_cycle_and_level(client: Client) -> None:
    an_autumn()
    text = said(client.get(PAGE))
    assert "Maternelle 2 48 4 52" in text
    assert "6e 2 58 2 60 Collège 2 58 2 60 Total 6 158 8 166" in text
    assert "2 abonnements à Animation & Éducation." in text


def test_the_years_side_by_side(client: Client) -> None:
    an_autumn()
    text = said(client.get(PAGE)).partition("D’une année à l’autre")[2]
    assert "Coopératives qui ont déclaré 3 3 0 Coopérateurs 166 173 0 − 7" in text
    assert "Montant déclaré 406,80 397,90 0,00 + 8,90 Reçu 334,90 276,00 0,00 + 58,90" in text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", [JAURES, TILLEULS, PORT, NEW, ZOLA]),
        ("?etat=validees", [JAURES]),
        ("?etat=en-partie", [PORT]),
        ("?etat=a-declarer", [NEW]),
        ("?etat=retard", []),
        ("?q=massy", [TILLEULS, NEW, ZOLA]),
        ("?q=massy&etat=a-valider", [TILLEULS]),
        ("?tri=-coops", [TILLEULS, JAURES, PORT, NEW, ZOLA]),
        ("?tri=etat&etat=inconnu", [NEW, PORT, TILLEULS, JAURES, ZOLA]),
        ("?tri=nimporte", [JAURES, TILLEULS, PORT, NEW, ZOLA]),
        ("?annee=2025-2026&etat=a-valider", [JAURES, NEW]),
    ],
)
def test_what_the_address_asks_for(client: Client, asked: str, expected: list[str]) -> None:
    an_autumn()
    assert rows(client.get(f"{PAGE}{asked}")) == expected


def test_after_the_last_day_what_is_not_paid_is_late(clock: Clock) -> None:
    an_autumn()
    clock.set(2026, 12, 1, 9)
    client = logged_in(make_staff("bob", RoleKind.ANIMATEUR))
    assert rows(client.get(f"{PAGE}?etat=retard")) == [PORT, NEW]
    assert "2 en retard" in said(client.get(PAGE))


def test_money_to_give_back_is_found(client: Client) -> None:
    coops = an_autumn()
    paid(declared(coops[NEW], COLLEGE), 200_00)
    text = said(client.get(f"{PAGE}?etat=a-rendre"))
    assert "1 à rembourser" in text
    assert "à rendre 62,00" in text


def test_rows_lead_to_the_adhesion_of_the_coop(client: Client) -> None:
    an_autumn()
    assert f"/ad/91/adhesions/{JAURES}/" in links(client.get(PAGE))
    assert f"/ad/91/adhesions/{JAURES}/?annee=2025-2026" in links(client.get(f"{PAGE}?annee=2025-2026"))


def test_an_empty_ad_and_a_strange_year(client: Client) -> None:
    assert "Aucune coopérative en 2026-2027" in said(client.get(PAGE))
    assert client.get(f"{PAGE}?annee=jamais").status_code == 404
    make_coop()
    assert "Aucune adhésion pour « zzz »" in said(client.get(f"{PAGE}?q=zzz"))


def test_what_a_school_is_called_is_only_text(client: Client) -> None:
    make_coop(JAURES, "<b>École</b>")
    assert "&lt;b&gt;École&lt;/b&gt;" in client.get(PAGE).content.decode()


def test_a_hundred_coops_at_once_the_others_follow(client: Client) -> None:
    ad = association()
    Coop.objects.bulk_create(Coop(association=ad, rne=f"091{number:04d}X", name=f"École {number}") for number in range(130))
    whole = client.get(PAGE)
    assert len(rows(whole)) == 100
    assert "Afficher les 30 autres" in said(whole)
    assert len(rows(client.get(f"{PAGE}?suite=oui"))) == 130
    rest = client.get(f"{PAGE}?suite=oui", headers={"HX-Request": "true"})
    assert rest.content.decode().count("<tr>") == 30


def test_it_asks_as_much_of_the_database_for_many_coops(client: Client) -> None:
    coops = an_autumn()
    some = queries_of(client, PAGE)
    for number in range(8):
        row = declared(make_coop(f"091400{number}A"), COLLEGE)
        paid(row, 10_00)
    assert queries_of(client, PAGE) == some
    assert some <= 12
    assert len(coops) == 5


def test_the_workbook_holds_what_is_shown(client: Client) -> None:
    an_autumn()
    answer = client.get("/ad/91/adhesions/suivi.xlsx?q=massy")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="adhesions-91-2026-2027.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer)))
    assert book.sheet_names == ["Adhésions 2026-2027", "Effectifs par classe", "Par niveau", "Par année"]
    assert book.get_sheet_by_index(0).to_python()[1:] == [
        [TILLEULS, "École des Tilleuls", "Massy", "Payée, à valider", 58, 2, 60, 0, 123, 123, 0, ""],
        [NEW, "École Neuve", "Massy", "À déclarer", "", "", "", "", 0, 0, 0, 138],
        [ZOLA, "Collège Zola", "Massy", "Non renouvelée", "", "", "", "", 0, 0, 0, 121.9],
    ]
    assert book.get_sheet_by_index(1).to_python()[1:] == [
        [TILLEULS, "École des Tilleuls", "Massy", "6e", "Collège", "", 30, 0],
        [TILLEULS, "École des Tilleuls", "Massy", "6e", "Collège", "", 28, 2],
    ]


def test_levels_of_a_cycle_add_up() -> None:
    an_autumn()
    classes = [one for coop in followed_in(association(), YEAR).coops for one in coop.classes]
    assert counted_by_cycle(classes)[0] == LevelCount("Maternelle", 2, 48, 4, (LevelCount("GS", 2, 48, 4),))


def test_nobody_else_sees_it() -> None:
    other = logged_in(make_staff("charles", RoleKind.COMPTABLE, "33"))
    assert other.get(PAGE).status_code == 404
    assert logged_in(staff().user).get(PAGE).status_code == 200
