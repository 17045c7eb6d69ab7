"""`retkoop receive-mail < message` (docs/commandes.md): what a mail server hands over through a pipe."""

from __future__ import annotations

import sys
from typing import Final

from django.db import DatabaseError

from retkoop.mailing.receiving import MOST_BYTES, receive
from retkoop.ui.commands import RetkoopCommand

TRY_AGAIN: Final = 75
"""EX_TEMPFAIL: the mail server keeps the message and comes back. Any other failure would have it answer whoever wrote."""


class Command(RetkoopCommand):
    help = "Reçoit un courriel (RFC 5322) sur l’entrée standard : un refus ou une réponse retrouve le courriel dont il parle."

    def handle(self, **_: object) -> None:
        raw = sys.stdin.buffer.read(MOST_BYTES)
        while sys.stdin.buffer.read(65536):
            pass  # to the end: whoever writes into the pipe must not fail
        try:
            self.stdout.write(receive(raw).value)
        except DatabaseError:
            self.stderr.write("La base de données ne répond pas : le courriel sera présenté de nouveau.")
            raise SystemExit(TRY_AGAIN) from None
