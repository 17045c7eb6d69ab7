"""One action on many coops: seen before it is done, followed while the worker does it, told afterwards."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.network.access import open_association
from retkoop.network.models import AD_KINDS
from retkoop.oversight.bulk import queries, services
from retkoop.oversight.bulk.exporting import xlsx_of
from retkoop.oversight.bulk.forms import as_typed
from retkoop.oversight.bulk.models import BulkAction, BulkRun
from retkoop.oversight.bulk.page import DO, EVERYTHING, BulkPreview, action_named, open_bulk, preview_of
from retkoop.oversight.bulk.questions import RULES
from retkoop.oversight.bulk.words import choice_words

REMIND: Final = "relance"
"""What the page of the relances does itself, with the same choice of coops."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HERE: Final = "coops"


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, department: str, action: str) -> HttpResponse:
    """Show what an action will do to the coops that were chosen; `action` says to do it. A GET has chosen none: back to the board."""
    if action == REMIND and request.method == "POST":
        open_association(request.user, department)
        return redirect("new_reminder", department=department, preserve_request=True)
    named = action_named(action) if action != REMIND else BulkAction.FOLLOW
    open_bulk(request, department, named)
    if request.method != "POST":
        return redirect("association", department=department)
    page = preview_of(request, department, named)
    if not page.foreseen:
        messages.error(request, "Cochez d’abord les coopératives." if "prets" not in request.POST else "Rien n’attend d’être validé.")
        return redirect("association", department=department)
    return _start(request, page) if request.POST.get("action") == DO and page.form.is_valid() else _show(request, page)


def _start(request: HttpRequest, page: BulkPreview) -> HttpResponse:
    department = page.access.association.department
    try:
        run = services.start_run(access=page.access, plan=page.plan, submission=page.form.cleaned_data["submission"])
    except AlreadySubmitted as done:
        return redirect("bulk_run", department=department, key=done.subject.rpartition(":")[2])
    except Refused as refusal:
        page.form.add_error(None, str(refusal))
        return _show(request, page)
    return redirect("bulk_run", department=department, key=run.pk)


def _show(request: HttpRequest, page: BulkPreview) -> HttpResponse:
    context = {"access": page.access, "here": HERE, "bulk": page, "form": page.form, "everything": EVERYTHING}
    return render(request, "oversight/bulk/preview.html", context, status=422 if page.form.errors else 200)


@require_safe
def runs(request: HttpRequest, department: str) -> HttpResponse:
    """List what was done to many coops at once."""
    access = open_association(request.user, department)
    context = {"access": access, "here": HERE, "runs": queries.runs_of(access.association, request.GET.get("page")), "said": choice_words}
    return render(request, "oversight/bulk/runs.html", context)


@require_safe
def run(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Show how far a run is, what could not be done and why."""
    access = open_association(request.user, department)
    row = queries.run_of(access.association, key)
    seen = request.GET.get("voir", "")
    context = {"access": access, "here": HERE, "run": row, "tallies": queries.tallies(row), "said": choice_words(row.choice), "seen": seen}
    context["outcomes"] = queries.page_of(queries.outcomes_of(row, seen), request.GET.get("page"))
    context |= {"may_stop": access.role in AD_KINDS, "again": _again(row) if access.role in RULES[BulkAction(row.action)].roles else None}
    return render(request, "oversight/bulk/run.html", context)


def _again(row: BulkRun) -> tuple[list[str], dict[str, str]] | None:
    """Return the coops for which to try again, once a run is at an end, and what was chosen for them; None where there are none."""
    left = [] if row.is_running else queries.not_done(row)
    return (left, as_typed(BulkAction(row.action), row.choice)) if left else None


@require_POST
def stop(request: HttpRequest, department: str, key: int) -> HttpResponse:
    access = open_association(request.user, department)
    try:
        services.stop_run(access=access, key=key)
        messages.success(request, "L’action est arrêtée. Ce qui est fait reste fait.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("bulk_run", department=department, key=key)


@require_safe
def sheet(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Return the report of a run as a sheet."""
    access = open_association(request.user, department)
    response = HttpResponse(xlsx_of(queries.run_of(access.association, key)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="action-groupee-{key}.xlsx"'
    return response
