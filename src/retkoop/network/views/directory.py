"""The directory of schools: the file that an AD or the federation sends, and the coops that are opened from it."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from retkoop.audit.services import Author
from retkoop.domain.directory import UnreadableDirectory
from retkoop.network import directory_queries as queries
from retkoop.network import services
from retkoop.network.access import open_association, open_federation
from retkoop.network.directory import take_directory
from retkoop.network.directory_words import told_counts, told_sentence
from retkoop.network.forms import CoopForm
from retkoop.network.models import DepartmentalAssociation
from retkoop.ui.fragments import wants_fragment
from retkoop.ui.templates import plural

MOST_AT_ONCE = 200


def _taken(request: HttpRequest, author: Author, association: DepartmentalAssociation | None = None) -> str:
    """Take in the file that was sent; return why it could not be, nothing where it was."""
    sent = request.FILES.get("annuaire")
    if not isinstance(sent, UploadedFile):
        return "Choisissez le fichier de l’annuaire."
    try:
        told = take_directory(author=author, file=sent.file, file_name=sent.name or "annuaire.csv", association=association)  # type: ignore[arg-type]  # a file of bytes
    except UnreadableDirectory as refusal:
        return str(refusal)
    messages.success(request, f"L’annuaire est repris\u202f: {', '.join(told_counts(told.counts))}.")
    return ""


def _known(association: DepartmentalAssociation | None) -> dict[str, object]:
    known = queries.directory_known(association)
    return {"known": known, "counted": told_sentence(known.last.counts) if known.last else ""}


@require_http_methods(["GET", "HEAD", "POST"])
def federation_directory(request: HttpRequest) -> HttpResponse:
    author = open_federation(request.user)
    refusal = _taken(request, author) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return redirect("federation_directory")
    context = _known(None) | {"refusal": refusal}
    return render(request, "network/federation_directory.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def association_directory(request: HttpRequest, department: str) -> HttpResponse:
    access = open_association(request.user, department, to_administer=request.method == "POST")
    refusal = _taken(request, access.author, access.association) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return redirect("association_directory", department=department)
    context = {
        **_known(access.association),
        "access": access,
        "differing": queries.differing_coops(access.association),
        "refusal": refusal,
    }
    return render(request, "network/directory.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new_coop(request: HttpRequest, department: str) -> HttpResponse:
    """Propose the schools of the directory while somebody types (`q`; `rne` are ticked), or take one that is not in it."""
    access = open_association(request.user, department, to_administer=True)
    form = CoopForm(request.POST if request.method == "POST" else None, association=access.association)
    if request.method == "POST" and form.is_valid():
        try:
            coop = services.create_coop(author=access.author, **form.cleaned_data)
        except services.AlreadyThere as refusal:
            form.add_error("rne", str(refusal))
        else:
            messages.success(request, f"{coop.name} est créée. Son compte attend d’être activé.")
            return redirect("coop_file", department=department, rne=coop.rne)
    searched, ticked = request.GET.get("q", "").strip(), request.GET.getlist("rne")[:MOST_AT_ONCE]
    search = queries.search_schools(access.association, searched, ticked)
    context = {"access": access, "searched": searched, "search": search}
    if wants_fragment(request) and request.method == "GET":
        return render(request, "network/_schools.html", context)
    known = queries.directory_known(access.association)
    return render(request, "network/new_coop.html", {**context, "form": form, "known": known})


@require_POST
def open_coops(request: HttpRequest, department: str) -> HttpResponse:
    """Open a coop for each school that was ticked, and tell those that had one."""
    access = open_association(request.user, department, to_administer=True)
    ticked = request.POST.getlist("rne")[:MOST_AT_ONCE]
    opened, there = services.open_coops(author=access.author, association=access.association, uais=ticked)
    if there:
        messages.info(request, f"{'Elles étaient' if len(there) > 1 else 'Elle était'} déjà là\u202f: {', '.join(there)}.")
    if not opened:
        if not there:
            messages.error(request, "Cochez d’abord une école de l’annuaire.")
        return redirect("new_coop", department=department)
    verb = "sont ouvertes et attendent" if len(opened) > 1 else "est ouverte et attend"
    messages.success(request, f"{plural(len(opened), 'coopérative')} {verb} d’être activée{'s' if len(opened) > 1 else ''}.")
    return redirect("activations", department=department)
