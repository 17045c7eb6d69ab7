"""An AD with a few coops, each at another place of the same year."""

from __future__ import annotations

from datetime import date
from typing import Final

from retkoop.audit.services import SYSTEM
from retkoop.domain.board import CoopFacts
from retkoop.domain.closing import ClosingState
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access, open_coop
from retkoop.network.models import Coop
from retkoop.network.services import give_mandate
from retkoop.oversight.board.queries import facts_of
from retkoop.users.models import User
from tests.books.coops import YEAR, a_book, keeper, note
from tests.cast import association, make_coop
from tests.year_end.verifiers.at_hand import in_state

JAURES: Final = "0910000A"
TILLEULS: Final = "0910620E"
PORT: Final = "0911111C"
NEW: Final = "0912222D"


def place(coop: Coop, circonscription: str) -> None:
    Coop.objects.filter(pk=coop.pk).update(circonscription=circonscription)


def an_association() -> dict[str, Access]:
    """Make four coops: one in preparation, one that has sent, one accepted, and one that nobody has opened."""
    keepers = {}
    for rne, name, state in ((JAURES, "Mme Perrin", None), (TILLEULS, "M. Petit", ClosingState.SENT), (PORT, "", ClosingState.ACCEPTED)):
        access = keepers[rne] = keeper(rne)
        book = a_book(access)
        note(access, book, "R1", "2025-10-02", "Kermesse", 100_00)
        if name:
            give_mandate(author=SYSTEM, coop=access.coop, holder=name, start=date(2025, 9, 1))
        if state:
            in_state(book, state)
    make_coop(NEW, "École Neuve", "Massy")
    names = {JAURES: ("École Jean-Jaurès", "Évry"), TILLEULS: ("École des Tilleuls", "Massy"), PORT: ("École du Port", "Évry")}
    for rne, (school, circonscription) in names.items():
        Coop.objects.filter(rne=rne).update(name=school, commune=circonscription, circonscription=circonscription)
        renewed = Coop.objects.get(rne=rne)
        Coop.objects.filter(rne=rne).update(words=renewed.searched_words())
    return keepers


def facts(rne: str = JAURES, year: SchoolYear = YEAR) -> CoopFacts:
    return next(one for one in facts_of(association(), year) if one.rne == rne)


def access_of(rne: str) -> Access:
    return open_coop(User.objects.get(username=rne), rne)
