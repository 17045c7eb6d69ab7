"""Trail (piste d’audit): a chain of events, each holding the hash of the one before.

The chain covers a digest of each payload, never the payload itself: personal data can be erased from an event and the
chain still proves the order, the actor, the time and the digest of what was erased.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

GENESIS: Final = "0" * 64
ABSENT: Final = ""
"""The digest of a state that is not: before a creation, after a deletion."""

_SORTED: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_PLAIN: Final = json.JSONEncoder(ensure_ascii=False)

Snapshot = Mapping[str, object]
"""The state of a record as JSON values: text, whole numbers, booleans, None, lists and mappings of these."""


@dataclass(frozen=True, slots=True)
class Link:
    """What the hash of one event covers."""

    chain: str
    sequence: int
    at: datetime
    actor: str
    role: str
    action: str
    subject: str
    before_digest: str
    after_digest: str
    previous_hash: str
    submission: str = ""

    def hash(self) -> str:
        """Return the SHA-256 of the link, in hexadecimal."""
        fields = (
            self.chain,
            self.sequence,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor,
            self.role,
            self.action,
            self.subject,
            self.before_digest,
            self.after_digest,
            self.previous_hash,
            self.submission,
        )
        return hashlib.sha256(_PLAIN.encode(fields).encode()).hexdigest()


def digest(snapshot: Snapshot | None) -> str:
    """Return the SHA-256 of a state, whatever the order of its keys; ABSENT for no state."""
    if snapshot is None:
        return ABSENT
    return hashlib.sha256(_SORTED.encode(snapshot).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """Where a chain does not hold, and why, in French."""

    chain: str
    sequence: int
    reason: str


def broken_links(links: Iterable[tuple[Link, str]]) -> list[BrokenLink]:
    """Walk one chain from its first link, each given with the hash stored for it, and return what does not hold."""
    broken = []
    previous, expected = GENESIS, 1
    for link, stored in links:
        if link.sequence != expected:
            broken.append(BrokenLink(link.chain, link.sequence, f"le maillon {expected} manque"))
        elif link.previous_hash != previous:
            broken.append(BrokenLink(link.chain, link.sequence, "il ne suit pas le maillon précédent"))
        if link.hash() != stored:
            broken.append(BrokenLink(link.chain, link.sequence, "il a été modifié"))
        previous, expected = stored, link.sequence + 1
    return broken
