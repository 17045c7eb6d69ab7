"""The verbs on accounts. A password is in no event of the trail, not even its hash: only that it was changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session

from retkoop.audit.services import Author, Trail, writing
from retkoop.users import links
from retkoop.users.models import User
from retkoop.users.tries import Counter, TooManyTries, begin

STRANGER = Author(None, "Inconnu", "stranger")
"""Who types a wrong password: nobody knows."""

TRACED_FAILURES = 5
"""So many wrong tries of an account are in its trail one by one, then one at most each quarter of an hour."""


class AlreadyActivated(Exception):
    """The account has its own password: nothing but that password, or its AD, opens it."""


def themselves(user: User) -> Author:
    """Return the author of what people do to their own account."""
    return Author(user, user.name, "account")


def create_account(  # noqa: PLR0913 -- an account is these facts
    *, author: Author, username: str, name: str, family: User.Family, email: str = "", own_words: Sequence[str] = ()
) -> User:
    """Make an account that waits for its activation. `own_words` are refused in its passwords."""
    user = User(username=username, name=name, email=email, family=family, own_words=[word for word in own_words if word])
    with writing(user.chain, author) as trail:
        return add_account(trail, user)


def add_account(trail: Trail, user: User) -> User:
    """Save a new account without a usable password; to be called inside a `writing`."""
    user.set_unusable_password()
    user.save(force_insert=True)
    trail.created(user, action="account.created")
    return user


def activate(*, user: User, password: str) -> User:
    """Give an account the first password of its own. From now on the initial one opens nothing, for ever.

    Raises AlreadyActivated, also where someone was quicker.
    """
    hashed = make_password(password)  # slow on purpose: before the transaction, not inside
    with writing(user.chain, themselves(user)) as trail:
        fresh = User.objects.get(pk=user.pk)
        if fresh.activated_at is not None:
            raise AlreadyActivated
        before = fresh.snapshot()
        fresh.password, fresh.activated_at, fresh.initial_spent = hashed, trail.at, True
        fresh.save()
        trail.changed(fresh, before, action="account.activated")
    return fresh


def change_password(*, user: User, password: str, session_kept: str | None = None) -> None:
    """Change the password of an activated account and end its sessions, but the one that is named."""
    user.password = make_password(password)
    with writing(user.chain, themselves(user)) as trail:
        user.save(update_fields=["password"])
        trail.changed(user, user.snapshot(), action="account.password_changed")
        _end_sessions(user, session_kept)


def return_to_initial_state(*, author: Author, user: User) -> None:
    """Take an account back to the day of its creation: no password, no session, no second factor.

    Only a link (`links`) activates it again: its books are no longer empty, and the initial password is public.
    """
    with writing(user.chain, author) as trail:
        before = user.snapshot()
        user.set_unusable_password()
        user.activated_at, user.initial_spent, user.closes_at = None, True, None
        user.save()
        trail.changed(user, before, action="account.reset")
        Authenticator.objects.filter(user=user).delete()
        _end_sessions(user, None)


def close_on(*, author: Author, user: User, at: datetime) -> None:
    """Have an account let nobody in from a moment on, until it is taken back to its initial state."""
    with writing(user.chain, author) as trail:
        before = user.snapshot()
        user.closes_at = at
        user.save(update_fields=["closes_at"])
        trail.changed(user, before, action="account.closing")


def make_activation_link(*, author: Author, user: User, mailed: bool = False) -> str:
    """Return the token of a link that lets its bearer choose the account's password. Raises AlreadyActivated.

    The trail tells one that is handed over from one that is `mailed` to the account's own address.
    """
    if user.activated_at is not None:
        raise AlreadyActivated
    with writing(user.chain, author) as trail:
        trail.changed(user, user.snapshot(), action="account.link_sent" if mailed else "account.link_made")
    return links.token_for(user, links.ACTIVATION_LASTS)


def end_other_sessions(*, user: User, session_kept: str | None) -> None:
    """End what the account has open elsewhere."""
    with writing(user.chain, themselves(user)) as trail:
        _end_sessions(user, session_kept)
        trail.changed(user, user.snapshot(), action="account.sessions_ended")


@contextmanager
def second_factor_change(*, user: User, action: str) -> Iterator[None]:
    """Tell in the trail, in the same transaction, what allauth does to the second factor of an account."""
    with writing(user.chain, themselves(user)) as trail:
        yield
        trail.changed(user, user.snapshot(), action=action)


def tell_wrong_try(*, username: str) -> None:
    """Tell the trail of an account that someone failed to log in to it; a flood of failures leaves but a few events."""
    user = User.objects.filter(username=username).first()
    if user is None:
        return
    with suppress(TooManyTries):
        begin([Counter(f"told {username}", free=TRACED_FAILURES)])
        with writing(user.chain, STRANGER) as trail:
            trail.changed(user, user.snapshot(), action="account.wrong_try")


def _end_sessions(user: User, session_kept: str | None) -> None:
    others = UserSession.objects.filter(user=user).exclude(session_key=session_kept or "")
    Session.objects.filter(session_key__in=list(others.values_list("session_key", flat=True))).delete()
    others.delete()
