"""Reading what an AD asks for an adhésion in a year: prices, account to pay, ways to pay, the engagement of mandataires."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.http import Http404

from retkoop.domain.fees import Basis, ExtraFee, InsuranceRule, Tariff
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.models import EngagementText, PaymentWay
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import given_settings


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who is paid: the holder of the account, its IBAN and BIC, the ICS that direct debits need; the order and address of cheques.

    What the AD has not told yet is empty.
    """

    name: str = ""
    iban: str = ""
    bic: str = ""
    ics: str = ""
    order: str = ""
    address: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it as a setting, a mandate or a collection keeps it."""
        return {name: getattr(self, name) for name in self.__slots__}


def tariff_of(association: DepartmentalAssociation, year: SchoolYear) -> Tariff:
    """Return the prices of an AD in a year."""
    given = given_settings(association, year)
    return Tariff(
        member=given.value("member_price"),
        insurance=given.value("insurance_price"),
        magazine=given.value("magazine_price"),
        insurance_rule=InsuranceRule(given.value("insurance_rule")),
        extras=extras_of(given.value("extra_fees")),
    )


def extras_of(rows: Iterable[Mapping[str, Any]]) -> tuple[ExtraFee, ...]:
    """Return extra lines from the rows that a setting keeps."""
    return tuple(ExtraFee(**{**row, "basis": Basis(row["basis"])}) for row in rows)


def kept_extras(extras: Iterable[ExtraFee]) -> list[dict[str, object]]:
    """Return extra lines as a setting keeps them."""
    return [{name: getattr(extra, name) for name in ExtraFee.__slots__} | {"basis": extra.basis.value} for extra in extras]


def creditor_of(association: DepartmentalAssociation, year: SchoolYear) -> Creditor:
    """Return whom the coops of an AD pay in a year; without a holder or an order of its own, « OCCE » and its department stand for both."""
    told = given_settings(association, year).value("creditor")
    name = told.get("name") or str(association)
    return Creditor(**{**told, "name": name, "order": told.get("order") or name})


def payment_ways_of(association: DepartmentalAssociation, year: SchoolYear) -> tuple[PaymentWay, ...]:
    """Return the ways in which the coops of an AD may pay: a transfer needs its IBAN, a direct debit its ICS as well."""
    given, creditor = given_settings(association, year), creditor_of(association, year)
    told = {
        PaymentWay.CHEQUE: True,
        PaymentWay.TRANSFER: bool(creditor.iban),
        PaymentWay.DEBIT: bool(creditor.iban and creditor.ics),
    }
    return tuple(way for way in PaymentWay if way.value in given.value("payment_ways") and told[way])


def books_on_validation(association: DepartmentalAssociation, year: SchoolYear) -> bool:
    """Tell whether the AD's validation books the payment in the coop's cahier."""
    return bool(given_settings(association, year).value("book_on_validation"))


def receipt_accounts_of(association: DepartmentalAssociation, year: SchoolYear) -> dict[str, str]:
    """Return the accounts of the AD's own accounting, by what they are for (`receipts.journal`); those it has not told are not there."""
    return dict(given_settings(association, year).value("receipt_accounts"))


def engagement_in_force(association: DepartmentalAssociation) -> EngagementText | None:
    """Return the text that mandataires of an AD accept: the latest that it published, else the federation's (None before any is)."""
    texts = EngagementText.objects.filter(Q(association=association) | Q(association=None), published_at__isnull=False)
    return texts.order_by(F("association").desc(nulls_last=True), "-number").first()


def engagement_texts(association: DepartmentalAssociation | None) -> list[EngagementText]:
    """Return the versions of an AD's engagement, or the federation's, the latest first; a draft is the first of them."""
    return list(EngagementText.objects.filter(association=association).order_by("-number"))


def engagement_text(association: DepartmentalAssociation | None, key: int) -> EngagementText:
    """Return a version of an AD's engagement, or the federation's. Raises Http404 for any other."""
    found = EngagementText.objects.filter(association=association, pk=key).first()
    if found is None:
        raise Http404
    return found
