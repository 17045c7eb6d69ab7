"""The CRA as the coop fills it in: where it stands, one page a section, the document."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.books.page import CoopPage, open_page
from retkoop.books.writable import Refused
from retkoop.ui.fragments import wants_fragment
from retkoop.ui.keys import read_key
from retkoop.ui.typed import forget_typed, typed_values
from retkoop.year_end.cra import services
from retkoop.year_end.cra.cra_document import cra_pdf, file_name
from retkoop.year_end.cra.forms import with_row, without_row
from retkoop.year_end.cra.queries import cra_of
from retkoop.year_end.cra.step import Step, keys_of
from retkoop.year_end.cra.words import set_aside_told

DONE = {
    "terminer": "Le compte rendu d’activités est terminé. Bravo\u202f!",
    "reprendre": "Vous pouvez modifier le compte rendu d’activités. Pensez à le terminer de nouveau.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def cra(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Where the CRA stands, section by section; a POST (`geste`) finishes it or takes it up again."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if request.method == "POST":
        return _do(request, page)
    cra = cra_of(page.book)
    context = {"page": page, "here": "cra", "cra": cra, "set_aside": [set_aside_told(*one) for one in cra.set_aside]}
    return render(request, "year_end/cra/overview.html", context)


def _do(request: HttpRequest, page: CoopPage) -> HttpResponse:
    gesture = request.POST.get("geste", "")
    try:
        if gesture == "terminer":
            services.finish(access=page.access, book=page.book)
        elif gesture == "reprendre":
            services.reopen(access=page.access, book=page.book)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url("cra"))
    if gesture in DONE:
        messages.success(request, DONE[gesture])
    return redirect(page.url("cra"))


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, rne: str, year: str, number: int) -> HttpResponse:
    """One section; a POST keeps one answer (`question`, by htmx or by its own button) or all of them."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if request.method != "POST":
        return _show(request, Step(page, number, typed_values(request)))
    sent = Step(page, number, request.POST)
    moved = _with_rows_moved(sent, request.POST)
    if moved is not None:
        return _show(request, moved)
    if "question" in request.POST:
        return _keep_one(request, sent, request.POST["question"])
    kept = sent.keep()
    if not kept.is_right:
        return _show(request, kept, status=409 if kept.kept.others else 422)
    forget_typed(request)
    messages.success(request, f"«\u00a0{kept.section.title}\u00a0» est enregistré.")
    following = number if kept.raises(sent) else kept.next
    return redirect(page.url("cra_step", number=following) if following else page.url("cra"))


def _keep_one(request: HttpRequest, sent: Step, key: str) -> HttpResponse:
    """Keep the answer to one question; a fragment tells what became of it, and what others answered meanwhile."""
    kept = sent.keep(keys_of(sent.one(key).question))
    one = kept.one(key)
    refused = kept.refusal or one.refused or (one.remark is not None and one.remark.refused)
    status = 409 if kept.kept.others else 422 if refused else 200
    if wants_fragment(request):
        return render(request, "year_end/cra/_kept.html", {"step": kept, "one": one, "turned": kept.turned(sent)}, status=status)
    if status == 200:
        return redirect(f"{request.path}#question-{key}")
    return _show(request, kept, status=status)


def _with_rows_moved(sent: Step, data: QueryDict) -> Step | None:
    """Return the step with a row more (`ajouter`) or less (`retirer`) where a button asked for it without script; nothing is kept."""
    key, _, place = (data.get("ajouter") or data.get("retirer") or "").partition(":")
    if not key:
        return None
    question = sent.one(key).question
    moved = with_row(question, data) if "ajouter" in data else without_row(question, data, read_key(place) or 0)
    return Step(sent.page, sent.number, moved)


def _show(request: HttpRequest, shown: Step, status: int = 200) -> HttpResponse:
    context = {"page": shown.page, "here": "cra", "step": shown, "section": shown.section}
    return render(request, "year_end/cra/step.html", context, status=status)


@require_safe
def paper(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The CRA on paper."""
    page = open_page(request, rne, year)
    disposition = f'attachment; filename="{file_name(page.book)}"'
    content = cra_pdf(page.book, page.today)
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})
