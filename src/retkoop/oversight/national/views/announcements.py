"""What the federation announces: its page, and the button of those who have read it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.audit.services import AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.network.access import open_federation
from retkoop.oversight.national import announcing
from retkoop.oversight.national.forms import AnnouncementForm
from retkoop.oversight.national.models import Readers
from retkoop.ui.fragments import wants_fragment
from retkoop.users.models import User


def _said(form: AnnouncementForm, verb: Callable[[], object]) -> bool:
    """Call a verb on a valid form and tell whether it was done; what refuses it stands on the form."""
    try:
        verb()
    except AlreadySubmitted:
        return True
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def announcements(request: HttpRequest) -> HttpResponse:
    """List what is announced; a POST announces something."""
    author = open_federation(request.user)
    today = timezone.localdate()
    form = AnnouncementForm(request.POST) if request.method == "POST" else AnnouncementForm(initial={"first_day": today})
    if form.is_valid() and _said(
        form, lambda: announcing.announce(author=author, words=form.words, submission=form.cleaned_data["submission"])
    ):
        messages.success(request, "L’annonce est enregistrée.")
        return redirect("announcements")
    context = {"form": form, "rows": announcing.announced(), "today": today}
    return render(request, "oversight/national/announcements.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def announcement(request: HttpRequest, key: int) -> HttpResponse:
    """Show an announcement to change it; a POST changes it."""
    author, row = open_federation(request.user), announcing.announcement_of(key)
    form = AnnouncementForm(request.POST) if request.method == "POST" else AnnouncementForm.of(row)
    if form.is_valid():
        version, words = form.cleaned_data["version"] or 0, form.words
        if _said(form, lambda: announcing.change_announcement(author=author, key=key, version=version, words=words)):
            messages.success(request, "L’annonce est modifiée.")
            return redirect("announcements")
    context = {"form": form, "row": row}
    return render(request, "oversight/national/announcement.html", context, status=422 if form.is_bound else 200)


@require_POST
def withdraw_announcement(request: HttpRequest, key: int) -> HttpResponse:
    announcing.withdraw_announcement(author=open_federation(request.user), key=key)
    messages.success(request, "L’annonce est retirée.")
    return redirect("announcements")


@require_safe
def announcements_here(request: HttpRequest) -> HttpResponse:
    """Return what a coop has not read yet: the part of its home that asks for it, or a page where there is no script."""
    rows = announcing.announcements_for(request.user, Readers.COOPS) if isinstance(request.user, User) else []
    name = "_announced" if wants_fragment(request) else "announced"
    return render(request, f"oversight/national/{name}.html", {"rows": rows, "back": request.GET.get("retour", "/")})


@require_POST
def read_announcement(request: HttpRequest, key: int) -> HttpResponse:
    """Note that somebody has read an announcement, and return to where they were."""
    if isinstance(request.user, User):
        announcing.read_announcement(user=request.user, key=key)
    asked = request.POST.get("retour", "")
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None)
    return HttpResponseRedirect(asked if safe else reverse("start"))
