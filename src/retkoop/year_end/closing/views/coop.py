"""The preparation of a year, as the coop sees it: what remains to be done, the explanations, the signatures, the sending."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from retkoop.archive.storage import NoRoom
from retkoop.audit.services import AlreadySubmitted
from retkoop.books.page import CoopPage, open_page
from retkoop.books.writable import Refused
from retkoop.year_end.closing import services
from retkoop.year_end.closing.forms import AnswerForm, ExplanationForm, said_of
from retkoop.year_end.closing.preparation import Preparation
from retkoop.year_end.closing.queries import remarks_of, reviews_of, sealed_reports_of

DONE = {
    "appeler": "Les signatures sont demandées. Dès que tous ont signé, transmettez.",
    "reprendre": "Vous pouvez corriger. Les signatures déjà données ne valent plus dès qu’un chiffre change.",
    "transmettre": "Vos comptes sont transmis à l’association départementale. Merci\u202f!",
}


@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Show what a year waits for; a POST (`geste`) asks for signatures, goes back to work, or sends."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if request.method == "POST":
        return _do(request, page)
    preparation = Preparation(page)
    was_sent = preparation.closing.sent_at is not None
    context = {
        "page": page,
        "here": "closing",
        "preparation": preparation,
        "remarks": remarks_of(page.book, sent=True) if was_sent else [],
        "reviews": reviews_of(page.book) if was_sent else [],
        "sealed": sealed_reports_of(page.book) if was_sent else [],
        "submission": uuid.uuid4(),
    }
    return render(request, "year_end/closing/closing.html", context)


def _do(request: HttpRequest, page: CoopPage) -> HttpResponse:
    gesture = request.POST.get("geste", "")
    try:
        submission = uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        submission = uuid.uuid4()
    try:
        if gesture == "appeler":
            services.call_to_sign(access=page.access, book=page.book, today=page.today, submission=submission)
        elif gesture == "reprendre":
            services.resume(access=page.access, book=page.book)
        elif gesture == "transmettre":
            services.send(access=page.access, book=page.book, today=page.today, submission=submission)
    except AlreadySubmitted:
        pass
    except (Refused, NoRoom) as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url("closing"))
    if gesture == "appeler" and not Preparation(page).signatures_missing:
        messages.success(request, "Tous ont déjà signé ces comptes\u202f: il ne reste qu’à transmettre.")
    elif gesture in DONE:
        messages.success(request, DONE[gesture])
    return redirect(page.url("closing"))


@require_POST
def explain(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Keep what the coop says of an alerte."""
    page = open_page(request, rne, year, to_write=True)
    form = ExplanationForm(request.POST)
    if not form.is_valid():
        messages.error(request, said_of(form))
        return redirect(f"{page.url('closing')}#messages")
    try:
        kept = services.explain(access=page.access, book=page.book, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{page.url('closing')}#messages")
    messages.success(request, "L’explication est enregistrée." if kept else "L’explication est retirée.")
    return redirect(page.url("closing"))


@require_POST
def answer(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Answer a remark of the AD."""
    page = open_page(request, rne, year, to_write=True)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["text"][0]))
        return redirect(f"{page.url('closing')}#messages")
    try:
        services.answer_remark(access=page.access, book=page.book, key=key, text=form.cleaned_data["text"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{page.url('closing')}#messages")
    messages.success(request, "La réponse est enregistrée.")
    return redirect(page.url("closing"))
