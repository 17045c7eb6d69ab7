"""The verbs of the AD's bank statement: imported, its lines matched with what they pay, set aside, taken back."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Sum
from django.utils import timezone

from retkoop.audit.services import Trail, writing
from retkoop.banking.statement_files import BankLine, StatementFile, read_statement_file
from retkoop.books.writable import Refused
from retkoop.domain.matching import Awaited, AwaitedDeposit, MatchLevel, MatchProposal, match_proposals
from retkoop.domain.money import Cents, format_amount
from retkoop.domain.statement_lines import SeenLine, places_of_new, same_account
from retkoop.memberships.access import refuse_others
from retkoop.memberships.models import ChequeDeposit, Payment, PaymentState, PaymentWay, ReceivedLine, ReceivedStatement
from retkoop.memberships.receipts.awaiting import awaited_of, deposits_awaited, untied
from retkoop.memberships.receipts.services import add_received, pass_to, undo_received
from retkoop.network.access import AssociationAccess
from retkoop.network.models import DepartmentalAssociation
from retkoop.ui.days import format_moment

USED: Final = "Cette ligne paie déjà quelque chose\u202f: défaites d’abord son rapprochement."


@dataclass(frozen=True, slots=True)
class ImportedLines:
    """What an import made: how many lines are new, how many stood already in another file; `remarks`: what its reader should know."""

    statement: ReceivedStatement
    new: int
    known: int
    remarks: tuple[str, ...] = ()


def import_statement(
    *, access: AssociationAccess, name: str, data: bytes, account: str = "", submission: uuid.UUID | None = None
) -> ImportedLines:
    """Keep the lines of a statement file that no other file has brought; of several accounts, those of `account`.

    Raises UnreadableStatement, SeveralAccounts, Refused, AlreadySubmitted.
    """
    refuse_others(access)
    read, digest = read_statement_file(name, data, account), hashlib.sha256(data).hexdigest()
    with writing(access.association.chain, access.author, submission) as trail:
        same = ReceivedStatement.objects.filter(association=access.association, sha256=digest, account=read.account[:40]).first()
        if same is not None:
            raise Refused(f"Ce fichier est déjà importé, le {format_moment(same.imported_at)}\u202f: rien n’a changé.")
        statement = ReceivedStatement.objects.create(
            association=access.association,
            file_name=name[:200],
            sha256=digest,
            account=read.account[:40],
            format=read.format,
            opening=read.opening,
            closing=read.closing,
            imported_at=trail.at,
        )
        trail.created(statement, action="statement.received", submission=submission)
        rows = _new_lines(access.association, statement, read)
        for row in ReceivedLine.objects.bulk_create(rows):
            trail.created(row, action="received_line.imported")
        return ImportedLines(statement, len(rows), len(read.lines) - len(rows), tuple(filter(None, (*read.remarks, read.told_gap))))


def _new_lines(association: DepartmentalAssociation, statement: ReceivedStatement, read: StatementFile) -> list[ReceivedLine]:
    """Return the lines that are not there yet, whatever the format of the files that brought those that are; equals take the next rank."""
    if not read.lines:
        return []
    days = [line.date for line in read.lines]
    rows = ReceivedLine.objects.filter(association=association, date__range=(min(days), max(days))).order_by("pk")
    there = rows.values_list("date", "amount", "label", "reference", "account", "statement__format")
    ranks = Counter(_key(*row[:5]) for row in there)
    seen = [SeenLine(*row[:4], source=row[5]) for row in there if same_account(row[4], statement.account)]
    brought = [SeenLine(line.date, line.amount, line.label[:300], line.reference[:100], read.format) for line in read.lines]
    new = []
    for place in places_of_new(seen, brought):
        one = brought[place]
        key = _key(one.day, one.amount, one.label, one.reference, statement.account)
        new.append(_row(association, statement, read.lines[place], ranks[key]))
        ranks[key] += 1
    return new


def _key(*parts: object) -> tuple[object, ...]:
    return parts


def _row(association: DepartmentalAssociation, statement: ReceivedStatement, line: BankLine, rank: int) -> ReceivedLine:
    return ReceivedLine(
        association=association,
        statement=statement,
        account=statement.account,
        date=line.date,
        amount=line.amount,
        label=line.label[:300],
        reference=line.reference[:100],
        kind=line.type[:40],
        rank=rank,
    )


def match_line(
    *, access: AssociationAccess, key: int, shares: Mapping[int, Cents], beyond: bool = False, submission: uuid.UUID | None = None
) -> list[Payment]:
    """Note which adhésions a line pays (cents by key): never more than the line, nor, unless `beyond`, than what they owe.

    Raises Refused, AlreadySubmitted.
    """
    with writing(access.association.chain, access.author, submission) as trail:
        refuse_others(access)
        line = _line(access.association, key)
        awaited = {one.key: one for one in awaited_of(access.association, only=list(shares))}
        return _match(trail, line, shares, awaited, beyond=beyond, submission=submission)


def _match(  # noqa: PLR0913 -- which line, what it pays, of what is awaited
    trail: Trail,
    line: ReceivedLine,
    shares: Mapping[int, Cents],
    awaited: Mapping[int, Awaited],
    *,
    beyond: bool,
    submission: uuid.UUID | None = None,
) -> list[Payment]:
    used = int(Payment.objects.filter(line=line).aggregate(sum=Sum("amount"))["sum"] or 0)
    if line.set_aside:
        raise Refused("Cette ligne est mise de côté\u202f: reprenez-la d’abord.")
    if not shares or any(amount <= 0 for amount in shares.values()):
        raise Refused("Choisissez au moins une coopérative, avec un montant.")
    if used + sum(shares.values()) > line.amount:
        raise Refused(f"Il ne reste que {format_amount(line.amount - used)} sur cette ligne\u202f: réduisez un montant.")
    if any(key not in awaited for key in shares):
        raise Refused("Une de ces adhésions n’est pas de votre association, ou n’est pas déclarée.")
    brought = [_brought_by(awaited[key], amount, beyond=beyond) for key, amount in shares.items()]
    paid: list[Payment] = []
    for key, (there, rest) in zip(shares, brought, strict=True):
        paid += [_tie(trail, line, one, submission if not (paid or at) else None) for at, one in enumerate(there)]
        paid += [_pay(trail, line, key, rest, None if paid else submission)] if rest else []
    return paid


def _brought_by(awaited: Awaited, amount: Cents, *, beyond: bool) -> tuple[list[Payment], Cents]:
    """Return the transfers, announced or noted by hand, that a share of a line brings, and the rest, which is new.

    Money noted by hand has been counted already: what is beyond the sum owed brings it, and is not counted again. Raises Refused.
    """
    waiting = list(untied(awaited.key).order_by("-state", "pk"))
    same = next((one for one in waiting if one.amount == amount), None)
    if same is not None:
        return [same], 0
    noted = [one for one in waiting if one.state == PaymentState.RECEIVED]
    owed, rest, there = max(awaited.amount - sum(one.amount for one in noted), 0), amount, []
    for one in noted if amount > owed else []:
        if one.amount <= rest:
            there.append(one)
            rest -= one.amount
    if rest > owed and not beyond:
        told = format_amount(owed)
        raise Refused(f"{awaited.rne} n’attend que {told}\u202f: réduisez le montant, ou dites que le surplus est à rendre.")
    return there, rest


def _tie(trail: Trail, line: ReceivedLine, there: Payment, submission: uuid.UUID | None) -> Payment:
    action = "payment.matched" if there.state == PaymentState.RECEIVED else "payment.received"
    return pass_to(trail, there, PaymentState.RECEIVED, action, submission, line=line, received_on=there.received_on or line.date)


def _pay(trail: Trail, line: ReceivedLine, membership: int, amount: Cents, submission: uuid.UUID | None) -> Payment:
    row = Payment(association_id=line.association_id, membership_id=membership, way=PaymentWay.TRANSFER, amount=amount)
    row.line = line
    return add_received(trail, row, line.date, submission)


def match_deposit(*, access: AssociationAccess, key: int, deposit: int) -> None:
    """Note that a line credits a bordereau (its key), of the same total. Raises Refused."""
    with writing(access.association.chain, access.author) as trail:
        refuse_others(access)
        _credit(trail, _line(access.association, key), deposit)


def _credit(trail: Trail, line: ReceivedLine, deposit: int) -> None:
    row = ChequeDeposit.objects.filter(association=line.association_id, pk=deposit).first()
    payments = list(row.payments.select_for_update(of=("self",)).order_by("pk")) if row else []
    if not payments or any(one.line_id for one in payments):
        raise Refused("Ce bordereau est déjà crédité, ou n’est plus là.")
    if line.set_aside or Payment.objects.filter(line=line).exists():
        raise Refused(USED)
    total = sum(one.amount for one in payments)
    if total != line.amount:
        raise Refused(f"Ce bordereau est de {format_amount(total)}, cette ligne de {format_amount(line.amount)}.")
    for one in payments:
        pass_to(trail, one, PaymentState(one.state), "payment.matched", line=line)


def accept_sure(*, access: AssociationAccess) -> int:
    """Accept all sure proposals of the lines that wait, one after the other, each before what is still owed; return how many lines."""
    with writing(access.association.chain, access.author) as trail:
        refuse_others(access)
        awaited = {one.key: one for one in awaited_of(access.association)}
        deposits = {one.key: one for one in deposits_awaited(access.association)}
        done = 0
        for line in lines_to_match(access.association):
            best = next(iter(match_proposals(line_words(line), line.amount, list(awaited.values()), list(deposits.values()))), None)
            if best is None or best.level is not MatchLevel.SURE:
                continue
            try:
                _accept(trail, line, best, awaited, deposits)
            except Refused:
                continue  # a person looks at it: nothing of it was written
            done += 1
        return done


def _accept(
    trail: Trail, line: ReceivedLine, best: MatchProposal, awaited: dict[int, Awaited], deposits: dict[int, AwaitedDeposit]
) -> None:
    """Take a proposal, and what it pays out of what is awaited. Raises Refused before anything is written."""
    if best.deposit is not None:
        _credit(trail, line, best.deposit)
        del deposits[best.deposit]
        return
    _match(trail, line, dict(best.shares), awaited, beyond=False)
    awaited |= {key: replace(awaited[key], amount=awaited[key].amount - paid) for key, paid in best.shares}


def lines_to_match(association: DepartmentalAssociation) -> list[ReceivedLine]:
    """Return the lines of money that came and that nothing explains yet, the oldest first."""
    rows = ReceivedLine.objects.filter(association=association, amount__gt=0, set_aside="", payments=None)
    return list(rows.order_by("date", "pk"))


def line_words(line: ReceivedLine) -> str:
    return f"{line.label} {line.reference}"


def set_line_aside(*, access: AssociationAccess, key: int, reason: str) -> ReceivedLine:
    """Note that a line pays no adhésion, and why; without a reason, take it back. Raises Refused."""
    with writing(access.association.chain, access.author) as trail:
        refuse_others(access)
        line = _line(access.association, key)
        if Payment.objects.filter(line=line).exists():
            raise Refused(USED)
        before = line.snapshot()
        line.set_aside = reason.strip()[:200]
        line.save(update_fields=["set_aside"])
        trail.changed(line, before, action="received_line.set_aside" if line.set_aside else "received_line.taken_back")
        return line


def unmatch_line(*, access: AssociationAccess, key: int) -> None:
    """Take a match back: transfers that the line brought are cancelled, cheques of a bordereau stay received. Raises Refused."""
    with writing(access.association.chain, access.author) as trail:
        refuse_others(access)
        line = _line(access.association, key)
        rows = Payment.objects.select_for_update(of=("self",)).filter(line=line).select_related("membership__coop")
        payments = list(rows.order_by("membership__coop__rne", "pk"))
        if not payments:
            raise Refused("Cette ligne n’est rapprochée de rien.")
        for one in payments:
            if one.way == PaymentWay.TRANSFER and one.state == PaymentState.RECEIVED:
                undo_received(trail, access.author, one, f"Rapprochement défait le {timezone.localdate(trail.at):%d/%m/%Y}")
            else:
                pass_to(trail, one, PaymentState(one.state), "payment.unmatched", line=None)


def _line(association: DepartmentalAssociation, key: int) -> ReceivedLine:
    line = ReceivedLine.objects.select_for_update().filter(association=association, pk=key).first()
    if line is None:
        raise Refused("Cette ligne n’est plus là.")
    return line
