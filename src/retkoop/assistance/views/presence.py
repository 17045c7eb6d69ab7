"""The pulse of a page in sight."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from retkoop.assistance.presence import sight, take_pulse
from retkoop.network.access import open_coop
from retkoop.ui.keys import read_key


@require_POST
def presence(request: HttpRequest, rne: str, year: str) -> JsonResponse:  # noqa: ARG001 -- one address for all years of a coop
    """Say who else is on the coop's pages, and whether another hand has changed anything since the place that the page shows."""
    access, sent = open_coop(request.user, rne), request.POST
    key, known = request.session.session_key or "", read_key(sent.get("place", ""))
    seen = sight(access, session_key=key, path=sent.get("chemin", ""), title=sent.get("titre", ""), known=known)
    return JsonResponse(take_pulse(access=access, seen=seen).as_json())
