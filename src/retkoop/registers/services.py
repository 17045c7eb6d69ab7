"""The verbs of the registers. Each is one transaction: the rows, what the checks say of them now, the event in the trail.

Recording carries the form's `submission`, so that a resend makes nothing twice; editing the `version` that the form was
made from. What is removed can be brought back as it was.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar

from django.utils import timezone

from retkoop.archive.models import Document
from retkoop.audit.models import AuditEvent
from retkoop.audit.services import Trail, writing
from retkoop.books.findings import refresh_registers
from retkoop.books.models import Book, Operation
from retkoop.books.queries import books_of
from retkoop.books.writable import Refused, refuse_closed, writable
from retkoop.domain.dates import format_date
from retkoop.domain.money import Cents, format_amount
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import Access
from retkoop.network.models import Coop
from retkoop.registers.facts import DeliberationFacts, ItemFacts, RefusedFacts, SubsidyFacts, fill, spending_name
from retkoop.registers.models import Deliberation, InventoryItem, Subsidy, SubsidySpending
from retkoop.registers.queries import available_charges, received_by

NO_OPERATION: Final = "Cette opération a été supprimée entre-temps."
NO_DOCUMENT: Final = "Ce document a été retiré entre-temps\u202f: choisissez-en un autre."
NOT_BROUGHT_BACK: Final = "Cette ligne ne peut plus être rétablie."

Row = TypeVar("Row", InventoryItem, Subsidy, Deliberation)


class ChangedMeanwhile(Exception):
    """Someone else changed or removed the row since it was read; `current` is what it is now, None if gone."""

    def __init__(self, current: InventoryItem | Subsidy | Deliberation | None) -> None:
        super().__init__()
        self.current = current


def record_item(*, access: Access, book: Book, facts: ItemFacts, submission: uuid.UUID, operation: int | None = None) -> InventoryItem:
    """Add a good to the inventory, bought by an operation of the book where one is named.

    Raises AlreadySubmitted, Refused where the dates cannot be, fall in a sealed year, or the operation or the photo is gone.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable(access.coop, book)
        if operation is not None and not Operation.objects.filter(book=book, pk=operation).exists():
            raise Refused(NO_OPERATION)
        item = InventoryItem(coop=access.coop, operation_id=operation or _bought_in(book, facts))
        _check_item(access.coop, book, facts)
        _fill(item, facts, facts.photo_id)
        item.save()
        trail.created(item, action="item.recorded", submission=submission)
        _refresh_tied(access.coop, item)
        return item


def _bought_in(book: Book, facts: ItemFacts) -> int | None:
    """Return what bought a good of a year that was kept elsewhere: all its purchases are one operation, its totals."""
    if not book.direct or facts.bought_on not in book.year:
        return None
    return Operation.objects.filter(book=book, summary=True).values_list("pk", flat=True).first()


def edit_item(*, access: Access, book: Book, key: int, version: int, facts: ItemFacts) -> InventoryItem:
    """Correct a good, or tell what became of it; the book is that of the year in which one says so.

    Raises ChangedMeanwhile, Refused where the dates cannot be, or what a sealed year says of it would change.
    """
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        item = _current(InventoryItem.objects.filter(coop=access.coop, pk=key).first(), version)
        lasting = ("label", "bought_on", "value")
        if any(getattr(item, name) != getattr(facts, name) for name in lasting):
            _refuse_sealed_day(access.coop, item.bought_on)
        if (item.disposed_on, item.disposal) != (facts.disposed_on, facts.disposal):
            _refuse_sealed_day(access.coop, item.disposed_on)
        before = item.snapshot()
        _check_item(access.coop, book, facts, item)
        _fill(item, facts, facts.photo_id)
        _save(trail, item, before, "item.edited")
        _refresh_tied(access.coop, item)
        return item


def remove_item(*, access: Access, book: Book, key: int) -> None:
    """Take a good off the inventory, as if it had never been there; `restore_item` brings it back. Raises Refused where it is sealed."""
    with writing(access.coop.chain, access.author) as trail:
        writable(access.coop, book)
        item = InventoryItem.objects.filter(coop=access.coop, pk=key).first()
        if item is None:
            return
        _refuse_sealed_day(access.coop, item.bought_on)
        _refuse_sealed_day(access.coop, item.disposed_on)
        _delete(trail, item, "item.removed")
        _refresh_tied(access.coop, item)


def restore_item(*, access: Access, book: Book, key: int) -> InventoryItem:
    """Bring a removed good back as it was. Raises Refused where the trail does not know it, or it is there."""
    with writing(access.coop.chain, access.author) as trail:
        writable(access.coop, book)
        item, _ = _revived(access, InventoryItem(pk=key))
        _refuse_sealed_day(access.coop, item.bought_on)
        item.save(force_insert=True)
        trail.created(item, action="item.restored")
        _refresh_tied(access.coop, item)
        return item


def record_subsidy(*, access: Access, book: Book, operation: int, facts: SubsidyFacts, submission: uuid.UUID) -> Subsidy:
    """Put the subsidy that an operation received in the table.

    Raises AlreadySubmitted, Refused where it is there already, its dates cannot be, the operation is no subsidy, or the document is gone.
    """
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable(access.coop, book)
        _check_subsidy(book, operation, facts)
        return table_subsidy(trail, book, operation, facts, submission)


def table_subsidy(trail: Trail, book: Book, operation: int, facts: SubsidyFacts, submission: uuid.UUID | None = None) -> Subsidy:
    """Do what `record_subsidy` does, inside a `writing`."""
    if received_by(book, operation) <= 0:
        raise Refused("Cette opération ne reçoit pas de subvention\u202f: elle n’a rien aux comptes 741 et 748.")
    _refuse_tabled(book, operation, "Cette subvention est déjà dans le tableau.")
    subsidy = Subsidy(coop_id=book.coop_id, book=book, operation_id=operation)
    _fill(subsidy, facts, facts.notification_id)
    subsidy.save()
    trail.created(subsidy, action="subsidy.recorded", submission=submission)
    refresh_registers(book)
    return subsidy


def edit_subsidy(*, access: Access, book: Book, key: int, version: int, facts: SubsidyFacts) -> Subsidy:
    """Correct a line of the table, or tell that it is justified.

    Raises ChangedMeanwhile, Refused where less is left than it has paid, its dates cannot be, or the document is gone.
    """
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        subsidy = _current(_subsidies(book, key), version)
        _check_subsidy(book, subsidy.operation_id, facts)
        return change_subsidy(trail, book, subsidy, facts)


def change_subsidy(trail: Trail, book: Book, subsidy: Subsidy, facts: SubsidyFacts) -> Subsidy:
    """Do what `edit_subsidy` does, inside a `writing`."""
    before = subsidy.snapshot()
    _refuse_overspent(facts.amount, sum(spending.amount for spending in subsidy.spendings.all()))
    _fill(subsidy, facts, facts.notification_id)
    _save(trail, subsidy, before, "subsidy.edited")
    refresh_registers(book)
    return subsidy


def tell_spendings(*, access: Access, book: Book, key: int, version: int, spendings: Mapping[int, Cents]) -> Subsidy:
    """Tell how much a subsidy paid of some operations; zero takes one off, those that are not named stay.

    Raises ChangedMeanwhile, Refused for more than the subsidy, or than what other subsidies leave of an operation's charges.
    """
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        return change_spendings(trail, book, _current(_subsidies(book, key), version), spendings)


def change_spendings(trail: Trail, book: Book, subsidy: Subsidy, spendings: Mapping[int, Cents]) -> Subsidy:
    """Do what `tell_spendings` does, inside a `writing`."""
    told = {spending.operation_id: spending.amount for spending in subsidy.spendings.all()}
    changed = {operation: amount for operation, amount in spendings.items() if amount != told.get(operation, 0)}
    _refuse_uncharged(book, subsidy, changed)
    replace_spendings(trail, book, subsidy, {**told, **changed})
    return subsidy


def replace_spendings(trail: Trail, book: Book, subsidy: Subsidy, spendings: Mapping[int, Cents]) -> None:
    """Tell all that a subsidy paid, inside a `writing`: what no charge explains, the checks say. Raises Refused for more than it is."""
    before = subsidy.snapshot()
    _refuse_overspent(subsidy.amount, sum(spendings.values()))
    _write_spendings(subsidy, {operation: amount for operation, amount in spendings.items() if amount})
    _save(trail, subsidy, before, "subsidy.spent")
    refresh_registers(book)


def remove_subsidy(*, access: Access, book: Book, key: int) -> None:
    """Take a line off the table with its spendings; `restore_subsidy` brings it back. Removing what is gone changes nothing."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        subsidy = _subsidies(book, key)
        if subsidy is not None:
            take_off(trail, book, subsidy)


def take_off(trail: Trail, book: Book, subsidy: Subsidy) -> None:
    """Take a line off the table with its spendings, inside a `writing`."""
    _delete(trail, subsidy, "subsidy.removed")
    refresh_registers(book)


def restore_subsidy(*, access: Access, book: Book, key: int) -> Subsidy:
    """Bring a removed line back with all that it paid; what was told of another subsidy since, the checks say.

    Raises Refused where the trail does not know it, or its operation is in the table again.
    """
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        subsidy, state = _revived(access, Subsidy(pk=key), book)
        _refuse_tabled(book, subsidy.operation_id, "Cette subvention a été remise dans le tableau depuis.")
        subsidy.save(force_insert=True)
        _write_spendings(subsidy, dict(state["spendings"]))
        trail.created(subsidy, action="subsidy.restored")
        refresh_registers(book)
        return subsidy


def record_deliberation(*, access: Access, book: Book, facts: DeliberationFacts, submission: uuid.UUID) -> Deliberation:
    """Keep what was decided. Raises AlreadySubmitted, Refused for a date outside the year, or where the document is gone."""
    with writing(access.coop.chain, access.author, submission) as trail:
        book = writable(access.coop, book)
        deliberation = Deliberation(coop=access.coop, book=book)
        _write_deliberation(book, deliberation, facts)
        deliberation.save()
        trail.created(deliberation, action="deliberation.recorded", submission=submission)
        return deliberation


def edit_deliberation(*, access: Access, book: Book, key: int, version: int, facts: DeliberationFacts) -> Deliberation:
    """Correct what was decided. Raises ChangedMeanwhile, Refused for a date outside the year, or where the document is gone."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        deliberation = _current(Deliberation.objects.filter(book=book, pk=key).first(), version)
        before = deliberation.snapshot()
        _write_deliberation(book, deliberation, facts)
        _save(trail, deliberation, before, "deliberation.edited")
        return deliberation


def remove_deliberation(*, access: Access, book: Book, key: int) -> None:
    """Remove a deliberation; `restore_deliberation` brings it back. Removing what is gone changes nothing."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        deliberation = Deliberation.objects.filter(book=book, pk=key).first()
        if deliberation is not None:
            _delete(trail, deliberation, "deliberation.removed")


def restore_deliberation(*, access: Access, book: Book, key: int) -> Deliberation:
    """Bring a removed deliberation back as it was. Raises Refused where the trail does not know it, or it is there."""
    with writing(access.coop.chain, access.author) as trail:
        book = writable(access.coop, book)
        deliberation, _ = _revived(access, Deliberation(pk=key), book)
        deliberation.save(force_insert=True)
        trail.created(deliberation, action="deliberation.restored")
        return deliberation


def _current(row: Row | None, version: int) -> Row:
    if row is None or row.version != version:
        raise ChangedMeanwhile(row)
    return row


def _fill(row: Row, facts: ItemFacts | SubsidyFacts | DeliberationFacts, document: int | None) -> None:
    """Write what was filled in. Raises Refused where its document is not the coop's, or is gone."""
    if document is not None and not Document.objects.filter(coop=row.coop_id, pk=document).exists():
        raise RefusedFacts({"document": NO_DOCUMENT})
    fill(row, facts)


def _save(trail: Trail, row: Row, before: Mapping[str, object], action: str) -> None:
    if row.snapshot() != before:
        row.version += 1
        row.save()
        trail.changed(row, before, action=action)


def _delete(trail: Trail, row: Row, action: str) -> None:
    subject, before = row.subject, row.snapshot()
    row.delete()
    trail.deleted(subject, before, action=action)


def _revived(access: Access, gone: Row, book: Book | None = None) -> tuple[Row, Mapping[str, Any]]:
    """Return a removed row from its last snapshot, unsaved, and that snapshot; a document that is gone stays so. Raises Refused."""
    event = AuditEvent.objects.filter(chain=access.coop.chain, subject=gone.subject).order_by("-sequence").first()
    state = event.before if event is not None and event.after is None else None
    if state is None or (book is not None and state["book_id"] != book.pk):
        raise Refused(NOT_BROUGHT_BACK)
    for field in gone._meta.concrete_fields:
        setattr(gone, field.attname, field.to_python(state[field.attname]))
        if field.related_model is Document and not Document.objects.filter(pk=getattr(gone, field.attname)).exists():
            setattr(gone, field.attname, None)
    gone.version += 1
    return gone, state


def _refuse_sealed_day(coop: Coop, day: date | None) -> None:
    """Raise Refused where a day is in a sealed year: what the inventory said of it at its end stays so."""
    for book in books_of(coop):
        if day is not None and day in book.year:
            refuse_closed(book)


def _check_item(coop: Coop, book: Book, facts: ItemFacts, item: InventoryItem | None = None) -> None:
    """Raise Refused for dates that cannot be, or that are new and fall in a sealed year."""
    days = {"bought_on": facts.bought_on, "disposed_on": facts.disposed_on}
    wrong = {name: _after(book.year, day) for name, day in days.items() if day and day > book.year.last_day}
    if not wrong and facts.disposed_on is not None and facts.disposed_on < facts.bought_on:
        wrong["disposed_on"] = "Ce bien ne peut pas sortir avant d’être acheté\u202f: vérifiez les dates."
    _refuse_facts(wrong)
    if item is None or item.bought_on != facts.bought_on:
        _refuse_sealed_day(coop, facts.bought_on)
    if item is None or item.disposed_on != facts.disposed_on:
        _refuse_sealed_day(coop, facts.disposed_on)


def _after(year: SchoolYear, day: date) -> str:
    return f"Le {format_date(day)} vient après l’année scolaire {year}\u202f: notez-le depuis l’inventaire de son année."


def _refuse_facts(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise RefusedFacts(wrong)


def _refresh_tied(coop: Coop, item: InventoryItem) -> None:
    """Look again at the book in which the good was bought, whatever the year."""
    if item.operation_id is None:
        return
    bought_in = Operation.objects.filter(coop=coop, pk=item.operation_id).values_list("book", flat=True).first()
    for book in books_of(coop):
        if book.pk == bought_in:
            refresh_registers(book)


def _subsidies(book: Book, key: int) -> Subsidy | None:
    return Subsidy.audited_rows().filter(book=book, pk=key).first()


def _refuse_tabled(book: Book, operation: int, why: str) -> None:
    if Subsidy.objects.filter(book=book, operation=operation).exists():
        raise Refused(why)


def _check_subsidy(book: Book, operation: int, facts: SubsidyFacts) -> None:
    """Raise Refused for a day that has not come, or a report asked for before the subsidy was known of."""
    wrong = {}
    if facts.notified_on and facts.notified_on > timezone.localdate():
        wrong["notified_on"] = "Ce jour n’est pas encore venu\u202f: indiquez celui de la lettre ou de la convention."
    received = Operation.objects.filter(book=book, pk=operation).values_list("date", flat=True).first()
    known = received if wrong else facts.notified_on or received
    if known and facts.justify_before and facts.justify_before < known:
        told = "notifiée" if known == facts.notified_on else "reçue"
        wrong["justify_before"] = f"Cette subvention a été {told} le {format_date(known)}\u202f: elle se justifie après ce jour."
    _refuse_facts(wrong)


def _refuse_overspent(amount: Cents, spent: Cents) -> None:
    if spent > amount:
        told = f"Cette subvention est de {format_amount(amount)}\u202f: elle ne peut pas avoir payé {format_amount(spent)}."
        raise RefusedFacts({"amount": told})


def _refuse_uncharged(book: Book, subsidy: Subsidy, amounts: Mapping[int, Cents]) -> None:
    """Raise Refused where operations have not so many charges, or other subsidies have paid them."""
    available = available_charges(book, [operation for operation, amount in amounts.items() if amount], but=subsidy.pk)
    left = {operation: available.get(operation, 0) for operation in amounts}
    beyond = [operation for operation, amount in amounts.items() if amount > left[operation]]
    labels = dict(Operation.objects.filter(book=book, pk__in=beyond).values_list("pk", "label"))
    _refuse_facts({spending_name(one): _too_much(labels.get(one), left[one], amounts[one]) for one in beyond})


def _too_much(label: str | None, left: Cents, amount: Cents) -> str:
    if label is None:
        return NO_OPERATION
    told = format_amount(max(left, 0))
    return f"«\u202f{label}\u202f» n’a que {told} de dépenses à financer\u202f: {format_amount(amount)}, c’est trop."


def _write_spendings(subsidy: Subsidy, spendings: Mapping[int, Cents]) -> None:
    SubsidySpending.objects.filter(subsidy=subsidy).delete()
    rows = [
        SubsidySpending(coop_id=subsidy.coop_id, subsidy=subsidy, operation_id=operation, amount=spendings[operation])
        for operation in sorted(spendings)
    ]
    SubsidySpending.objects.bulk_create(rows)
    subsidy._prefetched_objects_cache = {"spendings": rows}  # type: ignore[attr-defined]  # noqa: SLF001 -- Django's prefetch cache


def _write_deliberation(book: Book, deliberation: Deliberation, facts: DeliberationFacts) -> None:
    if facts.date not in book.year:
        raise RefusedFacts({"date": f"Cette date n’est pas dans l’année scolaire {book.year}."})
    _fill(deliberation, facts, facts.minutes_id)
