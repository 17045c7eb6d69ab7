"""The CRAs of an AD's coops, before their AD: counts, answers to read, a file."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from retkoop.network.access import AssociationAccess, open_association
from retkoop.year_end.cra.counts import Counts, asked_year, mean_of, remark_owner, share_of, sum_of
from retkoop.year_end.cra.exporting import csv_of, row_told, xlsx_of

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _opened(request: HttpRequest, department: str) -> tuple[AssociationAccess, Counts]:
    """Return the counts that an address asks for: `annee`, `version`, `etat`. Raises Http404."""
    access = open_association(request.user, department)
    year = asked_year(request.GET.get("annee"), timezone.localdate())
    return access, Counts(access.association, year, request.GET.get("version"), request.GET.get("etat") == "termines")


@require_safe
def activities(request: HttpRequest, department: str) -> HttpResponse:
    """How many coops have begun and finished, and what they answer to each question."""
    access, counts = _opened(request, department)
    owners = remark_owner(counts.questionnaire)
    context = {"access": access, "counts": counts, "owners": owners, "sum_of": sum_of, "mean_of": mean_of, "share_of": share_of}
    return render(request, "year_end/cra/association_counts.html", context)


@require_safe
def activity_texts(request: HttpRequest, department: str) -> HttpResponse:
    """The answers to one question (`question`), coop by coop."""
    access, counts = _opened(request, department)
    if "question" not in request.GET:
        return redirect("activities", department=department)
    question = counts.question(request.GET["question"])
    context = {
        "access": access,
        "counts": counts,
        "question": question,
        "owner": remark_owner(counts.questionnaire).get(question.key),
        "answers": counts.answers_to(question, request.GET.get("page")),
        "row_told": row_told,
    }
    return render(request, "year_end/cra/association_texts.html", context)


@require_safe
def export_activities(request: HttpRequest, department: str) -> HttpResponse:
    """The answers as a file (`format`): CSV, or XLSX."""
    access, counts = _opened(request, department)
    asked = request.GET.get("format", "csv")
    if asked not in {"csv", "xlsx"}:
        raise Http404
    name = f"activites-{access.association.department}-{counts.year}.{asked}"
    # by this mark, spreadsheets know UTF-8
    content: str | bytes = xlsx_of(counts) if asked == "xlsx" else "\ufeff" + csv_of(counts)
    kind = XLSX if asked == "xlsx" else "text/csv; charset=utf-8"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
