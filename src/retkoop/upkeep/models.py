from __future__ import annotations

from typing import ClassVar

from django.db import models


class UpkeepRun(models.Model):
    """A backup or a verification that has ended, well or not. Plumbing, nobody's accounts: the trail does not hold it."""

    class Kind(models.TextChoices):
        BACKUP = "backup", "Sauvegarde"
        VERIFICATION = "verification", "Vérification"

    kind = models.CharField("nature", max_length=12, choices=Kind)
    started = models.DateTimeField("commencée")
    ended = models.DateTimeField("finie")
    ok = models.BooleanField("réussie")
    message = models.TextField("ce qui s’est passé", blank=True)
    size = models.PositiveBigIntegerField("taille", null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started", "-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "-started"], name="upkeep_last_of_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started:%Y-%m-%d %H:%M}"
