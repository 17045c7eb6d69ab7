"""Mail to accounts, where the instance can send any (RETKOOP_EMAIL_URL)."""

from __future__ import annotations

from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from retkoop.users.models import User


class NotSent(Exception):
    """The message did not leave."""


def send(template: str, user: User, **context: object) -> None:
    """Send a text to the account's address: the first line of the template is its subject. Raises NotSent."""
    subject, _, body = render_to_string(template, {"user": user, **context}).partition("\n")
    try:
        EmailMessage(subject, body.strip() + "\n", to=[user.email]).send()
    except (SMTPException, OSError) as refusal:
        raise NotSent from refusal


def hinted(address: str) -> str:
    """Return an address as a reminder to whoever knows it: `c…a@ac-versailles.fr`."""
    name, _, domain = address.partition("@")
    return f"{name[:4]}…{name[-1:]}@{domain}"
