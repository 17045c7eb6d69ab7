"""What the board of an AD shows: the coops asked for, the counts over them, the tabs and filters that lead to others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple

from django.http import Http404
from django.urls import reverse

from retkoop.domain.board import (
    MISSING_LABELS,
    READINESS_LABELS,
    BoardRule,
    Missing,
    Readiness,
    year_shown,
)
from retkoop.domain.membership import MEMBERSHIP_LABELS
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.memberships.follow_up.selection import STATES
from retkoop.network.access import AssociationAccess
from retkoop.network.models import AD_KINDS
from retkoop.oversight.board.models import SavedView
from retkoop.oversight.board.queries import rows_of, rule_of, views_of
from retkoop.oversight.board.selection import (
    MINE,
    NOBODY,
    NOWHERE,
    SILENT_DAYS,
    Row,
    Selection,
    counts_of,
)
from retkoop.year_end.closing.services import REVIEWERS

ACTIONS: Final = {
    "relance": ("Relancer", "send", AD_KINDS),
    "valider": ("Valider", "check", REVIEWERS),
    "saisie": ("Fermer ou rouvrir la saisie", "lock", REVIEWERS),
    "confier": ("Confier à", "user-check", AD_KINDS),
}
"""What can be done with many coops at once: the words of its button, its icon, and who may."""
READY_MADE: Final = (
    ("Toutes", ""),
    ("En retard", "retard=oui"),
    ("Prêts à valider", "etat=pret"),
    ("Sans mandat", "mandat=non"),
    ("Jamais activées", "compte=non"),
    (f"Sans nouvelle depuis {SILENT_DAYS} jours", f"etat=pas-pret&silence={SILENT_DAYS}"),
)
"""Views that everybody has: the name of each, and the words of its address."""
REMINDERS: Final = {"retard": "crf", "silence": "silence", "mandat": "mandat", "compte": "activation"}
"""What a relance is about, by the word of the address that says what the coops on show have in common."""
CHOSEN_WORDS: Final = {
    "silence": "Sans nouvelle depuis {} jours",
    "retard": "En retard",
    "aide": "Aide demandée",
    "mandat": "Sans mandat",
    "compte": "Compte jamais activé",
}


AT_ONCE: Final = 100
"""Rows that a page shows at once: the others follow whoever comes down to them."""


class Tab(NamedTuple):
    """A view of the board as it is offered: where it leads, and whether it is the one on show; `view` where it is somebody's own."""

    name: str
    href: str
    current: bool
    view: SavedView | None = None


class Chip(NamedTuple):
    """A filter that is on: its words, and the address without it."""

    words: str
    href: str


class Head(NamedTuple):
    """The head of a column: where a press on it leads, and how it is sorted now (`ascending`, `descending`, or not)."""

    column: str
    title: str
    href: str
    sort: str | None


class Place(NamedTuple):
    """A circonscription: its counts, and the board of its coops."""

    name: str
    counts: Mapping[str, int]
    href: Callable[..., str]
    """Leads to the board of its coops, with more words of the address where some are given."""


def year_asked(text: str | None, today: date) -> SchoolYear:
    """Return the year that an address names; where it names none, the one that an AD looks at now. Raises Http404."""
    if not text:
        return year_shown(today)
    try:
        return SchoolYear.parse(text)
    except InvalidSchoolYear:
        raise Http404 from None


@dataclass
class BoardPage:
    """The board of an AD in a year, as somebody asks for it."""

    access: AssociationAccess
    year: SchoolYear
    today: date
    selection: Selection
    whole: bool = False
    """Show all rows, however many."""

    @cached_property
    def rule(self) -> BoardRule:
        return rule_of(self.access.association, self.year)

    @cached_property
    def rows(self) -> list[Row]:
        """All the coops of the AD."""
        return rows_of(self.access.association, self.year, self.rule)

    @cached_property
    def shown(self) -> list[Row]:
        """Those asked for, in the order asked for."""
        return self.selection.chosen(self.rows, self.today, self.access.user.pk)

    @property
    def first(self) -> list[Row]:
        """Those of them that the page shows at once."""
        return self.shown if self.whole else self.shown[:AT_ONCE]

    @property
    def rest(self) -> list[Row]:
        return self.shown[len(self.first) :]

    @cached_property
    def counts(self) -> dict[str, int]:
        """The counts over what is asked for, whatever its state: what the bar leads to."""
        return counts_of(self.selection.kept(self.rows, self.today, self.access.user.pk, aside="etat"))

    @cached_property
    def views(self) -> list[SavedView]:
        return views_of(self.access)

    @property
    def is_usual_year(self) -> bool:
        return self.year == year_shown(self.today)

    @property
    def is_filtered(self) -> bool:
        return bool(self.selection.asked)

    def to(self, query: str, page: str = "association") -> str:
        """Return the address of the board for a query in this year."""
        return self._address(page, query, self.year, usual=self.is_usual_year)

    def _address(self, page: str, query: str, year: SchoolYear, *, usual: bool) -> str:
        asked = "&".join(filter(None, ("" if usual else f"annee={year}", query)))
        return f"{self._paths[page]}?{asked}" if asked else self._paths[page]

    @cached_property
    def _paths(self) -> dict[str, str]:
        address = {"department": self.access.association.department}
        return {page: reverse(page, kwargs=address) for page in ("association", "circonscriptions", "board_sheet")}

    def href(self, **changes: str) -> str:
        """Return the address of what is shown, with other words in place of some."""
        return self.to(self.selection.query(**changes))

    def with_word(self, word: str) -> str:
        """Return the address of what is shown with one word more, which the board does not keep."""
        return f"{self.href()}{'&' if '?' in self.href() else '?'}{word}"

    def of_year(self, year: SchoolYear) -> str:
        return self._address("association", self.selection.query(), year, usual=year == year_shown(self.today))

    @cached_property
    def tabs(self) -> list[Tab]:
        """The views that everybody has, then one's own."""
        here = self.selection.query(tri="")
        own = [Tab(view.name, self.to(view.query), view.query == self.selection.query(), view) for view in self.views]
        return [*(Tab(name, self.to(query), query == here) for name, query in READY_MADE), *own]

    @cached_property
    def own_view(self) -> SavedView | None:
        """The view of one's own that is on show."""
        return next((tab.view for tab in self.tabs if tab.current and tab.view), None)

    @property
    def may_be_kept(self) -> bool:
        """What is shown has no name yet."""
        return bool(self.selection.query()) and not any(tab.current for tab in self.tabs)

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters that are on, besides the state, which the bar shows."""
        return [Chip(self._said(name, value), self.href(**{name: ""})) for name, value in self.selection.asked.items() if name != "etat"]

    def _said(self, name: str, value: str) -> str:
        match name:
            case "q":
                return f"«\u00a0{value}\u00a0»"
            case "manque":
                return f"Manque\u202f: {MISSING_LABELS[Missing(value)].lower() if value != Missing.CRA else 'CRA'}"
            case "circo":
                return "Sans circonscription" if value == NOWHERE else value
            case "suivi":
                return {MINE: "Suivies par moi", NOBODY: "Suivies par personne"}.get(value) or f"Suivies par {self._follower(value)}"
            case "adhesion":
                return f"Adhésion\u202f: {MEMBERSHIP_LABELS[STATES[value]].lower()}"
            case _:
                return CHOSEN_WORDS[name].format(value)

    def _follower(self, key: str) -> str:
        return dict(self.followers).get(key, "une personne qui n’en suit plus")

    @cached_property
    def followers(self) -> list[tuple[str, str]]:
        """Who follows a coop, by name: the key, as the address says it, and the name."""
        found = {str(row.facts.follower): row.facts.followed_by for row in self.rows if row.facts.follower}
        return sorted(found.items(), key=lambda pair: pair[1])

    @cached_property
    def _places(self) -> set[str]:
        return {row.facts.circonscription for row in self.rows}

    @property
    def circonscriptions(self) -> list[str]:
        return sorted(self._places - {""})

    @property
    def misses_told(self) -> list[tuple[str, str]]:
        """What coops miss, with how many of the AD's do."""
        found = Counter(chain.from_iterable(row.missing for row in self.rows))
        return [
            (thing.value, f"{MISSING_LABELS[thing]} ({found[thing]})")
            for thing in Missing
            if found[thing] or thing == self.selection.manque
        ]

    @property
    def circonscriptions_told(self) -> list[tuple[str, str]]:
        """The circonscriptions to choose from, and those of none where some coops have none."""
        homeless = [(NOWHERE, "Aucune")] if "" in self._places else []
        return [*((name, name) for name in self.circonscriptions), *homeless]

    @property
    def adhesions_told(self) -> list[tuple[str, str]]:
        """Where adhésions stand, with how many of the AD's coops do."""
        found = Counter(row.facts.adhesion for row in self.rows)
        told = [(word, MEMBERSHIP_LABELS[one], found[one]) for word, one in STATES.items()]
        return [(word, f"{label} ({count})") for word, label, count in told if count or word == self.selection.adhesion]

    @property
    def followers_told(self) -> list[tuple[str, str]]:
        return [(MINE, "Moi"), (NOBODY, "Personne"), *self.followers]

    @property
    def drawing(self) -> list[tuple[str, float, float]]:
        """The states as parts of one line: where each begins and how long it is, in hundredths."""
        total, x, parts = self.counts["tous"] or 1, 0.0, []
        for one in Readiness:
            width = 100 * self.counts[one] / total
            parts.append((one.value, round(x, 2), round(width, 2)))
            x += width
        return parts

    def head(self, title: str, column: str, *, down: bool = False) -> Head:
        """Return the head of a column; `down`: the first press sorts the largest first."""
        now = self.selection.tri
        first, second = (f"-{column}", column) if down else (column, f"-{column}")
        sort = None if now.removeprefix("-") != column else "descending" if now.startswith("-") else "ascending"
        return Head(column, title, self.href(tri=second if now == first else first), sort)

    @property
    def bar(self) -> list[tuple[Readiness, str, int, str]]:
        """The states, each with its name, how many coops are in it, and where a press leads: a second one shows all again."""
        asked = self.selection.etat
        return [(one, words, self.counts[one], self.href(etat="" if asked == one else one)) for one, words in READINESS_LABELS.items()]

    @cached_property
    def places(self) -> list[Place]:
        """The circonscriptions, those first where help is needed most: late, then waiting for help, then not ready."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.facts.circonscription, []).append(row)
        places = [self._place(name, rows) for name, rows in found.items()]
        return sorted(places, key=lambda one: (-one.counts["retard"], -one.counts["aide"], -one.counts[Readiness.NOT_READY], one.name))

    def _place(self, name: str, rows: Sequence[Row]) -> Place:
        here = Selection(circo=name or NOWHERE)
        return Place(name, counts_of(rows), lambda **words: self.to(here.query(**words)))

    @cached_property
    def actions(self) -> list[tuple[str, str, str]]:
        """What can be done with the coops that are ticked: where they go, the words and the icon of the button."""
        department, role = self.access.association.department, self.access.role
        allowed = [(name, words, icon) for name, (words, icon, roles) in ACTIONS.items() if role in roles]
        address = {"department": department}
        return [(reverse("bulk_preview", kwargs={**address, "action": name}), words, icon) for name, words, icon in allowed]

    @property
    def reminder(self) -> str:
        """The kind of relance that the coops on show ask for, as far as the address says it."""
        if self.selection.manque == Missing.VOUCHERS:
            return "justificatifs"
        return next((kind for word, kind in REMINDERS.items() if getattr(self.selection, word)), "")

    @cached_property
    def addresses(self) -> dict[str, tuple[str, str]]:
        """The addresses of the pages of a coop, cut where its RNE goes: 650 rows ask for three each."""
        address = {"department": self.access.association.department, "rne": "RNE"}
        named = {
            "home": reverse("home", kwargs={"rne": "RNE", "year": self.year}),
            "any_year": reverse("change_year", kwargs={"rne": "RNE"}),
            "file": reverse("coop_file", kwargs=address),
            "review": reverse("review", kwargs={**address, "year": self.year}),
        }
        return {name: (before, after) for name, (before, _, after) in ((name, path.partition("RNE")) for name, path in named.items())}
