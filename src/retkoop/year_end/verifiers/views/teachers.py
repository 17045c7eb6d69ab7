"""The émargement: the page that a square in the staff room opens, where each teacher writes their name under the accounts."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from retkoop.audit.services import Author
from retkoop.books.writable import Refused
from retkoop.users.tries import Counter, TooManyTries, begin
from retkoop.year_end.models import SigningWay
from retkoop.year_end.verifiers.forms import TeacherForm
from retkoop.year_end.verifiers.signing import seen_of, sign_as_teacher
from retkoop.year_end.verifiers.tokens import book_to_sign
from retkoop.year_end.verifiers.visit import summary_of


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def emargement(request: HttpRequest, token: str) -> HttpResponse:
    """What the year comes to, and a line for a name."""
    book = book_to_sign(token)
    if book is None:
        return render(request, "year_end/verifiers/closed.html", status=404)
    seen = seen_of(book)
    form, signed, status = TeacherForm(request.POST if request.method == "POST" else None, initial={"seen": seen}), "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                begin([Counter(f"emargement {book.pk} from {get_adapter().get_client_ip(request)}", free=60)])
                given, name = form.cleaned_data, form.cleaned_data["name"]
                sign_as_teacher(book=book, author=Author(None, name, "teacher"), way=SigningWay.HAND, **given)
                signed, form, status = name, TeacherForm(initial={"seen": seen}), 200
            except (Refused, TooManyTries) as refusal:
                form.add_error("name", refusal.messages[0] if isinstance(refusal, TooManyTries) else str(refusal))
        form.shown_again(seen)
    context = {"book": book, "summary": summary_of(book), "form": form, "signed": signed, "token": token}
    return render(request, "year_end/verifiers/emargement.html", context, status=status)
