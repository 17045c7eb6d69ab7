"""The end of a year (clôture): its states, the transitions between them, who signs, and what a sending waits for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from retkoop.domain.elision import of


class ClosingState(StrEnum):
    """Where the closing of a year stands, on its way from the coop to the AD and back."""

    PREPARING = "preparing"
    SIGNING = "signing"
    SENT = "sent"
    TO_CORRECT = "to_correct"
    ACCEPTED = "accepted"
    CLOSED = "closed"


STATE_LABELS: Final = {
    ClosingState.PREPARING: "En préparation",
    ClosingState.SIGNING: "À signer",
    ClosingState.SENT: "Transmis",
    ClosingState.TO_CORRECT: "À corriger",
    ClosingState.ACCEPTED: "Validé",
    ClosingState.CLOSED: "Clos",
}


class Transition(StrEnum):
    """What somebody does to a closing; END is the coop's own: its last year is closed without being sent."""

    CALL_TO_SIGN = "call_to_sign"
    RESUME = "resume"
    SEND = "send"
    SEND_BACK = "send_back"
    ACCEPT = "accept"
    CLOSE = "close"
    REOPEN = "reopen"
    END = "end"


_WAYS: Final = {
    Transition.CALL_TO_SIGN: (frozenset({ClosingState.PREPARING, ClosingState.TO_CORRECT}), ClosingState.SIGNING),
    Transition.RESUME: (frozenset({ClosingState.SIGNING}), ClosingState.PREPARING),
    Transition.SEND: (frozenset({ClosingState.SIGNING}), ClosingState.SENT),
    Transition.SEND_BACK: (frozenset({ClosingState.SENT}), ClosingState.TO_CORRECT),
    Transition.ACCEPT: (frozenset({ClosingState.SENT}), ClosingState.ACCEPTED),
    Transition.CLOSE: (frozenset({ClosingState.ACCEPTED}), ClosingState.CLOSED),
    Transition.REOPEN: (frozenset({ClosingState.ACCEPTED, ClosingState.CLOSED}), ClosingState.TO_CORRECT),
    Transition.END: (frozenset({ClosingState.PREPARING, ClosingState.TO_CORRECT}), ClosingState.CLOSED),
}

SEALED_STATES: Final = frozenset({ClosingState.ACCEPTED, ClosingState.CLOSED})
"""The states in which nothing is written in the year any more."""


class OutOfTurn(ValueError):
    """The closing is not where this transition starts from; `state` is where it is."""

    def __init__(self, state: ClosingState) -> None:
        super().__init__(state)
        self.state = state


def after(state: ClosingState, transition: Transition) -> ClosingState:
    """Return the state to which a transition leads. Raises OutOfTurn."""
    origins, target = _WAYS[transition]
    if state not in origins:
        raise OutOfTurn(state)
    return target


class SignerKind(StrEnum):
    """Who signs the accounts."""

    VERIFIER = "verifier"
    MANDATAIRE = "mandataire"
    TEACHER = "teacher"


SIGNER_LABELS: Final = {
    SignerKind.VERIFIER: "Vérificateur aux comptes",
    SignerKind.MANDATAIRE: "Mandataire",
    SignerKind.TEACHER: "Enseignant",
}


class VerifierQuality(StrEnum):
    """What a vérificateur is to the school."""

    PARENT = "parent"
    TEACHER = "teacher"
    OTHER = "other"


QUALITY_LABELS: Final = {
    VerifierQuality.PARENT: "Parent d’élève",
    VerifierQuality.TEACHER: "Enseignant",
    VerifierQuality.OTHER: "Autre adulte",
}
_WORDS: Final = {
    VerifierQuality.PARENT: ("parent d’élève", "parents d’élèves"),
    VerifierQuality.TEACHER: ("enseignant", "enseignants"),
    VerifierQuality.OTHER: ("autre adulte", "autres adultes"),
}


@dataclass(frozen=True, slots=True)
class VerifierRule:
    """How many vérificateurs an AD wants for a year, and how many of each quality among them at least (paramètres)."""

    verifiers: int = 2
    parents: int = 1
    teachers: int = 0
    others: int = 0

    @property
    def least(self) -> dict[VerifierQuality, int]:
        """How many of each quality."""
        return dict(zip(VerifierQuality, (self.parents, self.teachers, self.others), strict=True))

    @property
    def needed(self) -> int:
        """How many in all: figures of several years and owners may ask for more by their qualities than by their number."""
        return max(self.verifiers, sum(self.least.values()))

    def lacking(self, present: Iterable[VerifierQuality | None]) -> tuple[int, dict[VerifierQuality, int]]:
        """Return how many more are needed beside those who are there, and how many of each quality among them."""
        there = list(present)
        kinds = {quality: most - there.count(quality) for quality, most in self.least.items()}
        kinds = {quality: number for quality, number in kinds.items() if number > 0}
        return max(0, self.needed - len(there), sum(kinds.values())), kinds


def told_qualities(numbers: Mapping[VerifierQuality, int]) -> str:
    """Write how many of which: `1 parent d’élève et 2 enseignants`; nothing where there is none."""
    told = [f"{number}\u00a0{_WORDS[quality][number > 1]}" for quality, number in numbers.items() if number]
    return " et ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that holds: of whom, and what a vérificateur is to the school."""

    kind: SignerKind
    name: str
    quality: VerifierQuality | None = None


def signatures_missing(signed: Collection[Signed], mandataires: Collection[str], rule: VerifierRule) -> list[str]:
    """Say in French which signatures a sending still waits for; nothing where all are there.

    `mandataires` are the names of those whose mandate runs: each of them signs. Source: OCCE, compte rendu financier, quitus.
    """
    missing = []
    verifiers = [one.quality for one in signed if one.kind is SignerKind.VERIFIER]
    lacking = rule.needed - len(verifiers)
    if lacking > 0:
        missing.append(f"Il manque la signature {_of(lacking, ('vérificateur', 'vérificateurs'))}.")
    missing += [f"Il manque la signature {_of(number, _WORDS[quality])}." for quality, number in rule.lacking(verifiers)[1].items()]
    names = {one.name for one in signed if one.kind is SignerKind.MANDATAIRE}
    missing += [f"Il manque la signature {of(name)}, mandataire." for name in mandataires if name not in names]
    if not mandataires:
        missing.append("Aucun mandat n’est enregistré\u202f: demandez à l’association départementale de le noter.")
    return missing


def _of(number: int, words: tuple[str, str]) -> str:
    return f"d’un {words[0]}" if number == 1 else f"de {number} {words[1]}"
