from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from retkoop.domain.school_year import SchoolYear
from retkoop.ui.charts import HEIGHT, Bar, Series, Tick, bar_chart, line_chart

YEAR = SchoolYear(2025)
BANK = Series("Banque", ((date(2025, 9, 1), 1_000_00), (date(2026, 3, 2), 2_000_00)))
CASH = Series("Caisse", ((date(2025, 10, 1), 50_00),))


def test_a_series_holds_its_value_until_the_next_change() -> None:
    assert [BANK.at(day) for day in (date(2025, 8, 31), date(2025, 9, 1), date(2026, 3, 1), date(2026, 8, 31))] == [
        0,
        1_000_00,
        1_000_00,
        2_000_00,
    ]


def test_a_line_chart_is_stairs_on_round_ticks() -> None:
    chart = line_chart("Banque et caisse", YEAR, [BANK, CASH], until=date(2026, 3, 2))
    assert chart.ticks == (
        Tick(0, "2\u202f000 €"),
        Tick(75, "1\u202f500 €"),
        Tick(150, "1\u202f000 €"),
        Tick(225, "500 €"),
        Tick(300, "0 €"),
    )
    assert [(line.name, line.key, line.path) for line in chart.lines] == [
        ("Banque", "a", "M0 300H0V150H500V0H500"),
        ("Caisse", "b", "M0 300H82V292H500"),
    ]
    assert chart.lines[0].area == "M0 300H0V150H500V0H500V300Z"


def test_a_chart_is_told_in_words_and_figures() -> None:
    chart = line_chart("Banque et caisse", YEAR, [BANK, CASH], until=date(2025, 10, 31))
    assert chart.description == "Le 31\u00a0octobre 2025, Banque\u00a0: 1\u202f000,00\u202f€, Caisse\u00a0: 50,00\u202f€."
    assert chart.rows == (("30\u00a0septembre 2025", (1_000_00, 0)), ("31\u00a0octobre 2025", (1_000_00, 50_00)))


def test_a_whole_year_has_twelve_ends_of_month() -> None:
    rows = line_chart("Banque", YEAR, [BANK]).rows
    assert [len(rows), rows[0][0], rows[5][0], rows[-1][0]] == [12, "30\u00a0septembre 2025", "28\u00a0février 2026", "31\u00a0août 2026"]


def test_a_year_without_operations_is_drawn_flat() -> None:
    chart = line_chart("Banque", YEAR, [Series("Banque", ())])
    assert (chart.ticks, chart.lines[0].path) == ((Tick(0, "10 €"), Tick(300, "0 €")), "M0 300H1000")


def test_a_debt_goes_below_zero() -> None:
    chart = line_chart("Banque", YEAR, [Series("Banque", ((date(2025, 9, 1), -30_00), (date(2025, 9, 2), 30_00)))])
    assert [tick.label for tick in chart.ticks] == ["40 €", "20 €", "0 €", "-20 €", "-40 €"]


@given(st.lists(st.tuples(st.dates(YEAR.first_day, YEAR.last_day), st.integers(-10_000_000_00, 10_000_000_00)), max_size=30))
def test_everything_stays_in_the_drawing(points: list[tuple[date, int]]) -> None:
    chart = line_chart("Banque", YEAR, [Series("Banque", tuple(sorted(points)))])
    heights = [int(part.split("V")[1].split("H")[0]) for part in chart.lines[0].path.split("M0 ")[1].split("H")[1:] if "V" in part]
    assert all(0 <= height <= HEIGHT for height in heights)
    assert 2 <= len(chart.ticks) <= 8


def test_bars_are_measured_against_the_longest() -> None:
    chart = bar_chart("Dépenses", [("Sorties", 200_00), ("Photos", 50_00), ("Remboursement", -10_00)], key="b")
    assert (chart.bars, chart.key) == ((Bar("Sorties", 200_00, 100.0), Bar("Photos", 50_00, 25.0), Bar("Remboursement", -10_00, 0.0)), "b")


def test_bars_of_nothing_have_no_length() -> None:
    assert bar_chart("Dépenses", [("Sorties", 0)]).bars == (Bar("Sorties", 0, 0.0),)
