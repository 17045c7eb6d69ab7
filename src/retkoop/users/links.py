"""Links that let their bearer choose a password: from the AD to activate an account, by mail to whoever forgot theirs.

A token is signed and names the account and its state: it dies at its date, or as soon as the password changes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, TypedDict

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from retkoop.users.models import User

ACTIVATION_LASTS: Final = timedelta(days=14)
RESET_LASTS: Final = timedelta(hours=24)
_SALT: Final = "retkoop.users.links"


class _Link(TypedDict):
    account: int
    until: int
    state: str


def token_for(user: User, lasts: timedelta) -> str:
    """Return the token of a link to choose this account's password."""
    until = int((timezone.now() + lasts).timestamp())
    return signing.dumps(_Link(account=user.pk, until=until, state=_state(user)), salt=_SALT)


def account_of(token: str) -> User | None:
    """Return the account whose password a token lets choose; None for a token that is forged, used or out of date."""
    try:
        link: _Link = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=link["account"], is_active=True).first()
    if user is None or link["until"] < timezone.now().timestamp() or not constant_time_compare(link["state"], _state(user)):
        return None
    return user


def path_of(token: str) -> str:
    return reverse("activation_link", kwargs={"token": token})


def public_address(path: str) -> str:
    """Return the whole address of a page, for whoever reads it outside of a browser."""
    return f"{settings.PUBLIC_URL}{path}"


def _state(user: User) -> str:
    return salted_hmac(_SALT, f"{user.pk} {user.password} {user.activated_at}", algorithm="sha256").hexdigest()[:24]
