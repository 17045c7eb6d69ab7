"""What every request begins with, asked by statements compiled once: its session and its account."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils import timezone

from retkoop.audit.statements import prepared
from retkoop.users.models import User

_COLUMNS: Final = [field.attname for field in User._meta.concrete_fields]


@prepared
def _data(key: str, now: datetime) -> QuerySet[Session, tuple[Any, ...]]:
    return Session.objects.filter(session_key=key, expire_date__gt=now).values_list("session_data")


@prepared
def _accounts(key: int) -> QuerySet[User, tuple[Any, ...]]:
    return User.objects.filter(pk=key).values_list(*_COLUMNS)


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def load(self) -> dict[str, Any]:
        for (data,) in _data(self.session_key, timezone.now()) if self.session_key else ():
            return self.decode(data)
        self._session_key = None
        return {}


class AccountBackend(ModelBackend):
    """Django's own backend: identifiers count their case, as printed (allauth's ignores it)."""

    def get_user(self, user_id: int) -> User | None:
        for row in _accounts(user_id):
            user = User.from_db(DEFAULT_DB_ALIAS, _COLUMNS, row)
            return user if self.user_can_authenticate(user) else None
        return None

    def user_can_authenticate(self, user: AbstractBaseUser | AnonymousUser | None) -> bool:
        """Tell whether somebody may be in; an account that changes hands lets nobody in from its moment on, to the second."""
        open_still = not isinstance(user, User) or user.closes_at is None or timezone.now() < user.closes_at
        return open_still and super().user_can_authenticate(user)  # type: ignore[arg-type]  # narrower in the stubs than in Django
