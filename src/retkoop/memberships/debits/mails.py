"""Letters of direct debits, to the coop: its mandate, what will be collected and when, what came back. None tells a whole IBAN."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from retkoop.domain.school_year import SchoolYear
from retkoop.mailing.services import queue_letter, queue_letters
from retkoop.memberships.ibans import masked_iban
from retkoop.memberships.models import Collection, Debit
from retkoop.network.models import Coop

_FOLDER = "memberships/debits/mail"


def tell_coop(coop: Coop, year: SchoolYear, letter: str, **more: object) -> bool:
    """Queue a letter to the official address of a coop."""
    context = _context(coop, year) | more
    return queue_letter(template=f"{_FOLDER}/{letter}.txt", context=context, addresses=[coop.email], chain=coop.chain)


def tell_coops(collection: Collection, debits: Sequence[Debit], letter: str, **more: object) -> int:
    """Queue a letter about their debit to the coops of a collection, all at once; return how many will leave."""
    told = []
    for one in debits:
        coop = one.membership.coop
        if coop.email:
            context = _context(coop, one.membership.year) | {"debit": one, "collection": collection} | more
            told.append((coop.email, context, coop.chain))
    return queue_letters(template=f"{_FOLDER}/{letter}.txt", letters=told)


def _context(coop: Coop, year: SchoolYear) -> dict[str, object]:
    place = f"{settings.PUBLIC_URL}/coop/{coop.rne}/{year}/adhesion/prelevement/"
    return {"coop": coop, "year": year, "association": coop.association, "address": place, "masked": masked_iban}
