"""The adhésion of a coop before its AD: everything about it, validated or noted as not renewed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.domain.attestation_code import written_code
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.access import money_access
from retkoop.memberships.validating import services
from retkoop.memberships.validating.forms import LeavingForm, ValidationForm
from retkoop.memberships.validating.page import MembershipOfCoop, year_of
from retkoop.memberships.validating.queries import attestation_in_force
from retkoop.memberships.validating.views.coop import no_attestation, pdf_answer
from retkoop.network.access import open_association
from retkoop.network.queries import coop_of


@require_safe
def membership(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Everything about one adhésion."""
    access = open_association(request.user, department)
    return _show(request, MembershipOfCoop(access, coop_of(access.association, rne), year_of(request.GET.get("annee"))))


def _show(request: HttpRequest, page: MembershipOfCoop, status: int = 200, leaving: LeavingForm | None = None) -> HttpResponse:
    page.coop.association = page.access.association
    context = {
        "access": page.access,
        "here": "memberships",
        "page": page,
        "form": ValidationForm(initial={"number": page.case.facts.declared}),
        "written": written_code,
        "leaving": leaving or LeavingForm(auto_id="id_leaving_%s"),
    }
    return render(request, "memberships/validating/of_coop.html", context, status=status)


@require_POST
def validate(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Validate the adhésion that was read."""
    access = money_access(request.user, department)
    coop, year = coop_of(access.association, rne), year_of(request.POST.get("annee"))
    form = ValidationForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Rechargez la page, puis validez de nouveau.")
        return _back(department, rne, year)
    try:
        done = services.validate(access=access, coop=coop, year=year, **form.cleaned_data)
        messages.success(request, "L’adhésion est validée, l’attestation est prête et la coopérative reçoit un courriel.")
        for reason in done.left:
            messages.warning(request, f"Le paiement n’est pas encore dans son cahier. {reason}")
    except AlreadySubmitted:
        messages.success(request, "L’adhésion est validée.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(department, rne, year)


@require_POST
def leave(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """Note that a coop does not renew, or take it back."""
    access = money_access(request.user, department)
    coop, year = coop_of(access.association, rne), year_of(request.POST.get("annee"))
    stays = "reste" in request.POST
    form = LeavingForm(request.POST, auto_id="id_leaving_%s")
    if not stays and not form.is_valid():
        return _show(request, MembershipOfCoop(access, coop, year), 422, form)
    try:
        if stays:
            services.unmark_left(access=access, coop=coop, year=year)
        else:
            services.mark_left(access=access, coop=coop, year=year, **form.cleaned_data)
        messages.success(
            request, "Elle compte de nouveau parmi les adhésions attendues." if stays else "C’est noté\u202f: elle ne renouvelle pas."
        )
    except AlreadySubmitted:
        messages.success(request, "C’est noté\u202f: elle ne renouvelle pas.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(department, rne, year)


def _back(department: str, rne: str, year: SchoolYear) -> HttpResponse:
    return redirect(f"{reverse('membership_of_coop', kwargs={'department': department, 'rne': rne})}?annee={year}")


@require_safe
def attestation(request: HttpRequest, department: str, rne: str) -> HttpResponse:
    """The attestation that holds, as a PDF."""
    access = open_association(request.user, department)
    row = attestation_in_force(coop_of(access.association, rne), year_of(request.GET.get("annee")))
    return pdf_answer(row, access.association, timezone.localdate()) if row else no_attestation(request)
