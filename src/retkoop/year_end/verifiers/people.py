"""Who may verify the accounts: nobody who keeps them. Source: OCCE, quitus: no vérificateur is a mandataire."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Final

from django.utils import timezone

from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.dates import format_date
from retkoop.domain.elision import of
from retkoop.domain.names import name_words, words_of
from retkoop.network.models import Coop, Mandate
from retkoop.network.queries import account_of, keepers_of, running_mandates
from retkoop.users.models import User
from retkoop.year_end.models import Verifier
from retkoop.year_end.queries import mandates_during

MANDATAIRE: Final = "{name} est mandataire de la coopérative\u202f: on ne vérifie pas ses propres comptes. Invitez une autre personne."
ALIKE: Final = (
    "Rien ne distingue {name} {of_holder}, mandataire\u202f: on ne vérifie pas ses propres comptes. Si ce sont deux personnes, écrivez "
    "le nom et le prénom ici, et demandez à l’association départementale de les écrire dans le mandat."
)
MIXED: Final = "Ce nom mêle des lettres de plusieurs alphabets\u202f: tapez-le plutôt que de le coller."
OWN_ADDRESS: Final = (
    "Cette adresse est celle de la coopérative\u202f: indiquez celle de la personne, ou laissez vide et donnez-lui son carré."
)
KEEPER_ADDRESS: Final = (
    "Cette adresse est celle d’une personne qui tient les comptes de la coopérative\u202f: on ne vérifie pas ses propres comptes. "
    "Invitez une autre personne."
)
KEPT: Final = "{name} est mandataire de cette année-là\u202f: sa signature de vérificateur ne compte pas."
TWICE: Final = "{name} est déjà parmi les vérificateurs."
SAME_ADDRESS: Final = "Cette adresse est déjà celle {of_name}\u202f: chaque vérificateur a la sienne."


def same_person(name: str, other: str) -> bool:
    """Tell whether two names may be one person's: one says no more than the other, or both have the same letters."""
    first, second = name_words(name), name_words(other)
    return set(first) <= set(second) or set(second) <= set(first) or "".join(first) == "".join(second)


def is_among(name: str, holders: Collection[str]) -> bool:
    return any(same_person(name, holder) for holder in holders)


def holders_during(book: Book) -> list[str]:
    """Return the names of those who were mandataires in the year of a book."""
    return list(mandates_during(book).values_list("holder", flat=True))


def signs_for(user: User, mandate: Mandate) -> bool:
    """Tell whether an account signs for a mandataire: that of the school for each, somebody's own for them alone."""
    return user.family == User.Family.COOP or words_of(user.name) == words_of(mandate.holder)


def refuse_closed_coop(book: Book) -> None:
    """Raise Refused where the coop of a book is closed: nothing is written in it any more."""
    day = Coop.objects.filter(pk=book.coop_id).values_list("closed_on", flat=True).get()
    if day is not None:
        raise Refused(f"La coopérative est fermée depuis le {format_date(day)}\u202f: on n’y invite et n’y signe plus.")


def refuse_mandataire(book: Book, name: str, email: str = "") -> None:
    """Raise Refused for a mandataire of today or of the book's year, or an address of the coop itself or of who keeps its books."""
    if _is_mixed(name):
        raise Refused(MIXED)
    today = running_mandates(book.coop, timezone.localdate()).values_list("holder", flat=True)
    holders = sorted({*today, *holders_during(book)})
    if any(words_of(holder) == words_of(name) for holder in holders):
        raise Refused(MANDATAIRE.format(name=name))
    for holder in holders:
        if same_person(name, holder):
            raise Refused(ALIKE.format(name=name, of_holder=of(holder)))
    _refuse_address(book.coop, email.strip().casefold())


def _refuse_address(coop: Coop, email: str) -> None:
    if email and email in {coop.email.casefold(), account_of(coop).email.casefold()}:
        raise Refused(OWN_ADDRESS)
    keepers = {address.casefold() for role in keepers_of(coop) for address in (role.user.email, role.user.username)}
    if email in keepers - {""}:
        raise Refused(KEEPER_ADDRESS)


def _is_mixed(name: str) -> bool:
    """Tell whether a name holds letters of several scripts: some look alike and are not."""
    signs = [sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) in {"Lu", "Ll", "Lt", "Lo"}]
    return len({unicodedata.name(sign, "").partition(" ")[0] for sign in signs}) > 1


def refuse_twice(book: Book, name: str, email: str) -> None:
    """Raise Refused for somebody who is invited already, by name or by address."""
    for other in Verifier.objects.filter(book=book, ended_at=None):
        if words_of(other.name) == words_of(name):
            raise Refused(TWICE.format(name=other.name))
        if email and other.email.casefold() == email.casefold():
            raise Refused(SAME_ADDRESS.format(of_name=of(other.name)))
