"""A relance on paper: the coops of a campaign that no mail reaches get a letter each, which the AD prints and posts.

Traced as any contact, and never twice for one thing within the days that the AD sets, whichever way the first one went.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from django.http import Http404
from django.utils import timezone

from retkoop.audit.services import Trail, writing
from retkoop.books.writable import Refused
from retkoop.domain.board import CoopFacts
from retkoop.domain.school_year import SchoolYear
from retkoop.mailing.services import Writing, keep_on_paper
from retkoop.network.access import AssociationAccess
from retkoop.network.activations import address_pieces, pile_order
from retkoop.network.models import AD_KINDS, Coop, DepartmentalAssociation, School
from retkoop.network.signature import signature_image
from retkoop.oversight.reminders.models import Campaign, Reminder, Way
from retkoop.oversight.reminders.recipients import Mailing, Words, letter_for, mailing_for
from retkoop.ui.days import format_long
from retkoop.ui.paper.document import pdf
from retkoop.ui.paper.square import square

PURPOSE: Final = "reminder_on_paper"
TEMPLATE: Final = Path(__file__).with_name("letter.typ")


@dataclass
class Pile:
    """The letters of a campaign that wait to be prepared, and the batches that were."""

    campaign: Campaign

    @cached_property
    def mailing(self) -> Mailing:
        row = self.campaign
        return mailing_for(row.association, row.about, row.audience, row.rnes, row.headline)

    @cached_property
    def refusal(self) -> str:
        """Why no letter of this campaign goes out any more; nothing where one may."""
        row = self.campaign
        if row.stopped_at is not None:
            return "Cette relance a été arrêtée\u202f: ses courriers ne partent pas non plus."
        if row.deadline is not None and row.deadline < timezone.localdate():
            return "La date limite de cette relance est passée\u202f: faites-en une nouvelle."
        if row.start is None or SchoolYear(row.start) != row.about.year_on(timezone.localdate()):
            return "Cette relance parlait d’une autre année\u202f: faites-en une nouvelle."
        return ""

    @cached_property
    def coops(self) -> list[CoopFacts]:
        """The coops that no mail reaches, and that still lack what the campaign asks for, in the order of the pile."""
        return self.mailing.for_paper if self.campaign.rnes and not self.refusal else []

    @cached_property
    def places(self) -> list[tuple[str, list[tuple[CoopFacts, str]]]]:
        """Those coops by circonscription, each with the reason why no mail gets there."""
        reasons = {one.facts.rne: one.reason for one in self.mailing.recipients} if self.coops else {}
        placed = groupby(self.coops, key=lambda one: one.circonscription)
        return [(name, [(one, reasons[one.rne]) for one in coops]) for name, coops in placed]

    @property
    def first(self) -> Words | None:
        """What the first letter says."""
        return letter_for(self.mailing, self.campaign, self.coops[0]) if self.coops else None


def prepare_letters(*, access: AssociationAccess, key: int) -> int:
    """Note a letter on paper for each coop of a campaign that no mail reaches; return how many. Raises Refused where there is none."""
    if access.role not in AD_KINDS:
        raise Refused("Les relances sont envoyées par l’association départementale.")
    with writing(access.association.chain, access.author) as trail:
        row = Campaign.objects.get(association=access.association, pk=key)
        row.association = access.association
        pile = Pile(row)
        if not pile.coops:
            raise Refused(pile.refusal or "Aucun courrier à préparer\u202f: un courriel atteint chacune, ou elle a déjà son courrier.")
        schools = {one.uai: one for one in School.objects.filter(uai__in=[one.rne for one in pile.coops])}
        for facts in pile.coops:
            _note(row, facts, pile.mailing, schools.get(facts.rne), trail)
    return len(pile.coops)


def _note(row: Campaign, facts: CoopFacts, mailing: Mailing, school: School | None, trail: Trail) -> None:
    coop, words = Coop(pk=facts.coop, rne=facts.rne), letter_for(mailing, row, facts)
    street, town = (school.address, f"{school.postcode} {school.commune}".strip()) if school else ("", "")
    lines = (facts.mandataire or "Au mandataire de la coopérative", facts.name, street, town or facts.commune)
    letter = keep_on_paper(postal="\n".join(filter(None, lines)), written=Writing(words.subject, words.text, PURPOSE, coop.chain))
    reminder = Reminder(campaign=row, coop=coop, way=Way.POST, made_at=trail.at, letter=letter)
    reminder.save(force_insert=True)
    trail.created(reminder, action="reminder.printed")


def batches_of(campaign: Campaign) -> list[list[Reminder]]:
    """Return the letters on paper of a campaign as they were prepared together, the latest batch first."""
    rows = Reminder.objects.filter(campaign=campaign, way=Way.POST).select_related("coop", "letter").order_by("-made_at", "pk")
    return [list(batch) for _, batch in groupby(rows, key=lambda one: one.made_at)]


def printed(association: DepartmentalAssociation, batch: list[Reminder]) -> bytes:
    """Return a batch as one document, a page a coop. Raises Http404 where the letters were erased since."""
    kept = sorted((one for one in batch if one.letter is not None), key=lambda one: pile_order(one.coop))
    if not kept:
        raise Http404
    day = timezone.localdate(kept[0].made_at)
    said = {
        "title": f"Courriers de relance, {association}",
        "running": str(association),
        "made": f"Retkoop, le {format_long(day)}",
        "day": format_long(day),
        "association": f"{association} · {association.name}",
        "signature": signature_image(association, day),
        "letters": [_said(one) for one in kept],
    }
    return pdf(TEMPLATE, said, day)


def _said(one: Reminder) -> dict[str, Any]:
    letter, coop = one.letter, one.coop
    if letter is None:
        raise Http404
    lines = letter.body.strip().split("\n")
    link = next((line.strip() for line in lines if _is_link(line)), "")
    return {
        "to": letter.postal.split("\n"),
        "rne": coop.rne,
        "circonscription": coop.circonscription,
        "heading": letter.subject,
        "lines": [{"link": address_pieces(line.strip()) if _is_link(line) else [], "text": line} for line in lines],
        "square": square(link) if link else None,
    }


def _is_link(line: str) -> bool:
    return line.strip().startswith(("https://", "http://")) and " " not in line.strip()
