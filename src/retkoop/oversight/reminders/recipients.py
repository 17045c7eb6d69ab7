"""To whom a relance goes, and who is left out of it and why: the same answer for the page that shows it and for what is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from retkoop.domain.board import CoopFacts
from retkoop.domain.chart import fold
from retkoop.domain.dates import format_date
from retkoop.domain.reminders import ReminderDay, ReminderKind, filled, values_for
from retkoop.domain.school_year import SchoolYear
from retkoop.mailing.queries import bounced_since
from retkoop.network.activations import pile_order
from retkoop.network.figures import FIGURES
from retkoop.network.models import DepartmentalAssociation, Role, RoleKind
from retkoop.network.queries import settings_of
from retkoop.oversight.board.queries import facts_of, rule_of
from retkoop.oversight.reminders.models import Audience, Campaign, Reminder, Way
from retkoop.users.models import User

DAYS: Final = "reminder_days"
SENDER: Final = "reminder_sender"
REPLY: Final = "reminder_reply"
DEFAULT_DAYS: Final = next(figure.default for figure in FIGURES if figure.name == DAYS)
BOUNCES: Final = timedelta(days=60)
"""For so long an address that was refused is left alone: a mailbox may be emptied, a name be corrected."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How an AD writes: never twice within so many days to one address for one thing, under what name, where answers go."""

    days: int
    sender: str
    reply_to: str


def manners_of(association: DepartmentalAssociation) -> Manners:
    given = settings_of(association, SchoolYear.containing(timezone.localdate()), {DAYS, SENDER, REPLY})
    return Manners(
        int(str(given.get(DAYS, DEFAULT_DAYS))), str(given.get(SENDER) or f"{association} {association.name}"), str(given.get(REPLY, ""))
    )


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address of a coop; `reason`: why it is left out ("": it is written to); `lost`: no mail gets there."""

    facts: CoopFacts
    address: str = ""
    reason: str = ""
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Mailing:
    """A relance as it would leave now."""

    kind: ReminderKind
    when: ReminderDay
    manners: Manners
    recipients: tuple[Recipient, ...]

    @property
    def written_to(self) -> list[Recipient]:
        return [one for one in self.recipients if not one.reason]

    @property
    def left_out(self) -> list[Recipient]:
        return [one for one in self.recipients if one.reason]

    @property
    def coop_count(self) -> int:
        return len({one.facts.rne for one in self.written_to})

    @property
    def for_paper(self) -> list[CoopFacts]:
        """The coops that no mail reaches, in the order of the pile."""
        reached = {one.facts.rne for one in self.recipients if not one.lost}
        left = {one.facts.rne: one.facts for one in self.recipients if one.facts.rne not in reached}
        return sorted(left.values(), key=pile_order)


@dataclass(frozen=True, slots=True)
class Told:
    """When each address, in small letters, was last written to, and each coop, by its key, on paper."""

    addresses: Mapping[str, datetime]
    coops: Mapping[int, datetime]

    def on_paper(self, coop: int) -> str:
        """Say when a coop got a letter on paper; nothing where it got none."""
        at = self.coops.get(coop)
        return f"Courrier préparé le {format_date(timezone.localdate(at))}" if at else ""


@dataclass(frozen=True, slots=True)
class Words:
    """A letter of a relance to one coop, in its words."""

    subject: str
    text: str


def when_for(association: DepartmentalAssociation, kind: ReminderKind) -> ReminderDay:
    today = timezone.localdate()
    return ReminderDay(today, rule_of(association, kind.year_on(today)))


def mailing_for(
    association: DepartmentalAssociation, kind: ReminderKind, audience: Collection[str], chosen: Collection[str] = (), headline: str = ""
) -> Mailing:
    """Return to whom a relance would go now: the coops that it concerns, or those of them that somebody has chosen."""
    when = when_for(association, kind)
    manners = manners_of(association)
    told, refused = told_since(association, kind, manners.days, headline), bounced_since(timezone.now() - BOUNCES)
    facts = facts_of(association, when.rule.year, when.rule)
    people = _people(association) if set(audience) - {Audience.SCHOOL} else {}
    found: list[Recipient] = []
    seen: dict[str, str] = {}
    for one in facts:
        if (chosen and one.rne not in chosen) or not (chosen or kind.concerns(one, when)):
            continue
        if not kind.concerns(one, when):
            found.append(Recipient(one, reason="Rien à lui demander aujourd’hui"))
            continue
        addresses = _addresses(one, audience, people.get(one.coop, ()))
        if printed := told.on_paper(one.coop):
            found += [Recipient(one, address, printed) for address in addresses or [""]]
            continue
        found += [_recipient(one, address, told.addresses, refused, seen) for address in addresses]
        found += [] if addresses else [Recipient(one, reason="Aucune adresse", lost=True)]
    return Mailing(kind, when, manners, tuple(found))


def _recipient(
    facts: CoopFacts, address: str, told: Mapping[str, datetime], refused: Mapping[str, datetime], seen: dict[str, str]
) -> Recipient:
    folded = address.lower()
    if folded in refused:
        return Recipient(facts, address, f"Adresse refusée le {format_date(timezone.localdate(refused[folded]))}", lost=True)
    if folded in told:
        return Recipient(facts, address, f"Déjà relancée le {format_date(timezone.localdate(told[folded]))}")
    if seen.setdefault(folded, facts.rne) != facts.rne:
        return Recipient(facts, address, f"Même adresse que {seen[folded]}")
    return Recipient(facts, address)


def told_since(association: DepartmentalAssociation, kind: ReminderKind, days: int, headline: str) -> Told:
    """Return when each was last told of a kind within so many days, by mail or on paper; what never left does not count.

    Of a kind whose words are free, one with another headline is about another thing.
    """
    since = timezone.now() - timedelta(days=days)
    rows = Reminder.objects.filter(campaign__association=association, campaign__kind=kind.key, made_at__gt=since, reason="")
    rows = rows.filter(campaign__headline=headline) if kind.free else rows
    left = rows.filter(Q(letter=None) | Q(letter__failed_at=None)).order_by("made_at")
    told = list(left.values_list("way", "address", "coop", "made_at"))
    addresses = {address.lower(): at for way, address, _, at in told if way == Way.MAIL}
    return Told(addresses, {coop: at for way, _, coop, at in told if way == Way.POST})


def _people(association: DepartmentalAssociation) -> dict[int, list[User]]:
    """Return, by coop, the people who keep its books with an account of their own."""
    today, found = timezone.localdate(), dict[int, list[User]]()
    roles = Role.objects.filter(coop__association=association, kind=RoleKind.COOP, user__is_active=True)
    for role in (
        roles.exclude(user__family=User.Family.COOP)
        .filter(Q(end=None) | Q(end__gt=today), start__lte=today)
        .exclude(user__email="")
        .select_related("user")
    ):
        found.setdefault(role.coop_id or 0, []).append(role.user)
    return found


def _addresses(facts: CoopFacts, audience: Collection[str], people: Iterable[User]) -> list[str]:
    holders = {fold(name) for name in facts.mandataire.split(", ")}
    told = [facts.email] if Audience.SCHOOL in audience and facts.email else []
    everybody = Audience.PEOPLE in audience
    told += [user.email for user in people if everybody or (Audience.MANDATAIRE in audience and fold(user.name) in holders)]
    return list({address.lower(): address for address in told}.values())


def letter_for(mailing: Mailing, campaign: Campaign, facts: CoopFacts) -> Words:
    """Return what a campaign writes to one coop."""
    link = f"{settings.PUBLIC_URL}{_path(mailing, facts)}"
    values = values_for(mailing.kind, facts, mailing.when, link=link, deadline=campaign.deadline)
    return Words(filled(campaign.headline, values), filled(campaign.text, values).strip() + "\n")


def _path(mailing: Mailing, facts: CoopFacts) -> str:
    page = mailing.kind.page
    if page.startswith("/"):
        return page
    return f"/coop/{facts.rne}/{mailing.when.rule.year}/{page}" if facts.has_book else f"/coop/{facts.rne}/annee/"
