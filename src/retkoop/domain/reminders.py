"""Relances: what an AD reminds its coops of, whom each kind concerns on a day, and the fields of its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from retkoop.domain.board import BoardRule, CoopFacts, Readiness, missing, missing_label, readiness, year_shown
from retkoop.domain.closing import ClosingState
from retkoop.domain.dates import format_date
from retkoop.domain.membership import MembershipState
from retkoop.domain.school_year import SchoolYear

SILENT_DAYS: Final = 60
MANDATE_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class ReminderDay:
    """The day on which an AD reminds, and what it has set for the year of which it speaks."""

    day: date
    rule: BoardRule


@dataclass(frozen=True, slots=True)
class ReminderKind:
    """One thing to remind of: whom it `concerns`, what they lack (a line each), the text proposed, the page that `{lien}` opens.

    `running`: it speaks of the year that runs; else of the one that the board shows. `page` follows the address of the coop's year,
    or that of the house where it begins with a slash. `free`: other words over it make it another thing.
    """

    key: str
    label: str
    concerns: Callable[[CoopFacts, ReminderDay], bool]
    lacks: Callable[[CoopFacts, ReminderDay], tuple[str, ...]]
    subject: str
    text: str
    page: str = ""
    running: bool = False
    free: bool = False

    def year_on(self, day: date) -> SchoolYear:
        return SchoolYear.containing(day) if self.running else year_shown(day)


FIELDS: Final = ("école", "mandataire", "ce qui manque", "date limite", "lien")
_FIELD: Final = re.compile(r"\{([^{}\n]*)\}")


def fields_in(text: str) -> tuple[str, ...]:
    """Return the names between braces, each once, in their order."""
    return tuple(dict.fromkeys(name.strip().lower() for name in _FIELD.findall(text)))


def text_refusals(subject: str, text: str, deadline: date | None) -> list[str]:
    """Say what stands in the way of a text: fields that do not exist, a date that nobody has given."""
    found = fields_in(f"{subject}\n{text}")
    unknown = [f"{{{name}}}" for name in found if name not in FIELDS]
    refusals = []
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        said = "n’est pas un champ" if len(unknown) == 1 else "ne sont pas des champs"
        refusals.append(f"{', '.join(unknown)} {said}. Ceux qui existent\u202f: {known}.")
    if "date limite" in found and deadline is None:
        refusals.append("Le texte parle d’une date limite\u202f: indiquez-la.")
    if {"ce qui manque", "lien"} & set(fields_in(subject)):
        refusals.append("Dans l’objet, seuls {école}, {mandataire} et {date limite} ont leur place.")
    return refusals


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its fields filled in; what a value holds is never read as a field."""
    return _FIELD.sub(lambda found: values.get(found[1].strip().lower(), found[0]), text)


def values_for(kind: ReminderKind, facts: CoopFacts, when: ReminderDay, *, link: str, deadline: date | None) -> dict[str, str]:
    """Return what the fields of a text say to one coop."""
    return {
        "école": facts.name,
        "mandataire": facts.mandataire or "Madame, Monsieur",
        "ce qui manque": "\n".join(f"- {line}" for line in kind.lacks(facts, when)) or "- Rien, à notre connaissance\u202f: merci\u202f!",
        "date limite": format_date(deadline) if deadline else "",
        "lien": link,
    }


def _late(facts: CoopFacts, when: ReminderDay) -> bool:
    due = when.rule.is_over(when.day) and facts.closing is not ClosingState.TO_CORRECT
    return due and readiness(facts) is Readiness.NOT_READY


def _all_missing(facts: CoopFacts, when: ReminderDay) -> tuple[str, ...]:
    return tuple(missing_label(thing, facts) for thing in missing(facts, when.day, when.rule))


def _unproven(facts: CoopFacts, _: ReminderDay) -> bool:
    return facts.unproven > 0 and readiness(facts) is Readiness.NOT_READY


def _ends_soon(facts: CoopFacts, when: ReminderDay) -> bool:
    ends = facts.mandate_end is not None and facts.mandate_end <= when.day + timedelta(days=MANDATE_DAYS)
    return facts.closed_on is None and (not facts.has_mandate or ends)


def _mandate(facts: CoopFacts, _: ReminderDay) -> tuple[str, ...]:
    if not facts.has_mandate or facts.mandate_end is None:
        return ("Aucun mandat n’est en cours",)
    return (f"Le mandat se termine le {format_date(facts.mandate_end)}",)


def _silent_since(facts: CoopFacts, when: ReminderDay) -> date:
    return facts.last_operation or when.rule.year.first_day


def _silent(facts: CoopFacts, when: ReminderDay) -> bool:
    quiet = (when.day - _silent_since(facts, when)).days > SILENT_DAYS
    return quiet and facts.activated and not facts.direct and not when.rule.is_over(when.day) and readiness(facts) is Readiness.NOT_READY


def _silence(facts: CoopFacts, when: ReminderDay) -> tuple[str, ...]:
    if facts.last_operation is None:
        return (f"Aucune opération saisie en {when.rule.year}",)
    return (f"Aucune opération saisie depuis le {format_date(facts.last_operation)}",)


def _to_join(facts: CoopFacts, when: ReminderDay) -> bool:
    """Tell whether a coop is to be reminded of its adhésion: not declared at any time, not paid once the last day to pay has passed."""
    if facts.closed_on is not None:
        return False
    over = when.rule.fees_due is not None and when.day > when.rule.fees_due
    return facts.adhesion is MembershipState.TO_DECLARE or (over and facts.adhesion in _UNPAID)


def _adhesion(facts: CoopFacts, when: ReminderDay) -> tuple[str, ...]:
    if facts.adhesion is MembershipState.TO_DECLARE:
        return (f"Les effectifs de {when.rule.year} ne sont pas encore déclarés",)
    if facts.adhesion is MembershipState.PART_PAID:
        return (f"L’adhésion {when.rule.year} n’est payée qu’en partie",)
    return (f"L’adhésion {when.rule.year} est déclarée, elle reste à payer",)


_UNPAID: Final = (MembershipState.DECLARED, MembershipState.PART_PAID)
_SIGNED: Final = "\n\nMerci, et bon courage pour la suite\u202f!\n"
_LINK: Final = "\n\nPour continuer\u202f:\n\n{lien}"

KINDS: Final[tuple[ReminderKind, ...]] = (
    ReminderKind(
        "crf",
        "Compte rendu non transmis",
        _late,
        _all_missing,
        "{école}\u202f: vos comptes sont attendus pour le {date limite}",
        "Bonjour {mandataire},\n\nLes comptes de la coopérative «\u00a0{école}\u00a0» ne nous sont pas encore parvenus. "
        "Nous les attendons pour le {date limite}.\n\nCe qui manque\u202f:\n\n{ce qui manque}" + _LINK + _SIGNED,
        "cloture/",
    ),
    ReminderKind(
        "corrections",
        "Renvoyé, pas encore corrigé",
        lambda facts, _: facts.closing is ClosingState.TO_CORRECT,
        _all_missing,
        "{école}\u202f: vos comptes attendent vos corrections",
        "Bonjour {mandataire},\n\nNous vous avons renvoyé les comptes de la coopérative «\u00a0{école}\u00a0», avec nos remarques. "
        "Corrigez-les, répondez-y, puis transmettez-les de nouveau." + _LINK + _SIGNED,
        "cloture/",
    ),
    ReminderKind(
        "justificatifs",
        "Justificatifs manquants",
        _unproven,
        lambda facts, _: (f"{facts.unproven} justificatif{'s' if facts.unproven > 1 else ''}",),
        "{école}\u202f: il manque des justificatifs",
        "Bonjour {mandataire},\n\nDans le cahier de la coopérative «\u00a0{école}\u00a0», il manque\u202f:\n\n{ce qui manque}\n\n"
        "Photographiez-les avec votre téléphone\u202f: c’est fait en quelques minutes." + _LINK + _SIGNED,
        "documents/manquants/",
    ),
    ReminderKind(
        "silence",
        "Rien saisi depuis soixante jours",
        _silent,
        _silence,
        "{école}\u202f: où en est le cahier\u202f?",
        "Bonjour {mandataire},\n\nLe cahier de la coopérative «\u00a0{école}\u00a0» n’a pas bougé depuis deux mois.\n\n{ce qui manque}\n\n"
        "Quelques minutes par semaine évitent un long travail en septembre. Si quelque chose vous arrête, répondez à ce message."
        + _LINK
        + _SIGNED,
        "cahier/",
        running=True,
    ),
    ReminderKind(
        "adhesion",
        "Adhésion à déclarer ou à payer",
        _to_join,
        _adhesion,
        "{école}\u202f: votre adhésion à l’OCCE",
        "Bonjour {mandataire},\n\nPour l’adhésion de la coopérative «\u00a0{école}\u00a0»\u202f:\n\n{ce qui manque}\n\n"
        "Quelques minutes suffisent\u202f: les effectifs de l’an dernier sont déjà proposés, et la page dit comment payer."
        + _LINK
        + _SIGNED,
        "adhesion/",
        running=True,
    ),
    ReminderKind(
        "mandat",
        "Mandat terminé, ou bientôt",
        _ends_soon,
        _mandate,
        "{école}\u202f: qui tiendra la coopérative\u202f?",
        "Bonjour {mandataire},\n\nPour la coopérative «\u00a0{école}\u00a0»\u202f:\n\n{ce qui manque}\n\n"
        "Répondez-nous qui en sera mandataire. Si quelqu’un prend la suite, la passation se signe ici." + _LINK + _SIGNED,
        "passation/",
    ),
    ReminderKind(
        "activation",
        "Compte à activer",
        lambda facts, _: not facts.activated and facts.closed_on is None,
        lambda _, __: ("Le compte de la coopérative attend sa première connexion",),
        "{école}\u202f: votre compte Retkoop vous attend",
        "Bonjour {mandataire},\n\nLa comptabilité de la coopérative «\u00a0{école}\u00a0» se tient dans Retkoop. "
        "Son compte attend sa première connexion\u202f: l’identifiant est le RNE de l’école." + _LINK + _SIGNED,
        "/connexion/",
    ),
    ReminderKind(
        "message",
        "Message libre",
        lambda facts, _: facts.closed_on is None,
        _all_missing,
        "{école}\u202f: un message de votre association départementale",
        "Bonjour {mandataire},\n\nPour la coopérative «\u00a0{école}\u00a0», il manque encore\u202f:\n\n{ce qui manque}" + _LINK + _SIGNED,
        free=True,
    ),
)
"""What an AD reminds of, the most frequent first. A kind is one more entry here."""

KIND: Final[Mapping[str, ReminderKind]] = {kind.key: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class UsualReminder:
    """A campaign that an AD usually plans, on a day of the school year."""

    kind: str
    month: int
    day: int

    def date_in(self, year: SchoolYear) -> date:
        return date(year.start + (self.month < year.first_day.month), self.month, self.day)


USUAL: Final[tuple[UsualReminder, ...]] = (
    UsualReminder("crf", 9, 15),
    UsualReminder("activation", 10, 1),
    UsualReminder("crf", 10, 2),
    UsualReminder("mandat", 10, 8),
    UsualReminder("corrections", 10, 15),
    UsualReminder("adhesion", 11, 10),
    UsualReminder("adhesion", 12, 3),
    UsualReminder("silence", 1, 15),
    UsualReminder("justificatifs", 4, 1),
    UsualReminder("mandat", 6, 1),
)
"""In the order of the calendar; those of September and October speak of the year that has just ended."""
