from __future__ import annotations

import pytest

from retkoop.config.mail import mail_settings

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://mail.exemple.fr", "mail.exemple.fr", 587, True, False),
        ("smtp://mail.exemple.fr:2525", "mail.exemple.fr", 2525, True, False),
        ("smtps://mail.exemple.fr", "mail.exemple.fr", 465, False, True),
        ("smtp+plain://localhost", "localhost", 25, False, False),
    ],
)
def test_mail_servers(url: str, host: str, port: int, tls: bool, ssl: bool) -> None:  # noqa: FBT001 -- columns of the table above
    read = mail_settings(url)
    assert [read[f"EMAIL_{name}"] for name in ("BACKEND", "HOST", "PORT", "USE_TLS", "USE_SSL")] == [SMTP, host, port, tls, ssl]


def test_whatever_a_password_holds_is_read() -> None:
    read = mail_settings("smtp://retkoop%40exemple.fr:p%2Fss%3A%20w@mail.exemple.fr")
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("retkoop@exemple.fr", "p/ss: w")


def test_mail_that_goes_nowhere_far() -> None:
    assert mail_settings("console:") == {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    assert mail_settings("file:///var/mails")["EMAIL_FILE_PATH"] == "/var/mails"
    assert mail_settings("") == {}


@pytest.mark.parametrize("url", ["mail.exemple.fr", "http://mail.exemple.fr", "smtp://", "smtp:///dossier"])
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"^RETKOOP_EMAIL_URL n’est pas une adresse de serveur de courriel : "):
        mail_settings(url)
