"""The payments of an AD's adhésions: announced, received, come back; the journal of what was received."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.domain.money import format_amount
from retkoop.memberships.access import MONEY, money_access
from retkoop.memberships.models import Payment
from retkoop.memberships.queries import facts_of, memberships
from retkoop.memberships.receipts import journal, queries, services
from retkoop.memberships.receipts.forms import CancelForm, PaymentForm, PeriodForm, ReceiveForm, ReturnForm, picks_of
from retkoop.memberships.receipts.page import year_asked
from retkoop.network.access import AssociationAccess, open_association

HERE: Final = "memberships"
Verb = tuple[type[CancelForm | ReceiveForm | ReturnForm], Callable[..., Payment], str]
VERBS: Final[dict[str, Verb]] = {
    "recu": (ReceiveForm, services.receive_payment, "Le paiement est noté reçu."),
    "annuler": (CancelForm, services.cancel_payment, "Le paiement est annulé. Il reste visible, avec le motif."),
    "impaye": (ReturnForm, services.payment_came_back, "Le paiement est noté revenu impayé."),
}


@require_safe
def payments(request: HttpRequest, department: str) -> HttpResponse:
    """List the payments of a year, by what became of them."""
    access, year = open_association(request.user, department), year_asked(request)
    condition, typed = request.GET.get("etat", ""), request.GET.get("q", "")
    rows = queries.found_among(queries.payments_of(access.association, year), condition, typed)
    context = {
        "access": access,
        "here": HERE,
        "year": year,
        "condition": condition,
        "typed": typed,
        "sums": queries.sums_by_state(access.association, year),
        "payments": queries.page_of(rows, request.GET.get("page")),
        "may_act": access.role in MONEY,
        "today": timezone.localdate(),
    }
    return render(request, "memberships/receipts/payments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_payment(request: HttpRequest, department: str) -> HttpResponse:
    """Record a cheque, a transfer, or money given back."""
    access, year = money_access(request.user, department), year_asked(request)
    rows = queries.payable(access.association, year)
    asked = next((one for one in rows if one.coop.rne == request.GET.get("coop")), None)
    initial = {"day": timezone.localdate(), "submission": uuid.uuid4(), "kind": "cheque"}
    owed = facts_of(asked).owed if asked else 0
    initial |= {"membership": str(asked.pk), "amount": abs(owed) or None, "kind": "refund" if owed < 0 else "cheque"} if asked else {}
    form = PaymentForm(request.POST if request.method == "POST" else None, initial=initial, picks=picks_of(rows))
    if form.is_valid() and _recorded(request, access, form):
        return redirect(f"{request.path.removesuffix('nouveau/')}?annee={year}")
    context = {"access": access, "here": HERE, "year": year, "form": form, "any": bool(rows)}
    return render(request, "memberships/receipts/new_payment.html", context, status=422 if form.is_bound else 200)


def _recorded(request: HttpRequest, access: AssociationAccess, form: PaymentForm) -> bool:
    """Record what a form says; what stands in the way is said in the form."""
    membership = queries.membership_by_key(access.association, form.key)
    if membership is None:
        form.add_error("membership", "Cette adhésion n’est plus là\u202f: rechargez la page.")
        return False
    verb = services.refund if form.is_refund else services.record_payment
    try:
        verb(access=access, membership=membership, facts=form.facts, submission=form.cleaned_data["submission"])
    except AlreadySubmitted:
        pass
    except Refused as refusal:
        places = {services.BeyondOwed: "amount", services.WrongDay: "day"}
        form.add_error(places.get(type(refusal)), str(refusal))
        return False
    messages.success(request, f"{membership.coop.name}\u202f: c’est enregistré.")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Show a payment and what can still become of it; a POST does one of these (`action`)."""
    access = (money_access if request.method == "POST" else open_association)(request.user, department)
    row = queries.payment_of(access.association, key)
    forms = _forms(row)
    named = VERBS.get(request.POST.get("action", ""))
    if named is not None:
        bound = named[0](request.POST)
        forms[named[0].__name__] = bound
        if bound.is_valid() and _done(request, access, row, bound, named):
            return redirect("membership_payment", department=department, key=key)
    context = {"access": access, "here": HERE, "payment": row, "forms": forms, "may_act": access.role in MONEY}
    return render(request, "memberships/receipts/payment.html", context, status=422 if request.method == "POST" else 200)


def _forms(row: Payment) -> dict[str, CancelForm | ReceiveForm | ReturnForm]:
    initial = {"version": row.version, "day": timezone.localdate()}
    return {one.__name__: one(initial=initial) for one in (ReceiveForm, CancelForm, ReturnForm)}


def _done(request: HttpRequest, access: AssociationAccess, row: Payment, form: CancelForm | ReceiveForm | ReturnForm, named: Verb) -> bool:
    try:
        named[1](access=access, key=row.pk, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("day" if isinstance(refusal, services.WrongDay) else None, str(refusal))
        return False
    owed = facts_of(memberships().get(pk=row.membership_id)).owed if named is VERBS["impaye"] else 0
    messages.success(request, f"{named[2]} Il reste {format_amount(owed)} à payer." if owed > 0 else named[2])
    return True


FILES: Final = {"csv": (journal.csv_of, "text/csv; charset=utf-8"), "txt": (journal.fec_of, "text/plain; charset=utf-8")}


@require_safe
def receipts_journal(request: HttpRequest, department: str) -> HttpResponse:
    """Show the totals of the journal over a period; `fichier` asks for it as CSV, or as lines of a FEC."""
    access, today = open_association(request.user, department), timezone.localdate()
    given = request.GET if {"du", "au"} & request.GET.keys() else None
    form = PeriodForm(given, initial={"du": today.replace(day=1), "au": today})
    period = form.cleaned_data if form.is_valid() else {} if given else {"du": today.replace(day=1), "au": today}
    entries = journal.journal_of(access.association, period["du"], period["au"]) if period else []
    named = FILES.get(request.GET.get("fichier", ""))
    if named is not None and period:
        response = HttpResponse(named[0](entries), content_type=named[1])
        name = f"encaissements-{department}-{period['du']}-{period['au']}.{request.GET['fichier']}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    totals = journal.totals_by_account(entries)
    context = {"access": access, "here": HERE, "form": form, "period": period, "totals": totals}
    return render(request, "memberships/receipts/journal.html", context, status=200 if period else 422)
