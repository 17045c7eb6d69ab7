"""First log-in (première connexion): the initial password of a coop, or a link, starts an activation and opens nothing else.

The initial password is `coop` and the last five characters of the RNE, which is public: it works until the account is
activated, never after, and as long as the AD allows it. Where the instance can send mail, a code sent to the school's
official address must be typed as well. What was started waits in the session, an hour at most.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.module_loading import import_string

from retkoop.domain.passwords import initial_password
from retkoop.users import links, mail
from retkoop.users.models import User
from retkoop.users.tries import Counter, begin

LASTS: Final = timedelta(hours=1)
_KEY: Final = "first_login"


@dataclass(frozen=True, slots=True)
class Start:
    """An activation under way: whose, and the fingerprint of the code that was sent ("" where none is asked)."""

    user: User
    by_link: bool
    nonce: str
    code: str

    @property
    def needs_code(self) -> bool:
        return not self.by_link and settings.CAN_SEND_MAIL

    def is_code(self, typed: str) -> bool:
        return bool(self.code) and constant_time_compare(self.code, _fingerprint(self.nonce, typed))


def is_initial(identifier: str, password: str) -> bool:
    """Tell whether somebody typed the initial password that goes with an identifier; nothing is secret in it."""
    return constant_time_compare(password, initial_password(identifier))


def account_to_start(identifier: str) -> User | None:
    """Return the account that its initial password may start today."""
    user = User.objects.filter(
        username=identifier, family=User.Family.COOP, is_active=True, activated_at__isnull=True, initial_spent=False
    ).first()
    # the AD decides, and knows this room; settings name its rule, so that this room need not know the AD
    allowed = user is not None and import_string(settings.FIRST_LOGIN_ALLOWED)(rne=identifier, day=timezone.localdate())
    return user if allowed else None


def was_never_activated(identifier: str) -> bool:
    return User.objects.filter(username=identifier, family=User.Family.COOP, activated_at__isnull=True).exists()


def start(request: HttpRequest, user: User) -> None:
    """Start the activation of an account by its initial password."""
    _keep(request, user=user.pk, nonce=secrets.token_urlsafe(12))


def start_by_link(request: HttpRequest, token: str) -> None:
    """Start by a link: the token waits in the session, out of the address and of what it might leak to.

    A dead or forged one leaves nothing behind: whoever asks for a thousand addresses fills no table.
    """
    if links.account_of(token) is None:
        forget(request)
    else:
        _keep(request, token=token, nonce=secrets.token_urlsafe(12))


def _keep(request: HttpRequest, **values: object) -> None:
    request.session[_KEY] = {**values, "until": (timezone.now() + LASTS).timestamp()}


def current(request: HttpRequest) -> Start | None:
    """Return the activation that this browser has started, judged again: its time, its link, what the AD allows."""
    kept = request.session.get(_KEY)
    if kept is None or kept["until"] < timezone.now().timestamp():
        return None
    user = links.account_of(kept["token"]) if "token" in kept else _still_to_start(kept["user"])
    return Start(user, "token" in kept, kept["nonce"], kept.get("code", "")) if user is not None else None


def _still_to_start(key: int) -> User | None:
    user = User.objects.filter(pk=key).first()
    return account_to_start(user.username) if user is not None else None


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def send_code(request: HttpRequest, begun: Start, address: str) -> None:
    """Send a new code to the school's official address; an older one is worth nothing from now on.

    Raises TooManyTries where too many were asked for, mail.NotSent where the mail server refuses.
    """
    begin([Counter(f"code for {begun.user.pk} from {address}", free=4), Counter(f"code for {begun.user.pk}", free=30)])
    code = f"{secrets.randbelow(1_000_000):06d}"
    mail.send("users/mail/code.txt", begun.user, code=code)
    request.session[_KEY] = {**request.session[_KEY], "code": _fingerprint(begun.nonce, code)}


def code_counter(begun: Start) -> Counter:
    """Return what counts the codes typed for an activation."""
    return Counter(f"typed code {begun.nonce}", free=5)


def _fingerprint(nonce: str, code: str) -> str:
    return salted_hmac("retkoop.users.first_login", f"{nonce} {code}", algorithm="sha256").hexdigest()
