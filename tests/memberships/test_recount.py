"""Fees counted again, by hand: thirty forms filled in on the page, and what each of them comes to wherever it is told.

The arithmetic of this file is its own: it knows the prices, and nothing of `domain.fees`.
"""

from __future__ import annotations

import io
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book, EntryLine
from retkoop.memberships.follow_up.shares import ShareOfAssociation
from retkoop.memberships.models import Declaration, Payment
from retkoop.memberships.receipts.journal import journal_of
from retkoop.network.access import Access
from retkoop.network.models import DepartmentalAssociation, RoleKind
from retkoop.network.services import change_setting
from tests.books.coops import YEAR, at, plain, said
from tests.cast import logged_in, make_staff
from tests.clock import Clock
from tests.memberships.at_hand import engaged, faults_of_rows
from tests.pages import notices

FEE, INSURANCE, OTHER = "62810008", "61681008", "61800008"
SHARES: Final = {"member": 1_13, "insurance": 27, "magazine": 19_90}
OURS: Final = {"member": "756000", "insurance": "467100", "magazine": "467200", "contribution": "754000"}
LEVELS: Final = ("PS", "GS", "CP", "CE1", "CM2", "6e", "ULIS", "Autre")


@dataclass
class Case:
    """A form as it is filled in under the prices of an AD; all amounts in cents."""

    prices: dict[str, int]
    rule: str
    extras: list[dict[str, Any]]
    classes: list[tuple[str, str, int, int]]
    insured: bool
    magazines: int
    contribution: int
    taken: dict[str, int] = field(default_factory=dict)

    @property
    def pupils(self) -> int:
        return sum(one[2] for one in self.classes)

    @property
    def adults(self) -> int:
        return sum(one[3] for one in self.classes)

    @property
    def pays_insurance(self) -> bool:
        return self.rule == "compulsory" or (self.rule == "proposed" and self.insured)

    def expected(self) -> list[tuple[str, str, str, int, int]]:
        """Return key, label, account, quantity and price of each line that costs something."""
        people = self.pupils + self.adults
        told = [
            ("member", "Cotisation à l’OCCE", FEE, people, self.prices["member_price"]),
            ("insurance", "Assurance", INSURANCE, people if self.pays_insurance else 0, self.prices["insurance_price"]),
            ("magazine", "Abonnement à Animation & Éducation", FEE, self.magazines, self.prices["magazine_price"]),
        ]
        for one in self.extras:
            if one["basis"] == "free":
                told.append((one["key"], one["label"], one["account"], 1, self.taken.get(one["key"], 0)))
                continue
            if one["optional"] and one["key"] not in self.taken:
                continue
            times = {"member": people, "pupil": self.pupils, "class": len(self.classes), "coop": 1}[one["basis"]]
            told.append((one["key"], one["label"], one["account"], times, one["price"]))
        told.append(("contribution", "Participation volontaire", FEE, 1, self.contribution))
        return [line for line in told if line[3] * line[4]]

    @property
    def total(self) -> int:
        return sum(quantity * price for *_, quantity, price in self.expected())

    def typed(self) -> dict[str, str]:
        given = {"submission": str(uuid.uuid4()), "version": "0", "classes-TOTAL_FORMS": str(len(self.classes)), "confirmed": "on"}
        for number, row in enumerate(self.classes):
            for name, value in zip(("level", "name", "pupils", "adults"), row, strict=True):
                given[f"classes-{number}-{name}"] = str(value)
        if self.insured:
            given["insured"] = "on"
        given["magazines"] = str(self.magazines) if self.magazines else ""
        given["contribution"] = euros(self.contribution) if self.contribution else ""
        for one in self.extras:
            if one["key"] in self.taken:
                given[f"extra-{one['key']}"] = euros(self.taken[one["key"]]) if one["basis"] == "free" else "on"
        return given


def euros(cents: int) -> str:
    """Write cents as the house does, its spaces ordinary: `1 234,56`."""
    whole = f"{cents // 100:,}".replace(",", " ")
    return f"{whole},{cents % 100:02d}"


def a_case(seed: int) -> Case:
    chance = Random(seed)  # noqa: S311 -- made-up figures
    bases = ["member", "pupil", "class", "coop", "free"]
    extras: list[dict[str, Any]] = []
    for number in range(seed % 5):
        basis = bases[(seed + number) % 5]
        told = {"key": f"x{number}", "label": f"Ligne {number} {basis}", "basis": basis, "account": (FEE, OTHER, INSURANCE)[number % 3]}
        extras.append(told | {"price": 0 if basis == "free" else chance.randint(1, 9_99), "optional": chance.random() < 0.5})
    classes = [
        (chance.choice(LEVELS), f"Classe {one}", chance.randint(1, 32), chance.randint(0, 3)) for one in range(chance.randint(1, 14))
    ]
    taken = {
        one["key"]: chance.randint(1, 250_00) if one["basis"] == "free" else 1
        for one in extras
        if not one["optional"] or chance.random() < 0.6
    }
    magazine = chance.choice((0, 32_00, 29_90))
    return Case(
        prices={
            "member_price": chance.choice((2_05, 2_07, 1_99, 3_33)),
            "insurance_price": chance.choice((25, 27, 0, 33)),
            "magazine_price": magazine,
        },
        rule=("proposed", "compulsory", "none")[seed % 3],
        extras=extras,
        classes=classes,
        insured=chance.random() < 0.6,
        magazines=seed % 4 if magazine else 0,
        contribution=chance.choice((0, 0, 1, 12_34, 1_234_56)),
        taken=taken,
    )


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 10, 6, 17, 30)
    return clock


def text_of(answer: Any) -> str:  # noqa: ANN401 -- an answer of the client
    told = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    return plain(" ".join(told.split()))


def asked(access: Access, case: Case) -> None:
    """Have the AD ask for the prices of a case."""
    for name, value in {**case.prices, "insurance_rule": case.rule, "extra_fees": case.extras}.items():
        change_setting(author=SYSTEM, association=access.coop.association, from_year=2025, name=name, value=value)
    change_setting(author=SYSTEM, association=None, from_year=2025, name="federation_shares", value=SHARES)


def told_to_the_coop(access: Access, client: Client, book: Book, case: Case) -> None:
    """Fill in the form and declare, and compare all that the coop reads."""
    lines, total = case.expected(), case.total
    fragment = client.post(at(book, "membership_amount"), case.typed())
    assert f'<td colspan="3">Total</td><td class="number">{euros(total)}</td>' in plain(fragment.content.decode())
    client.post(at(book, "membership_form"), case.typed())
    engaged(access)
    client.post(at(book, "declare_membership"), {"submission": str(uuid.uuid4()), "version": "1"})
    row = Declaration.objects.get()
    assert [tuple(line) for line in row.lines] == lines
    sums = (row.total, row.pupils, row.adults, row.magazines, row.contribution)
    assert sums == (total, case.pupils, case.adults, case.magazines, case.contribution)
    assert f"Montant de l’adhésion {euros(total)} €" in said(client.get(at(book, "membership")))
    call = text_of(client.get(at(book, "fee_call")))
    for _, label, _, quantity, price in lines:
        assert f"{label} {quantity} {euros(price)} {euros(quantity * price)}" in call
    assert f"Total {euros(total)}" in call


def paid_and_validated(staff: Client, access: Access, total: int) -> None:
    """Have the AD note the payment and validate, on its pages."""
    key = Declaration.objects.get().membership_id
    new = f"{reverse('new_membership_payment', kwargs={'department': '91'})}?annee={YEAR}"
    paid = {"membership": key, "amount": euros(total), "day": "06/10/2025", "kind": "transfer", "submission": uuid.uuid4()}
    assert [plain(one) for one in notices(staff.post(new, paid, follow=True))] == ["École Jean-Jaurès : c’est enregistré."]
    given = {"submission": uuid.uuid4(), "annee": str(YEAR), "number": 1}
    place = {"department": "91", "rne": access.coop.rne}
    assert staff.post(reverse("validate_membership", kwargs=place), given).status_code == 302
    assert Payment.objects.get().amount == total


def booked_by_the_coop(book: Book) -> tuple[dict[str, tuple[int, int]], list[tuple[int, int]]]:
    """Return debit and credit of the charges by account, and those at the bank."""
    rows = EntryLine.objects.filter(book=book).values_list("account", "debit", "credit")
    charges = {account: (debit, credit) for account, debit, credit in rows if account[0] == "6"}
    return charges, [(debit, credit) for account, debit, credit in rows if account == "512"]


def journal_by_account(ad: DepartmentalAssociation) -> dict[str, int]:
    """Return what the AD's journal of October credits, less what it debits, by account."""
    found: Counter[str] = Counter()
    for one in journal_of(ad, date(2025, 10, 1), date(2025, 10, 31)):
        found[one.account] += one.credit - one.debit
    return dict(found)


@pytest.mark.parametrize("seed", range(30))
def test_the_amount_is_the_same_wherever_it_is_told(alice: Access, client: Client, book: Book, seed: int) -> None:
    case, ad, staff = a_case(seed), alice.coop.association, logged_in(make_staff("nadine", RoleKind.COMPTABLE))
    asked(alice, case)
    told_to_the_coop(alice, client, book, case)
    paid_and_validated(staff, alice, case.total)
    by_account, ours = Counter[str](), Counter({"512000": -case.total})
    for key, _, account, quantity, price in case.expected():
        by_account[account] += quantity * price
        ours[OURS.get(key, "708000")] += quantity * price
    assert booked_by_the_coop(book) == ({key: (cents, 0) for key, cents in by_account.items()}, [(0, case.total)])
    assert journal_by_account(ad) == dict(ours)
    insured = any(key == "insurance" for key, *_ in case.expected())
    people = case.pupils + case.adults
    share = people * SHARES["member"] + (people * SHARES["insurance"] if insured else 0) + case.magazines * SHARES["magazine"]
    assert ShareOfAssociation(ad, YEAR).amount == share
    assert euros(share) in said(staff.get(f"{reverse('membership_share', kwargs={'department': '91'})}?annee={YEAR}"))
    paper = text_of(client.get(at(book, "membership_attestation")))
    assert f"{many(people, 'coopérateur')} : {many(case.pupils, 'élève')}, {many(case.adults, 'adulte')}" in paper
    assert ("Souscrite avec l’adhésion" in paper, "Non souscrite avec l’adhésion" in paper) == (insured, not insured)
    assert faults_of_rows() == []


def many(count: int, name: str) -> str:
    return f"{count} {name}{'s' if count > 1 else ''}"
