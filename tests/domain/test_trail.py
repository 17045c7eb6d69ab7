from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.trail import ABSENT, GENESIS, BrokenLink, Link, broken_links, digest

Chain = list[tuple[Link, str]]

moments = st.datetimes(datetime(2025, 9, 1), datetime(2026, 8, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive
snapshots = st.none() | st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.integers()))


def chained(events: list[tuple[datetime, str, str, str]], name: str = "coop 0910000A") -> Chain:
    """Forge a chain as the trail does: each link with the hash that is stored for it."""
    chain: Chain = []
    for sequence, (at, actor, action, subject) in enumerate(events, start=1):
        previous = chain[-1][1] if chain else GENESIS
        link = Link(name, sequence, at, actor, "mandataire", action, subject, ABSENT, digest({"label": subject}), previous)
        chain.append((link, link.hash()))
    return chain


chains = st.lists(st.tuples(moments, st.text(), st.text(), st.text()), min_size=1, max_size=6).map(chained)
THREE = chained([(datetime(2025, 9, day, tzinfo=UTC), "Mme Perrin", "record", f"D{day}") for day in (1, 2, 3)])


@given(chains)
def test_a_chain_that_nobody_touched_holds(chain: Chain) -> None:
    assert broken_links(chain) == []


@given(chains, st.data())
def test_any_change_of_one_field_of_any_link_is_found(chain: Chain, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(Link)]))
    link, stored = chain[at]
    strategy = {"sequence": st.integers(), "at": moments}.get(name, st.text())
    change: dict[str, Any] = {name: data.draw(strategy.filter(lambda value: value != getattr(link, name)))}
    chain[at] = replace(link, **change), stored
    assert broken_links(chain) != []


@given(chains, st.data())
def test_a_change_with_its_own_hash_made_anew_breaks_the_next_link(chain: Chain, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    link = replace(chain[at][0], actor=f"{chain[at][0].actor}?")
    chain[at] = link, link.hash()
    following = [BrokenLink(link.chain, at + 2, "il ne suit pas le maillon précédent")]
    assert broken_links(chain) == following[: len(chain) - at - 1]


@pytest.mark.parametrize(
    ("order", "reasons"),
    [
        ((1, 2), [(2, "le maillon 1 manque")]),
        ((0, 2), [(3, "le maillon 2 manque")]),
        ((0, 1, 1, 2), [(2, "le maillon 3 manque")]),
        ((1, 0, 2), [(2, "le maillon 1 manque"), (1, "le maillon 3 manque"), (3, "le maillon 2 manque")]),
    ],
)
def test_links_that_are_gone_doubled_or_moved_are_found(order: tuple[int, ...], reasons: list[tuple[int, str]]) -> None:
    assert broken_links([THREE[at] for at in order]) == [BrokenLink("coop 0910000A", sequence, reason) for sequence, reason in reasons]


def test_a_stored_hash_that_was_changed_is_found() -> None:
    tampered = [(THREE[0][0], "f" * 64), *THREE[1:]]
    assert broken_links(tampered) == [
        BrokenLink("coop 0910000A", 1, "il a été modifié"),
        BrokenLink("coop 0910000A", 2, "il ne suit pas le maillon précédent"),
    ]


def test_an_empty_chain_holds() -> None:
    assert broken_links([]) == []


def test_a_link_is_the_same_in_every_time_zone() -> None:
    link = THREE[0][0]
    assert replace(link, at=link.at.astimezone(timezone(timedelta(hours=2)))).hash() == link.hash()


def test_the_hash_of_a_link_never_changes() -> None:
    """Chains on disk must still hold after any release: what is hashed is a contract."""
    link = Link("coop 0910000A", 1, datetime(2025, 9, 1, 8, 5, tzinfo=UTC), "Zoé", "mandataire", "record", "D1", "", "a1", GENESIS)
    covered = (
        '["coop 0910000A", 1, "2025-09-01T08:05:00.000000+00:00", "Zoé", "mandataire", "record", "D1", "", "a1", '
        '"0000000000000000000000000000000000000000000000000000000000000000", ""]'
    )
    assert link.hash() == hashlib.sha256(covered.encode()).hexdigest()


@given(snapshots, snapshots)
def test_two_states_have_one_digest_when_they_are_one(state: dict[str, object] | None, other: dict[str, object] | None) -> None:
    assert (digest(state) == digest(other)) == (state == other)


def test_the_order_of_keys_does_not_matter() -> None:
    assert digest({"piece": "D1", "bank": -100}) == digest({"bank": -100, "piece": "D1"})


def test_no_state_has_no_digest() -> None:
    assert (digest(None), digest({})) == (ABSENT, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
