from __future__ import annotations

import json

from django.http import HttpResponse

from retkoop.ui.toasts import with_toast


def test_a_toast_travels_with_the_answer() -> None:
    response = with_toast(HttpResponse(status=204), "Pièce D12 enregistrée.", tone="good")
    assert json.loads(response["HX-Trigger"]) == {"toast": {"text": "Pièce D12 enregistrée.", "tone": "good"}}
