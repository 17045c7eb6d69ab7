"""A small network in which every table that verification looks at holds something, made by the services alone."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

from django.utils import timezone

from retkoop.archive.models import Document, DocumentKind
from retkoop.assistance.about import About
from retkoop.assistance.services import settle_thread
from retkoop.audit.services import SYSTEM, writing
from retkoop.banking.services import point_until, record_cash_count, record_statement
from retkoop.books.importing import COLUMNS
from retkoop.books.models import Book, CarriedItem, Operation
from retkoop.books.services import import_book, open_book
from retkoop.books.sheets import Row
from retkoop.domain.fees import Declared
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.debits.returning import DebitReturn, take_returns
from retkoop.memberships.declaring.services import correct
from retkoop.memberships.pricing.services import draft_engagement
from retkoop.memberships.queries import facts_of, membership_of
from retkoop.memberships.receipts.statements import match_line, set_line_aside
from retkoop.memberships.validating.services import validate
from retkoop.network.access import Access, AssociationAccess, open_coop
from retkoop.network.directory import import_schools
from retkoop.network.models import DepartmentalAssociation, RoleKind
from retkoop.network.services import change_setting, create_coop, give_mandate, give_staff_role
from retkoop.oversight.board.services import follow, keep_view
from retkoop.oversight.national.publishing import publish
from retkoop.oversight.reminders.services import send_campaign
from retkoop.registers.facts import DeliberationFacts, ItemFacts, SubsidyFacts
from retkoop.registers.models import Meeting
from retkoop.registers.services import record_deliberation, record_item, record_subsidy, tell_spendings
from retkoop.users.models import User
from retkoop.users.services import create_account
from retkoop.year_end.closing.services import explain
from retkoop.year_end.direct.workbooks import new_draft
from retkoop.year_end.handover.services import LEAVING
from tests.archive.sent import picture_bytes, receive
from tests.assistance.at_hand import asked, kept_answer
from tests.memberships.at_hand import EFFECTIFS, declared_membership
from tests.memberships.debits import at_hand as debits_at_hand
from tests.memberships.follow_up.at_hand import share_declared
from tests.memberships.receipts import at_hand as receipts
from tests.oversight.bulk.at_hand import a_run
from tests.oversight.national.at_hand import announced, summed_up
from tests.oversight.reminders.at_hand import planned as planned_campaign
from tests.oversight.reminders.at_hand import staff, started
from tests.worked_examples import WORKED_EXAMPLES, WorkedExample
from tests.year_end.closing import at_hand as closing_at_hand
from tests.year_end.cra.at_hand import begin_cra
from tests.year_end.direct.workbooks_at_hand import accountant, published
from tests.year_end.handover.at_hand import filled, mandate_of, planned, signed

DIRECTORY = "uai;nom;commune\n0910620E;École des Tilleuls;Massy\n0910620A;École sans clé;Massy\n".encode()
YEAR = SchoolYear(2025)
RNE = "0910000A"


def example(name: str) -> WorkedExample:
    return next(example for example in WORKED_EXAMPLES if example.name == name)


def rows_of(example: WorkedExample) -> list[Row]:
    return [list(COLUMNS), *([row[column] for column in COLUMNS] for row in example.rows())]


def new_coop(rne: str = RNE) -> Access:
    create_coop(author=SYSTEM, rne=rne, name="École Les Tilleuls", commune="Évry")
    return open_coop(User.objects.get(username=rne), rne)


def import_musee(access: Access) -> Book:
    """Import the worked example and return its book as the database has it."""
    batch = import_book(author=SYSTEM, coop=access.coop, year=YEAR, file_name="cahier.csv", rows=rows_of(example("musee")))
    return Book.objects.get(pk=batch.book_id)


def make_network(*, closing: bool = False) -> Book:
    """Make two coops, one with a book on which everything has been done, and return that book; the other closes its year where asked."""
    change_setting(author=SYSTEM, association=None, from_year=2025, name="silent_days", value=45)
    access, other = new_coop(), new_coop("0911234B")
    open_book(access=other, year=YEAR)
    book = import_musee(access)
    give_mandate(author=SYSTEM, coop=access.coop, holder="Mme Perrin", start=date(2025, 9, 1))
    user = create_account(author=SYSTEM, username="m.martin", name="M. Martin", family=User.Family.STAFF)
    association = DepartmentalAssociation.objects.get(department="91")
    give_staff_role(author=SYSTEM, user=user, kind=RoleKind.ANIMATEUR, start=date(2025, 9, 1), association=association)
    import_schools(author=SYSTEM, file=io.BytesIO(DIRECTORY), file_name="annuaire.csv", association=association)
    with writing(access.coop.chain, SYSTEM) as trail:
        item = CarriedItem.objects.create(coop=access.coop, book=book, date=date(2025, 6, 3), label="Chèque de juin", bank=-12_00)
        trail.created(item, action="carried_item.recorded")
        Book.objects.filter(pk=book.pk).update(has_carried_items=True)
    statement = record_statement(
        access=access, book=book, number="8", day=date(2026, 8, 31), account_balance=1092_40, submission=uuid.uuid4()
    )
    point_until(access=access, statement=statement, day=date(2026, 8, 31))
    record_cash_count(access=access, book=book, day=date(2026, 8, 31), quantities={20_00: 1, 1_00: 1}, submission=uuid.uuid4())
    first, second = Operation.objects.filter(book=book, opening=False).order_by("pk")[:2]
    receive(access, book, operation=first.pk)
    receive(access, book, picture_bytes("red"), name="ticket.png", operation=second.pk)
    receive(access, book, picture_bytes("blue"), name="releve.png", kind=DocumentKind.STATEMENT, day=date(2026, 8, 31))
    keep_registers(access, book)
    ask_for_help(access, book)
    begin_cra(access, book)
    adhere(access, book)
    show_a_workbook()
    remind()
    speak_to_the_country()
    follow_coops(user, association, access, other)
    receive_payments(access)
    collect(access)
    validate_a_membership(access)
    if closing:
        close_a_year(other)
        hand_over(access, book)
    return Book.objects.select_related("coop").get(pk=book.pk)


def keep_registers(access: Access, book: Book) -> None:
    """List two goods, put the subsidy of the book in its table with what it paid, note a deliberation."""
    given: dict[str, Any] = {"access": access, "book": book}
    photo = Document.objects.order_by("pk")[0]
    grant = Operation.objects.get(book=book, piece="R04")
    expenses = list(Operation.objects.filter(book=book, bank__lt=0, accounts="61800008").order_by("pk")[:2])
    facts = ItemFacts("Appareil photo", date(2025, 10, 3), 289_00, "Armoire bleue", photo.pk, date(2026, 6, 1), "broken", "Tombé")
    record_item(**given, facts=ItemFacts("Enceinte", date(2024, 10, 3), 89_00), submission=uuid.uuid4())
    record_item(**given, facts=facts, operation=expenses[0].pk, submission=uuid.uuid4())
    told = SubsidyFacts("Mairie", "Projet musée", 300_00, date(2025, 12, 1), date(2027, 2, 28), date(2026, 6, 30), photo.pk)
    line = record_subsidy(**given, operation=grant.pk, facts=told, submission=uuid.uuid4())
    tell_spendings(**given, key=line.pk, version=1, spendings={row.pk: 20_00 + number for number, row in enumerate(expenses)})
    decided = DeliberationFacts(
        date(2025, 11, 7), Meeting.COOPERATIVE, "On va au musée.", "Les délégués", photo.pk, (grant.pk,), ("Musée",)
    )
    record_deliberation(**given, facts=decided, submission=uuid.uuid4())


def follow_coops(user: User, association: DepartmentalAssociation, *coops: Access) -> None:
    """Have somebody of the AD follow coops, and keep two views of the board."""
    staff = AssociationAccess(user, RoleKind.ANIMATEUR, association)
    for access in coops:
        follow(access=staff, coop=access.coop, user=user)
    for name in ("À appeler", "Mes écoles"):
        keep_view(access=staff, name=name, query="suivi=moi")


def ask_for_help(access: Access, book: Book) -> None:
    """Ask about an operation, settle it, and keep an answer ready."""
    operation = Operation.objects.filter(book=book, opening=False).order_by("pk")[0]
    thread = asked(access, book, about=About(operation=operation.pk))
    settle_thread(access=access, thread=thread, settled=True)
    kept_answer(None)


def collect(*accesses: Access) -> None:
    """Have coops sign mandates, and their AD collect; one is collected twice, its first debit came back."""
    year = SchoolYear.containing(timezone.localdate())
    debits_at_hand.can_collect(from_year=year.start)
    for access in accesses:
        debits_at_hand.declared(access.coop, year=year)
        debits_at_hand.signed(access.coop, year=year)
        debits_at_hand.signed(access.coop, year=year)
    treasurer = debits_at_hand.comptable()
    first = debits_at_hand.sent(treasurer, year=year)
    take_returns(access=treasurer, returns=[DebitReturn(one.pk, timezone.localdate(), "AM04") for one in first.debits.all()])
    debits_at_hand.prepared(treasurer, year=year)


def remind() -> None:
    """Have the AD remind its coops of something, plan another relance, and do two things with many at once."""
    started_one = started(staff())
    send_campaign.func(started_one.pk)
    planned_campaign(staff())
    a_run()
    a_run()


def speak_to_the_country() -> None:
    """Have the federation announce something, and publish the totals of a year that is over; an AD tells its share twice."""
    share_declared()
    share_declared()
    announced()
    summed_up("33", 2023, coops=6)
    publish(author=SYSTEM, year=SchoolYear(2023))


def adhere(access: Access, book: Book) -> None:
    """Declare an adhésion, correct it, and begin a text of the AD's own."""
    declared_membership(access, year=book.year)
    fewer = Declared(EFFECTIFS.classes[:1])
    correct(access=access, year=book.year, declared=fewer, reason="Une classe ferme", number=1)
    draft_engagement(author=SYSTEM, association=access.coop.association)


def show_a_workbook() -> None:
    """Have the AD publish the map of its own workbook, and begin another."""
    carole = accountant()
    published(carole)
    new_draft(access=carole)


def receive_payments(access: Access) -> None:
    """Have the AD take two cheques to its bank, and import two statements, a line of which pays an adhésion."""
    membership = declared_membership(access, year=YEAR.previous)
    for number in ("2000101", "2000102"):
        receipts.deposited([receipts.announced(access, membership, number, 20_00)])
    line = receipts.a_line("VIR 0910000A", "30,00")
    match_line(access=receipts.comptable(), key=line.pk, shares={membership.pk: 30_00})
    set_line_aside(access=receipts.comptable(), key=receipts.a_line("SUBVENTION", "900,00").pk, reason="Mairie")


def validate_a_membership(access: Access) -> None:
    """Have the rest of an adhésion paid, and the AD validate it: an attestation, and the operations of its payments."""
    membership = membership_of(access.coop, YEAR.previous)
    assert membership is not None
    receipts.received(membership, facts_of(membership).owed)
    validate(access=receipts.comptable(), coop=access.coop, year=YEAR.previous)


def hand_over(access: Access, book: Book) -> None:
    """Begin two handovers, and sign one of them on one side."""
    rows = [filled(access, book, planned(access, book, mandate_of(access, holder))) for holder in ("M. Petit", "Mme Grand")]
    signed(access, book, rows[1], LEAVING)


def close_a_year(access: Access) -> None:
    """Have the year of another coop explained, signed, sent, sent back with a remark, and entry closed for it."""
    book = import_musee(access)
    explain(access=access, book=book, code="libelle-vague", operation=0, message="Un libellé est vague.", text="C’est son nom.")
    explain(access=access, book=book, code="libelle-vague", operation=1, message="Un autre aussi.", text="C’est son nom aussi.")
    closing_at_hand.in_review(access, book)
