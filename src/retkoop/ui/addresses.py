"""The address of a page, by its name."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=4096)
def address_of(name: str, /, *args: object, **kwargs: object) -> str:
    """Return Django's `reverse`, remembered: a page names some thirty addresses, and to look them up again each time would cost as much
    as its queries.
    """
    return reverse(name, args=args or None, kwargs=kwargs or None)
