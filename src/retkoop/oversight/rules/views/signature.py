"""The page of an AD's signature, and its image."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.archive.cleaning.refusals import RefusedFile
from retkoop.archive.storage import NoRoom
from retkoop.network.access import open_association
from retkoop.oversight.rules.forms import SignatureForm
from retkoop.oversight.rules.groups import group_named
from retkoop.oversight.rules.page import open_rules
from retkoop.oversight.rules.signatures import remove_signature, set_signature, signature_of


@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: HttpRequest, department: str) -> HttpResponse:
    """Show the image of the signature; a POST sends another, or takes it away (`enlever`)."""
    page = open_rules(request, department)
    form = SignatureForm(request.POST, request.FILES) if request.method == "POST" else SignatureForm()
    if "enlever" in request.POST:
        remove_signature(**page.place)
        messages.success(request, "La signature est enlevée.")
        return redirect(page.to("signature"))
    if form.is_valid():
        try:
            set_signature(**page.place, image=form.cleaned_data["image"])
        except (RefusedFile, NoRoom) as refusal:
            form.add_error("image", str(refusal) or "Il n’y a plus de place\u202f: prévenez votre administrateur.")
        else:
            messages.success(request, "La signature est enregistrée.")
            return redirect(page.to("signature"))
    chosen = group_named("signature", national=False)
    context = {"page": page, "access": page.access, "form": form, "group": chosen, "line": page.lines_in([chosen])["signature"]}
    return render(request, "oversight/rules/signature.html", context, status=422 if form.is_bound else 200)


@require_safe
def image(request: HttpRequest, department: str) -> HttpResponse:
    """Return the image of the signature."""
    page = open_rules(request, department)
    found = signature_of(open_association(request.user, department).association, page.year)
    if found is None:
        raise Http404
    return HttpResponse(found[0], content_type=found[1])
