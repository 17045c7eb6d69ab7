"""Whether an attestation is genuine, for anybody: a town hall, an insurer, a head teacher has no account here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.domain.attestation_code import read_code, written_code
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.validating.attestation_document import adheres, facts_told
from retkoop.memberships.validating.attestations import REPLACED, attested
from retkoop.memberships.validating.forms import CodeForm
from retkoop.memberships.validating.queries import attestation_named
from retkoop.users.tries import Counter, TooManyTries, counted

FREE: Final = 20
"""So many wrong codes from one address cost no wait: a town hall checks those of all its schools."""


class _Unknown(Exception):
    """No attestation has this code."""


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the code of an attestation; a right one leads to its page.

    Wrong codes are counted here. The page of a code reads without writing anything, as every page: a code has 80 bits.
    """
    if request.method != "POST":
        return _answer(request, "find", {"form": CodeForm()})
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _answer(request, "find", {"form": form}, HTTPStatus.UNPROCESSABLE_ENTITY)
    typed, address = form.cleaned_data["code"], get_adapter().get_client_ip(request)
    try:
        with counted(Counter(f"attestation from {address}", free=FREE, wiped_by_success=False)):
            _known(typed)
    except TooManyTries as refusal:
        form.add_error("code", refusal)
        return _answer(request, "find", {"form": form}, HTTPStatus.TOO_MANY_REQUESTS)
    except _Unknown:
        return _answer(request, "check", {"row": None}, HTTPStatus.NOT_FOUND)
    return redirect("check_attestation", code=written_code(read_code(typed) or ""))


def _known(typed: str) -> None:
    if attestation_named(typed) is None:
        raise _Unknown


@login_not_required
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the attestation of a code is genuine, and what it says."""
    row = attestation_named(code)
    if row is None:
        return _answer(request, "check", {"row": None}, HTTPStatus.NOT_FOUND)
    said = attested(row)
    context = {
        "row": row,
        "said": said,
        "code": written_code(row.code),
        "adheres": adheres(said.association, said.year, SchoolYear.parse(said.year)),
        "facts": facts_told(row),
        "replaced": row.revoked_reason == REPLACED,
    }
    return _answer(request, "check", context)


def _answer(request: HttpRequest, page: str, context: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    response = render(request, f"memberships/validating/{page}.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
