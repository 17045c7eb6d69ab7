"""Documents: the evidence of a coop's year. What a document holds is a file named by its SHA-256 (`storage`)."""

from __future__ import annotations

from hashlib import sha256
from typing import ClassVar, Final

from django.conf import settings
from django.db import models

from retkoop.audit.models import Audited
from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import Coop


class DocumentKind(models.TextChoices):
    """What a document is."""

    VOUCHER = "voucher", "Justificatif"
    STATEMENT = "statement", "Relevé bancaire"
    DELIBERATION = "deliberation", "Délibération"
    AGREEMENT = "agreement", "Convention"
    GRANT = "grant", "Notification de subvention"
    MINUTES = "minutes", "Procès-verbal"
    QUITUS = "quitus", "Quitus"
    SEALED = "sealed", "Compte rendu scellé"
    PHOTO = "photo", "Photo"
    OTHER = "other", "Autre document"


SENDABLE: Final = tuple(choice for choice in DocumentKind.choices if choice[0] != DocumentKind.SEALED)
"""What people may send: a sealed report is made here, and by no one else."""


class Reading(models.TextChoices):
    """How the text of a document was had."""

    NONE = "none", "Pas de texte"
    LAYER = "layer", "Texte du PDF"
    WAITING = "waiting", "Lecture en cours"
    OCR = "ocr", "Lu par la machine, à vérifier"


class Document(Audited):
    """A file of a coop's year. `digest` is the SHA-256 of what is stored, `source_digest` of what was sent.

    What was read in it (`text` and what follows from it) is an aid that may be wrong, and no part of the evidence: the trail
    keeps a digest of it, `read`. `words` follow from the rest.
    """

    unaudited: ClassVar[frozenset[str]] = frozenset({"text", "words"})

    was_there = False
    """Whether the file that was sent was kept already; not a column."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="+", db_index=False)
    start = models.PositiveSmallIntegerField(help_text="Année civile du 1er septembre")
    kind = models.CharField("nature", max_length=15, choices=DocumentKind)
    label = models.CharField("intitulé", max_length=200)
    date = models.DateField("date", null=True)
    digest = models.CharField(max_length=64)
    source_digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveSmallIntegerField(default=1)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    reading = models.CharField(max_length=10, choices=Reading, default=Reading.NONE)
    text = models.TextField(blank=True)
    words = models.TextField(blank=True, help_text="Ce que l’on cherche : intitulé et texte, sans accents ni majuscules")
    found_amount = models.BigIntegerField(null=True)
    found_date = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["coop", "start", "source_digest"], name="document_once_a_year")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["coop", "start", "kind", "-received_at"], name="document_shelf"),
            models.Index(fields=["digest"], name="document_digest"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def year(self) -> SchoolYear:
        return SchoolYear(self.start)

    def snapshot(self) -> dict[str, object]:
        """Return the columns, and the SHA-256 of what was read."""
        return {**super().snapshot(), "read": sha256(str(self.text).encode()).hexdigest()}

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")
