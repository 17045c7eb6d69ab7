"""RETKOOP_EMAIL_URL, read into Django's settings for mail."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


def mail_settings(url: str, *, demonstration: bool = False) -> dict[str, object]:
    """Read `smtp://user:password@host:587` (STARTTLS), `smtps://host` (TLS from the start), `smtp+plain://localhost:25`
    (no encryption: a relay on the same machine), `console:` or `file:///folder`; nothing where the instance sends none. In the
    demonstration letters land in a page, whatever is set.

    Raises ValueError for anything else.
    """
    if demonstration:
        return {"EMAIL_BACKEND": "retkoop.mailing.demonstration.EmailBackend"}
    parts = urlsplit(url)
    if not url:
        return {}
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": parts.path}
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"RETKOOP_EMAIL_URL n’est pas une adresse de serveur de courriel : {parts.scheme}://…")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 15,
    }


_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
