"""The accounts that coops send, before their AD: the list by state, one year in full, the decision."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.page import open_page
from retkoop.books.writable import Refused
from retkoop.domain.closing import STATE_LABELS, ClosingState
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.models import Coop
from retkoop.network.queries import coop_of
from retkoop.ui.addresses import address_of
from retkoop.year_end.closing import services
from retkoop.year_end.closing.forms import DecisionForm, EntryForm, RemarkForm, said_of
from retkoop.year_end.closing.queries import entry_rules_of
from retkoop.year_end.closing.review import ReviewPage, books_in, years_of
from retkoop.year_end.closing.services import REVIEWERS, Reviewing


def _close(*, reviewing: Reviewing, submission: uuid.UUID, reason: str) -> object:  # noqa: ARG001 -- as the other verbs; its form asks for no message
    return services.close(reviewing=reviewing, submission=submission)


VERBS: Final[dict[str, tuple[Callable[..., object], str]]] = {
    "valider": (services.accept, "Les comptes sont validés, l’année est scellée."),
    "renvoyer": (services.send_back, "Les comptes sont renvoyés à la coopérative, avec vos remarques."),
    "rouvrir": (services.reopen, "L’année est rouverte. La version précédente est conservée."),
    "clore": (_close, "L’année est close. Vous pourrez encore la rouvrir, avec un motif."),
}


def _year(text: str | None) -> SchoolYear:
    """Return the year that an address names; where it names none, the one whose accounts are reviewed now."""
    if text is None:
        today = timezone.localdate()
        current = SchoolYear.containing(today)
        return current if today.month in (6, 7, 8) else current.previous
    try:
        return SchoolYear.parse(text)
    except InvalidSchoolYear:
        raise Http404 from None


@require_safe
def reviews(request: HttpRequest, department: str) -> HttpResponse:
    """List the coops of an AD by where the closing of a year stands."""
    access = open_association(request.user, department)
    year = _year(request.GET.get("annee"))
    asked = request.GET.get("etat", ClosingState.SENT)
    state = ClosingState(asked) if asked in set(ClosingState) else ClosingState.SENT
    context = {
        "access": access,
        "here": "reviews",
        "year": year,
        "stage": state,
        "labels": STATE_LABELS,
        "counts": years_of(access.association, year.start),
        "books": books_in(access.association, year.start, state, request.GET.get("page")),
        "query": f"annee={year}&etat={state.value}",
        "form": EntryForm(),
        "may_decide": access.role in REVIEWERS,
    }
    return render(request, "year_end/closing/reviews.html", context)


def _opened(request: HttpRequest, department: str, rne: str, year: str) -> tuple[AssociationAccess, ReviewPage]:
    """Return the year of a coop of this AD, for whoever of its staff asks. Raises Http404."""
    access = open_association(request.user, department)
    coop_of(access.association, rne)
    return access, ReviewPage(open_page(request, rne, year))


@require_safe
def review(request: HttpRequest, department: str, rne: str, year: str) -> HttpResponse:
    """Show a year as its AD reviews it."""
    access, shown = _opened(request, department, rne, year)
    return _show(request, access, shown)


def _show(
    request: HttpRequest, access: AssociationAccess, shown: ReviewPage, *, status: int = 200, decision: DecisionForm | None = None
) -> HttpResponse:
    context = {
        "access": access,
        "page": shown.page,
        "review": shown,
        "may_decide": access.role in REVIEWERS,
        "blocked": shown.page.closed,
        "rules": entry_rules_of(shown.page.coop, shown.page.book)[:5],
        "decision": decision or DecisionForm(initial={"submission": uuid.uuid4()}),
        "entry_form": EntryForm(),
    }
    return render(request, "year_end/closing/review.html", context, status=status)


def _reviewing(access: AssociationAccess, shown: ReviewPage) -> Reviewing:
    return Reviewing(access, shown.page.coop, shown.page.book)


@require_POST
def remark(request: HttpRequest, department: str, rne: str, year: str) -> HttpResponse:
    """Write, correct or take away a remark that is not sent yet."""
    access, shown = _opened(request, department, rne, year)
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            services.write_remark(reviewing=_reviewing(access, shown), **form.cleaned_data)
            return redirect("review", department=department, rne=rne, year=year)
        except Refused as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, said_of(form))
    return redirect(f"{address_of('review', department=department, rne=rne, year=year)}#messages")


@require_POST
def decide(request: HttpRequest, department: str, rne: str, year: str) -> HttpResponse:
    """Accept, send back, reopen (`decision`)."""
    access, shown = _opened(request, department, rne, year)
    form = DecisionForm(request.POST)
    verb, said = VERBS.get(request.POST.get("decision", ""), (None, ""))
    if not form.is_valid():
        return _show(request, access, shown, status=422, decision=form)
    if verb is None:
        messages.error(request, "Choisissez votre décision.")
        return redirect("review", department=department, rne=rne, year=year)
    try:
        verb(reviewing=_reviewing(access, shown), **form.cleaned_data)
        messages.success(request, said)
    except AlreadySubmitted:
        messages.success(request, said)
    except services.Unexplained as refusal:
        form.add_error("reason", str(refusal))
        return _show(request, access, shown, status=422, decision=form)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("review", department=department, rne=rne, year=year)


@require_POST
def entry(request: HttpRequest, department: str, rne: str, year: str) -> HttpResponse:
    """Close or open entry in the year of one coop."""
    access, shown = _opened(request, department, rne, year)
    _rule_entry(request, access, EntryForm(request.POST), coop=shown.page.coop, start=shown.page.book.start)
    return redirect("review", department=department, rne=rne, year=year)


@require_POST
def entry_for_all(request: HttpRequest, department: str) -> HttpResponse:
    """Close or open entry in a year for all coops of an AD."""
    access = open_association(request.user, department)
    year = _year(request.POST.get("annee") or None)
    _rule_entry(request, access, EntryForm(request.POST), coop=None, start=year.start)
    return redirect(f"{request.path.removesuffix('saisie/')}?annee={year}")


def _rule_entry(request: HttpRequest, access: AssociationAccess, form: EntryForm, *, coop: Coop | None, start: int) -> None:
    if not form.is_valid():
        messages.error(request, said_of(form))
        return
    given = form.cleaned_data
    try:
        rule = services.rule_entry(
            access=access, coop=coop, start=start, blocked=given["blocked"] == "oui", until=given["until"], reason=given["reason"]
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "La saisie est fermée." if rule.blocked else "La saisie est rouverte.")
