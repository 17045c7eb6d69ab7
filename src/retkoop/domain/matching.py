"""Matching (rapprochement) of a line of the AD's bank statement with the adhésions, or the cheques taken to the bank, that it may pay.

Proposals only: a person accepts them. What is sure names a coop and pays exactly what it owes, or bears our structured reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from retkoop.domain.chart import fold
from retkoop.domain.creditor_reference import references_in
from retkoop.domain.money import Cents
from retkoop.domain.school_year import SchoolYear

_RNE: Final = re.compile(r"(?<![0-9A-Z])\d{7}\s?[A-Z](?![0-9A-Z])")
_CHEQUES: Final = re.compile(r"\b(?:remise|rem|cheques?|chq|bordereau)\b")
_COMMON_WORDS: Final = frozenset(
    {"ecole", "ecoles", "elementaire", "maternelle", "primaire", "publique", "groupe", "scolaire", "scolaires", "college", "cooperative"}
    | {"coop", "occe", "saint", "sainte", "virement", "votre", "faveur", "recu", "adhesion", "cotisation", "assurance", "mairie"}
    | {"avenue", "place", "centre", "ville"}
)
_SHORTEST_WORD: Final = 4


class MatchLevel(StrEnum):
    """How far a proposal can be trusted."""

    SURE = "sure"
    PROBABLE = "probable"
    POSSIBLE = "possible"


MATCH_LABELS: Final = {MatchLevel.SURE: "Sûre", MatchLevel.PROBABLE: "Probable", MatchLevel.POSSIBLE: "Possible"}


@dataclass(frozen=True, slots=True)
class Awaited:
    """An adhésion that waits for money: its key, its coop and year, the cents that may still come, the words that name the coop."""

    key: int
    rne: str
    year: SchoolYear
    amount: Cents
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AwaitedDeposit:
    """Cheques taken to the bank together (bordereau), of which no line has come yet: its key, its number, its total in cents."""

    key: int
    number: int
    total: Cents


@dataclass(frozen=True, slots=True)
class MatchProposal:
    """What a line may pay: cents by adhésion (`shares`, at most the line), or a bordereau (`deposit`, its key); `why`, in French."""

    level: MatchLevel
    why: str
    shares: tuple[tuple[int, Cents], ...] = ()
    deposit: int | None = None


def naming_words(*texts: str) -> frozenset[str]:
    """Return the words by which the label of a line may name a coop: those of its school and commune, common ones left out."""
    return frozenset(word for text in texts for word in fold(text).split() if len(word) >= _SHORTEST_WORD) - _COMMON_WORDS


def match_proposals(label: str, amount: Cents, awaited: Sequence[Awaited], deposits: Sequence[AwaitedDeposit] = ()) -> list[MatchProposal]:
    """Return what a line may pay, the surest first; nothing for money that leaves."""
    if amount <= 0:
        return []
    named = _by_reference(label, amount, awaited) or _by_rne(label, amount, awaited)
    if named:
        return named
    return sorted(
        [*_by_deposit(label, amount, deposits), *_by_words(label, amount, awaited)], key=lambda one: list(MatchLevel).index(one.level)
    )


def _by_reference(label: str, amount: Cents, awaited: Sequence[Awaited]) -> list[MatchProposal]:
    wanted = references_in(label)
    if not wanted:
        return []
    found = [one for one in awaited if (one.rne, one.year) in wanted]
    if len(found) != len(wanted):
        return []
    if len(found) == 1 and amount <= found[0].amount:
        return [MatchProposal(MatchLevel.SURE, "La référence de virement est juste.", ((found[0].key, amount),))]
    return [_all_of(found, amount, "La référence de virement est juste.", "La référence de virement est juste, le montant diffère.")]


def _by_rne(label: str, amount: Cents, awaited: Sequence[Awaited]) -> list[MatchProposal]:
    names = {re.sub(r"\s", "", name) for name in _RNE.findall(label.upper())}
    found = [one for one in awaited if one.rne in names] if names else []
    for one in found:
        if len(names) == 1 and one.amount == amount:
            return [MatchProposal(MatchLevel.SURE, "Le RNE et le montant dû y sont.", ((one.key, amount),))]
    latest = {one.rne: one for one in sorted(found, key=lambda one: one.year)}
    if not latest:
        return []
    several = "Les RNE y sont, et la somme due." if len(latest) > 1 else "Le RNE et le montant dû y sont."
    return [_all_of(list(latest.values()), amount, several, "Le RNE y est, le montant diffère.")]


def _all_of(found: Sequence[Awaited], amount: Cents, exact: str, other: str) -> MatchProposal:
    """Propose all those that a line names: surely where it pays exactly what they owe, else one after the other until it is used up."""
    if sum(one.amount for one in found) == amount:
        return MatchProposal(MatchLevel.SURE, exact, tuple((one.key, one.amount) for one in found))
    shares, left = [], amount
    for one in found:
        share = min(one.amount, left)
        left -= share
        shares += [(one.key, share)] if share else []
    return MatchProposal(MatchLevel.PROBABLE, other, tuple(shares))


def _by_deposit(label: str, amount: Cents, deposits: Iterable[AwaitedDeposit]) -> list[MatchProposal]:
    same = [one for one in deposits if one.total == amount]
    speaks = _CHEQUES.search(fold(label)) is not None
    level = MatchLevel.SURE if speaks and len(same) == 1 else MatchLevel.PROBABLE if speaks else MatchLevel.POSSIBLE
    return [MatchProposal(level, f"C’est le total du bordereau n°\u00a0{one.number}.", deposit=one.key) for one in same]


def _by_words(label: str, amount: Cents, awaited: Sequence[Awaited]) -> list[MatchProposal]:
    same = [one for one in awaited if one.amount == amount]
    words = set(fold(label).split())
    named = [one for one in same if one.words & words]
    if len(named) == 1:
        return [MatchProposal(MatchLevel.POSSIBLE, "Le montant dû et un mot de son nom y sont.", ((named[0].key, amount),))]
    if len(same) == 1 and not named:
        return [MatchProposal(MatchLevel.POSSIBLE, "Elle seule doit ce montant.", ((same[0].key, amount),))]
    return []
