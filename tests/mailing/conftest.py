from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from retkoop.config.mail import mail_settings
from tests.mailing.smtp_server import MailServer


@pytest.fixture
def server(tmp_path: Path, settings: Settings, db: None) -> MailServer:
    """A mail server that does not run yet, and an installation that sends its letters to it."""
    server = MailServer(tmp_path)
    for name, value in mail_settings(server.url).items():
        setattr(settings, name, value)
    settings.CAN_SEND_MAIL, settings.DEFAULT_FROM_EMAIL = True, "Retkoop <retkoop@exemple.fr>"
    return server
