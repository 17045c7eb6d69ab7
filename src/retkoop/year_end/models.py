"""The end of a year: its closing, what explains it, who checks and signs it, what is sealed, what the AD answers.

Whatever concerns one book carries its coop, and is told in the coop's chain.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from retkoop.archive.models import Document
from retkoop.audit.models import Audited
from retkoop.books.models import Book
from retkoop.domain.closing import QUALITY_LABELS, SIGNER_LABELS, STATE_LABELS, ClosingState, SignerKind
from retkoop.network.models import FEDERATION_CHAIN, Coop, DepartmentalAssociation, Mandate
from retkoop.year_end.direct.models import WorkbookVersion  # noqa: F401 -- Django finds the tables of this room here
from retkoop.year_end.handover.models import Handover  # noqa: F401 -- Django finds the tables of this room here


class YearClosing(Audited):
    """Where the closing of a book stands; a book without one is in preparation.

    `round` counts the CRFs that the coop made: one more each time that an accepted year is reopened. `sample_seed` is that of the drawn
    sample of operations, in hexadecimal digits: drawn when the coop first calls to sign, kept for ever.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.OneToOneField(Book, models.PROTECT, related_name="closing")
    state = models.CharField(max_length=10, choices=list(STATE_LABELS.items()), default=ClosingState.PREPARING)
    round = models.PositiveSmallIntegerField(default=1)
    sample_seed = models.CharField(max_length=32, blank=True)
    called_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "coop"], name="closing_state")]

    def __str__(self) -> str:
        return f"{self.book_id} {self.state}"


class Explanation(Audited):
    """A sentence by which the coop explains an alerte; `message` is what the alerte said then: another message asks again.

    `operation` is the key of the operation that it speaks of, 0 where it speaks of none.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="explanations", db_index=False)
    code = models.CharField(max_length=40)
    operation = models.BigIntegerField(default=0)
    message = models.TextField()
    text = models.CharField("explication", max_length=500)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["book", "code", "operation"], name="explanation_once_a_finding")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Verifier(Audited):
    """Somebody whom the mandataire asks to check the accounts of a year.

    `nonce` is in the address of their page: a new one ends the old address.
    `asked` are the keys of the operations that they wanted to see beside the drawn ones.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="verifiers", db_index=False)
    name = models.CharField("nom", max_length=150)
    quality = models.CharField("qualité", max_length=7, choices=list(QUALITY_LABELS.items()))
    email = models.EmailField("adresse électronique", blank=True)
    nonce = models.CharField(max_length=32)
    invited_at = models.DateTimeField()
    until = models.DateField(help_text="Le dernier jour où son adresse ouvre la page")
    ended_at = models.DateTimeField(null=True)
    asked = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["book", "id"], name="verifier_book")]

    def __str__(self) -> str:
        return self.name


class SigningCode(models.Model):
    """The code that a vérificateur types to sign, by its digest; it lives a few minutes and is no part of the evidence.

    `draft` is what they have filled in so far: a telephone that turns to the mail forgets the page. Both go when they sign.
    """

    verifier = models.OneToOneField(Verifier, models.CASCADE, related_name="code")
    digest = models.CharField(max_length=64)
    until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    by_hand = models.BooleanField(default=False, help_text="Donné par le mandataire")
    draft = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.verifier_id}"


class SigningWay(models.TextChoices):
    """How a signature was given."""

    MAIL = "mail", "Code reçu par courriel"
    HAND = "hand", "Code remis par le mandataire"
    ACCOUNT = "account", "Compte de la coopérative"
    PAPER = "paper", "Signature sur papier"


class Signature(Audited):
    """A signature of the accounts of a year: of which CRF (`crf_digest`), and where the coop's chain stood (`sequence`).

    It holds as long as nothing later in the chain has changed the book. `answers` fill the vérificateurs' grid; `scan` shows
    a signature on paper.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="signatures", db_index=False)
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=list(SIGNER_LABELS.items()))
    name = models.CharField("nom", max_length=150)
    verifier = models.ForeignKey(Verifier, models.PROTECT, null=True, related_name="signatures")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    crf_digest = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    way = models.CharField(max_length=7, choices=SigningWay)
    signed_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    comment = models.TextField("commentaire", blank=True)
    reserves = models.TextField("réserves", blank=True)
    scan = models.ForeignKey(Document, models.PROTECT, null=True, related_name="signatures")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="signature_of_a_verifier", condition=~Q(kind=SignerKind.VERIFIER) | Q(verifier__isnull=False)),
            models.CheckConstraint(name="signature_of_a_mandataire", condition=~Q(kind=SignerKind.MANDATAIRE) | Q(mandate__isnull=False)),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["book", "round", "id"], name="signature_book")]

    def __str__(self) -> str:
        return f"{self.name} {self.signed_at}"


class SealCertificate(Audited):
    """The certificate with which this installation seals, in PEM; the latest one seals, the former ones still verify.

    `key` is its private key, encrypted with the installation's secret key; empty where the certificate was given by setting.
    """

    chain: ClassVar[str] = FEDERATION_CHAIN
    unaudited: ClassVar[frozenset[str]] = frozenset({"key"})

    certificate = models.TextField()
    key = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.fingerprint


class SealedReport(Audited):
    """The sealed PDF of a year, a document of the coop, and the link of the coop's chain on which it stands."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="sealed_reports", db_index=False)
    round = models.PositiveSmallIntegerField()
    document = models.OneToOneField(Document, models.PROTECT, related_name="sealed_report")
    certificate = models.ForeignKey(SealCertificate, models.PROTECT, related_name="+")
    crf_digest = models.CharField(max_length=64)
    anchor_sequence = models.PositiveIntegerField()
    anchor_hash = models.CharField(max_length=64)
    on_paper = models.BooleanField(default=False, help_text="Une signature au moins est sur papier")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["book", "-id"], name="sealed_book")]

    def __str__(self) -> str:
        return f"{self.book_id} {self.round}"


class ReviewOutcome(models.TextChoices):
    """What the AD answered."""

    ACCEPTED = "accepted", "Validé"
    TO_CORRECT = "to_correct", "À corriger"
    REOPENED = "reopened", "Rouvert"


class Review(Audited):
    """A decision of the AD on the CRF of one round, with its reason."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="reviews", db_index=False)
    round = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=ReviewOutcome)
    reason = models.TextField("message à la coopérative", blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["book", "-id"], name="review_book")]

    def __str__(self) -> str:
        return f"{self.book_id} {self.outcome}"


class ReviewRemark(Audited):
    """A remark of the AD tied to a line: an operation (`operation:12`), an account (`account:61800008`), a part (`bilan`, `cra`…).

    It is a draft until a review sends it (`review`); `answer` is the coop's.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="review_remarks", db_index=False)
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="remarks")
    line = models.CharField(max_length=40)
    line_label = models.CharField(max_length=200)
    text = models.CharField("remarque", max_length=500)
    answer = models.CharField("réponse", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["book", "id"], name="remark_book")]

    def __str__(self) -> str:
        return self.text


class QuestionnaireKind(models.TextChoices):
    """What a questionnaire asks about."""

    CRA = "cra", "Compte rendu d’activités"
    GRID = "grid", "Grille des vérificateurs"


class QuestionnaireVersion(Audited):
    """A version of a questionnaire, the federation's: a draft until it is published from a school year on, then it never changes.

    `content` is what `domain.questionnaire` reads; the latest version published from a year on, or from one before, asks in that year.
    """

    chain: ClassVar[str] = FEDERATION_CHAIN

    kind = models.CharField("questionnaire", max_length=4, choices=QuestionnaireKind)
    number = models.PositiveSmallIntegerField("version")
    content = models.JSONField()
    from_year = models.PositiveSmallIntegerField("à partir de", null=True, help_text="Année civile du 1er septembre")
    published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "number"], name="questionnaire_one_a_number"),
            models.UniqueConstraint(fields=["kind"], condition=Q(published_at__isnull=True), name="questionnaire_one_draft"),
            models.CheckConstraint(
                name="questionnaire_published_from_a_year",
                condition=Q(published_at__isnull=True, from_year__isnull=True) | Q(published_at__isnull=False, from_year__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.number}"


class ActivityReport(Audited):
    """The compte rendu d’activités (CRA) of a year: the version of the questionnaire that it answers, when it was finished."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.OneToOneField(Book, models.PROTECT, related_name="activity_report")
    questionnaire = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField("terminé le", null=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.book_id} {self.questionnaire_id}"


class ActivityAnswer(Audited):
    """The answer to one question of a CRA: each has a version of its own, so that two people who answer different ones never meet.

    `question` is the key of the question in the questionnaire, `label` what it asked; no value: the answer was taken back.
    """

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="activity_answers", db_index=False)
    question = models.CharField(max_length=50)
    label = models.CharField("question", max_length=300)
    value = models.JSONField("réponse", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["book", "question"], name="activity_answer_once_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.book_id} {self.question}"


class EntryRule(Audited):
    """The AD blocks entry in a year, or unblocks it (déblocage): for a coop, or for all (no coop), until a day (None: no end).

    The latest rule for the coop that has not ended goes before the latest one for all.
    """

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="+", db_index=False)
    coop = models.ForeignKey(Coop, models.PROTECT, null=True, related_name="entry_rules", db_index=False)
    start = models.PositiveSmallIntegerField(help_text="Année civile du 1er septembre")
    blocked = models.BooleanField()
    until = models.DateField("jusqu’au", null=True)
    reason = models.CharField("motif", max_length=300, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["association", "start", "coop", "-id"], name="entry_rule_latest")]

    def __str__(self) -> str:
        return f"{self.start} {'bloqué' if self.blocked else 'débloqué'}"

    @property
    def chain(self) -> str:
        return self.coop.chain if self.coop else self.association.chain
