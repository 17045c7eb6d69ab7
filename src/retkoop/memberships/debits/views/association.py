"""The collections of an AD: what can be collected, one collection, its file, its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.memberships.debits import collecting
from retkoop.memberships.debits.files import FORMATS, collection_file, file_name
from retkoop.memberships.debits.forms import CollectionForm, RefusedFileForm, ReturnForm
from retkoop.memberships.debits.page import CollectionPage, CollectionsPage, open_debits, year_asked
from retkoop.memberships.debits.queries import collection_of, in_file, shown_debits
from retkoop.memberships.models import CollectionState
from retkoop.ui.forms import is_key

VERBS: Final[dict[str, tuple[Callable[..., object], str]]] = {
    "remise": (collecting.hand_in, "C’est noté\u202f: la banque a le fichier. La remise ne change plus."),
    "encaissement": (collecting.settle_collection, "C’est noté\u202f: les prélèvements qui ne sont pas revenus sont encaissés."),
    "annulation": (collecting.cancel_collection, "La remise est annulée, les coopératives sont prévenues."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def collections(request: HttpRequest, department: str) -> HttpResponse:
    """Show the collections of a year and what can be collected; a POST prepares one."""
    shown = CollectionsPage(open_debits(request, department), year_asked(request), timezone.localdate())
    if request.method != "POST":
        return _show(request, shown, CollectionForm(initial={"day": shown.first_day}))
    form = CollectionForm(request.POST)
    if not form.is_valid():
        return _show(request, shown, form, status=422)
    left_out = {int(key) for key in request.POST.getlist("sans") if is_key(key)}
    asked = {"year": shown.year, "day": form.cleaned_data["day"], "submission": form.cleaned_data["submission"]}
    try:
        row = collecting.prepare_collection(access=shown.access, left_out=left_out, **asked)
    except AlreadySubmitted:
        return redirect(f"{request.path}?annee={shown.year}")
    except collecting.WrongDay as refusal:
        form.add_error("day", str(refusal))
        return _show(request, shown, form, status=422, nearest=refusal.nearest)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, shown, form, status=422)
    messages.success(request, "La remise est prête, les coopératives sont prévenues. Il reste à donner le fichier à la banque.")
    return redirect("collection", department=department, key=row.pk)


def _show(request: HttpRequest, shown: CollectionsPage, form: CollectionForm, status: int = 200, **more: object) -> HttpResponse:
    left_out = set(request.POST.getlist("sans"))
    context = {"access": shown.access, "here": "memberships", "shown": shown, "form": form, "left_out": left_out, "nearest": None}
    return render(request, "memberships/debits/collections.html", context | more, status=status)


@require_safe
def collection(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Show a collection: what to compare with the bank's page, what to do next, its debits."""
    access = open_debits(request, department)
    row = collection_of(access.association, key)
    returned = request.GET.get("voir") == "revenus"
    context = {
        "access": access,
        "here": "memberships",
        "shown": CollectionPage(access, row, timezone.localdate()),
        "row": row,
        "debits": shown_debits(row, returned=returned, page=request.GET.get("page")),
        "returned": returned,
        "formats": FORMATS,
        "refused_form": RefusedFileForm(),
        "return_form": ReturnForm(initial={"day": timezone.localdate()}),
    }
    return render(request, "memberships/debits/collection.html", context)


@require_safe
def download(request: HttpRequest, department: str, key: int, schema: str) -> HttpResponse:
    """The file for the bank, for whoever moves the AD's money: it holds whole IBANs. Raises Http404."""
    access = open_debits(request, department)
    row = collection_of(access.association, key)
    shown = CollectionPage(access, row, timezone.localdate())
    if not shown.may_act or schema not in FORMATS or row.state == CollectionState.CANCELLED:
        raise Http404
    if shown.to_take_out:
        messages.error(request, "Retirez d’abord de la remise les prélèvements qui n’ont plus lieu d’être.")
        return redirect("collection", department=department, key=key)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(row)}"'}
    return HttpResponse(collection_file(row, list(in_file(row)), schema), content_type="application/xml", headers=headers)


@require_POST
def act(request: HttpRequest, department: str, key: int, verb: str) -> HttpResponse:
    """Hand a collection in, note that it was credited, or give it up."""
    access = open_debits(request, department)
    do, said = VERBS[verb]
    try:
        do(access=access, key=collection_of(access.association, key).pk)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("collection", department=department, key=key)


@require_POST
def call_back(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Note that the bank refused the file."""
    access = open_debits(request, department)
    row, form = collection_of(access.association, key), RefusedFileForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
        return redirect("collection", department=department, key=key)
    try:
        collecting.call_back_collection(access=access, key=row.pk, reason=form.cleaned_data["reason"])
        messages.success(request, "C’est noté\u202f: la remise est de nouveau à remettre. Rien n’a été prélevé.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("collection", department=department, key=key)


@require_POST
def remove(request: HttpRequest, department: str, key: int, debit: int) -> HttpResponse:
    """Take one debit out of a collection."""
    access = open_debits(request, department)
    try:
        collecting.take_out(access=access, key=collection_of(access.association, key).pk, debit=debit)
        messages.success(request, "Le prélèvement est retiré de la remise, la coopérative est prévenue.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("collection", department=department, key=key)
