"""Reading accounts: where one is open, what protects it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from retkoop.users.browsers import browser_name
from retkoop.users.models import User


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Where and since when an account is open."""

    browser: str
    address: str
    since: datetime
    is_here: bool


class NoAccount(ValueError):
    """Nobody bears this identifier; the message says so in French."""


def account_named(identifier: str) -> User:
    """Return the account that bears an identifier. Raises NoAccount."""
    user = User.objects.filter(username=identifier).first()
    if user is None:
        raise NoAccount(f"Aucun compte ne porte l’identifiant {identifier}.")
    return user


def open_sessions(user: User, here: str | None) -> list[OpenSession]:
    """Return the sessions of an account that still run, the one of this browser (`here`, its key) first."""
    running = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = UserSession.objects.filter(user=user, session_key__in=running).order_by("-created_at")
    found = [OpenSession(browser_name(row.user_agent), row.ip, row.created_at, row.session_key == here) for row in rows]
    return sorted(found, key=lambda session: not session.is_here)


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def recovery_codes_of(user: User) -> Sequence[str] | None:
    """Return the recovery codes that were not used yet; None without a second factor."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return found and list(found.wrap().get_unused_codes())
