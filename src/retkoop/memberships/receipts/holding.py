"""A statement file that holds several accounts: kept by the page itself, signed, until somebody says which of them is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.core import signing

from retkoop.banking.statement_files import StatementFile
from retkoop.books.writable import Refused
from retkoop.domain.statement_lines import same_account
from retkoop.memberships.models import ReceivedStatement
from retkoop.network.access import AssociationAccess
from retkoop.network.models import DepartmentalAssociation
from retkoop.ui.days import format_full
from retkoop.ui.templates import plural

_AN_HOUR: Final = 3600
_LONGEST: Final = 1_500_000
"""Signs of what a form may hold: a year of two accounts takes a tenth of it."""
_TOO_LARGE: Final = (
    "Ce fichier contient plusieurs comptes, et il est trop gros pour être gardé le temps d’en choisir un\u202f: exportez un seul compte."
)
_GONE: Final = "Ce choix n’est plus possible\u202f: envoyez de nouveau le fichier."


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that waits for a choice: its name, its bytes, and of each account its name in the file and what is said of it."""

    name: str
    data: bytes
    accounts: tuple[tuple[str, str], ...]

    @property
    def choices(self) -> list[tuple[int, str]]:
        return [(number, told) for number, (_, told) in enumerate(self.accounts)]


def hold(access: AssociationAccess, name: str, data: bytes, found: Sequence[StatementFile]) -> tuple[HeldFile, str]:
    """Return a file that waits, and the signed text by which it comes back from this person. Raises Refused where it is too large."""
    held = HeldFile(name, data, tuple((one.account, _told(one)) for one in found))
    told = {"name": name, "data": data.decode("latin-1"), "accounts": held.accounts}
    token = signing.dumps(told, salt=_salt(access), compress=True)
    if len(token) > _LONGEST:
        raise Refused(_TOO_LARGE)
    return held, token


def held_file(access: AssociationAccess, token: str) -> HeldFile:
    """Return the file that a text holds. Raises Refused for any other text, of another person, or after an hour."""
    try:
        told = signing.loads(token, salt=_salt(access), max_age=_AN_HOUR)
    except signing.BadSignature:
        raise Refused(_GONE) from None
    return HeldFile(told["name"], told["data"].encode("latin-1"), tuple((account, words) for account, words in told["accounts"]))


def account_used(association: DepartmentalAssociation, held: HeldFile) -> int | None:
    """Return the number of the account whose statement was imported last, None where none of them ever was."""
    used = [
        account for account in ReceivedStatement.objects.filter(association=association).values_list("account", flat=True)[:12] if account
    ]
    each = enumerate(account for account, _ in held.accounts)
    return next((number for number, account in each if account and any(same_account(account, other) for other in used)), None)


def _told(one: StatementFile) -> str:
    days = [line.date for line in one.lines]
    period = f"du {format_full(min(days))} au {format_full(max(days))}" if days else "sans date"
    return f"{_named(one.account)}\u202f: {plural(len(one.lines), 'ligne')}, {period}"


def _named(account: str) -> str:
    """Write of a number its last four signs alone."""
    if not account:
        return "Compte sans numéro"
    return f"Compte finissant par {account[-4:]}" if any(sign.isdigit() for sign in account[-4:]) else account


def _salt(access: AssociationAccess) -> str:
    return f"statement of {access.association.pk} by {access.user.pk}"
