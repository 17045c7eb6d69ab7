"""What is measured, and what each may cost (docs/mesures.md)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final

from benchmarks.installation import YEAR
from benchmarks.visitor import Answer, Form, Visitor

WARM_UP: Final = 12
"""Each thread of the server opens its connection and fills its caches before anything counts."""


@dataclass(frozen=True)
class Measure:
    """Something that people ask for, and its budgets: milliseconds of the server, kilobytes over the wire."""

    name: str
    ask: Callable[[Visitor, str], Answer]
    status: int = 200
    milliseconds: float | None = None
    kilobytes: float | None = None


@dataclass(frozen=True)
class Result:
    """The medians of one measure."""

    measure: Measure
    server: float
    slow: float
    elapsed: float
    wire: int
    page: int
    queries: int

    @property
    def is_within_budget(self) -> bool:
        within_time = self.measure.milliseconds is None or self.server <= self.measure.milliseconds
        return within_time and (self.measure.kilobytes is None or self.wire <= self.measure.kilobytes * 1000)


def _page(path: str) -> Callable[[Visitor, str], Answer]:
    return lambda visitor, rne: visitor.get(f"/coop/{rne}/{YEAR}/{path}")


def _typed(number: int) -> dict[str, str]:
    """Return what a teacher types for one line of the cahier."""
    euros = f"{7 + number % 90},{number % 100:02d}"
    return {
        "submission": str(uuid.uuid4()),
        "date": f"{1 + number % 28:02d}/03/2026",
        "piece": f"M{number}",
        "label": f"Sortie au musée n° {number}",
        "tiers": f"Musée {number % 7}",
        "means": "bank",
        "cheque": "",
        "amount": euros,
        "parts-0-account": "61800008",
        "parts-0-amount": euros,
    }


class Entry:
    """A teacher who notes one line after another: the form is read once, then sent again and again, by htmx or without it."""

    def __init__(self, path: str = "", *, htmx: bool = True) -> None:
        self._path = path
        self._htmx = htmx
        self._forms: dict[str, dict[str, str]] = {}
        self._number = 0

    def __call__(self, visitor: Visitor, rne: str) -> Answer:
        page = f"/coop/{rne}/{YEAR}/cahier/"
        if rne not in self._forms:
            self._forms[rne] = Form(visitor.get(page).text, "submission").values
        self._number += 1
        fields = self._forms[rne] | _typed(self._number)
        headers = {"HX-Request": "true", "HX-Target": "saisie", "HX-Current-URL": page} if self._htmx else {}
        return visitor.post(page + self._path, fields, **headers)


MEASURES: Final = (
    Measure("page de saisie (cahier)", _page("cahier/"), milliseconds=8, kilobytes=30),
    Measure("contrôle pendant la saisie", Entry("verifier/"), milliseconds=8),
    Measure("enregistrement", Entry(htmx=False), status=302, milliseconds=8),
    Measure("enregistrement, page mise à jour", Entry()),
    Measure("accueil de la coopérative", _page("")),
    Measure("rapprochement", _page("rapprochement/")),
    Measure("bilan", _page("bilan/"), milliseconds=7),
    Measure("balance des comptes", _page("balance/"), milliseconds=7),
    Measure("journal", _page("journal/"), milliseconds=20, kilobytes=100),
    Measure("préparation de la fin d’année", _page("cloture/"), milliseconds=10),
    Measure("CRF en PDF", _page("crf/pdf/"), milliseconds=60),
)


def run(measure: Measure, visitor: Visitor, rne: str, runs: int) -> Result:
    """Ask so many times, and return the medians. Raises RuntimeError for an answer that is not the expected one."""
    answers = [measure.ask(visitor, rne) for _ in range(WARM_UP + runs)][WARM_UP:]
    wrong = {answer.status for answer in answers} - {measure.status}
    if wrong:
        raise RuntimeError(f"{measure.name} answered {sorted(wrong)}")
    times = [answer.server for answer in answers]
    return Result(
        measure=measure,
        server=median(times),
        slow=quantiles(times, n=20)[-1],
        elapsed=median(answer.elapsed for answer in answers),
        wire=len(answers[-1].wire),
        page=len(answers[-1].text.encode()),
        queries=max(answer.queries for answer in answers),
    )


@dataclass(frozen=True)
class FirstVisit:
    """What a browser that knows nothing yet has to fetch: requests, and bytes over the wire."""

    requests: int
    wire: int


def first_visit(visitor: Visitor) -> FirstVisit:
    """Open the log-in page, and all that it needs to be drawn."""
    page = visitor.get("/connexion/")
    linked = _linked(page.text, r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/[^"]+)"')
    answers = [visitor.get(path) for path in linked]
    fonts = _linked("".join(answer.text for answer in answers), r"url\([\"']?(/[^)\"']+\.woff2[^)\"']*)")
    answers += [visitor.get(path) for path in fonts if path not in linked]
    return FirstVisit(1 + len(answers), len(page.wire) + sum(len(answer.wire) for answer in answers))


def _linked(text: str, pattern: str) -> Iterable[str]:
    return dict.fromkeys(re.findall(pattern, text))
