"""Django's door to the rules for new passwords: every form that sets one goes through it."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from retkoop.domain.passwords import MINIMUM, STAFF_MINIMUM, password_problems
from retkoop.users.models import User


class HousePasswordValidator:
    """The rules of `domain.passwords`, by the length and the own words of whoever's password it is."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError with a French sentence for each reason."""
        problems = password_problems(password, known_words(user), minimum(user))
        if problems:
            raise ValidationError(problems)

    def get_help_text(self) -> str:
        return advice(None)


def minimum(user: User | None) -> int:
    """Return how many characters the account's password needs."""
    return STAFF_MINIMUM if user is not None and user.is_staff_of_occe else MINIMUM


def known_words(user: User | None) -> list[str]:
    """Return what is publicly known of an account, and must not make up its password."""
    return [user.username, user.name, *user.own_words] if user is not None else []


def advice(user: User | None) -> str:
    """Say what is asked of a new password, before anything is typed."""
    return (
        f"Au moins {minimum(user)} caractères. Quelques mots mis bout à bout conviennent très bien, "
        "mais pas le RNE, l’école, la commune ou «\u00a0coop\u00a0» à eux seuls."
    )
