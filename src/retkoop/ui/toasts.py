"""A word in passing after an htmx answer: the page's script shows it in the corner, and screen readers say it."""

from __future__ import annotations

from django.http import HttpResponse
from django_htmx.http import trigger_client_event


def with_toast(response: HttpResponse, text: str, tone: str = "plain") -> HttpResponse:
    """Have the page show `text` when the answer arrives; `tone` is plain, good, warn or bad."""
    return trigger_client_event(response, "toast", {"text": text, "tone": tone})
