"""Verify a seal: a file is sent, and nothing of it is kept."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from retkoop.year_end.seal.verification import LARGEST, verdict_on


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify_seal(request: HttpRequest) -> HttpResponse:
    """Say whether a file is a sealed report of this installation."""
    sent = request.FILES.get("fichier") if request.method == "POST" else None
    problem, verdict = "", None
    if request.method == "POST":
        if sent is None:
            problem = "Choisissez d’abord le fichier PDF à vérifier."
        elif (sent.size or 0) > LARGEST:
            problem = "Ce fichier est bien trop gros pour un compte rendu\u202f: 50 Mo au plus."
        else:
            verdict = verdict_on(sent.read())
    status = 422 if problem else 200
    return render(
        request, "year_end/seal/verify.html", {"problem": problem, "verdict": verdict, "name": sent.name if sent else ""}, status=status
    )
