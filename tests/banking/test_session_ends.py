"""The session ends in the middle of typing: after log-in the typed values are still there."""

from __future__ import annotations

import uuid

from django.test import Client

from retkoop.banking.models import BankStatement, CashCountRecord
from retkoop.books.models import Book
from retkoop.network.access import Access
from tests.banking.pages_at_hand import BASE, at
from tests.cast import ALICE, logged_in, made_for_them
from tests.pages import controls

CASH = f"/coop/{ALICE}/2025-2026/caisse/"


def cut_off(alice: Access) -> Client:
    """Return a browser that logged out elsewhere: no session, and no cookie of one."""
    client = logged_in(alice.user)
    client.logout()
    return client


def values(client: Client, address: str, *names: str) -> list[str]:
    answer = client.get(address)
    return [field.get("value", "") for name in names for field in controls(answer, name)]


def test_a_statement_waits(alice: Access, book: Book) -> None:
    client, submission = cut_off(alice), str(uuid.uuid4())
    form = {"number": "8", "date": "31/08/2026", "account_balance": "1028,20", "submission": submission}
    assert client.post(BASE, form | made_for_them(alice.user)).status_code == 302
    client.force_login(alice.user)
    assert values(client, BASE, *form) == list(form.values())
    client.post(BASE, form)
    assert (values(client, BASE, "account_balance"), BankStatement.objects.count()) == ([""], 1)


def test_a_correction_waits(alice: Access, row: BankStatement) -> None:
    client, address = cut_off(alice), f"{at(row)}modifier/"
    form = {"number": "9", "date": "28/08/2026", "account_balance": "7,00", "version": "1"}
    client.post(address, form | made_for_them(alice.user))
    client.force_login(alice.user)
    assert values(client, address, *form) == list(form.values())
    client.post(address, form)
    assert values(client, address, "version") == ["2"]


def test_a_count_waits(alice: Access, book: Book) -> None:
    client = cut_off(alice)
    form = {"day": "31/08/2026", "q2000": "1", "q50": "3", "submission": str(uuid.uuid4())}
    client.post(CASH, form | made_for_them(alice.user))
    client.force_login(alice.user)
    assert values(client, CASH, *form) == list(form.values())
    client.post(CASH, form)
    assert CashCountRecord.objects.count() == 1
