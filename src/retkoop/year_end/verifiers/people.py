"""Who may verify the accounts: nobody who keeps them. Source: OCCE, quitus: no vérificateur is a mandataire."""

from __future__ import annotations

import re
from typing import Final

from django.utils import timezone

from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.chart import fold
from retkoop.network.queries import account_of, running_mandates
from retkoop.year_end.models import Verifier
from retkoop.year_end.queries import mandates_during

_TITLES: Final = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"})

MANDATAIRE: Final = "{name} est mandataire de la coopérative\u202f: on ne vérifie pas ses propres comptes. Invitez une autre personne."
OWN_ADDRESS: Final = (
    "Cette adresse est celle de la coopérative\u202f: indiquez celle de la personne, ou laissez vide et donnez-lui son carré."
)
TWICE: Final = "{name} est déjà parmi les vérificateurs."
SAME_ADDRESS: Final = "Cette adresse est déjà celle de {name}\u202f: chaque vérificateur a la sienne."


def words_of(name: str) -> frozenset[str]:
    """Return what makes a name, whatever its case, accents, order and title: `Mme PERRIN Léa` and `Léa Perrin` are one."""
    return frozenset(re.findall(r"\w+", fold(name))) - _TITLES


def refuse_mandataire(book: Book, name: str, email: str = "") -> None:
    """Raise Refused for a mandataire of today or of the book's year, or the address of the coop itself."""
    today = running_mandates(book.coop, timezone.localdate()).values_list("holder", flat=True)
    for holder in {*today, *mandates_during(book).values_list("holder", flat=True)}:
        if words_of(holder) == words_of(name):
            raise Refused(MANDATAIRE.format(name=name))
    if email and email.casefold() in {book.coop.email.casefold(), account_of(book.coop).email.casefold()}:
        raise Refused(OWN_ADDRESS)


def refuse_twice(book: Book, name: str, email: str) -> None:
    """Raise Refused for somebody who is invited already, by name or by address."""
    for other in Verifier.objects.filter(book=book, ended_at=None):
        if words_of(other.name) == words_of(name):
            raise Refused(TWICE.format(name=other.name))
        if email and other.email.casefold() == email.casefold():
            raise Refused(SAME_ADDRESS.format(name=other.name))
