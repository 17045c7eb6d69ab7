"""The options that the commands of this room share: whose book, of which year, said how and on which day."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date

from retkoop.ui.days import InvalidDay, parse_day


def add_book_options(parser: ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--coop", required=required, metavar="RNE")
    parser.add_argument("--year", required=required, metavar="ANNÉE", help="par exemple 2025-2026")
    parser.add_argument("--json", action="store_true", help="écrit du JSON")
    parser.add_argument("--date", type=_day, metavar="JOUR", help="dit les constats de ce jour-là (aujourd’hui si rien n’est indiqué)")


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except InvalidDay as problem:
        raise ArgumentTypeError(str(problem)) from None
