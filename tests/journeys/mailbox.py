"""The letters that an instance sends, where it writes them into a folder."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from email import message_from_string, policy
from pathlib import Path

from tests.journeys.server import PATIENCE

_BETWEEN = "-" * 79 + "\n"
"""What Django writes after each letter."""


@dataclass(frozen=True)
class Letter:
    """A letter that has left."""

    to: str
    subject: str
    body: str

    @property
    def address(self) -> str:
        """The first address that it holds."""
        found = re.search(r"^https?://\S+$", self.body, re.MULTILINE)
        assert found is not None, self.body
        return found[0]

    @property
    def code(self) -> str:
        found = re.search(r"\b\d{6}\b", self.body)
        assert found is not None, self.body
        return found[0]


@dataclass(frozen=True)
class Mailbox:
    """The folder of the letters."""

    folder: Path

    def letters(self, to: str) -> list[Letter]:
        """Return those that somebody has, the oldest first."""
        files = sorted(self.folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
        texts = [text for file in files for text in file.read_text(encoding="utf-8").split(_BETWEEN) if text.strip()]
        messages = [message_from_string(text, policy=policy.default) for text in texts]
        found = [Letter(str(one["To"]), str(one["Subject"]), one.get_content()) for one in messages]
        return [letter for letter in found if letter.to == to]

    def wait_for(self, to: str, subject: str) -> Letter:
        """Return the latest letter to somebody, once its subject holds some words: the worker sends them, one after another."""
        deadline = time.monotonic() + PATIENCE
        while True:
            letters = self.letters(to)
            if letters and subject in letters[-1].subject:
                return letters[-1]
            assert time.monotonic() < deadline, f"no letter « {subject} » to {to}, but {[letter.subject for letter in letters]}"
            time.sleep(0.05)
