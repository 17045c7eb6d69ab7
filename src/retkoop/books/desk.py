"""The desk: the form of an operation with all that its template needs beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from markupsafe import Markup

from retkoop.books.forms import OperationForm, form_redrawn, form_showing
from retkoop.books.intentions import BY_KEY, DEPENSE, PAID, TABS, Intention, Tab
from retkoop.books.models import Operation
from retkoop.books.page import CoopPage
from retkoop.books.queries import chart_of
from retkoop.books.split import Remainder, remainder_of
from retkoop.books.suggestions import Suggestions
from retkoop.books.values import operation_value
from retkoop.domain import entry
from retkoop.domain.entry import Kind
from retkoop.ui.typed import forget_typed, typed_values

TIERS_LABELS: Final = {
    "depense": "Payé à",
    "recette": "Reçu de",
    "avance": "Confiée à",
    "reliquat": "Rendu par",
    "justificatifs": "Dépensé chez",
}

TYPED: Final = ("date", "piece", "label", "moves", "parts", "tiers", "cheque", "project", "classe")
"""What a form says of an operation; the rest is known of it from elsewhere."""


@dataclass
class Drawn:
    """A form as its template draws it; `edited` is the operation that it would change, None for a new one.

    `shown` is the operation that it says, where it says one as a whole; `unsaved` tells that nobody has saved that yet.
    """

    form: OperationForm
    edited: Operation | None = None
    shown: entry.Operation | None = None
    unsaved: bool = False

    @property
    def intention(self) -> Intention:
        return self.form.intention

    @property
    def tabs(self) -> tuple[Tab, ...]:
        return TABS

    @property
    def tab(self) -> Tab | None:
        """The tab that is open; none over an operation that no intention says."""
        return next((tab for tab in TABS if self.intention in tab.intentions), None)

    @property
    def tiers_label(self) -> str:
        return TIERS_LABELS.get(self.intention.key, "Tiers")

    @property
    def asks_tiers(self) -> bool:
        """Tell whether the tiers stands among the main fields: money that only passes from bank to cash has none."""
        return self.intention.kind is not Kind.TRANSFER

    @property
    def asks_cheque(self) -> bool:
        """Tell whether the cheque stands among the main fields; elsewhere its number is a detail."""
        return self.intention.means is PAID

    @property
    def details_ask_cheque(self) -> bool:
        return not self.asks_cheque and "cheque" in self.form.fields

    @property
    def details(self) -> str:
        """What the part of the form that is folded holds."""
        names = ["projet", "classe", *([] if self.asks_tiers else ["tiers"]), *(["n° de chèque"] if self.details_ask_cheque else [])]
        return f"{', '.join(names[:-1]).capitalize()} et {names[-1]}"

    @property
    def details_open(self) -> bool:
        """Tell whether something stands there."""
        names = ("project", "classe", *(() if self.asks_tiers else ("tiers",)), *(("cheque",) if self.details_ask_cheque else ()))
        return any(self.form[name].value() or self.form[name].errors for name in names)

    @property
    def remainder(self) -> Remainder | None:
        """How far the split explains the amount; None while there is none to explain."""
        if self.form.split is None:
            return None
        draft = self.form.draft() if self.form.is_bound else self.shown
        return remainder_of(draft) if draft else None


@dataclass
class Desk(Drawn):
    """A form with what was typed in it, on its page."""

    page: CoopPage = field(kw_only=True)

    def says_again(self, row: Operation) -> bool:
        """Tell whether what is typed is what an operation says already."""
        saved = operation_value(row)
        return typed_over(saved, self.form.operation) == saved

    def draw(self, request: HttpRequest, action: str, *, focus: bool = False, back: str = "", alone: bool = False) -> Markup:
        """Return the form in HTML. `action` is where it is sent, `back` where « Ne rien changer » leads.

        `alone`: it stands on a page without the list that its answer would change, and is sent as a plain form.
        """
        page = self.page
        context = {
            "desk": self,
            "action": action,
            "back": back,
            **addresses(page, self.edited),
            "known": Suggestions(page.book).datalists,
            "focus": focus,
            "alone": alone or self.edited is not None,
        }
        return Markup(render_to_string("books/_entry.html", context, request))  # noqa: S704 -- the template escaped its values


def typed_over(saved: entry.Operation, typed: entry.Operation) -> entry.Operation:
    """Return an operation as a form would leave it: what the form does not say stays."""
    return replace(saved, **{name: getattr(typed, name) for name in TYPED})


def intention_named(key: str | None) -> Intention:
    return BY_KEY.get(key or "", DEPENSE)


def sent_desk(page: CoopPage, data: Mapping[str, str], edited: Operation | None = None) -> Desk:
    """Return the desk as it was sent."""
    form = OperationForm(intention_named(data.get("nature")), year=page.year, chart=chart_of(page.book), data=data)
    return Desk(form, edited, page=page)


def redrawn_desk(page: CoopPage, data: Mapping[str, str], intention: Intention, edited: Operation | None = None) -> Desk:
    """Return the desk with what is typed so far, and nothing said of it: for another intention, or with other rows of the split."""
    suggestions, before = Suggestions(page.book), intention_named(data.get("nature"))
    values: dict[str, Any] = dict(data.items())
    if intention is not before:
        proposed = _proposed_anew(values, suggestions.initial(before, page.today), suggestions.initial(intention, page.today))
        values |= {**proposed, "means": values.get("means")} if edited else proposed  # how an operation was paid is no proposal
    if values.get("means") not in dict(intention.means):
        values["means"] = suggestions.initial(intention, page.today)["means"]
    return Desk(form_redrawn(intention, values, year=page.year, chart=chart_of(page.book)), edited, page=page)


def _proposed_anew(typed: Mapping[str, str], old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    """Return the proposals of another intention for the fields that still hold those of the one before."""
    return {name: new[name] for name in ("piece", "label", "cheque", "means") if typed.get(name, "") in ("", old[name])}


def edit_desk(page: CoopPage, row: Operation, typed: entry.Operation | None = None) -> Desk:
    """Return the desk that shows an operation, or what someone typed over it, ready to change it."""
    shown = typed or operation_value(row)
    form = form_showing(shown, year=page.year, chart=chart_of(page.book), initial={"version": row.version})
    return Desk(form, row, shown, unsaved=typed is not None, page=page)


def addresses(page: CoopPage, edited: Operation | None = None) -> dict[str, str]:
    """Return where a form asks while it is being typed: what the rules say of it, and how another intention draws it."""
    if edited:
        return {"check": page.url("check_edited", key=edited.pk), "redraw": page.url("redraw_edited", key=edited.pk)}
    return {"check": page.url("check_operation"), "redraw": page.url("redraw")}


def waiting_desk(request: HttpRequest, page: CoopPage, edited: Operation | None = None) -> Desk | None:
    """Return the desk with what was typed before the session ended, if something waits; wherever its form was sent."""
    for path in _sent_to(page, edited):
        if typed := typed_values(request, path):
            return redrawn_desk(page, typed, intention_named(typed.get("nature")), edited)
    return None


def forget_waiting(request: HttpRequest, page: CoopPage, edited: Operation | None = None) -> None:
    """Drop what waits for a form that has come now."""
    for path in _sent_to(page, edited):
        forget_typed(request, path)


def _sent_to(page: CoopPage, edited: Operation | None) -> list[str]:
    return [page.url("operation", key=edited.pk) if edited else page.url("cahier"), *addresses(page, edited).values()]
