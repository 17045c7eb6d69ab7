from __future__ import annotations

import re
import uuid
from datetime import date

import pytest
from django.test import Client

from retkoop.banking.models import CashCountRecord
from retkoop.books.models import Book
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from tests.banking.books_at_hand import YEAR, count, open_year
from tests.banking.pages_at_hand import HTMX, region
from tests.cast import ALICE, CHARLIE, account, logged_in, make_coop, make_staff
from tests.pages import Answer, controls, errors, main_text, notices, title
from tests.swap import swap

CASH = f"/coop/{ALICE}/2025-2026/caisse/"
AUGUST = date(2026, 8, 31)
RIGHT = {"q2000": "1", "q100": "1", "q50": "1"}


def given(**fields: str) -> dict[str, str]:
    return {"day": "31/08/2026", "submission": str(uuid.uuid4()), **RIGHT, **fields}


def typed(answer: Answer, name: str) -> list[str]:
    return [field.get("value", "") for field in controls(answer, name)]


def test_there_is_a_field_for_each_note_and_coin(client: Client, book: Book) -> None:
    answer = client.get(CASH)
    assert (answer.status_code, title(answer)) == (200, "Caisse")
    names = re.findall(r'name="q(\d+)"', answer.content.decode())
    worths = [50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1]
    assert [int(name) for name in names] == worths
    labels = re.findall(r'<label for="id_q\d+">(.*?) ?<', answer.content.decode())
    assert (labels[0], labels[6], labels[7], labels[9], labels[-1]) == (
        "500\u202f€",
        "5\u202f€",
        "2\u202f€",
        "50\u202fcentimes",
        "1\u202fcentime",
    )


def test_a_count_that_is_right_gets_its_answer_at_once(client: Client, book: Book) -> None:
    answer = client.post(CASH, given(), follow=True)
    record = CashCountRecord.objects.get()
    assert answer.redirect_chain == [(f"{CASH}?comptage={record.pk}", 302)]
    assert region(answer, "answer-title").text == "Bravo, la caisse est juste\u202f: 21,50\u202f€."
    assert typed(answer, "q2000") == [""]


def test_a_count_that_is_not_right_says_where_to_look(client: Client, book: Book) -> None:
    answer = client.post(CASH, given(q100="", q50=""), follow=True)
    text = main_text(answer)
    assert region(answer, "answer-title").text == "Il manque 1,50\u202f€ dans la caisse."
    assert "Le 31\u00a0août 2026, vous avez compté 20,00\u202f€\u00a0; le cahier dit 21,50\u202f€." in text
    assert "V01 Dépôt d’espèces, 03/10/2025, −\u202f100,00" in text
    assert (
        "Une dépense en espèces manque-t-elle dans le cahier\u00a0? Si l’écart reste inexpliqué, notez-le en dépense au compte 670." in text
    )


def test_a_count_that_is_not_right_can_be_gone_over_again(client: Client, book: Book) -> None:
    answer = client.post(CASH, given(q100="3"), follow=True)
    assert region(answer, "answer-title").text == "Il y a 2,00\u202f€ de trop dans la caisse."
    assert "Si l’écart reste inexpliqué, notez-le en recette au compte 770." in main_text(answer)
    assert [typed(answer, name) for name in ("day", "q2000", "q100", "q50", "q1")] == [["31/08/2026"], ["1"], ["3"], ["1"], [""]]
    assert region(answer, "count-total").text == "23,50\u202f€"


def test_a_resend_counts_once(client: Client, book: Book) -> None:
    form = given()
    answers = [client.post(CASH, form) for _ in range(2)]
    assert (answers[1]["Location"], CashCountRecord.objects.count()) == (CASH, 1)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"q100": "deux"}, "Indiquez un nombre entier, positif ou nul."),
        ({"q100": "-1"}, "Indiquez un nombre entier, positif ou nul."),
        ({"q100": "1,5"}, "Indiquez un nombre entier, positif ou nul."),
        ({"q100": "100001"}, "Ce nombre est trop grand. Vérifiez-le."),
        ({"day": ""}, "Indiquez une date, par exemple 14/11/2025."),
        ({"day": "01/09/2026"}, "Cette date n’est pas dans l’année scolaire 2025-2026."),
    ],
)
def test_what_cannot_be_is_said_and_stays(client: Client, book: Book, fields: dict[str, str], said: str) -> None:
    answer = client.post(CASH, given(**fields))
    assert (answer.status_code, errors(answer), CashCountRecord.objects.count()) == (422, [said], 0)
    assert [typed(answer, name) for name in (*fields, "q2000")] == [[value] for value in (*fields.values(), "1")]


def test_a_refused_count_does_not_stand_under_the_answer_to_a_former_one(client: Client, book: Book) -> None:
    client.post(CASH, given())
    assert "Bravo, la caisse est juste" in main_text(client.get(CASH))
    assert "Bravo, la caisse est juste" not in main_text(client.post(CASH, given(q100="-1")))


def test_the_sum_follows_the_typing(client: Client, book: Book) -> None:
    before = client.get(CASH).content.decode()
    answer = client.get(f"{CASH}total/", {"q500": "3", "q20": "2", "q10": "x"}, headers=HTMX)
    swapped = swap(before, answer.content.decode())
    assert answer.content.decode().strip().startswith("15,40\u202f€")
    assert [swapped.find(f"sous-total-{worth}").text for worth in (500, 20, 10)] == ["15,00\u202f€", "0,40\u202f€", "0,00\u202f€"]
    assert not CashCountRecord.objects.exists()


def test_the_day_is_today_or_the_nearest_of_the_year(client: Client, alice: Access) -> None:
    open_year(alice, YEAR)
    open_year(alice, YEAR.previous)
    assert typed(client.get(CASH.replace("2025-2026", "2024-2025")), "day") == ["31/08/2025"]


def test_the_counts_of_the_year_are_kept_with_their_answers(client: Client, alice: Access, book: Book) -> None:
    right, wrong = count(alice, book, date(2025, 10, 3), {20_00: 1, 1_00: 1, 50: 1}), count(alice, book, AUGUST, {})
    count(alice, book, date(2026, 7, 3), {50_00: 1})
    text = main_text(client.get(CASH))
    assert "03/07/2026 De trop 50,00\u202f€ 21,50\u202f€ +\u202f28,50" in text
    assert "31/08/2026 Il manque 0,00\u202f€ 21,50\u202f€ −\u202f21,50" in text
    assert "03/10/2025 Juste 21,50\u202f€ 21,50\u202f€" in text
    assert text.index("31/08/2026 Il") < text.index("03/10/2025 Juste")
    assert region(client.get(f"{CASH}?comptage={right.pk}"), "answer-title").text == "Bravo, la caisse est juste\u202f: 21,50\u202f€."
    assert region(client.get(f"{CASH}?comptage={wrong.pk}"), "answer-title").text == "Il manque 21,50\u202f€ dans la caisse."


def test_a_count_before_the_cash_moved_says_so(client: Client, alice: Access, book: Book) -> None:
    """100 € went to the bank on 3 October: what was counted before says nothing of what the box holds now."""
    early = count(alice, book, date(2025, 9, 20), {100_00: 1, 20_00: 1, 1_00: 1, 50: 1})
    answer = client.get(CASH)
    assert region(answer, "answer-title").text == "Bravo, la caisse est juste\u202f: 121,50\u202f€."
    moved = "La caisse a bougé depuis\u00a0: d’après le cahier, elle contient 21,50\u202f€. Recomptez-la."
    assert (moved in main_text(answer), "Caisse\u202f: à recompter" in answer.content.decode()) == (True, True)
    count(alice, book, AUGUST, {20_00: 1, 1_00: 1, 50: 1})
    assert [moved in main_text(client.get(address)) for address in (CASH, f"{CASH}?comptage={early.pk}")] == [False, False]


def test_a_count_is_removed_and_brought_back(client: Client, alice: Access, book: Book) -> None:
    record = count(alice, book, AUGUST, {})
    answer = client.post(f"{CASH}{record.pk}/supprimer/", follow=True)
    assert ("Le comptage est supprimé." in main_text(answer), CashCountRecord.objects.count()) == (True, 0)
    assert f'action="{CASH}{record.pk}/retablir/"' in answer.content.decode()
    back = client.post(f"{CASH}{record.pk}/retablir/", follow=True)
    assert (notices(back)[0], CashCountRecord.objects.count()) == ("Le comptage est rétabli.", 1)
    again = client.post(f"{CASH}{record.pk}/retablir/", follow=True)
    assert notices(again)[0] == "Ce comptage ne peut plus être rétabli."
    assert "Le comptage est supprimé." not in main_text(client.get(f"{CASH}?supprime={record.pk}"))


@pytest.mark.parametrize("junk", ["x", "-1", "9" * 40])
def test_an_address_that_names_no_count(client: Client, book: Book, junk: str) -> None:
    assert client.get(f"{CASH}?comptage={junk}").status_code == 404
    assert client.post(f"{CASH}{'9' * 40}/supprimer/").status_code == 302
    assert notices(client.post(f"{CASH}{'9' * 40}/retablir/", follow=True))[0] == "Ce comptage ne peut plus être rétabli."
    assert "Le comptage est supprimé." not in main_text(client.get(f"{CASH}?supprime={junk}"))


def test_somebody_who_only_reads_sees_the_counts_and_no_form(alice: Access, book: Book) -> None:
    reader = logged_in(make_staff("comptable91", RoleKind.COMPTABLE))
    assert "La caisse n’a pas encore été comptée cette année." in main_text(reader.get(CASH))
    record = count(alice, book, AUGUST, {})
    answer = reader.get(CASH)
    assert (controls(answer, "q100"), re.findall(r'action="[^"]*caisse[^"]*"', answer.content.decode())) == ([], [])
    for address in (CASH, f"{CASH}{record.pk}/supprimer/", f"{CASH}{record.pk}/retablir/"):
        assert reader.post(address, given()).status_code == 404


def test_a_stranger_finds_nothing(alice: Access, book: Book) -> None:
    record = count(alice, book, AUGUST, {})
    stranger = logged_in(account(make_coop(CHARLIE, "École de Charlie")))
    for address in (CASH, f"{CASH}total/", f"{CASH}?comptage={record.pk}"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{CASH}{record.pk}/supprimer/").status_code == 404
    assert CashCountRecord.objects.count() == 1
