"""What the pages of answers kept ready do alike, for an AD and for the federation."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from retkoop.assistance import queries, services
from retkoop.assistance.forms import CannedAnswerForm
from retkoop.assistance.models import CannedAnswer
from retkoop.audit.services import AlreadySubmitted, Author
from retkoop.books.writable import Refused
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.network.access import AssociationAccess
from retkoop.network.models import DepartmentalAssociation
from retkoop.ui.typed import forget_typed, typed_values


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose answers these are: `access` to an AD, None before the federation's own."""

    author: Author
    access: AssociationAccess | None = None

    @property
    def association(self) -> DepartmentalAssociation | None:
        return self.access.association if self.access else None

    @property
    def frame(self) -> str:
        """The template of the pages around."""
        return "network/frame.html" if self.access else "network/federation_frame.html"

    def home(self) -> HttpResponse:
        """Lead to the list of answers."""
        return redirect("canned_answers", department=self.access.association.department) if self.access else redirect("federation_answers")


def list_and_add(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the answers, with a form for one more."""
    sent = request.POST if request.method == "POST" else typed_values(request)
    form = CannedAnswerForm(sent)
    if request.method == "POST" and form.is_valid() and _keep(request, desk, form, None):
        return desk.home()
    context = {"answers": queries.canned_answers(desk.association), "form": form, **_context(desk)}
    return render(request, "assistance/answers.html", context, status=422 if request.method == "POST" else 200)


def change(request: HttpRequest, desk: Desk, key: int) -> HttpResponse:
    """Show one of the answers in its form, or keep what it has become."""
    answer = queries.canned_answer(desk.association, key)
    if request.method != "POST":
        form = CannedAnswerForm(typed_values(request), initial={"title": answer.title, "text": answer.text})
    else:
        form = CannedAnswerForm(request.POST)
        if form.is_valid() and _keep(request, desk, form, answer):
            return desk.home()
    context = {"answer": answer, "form": form, **_context(desk)}
    return render(request, "assistance/answer.html", context, status=422 if request.method == "POST" else 200)


def take_away(request: HttpRequest, desk: Desk, key: int) -> HttpResponse:
    """Remove one of the answers."""
    services.remove_answer(author=desk.author, association=desk.association, key=queries.canned_answer(desk.association, key).pk)
    messages.success(request, "La réponse est supprimée.")
    return desk.home()


def _context(desk: Desk) -> dict[str, object]:
    return {"access": desk.access, "frame": desk.frame, "here": "help"}


def _keep(request: HttpRequest, desk: Desk, form: CannedAnswerForm, answer: CannedAnswer | None) -> bool:
    try:
        services.keep_answer(author=desk.author, association=desk.association, key=answer.pk if answer else None, **form.cleaned_data)
    except AlreadySubmitted:
        return True
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    forget_typed(request)
    messages.success(request, "La réponse est enregistrée.")
    return True


def asked_year(request: HttpRequest, today_year: SchoolYear) -> SchoolYear:
    """Return the school year that an address asks for (`annee`), else the present one."""
    try:
        return SchoolYear.parse(request.GET.get("annee", ""))
    except InvalidSchoolYear:
        return today_year
