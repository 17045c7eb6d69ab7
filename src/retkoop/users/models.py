"""People and coop accounts that log in. What they may see is told by their roles (`network`)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from retkoop.audit.models import Audited


class UserManager(BaseUserManager["User"]):
    """Finds accounts by the identifier as it is written: `0910000A` is not `0910000a`."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser, Audited):
    """An account: the shared one of a coop (its `username` is the school's RNE) or a person's own.

    An account that was never activated has no usable password: only the initial one can start its activation.
    """

    class Family(models.TextChoices):
        """Who stands behind the account: staff passwords are longer, and a coop's own words are refused in its own."""

        COOP = "coop", "Coopérative"
        PERSON = "person", "Personne d’une coopérative"
        STAFF = "staff", "Association départementale ou fédération"

    unaudited: ClassVar[frozenset[str]] = frozenset({"password", "last_login"})

    told_places = 0
    """Coops, ADs, the federation: so many may this account open today, where a way in has read its roles; not a column."""

    username = models.CharField("identifiant", max_length=150, unique=True)
    name = models.CharField("nom", max_length=150)
    email = models.EmailField("adresse électronique", blank=True)
    family = models.CharField(max_length=10, choices=Family, default=Family.COOP)
    own_words = models.JSONField(default=list, blank=True, help_text="Mots refusés dans le mot de passe : RNE, école, commune")
    is_active = models.BooleanField(default=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    initial_spent = models.BooleanField(default=False, help_text="Le mot de passe de départ a servi : il ne servira plus jamais")
    closes_at = models.DateTimeField(null=True, blank=True, help_text="Dès lors, personne n’y est plus : le compte change de mains")
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff_of_occe(self) -> bool:
        """Staff of an AD or of the federation: longer passwords, and a second factor for whoever wants one."""
        return self.family == self.Family.STAFF

    @property
    def chain(self) -> str:
        """The trail of a coop's account is the coop's own."""
        return f"coop {self.username}" if self.family == self.Family.COOP else f"account {self.username}"

    def get_full_name(self) -> str:
        return self.name


class FailedTries(models.Model):
    """Failures of one counter (`tries`), by a digest: neither an address nor an identifier can be read from it."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "failed tries"

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.failures}"
