"""The verbs of the network: associations, coops, mandates, roles, settings."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import resources
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from retkoop.audit.services import SYSTEM, Author, Trail, writing
from retkoop.domain.chart import fold
from retkoop.domain.rne import department_of, looks_like_rne, parse_rne
from retkoop.domain.school_year import SchoolYear
from retkoop.network.figures import RULE_NAMES
from retkoop.network.models import (
    FEDERATION_CHAIN,
    Coop,
    DepartmentalAssociation,
    Mandate,
    MandateRank,
    Role,
    RoleKind,
    School,
    Setting,
)
from retkoop.network.queries import NATIONAL, account_of, given_settings
from retkoop.users import services as users
from retkoop.users.models import User
from retkoop.users.services import add_account

FOLLOWED: Final = RULE_NAMES | {"chart"}
"""The settings on which what the checks keep of a book depends: sentences name accounts by their labels."""


class NoAssociation(ValueError):
    """No departmental association stands for this RNE; the message says so in French."""


class AlreadyThere(ValueError):
    """The coop or the account exists already, or the identifier is a coop's; the message says so in French."""


class ReasonMissing(ValueError):
    """A coop was given another name without a reason; the message says so in French."""


def install_associations() -> None:
    """Make the associations of the data file that are missing; those that are there are left as they are."""
    present = set(DepartmentalAssociation.objects.values_list("department", flat=True))
    text = resources.files("retkoop.network").joinpath("data/associations.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines(), delimiter=";") if row["department"] not in present]
    if not rows:
        return
    with writing(FEDERATION_CHAIN, SYSTEM) as trail:
        for row in rows:
            trail.created(DepartmentalAssociation.objects.create(**row), action="association.created")


def create_coop(*, author: Author, rne: str, name: str = "", commune: str = "", email: str = "") -> Coop:
    """Make a coop in the AD of its département, with its account to activate; the directory tells its circonscription.

    Raises InvalidRne, NoAssociation for a territory without an AD, AlreadyThere.
    """
    parse_rne(rne)
    association = DepartmentalAssociation.objects.filter(department=department_of(rne)).first()
    if association is None:
        raise NoAssociation(f"Aucune association départementale ne correspond au RNE {rne}.")
    mail = email or (f"ce.{rne.lower()}@{association.mail_domain}" if association.mail_domain else "")
    circonscription = School.objects.filter(uai=rne).values_list("circonscription", flat=True).first() or ""
    with writing(f"coop {rne}", author) as trail:
        if User.objects.filter(username=rne).exists():
            raise AlreadyThere(f"La coopérative {rne} existe déjà.")
        coop = Coop(association=association, rne=rne, name=name or f"École {rne}", commune=commune, email=mail)
        coop.circonscription = circonscription
        coop.save(force_insert=True)
        trail.created(coop, action="coop.created")
        user = add_account(
            trail, User(username=rne, name=coop.name, email=mail, family=User.Family.COOP, own_words=_guessable(rne, coop.name, commune))
        )
        _give(trail, Role(user=user, kind=RoleKind.COOP, start=timezone.localdate(), coop=coop))
        _keep_words(coop)
    return coop


def _guessable(*words: str) -> list[str]:
    return [word for word in words if word]


def _keep_words(coop: Coop) -> None:
    """Have a coop found by what is now said of it and of its people."""
    fresh = Coop.objects.prefetch_related("mandates", "roles__user").get(pk=coop.pk)
    coop.words = fresh.searched_words()
    Coop.objects.filter(pk=coop.pk).update(words=coop.words)


def open_coops(*, author: Author, association: DepartmentalAssociation, uais: Sequence[str]) -> tuple[list[Coop], list[str]]:
    """Make a coop for each of these schools of the AD's directory, one transaction each; return them, and the UAIs that had one already."""
    opened, there = [], []
    for school in School.objects.filter(department=association.department, uai__in=uais).order_by("commune", "name", "uai"):
        try:
            opened.append(create_coop(author=author, rne=school.uai, name=school.name, commune=school.commune, email=school.email))
        except AlreadyThere:
            there.append(school.uai)
    return opened, there


def change_coop(*, author: Author, coop: Coop, changes: Mapping[str, str], reason: str = "") -> bool:
    """Change what an AD says of its coop (`name`, `commune`, `email`, `circonscription`), and why; return whether anything did change.

    Its account bears the same name and address. Raises ReasonMissing for a new name that nobody explains.
    """
    with writing(coop.chain, author) as trail:
        fresh = Coop.objects.get(pk=coop.pk)
        before = fresh.snapshot()
        for name, value in changes.items():
            setattr(fresh, name, value)
        if fresh.snapshot() == before:
            return False
        if fresh.name != before["name"] and not reason.strip():
            raise ReasonMissing("Dites pourquoi le nom change\u202f: l’historique de la coopérative le garde.")
        fresh.change_reason = reason.strip()[:300]
        fresh.save()
        trail.changed(fresh, before, action="coop.renamed" if fresh.name != before["name"] else "coop.changed")
        _follow(trail, fresh)
        _keep_words(fresh)
    for name in (*changes, "change_reason", "words"):
        setattr(coop, name, getattr(fresh, name))
    return True


def _follow(trail: Trail, coop: Coop) -> None:
    """Have the account of a coop follow its name and address."""
    user = account_of(coop)
    before = user.snapshot()
    user.name, user.email, user.own_words = coop.name, coop.email, _guessable(coop.rne, coop.name, coop.commune)
    if user.snapshot() != before:
        user.save(update_fields=["name", "email", "own_words"])
        trail.changed(user, before, action="account.changed")


def give_mandate(  # noqa: PLR0913 -- a mandate is these facts
    *,
    author: Author,
    coop: Coop,
    holder: str,
    start: date,
    end: date | None = None,
    rank: MandateRank = MandateRank.MANDATAIRE,
    submission: uuid.UUID | None = None,
) -> Mandate:
    """Record that the AD gives a teacher the mandate of a coop from a day on."""
    with writing(coop.chain, author, submission) as trail:
        mandate = Mandate.objects.create(coop=coop, holder=holder, start=start, end=end, rank=rank)
        trail.created(mandate, action="mandate.given", submission=submission)
        _keep_words(coop)
    return mandate


def end_mandate(*, author: Author, mandate: Mandate, last_day: date) -> None:
    """Record the last day of a mandate."""
    with writing(mandate.coop.chain, author) as trail:
        before = mandate.snapshot()
        mandate.end = last_day
        mandate.save()
        trail.changed(mandate, before, action="mandate.ended")


def create_staff(  # noqa: PLR0913 -- a person and what they may do
    *,
    author: Author,
    username: str,
    name: str,
    kind: RoleKind,
    association: DepartmentalAssociation | None = None,
    email: str = "",
    submission: uuid.UUID | None = None,
) -> User:
    """Make the account of a person of an AD, or of the federation where no AD is named, with the role that they take.

    An identifier that is an address is where its link goes. Raises AlreadyThere where the identifier is taken, or is an RNE: whoever
    bore it would stand in the way of that coop.
    """
    if looks_like_rne(username):
        raise AlreadyThere(f"L’identifiant {username} est réservé à une coopérative : choisissez-en un autre.")
    chain = association.chain if association else FEDERATION_CHAIN
    with writing(chain, author, submission) as trail:
        if User.objects.filter(username__iexact=username).exists():
            raise AlreadyThere(f"L’identifiant {username} est déjà pris.")
        address = username if "@" in username else email
        user = User(username=username, name=name, email=address, family=User.Family.STAFF, own_words=[username, name])
        with writing(user.chain, author) as accounts:
            add_account(accounts, user)
        _give(trail, Role(user=user, kind=kind, start=timezone.localdate(), association=association), submission)
    return user


def invite_keeper(*, author: Author, coop: Coop, email: str, name: str, start: date) -> User:
    """Give a person the right to keep the books of a coop from a day on, with an account of their own that their address names.

    An account that bears the address already is that person's: of a coop's people, or of the same name in a team. Raises
    AlreadyThere where it is somebody else's.
    """
    username = email.strip().lower()
    user = User.objects.filter(username__iexact=username).first()
    if user is not None and not _keeps_as(user, name):
        raise AlreadyThere(f"L’identifiant {username} est déjà celui d’un autre compte.")
    with writing(coop.chain, author) as trail:
        if user is None:
            user = User(username=username, name=name, email=email, family=User.Family.PERSON, own_words=[username, name])
            with writing(user.chain, author) as accounts:
                add_account(accounts, user)
        if not Role.objects.filter(user=user, coop=coop, end=None).exists():
            _give(trail, Role(user=user, kind=RoleKind.COOP, start=start, coop=coop))
            _keep_words(coop)
    return user


def is_of_another(*, email: str, name: str) -> bool:
    """Tell whether an address is the identifier of an account that a person of this name cannot keep a coop's books with."""
    user = User.objects.filter(username__iexact=email.strip()).first()
    return user is not None and not _keeps_as(user, name)


def _keeps_as(user: User, name: str) -> bool:
    same_name = user.family == User.Family.STAFF and fold(user.name) == fold(name)
    return user.family == User.Family.PERSON or same_name


def give_staff_role(  # noqa: PLR0913 -- idem
    *,
    author: Author,
    user: User,
    kind: RoleKind,
    start: date,
    association: DepartmentalAssociation | None = None,
    submission: uuid.UUID | None = None,
) -> Role:
    """Give a person a role in an AD, or in the federation where no AD is named."""
    role = Role(user=user, kind=kind, start=start, association=association)
    with writing(role.chain, author, submission) as trail:
        return _give(trail, role, submission)


def end_role(*, author: Author, role: Role, first_day_without: date | None = None) -> None:
    """Take a role away: from the next request on, or from a day on, it opens nothing."""
    with writing(role.chain, author) as trail:
        before = role.snapshot()
        role.end = max(first_day_without or timezone.localdate(), role.start)
        role.save()
        trail.changed(role, before, action="role.ended")


def _give(trail: Trail, role: Role, submission: uuid.UUID | None = None) -> Role:
    role.save(force_insert=True)
    trail.created(role, action="role.given", submission=submission)
    return role


def change_setting(*, author: Author, association: DepartmentalAssociation | None, from_year: int, name: str, value: object) -> Setting:
    """Set a figure or a word list of the federation (no AD) or of an AD, from a school year on."""
    with writing(association.chain if association else FEDERATION_CHAIN, author) as trail:
        setting = Setting.objects.filter(association=association, from_year=from_year, name=name).first()
        if setting is None:
            setting = Setting.objects.create(association=association, from_year=from_year, name=name, value=value)
            trail.created(setting, action="setting.set")
        elif setting.value != value:
            before = setting.snapshot()
            setting.value = value
            setting.save()
            trail.changed(setting, before, action="setting.set")
    if association:
        association.given.clear()
    return setting


class SettingsChanged(Exception):
    """Somebody else has changed one of these settings since the form was shown; the message says so in French."""

    def __init__(self) -> None:
        super().__init__(
            "Quelqu’un a changé ces réglages pendant que vous les lisiez. Les valeurs du moment sont affichées\u202f: refaites les vôtres."
        )


def set_values(
    *,
    author: Author,
    association: DepartmentalAssociation | None,
    year: SchoolYear,
    values: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> set[str]:
    """Set figures, words and days of the federation (no AD) or of an AD from a school year on; return the names that changed.

    A value that is the national one is an AD's own no more. `seen`: what the form showed. Raises SettingsChanged. What the checks
    keep of the books is made again where a rule or the chart has changed.
    """
    with writing(association.chain if association else FEDERATION_CHAIN, author):
        if association:
            association.given.clear()
        given = given_settings(association, year)
        if seen is not None and any(given.value(name) != value for name, value in seen.items()):
            raise SettingsChanged
        changed = {name for name, value in values.items() if value != given.value(name)}
        for name in sorted(changed):
            back = association is not None and values[name] == given.national_value(name)
            kept = NATIONAL if back else values[name]
            change_setting(author=author, association=association, from_year=year.start, name=name, value=kept)
        if changed & FOLLOWED:
            _follow_rules(association, year)
    return changed


def _follow_rules(association: DepartmentalAssociation | None, year: SchoolYear) -> None:
    """Have what the books keep made again: those of an AD, or of all that have any."""
    follow: Callable[[int, int], None] = import_string(settings.AFTER_RULES)
    held = DepartmentalAssociation.objects.filter(coops__isnull=False).distinct().values_list("pk", flat=True)
    for key in [association.pk] if association else list(held):
        follow(key, year.start)


def rule_initial_password(*, author: Author, association: DepartmentalAssociation, allowed: bool, until: date | None) -> None:
    """Say whether the initial password starts the activation of an AD's coops, and until which day (None: no end)."""
    values = {"initial_password": allowed, "initial_password_until": until.isoformat() if until else ""}
    set_values(author=author, association=association, year=SchoolYear.containing(timezone.localdate()), values=values)


@transaction.atomic
def reset_coop_account(*, author: Author, coop: Coop) -> str:
    """Take a coop's account back to its initial state, and return the token of the link that activates it again.

    Its password and its sessions stop at once; its books stay as they are.
    """
    users.return_to_initial_state(author=author, user=account_of(coop))
    return users.make_activation_link(author=author, user=account_of(coop))
