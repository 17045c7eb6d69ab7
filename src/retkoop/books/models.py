"""The cahier: a book by coop and school year, its operations, and what is kept beside them so that pages stay fast.

`Operation` is what the teacher sees, `EntryLine` what the auditor sees. `AccountTotal`, `DayTotal`, `KeptFinding` and the
counters of `Book` are kept by `posting` in the same transaction as the operation; `retkoop verify` recomputes them.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from retkoop.archive.models import Document
from retkoop.audit.models import Audited
from retkoop.domain.chart import BANK, POSTAL
from retkoop.domain.checks.finding import Place, Severity
from retkoop.domain.checks.scope import Scope
from retkoop.domain.entry import KIND_LABELS, Kind
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop

KEPT = frozenset(
    {
        "operation_count",
        "last_operation",
        "assets",
        "cash",
        "unpointed_sum",
        "unpointed_count",
        "opening_bank",
        "opening_cash",
        "has_opening",
        "has_carried_items",
        "count_book",
        "unproven_count",
        "deposit_count",
        "last_bank_move",
    }
)


class Book(Audited):
    """One coop's year. The figures named in KEPT follow the operations; the statement's and the count's are told by `banking`.

    `statement_document` is the date of the latest bank statement among the year's documents. A sealed book is written no more.
    `direct`: the year was kept elsewhere, the book holds its totals alone (`Operation.summary`). `opening_follows`: its report à
    nouveau is provisional, and follows the year before until that one is accepted.
    """

    unaudited: ClassVar[frozenset[str]] = KEPT

    restated: frozenset[int] = frozenset()
    """Operations of which the last posting has something else to say; not a column."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="books")
    start = models.PositiveSmallIntegerField(help_text="Année civile du 1er septembre")
    bank_account = models.CharField(max_length=3, default=BANK, choices=[(BANK, "Compte bancaire"), (POSTAL, "Compte chèque postal")])

    statement_date = models.DateField(null=True)
    statement_balance = models.BigIntegerField(null=True)
    closed_statement_date = models.DateField(null=True)
    closed_statement_at = models.DateTimeField(null=True)
    count_day = models.DateField(null=True)
    count_total = models.BigIntegerField(null=True)
    statement_document = models.DateField(null=True)
    sealed_at = models.DateTimeField(null=True)
    direct = models.BooleanField(default=False)
    opening_follows = models.BooleanField(default=False)

    operation_count = models.PositiveIntegerField(default=0)
    last_operation = models.DateField(null=True)
    assets = models.BigIntegerField(default=0)
    cash = models.BigIntegerField(default=0)
    unpointed_sum = models.BigIntegerField(default=0)
    unpointed_count = models.PositiveIntegerField(default=0)
    has_opening = models.BooleanField(default=False)
    has_carried_items = models.BooleanField(default=False)
    opening_bank = models.BigIntegerField(default=0)
    opening_cash = models.BigIntegerField(default=0)
    count_book = models.BigIntegerField(null=True)
    unproven_count = models.PositiveIntegerField(default=0)
    deposit_count = models.PositiveIntegerField(default=0)
    last_bank_move = models.DateField(null=True)

    entry_facts: tuple[Any, ...] | None = None
    """What the room above says of entry in this year (setting ENTRY_FACTS), where `books_of` has read the book."""

    class Meta:
        ordering: ClassVar[list[str]] = ["coop", "start"]
        constraints: ClassVar[list[models.BaseConstraint]] = [models.UniqueConstraint(fields=["coop", "start"], name="book_one_a_year")]

    def __str__(self) -> str:
        return f"{self.coop_id} {self.year}"

    @property
    def year(self) -> SchoolYear:
        return SchoolYear(self.start)


class ImportBatch(Audited):
    """Operations that came from one file, so that they can go together again."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="batches")
    file_name = models.CharField(max_length=255)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class Proof(models.TextChoices):
    """How an operation is proven."""

    MISSING = "", "Justificatif manquant"
    JOINED = "joined", "Justificatif joint"
    PAPER = "paper", "Justificatif sur papier"
    LOST = "lost", "Justificatif perdu, attestation sur l’honneur"
    PURGED = "purged", "Justificatif détruit au bout de dix ans"


class Operation(Audited):
    """A line of the cahier. `bank`, `cash` and `regie` are what moved, in cents; in is positive, out negative.

    `pointed_year` is the school year (its start) on whose statement the bank move was ticked, None while it is not.
    `kind`, `accounts`, `words` and the `…_key`s follow from the rest (`values.fill`): what lists search and sort by.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="operations", db_index=False)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="operations")
    piece = models.CharField("pièce", max_length=30, blank=True)
    piece_key = models.CharField(max_length=200, blank=True)
    date = models.DateField("date")
    label = models.CharField("libellé", max_length=200)
    tiers = models.CharField("tiers", max_length=120, blank=True)
    tiers_key = models.CharField(max_length=200, blank=True)
    cheque = models.CharField("n° de chèque", max_length=20, blank=True)
    cheque_number = models.BigIntegerField(null=True)
    project = models.CharField("projet", max_length=80, blank=True)
    classe = models.CharField("classe", max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=[(kind.value, KIND_LABELS[kind]) for kind in Kind])
    accounts = models.TextField(blank=True, help_text="Les comptes de la ventilation, séparés par des espaces")
    words = models.TextField(blank=True, help_text="Ce que l’on cherche : tout le texte, sans accents ni majuscules")
    opening = models.BooleanField(default=False)
    summary = models.BooleanField(default=False)
    bank = models.BigIntegerField(default=0)
    cash = models.BigIntegerField(default=0)
    regie = models.BigIntegerField(default=0)
    pointed_year = models.PositiveSmallIntegerField(null=True)
    proof = models.CharField("justificatif", max_length=6, choices=Proof, blank=True, default=Proof.MISSING)
    proof_place = models.CharField("où il est rangé", max_length=120, blank=True)
    last_place: str | None = None
    """Where a paper of its book was said to be the last time, as `operation_of` has read it; not a column."""
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["book"], condition=Q(opening=True), name="operation_one_opening"),
            models.UniqueConstraint(fields=["book"], condition=Q(summary=True), name="operation_one_summary"),
            models.CheckConstraint(name="operation_has_a_label", condition=~Q(label="")),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("book", F("opening").desc(), "date", "piece_key", "id", name="operation_book_order"),
            models.Index(fields=["book", "piece_key", "id"], name="operation_piece"),
            models.Index(fields=["book", "tiers_key", "accounts"], name="operation_tiers"),
            models.Index(fields=["book", "cheque_number"], condition=Q(cheque_number__isnull=False), name="operation_cheque"),
            models.Index(fields=["coop", "book", "date"], condition=Q(pointed_year__isnull=True) & ~Q(bank=0), name="operation_unpointed"),
            models.Index(fields=["coop", "id"], name="operation_entered"),
            models.Index(fields=["book", "date", "id"], condition=Q(proof="", opening=False), name="operation_unproven"),
        ]

    def __str__(self) -> str:
        return f"{self.piece} {self.label}"

    @classmethod
    def audited_rows(cls) -> models.QuerySet[Self]:
        return super().audited_rows().prefetch_related("lines", "vouchers")

    def snapshot(self) -> dict[str, object]:
        """Return the columns, the double entry under them and the documents that prove them."""
        lines = [[line.account, line.debit, line.credit] for line in self.lines.all()]
        vouchers = [voucher.document_id for voucher in self.vouchers.all()]
        return {**super().snapshot(), "lines": lines, "vouchers": vouchers}


class EntryLine(models.Model):
    """A line of double entry: a debit or a credit of one account, in cents."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="lines", db_index=False)
    operation = models.ForeignKey(Operation, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    account = models.CharField(max_length=8)
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["operation", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="line_is_a_debit_or_a_credit", condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0)),
            models.UniqueConstraint(fields=["operation", "position"], name="line_one_a_position"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["book", "account", "operation"], name="line_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.debit} {self.credit}"


class Voucher(models.Model):
    """A document that proves an operation; it goes and comes back with it."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="vouchers", db_index=False)
    operation = models.ForeignKey(Operation, models.CASCADE, related_name="vouchers", db_index=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="vouchers")

    class Meta:
        ordering: ClassVar[list[str]] = ["operation", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["operation", "document"], name="voucher_once_an_operation")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["book", "document"], name="voucher_book")]

    def __str__(self) -> str:
        return f"{self.operation_id} {self.document_id}"


class AccountTotal(models.Model):
    """Kept: the debits and credits of one account over a book."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.CASCADE, related_name="account_totals", db_index=False)
    account = models.CharField(max_length=8)
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["account"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["book", "account"], name="total_one_an_account")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.debit} {self.credit}"


class DayTotal(models.Model):
    """Kept: what a day of the book moved in bank and cash, and by how many operations; the opening stands apart."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.CASCADE, related_name="day_totals", db_index=False)
    day = models.DateField()
    bank = models.BigIntegerField(default=0)
    cash = models.BigIntegerField(default=0)
    operations = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["day"]
        constraints: ClassVar[list[models.BaseConstraint]] = [models.UniqueConstraint(fields=["book", "day"], name="total_one_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.bank} {self.cash}"


class KeptFinding(models.Model):
    """Kept: what a check found in one group of the book; it holds from `since` until the day before `until`."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.CASCADE, related_name="findings", db_index=False)
    scope = models.CharField(max_length=10, choices=[(scope, scope) for scope in Scope])
    group = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField(help_text="Ordre d’affichage : gravité, puis contrôle")
    severity = models.CharField(max_length=10, choices=[(severity, severity) for severity in Severity])
    message = models.TextField()
    mend = models.CharField(max_length=120)
    place = models.CharField(max_length=20, choices=[(place, place) for place in Place])
    operation = models.ForeignKey(Operation, models.CASCADE, null=True, related_name="findings")
    piece = models.CharField(max_length=30, null=True)  # noqa: DJ001 -- null: it speaks of no operation; "": of one without a pièce
    day = models.DateField(null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["rank", "operation", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["book", "group", "scope"], name="finding_group"),
            models.Index(fields=["book", "rank", "operation", "id", "since", "until"], name="finding_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.message}"


class KeptWith(models.Model):
    """Kept: a digest of the rules with which all the rest was made (`upgrade`); a single row."""

    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest


class CarriedItem(Audited):
    """A bank move of a year that was kept elsewhere, still missing on the statement when this book opens."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="carried_items")
    piece = models.CharField("pièce", max_length=30, blank=True)
    date = models.DateField("date")
    label = models.CharField("libellé", max_length=200)
    cheque = models.CharField("n° de chèque", max_length=20, blank=True)
    bank = models.BigIntegerField()
    pointed_year = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["date", "id"]

    def __str__(self) -> str:
        return f"{self.piece} {self.label}"
