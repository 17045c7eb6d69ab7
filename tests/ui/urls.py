"""The pages of this room alone, and pages that go wrong."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_POST


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def unreadable(request: HttpRequest) -> HttpResponse:
    raise BadRequest


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    return HttpResponse("enregistré")


def too_often(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": "60"})


def told(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Déjà dit.", status=404)


def invalid(request: HttpRequest) -> HttpResponse:
    return HttpResponse("À corriger", status=422)


def conflict(request: HttpRequest) -> HttpResponse:
    return HttpResponse("À corriger", status=409)


urlpatterns = [
    path("", include("retkoop.ui.urls")),
    path("refuse/", login_not_required(refuse)),
    path("unreadable/", login_not_required(unreadable)),
    path("broken/", login_not_required(broken)),
    path("save/", login_not_required(save)),
    path("too-often/", login_not_required(too_often)),
    path("invalid/", login_not_required(invalid)),
    path("conflict/", login_not_required(conflict)),
    path("told/", login_not_required(told)),
]
handler400 = "retkoop.ui.errors.bad_request"
handler403 = "retkoop.ui.errors.permission_denied"
handler404 = "retkoop.ui.errors.page_not_found"
handler500 = "retkoop.ui.errors.server_error"
