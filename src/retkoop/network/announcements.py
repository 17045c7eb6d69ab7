"""What the federation announces, which stands above this room: the roof names who answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.conf import settings
from django.utils.module_loading import import_string

from retkoop.users.models import User


def announcements(user: User, readers: Literal["coops", "associations"]) -> Sequence[Any]:
    """Return what is announced today to coops or to ADs and that somebody has not read: each has a `pk`, a `title` and a `text`."""
    announced: Sequence[Any] = import_string(settings.ANNOUNCEMENTS)(user, readers)
    return announced
