"""The end of a year (clôture): its states, the transitions between them, who signs, and what a sending waits for."""

from __future__ import annotations

from collections.abc import Collection
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


@dataclass(frozen=True, slots=True)
class VerifierRule:
    """How many vérificateurs an AD wants for a year, and how many parents among them (paramètres)."""

    verifiers: int = 2
    parents: int = 1


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that holds: of whom, and whether a vérificateur is a parent."""

    kind: SignerKind
    name: str
    parent: bool = False


def signatures_missing(signed: Collection[Signed], mandataires: Collection[str], rule: VerifierRule) -> list[str]:
    """Say in French which signatures a sending still waits for; nothing where all are there.

    `mandataires` are the names of those whose mandate runs: each of them signs. Source: OCCE, compte rendu financier, quitus.
    """
    missing = []
    verifiers = [one for one in signed if one.kind is SignerKind.VERIFIER]
    lacking = rule.verifiers - len(verifiers)
    if lacking > 0:
        missing.append(f"Il manque la signature {'d’un vérificateur' if lacking == 1 else f'de {lacking} vérificateurs'}.")
    lacking = rule.parents - sum(one.parent for one in verifiers)
    if lacking > 0:
        missing.append(f"Il manque la signature {'d’un parent d’élève' if lacking == 1 else f'de {lacking} parents d’élèves'}.")
    names = {one.name for one in signed if one.kind is SignerKind.MANDATAIRE}
    missing += [f"Il manque la signature {of(name)}, mandataire." for name in mandataires if name not in names]
    if not mandataires:
        missing.append("Aucun mandat n’est enregistré\u202f: demandez à l’association départementale de le noter.")
    return missing
