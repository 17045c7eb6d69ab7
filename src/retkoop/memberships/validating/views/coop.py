"""What a coop gets of its adhésion: its attestation, and the payment in its cahier."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.page import open_page
from retkoop.books.writable import Refused
from retkoop.memberships.models import MembershipAttestation
from retkoop.memberships.validating.attestation_document import attestation_name, attestation_pdf
from retkoop.memberships.validating.booking import BookingProposal, book_payments
from retkoop.memberships.validating.page import ProofBoard
from retkoop.memberships.validating.queries import attestation_in_force
from retkoop.network.forms import SubmissionForm
from retkoop.network.models import DepartmentalAssociation
from retkoop.ui.errors import Trouble, error_page
from retkoop.ui.templates import plural

NO_ATTESTATION: Final = Trouble(
    "L’attestation n’est pas encore prête",
    "Elle est faite dès que l’association départementale a validé l’adhésion, une fois payée.",
    "Voyez où en est l’adhésion, sur sa page.",
)


@require_safe
def proof(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The attestation, and what the cahier holds of the adhésion."""
    page = open_page(request, rne, year)
    context = {"page": page, "here": "membership", "proof": ProofBoard(page), "form": SubmissionForm()}
    return render(request, "memberships/validating/proof.html", context)


@require_safe
def here(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """What the first page of the coop says of payments that wait for the cahier, asked for by itself; nothing where there are none."""
    page = open_page(request, rne, year)
    board = ProofBoard(page)
    waits = board.may_write and not board.association_books
    return render(request, "memberships/validating/_here.html", {"page": page, "waiting": len(board.ready) if waits else 0})


@require_safe
def attestation(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The attestation as a PDF; refused before the adhésion is validated."""
    page = open_page(request, rne, year)
    row = attestation_in_force(page.coop, page.year)
    return pdf_answer(row, page.coop.association, page.today) if row else no_attestation(request)


def pdf_answer(row: MembershipAttestation, association: DepartmentalAssociation, today: date) -> HttpResponse:
    disposition = f'attachment; filename="{attestation_name(row)}"'
    content = attestation_pdf(row, association, today)
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


def no_attestation(request: HttpRequest) -> HttpResponse:
    return error_page(request, 404, NO_ATTESTATION)


@require_POST
def book(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Put the payments that wait into the cahier."""
    page = open_page(request, rne, year, to_write=True)
    board, form = ProofBoard(page), SubmissionForm(request.POST)
    if board.row is None or not form.is_valid():
        messages.error(request, "Rechargez la page, puis recommencez.")
        return redirect(page.url("membership_proof"))
    try:
        done = book_payments(access=page.access, membership=board.row, **form.cleaned_data)
        messages.success(request, _said([one for one in done if one.refusal is None]))
        for one in done:
            if one.refusal:
                messages.warning(request, one.refusal)
    except AlreadySubmitted:
        messages.success(request, "C’est dans le cahier.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(page.url("membership_proof"))


def _said(done: list[BookingProposal]) -> str:
    found = sum(one.noted is not None for one in done)
    made = len(done) - found
    told = [plural(made, "opération inscrite", "opérations inscrites")] if made else []
    told += [plural(found, "opération que vous aviez notée, reconnue", "opérations que vous aviez notées, reconnues")] if found else []
    return f"C’est dans le cahier\u202f: {' et '.join(told)}."
