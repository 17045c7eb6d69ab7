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
from retkoop.domain.matching import Awaited, MatchLevel, match_proposals
from retkoop.domain.money import Cents, format_amount
from retkoop.memberships.models import ChequeDeposit, Payment, PaymentState, PaymentWay, ReceivedLine, ReceivedStatement
from retkoop.memberships.receipts.awaiting import awaited_of, deposits_awaited, untied
from retkoop.memberships.receipts.services import pass_to, refuse_others, undo_received
from retkoop.network.access import AssociationAccess
from retkoop.network.models import DepartmentalAssociation
from retkoop.ui.days import format_moment

USED: Final = "Cette ligne paie déjà quelque chose\u202f: défaites d’abord son rapprochement."
_Key = tuple[str, object, Cents, str, str]


@dataclass(frozen=True, slots=True)
class ImportedLines:
    """What an import made: how many lines are new, how many stood already in another file."""

    statement: ReceivedStatement
    new: int
    known: int


def import_statement(*, access: AssociationAccess, name: str, data: bytes, submission: uuid.UUID | None = None) -> ImportedLines:
    """Keep the lines of a statement file that no other file has brought. Raises UnreadableStatement, Refused, AlreadySubmitted."""
    refuse_others(access)
    read, digest = read_statement_file(name, data), hashlib.sha256(data).hexdigest()
    with writing(access.association.chain, access.author, submission) as trail:
        same = ReceivedStatement.objects.filter(association=access.association, sha256=digest).first()
        if same is not None:
            raise Refused(f"Ce fichier est déjà importé, le {format_moment(same.imported_at)}\u202f: rien n’a changé.")
        statement = ReceivedStatement.objects.create(
            association=access.association,
            file_name=name[:200],
            sha256=digest,
            account=read.account[:40],
            opening=read.opening,
            closing=read.closing,
            imported_at=trail.at,
        )
        trail.created(statement, action="statement.received", submission=submission)
        rows = _new_lines(access.association, statement, read)
        for row in ReceivedLine.objects.bulk_create(rows):
            trail.created(row, action="received_line.imported")
        return ImportedLines(statement, len(rows), len(read.lines) - len(rows))


def _new_lines(association: DepartmentalAssociation, statement: ReceivedStatement, read: StatementFile) -> list[ReceivedLine]:
    """Return the lines that are not there yet: of equals, those beyond the ones that are."""
    if not read.lines:
        return []
    days = [line.date for line in read.lines]
    there = ReceivedLine.objects.filter(association=association, date__range=(min(days), max(days)))
    known = set(there.values_list("account", "date", "amount", "label", "reference", "rank"))
    ranks: Counter[_Key] = Counter()
    rows = []
    for line in read.lines:
        key: _Key = (statement.account, line.date, line.amount, line.label[:300], line.reference[:100])
        rank = ranks[key]
        ranks[key] += 1
        if (*key, rank) not in known:
            rows.append(_row(association, statement, line, rank))
    return rows


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


def match_line(*, access: AssociationAccess, key: int, shares: Mapping[int, Cents], beyond: bool = False) -> list[Payment]:
    """Note which adhésions a line pays (cents by key): never more than the line, nor, unless `beyond`, than what they owe.

    Raises Refused.
    """
    with writing(access.association.chain, access.author) as trail:
        refuse_others(access)
        line = _line(access.association, key)
        awaited = {one.key: one for one in awaited_of(access.association, only=list(shares))}
        return _match(trail, line, shares, awaited, beyond=beyond)


def _match(trail: Trail, line: ReceivedLine, shares: Mapping[int, Cents], awaited: Mapping[int, Awaited], *, beyond: bool) -> list[Payment]:
    used = int(Payment.objects.filter(line=line).aggregate(sum=Sum("amount"))["sum"] or 0)
    if line.set_aside:
        raise Refused("Cette ligne est mise de côté\u202f: reprenez-la d’abord.")
    if not shares or any(amount <= 0 for amount in shares.values()):
        raise Refused("Choisissez au moins une coopérative, avec un montant.")
    if used + sum(shares.values()) > line.amount:
        raise Refused(f"Il ne reste que {format_amount(line.amount - used)} sur cette ligne\u202f: réduisez un montant.")
    for key, amount in shares.items():
        if key not in awaited:
            raise Refused("Une de ces adhésions n’est pas de votre association, ou n’est pas déclarée.")
        if amount > awaited[key].amount and not beyond:
            owed = format_amount(max(awaited[key].amount, 0))
            raise Refused(f"{awaited[key].rne} n’attend que {owed}\u202f: réduisez le montant, ou dites que le surplus est à rendre.")
    return [_pay(trail, line, key, amount) for key, amount in shares.items()]


def _pay(trail: Trail, line: ReceivedLine, membership: int, amount: Cents) -> Payment:
    """Tie the payment that a line brings: one announced or already noted for the same amount, else a new one."""
    there = untied(membership).filter(amount=amount).order_by("-state", "pk").first()
    if there is not None:
        action = "payment.matched" if there.state == PaymentState.RECEIVED else "payment.received"
        return pass_to(trail, there, PaymentState.RECEIVED, action, line=line, received_on=there.received_on or line.date)
    row = Payment(association_id=line.association_id, membership_id=membership, way=PaymentWay.TRANSFER, amount=amount)
    row.state, row.received_on, row.line = PaymentState.RECEIVED, line.date, line
    row.save()
    trail.created(row, action="payment.received")
    return row


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
            if best.deposit is not None:
                _credit(trail, line, best.deposit)
                del deposits[best.deposit]
            else:
                _match(trail, line, dict(best.shares), awaited, beyond=False)
                awaited |= {key: replace(awaited[key], amount=awaited[key].amount - paid) for key, paid in best.shares}
            done += 1
        return done


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
