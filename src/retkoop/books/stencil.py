"""The blank form of a new line, drawn once and filled in ever after.

It is the same for every coop but for a handful of values, and drawing it takes longer than all the rest of a save. So it
is drawn once an intention and means, with marks where the values go: docs/decisions/0007.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from markupsafe import Markup, escape

from retkoop.books.desk import Drawn, addresses
from retkoop.books.forms import OperationForm
from retkoop.books.intentions import PAID, Intention
from retkoop.books.page import CoopPage
from retkoop.books.queries import chart_of
from retkoop.books.suggestions import Suggestions, first_day_shown
from retkoop.domain.chart import Chart
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.days import format_full
from retkoop.ui.typed import hidden_inputs

TYPED: Final = ("date", "near", "piece", "cheque", "submission")
ADDRESSES: Final = ("action", "check", "redraw")
_MARK: Final = re.compile("\ue000(\\w+)\ue001")


@dataclass(frozen=True)
class Blank:
    """The form of a new line; `day` is the date of the line before, where one was just noted."""

    page: CoopPage
    suggestions: Suggestions
    intention: Intention
    day: date | None = None

    def draw(self, request: HttpRequest, action: str, *, focus: bool = False) -> Markup:
        """Return the form in HTML. `action` is where it is sent."""
        page, suggestions = self.page, self.suggestions
        last = self.day if self.day and self.day in page.year else None
        shown = suggestions.initial(self.intention, last or first_day_shown(page.year, page.today, page.book.last_operation))
        values = {
            **{name: escape(shown.get(name)) for name in ("piece", "cheque")},
            **dict.fromkeys(("date", "near"), format_full(shown["date"])),
            "submission": str(uuid.uuid4()),
            "action": escape(action),
            **addresses(page),
            "inputs": escape(hidden_inputs(request)),
            "known": suggestions.datalists,
        }
        stencil = _stencil(self.intention, shown["means"], chart_of(page.book), focus=focus)
        return Markup(_MARK.sub(lambda mark: values[mark[1]], stencil))  # noqa: S704 -- the stencil is a template's, its values are escaped


@lru_cache(maxsize=256)
def _stencil(intention: Intention, means: str | None, chart: Chart, *, focus: bool) -> str:
    marks = {name: _mark(name) for name in TYPED if name != "cheque" or intention.means is PAID}
    initial = {**marks, "label": intention.usual_label, "means": means}
    form = OperationForm(intention, year=SchoolYear(2000), chart=chart, initial=initial)
    context = {
        "desk": Drawn(form),
        **{name: _mark(name) for name in ADDRESSES},
        "known": Markup(_mark("known")),  # noqa: S704 -- a mark
        "csrf_input": Markup(_mark("inputs")),  # noqa: S704 -- idem
        "focus": focus,
        "alone": False,
    }
    return render_to_string("books/_entry.html", context)


def _mark(name: str) -> str:
    return f"\ue000{name}\ue001"
