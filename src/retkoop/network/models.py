"""The network: the federation, its departmental associations (AD), their coops, who holds a mandate, who has a role.

The federation itself is no record: there is one, and what belongs to no AD belongs to it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from retkoop.audit.models import Audited
from retkoop.domain.chart import fold
from retkoop.domain.directory import SchoolState

FEDERATION_CHAIN = "federation"


class DepartmentalAssociation(Audited):
    """An association départementale (AD), "OCCE 91": the legal person of which its coops are sections."""

    department = models.CharField("département", max_length=3, unique=True)
    name = models.CharField("nom", max_length=100)
    mail_domain = models.CharField("domaine de messagerie des écoles", max_length=100, blank=True)

    told_waiting = 0
    """Questions of its coops that wait for an answer, where `open_association` has read it; not a column."""

    @cached_property
    def given(self) -> dict[int | str, Any]:
        """What is set for it by year (its start), and the rows ("all" of them, those of the "chart"); changing a setting forgets it."""
        return {}

    class Meta:
        ordering: ClassVar[list[str]] = ["department"]

    def __str__(self) -> str:
        return f"OCCE {self.department}"

    @property
    def chain(self) -> str:
        return f"ad {self.department}"


MOST_PEOPLE = 6
"""So many mandataires, and people with a role, the latest ones, lead to a coop."""


class Coop(Audited):
    """A coopérative scolaire, known by its school's RNE.

    `closed_on`: its last day, from which on nothing is written, and why; `merged_into`: the coop whose people read it then.
    """

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, related_name="coops")
    rne = models.CharField("RNE", max_length=8, unique=True)
    name = models.CharField("école", max_length=150)
    commune = models.CharField("commune", max_length=100, blank=True)
    email = models.EmailField("adresse officielle", blank=True)
    circonscription = models.CharField("circonscription", max_length=100, blank=True)
    change_reason = models.CharField("motif du changement", max_length=300, blank=True)
    """Why the AD last changed what it says of this coop; the trail keeps each."""
    closed_on = models.DateField("fermée le", null=True, blank=True)
    end_reason = models.CharField("motif", max_length=300, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    words = models.CharField(max_length=600, blank=True, editable=False)
    """RNE, school, commune, circonscription and people without case or accents, as the AD searches them."""

    unaudited: ClassVar[frozenset[str]] = frozenset({"words"})

    told_sequence, told_unread, told_waiting = 0, 0, 0
    """Where `open_coop` has read it: the last place of its chain, answers that nobody has seen, questions that wait; not columns."""

    class Meta:
        ordering: ClassVar[list[str]] = ["rne"]

    def __str__(self) -> str:
        return f"{self.name} ({self.rne})"

    def searched_words(self) -> str:
        """Return the words by which the AD searches this coop: what it says of it, who holds or held a mandate or a role there.

        They do not depend on the day: nobody has to think of a mandate that ends.
        """
        holders = [one.holder for one in sorted(self.mandates.all(), key=lambda one: (one.start, one.pk), reverse=True)]
        keepers = [one.user.name for one in sorted(self.roles.all(), key=lambda one: one.pk, reverse=True) if one.user.username != self.rne]
        people = dict.fromkeys([*holders[:MOST_PEOPLE], *keepers[:MOST_PEOPLE]])
        return fold(" ".join([self.rne, self.name, self.commune, self.circonscription, *people]))[:600]

    @property
    def chain(self) -> str:
        return f"coop {self.rne}"


class MandateRank(models.TextChoices):
    """Mandataire, or the second signature."""

    MANDATAIRE = "mandataire", "Mandataire"
    ADJOINT = "adjoint", "Mandataire adjoint"


class Mandate(Audited):
    """The mandate that the AD gives to a teacher for one coop, from a day to a day (no end: still running)."""

    coop = models.ForeignKey(Coop, models.PROTECT, related_name="mandates")
    holder = models.CharField("mandataire", max_length=150)
    rank = models.CharField(max_length=10, choices=MandateRank, default=MandateRank.MANDATAIRE)
    start = models.DateField("début")
    end = models.DateField("fin", null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-rank", "start"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="mandate_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.holder


class RoleKind(models.TextChoices):
    """What a person may do; the scope (coop, AD, federation) stands beside it."""

    COOP = "coop", "Coopérative"
    ANIMATEUR = "animateur", "Animateur"
    COMPTABLE = "comptable", "Comptable"
    ADMINISTRATEUR = "administrateur", "Administrateur"
    FEDERATION = "federation", "Fédération"


AD_KINDS = (RoleKind.ANIMATEUR, RoleKind.COMPTABLE, RoleKind.ADMINISTRATEUR)


class Role(Audited):
    """A role of an account: its kind, its scope, its first day.

    `end` is the first day on which it holds no more, so that a role can be taken away at once.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=15, choices=RoleKind)
    coop = models.ForeignKey(Coop, models.PROTECT, null=True, blank=True, related_name="roles")
    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, null=True, blank=True, related_name="roles")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="role_has_the_scope_of_its_kind",
                condition=(
                    Q(kind=RoleKind.COOP, coop__isnull=False, association__isnull=True)
                    | Q(kind__in=AD_KINDS, coop__isnull=True, association__isnull=False)
                    | Q(kind=RoleKind.FEDERATION, coop__isnull=True, association__isnull=True)
                ),
            ),
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="role_ends_after_start"),
            # once at a time; a scope that is null differs from itself in SQL, so each scope has its own constraint
            models.UniqueConstraint(fields=["user", "coop"], condition=Q(end__isnull=True), name="role_once_a_coop"),
            models.UniqueConstraint(fields=["user", "kind", "association"], condition=Q(end__isnull=True), name="role_once_an_association"),
            models.UniqueConstraint(fields=["user"], condition=Q(end__isnull=True, kind=RoleKind.FEDERATION), name="role_once_federation"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind}"

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None where it has no end."""
        return self.end and self.end - timedelta(days=1)

    @property
    def chain(self) -> str:
        """The trail of a role is that of its scope."""
        scope = self.coop or self.association
        return scope.chain if scope else FEDERATION_CHAIN


class Setting(Audited):
    """A figure or a word list that the federation (no AD) or an AD sets, from a school year on."""

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, null=True, blank=True, related_name="settings")
    from_year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    value = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["association", "from_year", "name"], name="setting_once_a_year"),
            models.UniqueConstraint(
                fields=["from_year", "name"], condition=Q(association__isnull=True), name="federation_setting_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.from_year}"


class School(models.Model):
    """A school as the ministry’s directory has it (`domain.directory`), kept apart from what the AD says of its coop.

    Public data, made again by each import: no trail. `seen_at` is the last import that held it, `updated_at` the last that changed it.
    """

    uai = models.CharField("UAI", max_length=8, unique=True)
    department = models.CharField("département", max_length=3)
    name = models.CharField("nom", max_length=150)
    kind = models.CharField("nature", max_length=80, blank=True)
    sector = models.CharField("secteur", max_length=10, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=10, blank=True)
    commune = models.CharField("commune", max_length=100, blank=True)
    academy = models.CharField("académie", max_length=60, blank=True)
    circonscription = models.CharField("circonscription", max_length=100, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    state = models.CharField(
        "état",
        max_length=10,
        choices=[
            (SchoolState.OPEN.value, "Ouverte"),
            (SchoolState.CLOSING.value, "À fermer"),
            (SchoolState.OPENING.value, "À ouvrir"),
            (SchoolState.CLOSED.value, "Fermée"),
        ],
        default=SchoolState.OPEN.value,
    )
    opened_on = models.DateField("ouverte le", null=True, blank=True)
    words = models.CharField(max_length=300, blank=True, editable=False)
    seen_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["department", "commune", "name"], name="school_by_commune")]

    def __str__(self) -> str:
        return f"{self.name} ({self.uai})"


class DirectoryImport(Audited):
    """An import of the directory, by the federation (no AD) or by an AD: which file, what became of its rows, which were refused.

    `counts` are rows by what they were (`network.directory.Count`); `refusals` the first ones as [line, reason].
    """

    association = models.ForeignKey(DepartmentalAssociation, models.PROTECT, null=True, blank=True, related_name="directory_imports")
    file_name = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte", max_length=64)
    made_at = models.DateTimeField("importé")
    counts = models.JSONField(default=dict)
    refusals = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.file_name

    @property
    def chain(self) -> str:
        return self.association.chain if self.association else FEDERATION_CHAIN
