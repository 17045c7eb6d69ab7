from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.direct_debit import (
    LONGEST_AHEAD,
    DebitDelays,
    edition_message,
    edition_of,
    lapses_on,
    mandate_reference,
    sepa_text,
    sequence_type,
)
from retkoop.domain.target import is_target_day

DELAYS = DebitDelays(notice=14, lead=5)
TODAY = date(2026, 11, 30)
DAYS = st.dates(date(2020, 1, 1), date(2045, 1, 1))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Coopérative de l’école Élie & Cœur", "Cooperative de l'ecole Elie + Coeur"),
        ("École «\u00a0Les Tilleuls\u00a0» n°\u202f3", "Ecole Les Tilleuls n 3"),
        ("//Straße — Ærø//x", "Strasse - AEro/x"),
        ("<script>", "script"),
        ("日本", "-"),
        ("", "-"),
        ("  / ", "-"),
    ],
)
def test_a_text_is_written_as_banks_take_it(text: str, written: str) -> None:
    assert sepa_text(text, 70) == written


def test_a_long_text_is_cut_without_a_blank_at_its_end() -> None:
    assert sepa_text("abc def", 4) == "abc"


@given(st.text(), st.integers(1, 140))
def test_whatever_is_written_is_taken(text: str, most: int) -> None:
    written = sepa_text(text, most)
    assert re.fullmatch(r"[a-zA-Z0-9/\-?:().,'+ ]+", written)
    assert 1 <= len(written) <= most
    assert written == written.strip()
    assert "//" not in written
    assert not written.startswith("/")


def test_a_mandate_is_named_after_the_coop() -> None:
    assert mandate_reference("0910000A", 2) == "OCCE-0910000A-002"


@pytest.mark.parametrize(
    ("used", "void"),
    [(date(2026, 11, 30), date(2029, 11, 30)), (date(2024, 2, 29), date(2027, 2, 28)), (date(2025, 2, 28), date(2028, 2, 28))],
)
def test_a_mandate_lapses_after_three_years(used: date, void: date) -> None:
    assert lapses_on(used) == void


def test_the_first_day_respects_both_delays() -> None:
    assert DELAYS.first_day(TODAY) == date(2026, 12, 14)
    assert DebitDelays(1, 5).first_day(TODAY) == date(2026, 12, 7)
    assert DebitDelays(1, 2).first_day(date(2026, 12, 24)) == date(2026, 12, 29)  # Christmas is no TARGET day
    assert DELAYS.last_handing(date(2026, 12, 14)) == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 12, 14), ""),
        (date(2026, 11, 29), "Ce jour est passé\u202f: la première date possible est le 14 décembre 2026."),
        (
            date(2026, 12, 11),
            (
                "C’est trop tôt\u202f: les coopératives sont prévenues 14 jours avant, et la banque reçoit le fichier 5 jours ouvrés "
                "avant. La première date possible est le 14 décembre 2026."
            ),
        ),
        (date(2027, 3, 1), "C’est trop loin\u202f: choisissez au plus tard le 26 février 2027."),
        (
            date(2026, 12, 25),
            (
                "Les banques européennes n’échangent pas d’euros le 25 décembre 2026 (fin de semaine ou jour férié TARGET)\u202f: "
                "le jour suivant est le 28 décembre 2026."
            ),
        ),
        (
            date(2026, 12, 19),
            (
                "Les banques européennes n’échangent pas d’euros le 19 décembre 2026 (fin de semaine ou jour férié TARGET)\u202f: "
                "le jour suivant est le 21 décembre 2026."
            ),
        ),
    ],
)
def test_a_day_is_refused_with_the_next_right_one(day: date, said: str) -> None:
    assert DELAYS.refusal(day, TODAY) == said


@pytest.mark.parametrize(
    ("day", "nearest"),
    [
        (date(2026, 11, 1), date(2026, 12, 14)),
        (date(2026, 12, 14), date(2026, 12, 14)),
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2027, 2, 27), date(2027, 2, 26)),
        (date(2028, 1, 1), date(2027, 2, 26)),
    ],
)
def test_the_nearest_day_is_offered(day: date, nearest: date) -> None:
    assert DELAYS.nearest(day, TODAY) == nearest


@given(DAYS, DAYS, st.integers(1, 30), st.integers(1, 14))
def test_what_is_offered_is_never_refused(today: date, day: date, notice: int, lead: int) -> None:
    delays = DebitDelays(notice, lead)
    assert delays.refusal(delays.nearest(day, today), today) == ""
    assert (delays.nearest(day, today) == day) is (delays.refusal(day, today) == "")


@given(DAYS, st.integers(1, 30), st.integers(1, 14))
def test_the_first_day_is_right_and_none_before_it_is(today: date, notice: int, lead: int) -> None:
    delays = DebitDelays(notice, lead)
    first = delays.first_day(today)
    assert delays.refusal(first, today) == ""
    assert is_target_day(first)
    assert delays.last_handing(first) >= today
    assert all(delays.refusal(first - timedelta(days=back), today) for back in range(1, 40))
    assert delays.refusal(today + timedelta(days=LONGEST_AHEAD + 1), today)


@pytest.mark.parametrize(
    ("identifier", "told"),
    [
        ("OCCE91-20261130-0001", ("OCCE91-20261130-0001", 1)),
        ("OCCE91-20261130-0001-V2", ("OCCE91-20261130-0001", 2)),
        ("OCCE91-20261130-0001-V0", ("OCCE91-20261130-0001-V0", 1)),
        ("OCCE91-20261130-0001-V²", ("OCCE91-20261130-0001-V²", 1)),
        ("X-V1234567", ("X-V1234567", 1)),
        ("", ("", 1)),
    ],
)
def test_a_file_tells_which_edition_it_is(identifier: str, told: tuple[str, int]) -> None:
    assert edition_of(identifier) == told


@given(st.integers(1, 32_767))
def test_each_edition_has_an_identifier_that_banks_take(edition: int) -> None:
    written = edition_message("OCCE971-20261130-12345", edition)
    assert edition_of(written) == ("OCCE971-20261130-12345", edition)
    assert len(f"{written}-FRST") <= 35
    assert re.fullmatch(r"[A-Z0-9-]+", written)


def test_a_mandate_is_first_used_or_used_again() -> None:
    assert [sequence_type(first=True), sequence_type(first=False)] == ["FRST", "RCUR"]
