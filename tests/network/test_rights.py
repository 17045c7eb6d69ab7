"""The rights of everybody at every address: whoever may not see a thing gets the answer of a thing that does not exist.

Each URL of the house must stand in RULES: a new one fails the first test until somebody has said whose it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Final

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from retkoop.audit.services import SYSTEM, writing
from retkoop.banking import services as banking
from retkoop.banking.models import BankStatement, CashCountRecord
from retkoop.books import opening, vouchers
from retkoop.books.models import Book, CarriedItem, Proof
from retkoop.books.models import Operation as OperationRow
from retkoop.books.services import delete_operation, open_book, record_operation
from retkoop.domain.entry import Moves, Operation, Part
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.pricing.services import draft_engagement
from retkoop.network.access import Access, open_coop
from retkoop.network.models import Coop, Role, RoleKind
from retkoop.network.services import end_role, give_mandate, give_staff_role, invite_keeper
from retkoop.oversight.board.services import keep_view
from retkoop.oversight.rules.previewing import ask_for_preview
from retkoop.registers import services
from retkoop.users.models import User
from retkoop.year_end.cra.questionnaires import new_draft
from retkoop.year_end.models import QuestionnaireKind, Review, ReviewRemark
from tests.archive.sent import picture_bytes, receive
from tests.assistance.at_hand import asked, kept_answer
from tests.cast import ALICE, CHARLIE, account, association, make_coop, make_staff
from tests.memberships.at_hand import declared_membership
from tests.memberships.debits.at_hand import can_collect, declared, prepared, signed
from tests.memberships.follow_up.at_hand import share_declared
from tests.memberships.receipts import at_hand as receipts
from tests.network.rights import EVERYBODY, RULES, Rule
from tests.oversight.bulk.at_hand import a_run
from tests.oversight.national.at_hand import announced
from tests.oversight.reminders.at_hand import planned as planned_campaign
from tests.oversight.reminders.at_hand import staff
from tests.registers.registers_at_hand import decided, listed, tabled
from tests.year_end.handover.at_hand import planned
from tests.year_end.verifiers.at_hand import invited

YEAR: Final = SchoolYear(2025)


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, set[str]]]:
    """Yield every URL of the house: its whole name and what its path takes."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            taken = set(pattern.pattern.converters)
            yield from ((name, taken | parts) for name, parts in addresses(pattern.url_patterns, inner))
        else:
            yield f"{prefix}{pattern.name}", set(pattern.pattern.regex.groupindex)


ADDRESSES: Final = dict(addresses(get_resolver().url_patterns))


def test_every_address_has_its_rule() -> None:
    assert {name for name in ADDRESSES if name not in RULES} == set()


def keep_books(access: Access) -> dict[str, int]:
    """Open the coop's year and write one of each thing in it; return their keys."""
    book = open_book(access=access, year=YEAR)
    day = date(2025, 11, 12)
    musee = Operation(0, "D1", day, "Entrées au musée", Moves(bank=-138_00), (Part("61800008", 138_00),))
    statement = banking.record_statement(access=access, book=book, number="1", day=day, account_balance=0, submission=uuid.uuid4())
    count, gone = (
        banking.record_cash_count(access=access, book=book, day=day, quantities={500: times}, submission=uuid.uuid4()) for times in (1, 2)
    )
    banking.remove_cash_count(access=access, book=book, key=gone.pk)
    kept, deleted = (record_operation(access=access, book=book, operation=musee, submission=uuid.uuid4()) for _ in range(2))
    delete_operation(access=access, book=book, key=deleted.pk, version=deleted.version)
    return {
        "operation": kept.pk,
        "removed_operation": deleted.pk,
        "statement": statement.pk,
        "cash_count": count.pk,
        "removed_cash_count": gone.pk,
        **carried_items(access, book),
        **evidence(access, book),
        **registers(access, book),
        "verifier": invited(access, book).pk,
        "remark": remarked(access, book).pk,
        "handover": planned(access, book).pk,
        "thread": asked(access, book).pk,
        "membership": declared_membership(access, year=YEAR).pk,
        "draft": new_draft(author=SYSTEM, kind=QuestionnaireKind.CRA).pk,
    }


def remarked(access: Access, book: Book) -> ReviewRemark:
    """Have the AD send a remark on the year, which stays open."""
    with writing(access.coop.chain, SYSTEM) as trail:
        review = Review.objects.create(coop=access.coop, book=book, round=1, outcome="to_correct", by="Mme Blanc", at=trail.at)
        trail.created(review, action="review.to_correct")
        remark = ReviewRemark.objects.create(coop=access.coop, book=book, review=review, line="bilan", line_label="Bilan", text="?")
        trail.created(remark, action="remark.written")
    return remark


def note(access: Access, book: Book, piece: str, account: str, amount: int) -> OperationRow:
    sign = -1 if account.startswith("6") else 1
    operation = Operation(0, piece, date(2025, 12, 1), f"Opération {piece}", Moves(bank=sign * amount), (Part(account, amount),))
    return record_operation(access=access, book=book, operation=operation, submission=uuid.uuid4())


def evidence(access: Access, book: Book) -> dict[str, int]:
    lost = note(access, book, "D7", "61800008", 12_00)
    vouchers.say_proof(access=access, book=book, operation=lost.pk, proof=Proof.LOST)
    kept, gone = receive(access, book, picture_bytes()), receive(access, book, picture_bytes("red"))
    vouchers.remove_document(access=access, book=book, document=gone.pk)
    return {"lost_operation": lost.pk, "document": kept.pk, "removed_document": gone.pk}


def registers(access: Access, book: Book) -> dict[str, int]:
    bought = (("D8", "68000008", 300_00), ("R8", "74100008", 300_00), ("R9", "74100008", 300_00))
    purchase, *grants = (note(access, book, *one) for one in bought)
    item, gone_item = listed(access, book), listed(access, book, label="Enceinte")
    subsidy, gone_subsidy = (tabled(access, book, grant) for grant in grants)
    deliberation, gone_deliberation = decided(access, book), decided(access, book, decisions="On repeint.")
    services.remove_item(access=access, book=book, key=gone_item.pk)
    services.remove_subsidy(access=access, book=book, key=gone_subsidy.pk)
    services.remove_deliberation(access=access, book=book, key=gone_deliberation.pk)
    return {
        "purchase": purchase.pk,
        "item": item.pk,
        "removed_item": gone_item.pk,
        "subsidy": subsidy.pk,
        "removed_subsidy": gone_subsidy.pk,
        "deliberation": deliberation.pk,
        "removed_deliberation": gone_deliberation.pk,
    }


def carried_items(access: Access, book: Book) -> dict[str, int]:
    kept, gone = (
        opening.add_carried_item(access=access, book=book, day=date(2025, 8, 20), label="Assurance", bank=-10_00, submission=uuid.uuid4())
        for _ in range(2)
    )
    opening.remove_carried_item(access=access, book=book, key=gone.pk)
    return {"carried_item": kept.pk, "removed_carried_item": gone.pk}


def a_debit(coop: Coop) -> dict[str, int]:
    """Have the coop sign a mandate, its AD prepare a collection with it."""
    year = SchoolYear.containing(timezone.localdate())
    can_collect(from_year=year.start)
    declared(coop, year=year)
    mandate, collection = signed(coop, year=year), prepared(year=year)
    return {"debit_mandate": mandate.pk, "collection": collection.pk, "debit": collection.debits.get().pk}


def people(coop: Coop) -> dict[str, int]:
    """Let a person keep the coop's books, another one work for the federation; return the keys of their roles."""
    keeper = invite_keeper(author=SYSTEM, coop=coop, email="keeper@ecole.fr", name="Une collègue", start=timezone.localdate())
    return {"keeper": keeper.roles.get().pk, "federation_role": make_staff("federate", RoleKind.FEDERATION, None).roles.get().pk}


@pytest.fixture
def things(db: None) -> dict[str, int]:
    """Alice's coop with one of each thing that an address can name: their keys."""
    coop = make_coop(ALICE)
    alice = account(coop)
    mandate = give_mandate(author=SYSTEM, coop=coop, holder="Alice Martin", start=date(2025, 9, 1))
    role = Role.objects.get(user=make_staff("someone", RoleKind.ANIMATEUR))
    kept = {"canned_answer": kept_answer(association()).pk, "federation_answer": kept_answer(None).pk}
    kept["bulk_run"] = a_run().pk
    kept["campaign"] = planned_campaign(staff()).pk
    kept["engagement"] = draft_engagement(author=SYSTEM, association=association()).pk
    kept["national_engagement"] = draft_engagement(author=SYSTEM, association=None).pk
    kept["announcement"] = announced().pk
    kept["rules_preview"] = ask_for_preview(association=association(), year=YEAR, values={"cash_ceiling": 60_00}).pk
    kept["national_preview"] = ask_for_preview(association=None, year=YEAR, values={"cash_ceiling": 60_00}).pk
    kept["share"] = share_declared(YEAR).pk
    kept["saved_view"] = keep_view(access=staff(), name="La sienne", query="suivi=moi").pk
    kept |= received(open_coop(alice, ALICE, to_write=True))
    kept |= a_debit(coop)
    return {**keep_books(open_coop(alice, ALICE, to_write=True)), **people(coop), "mandate": mandate.pk, "role": role.pk, **kept}


def received(access: Access) -> dict[str, int]:
    """Have the AD receive a cheque of Alice's coop, take it to the bank, and import a line of its statement."""
    payment = receipts.announced(access, declared_membership(access, year=YEAR.previous))
    receipts.deposited([payment])
    return {"payment": payment.pk, "received_line": receipts.a_line("VIR", "12,00").pk}


def browser(person: str) -> Client:
    """Return the browser of one of the cast, logged in."""
    client = Client()
    client.force_login(_CAST[person]())
    return client


def _former_animateur() -> User:
    user = make_staff("former", RoleKind.ANIMATEUR)
    end_role(author=SYSTEM, role=user.roles.get())
    return user


def _future_animateur() -> User:
    user = _former_animateur()
    give_staff_role(
        author=SYSTEM, user=user, kind=RoleKind.ANIMATEUR, start=timezone.localdate() + timedelta(days=1), association=association()
    )
    return user


_CAST: Final = {
    "alice": lambda: _user(ALICE),
    "charlie": lambda: account(make_coop(CHARLIE)),
    "animateur": lambda: make_staff("bob", RoleKind.ANIMATEUR),
    "comptable": lambda: make_staff("carole", RoleKind.COMPTABLE),
    "administrateur": lambda: make_staff("adele", RoleKind.ADMINISTRATEUR),
    "federation": lambda: make_staff("fanny", RoleKind.FEDERATION, None),
    "other AD's animateur": lambda: make_staff("emile", RoleKind.ANIMATEUR, "92"),
    "other AD's administrateur": lambda: make_staff("gaston", RoleKind.ADMINISTRATEUR, "92"),
    "former animateur": _former_animateur,
    "future animateur": _future_animateur,
}


def path_of(name: str, rule: Rule, things: dict[str, int]) -> str:
    known: dict[str, object] = {"rne": ALICE, "year": str(YEAR), "department": "91", "key": things.get(rule.thing)}
    known |= {"action": "valider", "document": things["document"], "number": 1, "account": "61800008", "suffix": "csv"}
    known |= {"group": "alertes", "name": "cash_ceiling", "schema": "pain.008.001.08", "debit": things["debit"]}
    return reverse(name, kwargs={part: known[part] for part in ADDRESSES[name]})


@contextmanager
def undone() -> Iterator[None]:
    """Let nothing that a request did reach the next one."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


def read_to_the_end(answer: HttpResponse) -> None:
    """A file that is sent is open until its last byte."""
    if answer.streaming:
        for _ in answer.streaming_content:  # type: ignore[attr-defined]  # a streamed answer
            pass


def verdict(answer: HttpResponse) -> str:
    """Say what an answer means: `opened`, `absent`, or `no such method`, which tells nothing of what is there."""
    read_to_the_end(answer)
    return {404: "absent", 405: "no such method"}.get(
        answer.status_code, f"{answer.status_code}" if answer.status_code >= 500 else "opened"
    )


def broken_rules(client: Client, person: str, things: dict[str, int]) -> Iterator[str]:
    """Knock at every door with a GET and with a POST; tell each that did not answer as its rule says."""
    for name, rule in RULES.items():
        if rule is None or name not in ADDRESSES:
            continue
        path = path_of(name, rule, things)
        for method, allowed in (("get", rule.get), ("post", rule.post)):
            with undone():
                found = verdict(getattr(client, method)(path))
            expected = {"opened"} if person in allowed else {"absent", "no such method"}
            if found not in expected:
                yield f"{person} {method.upper()} {path}: {found}"


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_each_door_opens_for_its_people_alone(things: dict[str, int], person: str) -> None:
    assert list(broken_rules(browser(person), person, things)) == []


def test_whoever_is_not_logged_in_is_led_to_log_in(things: dict[str, int]) -> None:
    client = Client()
    wrong = []
    for name, rule in RULES.items():
        if rule is None or name not in ADDRESSES:
            continue
        path = path_of(name, rule, things)
        answers = [client.get(path), client.post(path)]
        wrong += [path for answer in answers if not answer.headers.get("Location", "").startswith("/connexion/?next=")]
    assert wrong == []


def test_a_thing_of_another_coop_is_absent_from_ones_own(things: dict[str, int]) -> None:
    """Charlie asks for Alice's things under the address of a coop that is his own."""
    client = browser("charlie")
    keep_books(open_coop(_user(CHARLIE), CHARLIE, to_write=True))
    opened = []
    for name, rule in RULES.items():
        if rule is not None and name in ADDRESSES and {"rne", "year", "key"} <= ADDRESSES[name]:
            path = path_of(name, rule, things).replace(ALICE, CHARLIE)
            for method in ("get", "post"):
                with undone():
                    answer = getattr(client, method)(path)
                    touched = any_thing_touched(things)
                read_to_the_end(answer)
                opened += [f"{method.upper()} {path}"] if answer.status_code == 200 or touched else []
    assert opened == []


def any_thing_touched(things: dict[str, int]) -> bool:
    """Tell whether one of Alice's things is gone, or one that was gone is back."""
    there = {
        "operation": OperationRow.objects.filter(pk=things["operation"]).exists(),
        "statement": BankStatement.objects.filter(pk=things["statement"], closed_at=None).exists(),
        "cash_count": CashCountRecord.objects.filter(pk=things["cash_count"]).exists(),
        "carried_item": CarriedItem.objects.filter(pk=things["carried_item"]).exists(),
    }
    back = (
        CashCountRecord.objects.filter(pk=things["removed_cash_count"]).exists()
        or OperationRow.objects.filter(pk=things["removed_operation"]).exists()
    )
    return not all(there.values()) or back


def test_a_year_that_is_not_open_is_absent(things: dict[str, int]) -> None:
    client = browser("alice")
    paths = [
        path_of(name, rule, things).replace(str(YEAR), year)
        for name, rule in RULES.items()
        if rule is not None and name in ADDRESSES and "year" in ADDRESSES[name] and rule.get
        for year in ("2019-2020", "2025-2027", "n-importe")
    ]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


def _user(rne: str) -> User:
    return User.objects.get(username=rne)
