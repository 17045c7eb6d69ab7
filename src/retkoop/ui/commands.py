"""The floor of our commands: what is refused is said in French on the standard error, and exits 1 with nothing changed."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand


class RetkoopCommand(BaseCommand):
    """A command of `retkoop`. Where `refusals` stop it, their message is all that the person sees; argparse exits 2 on wrong usage."""

    requires_system_checks = []
    refusals: ClassVar[tuple[type[Exception], ...]] = ()

    def execute(self, *args: Any, **options: Any) -> str | None:  # noqa: ANN401 -- Django's own signature
        try:
            return super().execute(*args, **options)
        except self.refusals as refusal:
            self.refuse(str(refusal))

    def refuse(self, *sentences: str) -> NoReturn:
        """Say why, and leave. To be called outside a transaction, or to roll it back."""
        for sentence in sentences:
            self.stderr.write(sentence)
        raise SystemExit(1)
