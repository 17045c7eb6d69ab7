"""The board of an AD: every coop at a glance, as a page and as a sheet; by circonscription; the views that people keep."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.network.access import open_association
from retkoop.network.announcements import announcements
from retkoop.network.models import AD_KINDS
from retkoop.network.queries import coop_of, upkeep_remarks
from retkoop.oversight.board import services
from retkoop.oversight.board.drawing import drawn_rows
from retkoop.oversight.board.exporting import xlsx_of
from retkoop.oversight.board.forms import FollowForm, ViewForm
from retkoop.oversight.board.page import BoardPage, year_asked
from retkoop.oversight.board.queries import person_of, view_of
from retkoop.oversight.board.selection import Selection
from retkoop.ui.fragments import wants_fragment

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _opened(request: HttpRequest, department: str) -> BoardPage:
    access, today = open_association(request.user, department), timezone.localdate()
    whole = request.GET.get("cocher") == "tout" or request.GET.get("suite") == "oui"
    return BoardPage(access, year_asked(request.GET.get("annee"), today), today, Selection.of(request.GET), whole)


@require_safe
def board(request: HttpRequest, department: str) -> HttpResponse:
    """Show the coops of an AD that the address asks for; `cocher=tout` ticks them all, `suite=oui` shows all, or those that follow."""
    page = _opened(request, department)
    if page.whole and "suite" in request.GET and wants_fragment(request):
        page.whole = False
        return render(request, "oversight/board/_rest.html", {"board": page, "drawn": drawn_rows})
    context = {"access": page.access, "here": "coops", "board": page, "ticked": request.GET.get("cocher") == "tout"}
    context |= {"upkeep": upkeep_remarks(), "form": ViewForm(initial={"query": page.selection.query()})}
    context |= {"drawn": drawn_rows, "announcements": announcements(page.access.user, "associations")}
    return render(request, "oversight/board/board.html", context)


@require_safe
def sheet(request: HttpRequest, department: str) -> HttpResponse:
    """Return what the board shows as a sheet."""
    page = _opened(request, department)
    response = HttpResponse(xlsx_of(page), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="cooperatives-{department}-{page.year}.xlsx"'
    return response


@require_safe
def circonscriptions(request: HttpRequest, department: str) -> HttpResponse:
    page = _opened(request, department)
    return render(request, "oversight/board/circonscriptions.html", {"access": page.access, "here": "coops", "board": page})


def _back(request: HttpRequest, department: str) -> HttpResponseRedirect:
    """Return to the board as it was."""
    asked = request.POST.get("retour", "")
    safe = asked.startswith("/ad/") and url_has_allowed_host_and_scheme(asked, None)
    return HttpResponseRedirect(asked) if safe else redirect("association", department=department)


def _done(request: HttpRequest, verb: Callable[[], object], said: str) -> None:
    """Call a verb and say what became of it."""
    try:
        verb()
    except Refused as refusal:
        messages.error(request, str(refusal))
    except AlreadySubmitted:
        messages.success(request, said)
    else:
        messages.success(request, said)


def _named(request: HttpRequest, form: ViewForm) -> bool:
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return False
    return True


@require_POST
def keep_view(request: HttpRequest, department: str) -> HttpResponse:
    access, form = open_association(request.user, department), ViewForm(request.POST)
    if _named(request, form):
        given = {**form.cleaned_data, "query": _query(form.cleaned_data["query"])}
        _done(request, lambda: services.keep_view(access=access, **given), "La vue est gardée\u202f: elle est dans les onglets.")
    return _back(request, department)


@require_POST
def rename_view(request: HttpRequest, department: str, key: int) -> HttpResponse:
    access, form = open_association(request.user, department), ViewForm(request.POST)
    view = view_of(access, key)
    if _named(request, form):
        name = form.cleaned_data["name"]
        _done(request, lambda: services.rename_view(access=access, view=view, name=name), "La vue a un nouveau nom.")
    return _back(request, department)


@require_POST
def delete_view(request: HttpRequest, department: str, key: int) -> HttpResponse:
    access = open_association(request.user, department)
    services.delete_view(access=access, view=view_of(access, key))
    messages.success(request, "La vue est supprimée. Les coopératives ne bougent pas.")
    return _back(request, department)


@require_POST
def follow(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Have a person of the AD follow a coop, or nobody."""
    access = open_association(request.user, department)
    coop, form = coop_of(access.association, rne), FollowForm(request.POST)
    if access.role not in AD_KINDS or not form.is_valid():
        raise Http404
    key = form.cleaned_data["user"]
    user = person_of(access.association, key) if key else None
    said = f"{user.name} suit maintenant {coop.name}." if user else f"Personne ne suit plus {coop.name}."
    _done(request, lambda: services.follow(access=access, coop=coop, user=user), said)
    return _back(request, department)


def _query(text: str) -> str:
    """Return the words of an address that the board understands, and no others."""
    return Selection.of(QueryDict(text)).query()
