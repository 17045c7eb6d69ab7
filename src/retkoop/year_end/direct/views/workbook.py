"""The AD's own workbook: an example is shown, cells are pointed at, a version is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from retkoop.books.sheets import LARGEST_FILE, UnreadableFile, read_corners
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.domain.workbook import InvalidMap
from retkoop.network.access import AssociationAccess, open_association
from retkoop.users.tries import TooManyTries
from retkoop.year_end.closing.services import REVIEWERS
from retkoop.year_end.direct import workbooks
from retkoop.year_end.direct.example import example_of
from retkoop.year_end.direct.received import count_sending
from retkoop.year_end.direct.workbook_forms import DraftForm, PointForm, PublishForm
from retkoop.year_end.direct.workbook_page import WorkbookPage, workbook_page

NO_FILE = "Choisissez d’abord un classeur (XLSX, ODS)."


@require_safe
def workbook(request: HttpRequest, department: str) -> HttpResponse:
    """The figures with their cells (`montant` is the one at hand) and the grid of a sheet (`feuille`)."""
    access = open_association(request.user, department)
    page = _page(access, request.GET.get("montant", ""), request.GET.get("feuille", ""))
    context = {"access": access, "page": page, "publish_form": PublishForm(today=timezone.localdate())}
    return render(request, "year_end/direct/workbook.html", context)


@require_POST
def show_workbook(request: HttpRequest, department: str) -> HttpResponse:
    """Take a workbook as the example of a draft (`classeur`); without a file, begin a draft on the last one (`reprendre`)."""
    access = open_association(request.user, department)
    sent = request.FILES.get("classeur")
    if isinstance(sent, UploadedFile):
        _try(
            request,
            lambda: _shown(access, sent.open(), sent.name or "classeur"),
            "Voici votre classeur. Montrez où se trouve chaque montant.",
        )
    elif "reprendre" in request.POST:
        _try(
            request,
            lambda: workbooks.new_draft(access=access),
            "Voici un nouveau brouillon\u202f: vos coopératives ne le voient pas encore.",
        )
    else:
        messages.error(request, NO_FILE)
    return redirect("workbook", department=department)


def _shown(access: AssociationAccess, sent: IO[bytes], name: str) -> object:
    if access.role not in REVIEWERS:
        raise Refused(workbooks.NOT_YOURS)  # before a process of its own reads anything
    count_sending(access.association.chain)
    example = example_of(read_corners(sent.read(LARGEST_FILE + 1)))
    return workbooks.show_example(access=access, name=name[:150], example=example)


@require_POST
def point_cell(request: HttpRequest, department: str) -> HttpResponse:
    """Point at cells for a figure, and come back to the same sheet."""
    access = open_association(request.user, department)
    form = PointForm(request.POST)
    if _valid(request, form):
        given = form.cleaned_data
        content = _page(access).map
        _try(
            request,
            lambda: workbooks.change_map(access=access, key=given["key"], version=given["version"], content=form.change(content)),
        )
    asked = {"montant": request.POST.get("figure", ""), "feuille": request.POST.get("feuille", "")}
    corner = request.POST.get("cell", "").rpartition("!")[2]
    anchor = f"case-{corner}" if corner.isalnum() and corner.isascii() else "grille"
    return redirect(f"{reverse('workbook', kwargs={'department': department})}?{urlencode(asked)}#{anchor}")


@require_POST
def publish_workbook(request: HttpRequest, department: str) -> HttpResponse:
    """Have coops send this workbook from a year on."""
    access = open_association(request.user, department)
    form = PublishForm(request.POST, today=timezone.localdate())
    if _valid(request, form):
        given = {"key": form.cleaned_data["key"], "version": form.cleaned_data["version"], "year": form.given_year}
        said = f"Vos coopératives peuvent envoyer ce classeur à partir de l’année {form.given_year}."
        _try(request, lambda: workbooks.publish(access=access, **given), said)
    return redirect("workbook", department=department)


@require_POST
def delete_workbook(request: HttpRequest, department: str) -> HttpResponse:
    """Throw the draft away."""
    access = open_association(request.user, department)
    form = DraftForm(request.POST)
    if _valid(request, form):
        _try(request, lambda: workbooks.delete_draft(access=access, key=form.cleaned_data["key"]), "Le brouillon est supprimé.")
    return redirect("workbook", department=department)


def _page(access: AssociationAccess, figure: str = "", sheet: str = "") -> WorkbookPage:
    return workbook_page(access, SchoolYear.containing(timezone.localdate()), figure, sheet)


def _valid(request: HttpRequest, form: Form) -> bool:
    for sentence in dict.fromkeys(str(error) for errors in form.errors.values() for error in errors):
        messages.error(request, sentence)
    return form.is_valid()


def _try(request: HttpRequest, verb: Callable[[], object], said: str = "") -> None:
    """Do a verb, and say what became of it on the page that follows."""
    try:
        verb()
    except TooManyTries as refusal:
        messages.error(request, refusal.messages[0])
    except (Refused, InvalidMap, UnreadableFile) as refusal:
        for sentence in str(refusal).splitlines():
            messages.error(request, sentence)
    else:
        if said:
            messages.success(request, said)
