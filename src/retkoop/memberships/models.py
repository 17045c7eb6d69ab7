"""Adhésions: what coops declare, what they pay and how, what the AD validates and proves.

What a coop says or gets is told in its own chain; what is the AD's money, in the AD's. A verb that writes in both opens the AD's first.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from retkoop.audit.models import Audited
from retkoop.books.models import Operation
from retkoop.domain.direct_debit import edition_message
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import FEDERATION_CHAIN, Coop, DepartmentalAssociation, Mandate


class Membership(Audited):
    """The adhésion of a coop for a school year (`start`).

    `validated`: the number of the declaration that the AD has validated, 0 as long as none is, or once its payment came back.
    `left_on`: the day on which the AD noted that the coop does not renew, and why.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="memberships", db_index=False)
    start = models.PositiveSmallIntegerField()
    reference = models.CharField("référence", max_length=25, unique=True)
    validated = models.PositiveSmallIntegerField(default=0)
    validated_at = models.DateTimeField(null=True)
    validated_by = models.CharField("validée par", max_length=150, blank=True)
    left_on = models.DateField("non renouvelée le", null=True)
    left_reason = models.CharField("motif", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["coop", "start"], name="membership_once_a_year"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["start", "coop"], name="membership_of_a_year")]

    def __str__(self) -> str:
        return f"{self.coop_id} {self.year}"

    @property
    def year(self) -> SchoolYear:
        return SchoolYear(self.start)


class Declaration(Audited):
    """What a coop declares: the first of a year, then each correction of it. A draft until it is declared; then it never changes.

    `classes` are [level, pupils, adults, name]; `extras`, by key, what `domain.fees.Declared` tells; `lines` are
    [key, label, account, quantity, price], counted when it is declared. `pupils`, `adults` and `total` (cents) are theirs.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="declarations", db_index=False)
    number = models.PositiveSmallIntegerField()
    classes = models.JSONField(default=list)
    magazines = models.PositiveSmallIntegerField(default=0)
    contribution = models.BigIntegerField("participation volontaire", default=0)
    insured = models.BooleanField(default=True)
    extras = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    pupils = models.PositiveIntegerField(default=0)
    adults = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    reason = models.CharField("pourquoi", max_length=200, blank=True)
    declared_at = models.DateTimeField(null=True)
    declared_by = models.CharField("déclarée par", max_length=150, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["membership", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["membership", "number"], name="declaration_by_number"),
            models.UniqueConstraint(fields=["membership"], condition=Q(declared_at=None), name="declaration_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.number}"


class EngagementText(Audited):
    """A version of what mandataires engage themselves to, by an AD or (no AD) the federation; once published it never changes."""

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, null=True, related_name="engagement_texts")
    number = models.PositiveSmallIntegerField()
    text = models.TextField("texte")
    published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["association", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["association", "number"], name="engagement_by_number"),
            models.UniqueConstraint(fields=["number"], condition=Q(association=None), name="engagement_national_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.association_id or ''} {self.number}"

    @property
    def chain(self) -> str:
        return self.association.chain if self.association else FEDERATION_CHAIN


class EngagementAcceptance(Audited):
    """A mandataire has read a version of the engagement to its end and accepted it, by name, for an adhésion."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="acceptances", db_index=False)
    text = models.ForeignKey(EngagementText, models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    holder = models.CharField("mandataire", max_length=150)
    accepted_at = models.DateTimeField()
    accepted_by = models.CharField("compte", max_length=150)

    class Meta:
        ordering: ClassVar[list[str]] = ["accepted_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["membership", "text", "holder"], name="acceptance_once_a_holder"),
        ]

    def __str__(self) -> str:
        return self.holder


class PaymentWay(models.TextChoices):
    """How an adhésion is paid."""

    CHEQUE = "cheque", "Chèque"
    TRANSFER = "transfer", "Virement"
    DEBIT = "debit", "Prélèvement"


class PaymentState(models.TextChoices):
    """What became of a payment: said by the coop or under way, received, come back (cheque unpaid, debit refused, received or not yet)."""

    ANNOUNCED = "announced", "Annoncé"
    RECEIVED = "received", "Reçu"
    RETURNED = "returned", "Revenu impayé"
    CANCELLED = "cancelled", "Annulé"


class ChequeDeposit(Audited):
    """A bordereau: cheques that the AD took to its bank together."""

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="cheque_deposits", db_index=False)
    number = models.PositiveIntegerField()
    deposited_on = models.DateField("remis le")

    class Meta:
        ordering: ClassVar[list[str]] = ["association", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["association", "number"], name="cheque_deposit_by_number"),
        ]

    def __str__(self) -> str:
        return f"n° {self.number}"


class ReceivedStatement(Audited):
    """A bank statement file that the AD imported; `opening` and `closing` in cents where the file has them."""

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="received_statements", db_index=False)
    file_name = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte", max_length=64)
    account = models.CharField("compte", max_length=40, blank=True)
    format = models.CharField("format", max_length=20, blank=True)
    opening = models.BigIntegerField(null=True)
    closing = models.BigIntegerField(null=True)
    imported_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["association", "-imported_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["association", "sha256", "account"], name="received_statement_once"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ReceivedLine(Audited):
    """A line of the AD's statements, in cents, negative where money left; `rank` tells equals of a day, `set_aside` why it pays none."""

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="received_lines", db_index=False)
    statement = models.ForeignKey(ReceivedStatement, models.PROTECT, related_name="lines")
    account = models.CharField(max_length=40, blank=True)
    date = models.DateField()
    amount = models.BigIntegerField()
    label = models.CharField("libellé", max_length=300)
    reference = models.CharField("référence", max_length=100, blank=True)
    kind = models.CharField("type", max_length=40, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    set_aside = models.CharField("mise de côté", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["association", "-date", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["association", "date", "amount", "label", "reference", "account", "rank"], name="received_line_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.label}"


class Payment(Audited):
    """A payment of an adhésion, in cents; negative, money given back. `reason`: why it came back, or was cancelled.

    A cheque belongs to a bordereau once it was taken to the bank; a transfer to the line of the statement that brought it.
    """

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="membership_payments", db_index=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="payments")
    way = models.CharField("moyen", max_length=10, choices=PaymentWay)
    amount = models.BigIntegerField("montant")
    state = models.CharField("état", max_length=10, choices=PaymentState, default=PaymentState.ANNOUNCED)
    announced_on = models.DateField("annoncé le", null=True)
    received_on = models.DateField("reçu le", null=True)
    returned_on = models.DateField("revenu le", null=True)
    reason = models.CharField("motif", max_length=200, blank=True)
    cheque = models.CharField("n° de chèque", max_length=20, blank=True)
    payer = models.CharField("tireur ou titulaire du compte", max_length=150, blank=True)
    deposit = models.ForeignKey(ChequeDeposit, models.PROTECT, null=True, related_name="payments")
    line = models.ForeignKey(ReceivedLine, models.PROTECT, null=True, related_name="payments")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="payment_of_something", condition=~Q(amount=0)),
            models.CheckConstraint(name="payment_received_on_a_day", condition=~Q(state="received") | Q(received_on__isnull=False)),
            models.CheckConstraint(name="payment_returned_on_a_day", condition=~Q(state="returned") | Q(returned_on__isnull=False)),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["association", "received_on", "id"], name="payment_journal")]

    def __str__(self) -> str:
        return f"{self.way} {self.amount}"


class BookedPayment(Audited):
    """A payment in the coop's books: the operation (by its key alone) that holds it, made for it or found there (`found`).

    `reversal`: the operation of the day on which it came back. `parts`: cents by account, positive as charges.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="bookings", db_index=False)
    reversal = models.BooleanField(default=False)
    operation = models.ForeignKey(Operation, models.DO_NOTHING, related_name="membership_bookings", db_constraint=False)
    found = models.BooleanField(default=False)
    parts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["payment", "reversal"], name="payment_booked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.operation_id}"


class DebitMandate(Audited):
    """A SEPA mandate (mandat de prélèvement) of a coop, signed on line by one of its mandataires; one that runs a coop."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="debit_mandates")
    rum = models.CharField("RUM", max_length=35, unique=True)
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    debtor = models.CharField("titulaire du compte", max_length=70)
    signed_at = models.DateTimeField()
    signed_by = models.CharField("signé par", max_length=150)
    creditor = models.JSONField(default=dict)  # what the coop signed for: the AD's name, its creditor identifier
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField("motif", max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["coop"], condition=Q(ended_at=None), name="debit_mandate_one_runs"),
        ]

    def __str__(self) -> str:
        return self.rum


class CollectionState(models.TextChoices):
    """Where a collection is: made here, handed to the bank, credited, given up before it was handed in."""

    PREPARED = "prepared", "Préparée"
    SENT = "sent", "Remise à la banque"
    SETTLED = "settled", "Encaissée"
    CANCELLED = "cancelled", "Annulée"


class Collection(Audited):
    """A collection (remise de prélèvements): debits asked for on one day, handed to the bank as one file. `total` in cents.

    `creditor`: name, iban, bic, ics of the AD as they were then. `message`: the identifier of its first file; each change makes another
    `edition`, since `revised_at`: banks take no identifier twice. `refused`: why the bank refused the file that it had, where it did.
    """

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="collections", db_index=False)
    start = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    message = models.CharField(max_length=35, unique=True)
    collected_on = models.DateField("date d’échéance")
    creditor = models.JSONField()
    count = models.PositiveIntegerField()
    total = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=CollectionState, default=CollectionState.PREPARED)
    prepared_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    refused = models.CharField("refusée par la banque", max_length=200, blank=True)
    edition = models.PositiveSmallIntegerField("version du fichier", default=1)
    revised_at = models.DateTimeField("changée", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["association", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["association", "number"], name="collection_by_number")
        ]

    def __str__(self) -> str:
        return f"n° {self.number}"

    @property
    def file_message(self) -> str:
        return edition_message(self.message, self.edition)


class Debit(Audited):
    """A debit (prélèvement) of a collection, in cents. `end_to_end` finds it again in what the bank sends back.

    `pending`: under way, so that the same adhésion is not collected twice; false once it was credited, came back, or was given up.
    """

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="debits")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="debits", db_index=False)
    mandate = models.ForeignKey(DebitMandate, models.PROTECT, related_name="debits")
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="debit")
    amount = models.BigIntegerField()
    first = models.BooleanField(default=False)
    end_to_end = models.CharField(max_length=35, unique=True)
    pending = models.BooleanField(default=True)
    returned_on = models.DateField(null=True)
    return_code = models.CharField("code motif", max_length=4, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["membership"], condition=Q(pending=True), name="debit_one_pending"),
            models.CheckConstraint(name="debit_is_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.end_to_end


class MembershipAttestation(Audited):
    """An attestation of adhésion and insurance: what it says, as facts, and the code by which anybody can check it."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="attestations")
    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="+")
    code = models.CharField(max_length=24, unique=True)
    facts = models.JSONField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField("motif", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.code


class ShareDeclaration(Audited):
    """What an AD declares to the federation of its adhésions of a year, as facts; `amount` is the federation's share, in cents."""

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="share_declarations", db_index=False)
    start = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    facts = models.JSONField()
    amount = models.BigIntegerField()
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar[list[str]] = ["association", "start", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["association", "start", "number"], name="share_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.association_id} {self.start} {self.number}"
