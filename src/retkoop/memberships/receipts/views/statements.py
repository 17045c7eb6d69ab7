"""The bank statement of an AD: files that come in, lines matched with what they pay."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.access import MONEY, money_access
from retkoop.memberships.models import ReceivedLine
from retkoop.memberships.receipts import queries, statements
from retkoop.memberships.receipts.forms import SetAsideForm, ShareForm, picks_of
from retkoop.memberships.receipts.page import Matching
from retkoop.memberships.receipts.sending import Sending
from retkoop.network.access import AssociationAccess, open_association
from retkoop.ui.forms import is_key
from retkoop.ui.templates import plural

HERE: Final = "memberships"


@require_http_methods(["GET", "HEAD", "POST"])
def received_statements(request: HttpRequest, department: str) -> HttpResponse:
    """Show the lines of the AD's statements and what they may pay; a POST brings a file, or says which account of it is read."""
    access = (money_access if request.method == "POST" else open_association)(request.user, department)
    sending = Sending(request, access)
    if request.method == "POST" and sending.done():
        return redirect("received_statements", department=department)
    asked = request.GET.get("voir", "")
    seen = asked if asked in queries.LINE_VIEWS else queries.TO_MATCH
    lines = queries.page_of(queries.lines_seen(access.association, seen), request.GET.get("page"))
    matching = Matching(access.association)
    context = {"access": access, "here": HERE, "form": sending.form, "accounts": sending.choice, "lines": lines}
    context |= {"seen": seen, "views": queries.LINE_VIEWS}
    context |= {"matching": matching, "files": queries.statements_of(access.association)[:12], "may_act": access.role in MONEY}
    context["rows"] = [(line, next(iter(matching.proposals(line)), None) if seen == queries.TO_MATCH else None) for line in lines]
    return render(request, "memberships/receipts/statements.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def accept_proposals(request: HttpRequest, department: str) -> HttpResponse:
    """Accept all sure proposals at once."""
    access = money_access(request.user, department)
    try:
        done = statements.accept_sure(access=access)
        messages.success(
            request, f"{plural(done, 'ligne rapprochée', 'lignes rapprochées')}." if done else "Aucune proposition n’est sûre."
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("received_statements", department=department)


@require_http_methods(["GET", "HEAD", "POST"])
def received_line(request: HttpRequest, department: str, key: int) -> HttpResponse:
    """Show a line, what it pays and what it may pay; a POST says so (`action`)."""
    access = (money_access if request.method == "POST" else open_association)(request.user, department)
    line = queries.line_of(access.association, key)
    payments = queries.paid_by_line(line)
    left = line.amount - sum(one.amount for one in payments)
    rows = queries.payable_any(access.association, SchoolYear.containing(max(line.date, timezone.localdate())))
    action = request.POST.get("action", "")
    share = ShareForm(request.POST if action == "partager" else None, picks=picks_of(rows), initial={"amount": left})
    forms: dict[str, ShareForm | SetAsideForm] = {"partager": share, "de-cote": SetAsideForm(request.POST if action == "de-cote" else None)}
    if request.method == "POST" and _acted(request, access, line, forms):
        after = left > 0 and action in {"partager", "defaire", "reprendre"}
        return (
            redirect("received_line", department=department, key=key) if after else redirect("received_statements", department=department)
        )
    context = {"access": access, "here": HERE, "line": line, "payments": payments, "left": left, "share": share, "aside": forms["de-cote"]}
    context |= {"proposals": Matching(access.association).proposals(line, left) if not line.set_aside else []}
    context["may_act"] = access.role in MONEY
    return render(request, "memberships/receipts/line.html", context, status=422 if request.method == "POST" else 200)


def _acted(request: HttpRequest, access: AssociationAccess, line: ReceivedLine, forms: Mapping[str, ShareForm | SetAsideForm]) -> bool:
    """Do what a POST asks of a line (`action`); what stands in the way is said in its form."""
    action = request.POST.get("action", "")
    form = forms.get(action)
    if form is not None and not form.is_valid():
        return False
    try:
        messages.success(request, _do(request, access, line, form))
    except Refused as refusal:
        if form is None:
            messages.error(request, str(refusal))
            return True
        form.add_error(None, str(refusal))
        return False
    return True


def _do(request: HttpRequest, access: AssociationAccess, line: ReceivedLine, form: ShareForm | SetAsideForm | None) -> str:
    """Call the verb of an action, and return what is said of it. Raises Refused."""
    if isinstance(form, ShareForm):
        given = form.cleaned_data
        shares, once = {form.key: given["amount"]}, given["submission"]
        with suppress(AlreadySubmitted):
            statements.match_line(access=access, key=line.pk, shares=shares, beyond=given["beyond"], submission=once)
        return "Le paiement est noté."
    if form is not None:
        statements.set_line_aside(access=access, key=line.pk, reason=form.cleaned_data["reason"])
        return "La ligne est mise de côté."
    action = request.POST.get("action")
    if action == "accepter":
        return _accepted(request, access, line)
    if action == "reprendre":
        statements.set_line_aside(access=access, key=line.pk, reason="")
        return "La ligne est de nouveau à rapprocher."
    if action == "defaire":
        statements.unmatch_line(access=access, key=line.pk)
        return "Le rapprochement est défait."
    raise Refused("Rechargez la page.")


def _accepted(request: HttpRequest, access: AssociationAccess, line: ReceivedLine) -> str:
    """Accept a proposal as the page has shown it: a bordereau, or cents by adhésion. Raises Refused."""
    deposit, shares = request.POST.get("deposit", ""), request.POST.getlist("share")
    if is_key(deposit):
        statements.match_deposit(access=access, key=line.pk, deposit=int(deposit))
        return "Le bordereau est crédité."
    pairs = [one.partition(":") for one in shares]
    if not all(is_key(key) and is_key(cents) for key, _, cents in pairs):
        raise Refused("Rechargez la page.")
    statements.match_line(access=access, key=line.pk, shares={int(key): int(cents) for key, _, cents in pairs})
    return "Le paiement est noté."
