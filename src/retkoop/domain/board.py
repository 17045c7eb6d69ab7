"""Board (tableau de bord) of an AD: what each coop misses in a year, what to do first, and whether the AD can act on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import compress
from typing import Final, NamedTuple

from retkoop.domain.closing import SEALED_STATES, ClosingState
from retkoop.domain.membership import MembershipState
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.standing import LampState

SEPTEMBER: Final = 9


class CraProgress(StrEnum):
    """How far the compte rendu d’activités of a year is."""

    NONE = "none"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class BoardRule:
    """What an AD sets for a year: the last day to send the accounts (`due`), how many vérificateurs sign them, the last day to adhere."""

    year: SchoolYear
    due: date
    verifiers: int = 2
    fees_due: date | None = None

    def is_over(self, day: date) -> bool:
        """Tell whether the accounts of the year can leave: from its last day on."""
        return day >= self.year.last_day


class CoopFacts(NamedTuple):
    """A coop in one year, as its AD sees it at a glance; `coop`, `book` and `follower` are keys.

    `mandataire`: the names of those whose mandate runs, `mandate_end` the last day on which one does (None: no end). `lamps`: bilan,
    rapprochement, caisse. `errors`, `warnings`: what the checks found that holds today; `unexplained`: the alertes that the coop has
    neither mended nor explained. `unproven`: operations without voucher. `signatures`: people who signed in this round, be it void
    since. `adhesion`: where that of the year stands (None: not known). `open_help`: threads of help that nobody has closed.
    """

    coop: int
    rne: str
    name: str
    commune: str = ""
    circonscription: str = ""
    words: str = ""
    email: str = ""
    closed_on: date | None = None
    activated: bool = False
    last_login: date | None = None
    mandataire: str = ""
    mandate_end: date | None = None
    has_mandate: bool = False
    adhesion: MembershipState | None = None
    book: int | None = None
    direct: bool = False
    has_opening: bool = False
    operation_count: int = 0
    last_operation: date | None = None
    lamps: tuple[LampState, LampState, LampState] = (LampState.TODO, LampState.TODO, LampState.TODO)
    errors: int = 0
    warnings: int = 0
    unexplained: int = 0
    unproven: int = 0
    lacks_statement: bool = False
    closing: ClosingState = ClosingState.PREPARING
    sent_on: date | None = None
    decided_on: date | None = None
    cra: CraProgress = CraProgress.NONE
    signatures: int = 0
    signatures_needed: int = 0
    entry_blocked: bool = False
    open_help: int = 0
    last_contact: date | None = None
    follower: int | None = None
    followed_by: str = ""

    @property
    def has_book(self) -> bool:
        return self.book is not None

    @property
    def is_signed(self) -> bool:
        """Everybody who gives the quitus has signed."""
        return self.signatures >= self.signatures_needed

    @property
    def is_empty(self) -> bool:
        """Nothing has been entered for the year."""
        return not (self.operation_count or self.has_opening)


class Readiness(StrEnum):
    """Whether the AD waits for the coop, the coop for the AD, or nobody any more."""

    NOT_READY = "pas-pret"
    READY = "pret"
    DONE = "fini"


READINESS_LABELS: Final = {Readiness.NOT_READY: "Pas prêt", Readiness.READY: "Prêt", Readiness.DONE: "Fini"}


class Missing(StrEnum):
    """What a year still misses, in the order in which to do it."""

    MANDATE = "mandat"
    ACTIVATION = "activation"
    CORRECTIONS = "corrections"
    ENTRIES = "saisie"
    ERRORS = "erreurs"
    VOUCHERS = "justificatifs"
    EXPLANATIONS = "alertes"
    RECONCILIATION = "rapprochement"
    CASH = "caisse"
    STATEMENT = "releve"
    CRA = "cra"
    SIGNATURES = "signatures"
    SENDING = "envoi"


MISSING_LABELS: Final = {
    Missing.MANDATE: "Mandat",
    Missing.ACTIVATION: "Activation du compte",
    Missing.CORRECTIONS: "Corrections demandées",
    Missing.ENTRIES: "Saisie",
    Missing.ERRORS: "Erreurs",
    Missing.VOUCHERS: "Justificatifs",
    Missing.EXPLANATIONS: "Alertes",
    Missing.RECONCILIATION: "Rapprochement",
    Missing.CASH: "Caisse",
    Missing.STATEMENT: "Dernier relevé",
    Missing.CRA: "CRA",
    Missing.SIGNATURES: "Signatures",
    Missing.SENDING: "Envoi",
}
"""The names of the missing things, for a list to choose from; `missing_label` says them of one coop."""


def year_shown(day: date) -> SchoolYear:
    """Return the year that an AD looks at on a day: until 31 December the one that ended last, then the one that runs."""
    current = SchoolYear.containing(day)
    return current.previous if day.month >= SEPTEMBER else current


def readiness(facts: CoopFacts) -> Readiness:
    """Tell where a year stands: done once it is accepted or the coop has ended, ready once it is sent."""
    if facts.closing in SEALED_STATES or facts.closed_on is not None:
        return Readiness.DONE
    return Readiness.READY if facts.closing is ClosingState.SENT else Readiness.NOT_READY


def is_late(facts: CoopFacts, day: date, rule: BoardRule) -> bool:
    """Tell whether the accounts are still awaited after the last day to send them."""
    return day > rule.due and readiness(facts) is Readiness.NOT_READY


def last_sign(facts: CoopFacts) -> date | None:
    """Return the last day on which a coop gave a sign of life: it logged in, or dated an operation; None where it never did."""
    return max(filter(None, (facts.last_login, facts.last_operation)), default=None)


def missing(facts: CoopFacts, day: date, rule: BoardRule) -> tuple[Missing, ...]:
    """Return what a year misses on a day, the first to do first; nothing where the AD or nobody is awaited.

    What ends a year is missing only once that year is over. Source: OCCE, compte rendu financier.
    """
    return lacking(facts, over=rule.is_over(day)) if readiness(facts) is Readiness.NOT_READY else ()


def lacking(facts: CoopFacts, *, over: bool) -> tuple[Missing, ...]:
    """Return what a year that is not ready misses, as `missing` does; `over`: its last day has come."""
    begun = not facts.is_empty
    lacks: tuple[bool, ...] = (
        not facts.has_mandate,
        not facts.activated,
        facts.closing is ClosingState.TO_CORRECT,
        not begun,
        facts.errors > 0,
        # each alerte explained: so is the one of the vouchers
        facts.unproven > 0 and facts.unexplained > 0,
        facts.unexplained > 0,
    )
    if not over:
        return tuple(compress(_IN_ORDER, lacks))
    lacks += (
        begun and facts.lamps[1] is not LampState.GOOD,
        begun and facts.lamps[2] is not LampState.GOOD,
        facts.lacks_statement,
        facts.cra is not CraProgress.DONE,
        not facts.is_signed,
    )
    return tuple(compress(_IN_ORDER, lacks)) or (Missing.SENDING,)


_IN_ORDER: Final = tuple(Missing)


def missing_label(thing: Missing, facts: CoopFacts) -> str:
    """Say in French what one coop misses: `3 erreurs`, `CRA à finir`."""
    if thing in _COUNTED:
        one, many, count = _COUNTED[thing]
        number = count(facts)
        return f"{number} {one if number == 1 else many}"
    if thing is Missing.CRA and facts.cra is CraProgress.BEGUN:
        return "CRA à finir"
    return _SAID[thing]


_COUNTED: Final[dict[Missing, tuple[str, str, Callable[[CoopFacts], int]]]] = {
    Missing.ERRORS: ("erreur", "erreurs", lambda facts: facts.errors),
    Missing.VOUCHERS: ("justificatif manque", "justificatifs manquent", lambda facts: facts.unproven),
    Missing.EXPLANATIONS: ("alerte à expliquer", "alertes à expliquer", lambda facts: facts.unexplained),
    Missing.SIGNATURES: ("signature manque", "signatures manquent", lambda facts: facts.signatures_needed - facts.signatures),
}
_SAID: Final = {
    Missing.MANDATE: "Aucun mandat",
    Missing.ACTIVATION: "Compte à activer",
    Missing.CORRECTIONS: "Corrections à faire",
    Missing.ENTRIES: "Rien de saisi",
    Missing.RECONCILIATION: "Rapprochement à faire",
    Missing.CASH: "Caisse à compter",
    Missing.STATEMENT: "Dernier relevé à joindre",
    Missing.CRA: "CRA à remplir",
    Missing.SENDING: "À transmettre",
}
