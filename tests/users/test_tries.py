from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from retkoop.users.devices import COOKIE
from retkoop.users.models import FailedTries, User
from retkoop.users.tries import LONGEST_WAIT, Counter, TooManyTries, begin, counted, login_counters, succeed, told, wait_after
from tests.cast import PASSWORD
from tests.clock import Clock
from tests.pages import notices

WRONG = "Identifiant ou mot de passe incorrect. Respectez les majuscules et les minuscules, sans espaces."
GUESSER, OWNER = "203.0.113.9", "198.51.100.7"


def attempt(client: Client, typed: str = "au hasard", address: str = GUESSER, identifier: str = "0910000A") -> tuple[int, str]:
    """Log in; return the status, and the refusal or where it leads."""
    answer = client.post("/connexion/", {"login": identifier, "password": typed}, REMOTE_ADDR=address)
    return answer.status_code, answer["Location"] if answer.status_code == 302 else notices(answer)[0]


def guess(address: str = GUESSER, identifier: str = "0910000A") -> None:
    """Fail as an `attempt` does, without its page. Raises TooManyTries where it would wait."""
    begin(login_counters(identifier, address, device=None))


def waits(sentence: str) -> str:
    return f"Trop d’essais. Attendez {sentence}, puis recommencez."


def test_five_tries_are_free_then_each_waits_longer(alice: User, client: Client, clock: Clock) -> None:
    assert [attempt(client) for _ in range(5)] == [(200, WRONG)] * 5
    assert attempt(client) == (429, waits("15\u00a0secondes"))
    clock.advance(seconds=15)
    assert [attempt(client), attempt(client)] == [(200, WRONG), (429, waits("30\u00a0secondes"))]
    clock.advance(seconds=30)
    assert [attempt(client), attempt(client)] == [(200, WRONG), (429, waits("1\u00a0minute"))]


def test_while_one_waits_even_the_right_password_is_not_judged(alice: User, client: Client, clock: Clock) -> None:
    for _ in range(5):
        attempt(client)
    assert attempt(client, PASSWORD) == (429, waits("15\u00a0secondes"))
    clock.advance(seconds=15)
    assert attempt(client, PASSWORD) == (302, "/")


def test_tries_made_while_waiting_do_not_lengthen_the_wait(alice: User, client: Client, clock: Clock) -> None:
    for _ in range(40):
        attempt(client)
    clock.advance(seconds=15)
    assert attempt(client, PASSWORD) == (302, "/")


def test_a_success_wipes_the_slate(alice: User, clock: Clock) -> None:
    for _ in range(3):
        browser = Client()
        assert [attempt(browser) for _ in range(4)] == [(200, WRONG)] * 4
        assert attempt(browser, PASSWORD) == (302, "/")


def test_the_owner_at_home_does_not_wait_for_a_guesser_elsewhere(alice: User, client: Client, clock: Clock) -> None:
    for _ in range(29):
        with suppress(TooManyTries):
            guess()
    assert attempt(client)[0] == 429
    assert attempt(Client(), PASSWORD, OWNER) == (302, "/")


def test_the_owners_browser_does_not_wait_even_at_the_same_address(alice: User, clock: Clock) -> None:
    known = Client()
    attempt(known, PASSWORD)
    known.post("/deconnexion/")
    for number in range(80):
        for address in (f"203.0.113.{number}", GUESSER):
            with suppress(TooManyTries):
                guess(address)
    assert attempt(Client(), PASSWORD, OWNER)[0] == 429
    assert attempt(known, PASSWORD, GUESSER) == (302, "/")


def test_a_known_browser_counts_too_but_alone(alice: User, clock: Clock) -> None:
    known = Client()
    attempt(known, PASSWORD)
    known.post("/deconnexion/")
    assert [attempt(known)[0] for _ in range(11)] == [200] * 10 + [429]
    assert attempt(Client(), PASSWORD, GUESSER) == (302, "/")


def test_a_browser_known_to_one_account_is_a_stranger_to_another(alice: User, bob: User, clock: Clock) -> None:
    known_to_bob = Client()
    attempt(known_to_bob, PASSWORD, identifier="bob")
    known_to_bob.post("/deconnexion/")
    assert [attempt(known_to_bob)[0] for _ in range(6)] == [200] * 5 + [429]


@pytest.mark.parametrize("cookie", ["", "rien", "eyJpZCI6ICJhIn0:1abc:def"])
def test_a_forged_cookie_makes_no_browser_known(alice: User, client: Client, clock: Clock, cookie: str) -> None:
    client.cookies[COOKIE] = cookie
    assert [attempt(client)[0] for _ in range(6)] == [200] * 5 + [429]


def test_the_cookie_opens_nothing_and_hides_from_scripts(alice: User, client: Client) -> None:
    attempt(client, PASSWORD)
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    other = Client()
    other.cookies[COOKIE] = cookie.value
    assert other.get("/compte/").status_code == 302


def test_many_addresses_together_slow_down_too(alice: User, clock: Clock) -> None:
    for number in range(48):
        guess(f"10.0.{number}.1")
    assert [attempt(Client(), address=f"10.0.{number}.1")[0] for number in range(48, 51)] == [200, 200, 429]


def test_one_address_on_many_accounts_slows_down_too(db: None, clock: Clock) -> None:
    for number in range(198):
        guess(identifier=f"09{number:05d}A")
    assert [attempt(Client(), identifier=f"09{number:05d}A")[0] for number in range(198, 201)] == [200, 200, 429]


def test_unknown_identifiers_wait_the_same(db: None, client: Client, clock: Clock) -> None:
    assert [attempt(client, identifier="0999999Z") for _ in range(6)][-1] == (429, waits("15\u00a0secondes"))


def test_failures_are_forgotten_after_a_day(alice: User, client: Client, clock: Clock) -> None:
    for _ in range(5):
        attempt(client)
    clock.advance(hours=24, seconds=1)
    assert [attempt(client)[0] for _ in range(5)] == [200] * 5
    assert {row.failures for row in FailedTries.objects.all()} == {5}


def test_neither_addresses_nor_identifiers_are_kept(alice: User, client: Client) -> None:
    attempt(client)
    kept = " ".join(FailedTries.objects.values_list("key", flat=True))
    assert (GUESSER in kept, "0910000A" in kept) == (False, False)


@pytest.mark.parametrize(("failures", "seconds"), [(1, 0), (4, 0), (5, 15), (6, 30), (7, 60), (8, 120), (10, 480), (11, 900), (500, 900)])
def test_waits_double_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert wait_after(failures, free=5) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("wait", "expected"),
    [(1, "1\u00a0seconde"), (14.2, "15\u00a0secondes"), (60, "1\u00a0minute"), (61, "2\u00a0minutes"), (900, "15\u00a0minutes")],
)
def test_a_wait_is_said_as_people_do(wait: float, expected: str) -> None:
    assert told(timedelta(seconds=wait)) == expected


def test_what_raises_is_a_failure(db: None) -> None:
    once = Counter("once", free=1)
    with pytest.raises(ZeroDivisionError), counted(once):
        1 / 0  # noqa: B018 -- any exception
    with pytest.raises(TooManyTries):
        begin([once])


def test_a_success_of_mine_does_not_forgive_the_failure_of_another(db: None, clock: Clock) -> None:
    counters = [Counter("shared", free=2, wiped_by_success=False)]
    mine = begin(counters)
    begin(counters)
    succeed(counters, mine)
    with pytest.raises(TooManyTries) as refusal:
        begin(counters)
    assert refusal.value.wait <= LONGEST_WAIT


@pytest.mark.django_db(transaction=True)
def test_a_crowd_at_once_gets_no_more_tries() -> None:
    def one(_: int) -> bool:
        try:
            begin([Counter("crowd", free=5)])
        except TooManyTries:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(one, range(24))) == 5
