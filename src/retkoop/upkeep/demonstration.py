"""The demonstration: a dozen made-up coops of the Essonne in different states, and one that waits for its first log-in.

Years follow today's date: the last school year is finished, the present one is under way. Made by services alone, once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from django.db import transaction
from django.utils import timezone

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.books.services import open_book, record_operation
from retkoop.domain.closing import ClosingState
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access, open_association, open_coop
from retkoop.network.models import Coop, DepartmentalAssociation, RoleKind
from retkoop.network.services import change_setting, create_coop, create_staff, give_mandate
from retkoop.upkeep import mistakes
from retkoop.upkeep.adhesions import can_be_paid, tell_adhesions
from retkoop.upkeep.bookkeeping import BookKeeper
from retkoop.upkeep.endings import decide, explain_alertes, join_statement, sign, tell_activities
from retkoop.upkeep.fates import open_account
from retkoop.upkeep.mistakes import Mistakes
from retkoop.upkeep.questions import ask_some
from retkoop.upkeep.registers import confuse_registers, keep_registers
from retkoop.users.models import User
from retkoop.users.services import activate
from retkoop.year_end.closing.services import send

DEPARTMENT: Final = "91"
TO_ACTIVATE: Final = "0910000A"
"""The coop of the users' leaflet: whoever follows it word for word gets in."""


@dataclass(frozen=True, slots=True)
class LogIn:
    """An account that can be tried; fixed passwords are for the demonstration alone."""

    who: str
    username: str
    password: str


COOP_LOG_IN: Final = LogIn("Coopérative avec ses comptes", "0919001A", "papillon vert et bleu")
STAFF: Final = (
    (RoleKind.ANIMATEUR, "Karim Benali", LogIn("Animateur de l’OCCE 91", "animateur91", "carnet rouge du lundi")),
    (RoleKind.ADMINISTRATEUR, "Hélène Garnier", LogIn("Administrateur de l’OCCE 91", "administrateur91", "grande ourse du jeudi")),
    (RoleKind.FEDERATION, "Thomas Fontaine", LogIn("Fédération", "federation", "quatre saisons en ville")),
)
LOG_INS: Final = (COOP_LOG_IN, *(log_in for _, _, log_in in STAFF))


class RealInstallation(Exception):
    """Real people work here: passwords that everybody can read have no place beside theirs. The message says so in French."""


@dataclass(frozen=True, slots=True)
class Story:
    """A made-up coop and what became of its cahier.

    `before`, `last` and `current` are how many operations its years have (None: no book): the one before the last, the last
    finished one, and the present one, of which only what has passed is written. `mistakes` happen in the last year, `late` ones
    once its first statements are closed; `…_off` is by how many cents the statement, the count and the opening are wrong;
    `opening_moved` what the opening puts into the box and the bank holds. `ended` is how far the closing of the last year is,
    `opened` whether the account is activated (no password opens it).
    """

    rne: str
    name: str
    commune: str
    mandataire: str
    before: int | None = None
    last: int | None = None
    current: int | None = None
    mistakes: Mistakes | None = None
    late: Mistakes | None = None
    reconciled: bool = True
    statement_off: Cents = 0
    count_off: Cents = 0
    opening_off: Cents = 0
    confused: bool = False
    opening_moved: Cents = 0
    ended: ClosingState | None = None
    opened: bool = True


STORIES: Final = (
    Story("0919001A", "École du Moulin", "Villeneuve-sur-Orge", "Claire Perrin", last=70, current=90),
    Story("0919002B", "École Les Hirondelles", "Beaulieu-la-Forêt", "Awa Diallo", current=0, opened=False),
    Story("0919003C", "École Paul Éluard", "Courcelles-en-Plaine", "Julien Marchand", current=80),
    Story("0919004D", "École Jules Ferry", "Marigny-les-Vignes", "Sophie Lefèvre", last=60),
    Story("0919005E", "École Jean Jaurès", "Saint-Aubin-sous-Bois", "Nadia Rousseau", last=45, mistakes=mistakes.wrong_splits),
    Story("0919006F", "École du Parc", "Chaumont-le-Grand", "Yann Le Goff", last=40, mistakes=mistakes.empty_box, count_off=-3_20),
    Story(
        "0919007G", "École Victor Hugo", "Larochette", "Mélanie Barbier", last=45, mistakes=mistakes.lost_on_the_way, statement_off=12_00
    ),
    Story("0919008H", "École Louis Pasteur", "Bellefontaine", "Pierre Nguyen", before=30, last=40, opening_off=-50_00),
    Story(
        "0919009J",
        "École des Peupliers",
        "Montreuil-aux-Prés",
        "Élodie Moreau",
        before=30,
        last=40,
        mistakes=mistakes.open_regie,
        opening_moved=15_00,
    ),
    Story(
        *("0919010K", "École Jacques Prévert", "Vaucresson-le-Bois", "Marc Garnier"),
        last=40,
        mistakes=mistakes.bent_rules,
        late=mistakes.added_late,
    ),
    Story("0919011L", "École Les Coquelicots", "Villeneuve-les-Prés", "Céline Diallo", last=1, mistakes=mistakes.things_to_look_at),
    Story("0919013N", "École Anne Frank", "Les Ormes", "Luc Fournier", last=35, mistakes=mistakes.careless_registers, confused=True),
    Story("0919012M", "Collège Simone Veil, foyer coopératif", "Marigny-en-Plaine", "Awa Perrin", last=55, current=60, reconciled=False),
    Story("0919014P", "École Maria Montessori", "Beaulieu-la-Forêt", "Inès Lambert", last=9, ended=ClosingState.SIGNING),
    Story("0919015R", "École Henri Matisse", "Villeneuve-sur-Orge", "Rachid Amrani", last=12, ended=ClosingState.SENT),
    Story("0919016S", "École Jean de La Fontaine", "Chaumont-le-Grand", "Lucie Bernard", last=10, ended=ClosingState.SENT),
    Story("0919017T", "École Louise Michel", "Larochette", "Thomas Petit", last=11, ended=ClosingState.TO_CORRECT),
    Story("0919018U", "École Aimé Césaire", "Bellefontaine", "Fatou Ndiaye", last=12, ended=ClosingState.ACCEPTED),
    Story("0919019V", "École des Quatre-Vents", "Les Ormes", "Gilles Robin", last=9, ended=ClosingState.CLOSED),
)


def install(today: date) -> None:
    """Make what is missing of the demonstration, in one transaction. Raises RealInstallation."""
    usernames = [log_in.username for log_in in LOG_INS]
    if User.objects.filter(family=User.Family.STAFF, activated_at__isnull=False).exclude(username__in=usernames).exists():
        raise RealInstallation("De vraies personnes travaillent ici : donnez à la démonstration un autre dossier (RETKOOP_HOME).")
    known = set(Coop.objects.values_list("rne", flat=True))
    with transaction.atomic():
        if TO_ACTIVATE not in known:
            _tolerate(today)
            _new_coop(Story(TO_ACTIVATE, "École Les Tilleuls", "Évry", "Hélène Rousseau"), today)
        told = [story for story in STORIES if story.rne not in known]
        for story in told:
            _tell(story, today)
        _hire()
        for story in told:
            if story.ended is not None:
                _review(story.rne, story.ended)
        _join([story.rne for story in told], today)


def _tolerate(today: date) -> None:
    """Have the AD tolerate what the federation says nothing of: a setting of its own to look at."""
    association = DepartmentalAssociation.objects.get(department=DEPARTMENT)
    start = SchoolYear.containing(today).previous.start
    change_setting(author=SYSTEM, association=association, from_year=start, name="tolerated_words", value=["carte cadeau"])


def _hire() -> None:
    association = DepartmentalAssociation.objects.get(department=DEPARTMENT)
    for kind, name, log_in in STAFF:
        if not User.objects.filter(username=log_in.username).exists():
            scope = None if kind is RoleKind.FEDERATION else association
            user = create_staff(author=SYSTEM, username=log_in.username, name=name, kind=kind, association=scope)
            activate(user=user, password=log_in.password)
    ask_some(association, User.objects.get(username="animateur91"))


def _review(rne: str, state: ClosingState) -> None:
    reviewer = open_association(User.objects.get(username="administrateur91"), DEPARTMENT)
    decide(access=reviewer, book=Book.objects.select_related("coop__association").get(coop__rne=rne), state=state)


def _join(rnes: list[str], today: date) -> None:
    """Have the coops that were just made adhere to the AD."""
    if rnes:
        staff = open_association(User.objects.get(username="administrateur91"), DEPARTMENT)
        can_be_paid(staff.association, today)
        tell_adhesions(staff, [open_coop(User.objects.get(username=rne), rne) for rne in rnes], today)


def _new_coop(story: Story, today: date) -> Access:
    # an address that no mail reaches: the schools are made up, their neighbours are not
    mail = f"ce.{story.rne.lower()}@demonstration.invalid"
    coop = create_coop(author=SYSTEM, rne=story.rne, name=story.name, commune=story.commune, email=mail)
    since = SchoolYear.containing(today).previous.previous.first_day
    give_mandate(author=SYSTEM, coop=coop, holder=story.mandataire, start=since)
    return open_coop(User.objects.get(username=story.rne), story.rne)


def _tell(story: Story, today: date) -> None:
    access = _new_coop(story, today)
    if story.rne == COOP_LOG_IN.username:
        activate(user=access.user, password=COOP_LOG_IN.password)
    elif story.opened:
        open_account(user=access.user, at=timezone.now())
    keeper = BookKeeper(access, Random(int(story.rne[:7])), bank=640_00, cash=22_50)  # noqa: S311 -- made-up figures
    present = SchoolYear.containing(today)
    if story.before is not None:
        _tell_quiet_year(keeper, present.previous.previous, story.before)
    if story.last is not None:
        _tell_last_year(story, keeper, present.previous, today)
    if story.current == 0:
        open_book(access=access, year=present)
    elif story.current is not None:
        book = keeper.write(present, story.current, until=today)
        if story.last is None:
            keeper.file_papers(book)
        keep_registers(access, book)
        if story.reconciled:
            keeper.reconcile(book, until=today)


def _tell_quiet_year(keeper: BookKeeper, year: SchoolYear, count: int) -> None:
    book = keeper.write(year, count)
    keeper.file_papers(book)
    keep_registers(keeper.access, book)
    keeper.reconcile(book, until=year.last_day)
    keeper.count(book, year.last_day)
    keeper.close(book)


def _end(story: Story, access: Access, book: Book, today: date) -> None:
    join_statement(access=access, book=book)
    tell_activities(access=access, book=book)
    explain_alertes(access=access, book=book, today=today)
    sign(access=access, book=book, today=today)
    if story.ended is not ClosingState.SIGNING:
        send(access=access, book=book, today=today)


def _tell_last_year(story: Story, keeper: BookKeeper, year: SchoolYear, today: date) -> None:
    keeper.bank += story.opening_off - story.opening_moved
    keeper.cash += story.opening_moved
    book = keeper.write(year, story.last or 0, extra=story.mistakes(year) if story.mistakes else ())
    if story.mistakes is None:
        keeper.file_papers(book)
        keep_registers(keeper.access, book)
    if story.reconciled:
        keeper.reconcile(book, until=year.last_day, off=story.statement_off)
        keeper.count(book, year.last_day, off=story.count_off)
    for operation in story.late(year) if story.late else ():
        record_operation(access=keeper.access, book=book, operation=operation, submission=uuid.uuid4())
    if story.confused:
        confuse_registers(keeper.access, book)
    keeper.close(book)
    if story.ended is not None:
        _end(story, keeper.access, book, today)
