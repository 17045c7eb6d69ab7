"""What an AD does about mandates, and about a coop that ends."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.domain.coop_end import CoopEndFacts, coop_end_refusals, readable_until
from retkoop.memberships.follow_up.queries import unsettled_memberships
from retkoop.network.access import AssociationAccess, open_association
from retkoop.network.models import Coop
from retkoop.network.queries import coop_of
from retkoop.year_end.handover.decision import decision_name, decision_pdf
from retkoop.year_end.handover.ending import CoopEnd, book_that_ends, end_coop
from retkoop.year_end.handover.ending_queries import facts_of_end, heir_of, latest_book
from retkoop.year_end.handover.forms import EndForm
from retkoop.year_end.handover.queries import coops_to_mandate

Look = tuple[CoopEnd, CoopEndFacts]
"""What is read once more before a coop ends: how, and where it stands that day."""


@require_safe
def mandates(request: HttpRequest, department: str) -> HttpResponse:
    """List the coops that have no mandate today, or soon none, or that nobody can open."""
    access = open_association(request.user, department)
    found = coops_to_mandate(access.association, request.GET.get("page"), timezone.localdate())
    return render(request, "year_end/handover/mandates.html", {"access": access, "here": "mandates", "coops": found})


@require_http_methods(["GET", "HEAD", "POST"])
def end_of_coop(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Show where a coop stands before its end; a POST closes it, or merges it into another."""
    access = open_association(request.user, department, to_administer=request.method == "POST")
    coop = coop_of(access.association, rne)
    if request.method != "POST":
        return _show(request, access, coop)
    form = EndForm(request.POST)
    end = _end_in(access, form)
    if end is None:
        return _show(request, access, coop, form, status=422)
    try:
        if not coop.closed_on and request.POST.get("sure") != end.told:
            facts = facts_of_end(book_that_ends(coop, end.heir, end.day, timezone.localdate()), end.day, timezone.localdate())
            return _show(request, access, coop, form, look=(end, facts))
        end_coop(access=access, coop=coop, end=end, today=timezone.localdate(), submission=form.cleaned_data["submission"])
    except AlreadySubmitted:
        pass
    except Refused as refusal:
        for line in str(refusal).splitlines():
            form.add_error(None, line)
        return _show(request, access, coop, form, status=422)
    messages.success(request, f"{coop.name} est fermée. Ses comptes se lisent encore dix ans, et ne changent plus.")
    return redirect("end_of_coop", department=department, rne=rne)


def _end_in(access: AssociationAccess, form: EndForm) -> CoopEnd | None:
    """Return the end that a form says; None where it says none, and why in the form."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    heir = heir_of(access.association, given["heir"]) if given["heir"] else None
    if given["heir"] and heir is None:
        form.add_error("heir", "Aucune coopérative de votre association ne porte ce RNE.")
        return None
    return CoopEnd(given["day"], given["reason"], heir)


def _show(  # noqa: PLR0913, PLR0917 -- what the page is made of
    request: HttpRequest, access: AssociationAccess, coop: Coop, form: EndForm | None = None, status: int = 200, look: Look | None = None
) -> HttpResponse:
    """Show the page; `look`: the end that is about to be done, to be read before it is confirmed."""
    book, today = latest_book(coop), timezone.localdate()
    last_day = min(today, book.year.last_day) if book else today
    facts = facts_of_end(book, today, today) if book else None
    context = {
        "access": access,
        "here": "coops",
        "coop": coop,
        "book": book,
        "facts": facts,
        "adhesions": [] if coop.closed_on else unsettled_memberships(coop),
        "refusals": coop_end_refusals(facts) if facts else [],
        "until": readable_until(coop.closed_on) if coop.closed_on else None,
        "last_look": look,
        "form": form or EndForm(initial={"day": last_day}),
    }
    return render(request, "year_end/handover/end.html", context, status=status)


@require_safe
def decision(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Return the letter about a coop that has ended. Raises Http404 for one that has not."""
    access = open_association(request.user, department)
    coop = coop_of(access.association, rne)
    if coop.closed_on is None:
        raise Http404
    response = HttpResponse(decision_pdf(coop, coop.closed_on, timezone.localdate()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{decision_name(coop)}"'
    return response
